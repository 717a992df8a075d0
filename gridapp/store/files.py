"""Files that are whole or absent: written beside, flushed, renamed; and the lock that keeps a second program out."""

from __future__ import annotations

import errno
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import Protocol, TypeVar

from filelock import FileLock, Timeout

from gridapp.errors import Trouble
from gridapp.texts import _


T = TypeVar("T")
#: the zone of `fields.kinds`, which stands beside this floor
BEIJING = timezone(timedelta(hours=8))


class DiskFull(Trouble):
    """No room left on the drive."""

    def __init__(self) -> None:
        super().__init__(_("磁盘已满，这次操作没有保存，原有数据完好。请清理磁盘空间后再试一次。"))


class CannotWrite(Trouble):
    """A folder or drive that takes no writing."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("无法写入“{0}”：文件夹只读、不存在或已断开。请换一个可以写入的文件夹，或请管理员开放权限。").format(path.parent))


class InUse(Trouble):
    """The ledger is open in another window or program; `holder` says in which, as far as it told."""

    def __init__(self, holder: str = "") -> None:
        where = _("（{0}）").format(holder) if holder else ""
        super().__init__(_("这个台账正在另一个窗口或程序中打开{0}。请先关闭那一个，再打开。").format(where))
        self.holder = holder


@contextmanager
def sorted_trouble(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals about `path` into Trouble with a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EIO, errno.ENODEV,
                           errno.ENAMETOOLONG, errno.EISDIR, errno.EINVAL):
            raise CannotWrite(path) from error
        raise


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, so that a power cut cannot take it away with what is put into it."""
    lacking = [f for f in (folder, *folder.parents) if not f.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in reversed(lacking):
        _flush_folder(made.parent)


def move_flushed(source: Path, target: Path) -> None:
    """Rename within a folder so that a power cut cannot undo it."""
    os.replace(source, target)
    _flush_folder(target.parent)


def write_with(path: Path, fill: Callable[[Path], None]) -> None:
    """Let `fill` write a file beside `path`, then put it in its place in one step; on any failure nothing is left."""
    half = path.with_name(f"{path.name}.{os.getpid()}.part")
    with sorted_trouble(path):
        try:
            fill(half)
            with open(half, "rb+") as handle:
                os.fsync(handle.fileno())
            os.replace(half, path)
            _flush_folder(path.parent)
        finally:
            half.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` so that after a power cut either the old or the new file is there; read back before it counts."""
    def fill(half: Path) -> None:
        half.write_bytes(data)

    write_with(path, fill)
    with sorted_trouble(path):
        if path.read_bytes() != data:
            raise CannotWrite(path)


class Sink(Protocol):
    """Where bytes go, one after another."""

    def write(self, data: bytes, /) -> object: ...


class _Heard:
    """Passes bytes on and remembers what they were."""

    def __init__(self, sink: Sink) -> None:
        self._sink, self.sum = sink, blake2b(digest_size=32)

    def write(self, data: bytes, /) -> object:
        self.sum.update(data)
        return self._sink.write(data)


def write_streamed(path: Path, fill: Callable[[Sink], T]) -> T:
    """The same as `write_whole` for what is too long for the memory: `fill` writes it piece by piece; what it tells is passed on."""
    told = list[T]()

    def streamed(half: Path) -> None:
        with half.open("wb") as handle:
            heard = _Heard(handle)
            told.append(fill(heard))
            handle.flush()
            os.fsync(handle.fileno())
        with half.open("rb") as handle:
            if file_digest(handle, lambda: blake2b(digest_size=32)).digest() != heard.sum.digest():
                raise CannotWrite(path)

    write_with(path, streamed)
    return told[0]


class Lock:
    """A lock of the kernel's on `path`: gone when the program is, even when it was killed. Beside it stands who holds it, for sentences only."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path, timeout=0, thread_local=False)
        self._holder = path.with_name(path.name + ".holder")
        with sorted_trouble(path):
            try:
                self._lock.acquire()
            except Timeout:
                raise InUse(self._told()) from None
        self._tell()

    def _tell(self) -> None:
        """PC, process and since when; a name nobody can write is no reason not to open."""
        with suppress(OSError):
            self._holder.write_text(json.dumps([socket.gethostname(), os.getpid(), int(time.time())]), "utf-8")

    def _told(self) -> str:
        """'本机，进程 812，从 09:30 起'; '' where it cannot be read."""
        try:
            host, process, since = json.loads(self._holder.read_text("utf-8"))
            begun = datetime.fromtimestamp(since, BEIJING)
        except (OSError, ValueError, TypeError, OverflowError):
            return ""
        where = _("本机") if host == socket.gethostname() else _("电脑“{0}”").format(str(host)[:40])
        return _("{0}，进程 {1}，从 {2} 起").format(where, str(process)[:10], f"{begun:%m-%d %H:%M}")

    def release(self) -> None:
        with suppress(OSError):
            self._holder.unlink(missing_ok=True)
        self._lock.release()
