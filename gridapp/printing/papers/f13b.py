"""F13B 人民调解权利义务告知书: what parties may and must do (人民调解法 第二十三、二十四条), told before mediation begins."""

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
