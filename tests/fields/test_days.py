"""Days and times as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.errors import Mistake
from gridapp.fields.days import BadClock, BadDay, milliseconds, moment, parse_clock, parse_day, show_day
from tests.ledgers import TODAY

DAY = date(2024, 3, 31)


@pytest.mark.parametrize("typed", [
    "2024-03-31", "2024-3-31", "2024/3/31", "2024.3.31", "2024年3月31日", "2024 年 3 月 31 日", "2024年03月31", "20240331", " 2024-03-31 ", "'2024-03-31",
    "２０２４－０３－３１", "2024-03-31 00:00:00", "2024-03-31T08:30", "45382", 45382, 45382.0, 45382.75, 20240331, 20240331.0, "45382.0",
    DAY, datetime(2024, 3, 31, 8, 30)])
def test_every_way_of_writing_a_day_is_understood(typed: object) -> None:
    assert parse_day(typed) == DAY


@pytest.mark.parametrize("nothing", [None, "", "  ", "\u3000", "'"])
def test_nothing_is_no_day(nothing: object) -> None:
    assert parse_day(nothing) is None


@pytest.mark.parametrize("typed", [
    "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "20241332", "昨天", "t", "-1", "三月", "31/3/2024", "24-3-31", "1", 1, 0, -5, 99999, 1e300,
    float("nan"), float("inf"), True, "0024-03-31", "1879-12-31", "2200-01-01", "2024-03-31abc"])
def test_no_such_day_is_refused_in_words(typed: object) -> None:
    with pytest.raises(BadDay, match="不是有效的日期"):
        parse_day(typed)


@pytest.mark.parametrize(("typed", "shift"), [("t", 0), ("T", 0), ("今天", 0), ("昨天", -1), ("前天", -2), ("-3", -3), ("+2", 2), ("＋２", 2)])
def test_short_cuts_count_from_today(typed: str, shift: int) -> None:
    assert parse_day(typed, today=TODAY) == TODAY + timedelta(days=shift)


@given(st.dates(date(1880, 1, 1), date(2199, 12, 31)))
def test_a_day_shown_is_the_day_read(day: date) -> None:
    assert parse_day(show_day(day)) == day == parse_day(day.strftime("%Y年%m月%d日"))


@given(st.dates(date(1920, 1, 1), date(2099, 12, 31)))
def test_the_day_numbers_of_excel(day: date) -> None:
    assert parse_day((day - date(1899, 12, 30)).days) == day


@given(st.one_of(st.text(), st.text(alphabet="0123456789-/.年月日 :T"), st.floats(), st.integers(), st.booleans(), st.datetimes()))
def test_any_garbage_is_a_day_or_a_mistake(raw: object) -> None:
    for today in (None, TODAY):
        try:
            assert isinstance(parse_day(raw, today=today), date | None)
        except Mistake as mistake:
            assert mistake.text


@pytest.mark.parametrize(("typed", "clock"), [
    ("20:30", "20:30"), ("2030", "20:30"), ("830", "08:30"), ("8", "08:00"), ("20：30", "20:30"), ("20点", "20:00"), ("20点30分", "20:30"), ("8时5分", "")])
def test_times_of_day(typed: str, clock: str) -> None:
    if clock:
        assert parse_clock(typed) == clock
    else:
        with pytest.raises(BadClock):
            parse_clock(typed)


@pytest.mark.parametrize("typed", ["24:00", "12:60", "晚上", "", "1:2:3", "12345"])
def test_no_such_time_is_refused_in_words(typed: str) -> None:
    with pytest.raises(BadClock, match="不是有效的时间"):
        parse_clock(typed)


@given(st.integers(0, 4_000_000_000_000))
def test_no_millisecond_is_lost(ms: int) -> None:
    assert milliseconds(moment(ms)) == ms
    assert moment(ms) == datetime.fromtimestamp(ms // 1000, UTC) + timedelta(milliseconds=ms % 1000)


@pytest.mark.parametrize("typed", ["1123", "11-23", "11月23日"])
def test_a_day_without_its_year_is_this_years_only_where_somebody_types(typed: str) -> None:
    assert parse_day(typed, today=date(2026, 11, 25)) == date(2026, 11, 23)
    with pytest.raises(BadDay):
        parse_day(typed)
