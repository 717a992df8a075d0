"""Run the families of faults and print a table of each; `python3 dev.py faults [name …] [--seconds N] [--write]`.

Each family is a function of the seconds it may spend that returns rows; the exit code is 1 when anything was lost or wrong.
`--write` puts each table into its part of docs/reliability.md.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tests import written
from tests.bench.figures import spread
from tests.faults.rows import Row, table

#: family -> module with `run(seconds) -> rows`
FAMILIES = {
    "power": "tests.faults.power",
    "injecting": "tests.faults.injecting",
    "kills": "tests.faults.kills",
    "narrow disks": "tests.faults.narrow",
    "workbooks": "tests.faults.workbooks",
    "histories": "tests.faults.histories",
    "flips": "tests.faults.flips",
    "parcels": "tests.faults.parcels",
    "sticks": "tests.faults.sticks",
    "meetings": "tests.faults.meetings",
    "merges": "tests.faults.merging",
    "looks": "tests.faults.chains",
    "mutations": "tests.faults.mutations",
    "canary": "tests.faults.canary",
    "monkey": "tests.faults.monkey",
    "thorough": "tests.faults.thoroughly",
}
DOC = written.DOCS / "reliability.md"


def run(name: str, seconds: float) -> Sequence[Row]:
    """One family; its module is loaded only when it is asked for."""
    rows: Sequence[Row] = importlib.import_module(FAMILIES[name]).run(seconds)
    return rows


def main() -> int:
    asked = argparse.ArgumentParser(prog="dev.py faults")
    asked.add_argument("names", nargs="*", choices=[*FAMILIES, []], help="which families; all when none is named")
    asked.add_argument("--seconds", type=float, default=60, help="how long each family may go on")
    asked.add_argument("--write", action="store_true", help="write docs/reliability.md")
    told = asked.parse_args()
    bad = 0
    for name in told.names or FAMILIES:
        print(f"{name} …", file=sys.stderr)
        begun, rows = time.monotonic(), run(name, told.seconds)
        text = f"{written.machine()}; {_baseline()}; {time.monotonic() - begun:,.0f} s\n\n{table(rows)}"
        print(text)
        bad += sum(row.bad for row in rows)
        if told.write:
            written.put(DOC, name, f"`python3 dev.py faults {_quoted(name)} --seconds {told.seconds:g} --write` on {date.today()}\n{text}\n")
    return 1 if bad else 0


def _baseline() -> str:
    """What the same disk does at best, in the same run."""
    with tempfile.TemporaryDirectory() as folder:
        return f"one fsynced 4 KB append {spread(written.flushes(Path(folder)))}"


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


if __name__ == "__main__":
    sys.exit(main())
