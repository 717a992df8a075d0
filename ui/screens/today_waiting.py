"""The card of 今日 with what waits: a button for each kind of work leads to its list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QFrame

from gridapp.texts import _
from ui.flow import Flow
from ui.widgets import button, card, label


def built(told: Sequence[Any], reaches: Callable[[str], bool], go: Callable[[str, str, tuple[Any, ...]], object]) -> QFrame:
    """The card; what is late stands first, in red. `go` shows another screen."""
    made, inside = card()
    shown = [one for one in told if reaches(one.screen)]
    inside.addLayout(Flow(label(_("今天要办"), "subtitle"), *(
        button(f"{_(one.title)}  {one.count:,}", partial(go, one.screen, "choose", (one.which,)), icon="triangle-alert" if one.late else "clipboard-list",
               role="tight") for one in shown)))
    return made
