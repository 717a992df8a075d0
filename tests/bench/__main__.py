"""Run all measurements and print one table; `python3 dev.py bench [name …] [--people N] [--write]`.

Machines are shared and noisy: medians and 95th percentiles of many runs, and next to every figure the same machine's baseline.
`--write` puts each table into its part of docs/measurements.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from tests import written
from tests.bench import asked, backing, desk, exchange, ledger, manyfound, paper, scale, workbook
from tests.bench.figures import Figure, table
from tests.bench.papers import compare

MEASURES: dict[str, Callable[[Path, argparse.Namespace], list[Figure]]] = {
    "start": desk.start,
    "save": ledger.save,
    "find": ledger.find,
    "import": workbook.take_in,
    "print": paper.rosters,
    "papers": compare.papers,
    "desk": manyfound.desk,
    "backup": backing.backup,
    "exchange": exchange.exchange,
    "scale": scale.scale,
    "figures": asked.asked,
}
DOC = written.DOCS / "measurements.md"


def main() -> int:
    wanted = argparse.ArgumentParser(prog="dev.py bench")
    wanted.add_argument("names", nargs="*", choices=[*MEASURES, []], help="which measurements; all when none is named")
    wanted.add_argument("--people", type=int, default=100_000, help="size of the village for `save` and `find`, and of the first load of `exchange`")
    wanted.add_argument("--sizes", type=lambda text: [float(size) for size in text.split(",")], default=[1.0, 3.0, 10.0],
                        help="of `figures`: how many times the town of 35 villages, e.g. 0.1 or 1,3,10")
    wanted.add_argument("--ledger", default="", help="of `desk`: a ledger that was made before, e.g. of a million people")
    wanted.add_argument("--only", default="", help="of `figures`: only groups with one of these words, e.g. events,F12")
    wanted.add_argument("--write", action="store_true", help="write docs/measurements.md")
    told = wanted.parse_args()
    for name in told.names or MEASURES:
        print(f"measuring {name} …", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            text = f"{written.machine()}\n\n{table(MEASURES[name](Path(folder), told))}"
        print(text)
        if told.write:
            written.put(DOC, name, f"`python3 dev.py bench {name} --people {told.people} --write` on {date.today()}\n{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
