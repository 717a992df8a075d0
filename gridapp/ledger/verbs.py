"""Verbs: what an officer can do. A verb is a function `verb(act, …)`; its name stands in the journal, its title in the story."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from gridapp.ledger.permits import Needs, Permit, needs
from gridapp.texts import N_, _

#: a function whose first parameter is the act (gridapp.ledger.reader.Acting)
V = TypeVar("V", bound=Callable[..., Any])

#: the act of taking another station's seals in
TAKEN_IN = "merge_parcel"
VERBS: dict[str, str] = {"undo": N_("撤销"), "redo": N_("重做"), TAKEN_IN: N_("接收交接包")}


#: what it takes to run a verb, and to take an act of it back
NEEDS: dict[str, Needs] = {TAKEN_IN: Needs(frozenset({Permit.HAND}))}
#: acts nobody did by hand: the keys for undo and redo pass them by, as if they were not there
BY_ITSELF: set[str] = set()


def verb(title: str, *permits: Permit, fresh: bool = False, by_itself: bool = False) -> Callable[[V], V]:
    """Register a function as something an officer with one of `permits` can do; names are unique because the journal keeps only the name.

    `by_itself`: it happens while the officer does something else (an alarm comes in), and is not what they mean by Ctrl+Z.
    """

    def register(function: V) -> V:
        name = function.__name__
        if name in VERBS:
            raise ValueError(f"two verbs are called {name}")
        VERBS[name] = title
        if by_itself:
            BY_ITSELF.add(name)
        if permits:
            needs(*permits, fresh=fresh)(function)
            NEEDS[name] = Needs(frozenset(permits), fresh)
        return function

    return register


def title_of(name: str) -> str:
    """The Chinese title of a verb; its name when this program does not know it (a newer one wrote it)."""
    return _(VERBS.get(name, name))
