"""How long what is kept: the shipped table fits the records, a county's table is read or refused, and years end on real days."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gridapp.fields import keeping
from gridapp.fields.field import fields_of
from gridapp.fields.keeping import BadRetentionFile, Kept
from gridapp.records import BY_NAME

DAYS = some.dates(date(1990, 1, 1), date(2090, 12, 31))


def test_no_line_is_about_something_that_is_not_there() -> None:
    for entity, column in keeping.table():
        assert column == keeping.ALL or column in fields_of(BY_NAME[entity]), (entity, column)


def test_what_is_somebodys_says_after_which_day_it_ends() -> None:
    """Private columns end some time (个人信息保护法 Art. 19): none is kept as long as the register."""
    private = [(entity, name) for entity, cls in BY_NAME.items() for name, f in fields_of(cls).items() if f.private and f.kept.after == keeping.NEVER]
    assert private == []


@pytest.mark.parametrize("line", ["person\t*\t登记\t两年\tgone\t条例", "person\t*\t登记\t0\tgone\t条例", "person\t*\t登记\t2\tlater\t条例",
                                  "person\t*\t\t2\tgone\t条例", "person\t*\t登记\t2\tgone", "person\t*\t登记\t2\tgone\t"])
def test_a_line_that_is_none_is_a_sentence_with_its_number(line: str, tmp_path: Path) -> None:
    file = tmp_path / "own.tsv"
    file.write_text(f"# ours\nentity\tfield\tpurpose\tyears\tafter\tbasis\n{line}\n", "utf-8")
    with pytest.raises(BadRetentionFile, match="第 3 行"):
        keeping.table(file)


def test_a_leap_day_and_the_end_of_a_year() -> None:
    two = Kept("登记", 2, keeping.GONE, "条例")
    assert two.until(date(2024, 2, 29)) == date(2026, 2, 28)
    assert Kept("登记", 4, keeping.GONE, "条例").until(date(2024, 2, 29)) == date(2028, 2, 29)
    assert two.until(date(2024, 12, 31)) == date(2026, 12, 31) and two.until(date(2024, 1, 1)) == date(2026, 1, 1)


@given(DAYS, some.integers(1, 100))
def test_it_is_never_shorter_than_its_years_by_more_than_the_leap_day(day: date, years: int) -> None:
    until = Kept("登记", years, keeping.GONE, "条例").until(day)
    assert until.year == day.year + years
    assert (until.month, until.day) == (day.month, day.day) or (day.month, day.day, until.month, until.day) == (2, 29, 2, 28)


@given(DAYS, DAYS)
def test_who_ended_later_is_never_kept_shorter(one: date, other: date) -> None:
    kept = Kept("登记", 2, keeping.GONE, "条例")
    assert kept.until(min(one, other)) <= kept.until(max(one, other))
    assert kept.until(one) - one in (timedelta(730), timedelta(731))
