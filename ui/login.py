"""Coming in: whose password, the password, Enter; and where it is good once, a lasting one that nobody else knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit

from gridapp.errors import Sorted
from gridapp.texts import _
from ui.desk import Desk
from ui.flow import Flow
from ui.widgets import CARD_MARGIN, GAP, answer, button, column, entry, label, row_of, say

SECOND_MS = 1000


class LoginCard(QFrame):
    """The known ledger: a name this PC has seen, or another one, and the password."""

    #: the ledger, open; its officer may have to choose a lasting password first
    opened = Signal(object)
    #: the ledger's key file is lost
    keys_lost = Signal()

    def __init__(self, desk: Desk, *others: tuple[str, Any]) -> None:
        """`others`: words and what they run, for whoever wants something else."""
        super().__init__()
        self.setProperty("role", "card")
        self._desk = desk
        self.path: Path | str | None = None
        self._seen: list[tuple[int, str]] = []
        self._wait = 0
        self._timer = QTimer(self, interval=SECOND_MS)
        self._timer.timeout.connect(self._count_down)
        inside = column(self, CARD_MARGIN, GAP)
        inside.addWidget(label(_("平安网格"), "title"))
        inside.addWidget(label(_("流动人口和出租房屋台账"), "muted"))
        self.known = label(wrap=True)
        self.who = QComboBox()
        self.who.setAccessibleName(_("谁的密码"))
        self.who.activated.connect(lambda _at: self._chosen())
        self.name = entry(_("姓名（只有一个账号时可以不填）"))
        self.password = entry(_("密码"), secret=True)
        self.name.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self.open)
        self.alert = answer("alert")
        self.open_button = button(_("打开（Enter）"), self.open, role="primary")
        for widget in (self.known, self.who, self.name, self.password, self.alert, self.open_button):
            inside.addWidget(widget)
        inside.addLayout(Flow(*(button(words, run) for words, run in others)))
        inside.addStretch(1)

    def begin(self, path: Path | str, seen: Sequence[tuple[int, str]]) -> None:
        """For the ledger at `path`, and whoever signed in there from this PC, newest first."""
        self.path, self._seen = path, list(seen)
        shown = path.rpartition("@")[2] if isinstance(path, str) else path  # never who logs in, or with what
        self.known.setText(_("台账：{0}").format(shown))
        self.who.clear()
        self.who.addItems([name for _number, name in self._seen] + [_("其他…")])
        self.who.setVisible(bool(self._seen))
        self.name.clear()
        self._look_for_name()
        self.alert.hide()
        self._stop_waiting()

    def first(self) -> QLineEdit:
        """Where typing begins."""
        return self.password

    def _look_for_name(self) -> None:
        others = self.who.currentIndex() >= len(self._seen)
        self.name.setVisible(others)

    def _chosen(self) -> None:
        """Another name: their wait is not somebody else's."""
        self._look_for_name()
        self._stop_waiting()
        self.alert.hide()
        (self.password if self.name.isHidden() else self.name).setFocus()

    @property
    def officer(self) -> int | str | None:
        """Whose password it is said to be: a number, a name that was typed, or nobody said."""
        at = self.who.currentIndex()
        return self._seen[at][0] if at < len(self._seen) else self.name.text().strip() or None

    def open(self) -> None:
        """Try the password; a refusal is said under the field."""
        if self.path is not None and self.open_button.isEnabled():
            self.alert.hide()
            self._enable(False)
            self._desk.open(self.path, self.password.text(), self._came, self._refused, officer=self.officer)

    def _came(self, ledger: Any) -> None:
        self._enable(True)
        self.password.clear()
        self.opened.emit(ledger)

    def _refused(self, failure: Sorted) -> None:
        self._enable(True)
        say(self.alert, failure.text)
        self.password.setFocus()
        self.password.selectAll()
        if type(failure).__name__ == "KeysMissing":  # the classes are not loaded before they are raised
            self.keys_lost.emit()
        if seconds := getattr(failure, "seconds", 0):
            self._wait = seconds
            self.open_button.setEnabled(False)
            self._timer.start()

    # -- after too many wrong ones (A3)

    def _count_down(self) -> None:
        self._wait -= 1
        if self._wait <= 0:
            self._stop_waiting()
            say(self.alert, _("现在可以再试了。"))
            return
        from gridapp.store.refusals import MustWait

        say(self.alert, MustWait(self._wait).text)

    def _stop_waiting(self) -> None:
        self._timer.stop()
        self._wait = 0
        self.open_button.setEnabled(True)

    def _enable(self, yes: bool) -> None:
        for widget in (self.open_button, self.password, self.who, self.name):
            widget.setEnabled(yes)


class LastingCard(QFrame):
    """Whoever came in with what is good once chooses a password before anything opens."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._desk = desk
        self._ledger: Any = None
        inside = column(self, CARD_MARGIN, GAP)
        inside.addWidget(label(_("设一个只有您知道的密码"), "title"))
        inside.addWidget(label(_("刚才的密码只能用一次，或者按规定已经到期。新密码谁也不要告诉，管理员也不需要知道；建议用一句好记的话。"), "muted", wrap=True))
        self.new, self.again = entry(_("新密码"), secret=True), entry(_("再输一遍新密码"), secret=True)
        self.new.returnPressed.connect(self.again.setFocus)
        self.again.returnPressed.connect(self.choose)
        self.alert = answer("alert")
        self.go_button = button(_("设好，打开台账"), self.choose, role="primary")
        for widget in (self.new, self.again, self.alert, self.go_button):
            inside.addWidget(widget)
        inside.addLayout(row_of(button(_("先不打开"), self.leave, icon="arrow-left")))
        inside.addStretch(1)

    def begin(self, ledger: Any) -> None:
        self._ledger = ledger
        self.alert.hide()

    def choose(self) -> None:
        if self.new.text() != self.again.text():
            say(self.alert, _("两次输入的密码不一样，请重新输入。"))
            return
        new = self.new.text()

        def job(ledger: Any) -> None:
            from gridapp.work import accounts

            accounts.choose_password(ledger, new)

        self.go_button.setEnabled(False)
        self._desk.call(job, self._done, self._refused)

    def _done(self, _answer: Any) -> None:
        ledger = self._ledger
        self._forget()
        self.chosen.emit(ledger)

    def _refused(self, failure: Sorted) -> None:
        self.go_button.setEnabled(True)
        say(self.alert, failure.text)

    def leave(self) -> None:
        """Nothing was opened; the password that was good once is used up."""
        self._forget()
        self._desk.let_go(lambda _closed: self.left.emit())

    def _forget(self) -> None:
        self._ledger = None
        self.go_button.setEnabled(True)
        for field in (self.new, self.again):
            field.clear()
