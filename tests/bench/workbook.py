"""How long the village workbook takes: read alone, dry run, and taken in as one act."""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

from gridapp import places, spreadsheet
from gridapp.work import intake, opening
from tests import ledgers
from tests.bench.figures import Figure, spent

WORKBOOK = places.resource("sample", "青后叶村流动人口台账.xlsx")
RUNS = 5


def take_in(folder: Path, _told: argparse.Namespace) -> list[Figure]:
    """Reading alone = the child process parsing the file; the import adds parsing fields, weighing, journal, tables, index."""
    alone, whole, weighed = list[float](), list[float](), list[float]()
    rows = 0
    for run in range(RUNS):
        alone.append(spent(lambda: spreadsheet.read(WORKBOOK)))
        with opening.new_ledger(folder / f"import{run}.grid", ledgers.PASSWORD, "330784108238", "第一网格", "王建国") as ledger:
            plans: list[intake.Plan] = []
            dry = spent(lambda: plans.append(ledger.ask(intake.weigh, spreadsheet.read_rows(WORKBOOK))))
            wet = spent(lambda: ledger.do(intake.take_in, plans[0]))
            rows = len(plans[0].rows)
        weighed.append(dry)
        whole.append(dry + wet)
    best, read = statistics.median(whole), statistics.median(alone)
    return [
        Figure("workbook: dry run", f"{statistics.median(weighed):.2f} s", f"reading alone {read:.2f} s"),
        Figure("workbook: import, all of it", f"{best:.2f} s = {rows / best:,.0f} rows/s, {best / read:.1f} × reading alone",
               f"reading alone {read:.2f} s = {rows / read:,.0f} rows/s", "≤ 3 × reading alone"),
    ]
