"""What a real process does to the disk below one folder: a library of our own is preloaded and writes every change down (pcut.c)."""

from __future__ import annotations

import atexit
import ctypes
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
SOURCE = Path(__file__).with_name("pcut.c")
_HEAD = struct.Struct("=6Q")


class Kind(IntEnum):
    """As in pcut.c."""

    OPEN = 1
    CREATE = 2
    WRITE = 3
    TRUNCATE = 4
    SYNC = 5
    SYNC_FOLDER = 6
    RENAME = 7
    UNLINK = 8
    MKDIR = 9
    RMDIR = 10
    MARK = 11


class Op(NamedTuple):
    """One change, or a remark: paths are told from the folder on, `file` is a number the system may give again after a removal."""

    kind: Kind
    file: int
    offset: int
    path: str
    second: str
    data: bytes


def lacking() -> str:
    """Why nothing can be preloaded here; empty where it can."""
    if not sys.platform.startswith("linux"):
        return "only Linux preloads a library that stands between the program and the disk"
    return "" if shutil.which("cc") else "there is no C compiler (cc) to build the library that stands between the program and the disk"


@cache
def library() -> Path:
    """The library, built once into a temporary folder that goes when the program ends."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    built = Path(folder) / "pcut.so"
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(built), str(SOURCE), "-ldl", "-lpthread"], check=True)
    return built


def preloaded(watched: Path, log: Path | None, module: str, *told: str) -> str:
    """Run a module of the tests with the library before everything else; what it printed."""
    surroundings = {**os.environ, "LD_PRELOAD": str(library()), "PCUT_FOLDER": str(watched)} | ({"PCUT_LOG": str(log)} if log else {})
    ran = subprocess.run([sys.executable, "-m", module, *told], capture_output=True, text=True, check=False, cwd=ROOT, env=surroundings)
    if ran.returncode:
        raise AssertionError(f"{module} {told}: {ran.stderr}")
    return ran.stdout


def read(log: Path, watched: Path) -> Iterator[Op]:
    """The changes in order; those to names outside of the folder tell an empty path."""
    data, place = log.read_bytes(), 0
    while place < len(data):
        kind, file, offset, *lengths = _HEAD.unpack_from(data, place)
        place += _HEAD.size
        parts = list[bytes]()
        for length in lengths:
            parts.append(data[place:place + length])
            place += length
        yield Op(Kind(kind), file, offset, _within(parts[0], watched), _within(parts[1], watched), parts[2])


def _within(path: bytes, watched: Path) -> str:
    return os.path.relpath(os.fsdecode(path), watched) if path else ""


class Preloaded:
    """The library from inside the process it was preloaded into."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.pcut_arm.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_int)
        self._library.pcut_count.restype = self._library.pcut_fired.restype = ctypes.c_long
        for name in ("LD_PRELOAD", "PCUT_FOLDER", "PCUT_LOG"):  # not for children of this process: they have libraries of their own
            os.environ.pop(name, None)

    def mark(self, text: str) -> None:
        self._library.pcut_mark(text.encode())

    def arm(self, number: int, error: int = 0, *, for_ever: bool = False) -> None:
        """From now on the change of that number fails (and all after it that need room); 0: none."""
        self._library.pcut_arm(number, error, int(for_ever))

    @property
    def fired(self) -> int:
        return int(self._library.pcut_fired())
