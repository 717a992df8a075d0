"""A bar above the screens when the card reader could not read: what happened and what to do; gone with the next card that is read."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from gridapp.texts import _
from ui.desk import Desk
from ui.widgets import bar, button, column, label


class ReaderBar(QFrame):
    """Hidden while all is well."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        inside, row = bar("bar")
        column(self).addWidget(inside)
        self.words = label("", "alert", wrap=True)
        row.addWidget(self.words, 1)
        row.addWidget(button(_("知道了"), self.hide, role="tight"))
        desk.reader.changed.connect(self._show)
        self.hide()  # shown when it stands in its window: before, it would be a window of its own

    def _show(self) -> None:
        self.words.setText(self._desk.reader.why)
        self.setVisible(bool(self._desk.reader.why))
