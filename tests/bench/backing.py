"""How long a backup takes with all its checks, and a restore; beside it what copying the same bytes takes."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from gridapp.work import backups, rescue
from tests import ledgers
from tests.bench.figures import Figure, spent
from tests.bench.ledger import SMALL, _village


def backup(folder: Path, told: argparse.Namespace) -> list[Figure]:
    """Of a small village and of one of `--people`."""
    return [figure for count in dict.fromkeys((SMALL, told.people)) for figure in _backup(folder, count)]


def _backup(folder: Path, count: int) -> list[Figure]:
    with _village(folder, count) as ledger:
        path, made = ledger.path, list[object]()
        taken = spent(lambda: made.append(backups.take(ledger, backups.ASKED)))
        again = spent(lambda: backups.take(ledger, "close"))
        kept = rescue.offers(path)[0]
        tried = spent(lambda: rescue.drill(ledger, rescue.by_password(ledgers.PASSWORD)))
    plain = spent(lambda: shutil.copyfile(path, folder / "plain"))
    whole = spent(lambda: rescue.restore(kept.path, folder / f"{count}.restored", rescue.by_password(ledgers.PASSWORD)))
    size = kept.size / 2**20
    baseline = f"plain copy of the file {plain:.2f} s"
    return [
        Figure(f"backup with all checks ({count:,} people, {size:,.0f} MiB)", f"{taken:.2f} s", baseline),
        Figure(f"backup skipped, nothing changed ({count:,} people)", f"{again * 1000:.0f} ms"),
        Figure(f"restore with all checks ({count:,} people)", f"{whole:.2f} s; a trial {tried:.2f} s", baseline),
    ]
