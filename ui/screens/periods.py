"""The bar above figures and score-cards that says of which period they are: a kind of period, back, on, and in a town which village."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame

from gridapp.texts import _
from gridapp.work import figures
from gridapp.work.figures import Window
from ui.flow import Flow
from ui.widgets import GAP, PAGE_MARGIN, button, column, label

EARLIER, LATER = "Alt+Left", "Alt+Right"


class PeriodBar(QFrame):
    """Stands above a list."""

    #: another period or village is asked for
    changed = Signal()

    def __init__(self, kinds: Sequence[str], window: Window) -> None:
        super().__init__()
        self.setProperty("role", "header")
        self.asked = window
        self.kind, self.village = QComboBox(), QComboBox()
        self.kind.setAccessibleName(_("统计周期"))
        self.village.setAccessibleName(_("村"))
        for kind in kinds:
            self.kind.addItem(_(figures.KINDS[kind]), kind)
        self._title = label("", "subtitle")
        self._row = Flow(self.kind, button(_("上一期（Alt+←）"), lambda: self._turn(self.asked.before), icon="chevron-left", role="tight", key=EARLIER), self._title,
                         button(_("下一期（Alt+→）"), lambda: self._turn(self.asked.after), icon="chevron-right", role="tight", key=LATER), self.village)
        inside = column(self)
        inside.setContentsMargins(PAGE_MARGIN, GAP, PAGE_MARGIN, GAP)
        inside.addLayout(self._row)
        self.village.hide()
        self.kind.activated.connect(lambda _place: self._turn(figures.of(self.kind.currentData(), self.asked.last)))
        self.village.activated.connect(lambda _place: self.changed.emit())
        self.show_period(window)

    def show_period(self, window: Window) -> None:
        """This period from now on; nobody is told."""
        self.asked = window
        self.kind.setCurrentIndex(max(0, self.kind.findData(window.kind)))
        self._title.setText(window.title)

    def _turn(self, window: Window) -> None:
        self.show_period(window)
        self.changed.emit()

    def offer_villages(self, villages: Sequence[tuple[str, str]]) -> None:
        """The villages of a town, the chosen one stays; nothing is offered where there is one or none."""
        chosen = self.village.currentData()
        self.village.clear()
        for scope, name in villages:
            self.village.addItem(name, scope)
        self.village.setCurrentIndex(max(0, self.village.findData(chosen)))
        self.village.setVisible(len(villages) > 1)

    @property
    def scope(self) -> str:
        """The village that is chosen; '' before there is one."""
        return str(self.village.currentData() or "")

    def choose_village(self, scope: str) -> None:
        """This one from now on, if it is offered; nobody is told."""
        place = self.village.findData(scope)
        if place >= 0:
            self.village.setCurrentIndex(place)
