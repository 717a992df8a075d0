"""Workbooks with bytes flipped, torn, swapped and swollen: reading one gives rows or a sentence, never another failure."""

from __future__ import annotations

import io
import random
import re
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from gridapp import spreadsheet
from gridapp.errors import Mistake, Trouble
from tests.faults.rows import Row
from tests.spreadsheet import workbooks

SEED = 20261124
#: a child may have 512 MiB (reliability.md I1); its own pages count a little more
MOST_KIB = 600 << 10
NUMBERS = (b"0", b"-1", b"65536", b"99999999999999999999", b"1E308", b"NaN", b"")
Mutate = Callable[[random.Random, bytes], bytes]


def damaged(chance: random.Random, data: bytes) -> bytes:
    """One to eight small accidents."""
    told = bytearray(data)
    for _turn in range(chance.randint(1, 8)):
        at, size = chance.randrange(len(told) + 1), chance.choice((1, 1, 2, 4, 16, 256))
        accident = chance.randrange(6)
        if accident == 0:
            told[at:at + size] = chance.randbytes(len(told[at:at + size]))
        elif accident == 1:
            del told[at:at + size]
        elif accident == 2:
            told[at:at] = told[at:at + size] * chance.choice((1, 2, 50))
        elif accident == 3:
            told[at:at] = chance.randbytes(size)
        elif accident == 4:
            told[at:at + size] = bytes(len(told[at:at + size]))
        elif chance.random() < 0.2:
            del told[at:]
    return bytes(told)


def odd_markup(chance: random.Random, text: bytes) -> bytes:
    """Numbers, attributes and tags of XML replaced by others: still well-formed more often than not."""
    for _turn in range(chance.randint(1, 5)):
        pieces = list(re.finditer(rb'\d+|="[^"]*"|<[^>]*>', text))
        if pieces:
            piece, other = chance.choice(pieces), chance.choice(pieces)[0]
            new = chance.choice(NUMBERS) if piece[0].isdigit() else chance.choice((other, piece[0] * 3, b""))
            text = text[:piece.start()] + new + text[piece.end():]
    return text


def parts(chance: random.Random, data: bytes) -> bytes:
    """The archive is whole, one or two of its parts are not: this is what reaches the parser in the child."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        told = {name: archive.read(name) for name in archive.namelist()}
    for _turn in range(chance.randint(1, 2)):
        name = chance.choice([n for n in told if n.startswith("xl/") and n.endswith((".xml", ".rels")) and told[n]])
        told[name] = chance.choice((damaged, odd_markup, odd_markup))(chance, told[name])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in told.items():
            archive.writestr(name, content)
    return made.getvalue()


def _csv() -> bytes:
    return "\r\n".join(",".join(row) for row in [workbooks.HEAD, *[workbooks.PENG] * 20]).encode("gb18030")


def families() -> dict[str, tuple[str, bytes, Mutate]]:
    """Name → (ending of the file, a good one, how it is spoilt)."""
    xlsx, xls = workbooks.plain_xlsx(), workbooks.xls([workbooks.HEAD, *[workbooks.PENG] * 20])
    return {"parts of an xlsx": (".xlsx", xlsx, parts), "bytes of an xlsx": (".xlsx", xlsx, damaged),
            "bytes of an xls": (".xls", xls, damaged), "bytes of a csv": (".csv", _csv(), damaged)}


def outcome(path: Path) -> str:
    """'rows', the name of the Mistake, or what went wrong."""
    try:
        spreadsheet.read_rows(path)
    except (Mistake, Trouble) as told:
        return type(told).__name__
    except (ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError) as bug:
        return f"bug: {type(bug).__name__} {bug}"[:200]
    return "rows"


def spoil(name: str, chance: random.Random, folder: Path) -> str:
    """One spoilt file of a family, read; the outcome. A file that was a bug's stays in the folder."""
    ending, good, mutate = families()[name]
    path = folder / f"{chance.getrandbits(32):08x}{ending}"
    path.write_bytes(mutate(chance, good))
    told = outcome(path)
    if not told.startswith("bug"):
        path.unlink()
    return told


def run(seconds: float) -> list[Row]:
    """Each family for its share of the time."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name in families():
            chance, until, counts = random.Random(SEED), time.monotonic() + seconds / len(families()), dict[str, int]()
            while time.monotonic() < until:
                told = spoil(name, chance, Path(folder))
                counts[told] = counts.get(told, 0) + 1
            bugs = [told for told in counts if told.startswith("bug")]
            note = ", ".join(f"{count} {told}" for told, count in sorted(counts.items(), key=lambda c: -c[1]))
            rows.append(Row(name, sum(counts.values()), sum(counts[b] for b in bugs), note))
    return [*rows, _memory()]


def _memory() -> Row:
    try:
        import resource
    except ImportError:  # Windows
        return Row("memory of the child", 0, 0, "not told by this system")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return Row("memory of the child", 1, int(peak > MOST_KIB), f"{peak >> 10} MiB at most")
