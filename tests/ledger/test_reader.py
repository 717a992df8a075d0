"""What there is to say about a record before it is saved: empty fields, odd values, broken rules, each at its field."""

from __future__ import annotations

import pytest

from gridapp.errors import Mark
from gridapp.ledger.reader import marks_of
from gridapp.records import Person, Tenancy
from tests.ledgers import NUMBERS, TODAY


def told(record: Person | Tenancy) -> set[tuple[str | None, str, str]]:
    return {(m.field, m.level, m.code) for m in marks_of(record, TODAY)}


def test_what_a_kind_remarks_stands_at_the_field_that_holds_it() -> None:
    marks = told(Person(name="彭兵", id_kind="111", id_no=NUMBERS[0], phone="12", agent_name="王?", agent_phone="34"))
    assert {("phone", "warn", "odd-phone"), ("agent_phone", "warn", "odd-phone"), ("agent_name", "warn", "lost-character")} <= marks


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_field_that_must_be_filled_blocks_while_it_is_empty(nothing: str | None) -> None:
    assert ("name", "block", "no-name") in told(Person(name=nothing, id_kind="111", id_no=NUMBERS[0]))
    assert ("name", "block", "no-name") in told(Person(id_kind="111", id_no=NUMBERS[0]))


def test_the_records_own_rules_come_last() -> None:
    marks = marks_of(Tenancy(person=None, room=None, start=TODAY, end=TODAY.replace(year=2020)), TODAY)
    assert [m.field for m in marks] == ["person", "room", "end"] and marks[-1] == Mark("end", "block", "end-before-start", marks[-1].text)


def test_a_record_without_fault_has_no_marks() -> None:
    assert told(Person(name="彭兵", id_kind="111", id_no=NUMBERS[0])) == set()
