"""How long the village workbook takes: read alone, dry run, taken in as one act, taken back; and what SQLite itself needs for its rows."""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from gridapp import places, spreadsheet
from gridapp.ledger import Ledger
from gridapp.work import intake, opening
from tests import ledgers
from tests.bench.figures import Figure, ms, spent

WORKBOOK = places.sample()
RUNS = 5
#: statements that put many rows in, with the rows
Writes = list[tuple[str, Sequence[Any]]]


def take_in(folder: Path, _told: argparse.Namespace) -> list[Figure]:
    """Reading alone = the look at the file, the child's start, its parsing, and its answer; the import adds everything else.

    The floor = the import's own rows (records, their entries, the search index) put into another new ledger, straight through the driver.
    """
    alone, dry, whole, least, waits, back = (list[float]() for _list in range(6))
    records = rows = 0
    for run in range(RUNS):
        gc.collect()  # what the run before left behind would be counted as reading (measured: 0.07 s of 0.24 s)
        alone.append(spent(lambda: spreadsheet.read(WORKBOOK)))
        with _new(folder / f"import{run}.grid") as ledger:
            plans: list[intake.Plan] = []
            gc.collect()
            dry.append(spent(lambda: plans.append(ledger.ask(intake.weigh, spreadsheet.read_rows(WORKBOOK)))))
            with _written(ledger) as writes:
                wet, wait = _wet(ledger, plans[0])
            rows, records = len(plans[0].rows), sum(plans[0].created.values())
            back.append(spent(ledger.undo))
        with _new(folder / f"floor{run}.grid") as ledger:
            least.append(_raw(ledger, writes))
        whole.append(dry[-1] + wet)
        waits.append(wait)
    best, read, floor = statistics.median(whole), statistics.median(alone), statistics.median(least)
    return [
        Figure("workbook: dry run", f"{statistics.median(dry):.2f} s", f"reading alone {read:.2f} s"),
        Figure("workbook: import, all of it", f"{best:.2f} s = {rows / best:,.0f} rows/s, {best / read:.1f} × reading alone",
               f"reading alone {read:.2f} s = {rows / read:,.0f} rows/s", "≤ 3 × reading alone"),
        Figure("workbook: its floor", f"{read + floor:.2f} s = {1 + floor / read:.1f} × reading alone",
               f"reading alone, and {floor:.2f} s for the bare rows of the {records:,} records, their entries and the index"),
        Figure("workbook: import taken back", f"{statistics.median(back):.2f} s"),
        Figure("workbook: longest wait for a cancel to be seen", ms(statistics.median(waits))),
    ]


def _new(path: Path) -> Ledger:
    return opening.new_ledger(path, ledgers.PASSWORD, "330784108238", "第一网格", "王建国")


def _raw(ledger: Ledger, writes: Writes) -> float:
    """Seconds for the same rows in one transaction, with nothing around them."""
    raw = ledger.home.engine.raw_connection()
    driver: Any = raw.driver_connection
    begun = time.perf_counter()
    driver.execute("BEGIN IMMEDIATE")
    for statement, rows in writes:
        driver.executemany(statement, rows)
    driver.execute("COMMIT")
    taken = time.perf_counter() - begun
    raw.close()
    return taken


def _wet(ledger: Ledger, plan: intake.Plan) -> tuple[float, float]:
    """Seconds of taking in, and the longest time between two looks at whether to go on (the end of the act included)."""
    looks = [time.perf_counter()]
    begun = looks[0]
    ledger.do(intake.take_in, plan, lambda _done, _total: looks.append(time.perf_counter()) is None)
    looks.append(time.perf_counter())
    return looks[-1] - begun, max(b - a for a, b in zip(looks, looks[1:], strict=False))


@contextmanager
def _written(ledger: Ledger) -> Iterator[Writes]:
    """Collects what is put in by the many."""
    writes: Writes = []

    def look(_connection: Any, _cursor: Any, statement: str, rows: Sequence[Any], _context: Any, many: bool) -> None:
        if many and statement.startswith("INSERT"):
            writes.append((statement, rows))

    sa.event.listen(ledger.home.engine, "before_cursor_execute", look)
    yield writes
    sa.event.remove(ledger.home.engine, "before_cursor_execute", look)
