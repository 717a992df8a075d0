"""The line that says the PC's clock may be wrong, until an officer has looked at it or something was saved since (reliability.md C2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame

from gridapp.texts import _
from ui.desk import Desk
from ui.widgets import bar, button, column, label

if TYPE_CHECKING:
    from gridapp.ledger.clock import Doubt

#: how often the clock is looked at again: it may be set while the program runs
EVERY_MS = 600_000


def _asked(ledger: Any) -> Doubt | None:
    from gridapp.work import clocks

    found: Doubt | None = clocks.clock_doubt(ledger)
    return found


class ClockBar(QFrame):
    """Hidden while nothing speaks against the clock."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._seen = desk, ""
        self.words = label("", "alert", wrap=True)
        self.right = button(_("日期是对的"), self._agree, role="quiet")
        inside, row = bar("bar", self.words)
        row.setStretch(0, 1)
        row.addWidget(self.right)
        column(self).addWidget(inside)
        self.hide()
        again = QTimer(self)
        again.timeout.connect(self.look)
        again.start(EVERY_MS)
        self.look()

    def look(self) -> None:
        """Compare the clock with the last act."""
        if self._desk.ledger is not None:
            self._desk.call(_asked, then=self._told, fail=lambda _refused: None, lane="clock")

    def _told(self, doubt: Doubt | None) -> None:
        self.setVisible(doubt is not None and doubt.why != self._seen)
        if doubt is not None:
            self.words.setText(doubt.text)
            self._why = doubt.why

    def _agree(self) -> None:
        """The officer has looked; the same doubt is not told again."""
        self._seen = self._why
        self.hide()
