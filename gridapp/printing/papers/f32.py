"""F32 交通劝导晒一晒: who was stopped at the traffic posts this month, names masked, to post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.ledger import Reader
from gridapp.printing.papers.office import Wish, committee
from gridapp.work import duties
from gridapp.work.duties import PostedRow


@dataclass(frozen=True)
class Row:
    """One who was stopped."""

    name: str = ""
    what: str = ""
    employer: str = ""
    day: date | None = None
    place: str = ""

    @property
    def label(self) -> str:
        return self.name


@dataclass(frozen=True)
class Posted:
    """The sheet of a village and a time."""

    issuer: str = ""
    first: date | None = None
    last: date | None = None
    rows: Sequence[Row] = ()
    label: str = ""


def gather(read: Reader, wish: Wish) -> Posted:
    """The time asked for, else this month."""
    first, last = wish.since or read.today.replace(day=1), wish.until or read.today
    return Posted(committee(read), first, last, [_row(row) for row in duties.posted(read, first, last, wish.full)])


def _row(row: PostedRow) -> Row:
    return Row(row.name, row.what, row.employer, row.day, row.place)
