"""Looks from outside whether the window still moves, and tells where it stood still."""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from pathlib import Path
from types import FrameType

#: the window stands still, in seconds
STILL = 2.0


class Watchdog(threading.Thread):
    """Looks from outside whether the window still moves; time in which the machine gave it no core does not count."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.stills = list[str]()
        self._window, self._waits = threading.main_thread().ident, Path(f"/proc/self/task/{os.getpid()}/schedstat")
        self.longest = 0.0
        self.beat()
        self.start()

    def beat(self) -> None:
        self._told, self._begun = False, (time.monotonic(), self._waited())

    def _waited(self) -> float:
        return int(self._waits.read_text().split()[1]) / 1e9 if self._waits.exists() else 0.0

    def run(self) -> None:
        while True:
            time.sleep(0.1)
            begun, waited = self._begun
            still = time.monotonic() - begun - (self._waited() - waited)
            self.longest = max(self.longest, still)
            if still > STILL and not self._told:
                self._told = True
                self.stills.append(_stack(sys._current_frames()[self._window or 0]))


def _stack(frame: FrameType) -> str:
    return " > ".join(f"{Path(s.filename).name}:{s.lineno} {s.name}" for s in traceback.extract_stack(frame)[-12:])
