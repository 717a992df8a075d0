"""F23 流动人口暂住事由统计表: who lives here by why they came, how long they have been here and where they live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.fields import codes
from gridapp.ledger import Reader
from gridapp.printing.listed import Entry
from gridapp.printing.papers.office import Wish, committee
from gridapp.work import figures, village

#: the columns of the form that are homes, by the words of the code table; the last takes all others
HOMES = ("旅店", "居民家中", "单位内部", "工地现场", "租赁房屋")


@dataclass(frozen=True)
class Row:
    """One reason; `homes` as the form has them, the others last."""

    reason: str = ""
    total: int | str = ""
    male: int | str = ""
    female: int | str = ""
    short: int | str = ""
    middle: int | str = ""
    long: int | str = ""
    hotel: int | str = ""
    family: int | str = ""
    unit: int | str = ""
    site: int | str = ""
    rented: int | str = ""
    other: int | str = ""

    @property
    def label(self) -> str:
        return self.reason


@dataclass(frozen=True)
class Table:
    """A table of a village, or of the town; F23a has rows of its own."""

    issuer: str = ""
    day: date | None = None
    officer: str = ""
    rows: Sequence[Entry] = ()
    label: str = ""


def gather(read: Reader, wish: Wish) -> Table:
    """As it is today, or at the end of the period that is wished for. Raises BadWindow."""
    day = min(wish.until or read.today, read.today)
    rows = [_row(told) for told in figures.by_reason(read, figures.between(wish.since or day, day))]
    desk = village.desk(read)
    return Table(committee(read), day, desk.officer, rows)


def _row(told: figures.ReasonRow) -> Row:
    table = codes.table("living_kind")
    named = [told.homes.get(table.find(home) or "", 0) for home in HOMES]
    hotel, family, unit, site, rented = named
    return Row(told.name, told.total, told.male, told.female, told.short, told.middle, told.long, hotel, family, unit, site, rented,
               told.total - sum(named))
