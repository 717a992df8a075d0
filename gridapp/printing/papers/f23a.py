"""F23a 出租房屋统计表: rental houses by grid, in a town by village; what the register does not hold (产权证) is filled in by hand."""

from __future__ import annotations

from dataclasses import dataclass

from gridapp.ledger import Reader
from gridapp.printing.papers.f23 import Table
from gridapp.printing.papers.office import Wish, committee
from gridapp.work import figures, village


@dataclass(frozen=True)
class Row:
    """One grid or village."""

    name: str = ""
    total: int | str = ""
    public: int | str = ""
    private: int | str = ""
    let: int | str = ""
    bonds: int | str = ""
    filed: int | str = ""

    @property
    def label(self) -> str:
        return self.name


def gather(read: Reader, wish: Wish) -> Table:
    """As it is today, or at the end of the period that is wished for."""
    day = min(wish.until or read.today, read.today)
    by = "scope" if figures.many_villages(read) else "grid"
    rows = [Row(r.name, r.total, r.public, r.private, r.let, r.bonds, r.filed) for r in figures.houses_by_place(read, day, by)]
    return Table(committee(read), day, village.desk(read).officer, rows)
