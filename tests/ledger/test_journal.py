"""The journal: what it tells is what the tables say; every altered byte is found; its bytes never change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import Ledger, fold
from gridapp.ledger import entries as bytes_
from gridapp.ledger.entries import Entry, SealHead
from gridapp.ledger.tables import ENTRY, SEAL
from gridapp.work import people, tenancies
from tests import ledgers

GOLDEN = Path(__file__).parent.parent / "golden" / "journal.json"


def some_life(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    rooms = ledgers.rooms_of(ledger, house)
    person = ledgers.a_tenant(ledger, rooms[0])
    ledger.do(people.correct_person, person, phone="13800001111", workplace="世雅铸造厂")
    ledger.do(tenancies.change_room, person, rooms[1], ledgers.TODAY)
    ledger.do(people.correct_person, person, workplace=None)
    ledger.undo()


def test_the_tables_are_the_fold_of_the_journal(ledger: Ledger) -> None:
    some_life(ledger)
    with Session(ledger._engine) as session:
        assert fold.from_journal(session) == list(fold.from_tables(session))


def test_rebuilding_gives_the_same_ledger(ledger: Ledger) -> None:
    some_life(ledger)
    digest, hits = ledger.digest(), ledger.search("彭兵")
    ledger.rebuild()
    assert (ledger.digest(), ledger.search("彭兵")) == (digest, hits)
    assert ledger.verify().faults == ()


def test_a_row_changed_behind_the_journals_back_is_found(ledger: Ledger) -> None:
    some_life(ledger)
    with ledger._writer.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET name = '别人'")
    assert "tables differ from what the journal tells" in ledger.verify().faults


@pytest.mark.parametrize("damage", [
    "UPDATE entry SET payload = CAST(substr(payload, 1, 12) || x'00' AS BLOB) WHERE pos = 2",
    "UPDATE entry SET hlc = hlc + 1 WHERE pos = 3",
    "UPDATE entry SET officer = 9 WHERE pos = 4",
    "DELETE FROM entry WHERE pos = 2",
    "UPDATE seal SET n = n - 1",
    "UPDATE seal SET sig = zeroblob(64)",
    "UPDATE seal SET scope = 'v:330784108239'",
])
def test_every_alteration_of_the_journal_is_found(ledger: Ledger, damage: str) -> None:
    some_life(ledger)
    ledger.close_seal()
    assert ledger.verify().faults == ()
    with ledger._writer.begin() as connection:
        connection.exec_driver_sql(damage)
    assert ledger.verify().faults != ()


def test_seals_are_linked_and_signed(ledger: Ledger) -> None:
    some_life(ledger)
    first = ledger.close_seal()
    ledgers.a_person(ledger, "吴丽", ledgers.NUMBERS[1])
    second = ledger.close_seal()
    assert ledger.close_seal() is None
    with Session(ledger._engine) as session:
        seals = session.execute(sa.select(SEAL).order_by(SEAL.c.sid)).all()
        heads = session.execute(sa.select(ENTRY.c.hlc).order_by(ENTRY.c.sid, ENTRY.c.pos)).scalars().all()
    assert [s.id for s in seals] == [first, second]
    assert first is not None and first in seals[1].parents
    assert heads == sorted(set(heads))
    assert ledger.verify().faults == ()


def test_an_act_stands_before_the_entries_it_made(ledger: Ledger) -> None:
    ledgers.a_person(ledger)
    with Session(ledger._engine) as session:
        txbs = session.execute(sa.select(ENTRY.c.txb, ENTRY.c.ent).order_by(ENTRY.c.pos)).all()
    assert [tuple(t) for t in txbs] == [(0, 1), (1, 2), (2, 3), (3, 4), (0, 1), (1, 7)]


def golden_objects() -> dict[str, str]:
    """One payload, one link and one seal id from fixed inputs, as hex."""
    payload, phash = bytes_.sealed_payload({3: "彭兵", 1: "111", 7: "1967-07-11", 23: True, 17: None, 2: 42}, bytes(range(8)))
    entry = Entry(1, 117_669_000_000_000_001, 0, 7, 1, 3, bytes(range(16)), payload, phash)
    head = SealHead("v:330784108238", bytes(32), [b"\2" * 32, b"\1" * 32], [("c:330784108", b"\3" * 32)], 1, entry.hlc, entry.hlc,
                    bytes_.root_of([entry]))
    return {"payload": payload.hex(), "phash": phash.hex(), "root": head.root.hex(), "seal": head.id().hex()}


def test_the_bytes_of_the_journal_never_change() -> None:
    assert golden_objects() == json.loads(GOLDEN.read_text())


def test_payloads_are_deterministic_and_salted() -> None:
    values = {2: "x", 1: "y"}
    assert bytes_.encode(values) == bytes_.encode({1: "y", 2: "x"})
    assert bytes_.sealed_payload(values)[1] != bytes_.sealed_payload(values)[1]
    payload, phash = bytes_.sealed_payload(values)
    assert bytes_.payload_hash(payload) == phash and bytes_.decode(payload) == values
