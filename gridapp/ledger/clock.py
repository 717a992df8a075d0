"""The hybrid clock: wall time where it can be trusted, a counter where it can't; never runs backwards."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from gridapp.fields.kinds import BEIJING
from gridapp.texts import _

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


#: no clock of this program can honestly show less; moved forward with a release
BUILT = datetime(2026, 11, 1, tzinfo=UTC)
#: two PCs of an office differ by minutes; a battery that is empty loses years
SLACK, JUMP = timedelta(minutes=10), timedelta(hours=48)


@dataclass(frozen=True)
class Doubt:
    """Why this PC's clock may be wrong (reliability.md C2): nothing is deleted and no deadline closed because of what it says."""

    why: Literal["before-build", "before-last", "jumped"]
    now: datetime
    last: datetime | None

    @property
    def text(self) -> str:
        """What an officer is to compare."""
        now = f"{self.now.astimezone(BEIJING):%Y-%m-%d %H:%M}"
        if self.last is None:
            return _("电脑时间是 {0}，多半不对。请校准电脑的日期和时间；在那之前，不会因为时间删除任何内容。").format(now)
        told = _("电脑时间是 {0}，比上一次操作（{1}）还早，多半不对。") if self.why != "jumped" else _("电脑时间是 {0}，离上一次操作（{1}）超过两天。")
        return told.format(now, f"{self.last.astimezone(BEIJING):%Y-%m-%d %H:%M}") + _("请核对电脑的日期和时间；确认以前，不会因为时间删除任何内容。")


def doubt(now: datetime, last: datetime | None) -> Doubt | None:
    """Whether a clock that shows `now` can be right, when the last act was at `last`."""
    if now < BUILT:
        return Doubt("before-build", now, last if last is not None and now + SLACK < last else None)
    if last is not None and now + SLACK < last:
        return Doubt("before-last", now, last)
    if last is not None and now - last > JUMP:
        return Doubt("jumped", now, last)
    return None


class HybridClock:
    """Stamps: 48 bit of milliseconds, 16 bit of counter, each greater than every stamp seen (sync.md 4.1)."""

    def __init__(self, wall: Wall = wall_ms, last: int = 0) -> None:
        self.wall, self.last = wall, last

    def stamps(self) -> int:
        """The first of a run of stamps; take consecutive numbers and call `used` with the last one."""
        return max(self.wall() << 16, self.last + 1)

    def used(self, last: int) -> None:
        self.last = max(self.last, last)
