"""F11 安全隐患排查整治台账（销号）: every hazard found in a period, from the finding to its closing, with the totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.fields import codes
from gridapp.ledger import Reader
from gridapp.printing.layout import say
from gridapp.printing.papers.office import Wish, committee, words
from gridapp.records import Hazard
from gridapp.work import hazardpapers, hazards, steps


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
    """The hazards found in the period wished for, the year until today when none is told."""
    until = wish.until or read.today
    since = wish.since or until.replace(month=1, day=1)
    told = hazardpapers.totals(read, since, until)
    return Book(committee(read), "", since, until, [_row(row) for row in hazardpapers.book_rows(read, since, until)], told.found, told.mended,
                told.closed, told.rate)


def _row(row: hazardpapers.BookRow) -> Row:
    hazard = row.record
    return Row(number=hazard.notice_no or "", found_on=hazard.found_on, place=row.place, address=row.address, content=hazard.content,
               kind=words("hazard_kind", hazard.kind), degree=words("hazard_degree", hazard.degree), keeper=row.keeper, due_on=hazard.due_on,
               rechecked_on=hazard.rechecked_on, result=_result(hazard), closed="已销号" if steps.state_of(hazard) == hazards.CLOSED else "")


def _result(hazard: Hazard) -> str:
    """合格, 不合格, or the state while nothing was rechecked."""
    now = codes.table("hazard_state").label(hazard.state)
    if now == hazards.CLOSED:
        return "合格"
    return "不合格" if hazard.rechecked_on and now == hazards.NOTIFIED else now
