"""Two or three PCs of one village that meet as often as a test likes: each its own ledger, its own clock and its own officer's name."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

from gridapp.ledger import Ledger
from gridapp.ledger.admission import Admitted
from tests import ledgers
from tests.ledger.test_meeting import beside, give


def pcs(folder: Path, first: Ledger, count: int = 2) -> list[Ledger]:
    """The ledger and others brought up from it."""
    return [first, *(beside(folder / f"pc{number}.grid", first) for number in range(2, count + 1))]


def later(ledger: Ledger, minutes: int) -> None:
    """Its clock goes on."""
    ledger._wall = ledgers.Clock(ledger.now_ms() + minutes * 60_000)
    assert ledger._journal is not None
    ledger._journal.wall = ledger._wall
    ledger._journal.forget()


def all_meet(*some: Ledger) -> list[Admitted]:
    """Everybody gives everybody what is missing, until nobody lacks anything."""
    return [give(one, other) for _round in range(2) for one, other in permutations(some, 2)]
