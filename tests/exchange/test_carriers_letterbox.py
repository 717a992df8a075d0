"""Parcels in the town's database: piece by piece, going on after a cut, for a role that sees nothing else there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gridapp.exchange import arriving, incoming, outgoing, postal, town
from gridapp.exchange.carriers import carrier_at, name_of
from gridapp.exchange.carriers.carrier import PIECE
from gridapp.exchange.carriers.letterbox import Letterbox
from gridapp.exchange.carriers.troubles import Gone, Stopped, Unreachable
from gridapp.ledger import Ledger, clerks, hubtables
from gridapp.ledger.letters import Letters
from gridapp.store import hub
from gridapp.store.hub import NotOurs
from gridapp.work import invent
from tests import hubs, ledgers
from tests.exchange import handing
from tests.hubs import Hub
from tests.postgres import Server

NAME, OTHER = name_of("age1town", bytes(range(16))), name_of("age1town", bytes(16))
BYTES = os.urandom(PIECE * 2 + 777)


@pytest.fixture(scope="module")
def office(postgres: Server) -> Iterator[Hub]:
    with hubs.begun(postgres) as made:
        yield made


@pytest.fixture
def letters(office: Hub) -> Iterator[Letters]:
    """As a role for letters alone; the box is empty afterwards."""
    made = Letters(office.station(hubtables.LETTERS).url)
    yield made
    made.close()
    with office.owner.begin() as connection:
        connection.exec_driver_sql("TRUNCATE letterbox")


def _file(folder: Path, data: bytes = BYTES) -> Path:
    (folder / "a").write_bytes(data)
    return folder / "a"


def test_what_was_put_is_read_again_and_forgotten(letters: Letters, tmp_path: Path) -> None:
    box = Letterbox(letters)
    box.put(NAME, _file(tmp_path))
    box.put(NAME, _file(tmp_path))  # once more: it is there
    assert list(box.list()) == [(NAME, len(BYTES))]
    with box.open_read(NAME) as source:
        assert source.read() == BYTES
    box.put(NAME, lambda into: into.write(b"another"))
    with box.open_read(NAME) as source:
        assert source.read() == b"another"
    box.delete(NAME)
    assert list(box.list()) == []
    with pytest.raises(Gone):
        box.open_read(NAME)
    with pytest.raises(ValueError, match="name"):
        box.put("../x", _file(tmp_path))


def test_a_stopped_one_is_not_offered_and_goes_on_where_it_stopped(letters: Letters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box, sent = Letterbox(letters), list[int]()
    real = Letters.put
    monkeypatch.setattr(Letters, "put", lambda self, name, place, *more: (sent.append(place), real(self, name, place, *more))[1])
    with pytest.raises(Stopped):
        box.put(NAME, _file(tmp_path), lambda done, _total: done == 0)
    assert list(box.list()) == [] and sent == [0]
    box.put(NAME, _file(tmp_path))
    assert sent == [0, PIECE, 2 * PIECE] and list(box.list()) == [(NAME, len(BYTES))]


def test_a_line_cut_between_and_in_pieces_costs_nothing(letters: Letters, office: Hub, tmp_path: Path) -> None:
    def cut(_done: int, _total: int) -> bool:
        with office.owner.begin() as connection:
            connection.exec_driver_sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s", (letters._engine.url.username,))
        return True

    box = Letterbox(letters)
    box.put(NAME, _file(tmp_path), cut)
    with box.open_read(NAME) as source:
        first = source.read(1000)
        cut(0, 0)
        assert first + source.read() == BYTES


def test_a_server_that_is_away_is_told(office: Hub, tmp_path: Path) -> None:
    away = Letterbox(Letters(office.url.set(port=1)))
    with pytest.raises(Unreachable):
        away.list()
    with pytest.raises(Unreachable):
        away.put(NAME, _file(tmp_path))


def test_a_role_for_letters_sees_nothing_else_and_takes_away_its_own_only(letters: Letters, office: Hub, tmp_path: Path) -> None:
    other = Letters(office.station(hubtables.LETTERS).url)
    Letterbox(other).put(OTHER, _file(tmp_path))
    Letterbox(letters).delete(OTHER)
    assert [letter.name for letter in letters.here()] == [OTHER]
    with pytest.raises(NotOurs), hub.hub_failures(office.url), letters._engine.begin() as connection:
        connection.execute(sa.text("UPDATE letterbox SET data = ''"))
    for table in sorted(hubtables.schema().tables.keys() - {"letterbox"}):
        with pytest.raises(NotOurs), hub.hub_failures(office.url), letters._engine.begin() as connection:
            connection.exec_driver_sql(f"SELECT 1 FROM {table}")
    clerk = Letters(office.station(hubtables.OFFICE).url)
    Letterbox(clerk).delete(OTHER)
    assert letters.here() == []
    for opened in (other, clerk):
        opened.close()


def test_a_village_and_its_town_meet_there(postgres: Server, tmp_path: Path) -> None:
    with postgres.database() as url, handing.a_village(tmp_path / "village.grid") as pc:
        made = Ledger.create_hub(url, ledgers.PASSWORD, "officer 1", "t:330784108", wall=ledgers.Clock(), cost=ledgers.CHEAP,
                                 found=lambda new: handing.pairing.found_town(new, "古山镇一号机"))
        with made as office:
            handing.joined(office, pc, tmp_path)
            pc.do(invent.invent, 5)
            role = f"letters_{url.database}"
            there = sa.make_url(clerks.new_clerk(office, role, letters=True))
            try:
                box = carrier_at(there._replace(password=None).render_as_string(), str(there.password))
                outgoing.hand_over(pc, outgoing.receiver(pc), box)
                own = postal.way(office, office.home.address)
                assert [came.sender for came in town.take_in_all(office, own, ledgers.PASSWORD, office.home.address)] == ["青后叶村一号机"]
                outgoing.hand_over_all(office, own)
                for _arrival, received in arriving.receive_all(pc, box):
                    assert isinstance(received, arriving.Received)
                    with received:
                        incoming.take_in(pc, received)
                assert pc.digest(handing.SCOPE) == office.digest(handing.SCOPE)
            finally:
                with office.home.writer.begin() as connection:
                    connection.exec_driver_sql(f'DROP OWNED BY "{role}"')
                    connection.exec_driver_sql(f'DROP ROLE "{role}"')
