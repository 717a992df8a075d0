"""Legal time limits: every unit, what is shown when, and a table a county may change."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.fields import limits
from gridapp.fields.days import plus_months
from gridapp.fields.limits import UNITS, BadLimitFile, Limit
from gridapp.fields.workdays import Calendar
from tests.ledgers import TODAY

SHIPPED = limits.load()
CALENDAR = Calendar.load()


def a_limit(count: int, unit: str, remind: int | None = None, keep: int | None = None) -> Limit:
    return Limit("rule", "题目", count, unit, "条例", remind, keep)


@pytest.mark.parametrize(("count", "unit", "day", "until"), [
    (3, "workday", date(2026, 11, 20), date(2026, 11, 25)), (30, "day", date(2026, 11, 20), date(2026, 12, 20)),
    (24, "hour", date(2026, 11, 20), date(2026, 11, 21)), (25, "hour", date(2026, 11, 20), date(2026, 11, 22)),
    (6, "month", date(2026, 8, 31), date(2027, 2, 28)), (1, "year", date(2024, 2, 29), date(2025, 2, 28)),
    (1, "month-before", date(2026, 11, 20), date(2026, 11, 20)), (0, "day", date(2026, 11, 20), date(2026, 11, 20))])
def test_every_unit_ends_on_its_day(count: int, unit: str, day: date, until: date) -> None:
    assert a_limit(count, unit).until(day, CALENDAR) == until


@pytest.mark.parametrize(("day", "months", "expected"), [
    (date(2026, 8, 31), 6, date(2027, 2, 28)), (date(2023, 8, 31), 6, date(2024, 2, 29)), (date(2026, 11, 24), 1, date(2026, 12, 24)),
    (date(2026, 12, 31), 2, date(2027, 2, 28)), (date(2026, 3, 31), -1, date(2026, 2, 28)), (date(2026, 1, 15), -2, date(2025, 11, 15))])
def test_months_end_where_the_month_ends(day: date, months: int, expected: date) -> None:
    assert plus_months(day, months) == expected


@given(st.sampled_from(sorted(UNITS)), st.integers(0, 12), st.none() | st.integers(0, 40), st.none() | st.integers(0, 90))
def test_the_ledger_is_asked_for_every_day_that_may_be_shown(unit: str, count: int, remind: int | None, keep: int | None) -> None:
    limit = a_limit(count, unit, remind, keep)
    first, last = limit.triggers(TODAY)
    for day in (TODAY + timedelta(days=shift) for shift in range(-500, 120)):
        if limit.shown(day, limit.until(day, CALENDAR), TODAY):
            assert (first is None or first <= day) and (last is None or day <= last)


def test_what_is_long_past_or_far_ahead_is_not_shown() -> None:
    limit = a_limit(10, "day", remind=7, keep=60)
    shown = [limit.shown(TODAY, TODAY + timedelta(days=n), TODAY) for n in (8, 7, 0, -60, -61)]
    assert shown == [False, True, True, True, False]
    before = a_limit(1, "month-before")
    assert [before.shown(d, d, TODAY) for d in (date(2026, 12, 25), date(2026, 12, 24), date(2020, 1, 1))] == [False, True, True]


@pytest.mark.parametrize(("rule", "count", "unit"), [
    ("landlord_report_start", 3, "workday"), ("landlord_report_end", 3, "workday"), ("foreigner_24h", 24, "hour"), ("relative_exempt", 30, "day"),
    ("permit_eligible", 6, "month"), ("permit_endorse", 1, "month-before")])
def test_the_shipped_limits_are_those_of_the_law(rule: str, count: int, unit: str) -> None:
    assert (SHIPPED[rule].count, SHIPPED[rule].unit) == (count, unit)
    assert SHIPPED[rule].title and "条" in SHIPPED[rule].law


def test_the_law_is_told_with_its_length() -> None:
    assert SHIPPED["landlord_report_start"].law == "浙江条例第九条：3 个工作日内"


HEADS = "rule\ttitle\tlimit\tunit\tbasis\tremind\tkeep\n"


def test_a_county_writes_its_own_table(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text(f"\ufeff# 说明\n{HEADS}landlord_report_start\t新入住\t5\tworkday\t县办法第二条\n", "utf-8")
    own = limits.load(tmp_path / "t.tsv")
    assert list(own) == ["landlord_report_start"] and own["landlord_report_start"].law == "县办法第二条：5 个工作日内"


@pytest.mark.parametrize("line", ["a\tb\tthree\tday\tc\t\t", "a\tb\t3\tfortnight\tc\t\t", "a\tb\t-3\tday\tc\t\t", "a\tb\t3\tday\tc\tsoon\t", "a\tb"])
def test_a_line_that_is_no_limit_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "t.tsv").write_text(f"{HEADS}{line}\n", "utf-8")
    with pytest.raises(BadLimitFile, match="第 2 行"):
        limits.load(tmp_path / "t.tsv")
