"""今日: the ledger came from a backup and lacks what was written since; said until somebody has read it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from gridapp.errors import Sorted
from gridapp.texts import _
from ui.desk import Desk
from ui.widgets import bar, button, empty, label


def asked(ledger: Any) -> str:
    """The sentence; '' where there is nothing to say."""
    from gridapp.work import keeping

    return keeping.restored(ledger)


def show(desk: Desk, where: QVBoxLayout, words: str) -> None:
    """The line with the way to put it away for good."""
    empty(where)
    if not words:
        return
    told, row = bar("bar")
    said = label(words, "alert", wrap=True)
    row.addWidget(said, 1)

    def seen(ledger: Any) -> None:
        from gridapp.work import keeping

        keeping.seen_restored(ledger)

    def refused(failure: Sorted) -> None:
        said.setText(failure.text)

    row.addWidget(button(_("知道了"), lambda: desk.call(seen, lambda _done: empty(where), refused)))
    where.addWidget(told)
