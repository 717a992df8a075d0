"""The line over a paper that can hang on a wall: with names and numbers masked, or in full and why."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from gridapp.errors import Sorted
from gridapp.texts import _
from ui import theme
from ui.flow import Flow
from ui.widgets import PAGE_MARGIN, answer, button, entry, label, row_of, say


class CoverBar(QFrame):
    """Says which copy is shown and changes to the other; a list that is made to be posted asks why it is wanted in full."""

    #: another copy is wanted: masked, and why when it is not
    chosen = Signal(bool, str)
    key = "F11"

    def __init__(self) -> None:
        super().__init__()
        from gridapp.work.revealing import OTHER, TO_PRINT

        self.setProperty("role", "bar")
        self._masked = self._posted = False
        whole = QVBoxLayout(self)
        around = theme.look.px(PAGE_MARGIN)
        whole.setContentsMargins(around, theme.look.px(4), around, theme.look.px(4))
        self._words, self._alert = label("", wrap=True), answer("alert")
        self.turn = button("", self._turn, icon="eye", role="tight", key=self.key)
        line = row_of(stretch=False)
        line.addWidget(self._words, 1)
        line.addWidget(self.turn)
        whole.addLayout(line)
        self.reasons = {key: button(_(title), partial(self._reason, key), role="chip") for key, title in TO_PRINT.items()}
        self.other = entry(_("写明做什么用，按 Enter"))
        self.other.returnPressed.connect(partial(self._give, OTHER))
        self._cancel = button(_("算了"), self._quiet, role="tight")
        self._asking = [*self.reasons.values(), self._cancel]
        whole.addLayout(Flow(*self.reasons.values(), self.other, self._cancel))
        whole.addWidget(self._alert)
        self.hide()

    def stand_over(self, offered: bool, posted: bool, masked: bool) -> None:
        """Over a paper that is there both ways (`offered`), masked or in full at the moment."""
        self._posted, self._masked = posted, masked
        self._quiet()
        self.setVisible(offered)

    def _quiet(self) -> None:
        self._show(asking=False)

    def _show(self, asking: bool) -> None:
        for widget in self._asking:
            widget.setVisible(asking)
        self.other.hide()
        self.other.clear()
        self._alert.hide()
        self.turn.setVisible(not asking)
        self._words.setText(_("为什么要打印完整的一份？会记下来。") if asking else _("姓名和号码已遮住，可以张贴。") if self._masked else
                            _("完整的一份，不要张贴。") if self._posted else _("完整的一份，归档用；要张贴请先遮住。"))
        self.turn.setText(_("完整的一份（{0}）").format(self.key) if self._masked else _("遮住姓名和号码（{0}）").format(self.key))
        self.turn.setShortcut(self.key)  # a button forgets its key with its words

    def _turn(self) -> None:
        """A register is filed in full: nobody is asked why."""
        from gridapp.work.revealing import FILING

        if not self._masked:
            self.chosen.emit(True, "")
        elif not self._posted:
            self._give(FILING)
        else:
            self._show(asking=True)
            next(iter(self.reasons.values())).setFocus()

    def _reason(self, key: str) -> None:
        from gridapp.work.revealing import OTHER

        if key == OTHER:
            self.other.show()
            self.other.setFocus()
        else:
            self._give(key)

    def _give(self, key: str) -> None:
        from gridapp.work.revealing import reason_in_words

        try:
            why = reason_in_words(key, self.other.text())
        except Sorted as refused:
            say(self._alert, refused.text)
        else:
            self.chosen.emit(False, why)
