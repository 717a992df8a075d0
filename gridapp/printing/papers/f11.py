"""F11 安全隐患排查整治台账（销号）: every hazard found in a period, from the finding to its closing, with the totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.ledger import Reader
from gridapp.printing.layout import say
from gridapp.printing.papers.office import Wish, committee, picked, words
from gridapp.work import hazardpapers, hazards


@dataclass(frozen=True)
class Row:
    """One hazard; codes already as words."""

    number: str = ""
    found_on: date | None = None
    place: str = ""
    address: str = ""
    content: str = ""
    kind: str = ""
    degree: str = ""
    keeper: str = ""
    due_on: date | None = None
    rechecked_on: date | None = None
    result: str = ""
    closed: str = ""

    @property
    def label(self) -> str:
        return self.content


@dataclass(frozen=True)
class Book:
    """The book of a period; the totals are blank on a form to fill in by hand."""

    village: str = ""
    theme: str = ""
    since: date | None = None
    until: date | None = None
    rows: Sequence[Row] = ()
    found: int | None = None
    mended: int | None = None
    closed: int | None = None
    rate: str = ""
    label: str = ""

    @property
    def period(self) -> str:
        """2026年1月1日至2026年3月31日, or blanks."""
        return f"{say(self.since, '年月日')}至{say(self.until, '年月日')}"


def gather(read: Reader, wish: Wish) -> Book:
    """The hazards found in the period wished for (the year until today when none is told), or some of them, without the period's totals."""
    if wish.records is not None:
        return Book(f"{committee(read)}（{picked(wish.records)}）", rows=[_row(row) for row in hazardpapers.book_rows(read, read.today, read.today, wish.records)])
    until = wish.until or read.today
    since = wish.since or until.replace(month=1, day=1)
    told = hazardpapers.totals(read, since, until)
    return Book(committee(read), "", since, until, [_row(row) for row in hazardpapers.book_rows(read, since, until)], told.found, told.mended,
                told.closed, told.rate)


def _row(row: hazardpapers.BookRow) -> Row:
    now = words("hazard_state", row.state)
    return Row(number=row.notice_no, found_on=row.found_on, place=row.place, address=row.address, content=row.content,
               kind=words("hazard_kind", row.kind), degree=words("hazard_degree", row.degree), keeper=row.keeper, due_on=row.due_on,
               rechecked_on=row.rechecked_on, result=_result(row, now), closed="已销号" if now == hazards.CLOSED else "")


def _result(row: hazardpapers.BookRow, now: str) -> str:
    """合格, 不合格, or the state while nothing was rechecked."""
    if now == hazards.CLOSED:
        return "合格"
    return "不合格" if row.rechecked_on and now == hazards.NOTIFIED else now
