"""Run the families of faults and print one table; `python3 dev.py faults [name …] [--seconds N]`.

Each family is a function of the seconds it may spend that returns rows; the exit code is 1 when anything was lost or wrong.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from tests.faults.rows import Row, table

#: family -> module with `run(seconds) -> rows`
FAMILIES = {
    "kills": "tests.faults.kills",
    "narrow disks": "tests.faults.narrow",
    "workbooks": "tests.faults.workbooks",
    "histories": "tests.faults.histories",
    "flips": "tests.faults.flips",
    "parcels": "tests.faults.parcels",
    "sticks": "tests.faults.sticks",
    "meetings": "tests.faults.meetings",
    "merges": "tests.faults.merging",
    "mutations": "tests.faults.mutations",
}


def run(name: str, seconds: float) -> Sequence[Row]:
    """One family; its module is loaded only when it is asked for."""
    rows: Sequence[Row] = importlib.import_module(FAMILIES[name]).run(seconds)
    return rows


def main() -> int:
    asked = argparse.ArgumentParser(prog="dev.py faults")
    asked.add_argument("names", nargs="*", choices=[*FAMILIES, []], help="which families; all when none is named")
    asked.add_argument("--seconds", type=float, default=60, help="how long each family may go on")
    told = asked.parse_args()
    rows: list[Row] = []
    for name in told.names or FAMILIES:
        print(f"{name} …", file=sys.stderr)
        rows += run(name, told.seconds)
    print(table(rows))
    return 1 if any(row.bad for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
