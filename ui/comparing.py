"""Comparing two groups of six digits: typed as the other side reads them out, or seen side by side with the other screen."""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from gridapp.texts import _
from ui import theme
from ui.widgets import GAP, column, entry, label

DIGITS = 12


def spaced(digits: str) -> str:
    """The two groups well apart."""
    return digits.replace(" ", "　")


class Compare(QWidget):
    """Whoever types what is heard need not see our digits; whoever sits beside the other screen ticks a box and sees them."""

    changed = Signal()
    #: Enter in the field
    entered = Signal()

    def __init__(self, hear: str, see: str) -> None:
        super().__init__()
        inside = column(self, 0, GAP)
        self.field = entry(_("如 123456 654321"))
        self.field.setProperty("role", "number")
        self.field.setAccessibleName(hear)
        self.field.setMaximumWidth(theme.look.px(360))
        self.tick = QCheckBox(see)
        self._shown = label("", "digits")
        self._shown.hide()
        for widget in (label(hear, "label", wrap=True), self.field, self.tick, self._shown):
            inside.addWidget(widget)
        self.field.textChanged.connect(lambda _text: self.changed.emit())
        self.field.returnPressed.connect(self.entered)
        self.tick.toggled.connect(self._ticked)

    def begin(self, digits: str) -> None:
        """Compare with these."""
        self.field.clear()
        self.tick.setChecked(False)
        self._shown.setText(spaced(digits))

    def _ticked(self, on: bool) -> None:
        self._shown.setVisible(on)
        self.field.setEnabled(not on)
        self.changed.emit()

    @property
    def ready(self) -> bool:
        """Whether something was compared: the box is ticked, or as many digits as there are were typed."""
        return self.tick.isChecked() or sum(c.isdecimal() for c in unicodedata.normalize("NFKC", self.field.text())) == DIGITS

    @property
    def heard(self) -> str | None:
        """What was typed, for the program to compare; None where a person has compared by eye."""
        return None if self.tick.isChecked() else self.field.text()
