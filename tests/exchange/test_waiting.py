"""What waits is told with its reason, and goes in when it is tried again after the reason is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gridapp.exchange import incoming, outgoing, stations, waiting
from gridapp.exchange.refusals import Held
from gridapp.ledger import Ledger, dealings
from gridapp.records import Person
from gridapp.work import people
from tests.exchange import handing
from tests.exchange.handing import SCOPE

DAY = 86_400_000


@pytest.fixture
def village_pc(tmp_path: Path, town: Ledger) -> Iterator[Ledger]:
    with handing.a_village(tmp_path / "village.grid") as made:
        yield handing.joined(town, made, tmp_path)


@pytest.fixture
def held(town: Ledger, village_pc: Ledger, tmp_path: Path) -> Ledger:
    """The town, after a stick of a village whose clock is three days fast."""
    stick = tmp_path / "stick"
    stick.mkdir()
    handing.round_trip(village_pc, town, stick)
    village_pc._wall.ms += 3 * DAY
    village_pc.do(people.register_person, name="李晓梅", id_no="510185199205173627")
    handing.hand(village_pc, None, stick)
    handing.take(town, stick)
    return town


def test_what_waits_is_told_by_station_and_reason(held: Ledger) -> None:
    [group] = waiting.groups(held)
    assert (group.reason, group.station, group.scope) == (Held.CLOCK, "青后叶村一号机", SCOPE) and group.entries >= 2
    assert "时钟" in group.reason.text


def test_trying_again_too_early_changes_nothing(held: Ledger) -> None:
    since = held.look(dealings.held)[0].since
    held._wall.ms += 60_000
    told = waiting.try_again(held)
    assert not told.taken and len(held.look(dealings.held)) == 1 and held.look(dealings.held)[0].since == since
    assert all(p.size for p in held.look(dealings.parcels, dealings.IN)), "nothing new in the book"


def test_it_goes_in_when_the_clock_is_right_and_can_be_undone(held: Ledger) -> None:
    held._wall.ms += 3 * DAY
    told = waiting.try_again(held)
    assert len(told.taken) == 1 and waiting.groups(held) == [] and [h.label.split()[0] for h in held.search("李晓梅")] == ["李晓梅"]
    incoming.undo_merge(held)
    assert held.search("李晓梅") == [] and held.verify().faults == ()


def test_what_goes_in_late_is_tidied_like_everything_else(held: Ledger) -> None:
    held.do_in(SCOPE, people.register_person, name="李晓梅", id_no="510185199205173627")
    held._wall.ms += 3 * DAY
    waiting.try_again(held)
    assert len(held.search("李晓梅")) == 1, "the same person twice is one"
    incoming.undo_merge(held)
    assert len(held.search("李晓梅")) == 1 and held.verify().faults == ()


def test_a_stopped_station_s_late_seals_go_in_once_the_town_adopts_them(town: Ledger, village_pc: Ledger, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    handing.round_trip(village_pc, town, stick)
    station = town.ask(stations.station_of, village_pc.device)
    assert station is not None
    town.do_in("c:330784108", stations.revoke, station.id)
    village_pc.do(people.register_person, name="李晓梅", id_no="510185199205173627")
    handing.hand(village_pc, None, stick)
    handing.take(town, stick)
    assert [g.reason for g in waiting.groups(town)] == [Held.REVOKED]
    town.do_in("c:330784108", stations.adopt, station.id, [h.id for h in town.look(dealings.held)])
    assert waiting.try_again(town).taken and waiting.groups(town) == []
    with town.read() as read:
        assert read.get(Person, town.search("李晓梅")[0].id).name == "李晓梅"


def test_what_waits_still_tells_what_its_station_holds(held: Ledger, village_pc: Ledger) -> None:
    told = outgoing.plan(held, outgoing.receiver(held, "青后叶村一号机"))
    assert told.lot.entries <= 2, "only the act of taking in: the village holds all its late seal builds on"
