"""A stick, or any folder: written beside, flushed, renamed, flushed, and read back from the medium before it counts (design §8).

After a pull at any moment there is nothing usable or a whole parcel: a folder's names last only once the folder is flushed, and what
lies under `.part` is as good when its trailer says so.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from gridapp.exchange.carriers import sticks
from gridapp.exchange.carriers.carrier import PIECE, Fill, Found, Progress, Settled, in_pieces, only_plain, size_of, tell
from gridapp.exchange.carriers.disk import Disk, is_plain
from gridapp.exchange.carriers.names import FOLDER, PART, named, steps
from gridapp.exchange.carriers.stick import Stick
from gridapp.exchange.carriers.troubles import Gone, Medium, NoSpace, Odd, Pulled, sorted_out
from gridapp.texts import _

#: what folders, names and the ends of clusters take beside the parcel itself
BESIDE = 1 << 20


class Folder:
    """A carrier that is a folder on this PC: a stick's root, or a folder the officer has chosen (shared ones, too)."""

    def __init__(self, root: Path, stick: Stick | None = None, disk: Disk | None = None) -> None:
        self.root, self.stick, self._disk = root, stick, disk or Disk()
        try:
            self._device = os.stat(root).st_dev
        except OSError as error:
            raise Pulled from error

    def list(self) -> Sequence[Found]:
        """Files in our folders whatever they are called, and outside those the ones called like a parcel (copied there by hand)."""
        with self._sorted():
            return only_plain(self._found(self.root, "", 0))

    def open_read(self, name: str) -> BinaryIO:
        """Raises Gone, Pulled, Medium (while reading, too)."""
        with self._sorted():
            try:
                handle = self._disk.open(self._path(name))
            except OSError as error:
                if self._there():
                    raise Gone from error
                raise
        return io.BufferedReader(_Reading(handle, self._sorted), PIECE)

    def put(self, name: str, fill: Fill, progress: Progress | None = None, size: int = 0) -> None:
        """Raises NoSpace, ReadOnly, Pulled, Medium, Odd, Stopped; ValueError for a name that is not a parcel's."""
        if named(name) is None:
            raise ValueError("not a parcel's name")
        size = size_of(fill, size)
        with self._sorted(size):
            self._room_for(size)
            target = self._path(name, make=True)
            self._write(target, fill, progress, size)

    def delete(self, name: str) -> None:
        with self._sorted(), suppress(Gone):
            path = self._path(name)
            self._disk.remove(path)
            self._disk.flush_folder(path.parent)

    def free_space(self) -> int | None:
        try:
            return self._disk.free(self.root)
        except OSError:
            return None

    def settle(self) -> Settled:
        """Eject the stick where the system can; else the officer is told to do it, never that it was done."""
        if not self._there():
            raise Pulled
        if self.stick is None:
            return Settled(True, _("已写好，并已重新读出核对。"))
        if sticks.eject(self.stick):
            return Settled(True, _("已写好并核对，可以拔出U盘了。"))
        return Settled(False, _("已写好并核对。请用系统的“安全弹出”弹出U盘，再拔出。"))

    def _there(self) -> bool:
        """Whether the root is still on the same device: after a pull, an empty mount point would take the files instead."""
        try:
            return os.stat(self.root).st_dev == self._device
        except OSError:
            return False

    @contextmanager
    def _sorted(self, needed: int = 0) -> Iterator[None]:
        with sorted_out(self._there, needed, self.free_space):
            yield

    def _room_for(self, size: int) -> None:
        free = self.free_space()
        if free is not None and free < size + BESIDE:
            raise NoSpace(size + BESIDE, free)

    def _path(self, name: str, make: bool = False) -> Path:
        """Where a name lies; no folder on the way may be a link. Raises Gone, or Odd when it was to be made."""
        try:
            *folders, last = steps(name)
        except ValueError:
            raise Gone from None
        path = self.root
        for folder in folders:
            path /= folder
            if make:
                self._disk.make_folder(path)
            if not _is_folder(path):
                raise Odd(folder) if make else Gone
        return path / last

    def _found(self, folder: Path, before: str, depth: int) -> Iterator[Found]:
        with os.scandir(folder) as entries:
            for entry in entries:
                told, name = _told(entry), f"{before}{entry.name}"
                if told is None or not _bearable(name):
                    continue
                if is_plain(told, stat.S_IFDIR) and (depth == 1 or depth == 0 and entry.name.upper() == FOLDER):
                    yield from self._found(folder / entry.name, f"{name}/", depth + 1)
                elif is_plain(told) and (depth or ".wsb" in entry.name.lower()):
                    yield Found(name, told.st_size)

    def _write(self, target: Path, fill: Fill, progress: Progress | None, size: int) -> None:
        half = target.with_name(target.name + PART)
        try:
            digest = self._fill(half, fill, progress, size)
            self._disk.rename(half, target)
            for folder in (target.parent, *self._above(target.parent)):
                self._disk.flush_folder(folder)
            whole = self._is(target, digest)
        except BaseException:
            with suppress(OSError):
                self._disk.remove(half)
            raise
        if not self._there():
            raise Pulled
        if not whole:
            with suppress(OSError):
                self._disk.remove(target)
            raise Medium

    def _fill(self, half: Path, fill: Fill, progress: Progress | None, size: int) -> bytes:
        """Write `.part` through to the medium; the hash of what was to be written."""
        digest, handle, done = blake2b(), self._disk.create(half), 0

        def take(piece: memoryview) -> None:
            nonlocal done
            tell(progress, done, size)
            digest.update(piece)
            self._disk.write(handle, piece)
            done += len(piece)

        try:
            in_pieces(fill, take)
            self._disk.flush(handle)
        finally:
            self._disk.close(handle)
        tell(progress, done, size)
        return digest.digest()

    def _is(self, path: Path, digest: bytes) -> bool:
        found = blake2b()
        for piece in self._disk.read_back(path):
            found.update(piece)
        return found.digest() == digest

    def _above(self, folder: Path) -> Iterator[Path]:
        while folder != self.root:
            folder = folder.parent
            yield folder


class _Reading(io.RawIOBase):
    """A file of a stick that may be pulled while it is read."""

    def __init__(self, handle: int, sorted_: Callable[[], object]) -> None:
        super().__init__()
        self._file, self._sorted = open(handle, "rb", buffering=0), sorted_

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, room: object) -> int | None:
        with self._sorted():  # type: ignore[attr-defined]
            return self._file.readinto(room)  # type: ignore[arg-type]

    def seek(self, place: int, whence: int = 0) -> int:
        return self._file.seek(place, whence)

    def close(self) -> None:
        self._file.close()
        super().close()


def _told(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except OSError:
        return None


def _is_folder(path: Path) -> bool:
    try:
        return is_plain(os.lstat(path), stat.S_IFDIR)
    except FileNotFoundError:
        return False


def _bearable(name: str) -> bool:
    try:
        return bool(steps(name))
    except ValueError:
        return False
