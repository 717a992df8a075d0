"""Photos of a town's database: every clerk sees them, a damaged one is asked for again, and they arrive as they do in files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gridapp.exchange import pairing, pictures
from gridapp.ledger import Ledger, hubtables
from gridapp.ledger.hubphotos import HubPhotos
from gridapp.store.photos import LARGEST, PhotoMissing, PhotoTooBig, hash_of
from tests import hubs, ledgers
from tests.exchange import handing
from tests.exchange.test_pictures import (
    test_all_of_them_arrive_and_are_what_they_were,
    test_on_a_small_stick_the_data_go_first_and_the_photos_with_the_next,
)
from tests.postgres import Server

__all__ = ["test_all_of_them_arrive_and_are_what_they_were", "test_on_a_small_stick_the_data_go_first_and_the_photos_with_the_next"]


@pytest.fixture
def town(database: sa.URL) -> Iterator[Ledger]:
    with Ledger.create_hub(database, ledgers.PASSWORD, "officer 1", "t:330784108", wall=ledgers.Clock(), cost=ledgers.CHEAP,
                           found=lambda new: pairing.found_town(new, "古山镇一号机")) as made:
        yield made


@pytest.fixture
def village_pc(tmp_path: Path, town: Ledger) -> Iterator[Ledger]:
    with handing.a_village(tmp_path / "village.grid") as made:
        made.officer = 1
        yield handing.joined(town, made, tmp_path)


def test_what_one_clerk_put_another_sees_and_a_village_does_not(postgres: Server) -> None:
    with hubs.begun(postgres) as made:
        mine, other = HubPhotos(made.owner), HubPhotos(made.station(hubtables.OFFICE))
        name = mine.put(b"a face")
        assert other.put(b"a face") == name == hash_of(b"a face")
        assert other.get(name) == b"a face" and other.sizes() == {name: 6} and other.missing([name, bytes(32), bytes(32)]) == [bytes(32)]
        assert HubPhotos(made.station(3)).sizes() == {}
        with made.owner.begin() as connection:
            connection.exec_driver_sql("UPDATE picture SET data = 'another'")
        with pytest.raises(PhotoMissing):
            mine.get(name)
        mine.put(b"a face")
        assert other.get(name) == b"a face"
        with pytest.raises(PhotoTooBig):
            mine.put(bytes(LARGEST + 1))


def test_nothing_of_it_is_written_beside_the_program(town: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    pictures.album(town).put(b"a face")
    assert list((tmp_path / "here").iterdir()) == []
