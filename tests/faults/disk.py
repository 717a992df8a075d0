"""A disk as a power cut leaves it: what was flushed is there; of the rest, any write may be lost, kept or torn, and any name not yet be there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from tests.faults.recording import Kind, Op

SECTOR = 512
#: what becomes of unflushed data, and of unflushed names; the same prefix is cut in each of these ways
WAYS: tuple[tuple[str, str], ...] = (("kept", "kept"), ("lost", "lost"), ("lost", "kept"), ("kept", "lost"), ("last torn", "kept"), ("torn", "torn"), ("torn", "kept"),
                                     ("torn", "torn"), ("some", "kept"), ("some", "torn"))


@dataclass(eq=False)
class Node:
    """A file: what is on the disk, and what was only told to the system; None is a folder's place."""

    flushed: bytes = b""
    pending: list[Op] = field(default_factory=list)

    def as_left(self, data: str, chance: random.Random) -> bytes:
        whole = bytearray(self.flushed)
        for number, op in enumerate(self.pending):
            last = number == len(self.pending) - 1
            how = {"last torn": "torn" if last else "kept", "some": chance.choice(("kept", "lost", "torn"))}.get(data, data)
            if how == "kept" or how == "torn" and op.kind == Kind.TRUNCATE and chance.random() < 0.5:
                _put(whole, op, 0, len(op.data))
            elif how == "torn":
                for start in _sectors(op):
                    if chance.random() < 0.5:
                        _put(whole, op, *start)
        return bytes(whole)


def _sectors(op: Op) -> Iterator[tuple[int, int]]:
    """Where the sectors of the disk cut through what is written."""
    start = 0
    while start < len(op.data):
        end = min(len(op.data), start + SECTOR - (op.offset + start) % SECTOR)
        yield start, end
        start = end


def _put(whole: bytearray, op: Op, start: int, end: int) -> None:
    if op.kind == Kind.TRUNCATE:
        del whole[op.offset:]
        whole.extend(bytes(op.offset - len(whole)))
        return
    place = op.offset + start
    whole.extend(bytes(max(0, place - len(whole))))
    whole[place:place + end - start] = op.data[start:end]


class Named(NamedTuple):
    """A change of names that the folder was not yet flushed after."""

    op: Op
    node: Node | None


Names = dict[str, Node | None]


class Disk:
    """Follows the changes one by one; `as_left` tells the files after a cut here."""

    def __init__(self, folder: Path) -> None:
        self.flushed: Names = {str(p.relative_to(folder)): None if p.is_dir() else Node(p.read_bytes()) for p in sorted(folder.rglob("*"))}
        self.now, self.pending, self._numbers = dict(self.flushed), list[Named](), dict[int, Node]()

    def follow(self, op: Op) -> bool:
        """One more change happened; whether a cut right after it may leave something new."""
        if op.kind in (Kind.MARK, Kind.OPEN):
            found = self.now.get(op.path) if op.kind == Kind.OPEN else None
            if found is not None:
                self._numbers[op.file] = found
            return op.kind == Kind.MARK
        if op.kind in (Kind.WRITE, Kind.TRUNCATE):
            self._numbers[op.file].pending.append(op)
        elif op.kind == Kind.SYNC:
            node = self._numbers[op.file]
            node.flushed, node.pending = node.as_left("kept", random.Random(0)), []
        elif op.kind == Kind.SYNC_FOLDER:
            self._flush_names(op.path)
        else:
            self._name(op)
        return True

    def _name(self, op: Op) -> None:
        if op.kind == Kind.CREATE:
            self._numbers[op.file] = Node()
        change = Named(op, self._numbers.get(op.file) if op.kind == Kind.CREATE else None)
        self.pending.append(change)
        _rename(self.now, change)

    def _flush_names(self, folder: str) -> None:
        mine = [n for n in self.pending if folder in {_folder(p) for p in (n.op.path, n.op.second) if p}]
        for change in mine:
            _rename(self.flushed, change)
        self.pending = [n for n in self.pending if n not in mine]

    def as_left(self, data: str, names: str, chance: random.Random) -> dict[str, bytes | None]:
        """What is found after a cut: every path with its bytes, None for a folder."""
        kept = {"kept": len(self.pending), "lost": 0}.get(names)
        found = dict(self.flushed)
        for change in self.pending[:chance.randint(0, len(self.pending)) if kept is None else kept]:
            _rename(found, change)
        reached = {path: node for path, node in found.items() if all(str(up) in found for up in PurePosixPath(path).parents if str(up) != ".")}
        return {path: None if node is None else node.as_left(data, chance) for path, node in reached.items()}


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _rename(names: Names, change: Named) -> None:
    op = change.op
    if op.kind == Kind.CREATE:
        names[op.path] = change.node
    elif op.kind == Kind.MKDIR:
        names[op.path] = None
    elif op.kind in (Kind.UNLINK, Kind.RMDIR):
        names.pop(op.path, None)
    elif op.path in names:
        moved = {path: node for path, node in names.items() if path == op.path or path.startswith(f"{op.path}/")}
        for path, node in moved.items():
            del names[path]
            names[op.second + path[len(op.path):]] = node


def lay(found: dict[str, bytes | None], folder: Path) -> None:
    """Put files as they were left into a folder."""
    for path, data in sorted(found.items()):
        if data is None:
            (folder / path).mkdir(parents=True, exist_ok=True)
        else:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)


def hash_of(found: dict[str, bytes | None]) -> bytes:
    told = blake2b(digest_size=16)
    for path, data in sorted(found.items()):
        told.update(f"{path}\0{-1 if data is None else len(data)}\0".encode() + (data or b""))
    return told.digest()
