"""A real window on a ledger, typed into by a process of its own: `python -m tests.bench.atdesk LEDGER PASSWORD` prints what it took as JSON.

A time is from the key to the answer painted. A stall is the longest time the window's thread did not come round to its next turn.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
BEGUN = time.perf_counter()

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gridapp.settings import Settings
from ui import app
from ui.desk import Desk
from ui.jobs import Worker
from ui.window import Window

#: words that are typed letter by letter
TYPED = ("zhangwei", "wxm", "王小", "13812", "9619", "QHY0123", "祠堂路12", "张xm", "liuyang 101")
#: seconds; what 今日 asks of one village of a million people takes longer than half a minute
LATEST = 300.0


class Pulse(QObject):
    """How long the window's thread was away at most."""

    def __init__(self) -> None:
        super().__init__()
        self.longest, self._last = 0.0, time.perf_counter()
        self._timer = QTimer(self, interval=1)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now

    def forget(self) -> None:
        self.longest, self._last = 0.0, time.perf_counter()


class Painted(QObject):
    """Counts how often something was painted."""

    def __init__(self, watched: Any) -> None:
        super().__init__(watched)
        self.times = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.times += 1
        return False


def memory(which: str) -> float:
    """MB of this process: VmRSS now, VmHWM the most there was."""
    told = next(line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith(which))
    return int(told.split()[1]) / 1024


def until(done: Callable[[], bool]) -> None:
    """Turn the event loop until it is so, waiting for its next event (a beat of the pulse at the latest), not asking again and again."""
    end = time.perf_counter() + LATEST
    while not done():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.perf_counter() > end:
            raise RuntimeError("it never came")


class Sitting:
    """The window and who types."""

    def __init__(self, path: Path, password: str) -> None:
        self.password = password
        self.pulse = Pulse()
        self.desk = Desk(Worker(), lambda failure: print(failure.text, file=sys.stderr))
        self.window = Window(self.desk, Settings.load(), path)
        self.window.resize(1366, 728)
        self.window.show()
        painted = Painted(self.window.start.password)
        until(lambda: painted.times > 0)
        self.told: dict[str, Any] = {"to the password": time.perf_counter() - BEGUN}
        self.desk.get_ready()

    def timed(self, what: Callable[[], object], done: Callable[[], bool]) -> float:
        begun = time.perf_counter()
        what()
        until(done)
        return time.perf_counter() - begun

    def sign_in(self) -> None:
        """From Enter to the first screen of the day; what is loaded meanwhile is loaded when somebody has typed a password."""
        until(lambda: self.desk.worker.idle)
        self.window.start.password.setText(self.password)
        today = lambda: self.window.screens.get("today")  # noqa: E731
        self.told["from the password"] = self.timed(self.window.start.open, lambda: bool(today() and today().isVisible() and self.window.search.isEnabled()))
        until(lambda: self.desk.worker.idle and self.desk.aside.idle)
        self.told["memory while opening"] = memory("VmHWM")
        Path("/proc/self/clear_refs").write_text("5", "ascii")  # the most from here on

    def search(self) -> None:
        """Every letter of every word, until its answers are painted."""
        box, times = self.window.search, list[float]()
        painted, came = Painted(box.answers.viewport()), list[int]()
        answered = box._came
        box._came = lambda *told: (answered(*told), came.append(painted.times))
        self.pulse.forget()
        for text in TYPED:
            box.clear()
            box.setFocus()
            for place in range(1, len(text) + 1):
                if not text[place - 1].strip():
                    box.setText(text[:place])
                    continue
                came.clear()
                times.append(self.timed(lambda: self._type(box, text[:place]), lambda: bool(came) and painted.times > came[-1]))  # noqa: B023
        self.told["keys"], self.told["stall while typing"] = times, self.pulse.longest
        box.clear()
        box.panel.hide()

    def _type(self, box: Any, text: str) -> None:
        if text[-1].isascii():
            QTest.keyClick(box, text[-1])
        else:  # as an input method puts it in
            box.setText(text)
            box.textEdited.emit(text)

    def lists(self) -> None:
        """The people: first page, the middle, the end, back, steps through the pages."""
        self.pulse.forget()
        table: Any = None

        def show() -> None:
            nonlocal table
            table = self.window.show_screen("people").list.table

        self.told["list opened"] = self.timed(show, lambda: table.rows._turn > 0 and self._first_shown(table))
        until(lambda: self.desk.worker.idle and self.desk.aside.idle)
        self.pulse.forget()
        browse, pages = self.window.screens["people"].list, list[float]()
        for which in [key for key in browse.filters if key != browse.which][:3] + [browse.which]:
            turn = table.rows._turn
            pages.append(self.timed(lambda: browse.choose(which), lambda: table.rows._turn > turn and self._first_shown(table)))  # noqa: B023
            until(lambda: self.desk.worker.idle and self.desk.aside.idle)
        self.told["first pages"] = pages
        bar, times = table.verticalScrollBar(), list[float]()
        for part in (0.5, 1.0, 0.25, 0.0, 0.75, 0.123, 0.9, 0.4):
            times.append(self.timed(lambda: bar.setValue(int(bar.maximum() * part)), lambda: self._here(table)))  # noqa: B023
        self.told["jumps"], self.told["stall in lists"] = times, self.pulse.longest
        self.told["rows"] = table.rows.rowCount()

    def _first_shown(self, table: Any) -> bool:
        return not table.rows.rowCount() or table.rows.row_at(0) is not None

    def _here(self, table: Any) -> bool:
        top, bottom = table.rowAt(0), table.rowAt(table.viewport().height() - 1)
        return all(table.rows.row_at(max(0, row)) is not None for row in (top, bottom if bottom >= 0 else table.rows.rowCount() - 1))

    def long_story(self, person: Any) -> None:
        screen = self.window.screens["people"]
        self.told["long story"] = [self.timed(lambda: screen.open_card(person), lambda: screen.card is not None and screen.card.record.id == person
                                              and self.desk.worker.idle) for _again in range(3)]


def main(path: Path, password: str) -> None:
    app.application(Settings.load())
    sitting = Sitting(path, password)
    sitting.sign_in()
    sitting.search()
    sitting.lists()
    found = [hit for hit in sitting.desk.ledger.search("故事长") if hit.entity == "person"]
    if found:
        sitting.long_story(found[0].id)
    print(json.dumps(sitting.told | {"memory at most": memory("VmHWM"), "memory": memory("VmRSS")}))
    sitting.desk.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
