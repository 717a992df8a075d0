"""A real window on a real ledger for the tests of the screens; nobody sits in front of it, nothing may wait for anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QDeadlineTimer, QEvent, QEventLoop, QSize, Qt, QTimer, QTimerEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from gridapp.errors import Sorted
from gridapp.ledger import Ledger
from gridapp.settings import Settings
from ui import app, messages, theme
from ui.desk import Desk
from ui.forms.form import Form
from ui.jobs import Worker
from ui.window import Window


#: a height that depends on a width reaches the page around it one event later
LAYOUT_ROUNDS = 4


class Office:
    """The window, its desk, and hands to type with."""

    def __init__(self, qtbot: QtBot, ledger: Ledger | None, path: Path | str, settings: Settings) -> None:
        self.qtbot, self.told, self.crashed, self.closed = qtbot, list[Sorted](), list[BaseException](), False
        app.application(settings)
        worker = Worker()
        worker.crashed.connect(self.crashed.append)
        self.desk = Desk(worker, self.told.append)
        self.window = Window(self.desk, settings, path)
        self.window.show()
        if ledger is not None:
            ledger.sign_in(ledger.officer)
            self.desk.ledger = ledger
            self.window.start._opened(ledger)
            self.settle()

    def settle(self) -> None:
        """Until everything asked is answered and painted."""
        until, waker = QDeadlineTimer(20_000), QTimer(interval=50)
        waker.start()  # nothing may come any more
        QApplication.processEvents()
        while not (self.desk.worker.idle and self.desk.aside.idle):
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            assert not until.hasExpired(), "it is never quiet"
        for _round in range(LAYOUT_ROUNDS):
            QApplication.processEvents()
        assert not self.crashed, self.crashed

    def show(self, key: str) -> Any:
        """A screen, settled."""
        screen = self.window.show_screen(key)
        self.settle()
        return screen

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, widget: QWidget | None = None) -> None:
        QTest.keyClick(widget or self.window.focusWidget() or self.window, key, modifier)
        self.let_go()

    def let_go(self) -> None:
        """A button pressed by its key stays down for a tenth of a second before it clicks: its time is over now."""
        clocks = QAbstractEventDispatcher.instance()
        for button in [b for b in self.window.findChildren(QAbstractButton) if b.isDown()]:
            for timer in clocks.registeredTimers(button):
                QApplication.sendEvent(button, QTimerEvent(timer.timerId))
        self.settle()

    def type(self, form: Form, **texts: str) -> None:
        """Type into fields of a form one after another; characters no keyboard has come from an input method."""
        for name, text in texts.items():
            target = form.slots[name].editor.target
            form.focus(name)
            if text.isascii():
                QTest.keyClicks(target, text)
            else:
                form.slots[name].editor.set_text(text)
                form.slots[name].editor.edited.emit()
            self.settle()

    def close(self) -> None:
        """Close the window and the ledger, unless the program did (`closed`), and throw the window away; a second time does nothing."""
        if not self.closed:
            self.closed = True
            if self.desk.ledger is not None:
                self.settle()
            self.window.close()
            self.desk.close()
        if isValid(self.window):  # one that lived on would be looked at by the tests that look at every window
            self.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def open_office(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """Opens windows; closes them and their ledgers afterwards."""
    opened: list[Office] = []

    def begin(ledger: Ledger | None = None, *, dark: bool = False, factor: float = 1.0, size: QSize = QSize(1366, 728),
              path: Path | str | None = None) -> Office:
        made = Office(qtbot, ledger, path or tmp_path / "none.grid", Settings(dark=dark, factor=factor))
        made.window.resize(size)
        opened.append(made)
        return made

    yield begin
    for office in opened:
        office.close()
    theme.look.dark, theme.look.factor = False, 1.0


@pytest.fixture
def office(open_office: Callable[..., Office], ledger: Ledger) -> Office:
    """A window on an empty ledger of the village."""
    return open_office(ledger)


@pytest.fixture
def busy(open_office: Callable[..., Office], village: Ledger) -> Office:
    """A window on a village with two houses, people in and out, a patrol, a hazard."""
    return open_office(village)


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the boxes said; every question is answered with yes."""
    said = list[str]()
    monkeypatch.setattr(messages, "ask", lambda text, _yes, _no: said.append(text) or True)
    monkeypatch.setattr(messages, "inform", said.append)
    return said
