"""The clock: what it must be compared with, and moments that say their zone (reliability.md C1, C2)."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gridapp.fields import idnumber
from gridapp.fields.days import milliseconds, moment
from gridapp.ledger import clock
from gridapp.ledger.clock import BUILT, day_of, doubt

ROOT = Path(__file__).resolve().parents[2]
LAST = datetime(2026, 11, 24, 4, tzinfo=UTC)
MOMENTS = some.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=some.just(UTC))
DAYS = some.dates(date(1900, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(("now", "why"), [
    (datetime(1970, 1, 1, tzinfo=UTC), "before-build"), (LAST - timedelta(days=1), "before-last"), (LAST - timedelta(minutes=11), "before-last"),
    (LAST - timedelta(minutes=9), None), (LAST, None), (LAST + timedelta(hours=48), None), (LAST + timedelta(hours=48, seconds=1), "jumped"),
    (datetime(2099, 1, 1, tzinfo=UTC), "jumped")])
def test_a_clock_is_doubted(now: datetime, why: str | None) -> None:
    found = doubt(now, LAST)
    assert (found and found.why) == why
    assert found is None or "核对" in found.text or "校准" in found.text


def test_a_new_ledger_has_nothing_to_compare_with_but_the_day_the_program_was_made() -> None:
    assert doubt(BUILT, None) is None and doubt(datetime(2099, 1, 1, tzinfo=UTC), None) is None
    told = doubt(BUILT - timedelta(seconds=1), None)
    assert told is not None and told.why == "before-build" and "2026-11-01 07:59" in told.text


@given(MOMENTS, MOMENTS)
def test_a_clock_is_trusted_only_within_two_days_after_the_last_act(now: datetime, last: datetime) -> None:
    trusted = doubt(now, last) is None
    assert trusted == (now >= BUILT and -clock.SLACK <= now - last <= clock.JUMP)


@given(MOMENTS)
def test_what_is_kept_is_utc_and_what_is_shown_is_chinas_day(at: datetime) -> None:
    whole = at.replace(microsecond=at.microsecond // 1000 * 1000)
    assert moment(milliseconds(whole)) == whole and moment(milliseconds(whole)).tzinfo is UTC
    assert day_of(milliseconds(whole)) == (whole + timedelta(hours=8)).date()


def test_the_day_turns_at_midnight_in_china() -> None:
    assert day_of(milliseconds(datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC))) == date(2026, 12, 31)
    assert day_of(milliseconds(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))) == date(2027, 1, 1)


@given(DAYS, DAYS)
def test_an_age_grows_by_one_with_every_birthday(birth: date, today: date) -> None:
    if birth > today:
        return
    years = idnumber.age(birth, today)
    had = sum((year, birth.month, birth.day) <= (today.year, today.month, today.day) for year in range(birth.year + 1, today.year + 1))
    assert years == had


def test_who_was_born_on_the_leap_day_is_a_year_older_on_the_first_of_march() -> None:
    assert [idnumber.age(date(2008, 2, 29), day) for day in (date(2024, 2, 28), date(2024, 2, 29), date(2026, 2, 28), date(2026, 3, 1))] == [15, 16, 17, 18]


def naive(node: ast.AST) -> bool:
    """A call that makes a moment without its zone, or asks the PC's own zone."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
    owner = getattr(node.func.value, "id", getattr(node.func.value, "attr", "")) if isinstance(node.func, ast.Attribute) else ""
    named = {k.arg for k in node.keywords}
    return (name in ("utcnow", "utcfromtimestamp", "localtime", "strptime") or name == "today" and owner in ("date", "datetime")
            or name == "now" and owner == "datetime" and not node.args and "tz" not in named
            or name == "fromtimestamp" and owner in ("date", "datetime") and len(node.args) < 2 and "tz" not in named
            or name == "datetime" and len(node.args) < 8 and "tzinfo" not in named
            or name == "replace" and any(k.arg == "tzinfo" and getattr(k.value, "value", "") is None for k in node.keywords))


@pytest.mark.parametrize("code", ["datetime.now()", "datetime.utcnow()", "date.today()", "datetime.fromtimestamp(5)", "datetime(2026, 1, 1)",
                                  "time.localtime()", "a.replace(tzinfo=None)", "datetime.strptime('1', '%d')"])
def test_a_moment_without_its_zone_is_noticed(code: str) -> None:
    assert any(map(naive, ast.walk(ast.parse(code))))


def test_no_moment_of_the_program_lacks_its_zone() -> None:
    files = [*ROOT.glob("gridapp/**/*.py"), *ROOT.glob("ui/**/*.py"), ROOT / "main.py"]
    assert [f"{f.name}:{n.lineno}" for f in files for n in ast.walk(ast.parse(f.read_text("utf-8"))) if naive(n)] == []  # type: ignore[attr-defined]
