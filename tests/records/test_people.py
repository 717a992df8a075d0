"""Rules that need only the person, or only the stay: numbers against what was typed, days in order, who lives where on a day."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from gridapp.records import Person, Tenancy
from tests.ledgers import NUMBERS, TODAY

GOOD = {"id_kind": "111", "id_no": NUMBERS[0], "name": "彭兵"}


def marks(**values: Any) -> set[tuple[str | None, str, str]]:
    return {(m.field, m.level, m.code) for m in Person(**{**GOOD, **values}).check(TODAY)}


def test_a_person_in_order_has_no_marks() -> None:
    assert marks(sex="1", birth=date(1967, 7, 11), arrived_on=date(2024, 3, 31), registered_on=TODAY, permit_until=date(2027, 1, 1)) == set()


@pytest.mark.parametrize(("values", "mark"), [
    ({"sex": "2"}, ("sex", "warn", "sex-differs")),
    ({"birth": date(1967, 7, 12)}, ("birth", "warn", "birth-differs")),
    ({"id_no": "510185196707119618"}, ("id_no", "block", "check-digit")),
    ({"id_no": None}, ("id_no", "warn", "no-id")),
    ({"id_no": "510185670711961"}, ("id_no", "warn", "15-digit")),
    ({"id_no": None, "id_kind": "999", "birth": date(2027, 1, 1)}, ("birth", "block", "bad-date")),
    ({"arrived_on": date(2026, 11, 25)}, ("arrived_on", "warn", "future-date")),
    ({"arrived_on": TODAY, "registered_on": date(2026, 11, 23)}, ("registered_on", "note", "order-of-days")),
    ({"registered_on": TODAY, "permit_until": date(2026, 11, 23)}, ("permit_until", "note", "order-of-days")),
    ({"arrived_on": TODAY, "leave_planned": date(2026, 11, 23)}, ("leave_planned", "note", "order-of-days")),
    ({"id_kind": "414", "id_no": "E12345678"}, ("nationality", "note", "no-nationality"))])
def test_what_is_odd_is_told_beside_its_field(values: dict[str, Any], mark: tuple[str, str, str]) -> None:
    assert mark in marks(**values)


def test_a_contradiction_is_never_silent_but_never_blocks() -> None:
    told = marks(sex="2", birth=date(1990, 1, 1))
    assert {m[1] for m in told} == {"warn"} and len(told) == 2


def test_a_child_is_reported_by_a_guardian() -> None:
    child = {"id_no": None, "id_kind": "999", "birth": date(2010, 11, 25)}
    assert ("agent_name", "note", "minor") in marks(**child)
    assert marks(**child, agent_name="彭兵") == set()
    assert marks(**child | {"birth": date(2010, 11, 24)}) == set()


def test_no_paper_at_all_is_in_order() -> None:
    assert marks(id_kind="999", id_no=None) == set()


def test_the_number_fills_only_what_was_left_empty() -> None:
    person = Person(**GOOD, sex="2")
    person.fill_from_number(TODAY)
    assert (person.sex, person.birth, person.hukou_code) == ("2", date(1967, 7, 11), "510185")


@pytest.mark.parametrize(("start", "end", "expected"), [
    (date(2026, 11, 2), date(2026, 11, 1), {("end", "block", "end-before-start")}), (date(2026, 11, 1), date(2026, 11, 1), set()),
    (date(2026, 11, 25), None, {("start", "warn", "future-date")}), (date(2026, 11, 1), date(2026, 11, 25), {("end", "warn", "future-date")})])
def test_the_days_of_a_stay(start: date, end: date | None, expected: set[tuple[str, str, str]]) -> None:
    stay = Tenancy(person=UUID(int=1), room=UUID(int=2), start=start, end=end)
    assert {(m.field, m.level, m.code) for m in stay.check(TODAY)} == expected
