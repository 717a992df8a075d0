"""Windows of time a figure looks at: a day, a month, a quarter, half a year, a year, or from one day to another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from gridapp.errors import Mistake
from gridapp.fields.days import plus_months
from gridapp.fields.kinds import BEIJING
from gridapp.texts import N_, _

DAY, MONTH, QUARTER, HALF, YEAR, SPAN = "day", "month", "quarter", "half", "year", "span"
#: kinds a window can be asked for by one day in it → how an officer calls them
KINDS = {DAY: N_("日"), MONTH: N_("月"), QUARTER: N_("季"), HALF: N_("半年"), YEAR: N_("年")}
_MONTHS = {MONTH: 1, QUARTER: 3, HALF: 6, YEAR: 12}
#: more days than this are no question but a mistyped year
LONGEST = 3700
_NAMED = re.compile(r"(\d{4})(?:Q([1-4])|H([12])|-(\d{2})(?:-(\d{2}))?)?")


class BadWindow(Mistake):
    """No such time, or one that ends before it begins."""

    def __init__(self, text: str) -> None:
        super().__init__(_("“{0}”不是统计期。请写成 2026-11（月）、2026Q4（季）、2026H2（半年）或 2026（年）；起止日期要先早后晚，不超过十年。").format(text))


@dataclass(frozen=True)
class Window:
    """The days from `first` to `last`, both counted."""

    first: date
    last: date
    kind: str = SPAN

    @property
    def key(self) -> str:
        """'2026-11', '2026Q4', '2026H2', '2026', '2026-11-24': what a record says; '2026-11-01..2026-11-20'."""
        day = self.first
        told = {DAY: f"{day}", MONTH: f"{day:%Y-%m}", QUARTER: f"{day.year}Q{(day.month + 2) // 3}",
                HALF: f"{day.year}H{1 if day.month <= 6 else 2}", YEAR: f"{day.year}"}
        return told.get(self.kind, f"{self.first}..{self.last}")

    @property
    def title(self) -> str:
        """2026年11月, 2026年第四季度, 2026年下半年."""
        day = self.first
        told = {DAY: f"{day.year}年{day.month}月{day.day}日", MONTH: f"{day.year}年{day.month}月",
                QUARTER: f"{day.year}年第{'一二三四'[(day.month - 1) // 3]}季度",
                HALF: f"{day.year}年{'上' if day.month <= 6 else '下'}半年", YEAR: f"{day.year}年"}
        return told.get(self.kind, f"{self.first} 至 {self.last}")

    @property
    def before(self) -> Window:
        """The window of the same kind just before; of a span as many days."""
        if self.kind != SPAN:
            return of(self.kind, self.first - timedelta(1))
        return Window(self.first - timedelta(self.days), self.first - timedelta(1))

    @property
    def after(self) -> Window:
        """The one just after."""
        if self.kind != SPAN:
            return of(self.kind, self.last + timedelta(1))
        return Window(self.last + timedelta(1), self.last + timedelta(self.days))

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def begins(self) -> datetime:
        """Its first moment, in China."""
        return datetime.combine(self.first, time(), BEIJING)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(1), time(), BEIJING)


def of(kind: str, day: date) -> Window:
    """The window of a kind that `day` lies in. Raises KeyError."""
    if kind == DAY:
        return Window(day, day, DAY)
    months = _MONTHS[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Window(first, plus_months(first, months) - timedelta(1), kind)


def between(first: date, last: date) -> Window:
    """From one day to another. Raises BadWindow."""
    if last < first or (last - first).days >= LONGEST:
        raise BadWindow(f"{first}..{last}")
    return Window(first, last)


def named(text: str) -> Window:
    """The window of a key. Raises BadWindow."""
    found = _NAMED.fullmatch(text)
    first, dots, last = text.partition("..")
    try:
        if dots:
            return between(date.fromisoformat(first), date.fromisoformat(last))
        if found is None:
            raise BadWindow(text)
        year, quarter, half, month, day = found.groups()
        if quarter or half:
            return of(QUARTER if quarter else HALF, date(int(year), int(quarter) * 3 if quarter else int(half) * 6, 1))
        return of(DAY if day else MONTH if month else YEAR, date(int(year), int(month or 1), int(day or 1)))
    except ValueError:
        raise BadWindow(text) from None


def spanning(first: date, last: date) -> Window:
    """The month, quarter, half or whole year that lies between two days exactly; else the span. Raises BadWindow."""
    kinds = (DAY, MONTH, QUARTER, HALF, YEAR)
    return next((one for one in (of(kind, first) for kind in kinds) if (one.first, one.last) == (first, last)), None) or between(first, last)
