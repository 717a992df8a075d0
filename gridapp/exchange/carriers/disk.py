"""The few things asked of a stick's file system, each by itself so that a test can pull the stick between any two of them."""

from __future__ import annotations

import errno
import mmap
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gridapp.exchange.carriers.carrier import PIECE

_BINARY = getattr(os, "O_BINARY", 0)
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
#: a pipe or a tape by a parcel's name must not make the reader wait
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
_DIRECT = getattr(os, "O_DIRECT", 0)
#: file systems that cannot flush a folder by itself
_CANNOT = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EBADF)
_REPARSE_POINT = 0x400


def is_plain(told: os.stat_result, of: int = stat.S_IFREG) -> bool:
    """Whether it is a file (or a folder: S_IFDIR) of the stick itself: no link, junction, pipe or device."""
    return stat.S_IFMT(told.st_mode) == of and not getattr(told, "st_file_attributes", 0) & _REPARSE_POINT


class Disk:
    """The system's file systems as they are."""

    def make_folder(self, path: Path) -> None:
        with suppress(FileExistsError):
            path.mkdir()

    def create(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_FOLLOW | _BINARY, 0o644)

    def write(self, handle: int, data: memoryview) -> None:
        while data:
            data = data[os.write(handle, data):]

    def flush(self, handle: int) -> None:
        os.fsync(handle)

    def close(self, handle: int) -> None:
        os.close(handle)

    def rename(self, source: Path, target: Path) -> None:
        os.replace(source, target)

    def flush_folder(self, path: Path) -> None:
        """Make the names in a folder last; Windows has no such call, there a stick is flushed by ejecting it."""
        if sys.platform == "win32":
            return
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in _CANNOT:
                raise
            os.sync()
        finally:
            os.close(handle)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def open(self, path: Path) -> int:
        """Open to read. Raises FileNotFoundError for what is no plain file, too."""
        handle = os.open(path, os.O_RDONLY | _NO_FOLLOW | _NO_WAIT | _BINARY)
        if not is_plain(os.fstat(handle)):
            os.close(handle)
            raise FileNotFoundError(errno.ENOENT, "no plain file", str(path))
        return handle

    def read_back(self, path: Path) -> Iterator[memoryview]:
        """The file as the medium has it, past the system's cache where that can be done; each piece only until the next."""
        handle = _open_uncached(path)
        try:
            with mmap.mmap(-1, PIECE) as aligned, memoryview(aligned) as room, open(handle, "rb", buffering=0, closefd=False) as file:
                while count := file.readinto(room):
                    with room[:count] as piece:
                        yield piece
        finally:
            os.close(handle)

    def free(self, path: Path) -> int:
        return shutil.disk_usage(path).free


def _open_uncached(path: Path) -> int:
    if sys.platform == "win32":
        from gridapp.exchange.carriers import drives

        return drives.open_unbuffered(path)
    handle = os.open(path, os.O_RDONLY | _NO_FOLLOW)
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    if _DIRECT:
        with suppress(OSError):  # memory disks and some network folders have no way past the cache
            direct = os.open(path, os.O_RDONLY | _NO_FOLLOW | _DIRECT)
            os.close(handle)
            return direct
    return handle
