"""F16A 人民调解回访记录: how it went on after the agreement was performed (人民调解法 第三十一条)."""

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
    """The visit named, or the last one of the dispute named; an empty form when there is none. Raises Gone."""
    return mediated.gather(read, wish, "回访")
