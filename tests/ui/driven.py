"""The real program with a real window, told from outside what to do: `python -m tests.ui.driven LEDGER [--at …]`, one step a line on stdin."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSocketNotifier, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import main as program
from gridapp import preflight
from gridapp.settings import Settings
from gridapp.store import vault
from tests import ledgers
from ui import app
from ui.window import Window


def window() -> Any:
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, Window))


def when_quiet(then: Any) -> None:
    """Once everything asked is answered."""
    if not (window().desk.worker.idle and window().desk.copies.idle and window().desk.aside.idle):
        QTimer.singleShot(20, lambda: when_quiet(then))
    else:
        QApplication.processEvents()
        then()


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def sign_in() -> None:
    start = window().start
    start.password.setText(ledgers.PASSWORD)
    start.open()
    when_quiet(lambda: QTimer.singleShot(0, lambda: when_quiet(lambda: say("in", window()._shown_key()))))


def show(phone: str) -> None:
    """The list of people, and a form half filled in."""
    window().show_screen("people")
    when_quiet(lambda: fill_in(phone))


def fill_in(phone: str) -> None:
    screen = window().screens["people"]
    window().grab()
    screen.register()
    QTest.keyClicks(screen._new.form.slots["phone"].editor.target, phone)
    QApplication.clipboard().setText(phone)
    when_quiet(lambda: say("shown"))


def draft(phone: str) -> None:
    """A number half typed, one digit of it put in before the last three."""
    window().show_screen("people")
    when_quiet(lambda: half_typed(phone))


def half_typed(phone: str) -> None:
    page = window().screens["people"]._new
    window().screens["people"].register()
    target = page.form.slots["phone"].editor.target
    page.form.focus("phone")
    QTest.keyClicks(target, phone)
    for _digit in range(3):
        QTest.keyClick(target, Qt.Key.Key_Left)
    QTest.keyClicks(target, "8")
    when_kept(page)


def when_kept(page: Any) -> None:
    """Once the form says that it is kept."""
    if page.pill.isVisible() and not page._timer.isActive():
        when_quiet(lambda: say("kept"))
    else:
        QTimer.singleShot(20, lambda: when_kept(page))


def lock() -> None:
    window().header.lock.click()


def tell() -> None:
    """What came back, where; and what is on the clipboard."""
    screen = window().screens["people"]
    when_quiet(lambda: say("form", screen.filling, screen._new.form.slots["phone"].editor.target.text()))


DOES: dict[str, Any] = {"sign-in": sign_in, "show": show, "draft": draft, "lock": lock, "tell": tell, "quit": QApplication.quit}


def hear() -> None:
    for line in os.read(0, 1000).decode().splitlines():
        word, *given = line.split()
        DOES[word](*given)


def main() -> None:
    preflight.leave_no_core()
    vault.ARGON2 = ledgers.CHEAP
    told = program.arguments([*(["--ledger", sys.argv[1]] if sys.argv[1] != "--at" else []), *sys.argv[2:]])
    app.application(Settings.load())
    heard = QSocketNotifier(0, QSocketNotifier.Type.Read)
    heard.activated.connect(hear)
    QTimer.singleShot(0, lambda: say("ready", told.at))
    app.run(Path(sys.argv[1]), at=told.at)


if __name__ == "__main__":
    main()
