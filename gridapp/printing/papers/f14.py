"""F14 人民调解记录（调查记录）: what was said at one sitting."""

from __future__ import annotations

from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.papers import mediated
from gridapp.printing.papers.mediated import Case, blank
from gridapp.printing.papers.office import Wish

__all__ = ["blank", "compose", "gather"]


def compose(case: Case) -> Filled:
    """One form."""
    return Filled([case])


def gather(read: Reader, wish: Wish) -> Case:
    """The sitting named, or the last mediation or inquiry of the dispute named; an empty form when there is none. Raises Gone."""
    return mediated.gather(read, wish, "调解", "调查", "听证")
