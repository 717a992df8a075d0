"""F15 人民调解协议书: a written agreement (人民调解法 第二十八、二十九条)."""

from __future__ import annotations

from gridapp.ledger import Reader
from gridapp.printing.boxed import Filled
from gridapp.printing.papers import mediated
from gridapp.printing.papers.mediated import Case, blank
from gridapp.printing.papers.office import Wish

#: two parties and the committee
BLANK_COPIES = 3

__all__ = ["blank", "compose", "gather"]


def compose(case: Case) -> Filled:
    """The same sheet once for everybody who keeps one: each party and the committee."""
    return Filled([case] * (int(case.copies) if case.names else BLANK_COPIES))


def gather(read: Reader, wish: Wish) -> Case:
    """The dispute named, the latest when none is, an empty form when there is none. Raises Gone."""
    return mediated.gather(read, wish)
