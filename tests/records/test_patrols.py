"""Rules that need only the patrol, the finding or the hazard."""

from __future__ import annotations

from datetime import date

import pytest

from gridapp.records import Finding, Hazard, Patrol, Record
from tests.ledgers import TODAY

TOMORROW, YESTERDAY = date(2026, 11, 25), date(2026, 11, 23)


@pytest.mark.parametrize(("record", "expected"), [
    (Patrol(day=TODAY, start="22:00", end="01:00"), set()), (Patrol(day=TOMORROW), {("day", "warn", "future-date")}),
    (Hazard(found_on=TODAY, due_on=TODAY), set()), (Hazard(found_on=TODAY, due_on=YESTERDAY), {("due_on", "block", "due-before-found")}),
    (Hazard(found_on=TOMORROW), {("found_on", "warn", "future-date")}), (Finding(problem="路灯不亮"), set())], ids=lambda v: getattr(v, "TITLE", ""))
def test_days_are_in_order(record: Record, expected: set[tuple[str, str, str]]) -> None:
    assert {(m.field, m.level, m.code) for m in record.check(TODAY)} == expected


def test_each_is_named_by_what_it_says() -> None:
    assert Patrol(day=TODAY, start="20:00").label() == "2026-11-24 20:00" and Hazard(content="私拉电线").label() == "私拉电线"
