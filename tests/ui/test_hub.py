"""The same window on the town's database: opened with its address and a password, looked at, worked in, remembered without the password."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gridapp import places
from gridapp.exchange import arriving, founding, incoming, outgoing
from gridapp.exchange.carriers import Folder
from gridapp.work import people
from tests import ledgers
from tests.exchange import handing
from tests.postgres import Server
from tests.ui.conftest import Office

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def test_a_clerk_opens_the_town_and_sees_what_a_village_handed_over(
        postgres: Server, open_office: Callable[..., Office], empty_ledger: Path, tmp_path: Path) -> None:
    with postgres.database() as url:
        place = url.render_as_string(hide_password=False)
        town, _founded = founding.new_town(place, ledgers.PASSWORD, "330784108", "古山镇一号机", "李镇长")
        with town, ledgers.reopen(ledgers.copy(empty_ledger, tmp_path / "v.grid")) as pc:
            ledgers.a_little_village(handing.joined(town, pc, tmp_path))
            stick = tmp_path / "stick"
            stick.mkdir()
            handing.hand(pc, None, stick)
            with arriving.receive_from(town, Folder(stick), arriving.find(town, Folder(stick))[0]) as received:
                incoming.take_in(town, received)
        office = open_office(path=place)
        office.window.start.password.setText(ledgers.PASSWORD)
        office.window.start.open()
        office.settle()
        assert not office.told, office.told
        for key in ("today", "people", "houses", "patrols", "hazards", "exchange", "town", "clashes", "settings"):
            office.show(key)
        ledger = office.desk.ledger
        assert ledger is not None and len(ledger.ask(people.list_people, people.ALL)) == 4
        kept = places.place_of(office.window.settings.ledger)
        assert kept == ledger.place and isinstance(kept, str) and (not url.password or str(url.password) not in kept)
        assert [r.role for r in outgoing.receivers(ledger)] == ["village"] and not office.told
        office.close()
