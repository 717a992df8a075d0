"""How many roster pages a second leave for the printer."""

from __future__ import annotations

import argparse
import statistics
import zlib
from pathlib import Path

from gridapp import printing
from gridapp.work import invent, opening
from tests import ledgers
from tests.bench.figures import Figure, spent

RUNS = 3


def rosters(folder: Path, _told: argparse.Namespace) -> list[Figure]:
    """F04 of every house of an invented village of 4,500 into one file."""
    out = folder / "rosters.pdf"
    times, pages = list[float](), 0
    with opening.new_ledger(folder / "print.grid", ledgers.PASSWORD, "330784108238", "第一网格", "王建国") as ledger:
        ledger.do(invent.invent, 4500)
        for _run in range(RUNS):
            with ledger.read() as read:
                made: list[printing.Printed] = []
                times.append(spent(lambda: made.append(printing.write(read, "F04", out, all_houses=True))))
                pages = made[0].pages
    best = statistics.median(times)
    data = zlib.decompress(zlib.compress(out.read_bytes())) * 4
    squeeze = spent(lambda: zlib.compress(data))
    return [Figure("printing all rosters (F04)", f"{pages} pages in {best:.2f} s = {pages / best:.0f} pages/s",
                   f"zlib alone packs {len(data) / squeeze / 1e6:.0f} MB/s", "≥ 100 pages/s (a later issue's aim)")]
