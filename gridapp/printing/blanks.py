"""Empty forms (空表) to fill in by hand, for the day the PC is down: one paper or all of them in one file, under the village's own name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from gridapp.ledger import PRINT, Reader, needs
from gridapp.printing import press
from gridapp.printing.page import Pages
from gridapp.printing.papers import PAPERS, Paper, mediated
from gridapp.printing.papers.office import committee
from gridapp.printing.refused import NoGlyph, Stopped
from gridapp.texts import _
from gridapp.work import village


@needs(PRINT)
def make_blank(read: Reader, numbers: Sequence[str] = (), progress: press.Progress | None = None) -> tuple[press.Printed, bytes]:
    """The empty forms of these papers, of all when none is named; no day and nobody's name stands on them.

    Raises UnknownPaper, BadLayout, NoGlyph, Stopped.
    """
    chosen = [press.paper(number) for number in numbers] or list(PAPERS.values())
    desk, names = village.desk(read), _names(read)
    pages = Pages(chosen[0].title if len(chosen) == 1 else _("空表"), read.today)
    for done, paper in enumerate(chosen, 1):
        pages.trace = press.traced(read, paper, desk, why=_("空表")).foot
        press.draw(pages, paper, _named(paper, names), press.Imprint(None, ""), None)
        if progress is not None and not progress(done, len(chosen)):
            raise Stopped
    if pages.missing:
        raise NoGlyph(tuple(press.Missing(char, where, page) for (char, where), page in pages.missing.items()))
    return press.Printed(pages.count), pages.data()


def _names(read: Reader) -> dict[str, str]:
    """What is printed on the papers of a village before anything is written: who issues them, of which village and grid."""
    desk = village.desk(read)
    return {"issuer": committee(read), "board": mediated.board(read), "village": desk.village, "grid": desk.grid}


def _named(paper: Paper, names: dict[str, str]) -> object:
    """A paper's empty values with the names in their places; what has none of them is as it is."""
    values = paper.blank()
    return [_filled(one, names) for one in values] if isinstance(values, list) else _filled(values, names)


def _filled(values: Any, names: dict[str, str]) -> Any:
    if not is_dataclass(values) or isinstance(values, type):
        return values
    return replace(values, **{one.name: names[one.name] for one in fields(values) if one.name in names and getattr(values, one.name) == ""})
