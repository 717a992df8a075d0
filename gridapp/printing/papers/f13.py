"""F13 人民调解受理登记表: what a dispute is about when the committee takes it in."""

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
    """The dispute named, the latest when none is, an empty form when there is none. Raises Gone."""
    return mediated.gather(read, wish)
