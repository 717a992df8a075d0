"""Canaries: names, numbers, phones and secrets that occur nowhere else are typed into the real window; nothing of them may lie on the disk readable.

Looked through: the data folder, HOME, the folder for passing files, /dev/shm, sticks and second places, what the program printed, files that
are deleted but still open, and (where a library can be preloaded) every byte the program ever wrote, also of files long gone.
Looked for: UTF-8, UTF-16, GB18030, each also in base64 at three places and in hex; also inside what is packed (zip, gzip, zlib, zstandard).
"""

from __future__ import annotations

import base64
import gzip
import io
import os
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zstandard

from gridapp.fields import idnumber
from tests.faults import recording
from tests.faults.rows import Row

ROOT = Path(__file__).parents[2]
#: stands in every name, address and remark of the session; three rare characters, so that chance does not make them
ANCHOR = "龘靐齉"
#: never issued: Jianyang (510185) became a county-level city long after these days of birth; the last digit is reckoned
NUMBERS = tuple(bare + idnumber.check_digit(bare) for bare in ("51018519640229771", "51018519710808445", "51018519591231662"))
PHONES = ("19991730713", "19991730714", "19991730715")
PASSWORD = "金丝雀的口令 Canary-7713"
TEXTS = (ANCHOR, *NUMBERS, *PHONES, PASSWORD)
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
#: what is packed is unpacked so far and so deep
MOST, DEEPEST = 1 << 24, 3
_ZLIB, _ZSTD = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"), b"\x28\xb5\x2f\xfd"
SHM = Path("/dev/shm")


# ---------------------------------------------------------------- what is looked for

def faces(text: str) -> dict[bytes, str]:
    """Every way a text may lie on a disk → how that is called."""
    found = dict[bytes, str]()
    for encoding in ENCODINGS:
        raw = text.encode(encoding)
        found.setdefault(raw, encoding)
        found.setdefault(raw.hex().encode(), f"{encoding} in hex")
        found.setdefault(raw.hex().upper().encode(), f"{encoding} in hex")
        for before in range(3):
            found.setdefault(_inside(raw, before), f"{encoding} in base64")
    return found


def _inside(raw: bytes, before: int) -> bytes:
    """The characters of base64 that depend on nothing but `raw` when so many bytes stand before it."""
    whole = base64.b64encode(bytes(before) + raw)
    return whole[-(-8 * before // 6):8 * (before + len(raw)) // 6]


class Nose:
    """Knows every face of some texts, and finds them in bytes."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.faces = {face: f"{text[:2]}… as {how}" for text in texts for face, how in faces(text).items()}

    def smells(self, data: bytes, deep: int = 0) -> list[str]:
        """What is found in these bytes, also in what is packed in them."""
        found = [told for face, told in self.faces.items() if face in data]
        if deep < DEEPEST:
            for how, inside in unpacked(data):
                found += [f"{told} in {how}" for told in self.smells(inside, deep + 1)]
        return found


def unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What can be unpacked from any place of these bytes."""
    if b"PK\x05\x06" in data:
        yield from _zipped(data)
    for place in _places(data, (b"\x1f\x8b\x08",)):
        yield from _inflated("gzip", zlib.decompressobj(31), data[place:])
    for place in _places(data, _ZLIB):
        yield from _inflated("zlib", zlib.decompressobj(), data[place:])
    for place in _places(data, (_ZSTD,)):
        try:
            yield "zstandard", zstandard.ZstdDecompressor().decompressobj().decompress(data[place:])[:MOST]
        except zstandard.ZstdError:
            continue


def _places(data: bytes, heads: Sequence[bytes]) -> Iterator[int]:
    for head in heads:
        place = data.find(head)
        while place >= 0:
            yield place
            place = data.find(head, place + 1)


def _inflated(how: str, packed: Any, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Piece by piece: what comes before a fault counts too, and most of what looks like a head is none."""
    out, place, piece = bytearray(), 0, 512
    try:
        while place < len(data) and not packed.eof and len(out) < MOST:
            out += packed.decompress(data[place:place + piece])
            place, piece = place + piece, 1 << 16
    except zlib.error:
        pass
    if len(out) > 16:
        yield how, bytes(out)


def _zipped(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for told in packed.infolist():
                yield f"zip {told.filename}", packed.read(told)[:MOST]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, OSError):
        return


# ---------------------------------------------------------------- where it is looked

@dataclass
class Search:
    """Places to look through, and what was looked at."""

    nose: Nose
    #: files that may hold it: what the officer asked for (the workbook, the PDF) lies outside of every place
    places: Sequence[Path]
    #: files of shared places count when they changed since then
    since: float = 0.0
    shared: Sequence[Path] = ()
    files: int = 0
    bytes: int = 0
    hits: list[str] = field(default_factory=list)
    _seen: set[tuple[int, int, int, int]] = field(default_factory=set)

    def look(self, *, shared: bool = False) -> None:
        """`shared`: also where others write, too (it takes longer)."""
        for place, since in (*((p, 0.0) for p in self.places), *((p, self.since) for p in self.shared if shared)):
            for folder, _folders, names in os.walk(place):
                self.name(Path(folder))
                for file in (Path(folder, name) for name in names):
                    with suppress(FileNotFoundError):  # somebody else's that is gone meanwhile
                        if stat.S_ISREG(file.lstat().st_mode) and file.stat().st_mtime >= since:
                            self._file(file)

    def look_at_open(self, pid: int) -> None:
        """Files a process holds open that have no name any more."""
        here = Path(f"/proc/{pid}/fd")
        for handle in here.iterdir() if here.exists() else ():
            try:
                if os.readlink(handle).endswith(" (deleted)"):
                    self._file(handle)
            except FileNotFoundError:  # closed meanwhile
                continue

    def _file(self, file: Path) -> None:
        told = file.stat()
        mark = (told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns)
        if mark in self._seen:
            return
        self._seen.add(mark)
        self.name(file)
        try:
            data = file.read_bytes()
        except OSError:  # somebody else's, or gone meanwhile
            return
        self.files, self.bytes = self.files + 1, self.bytes + len(data)
        self.hits += [f"{file}: {told}" for told in self.nose.smells(data)]

    def name(self, file: Path) -> None:
        """A name tells as much as what is inside."""
        self.hits += [f"the name of a file: {told}" for told in self.nose.smells(os.fsencode(str(file)), DEEPEST)]


# ---------------------------------------------------------------- the session

@dataclass
class Came:
    """What a session came to."""

    search: Search
    stops: list[str]
    written: int = 0
    #: found in what was written at some time
    passing: list[str] = field(default_factory=list)


def session(root: Path, *, recorded: bool = False) -> Came:
    """The real program in a process of its own, through a day's work; it is looked while it stops, and after it ended."""
    from tests.faults import workday

    inside, outside = root / "inside", root / "outside"
    for folder in ("home", "tmp", "stick", "second"):
        (inside / folder).mkdir(parents=True)
    outside.mkdir()
    workday.workbook(outside / "登记表.xlsx")
    log = root / "written" if recorded else None
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "GRIDAPP_HOME"))}
    surroundings |= {"HOME": str(inside / "home"), "TMPDIR": str(inside / "tmp"), "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "1", "QT_IM_MODULE": "",
                     "PYTHONDONTWRITEBYTECODE": "1"}
    if log is not None:
        surroundings |= {"LD_PRELOAD": str(recording.library()), "PCUT_FOLDER": str(inside), "PCUT_LOG": str(log)}
    shared = [p for p in (SHM, Path(os.environ.get("GRIDAPP_CACHE", ""))) if p.is_absolute() and p.is_dir()]
    search = Search(Nose(TEXTS), [inside], time.time(), shared)
    came = Came(search, [])
    with (inside / "printed").open("wb") as printed, subprocess.Popen(
            [sys.executable, "-m", "tests.faults.session", str(inside), str(outside)], cwd=ROOT, env=surroundings, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=printed) as running:
        assert running.stdin is not None and running.stdout is not None
        for line in running.stdout:
            word, _blank, told = line.rstrip("\n").partition(" ")
            if word == "secret":  # made in the session: the groups of its recovery sheet
                search.nose = Nose((*TEXTS, *told.split()))
            elif word == "stop":
                came.stops.append(told)
                search.look()
                search.look_at_open(running.pid)
                running.stdin.write("on\n")
                running.stdin.flush()
    if running.returncode:
        said = (inside / "printed").read_text("utf-8", "replace")[-2000:]
        raise AssertionError(f"the session ended with {running.returncode} after {came.stops}: {said}")
    search.look(shared=True)
    if log is not None:
        came.written = log.stat().st_size
        came.passing = search.nose.smells(log.read_bytes())
    return came


# ---------------------------------------------------------------- what must be found

def plant(folder: Path, text: str) -> dict[str, Path]:
    """A text in every encoding, packed in every way: name → file that holds it."""
    ways = {name: text.encode(name) for name in ENCODINGS}
    ways |= {f"{name} in hex": raw.hex().encode() for name, raw in list(ways.items())}
    ways |= {f"{name} in base64 after {before}": base64.b64encode(bytes(before) + text.encode(name) + b"..") for name in ENCODINGS for before in range(3)}
    raw = b"before " + text.encode() + b" after" * 9
    ways |= {"zlib": zlib.compress(raw), "gzip": gzip.compress(raw), "zstandard": zstandard.compress(raw), "zlib in gzip": gzip.compress(b"__" + zlib.compress(raw) + b"__")}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("inside", raw)
    ways["zip"] = packed.getvalue()
    files = dict[str, Path]()
    for number, (name, data) in enumerate(ways.items()):
        files[name] = folder / f"{number}"
        files[name].write_bytes(os.urandom(4096) + data + os.urandom(4096) if name != "zip" else data)
    return files


def run(seconds: float) -> list[Row]:
    """Sessions until the time is over, at least one; recorded where that is possible."""
    end, rows, came, why = time.monotonic() + seconds, list[Row](), list[Came](), recording.lacking()
    while not came or time.monotonic() < end:
        with tempfile.TemporaryDirectory() as folder:
            came.append(session(Path(folder), recorded=not why))
    hits, passing = sorted({h.rpartition("/")[2] for c in came for h in c.search.hits}), sorted({h for c in came for h in c.passing})
    rows.append(Row("canaries in a day's work through the window", len(came), len(hits), f"{sum(len(c.stops) for c in came)} stops, {sum(c.search.files for c in came)} "
                    f"files, {sum(c.search.bytes for c in came) / 1e6:,.0f} MB looked through{'; ' * bool(hits)}{', '.join(hits)}"))
    rows.append(Row("every byte written meanwhile, also of files long gone", len(came) * (not why), len(passing),
                    why or f"{sum(c.written for c in came) / 1e6:,.0f} MB{'; ' * bool(passing)}{', '.join(passing)}"))
    with tempfile.TemporaryDirectory() as folder:
        planted = plant(Path(folder), NUMBERS[0])
        missed = [name for name, file in planted.items() if not Nose(TEXTS).smells(file.read_bytes())]
    rows.append(Row("control: a planted canary is found, however it is written", len(planted), len(missed), ", ".join(missed)))
    return rows


