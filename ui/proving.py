"""Something grave is about to be done: who sits here types the password once more, in a line above the screen (reliability.md A6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from gridapp.errors import Sorted
from gridapp.texts import _
from ui.desk import Desk
from ui.flow import Flow
from ui.widgets import answer, button, column, entry, label, say

Step = Callable[[], Any]


class ProvingBar(QFrame):
    """Hidden until it is needed; the screen below stays as it is, and nothing waits in a box."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self._desk = desk
        self._steps: list[tuple[Step, Step]] = []
        self._hand: QWidget | None = None
        inside = column(self, 10, 6)
        inside.addWidget(label(_("这一步要再输一次您的密码，确认是您本人。"), wrap=True))
        self.password = entry(_("您的密码"), secret=True)
        self.password.returnPressed.connect(self.prove)
        self.go_button = button(_("确定（Enter）"), self.prove, role="primary")
        inside.addLayout(Flow(self.password, self.go_button, button(_("不做了（Esc）"), self.cancel)))
        self.alert = answer("alert")
        inside.addWidget(self.alert)
        self.hide()
        desk.prover = self.ask

    def ask(self, again: Step, dropped: Step) -> None:
        """Show the question; `again` does the refused step once more, `dropped` tells that it was not done."""
        if not self._steps:
            window = self.window()
            self._hand = window.focusWidget()
        self._steps.append((again, dropped))
        self.alert.hide()
        self.show()
        self.password.setFocus()

    def prove(self) -> None:
        if self._steps and self.go_button.isEnabled():
            self.go_button.setEnabled(False)
            self._desk.prove(self.password.text(), self._proved, self._refused)

    def _proved(self, _answer: Any) -> None:
        for again, _dropped in self._done():
            again()

    def _refused(self, failure: Sorted) -> None:
        self.go_button.setEnabled(True)
        say(self.alert, failure.text)
        self.password.setFocus()
        self.password.selectAll()

    def cancel(self) -> None:
        """Nothing was done, and whoever asked for it says so."""
        for _again, dropped in self._done():
            dropped()

    def _done(self) -> list[tuple[Step, Step]]:
        steps, self._steps = self._steps, []
        self.go_button.setEnabled(True)
        self.password.clear()
        self.hide()
        if self._hand is not None and self._hand.isVisible():
            self._hand.setFocus(Qt.FocusReason.OtherFocusReason)
        self._hand = None
        return steps

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc belongs to the question while the keyboard is in it."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        else:
            super().keyPressEvent(event)
