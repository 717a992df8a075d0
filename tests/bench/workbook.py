"""How long the village workbook takes: read alone, dry run, and taken in as one act; how much of that is SQLite itself."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gridapp import places, spreadsheet
from gridapp.ledger import Ledger
from gridapp.work import intake, opening
from tests import ledgers
from tests.bench.figures import Figure, ms, spent

WORKBOOK = places.resource("sample", "青后叶村流动人口台账.xlsx")
RUNS = 5


def take_in(folder: Path, _told: argparse.Namespace) -> list[Figure]:
    """Reading alone = the look at the file, the child's start, its parsing, and its answer; the import adds everything else."""
    alone, dry, whole, inside, waits = list[float](), list[float](), list[float](), list[float](), list[float]()
    records = rows = 0
    for run in range(RUNS):
        alone.append(spent(lambda: spreadsheet.read(WORKBOOK)))
        with opening.new_ledger(folder / f"import{run}.grid", ledgers.PASSWORD, "330784108238", "第一网格", "王建国") as ledger:
            plans: list[intake.Plan] = []
            dry.append(spent(lambda: plans.append(ledger.ask(intake.weigh, spreadsheet.read_rows(WORKBOOK)))))
            with _sqlite() as seconds:
                wet, wait = _wet(ledger, plans[0])
            rows, records = len(plans[0].rows), sum(plans[0].created.values())
        whole.append(dry[-1] + wet)
        inside.append(sum(seconds))
        waits.append(wait)
    best, read, least = statistics.median(whole), statistics.median(alone), statistics.median(inside)
    return [
        Figure("workbook: dry run", f"{statistics.median(dry):.2f} s", f"reading alone {read:.2f} s"),
        Figure("workbook: import, all of it", f"{best:.2f} s = {rows / best:,.0f} rows/s, {best / read:.1f} × reading alone",
               f"reading alone {read:.2f} s = {rows / read:,.0f} rows/s; SQLite's own work on the {records:,} records {least:.2f} s",
               "≤ 3 × reading alone"),
        Figure("workbook: longest wait for a cancel to be seen", ms(statistics.median(waits))),
    ]


def _wet(ledger: Ledger, plan: intake.Plan) -> tuple[float, float]:
    """Seconds of taking in, and the longest time between two looks at whether to go on (the end of the act included)."""
    looks = [time.perf_counter()]
    begun = looks[0]
    ledger.do(intake.take_in, plan, lambda _done, _total: looks.append(time.perf_counter()) is None)
    looks.append(time.perf_counter())
    return looks[-1] - begun, max(b - a for a, b in zip(looks, looks[1:], strict=False))


@contextmanager
def _sqlite() -> Iterator[list[float]]:
    """Collects how long each statement stayed inside the driver."""
    seconds, begun = list[float](), list[float]()

    def before(*_told: Any) -> None:
        begun.append(time.perf_counter())

    def after(*_told: Any) -> None:
        seconds.append(time.perf_counter() - begun.pop())

    sa.event.listen(sa.Engine, "before_cursor_execute", before)
    sa.event.listen(sa.Engine, "after_cursor_execute", after)
    yield seconds
    sa.event.remove(sa.Engine, "before_cursor_execute", before)
    sa.event.remove(sa.Engine, "after_cursor_execute", after)
