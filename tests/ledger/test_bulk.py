"""Many rows at once are the same rows as one by one, through the columns' own types."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any, cast
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.fields.field import fields_of
from gridapp.fields.ids import new_id
from gridapp.ledger import Acting, Ledger, bulk
from gridapp.ledger.entries import Entry
from gridapp.ledger.tables import ENTRY
from gridapp.records import Person, Record, Tenancy
from tests import hubs, ledgers
from tests.ledgers import NUMBERS
from tests.postgres import Server
from tests.test_every_entity import EVERY, a_value


def test_rows_born_together_hold_what_they_were_given(ledger: Ledger) -> None:
    rows = [{"id": new_id(), "name": "彭兵", "id_no": NUMBERS[0], "birth": date(1967, 7, 11), "social_security": True},
            {"id": new_id(), "name": "吴丽", "permit": False, "remark": "第一行\n第二行 %s ? :x"}]
    ledger.do(bear, rows)
    with ledger.read() as read:
        for row in rows:
            found = read.get(Person, row["id"])
            assert {n: getattr(found, n) for n in row} == row
            assert found.permit_no is None and found.nconf == 0 and found.ver is not None
    assert ledger.verify().faults == () and [h.entity for h in ledger.search("吴丽")] == ["person"]


def bear(act: Acting, rows: list[dict[str, object]]) -> None:
    act.add_many(Person, rows)


def test_a_row_given_no_id_gets_one_and_links_are_kept(ledger: Ledger) -> None:
    room = ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0]
    person = ledgers.a_person(ledger)

    def begin(act: Acting) -> list[UUID]:
        return act.add_many(Tenancy, [{"person": person, "room": room, "start": ledgers.TODAY}])

    told = ledger.do(begin).result
    with ledger.read() as read:
        assert [(t.id, t.person, t.room) for t in read.records(sa.select(Tenancy))] == [(told[0], person, room)]


def test_nothing_is_nothing(ledger: Ledger) -> None:
    assert ledger.do(bear, []).act is None


@EVERY
def test_the_journal_holds_what_the_column_keeps(ledger: Ledger, entity: type[Record]) -> None:
    """Rows in bulk are written and read in the journal's form: what a session reads from them must be the value itself."""
    values: dict[str, Any] = {n: a_value(f.kind) for n, f in fields_of(entity).items() if n not in ("deleted", "into")}
    told = ledger.do(bear_one, entity, values).result
    with ledger.read() as read:
        found = read.get(entity, told)
        assert {n: getattr(found, n) for n in values} == values
    with Session(ledger.home.engine) as session:
        names = list(values)
        dumps = [fields_of(entity)[n].kind.dump(values[n]) for n in names]
        assert bulk.select(session, cast(sa.Table, entity.__table__), names, [told.bytes], 0) == {told.bytes: tuple(dumps)}
        asked = sa.select(entity.id).where(*(getattr(entity, n) == v for n, v in values.items()))
        assert session.scalars(asked).all() == [told]


def bear_one(act: Acting, entity: type[Record], values: dict[str, Any]) -> UUID:
    return act.add_many(entity, [values])[0]


def test_text_that_would_hash_differently_elsewhere_is_not_written(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="NFC"):
        ledger.do(bear, [{"name": unicodedata.normalize("NFD", "é")}])
    assert ledger.search("é") == []


def test_one_of_many_is_any_number_of_ids(ledger: Ledger) -> None:
    rows = [{"id": new_id(), "name": "彭兵"} for _n in range(3)]
    ledger.do(bear, rows)
    others = [new_id() for _n in range(40_000)]  # more than SQLite takes parameters
    with ledger.read() as read:
        def among(ids: list[UUID]) -> list[UUID]:
            return [p.id for p in read.records(sa.select(Person).where(bulk.among(Person.id, ids)).order_by(Person.seq))]

        assert among([rows[2]["id"], *others, rows[0]["id"]]) == [rows[0]["id"], rows[2]["id"]]
        assert among([]) == []


def test_many_ids_are_looked_up_in_the_index(ledger: Ledger) -> None:
    """Not row by row through the whole register: every act asks this, and it must cost what changed, not what there is."""
    with Session(ledger.home.engine) as session:
        for column in (Person.id, Tenancy.person):
            asked = sa.select(column.class_.seq).where(bulk.among(column, [new_id()]), column.class_.deleted.is_not(True))
            told = asked.compile(ledger.home.engine)
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {told}", ("[]",)).all()
            assert any(row.detail.startswith(f"SEARCH {column.class_.__tablename__} USING") for row in plan), plan


def test_entries_a_town_is_given_are_read_as_they_were(postgres: Server, founded_hub: str) -> None:
    """They are packed by hand: the widest numbers, an empty payload, and none at all."""
    sid, eid, phash = 5 << 32, new_id().bytes, bytes(range(32))
    rows = [(sid, pos, 2**62 + pos, pos, 7, 65_535, 2**31 - 1, eid, payload, phash) for pos, payload in enumerate((b"", None, b"\xff\xff" * 500), 1)]
    with postgres.database(founded_hub) as url, hubs.reopen(url) as hub, Session(hub.home.writer) as session:
        bulk.insert(session, ENTRY, ("sid", *Entry._fields), rows)
        asked = sa.select(ENTRY).where(ENTRY.c.sid == sid).order_by(ENTRY.c.pos)
        assert [tuple(row) for row in session.execute(asked)] == rows
        session.rollback()
