"""The papers (表单) this program prints, by number: a layout file in resources/papers and a small module each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gridapp.printing import layout
from gridapp.printing.listed import Register
from gridapp.printing.papers import f02, f04


@dataclass(frozen=True)
class Paper:
    """One paper: `compose` turns its values into what is drawn, `blank` are the values of an empty form."""

    number: str
    compose: Callable[[Any], Register]  # each paper has its own class of values
    blank: Callable[[], object]

    @property
    def title(self) -> str:
        """As in the layout file, which a county may have changed."""
        return layout.load(self.number).text("title")


PAPERS = {
    paper.number: paper
    for paper in (
        Paper("F02", f02.compose, f02.Book),
        Paper("F04", f04.compose, f04.Roster),
    )
}
