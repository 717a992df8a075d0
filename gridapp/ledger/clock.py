"""The hybrid clock: wall time where it can be trusted, a counter where it can't; never runs backwards."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime

from gridapp.fields.kinds import BEIJING

Wall = Callable[[], int]


def wall_ms() -> int:
    """Milliseconds since 1970."""
    return int(time.time() * 1000)


def moment_of(ms: int) -> datetime:
    """An aware moment."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def day_of(ms: int) -> date:
    """The calendar day in China at that moment."""
    return moment_of(ms).astimezone(BEIJING).date()


class HybridClock:
    """Stamps: 48 bit of milliseconds, 16 bit of counter, each greater than every stamp seen (sync.md 4.1)."""

    def __init__(self, wall: Wall = wall_ms, last: int = 0) -> None:
        self.wall, self.last = wall, last

    def stamps(self) -> int:
        """The first of a run of stamps; take consecutive numbers and call `used` with the last one."""
        return max(self.wall() << 16, self.last + 1)

    def used(self, last: int) -> None:
        self.last = max(self.last, last)
