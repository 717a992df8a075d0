"""Fields side by side in a form."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.widgets import GAP

#: below this width (design pixels) a line holds so many fields at most
NARROW, MOST_WHEN_NARROW = 860, 3


class Row(QVBoxLayout):
    """Fields side by side; many of them in two lines where the window is narrow, so that none is too short for its words."""

    def __init__(self, slots: Sequence[tuple[QWidget, int]]) -> None:
        super().__init__()
        self._slots, self._halved = slots, False
        self._lines = QHBoxLayout(), QHBoxLayout()
        self.setSpacing(0)
        for line in self._lines:
            line.setSpacing(theme.look.px(14))
            self.addLayout(line)
        for slot, width in slots:
            self._lines[0].addWidget(slot, width)

    def fit(self, narrow: bool) -> None:
        """One line or two."""
        if len(self._slots) <= MOST_WHEN_NARROW or narrow == self._halved:
            return
        self._halved = narrow
        self.setSpacing(theme.look.px(GAP) if narrow else 0)
        for place, (slot, width) in enumerate(self._slots):
            for line in self._lines:
                line.removeWidget(slot)
            self._lines[int(narrow and place >= MOST_WHEN_NARROW)].addWidget(slot, width)
