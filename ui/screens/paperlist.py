"""A choice of papers (选一张): those there are of one record, the likely one first; Enter makes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gridapp.texts import _
from ui.screens.disputes_parts import PAPER, Part, PartsPage

if TYPE_CHECKING:
    from ui.screens.pages import Pages


@dataclass(frozen=True)
class Choice:
    """One paper: its number, the wish (as for printing.make), and words about it."""

    number: str
    wish: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""


def choose_paper(screen: Pages, of: str, choices: Sequence[Choice]) -> None:
    """Show the papers of what is called `of` in front of a screen; leaving goes back to where it was opened."""
    from gridapp import printing

    parts = [Part(one.number, PAPER, one.number, printing.PAPERS[one.number].title, one.words, one.wish) for one in choices]
    page = PartsPage(_("打印：{0}").format(of), parts, [], "")

    def make(part: Part) -> None:
        screen.back()
        screen.show_paper(part.id, f"{part.name} {of}", **part.record)

    page.left.connect(screen.back)
    page.opened.connect(make)
    screen.show_page(page, passing=True)
