"""What the desktop tells (桌面): its screen was locked, another user took over, or the PC goes to sleep; then the ledger is locked too (A5).

Every desktop tells it in a way of its own; whichever it is, one signal comes out. Nothing here waits: who does not answer is not heard.
"""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget


class Desktop(QObject):
    """Listens while somebody is signed in."""

    #: whoever sat here is gone, or about to be
    left = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._ear: Any = None

    def begin(self) -> None:
        """Somebody signed in."""
        self.end()
        if sys.platform == "win32":
            from ui.desktop.windows import Messages

            self._ear = Messages(self.left.emit, int(self._window.winId()))
        elif sys.platform.startswith("linux"):
            from ui.desktop.linux import Buses

            self._ear = Buses(self.left.emit, self)

    def end(self) -> None:
        """Nothing is open any more: the PC sleeps without waiting for this program."""
        if self._ear is not None:
            self._ear.stop()
        self._ear = None
