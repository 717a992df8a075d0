"""The journal: what it tells is what the tables say; every altered byte is found; its bytes never change."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import cbor2
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from gridapp.ledger import Ledger, capture, fold, journal
from gridapp.ledger import entries as bytes_
from gridapp.ledger.entries import Entry, SealHead
from gridapp.ledger.tables import DEVICE, ENTRY, SEAL
from gridapp.store.vault import Signer
from gridapp.work import houses, people, tenancies
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
    with Session(ledger.home.engine) as session:
        assert fold.from_journal(session) == list(fold.from_tables(session))


def test_rebuilding_gives_the_same_ledger(ledger: Ledger) -> None:
    some_life(ledger)
    digest, hits = ledger.digest(), ledger.search("彭兵")
    ledger.rebuild()
    assert (ledger.digest(), ledger.search("彭兵")) == (digest, hits)
    assert ledger.verify().faults == ()


def test_a_row_changed_behind_the_journals_back_is_found(ledger: Ledger) -> None:
    some_life(ledger)
    with ledger.home.writer.begin() as connection:
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
    "UPDATE seal SET h1 = h1 + 1",
    "UPDATE seal SET parents = x'81410a'",
    "UPDATE seal SET parents = x'ff'",
    "UPDATE seal SET seen = x'8101'",
    "UPDATE seal SET dev = zeroblob(32)",
    "UPDATE entry SET payload = x'00'",
    "DELETE FROM seal",
    "DELETE FROM device",
    "INSERT INTO entry SELECT 99, pos, hlc, kind, ent, txb, officer, eid, payload, phash FROM entry WHERE pos = 1",
])
def test_every_alteration_of_the_journal_is_found(ledger: Ledger, damage: str) -> None:
    some_life(ledger)
    ledger.close_seal()
    assert ledger.verify().faults == ()
    with ledger.home.writer.begin() as connection:
        connection.exec_driver_sql(damage)
    assert ledger.verify().faults != ()


def test_seals_are_linked_and_signed(ledger: Ledger) -> None:
    some_life(ledger)
    first = ledger.close_seal()
    ledgers.a_person(ledger, "吴丽", ledgers.NUMBERS[1])
    second = ledger.close_seal()
    assert ledger.close_seal() is None
    with Session(ledger.home.engine) as session:
        seals = session.execute(sa.select(SEAL).order_by(SEAL.c.sid)).all()
        heads = session.execute(sa.select(ENTRY.c.hlc).order_by(ENTRY.c.sid, ENTRY.c.pos)).scalars().all()
    assert [s.id for s in seals] == [first, second]
    assert first is not None and first in seals[1].parents
    assert heads == sorted(set(heads))
    assert ledger.verify().faults == ()


def test_an_act_stands_before_the_entries_it_made(ledger: Ledger) -> None:
    ledgers.a_person(ledger)
    with Session(ledger.home.engine) as session:
        txbs = session.execute(sa.select(ENTRY.c.txb, ENTRY.c.ent).order_by(ENTRY.c.pos)).all()
    assert [tuple(t) for t in txbs] == [(0, 1), (1, 2), (2, 3), (3, 4), (0, 1), (1, 7)]


@pytest.mark.parametrize(("rule", "damage"), [
    ("stamped before", "UPDATE entry SET hlc = 1 WHERE pos = 2"),
    ("torn out of its act", "UPDATE entry SET txb = 7 WHERE pos = 2"),
    ("torn out of its act", "UPDATE entry SET txb = 1 WHERE pos = 1"),
    ("stands where", "UPDATE entry SET pos = pos + 1000 WHERE pos = 2"),
    ("belong to no seal", "UPDATE seal SET sid = 7"),
    ("more than one seal is open", "INSERT INTO seal SELECT sid + 1, NULL, scope, dev, parents, seen, n, h0, h1, root, schema, NULL, chain, pos, hv FROM seal"),
    ("place in the graph", "UPDATE seal SET pos = 2"),
    ("heads are not those", "UPDATE scope SET clock = 0"),
    ("lost what it said", "UPDATE entry SET payload = NULL WHERE pos = 2"),
])
def test_each_rule_of_the_format_is_looked_after(ledger: Ledger, rule: str, damage: str) -> None:
    """In the open seal too, which nobody has signed yet."""
    some_life(ledger)
    with ledger.home.writer.begin() as connection:
        connection.exec_driver_sql(damage)
    assert any(rule in fault for fault in ledger.verify().faults)


def seals_of(ledger: Ledger) -> list[tuple[sa.Row[Any], list[Entry]]]:
    with Session(ledger.home.engine) as session:
        rows = session.execute(sa.select(SEAL).order_by(SEAL.c.sid)).all()
        return [(row, [entry for _sid, entry in journal.entries_of(session, ENTRY.c.sid == row.sid)]) for row in rows]


def test_a_full_seal_is_cut_between_acts_and_at_most_one_is_open(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "FULL_SEAL", 10)
    house = ledgers.a_house(ledger)
    for number in range(12):
        ledger.do(houses.correct_house, house, remark=f"第{number}次")
    seals = seals_of(ledger)
    assert [len(entries) for _seal, entries in seals] == [12, 10, 10, 4]
    assert [seal.id is None for seal, _entries in seals] == [False, False, False, True]
    assert all(entries[0].txb == 0 for _seal, entries in seals)
    assert all(cbor2.loads(later.parents) == [earlier.id] for (earlier, _a), (later, _b) in zip(seals, seals[1:], strict=False))
    assert ledger.verify().faults == ()


def test_stamps_grow_though_the_clock_runs_backwards_and_the_program_is_started_anew(ledger: Ledger) -> None:
    ledgers.a_person(ledger)
    ledger.close_seal()
    ledger.close()
    with ledgers.reopen(ledger.path, ledgers.Clock(ledgers.NOON - 86_400_000)) as yesterday:
        ledgers.a_person(yesterday, "吴丽", ledgers.NUMBERS[1])
        (first, _old), (second, _new) = seals_of(yesterday)
        assert second.h0 > first.h1 and yesterday.verify().faults == ()


def test_heads_of_the_configuration_are_seen_and_are_no_parents(ledger: Ledger) -> None:
    ledger.hold_scopes(["c:330784108", "v:330784108239"])
    ledger.do_in("c:330784108", people.register_person, name="甲", id_no=ledgers.NUMBERS[0])
    ledger.do_in("v:330784108239", people.register_person, name="乙", id_no=ledgers.NUMBERS[1])
    ledger.close_seals()
    heads = ledger.heads()
    ledgers.a_house(ledger)
    ledger.close_seals()
    seal = next(seal for seal, _entries in seals_of(ledger) if seal.scope == ledger.scope and cbor2.loads(seal.parents))
    assert cbor2.loads(seal.parents) == heads[ledger.scope]
    assert cbor2.loads(seal.seen) == [["c:330784108", heads["c:330784108"][0]]]
    assert ledger.verify().faults == ()


def test_an_act_of_more_entries_than_its_places_can_tell_is_one_act(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytes_, "MOST_TXB", 3)
    monkeypatch.setattr(capture, "MOST_TXB", 3)
    before = ledger.digest()
    ledgers.a_house(ledger)
    assert [e.txb for e in seals_of(ledger)[-1][1]][-8:] == [0, 1, 2, 3, 3, 3, 3, 3]
    ledger.undo()
    assert ledger.digest() == before and ledger.verify().faults == ()


def test_entries_keep_no_old_values(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger, phone="13800001111")
    ledger.do(people.correct_person, person, phone="13800002222")
    told = [bytes_.decode(e.payload) for _seal, found in seals_of(ledger) for e in found if e.payload and e.eid == person.bytes]
    assert told[1] == {11: "13800002222"}


# ---------------------------------------------------------------- bytes

def golden_objects() -> dict[str, str]:
    """Payload, header, link, seal id, signature and row versions from fixed inputs, as hex."""
    payload, phash = bytes_.sealed_payload({3: "彭兵", 1: "111", 7: "1967-07-11", 23: True, 17: None, 2: 42}, bytes(range(8)))
    entry = Entry(1, 117_669_000_000_000_001, 0, 7, 1, 3, bytes(range(16)), payload, phash)
    head = SealHead("v:330784108238", bytes(32), [b"\2" * 32, b"\1" * 32], [("c:330784108", b"\3" * 32)], 1, entry.hlc, entry.hlc,
                    bytes_.root_of([entry]))
    every = {1: -1, 2: 0, 3: 23, 4: 24, 5: 255, 6: 256, 7: 65_536, 8: 2**32, 9: -2**63, 10: b"\0" * 16, 11: "𠮷" * 90, 100: False, 101: b""}
    born = capture.first_ver((entry.hlc, 3))
    changed = capture.later_ver(born, [11, 7], (entry.hlc + 65_536, 4))
    return {"payload": payload.hex(), "phash": phash.hex(), "header": bytes_.header(entry).hex(), "root": head.root.hex(),
            "seal": head.id().hex(), "signature": Signer(bytes(range(32))).sign(head.id()).hex(), "every": bytes_.encode(every).hex(),
            "born": born.hex(), "changed": changed.hex()}


def test_the_bytes_of_the_journal_never_change() -> None:
    assert golden_objects() == json.loads(GOLDEN.read_text())


def test_the_header_is_laid_out_as_the_format_says() -> None:
    header = bytes_.header(Entry(0x01020304, 0x1112131415161718, 0x21, 0x3132, 0x4142, 0x51525354, b"e" * 16, None, b"p" * 32))
    assert header == bytes.fromhex("01020304 1112131415161718 21 3132 4142 51525354") + b"e" * 16 + b"p" * 32
    assert len(header) == 69


def head_of(major: int, number: int) -> bytes:
    """RFC 8949 3 and 4.2.1: major type and the shortest argument; written here a second time, to hold the first against."""
    if number < 24:
        return bytes([major << 5 | number])
    size = next(s for s in (1, 2, 4, 8) if number < 1 << 8 * s)
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[size]]) + number.to_bytes(size, "big")


def by_the_book(value: Any) -> bytes:
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", False: b"\xf4", True: b"\xf5"}[value]
    if isinstance(value, int):
        return head_of(0, value) if value >= 0 else head_of(1, -1 - value)
    if isinstance(value, bytes):
        return head_of(2, len(value)) + value
    if isinstance(value, str):
        return head_of(3, len(value.encode())) + value.encode()
    pairs = sorted((by_the_book(k), by_the_book(v)) for k, v in value.items())
    return head_of(5, len(pairs)) + b"".join(k + v for k, v in pairs)


VALUES = st.one_of(st.none(), st.booleans(), st.integers(-2**63, 2**63 - 1), st.binary(max_size=300), st.text(max_size=300))


@given(st.dictionaries(st.integers(0, 70_000), VALUES, max_size=40))
def test_payloads_are_written_by_the_book(values: dict[int, Any]) -> None:
    assert bytes_.encode(values) == by_the_book(values)
    assert bytes_.decode(bytes(8) + bytes_.encode(values)) == values


@pytest.mark.parametrize("value", [1.5, 2**63, -2**63 - 1, [1], {"a": 1}, date(2026, 11, 24), UUID(int=1)])
def test_the_journal_takes_plain_values_only(value: Any) -> None:
    with pytest.raises(TypeError, match="field 3"):
        bytes_.encode({3: value})


def test_payloads_are_deterministic_and_salted() -> None:
    values = {2: "x", 1: "y"}
    assert bytes_.encode(values) == bytes_.encode({1: "y", 2: "x"})
    assert bytes_.sealed_payload(values)[1] != bytes_.sealed_payload(values)[1]
    payload, phash = bytes_.sealed_payload(values)
    assert bytes_.payload_hash(payload) == phash and bytes_.decode(payload) == values
