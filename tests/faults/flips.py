"""Flipped bits: in the ledger file, its log, its keys or its tip; told at opening or by verify, or without any effect, never silent."""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from gridapp.errors import Sorted
from gridapp.ledger import Ledger
from tests import ledgers
from tests.faults.rows import Row

ENDINGS = ("", "-wal", ".keys", ".keys2", ".tip")


def lived(path: Path) -> Ledger:
    """Part of it in the file, part of it still in the log."""
    with ledgers.begin(path) as ledger:
        ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0])
    ledger = ledgers.reopen(path)
    ledgers.a_person(ledger, "吴丽", ledgers.NUMBERS[1])
    ledger.close_seal()
    ledgers.a_person(ledger, "彭兵", ledgers.NUMBERS[2])
    return ledger


def outcome(path: Path, digest: str) -> str:
    """'told' when opening or verify says so, 'no effect' when all is as it was, else what was wrong."""
    try:
        with ledgers.reopen(path) as ledger:
            report = ledger.verify()
    except Sorted:
        return "told"
    return "told" if report.faults else "no effect" if report.digest == digest else "a wrong answer in silence"


def flip(file: Path, chance: random.Random) -> None:
    data = bytearray(file.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(bytes(data))


def flip_often(folder: Path, seconds: float, at_most: int = sys.maxsize) -> dict[str, Counter[str]]:
    """Outcomes by the file that was hit, each flip in a fresh copy."""
    ledger = lived(folder / "a.grid")
    digest, chance, counts, end = ledger.digest(), random.Random(1), {e: Counter[str]() for e in ENDINGS}, time.monotonic() + seconds
    number = 0
    while time.monotonic() < end and number < at_most:
        number += 1
        ending, copied = ENDINGS[number % len(ENDINGS)], folder / str(number) / "a.grid"
        copied.parent.mkdir()
        for each in ENDINGS:
            shutil.copy(folder / f"a.grid{each}", copied.with_name(f"a.grid{each}"))
        flip(copied.with_name(f"a.grid{ending}"), chance)
        counts[ending][outcome(copied, digest)] += 1
        shutil.rmtree(copied.parent)
    ledger.close()
    return counts


def run(seconds: float) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        counts = flip_often(Path(folder), seconds)
    rows = [Row(f"one bit flipped in {'the ledger file' if not e else 'its ' + e}", c.total(), c["a wrong answer in silence"],
                f"{c['told']} told, {c['no effect']} without effect") for e, c in counts.items()]
    untold = counts[""]["no effect"]
    return [*rows, Row("control: every flip in the ledger file itself is told", counts[""].total(), untold)]
