"""Sticks pulled at every step of a hand-over: a model of a stick whose cache is lost (real file systems: `images`).

After a pull anywhere the stick holds nothing usable or a whole parcel, older ones are untouched, and nothing was told as done that is not there.
"""

from __future__ import annotations

import errno
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gridapp.errors import Trouble
from gridapp.exchange.carriers import Folder
from gridapp.exchange.carriers.carrier import PIECE
from gridapp.exchange.carriers.disk import Disk
from gridapp.exchange.carriers.troubles import Medium
from tests.faults import images
from tests.faults.cargo import NEW, NEWER, OLD, OLDER, is_whole
from tests.faults.rows import Row

Names = dict[str, int]


class Model(Disk):
    """A stick as the system sees it (a real folder) and as its medium has it: what was not flushed may be there or not, piece by piece."""

    def __init__(self, root: Path, pulled_after: int = sys.maxsize, capacity: int = sys.maxsize, number: int = errno.ENODEV) -> None:
        self.root, self.left, self.capacity, self.number = root, pulled_after, capacity, number
        self.steps = 0
        self.content: dict[int, bytes] = {}
        self.names: Names = {}
        #: (folder, name, number of the file, None where the name goes away); a new folder is a name with number 0
        self.pending: list[tuple[str, str, int | None]] = []
        self.dirty: dict[int, list[tuple[int, bytes]]] = {}

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _step(self) -> None:
        """The stick is pulled before this step: the mount point is gone, every call is refused from here on."""
        if self.left <= 0:
            if self.root.exists():
                self.root.rename(self.root.with_name("pulled"))
            raise OSError(self.number, os.strerror(self.number))
        self.left -= 1
        self.steps += 1

    def _changes(self, path: Path, number: int | None) -> None:
        self.pending.append((self._name(path.parent), self._name(path), number))

    def make_folder(self, path: Path) -> None:
        self._step()
        if not path.exists():
            super().make_folder(path)
            self._changes(path, 0)

    def create(self, path: Path) -> int:
        self._step()
        handle = super().create(path)
        number = os.fstat(handle).st_ino
        self.dirty[number] = []
        self._changes(path, number)
        return handle

    def write(self, handle: int, data: memoryview) -> None:
        self._step()
        self.dirty[os.fstat(handle).st_ino].append((os.lseek(handle, 0, os.SEEK_CUR), bytes(data)))
        super().write(handle, data)

    def flush(self, handle: int) -> None:
        self._step()
        self._settles(os.fstat(handle).st_ino, lambda piece: True)

    def _settles(self, number: int, survives: Callable[[tuple[int, bytes]], bool]) -> None:
        pieces = self.dirty.get(number, [])
        data = bytearray(max((start + len(piece) for start, piece in pieces), default=0))
        for start, piece in filter(survives, pieces):
            data[start:start + len(piece)] = piece
        data[self.capacity:] = bytes(max(len(data) - self.capacity, 0))  # a fake stick forgets what is beyond its true size
        self.content[number] = bytes(data)

    def close(self, handle: int) -> None:
        super().close(handle)
        self._step()

    def rename(self, source: Path, target: Path) -> None:
        self._step()
        number = source.stat().st_ino
        super().rename(source, target)
        self._changes(target, number)
        self._changes(source, None)

    def remove(self, path: Path) -> None:
        self._step()
        super().remove(path)
        self._changes(path, None)

    def flush_folder(self, path: Path) -> None:
        self._step()
        self._last([change for change in self.pending if change[0] == self._name(path)])
        self.pending = [change for change in self.pending if change[0] != self._name(path)]

    def _last(self, changes: list[tuple[str, str, int | None]]) -> None:
        for _folder, name, number in changes:
            if number is None:
                self.names.pop(name, None)
            else:
                self.names[name] = number

    def open(self, path: Path) -> int:
        self._step()
        return super().open(path)

    def read_back(self, path: Path) -> Iterator[memoryview]:
        """From the medium: the cache has been passed by."""
        self._step()
        data = self.content.get(path.stat().st_ino, b"")
        yield from (memoryview(data)[start:start + PIECE] for start in range(0, len(data), PIECE))

    def free(self, path: Path) -> int:
        self._step()
        return 1 << 40

    def remains(self, chance: random.Random) -> dict[str, bytes]:
        """Files of the stick after the pull: what was flushed, and of the rest whatever chance had already let through."""
        survives = chance.choice((0.0, 0.5, 1.0))
        for number in self.dirty.keys() - self.content.keys():
            self._settles(number, lambda _piece: chance.random() < survives)
        self._last([change for change in self.pending if chance.random() < survives])
        return {name: self.content[number] for name, number in self.names.items() if number and self._reachable(name)}

    def _reachable(self, name: str) -> bool:
        return all(Path(name).parents[n].as_posix() in self.names for n in range(len(Path(name).parents) - 1))


class NeverFlushes(Model):
    """Control: a hand-over that forgets to flush the file (and reads the cache back) must be found out."""

    def flush(self, handle: int) -> None:
        self._step()

    def read_back(self, path: Path) -> Iterator[memoryview]:
        self._step()
        yield memoryview(path.read_bytes())


class NeverFlushesFolders(Model):
    """Control: a hand-over that forgets to flush the folders must be found out."""

    def flush_folder(self, path: Path) -> None:
        self._step()


def _put(root: Path, disk: Model, name: str, data: bytes) -> str:
    """'done', or what it was told as."""
    try:
        carrier = Folder(root, disk=disk)
        carrier.put(name, lambda into: into.write(data), size=len(data))
        if not carrier.settle().free_to_go:
            return "not settled"
    except Trouble as trouble:
        return type(trouble).__name__
    return "done"


@contextmanager
def fresh(kind: type[Model], pulled_after: int, number: int = errno.ENODEV) -> Iterator[tuple[Path, Model]]:
    """A stick that holds an older parcel already, to be pulled after so many steps."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "stick"
        root.mkdir()
        before = Model(root)
        assert _put(root, before, OLD, OLDER) == "done"
        disk = kind(root, pulled_after, number=number)
        disk.names, disk.content = before.names, before.content
        yield root, disk


def pull(kind: type[Model], pulled_after: int, chance: random.Random) -> tuple[Counter[str], int]:
    """One pull: what was wrong, by name; and how many steps there were before it."""
    wrong = Counter[str]()
    with fresh(kind, pulled_after, chance.choice((errno.ENODEV, errno.EIO, errno.ENXIO))) as (root, disk):
        said = _put(root, disk, NEW, NEWER)
        found = disk.remains(chance)
        wrong["told as done and not there"] += said == "done" and found.get(NEW) != NEWER
        wrong[f"told as {said}"] += said not in ("done", "Pulled")
        wrong["told as done after the pull"] += said == "done" and disk.left <= 0 and disk.steps < pulled_after
        wrong["an older parcel is hurt"] += found.get(OLD) != OLDER
        wrong["a wrong parcel is whole"] += any(is_whole(data) and data not in (OLDER, NEWER) for data in found.values())
        return +wrong, disk.steps


def pull_everywhere(chance: random.Random, kind: type[Model] = Model) -> Counter[str]:
    """A pull before every step there is, and one right after it was told as done."""
    wrong, steps = pull(kind, sys.maxsize, chance)
    for step in range(steps + 1):
        found, _steps = pull(kind, step, chance)
        wrong += found
    return wrong + Counter(tried=steps + 2)


def fake(chance: random.Random) -> Counter[str]:
    """Sticks that hold less than they say: never told as done."""
    wrong = Counter[str]()
    for capacity in (0, PIECE, chance.randrange(len(NEWER)), len(NEWER) - 1):
        with tempfile.TemporaryDirectory() as folder:
            wrong[f"a fake stick is told as {_put(Path(folder), Model(Path(folder), capacity=capacity), NEW, NEWER)}"] += 1
    return wrong - Counter({f"a fake stick is told as {Medium.__name__}": 4}) + Counter(tried=4)


def control(chance: random.Random) -> Counter[str]:
    """Hand-overs that forget one flush: how many of them were found out."""
    kinds = (NeverFlushes, NeverFlushesFolders)
    return Counter(tried=len(kinds), found=sum(any(pull(kind, sys.maxsize, chance)[0] for _ in range(50)) for kind in kinds))


def run(seconds: float) -> list[Row]:
    """Rows: pulls of the model, fake sticks, real file systems, and the control."""
    chance, pulled, faked, end = random.Random(), Counter[str](), Counter[str](), time.monotonic() + seconds * 0.7
    while not pulled or time.monotonic() < end:
        pulled += pull_everywhere(chance)
        faked += fake(chance)
    rows = [_row("a stick pulled before every step; what was not flushed is there or not", pulled), _row("fake sticks: less room than they say", faked)]
    for kind in ("ext2", "exfat"):
        found = images.alone(kind)
        rows.append(Row(f"real {kind}: {found}", 0, 0) if isinstance(found, str) else _row(f"a real {kind}, its image copied at every step", found))
    controlled = control(chance)
    return [*rows, Row("control: a hand-over that forgets a flush is found out", controlled["tried"], controlled["tried"] - controlled["found"])]


def _row(what: str, count: Counter[str]) -> Row:
    wrong = Counter({name: n for name, n in count.items() if name != "tried"})
    return Row(what, count["tried"], wrong.total(), str(dict(wrong) or ""))

