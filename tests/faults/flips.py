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
#: a ledger that was closed, so that no page of its file is told again by its log
CLOSED = "closed"
NAMES = {"": "the file of a ledger at work (its log may hold the page whole)", CLOSED: "the file of a closed ledger"}


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
    ledger, closed, cases = lived(folder / "a.grid"), folder / CLOSED, (*ENDINGS, CLOSED)
    ledgers.reopen(_copied(folder, closed)).close()
    digest, chance, counts, end = ledger.digest(), random.Random(1), {case: Counter[str]() for case in cases}, time.monotonic() + seconds
    number = 0
    while time.monotonic() < end and number < at_most:
        number += 1
        case = cases[number % len(cases)]
        copied = _copied(closed if case == CLOSED else folder, folder / str(number))
        flip(copied.with_name(f"a.grid{'' if case == CLOSED else case}"), chance)
        counts[case][outcome(copied, digest)] += 1
        shutil.rmtree(copied.parent)
    ledger.close()
    return counts


def _copied(source: Path, target: Path) -> Path:
    target.mkdir()
    for ending in ENDINGS:
        if (source / f"a.grid{ending}").exists():
            shutil.copy(source / f"a.grid{ending}", target / f"a.grid{ending}")
    return target / "a.grid"


def run(seconds: float) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        counts = flip_often(Path(folder), seconds)
    rows = [Row(f"one bit flipped in {NAMES.get(e, f'its {e}')}", c.total(), c["a wrong answer in silence"],
                f"{c['told']} told, {c['no effect']} without effect") for e, c in counts.items()]
    untold = counts[CLOSED]["no effect"]
    return [*rows, Row("control: every flip in the file of a closed ledger is told", counts[CLOSED].total(), untold)]
