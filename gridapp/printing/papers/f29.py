"""F29 专项整治进度晾晒表: the grids of a campaign in the order of how far they are, to post; nobody's name stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.ledger import Reader
from gridapp.printing.papers.office import Wish, committee
from gridapp.work import progress


@dataclass(frozen=True)
class Row:
    """One grid, or one village; equals share a place."""

    place: str = ""
    name: str = ""
    total: str = ""
    done: str = ""
    excused: str = ""
    late: str = ""
    per_cent: str = ""

    @property
    def label(self) -> str:
        return self.name


@dataclass(frozen=True)
class Posted:
    """The sheet of one campaign, or of one theme."""

    issuer: str = ""
    title: str = ""
    day: date | None = None
    whole: str = ""
    rows: Sequence[Row] = ()
    label: str = ""


def row_of(place: int, name: str, far: progress.Progress) -> Row:
    """How far it is, in numbers."""
    return Row(str(place), name, str(far.total), str(far.done), str(far.excused or ""), str(far.late or ""), f"{far.per_cent}%")


def gather(read: Reader, wish: Wish) -> Posted:
    """One campaign, the one that ends first when none is named; an empty sheet when there is none. Raises Gone."""
    running = progress.list_campaigns(read, limit=1)
    if wish.record is None and not running:
        return Posted(committee(read), day=read.today)
    card = progress.campaign_card(read, wish.record or running[0].id)
    ranked = sorted(card.grids, key=lambda told: (-told[1].per_cent, told[1].late))
    shares = [far.per_cent for _grid, far in ranked]
    rows = [row_of(shares.index(far.per_cent) + 1, grid, far) for grid, far in ranked]
    far = card.progress
    return Posted(committee(read), card.record.title, read.today, f"全村 {far.total - far.excused} 处，已完成 {far.done} 处，完成率 {far.per_cent}%", rows)
