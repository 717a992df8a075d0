"""Legal time limits (时限): how long after which day something must be done, from a table a county may change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from gridapp import places
from gridapp.errors import Mistake
from gridapp.fields.days import plus_months
from gridapp.fields.workdays import Calendar
from gridapp.texts import N_, _

WORKDAY, DAY, HOUR, MONTH, YEAR, MONTH_BEFORE = "workday", "day", "hour", "month", "year", "month-before"
#: unit → words, fewest and most days one of it can be (no holiday is longer than 15 days)
UNITS: dict[str, tuple[str, float, float]] = {
    WORKDAY: (N_("{0} 个工作日内"), 1, 16), DAY: (N_("{0} 日"), 1, 1), HOUR: (N_("{0} 小时内"), 0, 1), MONTH: (N_("满 {0} 个月"), 28, 31),
    YEAR: (N_("满 {0} 年"), 365, 366), MONTH_BEFORE: (N_("到期前 {0} 个月内"), 0, 0)}


class BadLimitFile(Mistake):
    """A line of the table of limits is no limit."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(_("时限表“{0}”第 {1} 行看不懂。数量应是整数，单位应是 {2} 之一。").format(name, line, "、".join(UNITS)))


@dataclass(frozen=True)
class Limit:
    """One rule; `remind` and `keep` are days before and after its end in which 今日 shows it, None without bound."""

    rule: str
    title: str
    count: int
    unit: str
    basis: str
    remind: int | None
    keep: int | None

    def until(self, day: date, calendar: Calendar) -> date:
        """The last day for what began on `day`."""
        if self.unit == WORKDAY:
            return calendar.add_workdays(day, self.count)
        if self.unit in (MONTH, YEAR):
            return plus_months(day, self.count * (12 if self.unit == YEAR else 1))
        days = {DAY: self.count, HOUR: -(-self.count // 24), MONTH_BEFORE: 0}[self.unit]
        return day + timedelta(days=days)

    def shown(self, day: date, until: date, today: date) -> bool:
        """Whether 今日 shows it: not long before its end, not long after."""
        if self.unit == MONTH_BEFORE:
            early = today < plus_months(day, -self.count)
        else:
            early = self.remind is not None and (until - today).days > self.remind
        return not early and (self.keep is None or (today - until).days <= self.keep)

    def triggers(self, today: date) -> tuple[date | None, date | None]:
        """The first and last day that may have begun something shown today; wider than `shown`, for a question to the ledger."""
        _words, fewest, most = UNITS[self.unit]
        first = None if self.keep is None else today - timedelta(days=self.keep + int(self.count * most))
        if self.unit == MONTH_BEFORE:
            return first, today + timedelta(days=31 * self.count)
        return first, None if self.remind is None else today + timedelta(days=self.remind - int(self.count * fewest))

    @property
    def law(self) -> str:
        """Where it is written and how long it is: 浙江条例第九条：3 个工作日内."""
        return f"{self.basis}：{_(UNITS[self.unit][0]).format(self.count)}" if self.count else self.basis


def load(path: Path | None = None) -> dict[str, Limit]:
    """Every limit of the table by its rule, in the table's order; the shipped one by default. Raises BadLimitFile."""
    path = path or places.resource("deadlines", "deadlines.tsv")
    heads: list[str] = []
    found = {}
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if not heads:
            heads = cells
            continue
        try:
            limit = _limit(dict(zip(heads, cells, strict=False)))
        except (KeyError, ValueError):
            raise BadLimitFile(path.name, number) from None
        found[limit.rule] = limit
    return found


def _limit(told: dict[str, str]) -> Limit:
    days = {name: int(told[name]) if told.get(name) else None for name in ("remind", "keep")}
    count, unit = int(told["limit"]), told["unit"]
    if unit not in UNITS or not 0 <= count <= 1000:
        raise ValueError(unit)
    return Limit(told["rule"], told["title"], count, unit, told["basis"], days["remind"], days["keep"])
