"""Reading a foreign workbook safely: looked at first, then parsed in a child process with limits."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import cbor2

from gridapp.errors import Mistake
from gridapp.spreadsheet.child import TOO_BIG
from gridapp.spreadsheet.guard import Broken, TooBig, look_at
from gridapp.texts import _

WALL_SECONDS = 30
LARGEST_ANSWER = 200 << 20
#: run as a file, not as a module of the package: it must not import the program
CHILD = Path(__file__).with_name("child.py")
Cell = str | int | float | bool | date | datetime | None


class TooSlow(Mistake):
    def __init__(self, name: str) -> None:
        super().__init__(_("读取“{0}”用时太久，已停止。请删去多余的工作表和格式，另存后再导入。").format(name))


@dataclass(frozen=True)
class Sheet:
    """One sheet: `first_row` is the number Excel shows beside rows[0]."""

    name: str
    first_row: int
    rows: list[list[Cell]]


def read(path: Path) -> list[Sheet]:
    """All sheets of a workbook or CSV. Raises the Mistakes of `guard`, TooSlow; nothing of it can harm this process."""
    kind = look_at(path)
    with path.open("rb") as handle:
        answer = _parse(path.name, kind, handle)
    try:
        told = cbor2.loads(answer)
    except (cbor2.CBORDecodeError, ValueError):
        raise Broken(path.name) from None
    return [Sheet(name, first, rows) for name, first, rows in told]


def _parse(name: str, kind: str, handle: Any) -> bytes:
    command = [sys.executable, "-I", str(CHILD), kind]
    hide: dict[str, Any] = {"creationflags": subprocess.CREATE_NO_WINDOW} if sys.platform == "win32" else {}
    with subprocess.Popen(command, stdin=handle, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **hide) as child:
        _confine(child)
        try:
            answer, _nothing = child.communicate(timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            raise TooSlow(name) from None
    if child.returncode == TOO_BIG or len(answer) > LARGEST_ANSWER:
        raise TooBig(name)
    if child.returncode != 0:
        raise Broken(name)
    return answer


_confine: Callable[[subprocess.Popen[bytes]], None]
if sys.platform == "win32":
    from gridapp.spreadsheet.windows import confine as _confine
else:
    def _confine(child: subprocess.Popen[bytes]) -> None:
        """POSIX: the child limits itself before it reads a byte."""
