"""Locking (锁定): after minutes without a key or the mouse the ledger is closed and the program begins anew, so that no key stays in memory.

The memory of a Python program cannot be wiped; a new program in its place has none of it (reliability.md A5; docs/adr/0021).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QFrame

from gridapp.settings import Settings
from gridapp.texts import _
from ui import theme
from ui.widgets import column, label, page

TICK_MS = 1000
#: so long after signing in it locks whatever was done since, in seconds
LONGEST = 12 * 3600
#: a PC that slept longer than this is locked when it wakes, in seconds
SLEPT = 5
#: how a new program is told where to go on: a screen's key, and perhaps an action of it
AT = "--at"
_TOUCHES = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.TouchBegin,
                      QEvent.Type.TabletPress})


def awake() -> float:
    """Seconds the PC was awake; nobody can set it back."""
    return time.monotonic()


def elapsed() -> float:
    """Seconds that went by, sleep included, where the system counts them."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class Watch(QObject):
    """Notes when somebody touched the keyboard or the mouse last, in any window of this program, and tells when it is time to lock."""

    due = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None, awake: Callable[[], float] = awake,
                 elapsed: Callable[[], float] = elapsed) -> None:
        super().__init__(parent)
        self._settings, self._awake, self._elapsed = settings, awake, elapsed
        self._begun = self._touched = self._looked = elapsed()
        self._gap = elapsed() - awake()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.look)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self.watch)

    def watch(self, window: QWindow | None) -> None:
        """Native windows are watched, not widgets: one event for each key, not one for each widget it passes through."""
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def begin(self) -> None:
        """Somebody signed in."""
        self._begun = self._touched = self._looked = self._elapsed()
        self._gap = self._elapsed() - self._awake()
        self._timer.start()

    def end(self) -> None:
        self._timer.stop()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._touched = self._elapsed()
        return False

    def look(self) -> None:
        """Whether it is time."""
        now, gap = self._elapsed(), self._elapsed() - self._awake()
        slept = gap - self._gap > SLEPT
        self._gap, self._looked = gap, now
        if slept or now - self._touched >= self._settings.lock_after * 60 or now - self._begun >= LONGEST:
            self.due.emit()


class Cover(QFrame):
    """In front of everything while long work is finished before the ledger can be closed."""

    def __init__(self) -> None:
        super().__init__()
        page(self)
        whole = column(self, 40, 12)
        whole.addStretch(1)
        whole.addWidget(label(_("已锁定"), "title"))
        whole.addWidget(label(_("手上的工作（导入、打印、交接或备份）还在做，不会中断；做完就关闭台账，回到输密码的地方。"), "muted", wrap=True))
        whole.addStretch(2)
        self.setMinimumSize(theme.look.px(200), theme.look.px(120))


def forget_clipboard() -> None:
    """What this program put there; another program's is not ours to take away (without a screen there is no other, and nobody says whose it is)."""
    board = QGuiApplication.clipboard()
    if board.ownsClipboard() or QGuiApplication.platformName() == "offscreen":
        board.clear()


def command(at: str, given: list[str] | None = None) -> list[str]:
    """The very command this program was started with, and where to go on."""
    told = list(sys.orig_argv if given is None else given)
    with suppress(ValueError):
        place = told.index(AT)
        del told[place:place + 2]
    return [sys.executable, *told[1:], *([AT, at] if at else [])]


def begin_anew(at: str) -> None:
    """Another program takes this one's place, and its memory; on Windows this one must end by itself afterwards."""
    told = command(at)
    if sys.platform == "win32":
        subprocess.Popen(told)
        return
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os.execv(told[0], told)
