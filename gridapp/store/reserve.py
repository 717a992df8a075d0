"""Room on the drive: warned of before it runs out, asked for before something big, and a reserve file that gets the officer out of a full disk."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from gridapp.errors import Trouble
from gridapp.store.files import sorted_trouble, write_with
from gridapp.texts import _

#: reliability.md D5
SIZE, WARN_BELOW, TIMES = 32 << 20, 500 << 20, 2.5
_PIECE = 1 << 20


class TooLittleRoom(Trouble):
    """Not begun, because it would not end."""

    def __init__(self, folder: Path, needed: int, free: int) -> None:
        super().__init__(_("“{0}”所在的磁盘空间不够：需要约 {1:,} MB，只剩 {2:,} MB。没有开始，原有数据完好。请清理磁盘后再试。").format(
            folder, -(-needed >> 20), free >> 20))


def free(folder: Path) -> int:
    """Bytes free on the drive of a folder. Raises CannotWrite."""
    with sorted_trouble(folder / "_"):
        return shutil.disk_usage(folder).free


def is_low(folder: Path) -> bool:
    """Whether the officer should make room soon; a drive that does not answer is somebody else's trouble."""
    try:
        return shutil.disk_usage(folder).free < WARN_BELOW
    except OSError:
        return False


def ask_for(folder: Path, size: int) -> None:
    """Before something that writes about `size` bytes. Raises TooLittleRoom, CannotWrite."""
    left, needed = free(folder), int(size * TIMES)
    if left < needed:
        raise TooLittleRoom(folder, needed, left)


def beside(ledger: Path) -> Path:
    """The reserve of a ledger."""
    return ledger.with_name(ledger.name + ".reserve")


def keep(ledger: Path) -> bool:
    """Make the reserve where there is none and room for it and a warning; whether it is there. Never raises for want of room."""
    path = beside(ledger)
    with suppress(OSError):
        if path.exists() and path.stat().st_size == SIZE:
            return True
        if shutil.disk_usage(path.parent).free >= WARN_BELOW + SIZE:
            with suppress(Trouble):
                write_with(path, _fill)
    return path.exists()


def _fill(half: Path) -> None:
    """Bytes no file system can press together or leave out, so that the room is really taken."""
    with half.open("wb") as out:
        for _piece in range(0, SIZE, _PIECE):
            out.write(os.urandom(min(_PIECE, SIZE)))


def release(ledger: Path) -> int:
    """Give the reserve back, so that work can be ended: the bytes gained, 0 where there was none. Raises CannotWrite.

    A file can be removed even from a disk on which nothing can be written any more; the ledger's own deletes cannot (finding 4).
    """
    path = beside(ledger)
    with sorted_trouble(path):
        size = path.stat().st_size if path.exists() else 0
        path.unlink(missing_ok=True)
    return size
