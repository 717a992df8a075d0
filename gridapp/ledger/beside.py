"""What lies beside a ledger file: its keys, its lock, the write-ahead log, and the tip that names the last act told as saved."""

from __future__ import annotations

import contextlib
import shutil
import struct
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from gridapp.errors import Mistake, Trouble
from gridapp.fields.kinds import BEIJING
from gridapp.store.files import DiskFull, move_flushed, sorted_trouble
from gridapp.texts import _

#: everything that belongs to one ledger
ENDINGS = ("", "-wal", "-shm", ".keys", ".keys2", ".lock", ".tip", ".tries")
#: what goes with a ledger that is moved aside: the file first, so that it is never opened without its log
MOVED = ("", "-wal", "-shm", "-wal.kept", ".keys", ".keys2", ".tip", ".damaged")
_TIP = struct.Struct(">8s16sQ8s")
_MAGIC = b"GRIDTIP1"


class AlreadyThere(Mistake):
    """A new ledger would cover an old one."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("“{0}”已经存在。请换一个名字或位置，程序不会覆盖已有的台账。").format(path))


class ActsMissing(Trouble):
    """The last act told as saved is not in the file: its log was damaged or left behind, or an older copy was put in its place."""

    def __init__(self, path: Path, at: datetime) -> None:
        super().__init__(_(
            "台账“{0}”里缺少最后保存的操作（{1}）：同名的 -wal 日志文件损坏或没有一起复制，或者换回了旧备份。"
            "如果您刚恢复了备份，请再打开一次继续使用；否则请先找回台账旁边的全部文件，并联系维护人员。").format(
                path.name, at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")))


class Tip(NamedTuple):
    """The newest act, as the last thing that was done after it was safe on the disk."""

    act: UUID
    at: datetime


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def refuse_if_there(path: Path) -> None:
    """Raises AlreadyThere for a ledger, and for the keys of one whose file is elsewhere.

    Not for keys that had been put in place when a kill kept their new ledger from following: nobody was told that it is there.
    """
    half = half_of(path)
    with sorted_trouble(path):
        cut_short = half.exists() and not _beside(half, ".keys").exists()
        if path.exists() or _beside(path, ".keys").exists() and not cut_short:
            raise AlreadyThere(path)


def half_of(path: Path) -> Path:
    """The name a ledger has until it is whole."""
    return _beside(path, ".new")


def clear(path: Path) -> None:
    """Make room for a new ledger where another could not be begun. Raises CannotWrite."""
    with sorted_trouble(path):
        for ending in ENDINGS:
            _beside(path, ending).unlink(missing_ok=True)


def sweep(path: Path) -> None:
    """Remove a ledger that could not be begun; what cannot be removed is left for whoever begins next (`clear`), and hides no other failure."""
    for ending in ENDINGS:
        with contextlib.suppress(OSError):
            _beside(path, ending).unlink(missing_ok=True)


def put_in_place(half: Path, path: Path) -> None:
    """Give a new, closed ledger its name: keys first, the file that makes it a ledger last. Raises CannotWrite, DiskFull."""
    if _beside(half, "-wal").exists():  # the log could not be taken in at closing
        raise DiskFull
    with sorted_trouble(path):
        for ending in (".keys", ".keys2", ".tip", ""):
            if ending != ".tip" or _beside(half, ending).exists():
                move_flushed(_beside(half, ending), _beside(path, ending))


def plainly_other(path: Path) -> bool:
    """An unencrypted file of some known kind, or nothing at all: not a ledger whose keys were lost."""
    with sorted_trouble(path), path.open("rb") as handle:
        head = handle.read(16)
    return len(head) < 16 or head.isascii() or head[:2] in (b"PK", b"\xd0\xcf", b"\xff\xd8") or path.stat().st_size % 4096 != 0


def _sum(body: bytes) -> bytes:
    return blake2b(body, digest_size=8).digest()


def write_tip(path: Path, act: UUID, at: datetime) -> None:
    """Name the newest act. Written after its commit was flushed, itself unflushed: it may lag, it never runs ahead."""
    body = _TIP.pack(_MAGIC, act.bytes, int(at.timestamp() * 1000), bytes(8))[:-8]
    tip = _beside(path, ".tip")
    with contextlib.suppress(OSError), tip.open("r+b" if tip.exists() else "wb") as handle:
        handle.write(body + _sum(body))


def read_tip(path: Path) -> Tip | None:
    """None where there is none or it is not whole: a copy without it is as good a ledger."""
    try:
        told = _beside(path, ".tip").read_bytes()
    except OSError:
        return None
    if len(told) != _TIP.size or _sum(told[:-8]) != told[-8:]:
        return None
    magic, act, at, _check = _TIP.unpack(told)
    return Tip(UUID(bytes=act), datetime.fromtimestamp(at / 1000, UTC)) if magic == _MAGIC else None


def mark_damaged(path: Path) -> None:
    """Remember that damage was met. On a disk that takes no more writing it is met again at the next opening."""
    with contextlib.suppress(OSError):
        _beside(path, ".damaged").touch()


def is_marked(path: Path) -> bool:
    """Whether damage was met and nobody has found the file whole since."""
    return _beside(path, ".damaged").exists()


def unmark(path: Path) -> None:
    """The file was looked through and is whole."""
    with sorted_trouble(path):
        _beside(path, ".damaged").unlink(missing_ok=True)


def there(path: Path) -> list[Path]:
    """What is there of a ledger, whole or not."""
    return [found for ending in MOVED if (found := _beside(path, ending)).exists()]


def move_aside(path: Path, now: datetime) -> Path | None:
    """Move all there is of a ledger into a folder of its own beside it; nothing is overwritten. None where nothing was there."""
    found = there(path)
    if not found:
        return None
    name = f"{path.name}.{now.astimezone(BEIJING):%Y%m%d-%H%M%S}"
    with sorted_trouble(path):
        aside = next(folder for number in range(1, 1000) if not (folder := path.with_name(f"{name}.{number}")).exists())
        aside.mkdir()
        for source in found:
            move_flushed(source, aside / source.name)
    return aside


def set_aside(path: Path) -> None:
    """Keep the log that lacks an act for whoever may mend it, and forget the tip: the officer is told once, then may go on."""
    log = _beside(path, "-wal")
    with sorted_trouble(path):
        if log.exists() and log.stat().st_size:
            shutil.copyfile(log, _beside(path, "-wal.kept"))
        _beside(path, ".tip").unlink(missing_ok=True)
