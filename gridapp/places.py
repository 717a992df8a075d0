"""Where files live: shipped resources, this PC's data, caches and logs. Nobody else asks the platform."""

from __future__ import annotations

import lzma
import os
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import platformdirs

APP = "gridapp"
_ROOT = Path(__file__).resolve().parent.parent / "resources"


def place_of(text: str) -> Path | str:
    """Where a ledger is, as somebody typed it: a file, or the address of the town's database (postgresql+psycopg://…), which stays text."""
    return text if "://" in text and text.split("://")[0].split("+")[0] in ("postgresql", "postgres") else Path(text)


def resource(*parts: str) -> Path:
    """A file shipped with the program, below `resources/`."""
    return _ROOT.joinpath(*parts)


def sample() -> Path:
    """The workbook of an invented village, for trying out."""
    return resource("sample", "青后叶村流动人口台账.xlsx")


def _own(variable: str, default: str) -> Path:
    """A folder of this user, made when it is missing; where it cannot be made, whoever writes there says so."""
    folder = Path(os.environ.get(variable) or default)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def data_dir() -> Path:
    """This user's data folder; GRIDAPP_HOME puts it elsewhere (tests, a stick)."""
    home = os.environ.get("GRIDAPP_HOME")
    return _own("GRIDAPP_HOME", home or platformdirs.user_data_dir(APP, appauthor=False))


def cache_dir() -> Path:
    """What can be made again at any time: unpacked fonts. Where the user's own cannot be written, one until the program ends."""
    folder = _own("GRIDAPP_CACHE", platformdirs.user_cache_dir(APP, appauthor=False))
    return folder if os.access(folder, os.W_OK) else Path(_passing().name)


@cache
def _passing() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix=APP)


def log_dir() -> Path:
    """The log; it never holds personal data."""
    folder = data_dir() / "日志"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def own_holidays() -> Path:
    """The holiday table a county or officer put in place of the shipped one; it need not exist."""
    return data_dir() / "holidays.tsv"


@cache
def font(name: str) -> Path:
    """Path of a shipped TrueType font such as 'FormSong', unpacked once beside the caches (mmap wants a plain file)."""
    packed = resource("fonts", f"{name}.ttf.xz")
    plain = cache_dir() / f"{name}-{packed.stat().st_size}.ttf"
    if not plain.exists():
        half = plain.with_suffix(f".{os.getpid()}.part")
        half.write_bytes(lzma.decompress(packed.read_bytes()))
        os.replace(half, plain)
    return plain
