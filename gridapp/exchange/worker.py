"""A process that takes in one worker's share of parcels for the town: told as JSON on its input, a line for each parcel on its output."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from gridapp.errors import Mistake, Trouble
from gridapp.exchange import town
from gridapp.work import opening


def work(source: TextIO, target: TextIO) -> None:
    """Open the town's database once and take in one parcel after another."""
    told = json.load(source)
    try:
        ledger = opening.open_ledger(told["place"], told["password"])
    except (Mistake, Trouble) as hindered:
        for one in told["parcels"]:
            _tell(town.Came(one["sender"], "", {}, refused=hindered.text), target)
        return
    with ledger:
        for one in told["parcels"]:
            _tell(town.taken(ledger, [Path(p) for p in one["paths"]], one["sender"]), target)


def _tell(came: town.Came, target: TextIO) -> None:
    json.dump(asdict(came), target)
    target.write("\n")
    target.flush()


if __name__ == "__main__":
    work(sys.stdin, sys.stdout)
