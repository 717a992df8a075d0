"""What every record must survive, whichever it is: these tests walk ENTITIES and name none of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.fields.ids import new_id
from gridapp.fields.kinds import Clock, Code, Codes, Day, Hundredths, IdNumber, Kind, Link, Moment, Phone, Place, Whole, Yes
from gridapp.ledger import Acting, Ledger
from gridapp.records import ENTITIES, Act, Record

EVERY = pytest.mark.parametrize("entity", [e for e in ENTITIES.values() if e is not Act], ids=lambda e: e.__tablename__)


def a_value(kind: Kind) -> Any:
    """Some value this kind of field may hold."""
    if isinstance(kind, (Code, Codes)):
        return codes.table(kind.table).choices()[0][0]
    simple: list[tuple[type[Kind], Any]] = [
        (Link, new_id()), (Day, date(2026, 11, 2)), (Moment, datetime(2026, 11, 2, tzinfo=UTC)), (Yes, True), (Clock, "20:30"),
        (Hundredths, 1250), (Whole, 7), (IdNumber, "510185196707119619"), (Phone, "13800001111"), (Place, "330784")]
    return next((v for k, v in simple if isinstance(kind, k)), "𬱖某")


def filled(entity: type[Record]) -> dict[str, Any]:
    """Every field of its own set; links point at nothing, days are all the same."""
    universal = ("deleted", "into", "closed_on", "closed_why", "closed_note", "reported_on", "reported_batch")
    return {n: a_value(f.kind) for n, f in fields_of(entity).items() if n not in universal}


def put(act: Acting, entity: type[Record], values: dict[str, Any]) -> UUID:
    return act.add(entity(**values)).id


def alter(act: Acting, entity: type[Record], eid: UUID, values: dict[str, Any]) -> None:
    act.change(act.get(entity, eid), **values)


@EVERY
def test_every_field_has_three_faces_that_agree(entity: type[Record]) -> None:
    for name, field in fields_of(entity).items():
        value = a_value(field.kind)
        assert field.kind.load(field.kind.dump(value)) == value, name
        if not isinstance(field.kind, (Link, Moment)):
            assert field.kind.parse(field.kind.show(value)) == value, name
        assert field.label, name


@EVERY
def test_every_column_has_a_purpose_a_time_it_is_kept_and_a_law(entity: type[Record]) -> None:
    """个人信息保护法 Art. 6 and 19 (reliability.md M3): a column nobody can give a reason for must not be there."""
    machine = {"seq", "id", "scope", "ver", "nconf"}
    assert {c.name for c in entity.__table__.columns} - machine == set(fields_of(entity)), "every other column is a field"
    for name, field in fields_of(entity).items():
        assert field.kept.purpose and field.kept.years >= 1 and field.kept.basis, name


@EVERY
def test_adding_undoing_and_redoing(ledger: Ledger, entity: type[Record]) -> None:
    before = ledger.digest()
    ledger.do(put, entity, filled(entity))
    after = ledger.digest()
    ledger.undo()
    assert ledger.digest() == before != after
    ledger.redo()
    assert ledger.digest() == after


@EVERY
def test_changing_every_field_and_back(ledger: Ledger, entity: type[Record]) -> None:
    eid = ledger.do(put, entity, filled(entity)).result
    digest = ledger.digest()
    blank = {n: None for n, f in fields_of(entity).items() if not f.required and n in filled(entity) and n != "state"}
    ledger.do(alter, entity, eid, blank)
    assert ledger.digest() != digest
    assert len(ledger.history(eid)[-1].changes) == len(blank)
    ledger.undo()
    assert ledger.digest() == digest


@EVERY
def test_closing_and_opening_again(ledger: Ledger, entity: type[Record]) -> None:
    eid = ledger.do(put, entity, filled(entity)).result
    digest = ledger.digest()
    ledger.do(alter, entity, eid, {"closed_on": date(2026, 11, 3), "closed_note": "不再使用"})
    ledger.do(alter, entity, eid, {"closed_on": None, "closed_note": None})
    assert ledger.digest() == digest


@EVERY
def test_the_journal_alone_brings_it_back(ledger: Ledger, entity: type[Record]) -> None:
    eid = ledger.do(put, entity, filled(entity)).result
    digest = ledger.digest()
    ledger.rebuild()
    assert ledger.digest() == digest
    with ledger.read() as read:
        assert read.one(sa.select(entity).where(entity.id == eid)) is not None


def test_tags_and_codes_are_used_once() -> None:
    for entity in ENTITIES.values():
        tags = [f.tag for f in fields_of(entity).values()]
        assert len(tags) == len(set(tags)), entity
    assert len({e.__tablename__ for e in ENTITIES.values()}) == len(ENTITIES)
