"""Every password is forgotten: with the recovery sheet (恢复纸), or the town's paper where it was let in, the administrator gets a new one."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from gridapp.errors import Sorted
from gridapp.exchange.escrow import LINES
from gridapp.texts import _
from ui.desk import Desk
from ui.widgets import CARD_MARGIN, GAP, answer, button, column, entry, label, row_of, say


class BySheetCard(QFrame):
    """The groups of the sheet or the lines of the town's paper, and the new password twice."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._desk = desk
        self._path: Path | None = None
        inside = column(self, CARD_MARGIN, GAP)
        inside.addWidget(label(_("用恢复纸打开"), "title"))
        inside.addWidget(label(_("管理员忘了密码时用。请对照纸从第 1 组起按顺序输入，或用扫码枪扫二维码；然后给管理员设一个新密码。别的人忘了密码，请找管理员重设。"),
                               "muted", wrap=True))
        self.groups = entry(_("恢复纸上的 7 组字母"))
        self.town = button(_("用镇里的应急密钥纸"), self._turn, role="chip", checkable=True)
        self._paper = QWidget()
        self.lines = [entry(_("应急密钥纸第 {0} 行").format(number)) for number in range(1, LINES + 1)]
        lines = column(self._paper, 0, GAP)
        for line in self.lines:
            lines.addWidget(line)
        self.new, self.again = entry(_("管理员的新密码，至少 15 个字符"), secret=True), entry(_("再输一遍新密码"), secret=True)
        for here, following in [(self.groups, self.new), *pairwise(self.lines), (self.lines[-1], self.new)]:
            here.returnPressed.connect(following.setFocus)
        self.new.returnPressed.connect(self.again.setFocus)
        self.again.returnPressed.connect(self.open)
        self.alert = answer("alert")
        self.go_button = button(_("打开台账"), self.open, role="primary")
        inside.addLayout(row_of(self.town))
        for widget in (self.groups, self._paper, self.new, self.again, self.alert, self.go_button):
            inside.addWidget(widget)
        inside.addLayout(row_of(button(_("返回"), self.leave, icon="arrow-left")))
        inside.addStretch(1)

    def begin(self, path: Path) -> None:
        self._path = path
        self.alert.hide()
        self.town.setChecked(False)
        self.town.hide()
        self._turn()
        self._desk.is_lent(path, self.town.setVisible)

    def _turn(self) -> None:
        """One paper or the other."""
        self._paper.setVisible(self.town.isChecked())
        self.groups.setHidden(self.town.isChecked())
        (self.lines[0] if self.town.isChecked() else self.groups).setFocus()

    def open(self) -> None:
        assert self._path is not None
        if self.new.text() != self.again.text():
            say(self.alert, _("两次输入的密码不一样，请重新输入。"))
            return
        if self.go_button.isEnabled():
            self.go_button.setEnabled(False)
            town = self.town.isChecked()
            typed = "\n".join(line.text() for line in self.lines) if town else self.groups.text()
            self._desk.enter_by_sheet(self._path, typed, self.new.text(), self._came, self._refused, town=town)

    def _came(self, ledger: Any) -> None:
        self._forget()
        self.opened.emit(ledger)

    def _refused(self, failure: Sorted) -> None:
        self.go_button.setEnabled(True)
        say(self.alert, failure.text)

    def leave(self) -> None:
        self._forget()
        self.left.emit()

    def _forget(self) -> None:
        self.go_button.setEnabled(True)
        for field in (self.groups, *self.lines, self.new, self.again):
            field.clear()
