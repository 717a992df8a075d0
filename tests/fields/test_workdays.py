"""Working days: weekends, holidays, days made up for, and a file that knows next year's."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.fields.workdays import BadHolidayFile, Calendar

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
SHIPPED = Calendar.load()


def written(folder: Path, text: str) -> Path:
    file = folder / "节假日.txt"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(("day", "worked"), [
    (date(2026, 10, 1), False), (date(2026, 10, 10), True), (date(2026, 10, 8), True), (date(2026, 10, 17), False), (date(2026, 2, 14), True),
    (date(2026, 2, 17), False), (date(2027, 10, 1), True)])
def test_a_day_is_worked_or_not(day: date, worked: bool) -> None:
    assert SHIPPED.is_workday(day) is worked


@pytest.mark.parametrize(("day", "count", "until"), [
    (date(2026, 11, 24), 3, date(2026, 11, 27)), (date(2026, 11, 20), 3, date(2026, 11, 25)), (date(2026, 9, 30), 3, date(2026, 10, 10)),
    (date(2026, 2, 13), 3, date(2026, 2, 25)), (date(2026, 11, 24), 0, date(2026, 11, 24))])
def test_working_days_are_counted_without_the_first(day: date, count: int, until: date) -> None:
    assert SHIPPED.add_workdays(day, count) == until


@given(DAYS, st.integers(1, 30))
def test_exactly_so_many_working_days_lie_between(day: date, count: int) -> None:
    until = SHIPPED.add_workdays(day, count)
    between = [day + timedelta(days=n) for n in range(1, (until - day).days + 1)]
    assert SHIPPED.is_workday(until) and sum(map(SHIPPED.is_workday, between)) == count


def test_the_shipped_table_knows_which_years_it_covers() -> None:
    assert [y for y in range(2020, 2030) if SHIPPED.covers(y)] == [2024, 2025, 2026]


@pytest.mark.parametrize("text", [
    "2027-01-01\t休\t元旦\n2027-01-02\t班\t元旦\n", "日期\t休班\t名称\n2027/1/1\trest\t元旦\n2027年1月2日\twork\n", "\ufeff# 说明\n\n20270101\t放假\n20270102\t上班\n"])
def test_a_file_adds_next_year_and_overrides_the_shipped_days(tmp_path: Path, text: str) -> None:
    calendar = Calendar.load(written(tmp_path, text + "2026-10-10\t休\t改期\n"))
    assert not calendar.is_workday(date(2027, 1, 1)) and calendar.is_workday(date(2027, 1, 2))
    assert not calendar.is_workday(date(2026, 10, 10)) and not calendar.is_workday(date(2026, 10, 1))
    assert calendar.covers(2027)


@pytest.mark.parametrize("text", ["2027-01-01\t休\n2027-01-40\t休\n", "2027-01-01\t休\n2027-01-02\n", "2027-01-01\t休\n2027-01-02\t也许\n", "2027-01-01\t休\n\t休\n"])
def test_a_line_that_is_no_holiday_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadHolidayFile, match="第 2 行"):
        Calendar.load(written(tmp_path, text))


def test_a_file_that_is_gone_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadHolidayFile):
        Calendar.load(tmp_path / "没有.txt")
    (tmp_path / "图.png").write_bytes(b"\x89PNG\xff\xfe\x00")
    with pytest.raises(BadHolidayFile):
        Calendar.load(tmp_path / "图.png")
