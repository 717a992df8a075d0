"""The papers (表单) this program prints, by number: a layout file in resources/papers and a small module each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from gridapp.ledger import Reader
from gridapp.printing import layout
from gridapp.printing.boxed import Filled
from gridapp.printing.listed import Register
from gridapp.printing.papers import a01, f02, f04, f07, f09, f10, f11, f21, f27, f28, f29
from gridapp.printing.papers.office import Wish


@dataclass(frozen=True)
class Paper:
    """One paper: `gather` its values from the ledger, `compose` turns them into what is drawn, `blank` is an empty form.

    `by` is what may be asked for: one house, one record (a patrol, a hazard, a parcel, what clashes), a period, or only
    the whole village.
    """

    number: str
    gather: Callable[[Reader, Any], object]  # a Wish; the audit has one of its own
    compose: Callable[[Any], Register | Filled]  # each paper has its own class of values
    blank: Callable[[], object]
    by: Literal["house", "record", "period", ""] = ""

    @property
    def title(self) -> str:
        """As in the layout file, which a county may have changed."""
        return layout.load(self.number).text("title")


PAPERS = {
    paper.number: paper
    for paper in (
        Paper("F02", f02.gather, f02.compose, f02.Book),
        Paper("F04", f04.gather, f04.compose, f04.Roster, "house"),
        Paper("F07", f07.gather, f07.compose, f07.Diary, "record"),
        Paper("F09", f09.gather, f09.compose, f09.blank, "record"),
        Paper("F10", f10.gather, f10.compose, f10.blank, "record"),
        Paper("F11", f11.gather, f11.compose, f11.Book, "period"),
        Paper("F21", f21.gather, f21.compose, f21.TaskList, "record"),
        Paper("F27", f27.gather, f27.compose, f27.Handover, "record"),
        Paper("F28", f28.gather, f28.compose, f28.blank, "record"),
        Paper("F29", f29.gather, f29.compose, f29.Posted, "record"),
    )
}

#: for whoever checks, not among the papers of the day
AUDIT_PAPER = Paper("A01", a01.gather, a01.compose, a01.Extract)
