"""F12 矛盾纠纷排查调处登记表: every dispute of a year, what became of it and who answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.ledger import Reader
from gridapp.printing.papers import mediated
from gridapp.printing.papers.office import Wish, picked, words
from gridapp.work import disputes


@dataclass(frozen=True)
class Row:
    """One dispute; codes already as words."""

    day: date | None = None
    source: str = ""
    category: str = ""
    parties: str = ""
    people: int | None = None
    content: str = ""
    risk: str = ""
    mediators: str = ""
    measures: str = ""
    result: str = ""
    agreement_no: str = ""
    number: str = ""

    @property
    def label(self) -> str:
        return self.number


@dataclass(frozen=True)
class Book:
    """The register of a village; `period` in words."""

    board: str = ""
    period: str = ""
    rows: Sequence[Row] = ()
    label: str = ""


def gather(read: Reader, wish: Wish) -> Book:
    """The disputes of a period by their day (this year's when none is told), or some of them."""
    if wish.records is not None:
        return Book(mediated.board(read), picked(wish.records), [_row(line) for line in disputes.dispute_register(read, read.today, read.today, wish.records)])
    since = wish.since or date(read.today.year, 1, 1)
    until = wish.until or max(since, read.today)
    rows = [_row(line) for line in disputes.dispute_register(read, since, until)]
    return Book(mediated.board(read), f"{since} 至 {until}", rows)


def _row(line: disputes.RegisterLine) -> Row:
    return Row(
        day=line.day, source=words("dispute_source", line.source), category=words("dispute_category", line.category),
        parties="\n".join(f"{name}　{phone}".strip() for name, phone in line.parties), people=line.people, content=line.content,
        risk=words("risk", line.risk), mediators=line.mediators, measures=line.measures, result=line.state,
        agreement_no=line.agreement_no, number=line.number)
