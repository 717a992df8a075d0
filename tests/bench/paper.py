"""How many roster pages a second leave for the printer."""

from __future__ import annotations

import argparse
import statistics
import zlib
from pathlib import Path

from gridapp import printing
from gridapp.ledger import Ledger
from gridapp.work import invent, opening
from tests import ledgers
from tests.bench.figures import Figure, spent

RUNS = 3


def rosters(folder: Path, _told: argparse.Namespace) -> list[Figure]:
    """F04 of every house and F02 of everybody of an invented village of 4,500, each into one file."""
    with opening.new_ledger(folder / "print.grid", ledgers.PASSWORD, "330784108238", "第一网格", "王建国") as ledger:
        ledger.do(invent.invent, 4500)
        return [_printed(ledger, folder, "F04", "printing all rosters (F04)", "≥ 100 pages/s (a later issue's aim)"),
                _printed(ledger, folder, "F02", "printing the register of everybody (F02)", "")]


def _printed(ledger: Ledger, folder: Path, number: str, name: str, aim: str) -> Figure:
    """The usual time of a few runs, from the ledger to the file; what limits it is drawing text, so the baseline packs bytes."""
    out = folder / f"{number}.pdf"
    times, made = list[float](), list[printing.Printed]()
    for _run in range(RUNS):
        with ledger.read() as read:
            times.append(spent(lambda: made.append(printing.write(read, number, out))))
    usual, pages = statistics.median(times), made[0].pages
    data = out.read_bytes() * 4
    squeeze = spent(lambda: zlib.compress(data))
    return Figure(name, f"{pages} pages in {usual:.2f} s = {pages / usual:.0f} pages/s",
                  f"zlib alone packs {len(data) / squeeze / 1e6:.0f} MB/s", aim)
