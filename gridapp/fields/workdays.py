"""Working days (工作日): weekends, the State Council's holidays and make-up days, from a table a county can extend by a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from gridapp import places
from gridapp.errors import Mistake
from gridapp.fields.days import BadDay, parse_day
from gridapp.texts import _

REST, WORK = "rest", "work"
WORDS = {REST: REST, WORK: WORK, "休": REST, "班": WORK, "放假": REST, "上班": WORK}


class BadHolidayFile(Mistake):
    """A line of the holiday file is no holiday."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(_("节假日文件“{0}”第 {1} 行看不懂。每行应是：日期、休或班、名称，用制表符隔开。").format(name, line))


def _read(path: Path) -> dict[date, bool]:
    """{day: is a working day} of a table with columns day, rest/work, name. Raises BadHolidayFile."""
    found = {}
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadHolidayFile(path.name, 1) from None
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith(("#", "day\t", "日期\t")):
            continue
        parts = line.split("\t")
        try:
            found[_day(parts[0])] = WORDS[parts[1].strip()] == WORK
        except (Mistake, IndexError, KeyError):
            raise BadHolidayFile(path.name, number) from None
    return found


def _day(text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise BadDay(text)
    return day


@dataclass(frozen=True)
class Calendar:
    """Which days are worked. Years without a table follow the weekday rule alone; `covers` tells."""

    special: dict[date, bool] = field(default_factory=dict)

    @classmethod
    def load(cls, extra: Path | None = None) -> Calendar:
        """The shipped table, with the days of `extra` in place of its own. Raises BadHolidayFile."""
        special = _read(places.resource("deadlines", "holidays.tsv"))
        return cls(special | (_read(extra) if extra is not None else {}))

    def covers(self, year: int) -> bool:
        """Whether the holidays of that year are known."""
        return any(day.year == year for day in self.special)

    def is_workday(self, day: date) -> bool:
        return self.special.get(day, day.weekday() < 5)

    def add_workdays(self, day: date, count: int) -> date:
        """The day by which something due `count` working days after `day` must be done (the day itself is not counted)."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_workday(day)
        return day
