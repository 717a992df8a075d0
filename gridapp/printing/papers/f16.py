"""F16 人民调解口头协议登记表: what was agreed by word of mouth, written down by the mediator (人民调解法 第二十八条)."""

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
