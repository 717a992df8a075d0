"""Clashes are settled and people merged in the town's database as in a file: the same tests, one of the two ledgers in PostgreSQL."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gridapp.ledger import Ledger
from tests import hubs, ledgers
from tests.exchange import test_clashes
from tests.ledger import test_meeting
from tests.postgres import Server
from tests.work import test_merging, test_overlaps, test_twins


@pytest.fixture
def pair(tmp_path: Path, postgres: Server, founded_hub: str) -> Iterator[list[Ledger]]:
    """The town's database with a house of three rooms, and a PC brought up from it."""
    with ExitStack() as opened:
        hub = opened.enter_context(hubs.reopen(opened.enter_context(postgres.database(founded_hub))))
        ledgers.a_house(hub, "QHY0009")
        yield [hub, opened.enter_context(test_meeting.beside(tmp_path / "b.grid", hub))]


#: houses and stays of their own, or written once already
OTHERS = {"test_houses_of_one_number_are_listed_and_never_merged"}

for _module in (test_clashes, test_merging, test_twins, test_overlaps):
    for _name, _test in vars(_module).items():
        if _name.startswith("test_") and _name not in OTHERS and inspect.isfunction(_test):
            _asked = set(inspect.signature(_test).parameters)
            if "pair" in _asked and _asked <= {"pair", "chosen", "keep", "carried"}:
                globals()[_name] = _test
