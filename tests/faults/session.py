"""A day's work through the real window with canaries in it: `python -m tests.faults.session INSIDE OUTSIDE`; stops are told on stdout.

A ledger is begun, its sheet typed back; houses and people are typed in, a workbook is taken in, searched, patrolled, printed, handed over,
backed up, tried; bugs are made on purpose; the program locks itself (and begins anew) and is closed. `tests/faults/canary.py` looks meanwhile.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from tests.faults.workday import Day, Story, stop


def play(day: Day, story: Story) -> None:
    """Go on whenever everything asked is answered; a box that waits is read and closed."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QAbstractButton, QApplication

    def go_on() -> None:
        QTimer.singleShot(20, go_on)
        box = QApplication.activeModalWidget()
        if box is not None:
            box.findChildren(QAbstractButton)[0].click()
            return
        if day.window.desk.worker.idle and day.window.desk.copies.idle:
            day.window.grab()
            try:
                next(story)
            except StopIteration:
                return
            except AssertionError:
                traceback.print_exc()
                os._exit(3)

    QTimer.singleShot(0, go_on)


def main() -> int:
    import main as program
    from gridapp import preflight
    from gridapp.settings import Settings
    from gridapp.store import reserve, vault
    from tests import ledgers
    from ui import app

    preflight.leave_no_core()
    vault.ARGON2 = ledgers.CHEAP
    reserve.SIZE = 1 << 20  # random bytes: the fewer, the sooner they are looked through
    at = program.arguments(sys.argv[3:]).at
    app.application(Settings.load())
    day = Day(Path(sys.argv[2]))
    play(day, day.second_life() if at else day.first_life())
    code = app.run(None, at=at)
    stop("the window is closed")
    return code


if __name__ == "__main__":
    sys.exit(main())
