"""Parcels spoilt outside and inside — bytes, ciphertext, manifest, packed frames, columns: reading one gives seals or a refusal, no more.

Outside, every accident must be refused. Inside, a forger who holds a key may sign what he likes: then it is taken only when what comes
out is such that writing it again and reading that gives the same.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cbor2
import zstandard

from gridapp.errors import Mistake, Trouble
from gridapp.exchange import columns, parcel
from tests import parcels
from tests.faults.rows import Row
from tests.faults.workbooks import damaged
from tests.parcels import forge

SEED = 20261124
#: this process has some 150 MiB with its libraries; a bomb would take gigabytes
MOST_KIB = 700 << 10
ODD: tuple[Any, ...] = (0, 1, -1, 23, 24, 255, 256, 2**31, 2**63, 2**64 - 1, "", "\0", "v:330784108238", b"", bytes(16), bytes(32), bytes(64), None, True,
                        1.5, [], {}, [[]], cbor2.CBORTag(2, b"\1"), cbor2.undefined)
SEALS = [*parcels.lived(), parcels.many(40, 10)]
RAW = columns.encode([e for s in SEALS for e in s.entries], [v for s in SEALS for v in s.values])
MANIFEST = forge.told_of(SEALS, forge.packed(RAW), k12=[[digest, len(data)] for digest, data in parcels.PHOTOS])
PICTURES = b"".join(len(data).to_bytes(4, "big") + digest + data for digest, data in parcels.PHOTOS)


def whole() -> bytes:
    return forge.outside(forge.locked(forge.inside(MANIFEST, forge.packed(RAW), PICTURES)))


def _bytes(chance: random.Random) -> bytes:
    return damaged(chance, whole())


def _ciphertext(chance: random.Random) -> bytes:
    """The outside fits again."""
    return forge.outside(damaged(chance, forge.locked(forge.inside(MANIFEST, forge.packed(RAW), PICTURES))))


def _manifest_bytes(chance: random.Random) -> bytes:
    """Signed after the accident."""
    return forge.outside(forge.locked(forge.inside(damaged(chance, cbor2.dumps(MANIFEST)), forge.packed(RAW), PICTURES)))


def _odd(chance: random.Random, value: Any) -> Any:
    """The same with something else somewhere in it. Any: whatever CBOR can say."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        changed = value | {key: _odd(chance, value[key])}
        return {k: v for k, v in changed.items() if k != key or chance.random() < 0.95}
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        return [*value[:at], _odd(chance, value[at]), *value[at + chance.choice((0, 1, 1, 1, 2)):]]
    if type(value) is int and chance.random() < 0.5:
        return value + chance.choice((-1, 1, 256))
    if isinstance(value, bytes) and chance.random() < 0.5:
        return damaged(chance, value)
    return chance.choice(ODD)


def _manifest_values(chance: random.Random) -> bytes:
    told = MANIFEST
    for _turn in range(chance.randint(1, 3)):
        told = _odd(chance, told)
    return forge.outside(forge.locked(forge.inside(cbor2.dumps(told), forge.packed(RAW), PICTURES)))


def _framed(raw: bytes, frame: bytes) -> bytes:
    told = MANIFEST | {9: [[len(raw), len(frame), forge.hashed(frame)]]}
    return forge.outside(forge.locked(forge.inside(told, frame, PICTURES)))


def _packed(chance: random.Random) -> bytes:
    """zstd's own bytes, under a manifest that fits them."""
    return _framed(RAW, damaged(chance, forge.packed(RAW)))


def _frame_bytes(chance: random.Random) -> bytes:
    raw = damaged(chance, RAW) or b"\0"
    return _framed(raw, forge.packed(raw))


def _columns(chance: random.Random) -> bytes:
    """Columns cut out and put together again: their lengths fit, what is in them does not."""
    n, told = columns._split(RAW)
    for _turn in range(chance.randint(1, 3)):
        at = chance.randrange(len(told))
        told[at] = chance.choice((lambda c: damaged(chance, c), lambda c: chance.choice(told), _other_list))(told[at])
    raw = n.to_bytes(4, "big") + len(told).to_bytes(4, "big") + b"".join(len(c).to_bytes(4, "big") + c for c in told)
    return _framed(raw, forge.packed(raw))


def _other_list(data: bytes) -> bytes:
    chance = random.Random(data)
    try:
        return cbor2.dumps(_odd(chance, cbor2.loads(data)))
    except (cbor2.CBORError, TypeError):
        return data


#: name -> (how it is spoilt, whether anything of it may still be taken)
FAMILIES: dict[str, tuple[Callable[[random.Random], bytes], bool]] = {
    "bytes of a parcel": (_bytes, False), "its ciphertext": (_ciphertext, False), "bytes of the manifest": (_manifest_bytes, True),
    "values of the manifest": (_manifest_values, True), "packed frames": (_packed, True), "bytes of a frame": (_frame_bytes, True),
    "columns of a frame": (_columns, True)}


def outcome(path: Path, may_pass: bool) -> str:
    """'taken', the name of the refusal, or what went wrong."""
    try:
        with parcel.open_parcel([path], parcels.OURS[0]) as opened:
            seals, photos = list(opened.seals()), list(opened.photos())
    except (Mistake, Trouble) as told:
        return type(told).__name__
    except (ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError,
            cbor2.CBORError, zstandard.ZstdError, AssertionError) as bug:
        return f"bug: {type(bug).__name__} {bug}"[:200]
    if not may_pass and [s.id for s in seals] != [s.id for s in SEALS]:
        return "bug: taken, and something else than was sent"
    again = columns.decode(columns.encode([e for s in seals for e in s.entries], [v for s in seals for v in s.values]))
    if again != ([e for s in seals for e in s.entries], [v for s in seals for v in s.values]) or tuple(photos) != parcels.PHOTOS[:len(photos)]:
        return "bug: taken, and not the same when it is passed on"
    return "taken"


def spoil(name: str, chance: random.Random, folder: Path) -> str:
    """One spoilt parcel of a family, read; the outcome. One that was a bug's stays in the folder."""
    make, may_pass = FAMILIES[name]
    path = folder / f"{chance.getrandbits(32):08x}.wsb"
    path.write_bytes(make(chance))
    told = outcome(path, may_pass)
    if not told.startswith("bug"):
        path.unlink()
    return told


def run(seconds: float) -> list[Row]:
    """Each family for its share of the time."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name in FAMILIES:
            chance, until, counts = random.Random(SEED), time.monotonic() + seconds / len(FAMILIES), Counter[str]()
            while time.monotonic() < until:
                counts[spoil(name, chance, Path(folder))] += 1
            bugs = sum(count for told, count in counts.items() if told.startswith("bug"))
            rows.append(Row(name, counts.total(), bugs, ", ".join(f"{count} {told}" for told, count in counts.most_common())))
    return [*rows, _memory()]


def _memory() -> Row:
    try:
        import resource
    except ImportError:  # Windows
        return Row("memory while parcels are read", 0, 0, "not told by this system")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Row("memory while parcels are read", 1, int(peak > MOST_KIB), f"{peak >> 10} MiB at most")
