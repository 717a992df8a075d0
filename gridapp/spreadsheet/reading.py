"""Reading a foreign workbook safely: looked at first, then parsed in a child process with limits."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import IO

import cbor2

from gridapp.errors import Mistake
from gridapp.spreadsheet.child import LOCKED, TOO_BIG
from gridapp.spreadsheet.guard import Broken, Encrypted, NoSuchFile, TooBig, look_at
from gridapp.texts import _
from gridapp.work.weighing import Progress, tell

WALL_SECONDS = 30.0
#: how often the officer is asked whether to go on while the child works
LOOK_SECONDS = 0.1
#: run as a file, not as a module of the package: it must not import the program
CHILD = Path(__file__).with_name("child.py")
Cell = str | int | float | bool | date | datetime | None
#: how the kernel ends a child: SIGXCPU, its time is up; SIGABRT and SIGKILL, it asked for more memory than it may have
OUT_OF_TIME, OUT_OF_MEMORY = (-24,), (-6, -9)


class TooSlow(Mistake):
    def __init__(self, name: str) -> None:
        super().__init__(_("读取“{0}”用时太久，已停止。请删去多余的工作表和格式，另存后再导入。").format(name))


@dataclass(frozen=True)
class Sheet:
    """One sheet: `first_row` is the number Excel shows beside rows[0]."""

    name: str
    first_row: int
    rows: list[list[Cell]]
    hidden: bool = False


def read(path: Path, progress: Progress | None = None, *, wall_seconds: float = WALL_SECONDS) -> list[Sheet]:
    """All sheets of a workbook or CSV, visible ones first. Nothing of the file can harm this process.

    `progress` is asked with (0, 0), how much there is to do is not known yet. Raises the Mistakes of `guard`, TooSlow, Cancelled.
    """
    kind = look_at(path)
    try:
        handle = path.open("rb")
    except OSError:
        raise NoSuchFile(path.name) from None
    with handle:
        answer = _parse(path.name, kind, handle, progress, wall_seconds)
    try:
        told = [cbor2.loads(part) for part in cbor2.loads(answer)]
    except (cbor2.CBORDecodeError, ValueError):
        raise Broken(path.name) from None
    return [Sheet(name, first, rows, hidden) for name, first, hidden, rows in told]


def _parse(name: str, kind: str, handle: IO[bytes], progress: Progress | None, wall_seconds: float) -> bytes:
    with _started([sys.executable, "-I", str(CHILD), kind], handle) as child:
        try:
            _confine(child)
            answer = _answer(child, name, progress, monotonic() + wall_seconds)
        except BaseException:
            child.kill()
            raise
    if child.returncode == LOCKED:
        raise Encrypted(name)
    if child.returncode == TOO_BIG or child.returncode in OUT_OF_MEMORY:
        raise TooBig(name)
    if child.returncode in OUT_OF_TIME:
        raise TooSlow(name)
    if child.returncode != 0:
        raise Broken(name)
    return answer


def _answer(child: subprocess.Popen[bytes], name: str, progress: Progress | None, until: float) -> bytes:
    while True:
        try:
            answer, _nothing = child.communicate(timeout=LOOK_SECONDS)
            return answer
        except subprocess.TimeoutExpired:
            if monotonic() > until:
                raise TooSlow(name) from None
            tell(progress, 0, 0)


_confine: Callable[[subprocess.Popen[bytes]], None]
if sys.platform == "win32":
    from gridapp.spreadsheet.windows import confine as _confine

    def _started(command: list[str], handle: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, stdin=handle, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                creationflags=subprocess.CREATE_NO_WINDOW)
else:
    def _started(command: list[str], handle: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, stdin=handle, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def _confine(child: subprocess.Popen[bytes]) -> None:
        """POSIX: the child limits itself before it reads a byte."""
