"""A town, a village PC that is paired with it and has something to tell, and a folder for a stick."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gridapp.ledger import Ledger
from tests import ledgers
from tests.exchange import handing


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Ledger]:
    with handing.a_town(tmp_path / "town.grid") as made:
        yield made


@pytest.fixture
def village_pc(tmp_path: Path, town: Ledger) -> Iterator[Ledger]:
    with handing.a_village(tmp_path / "village.grid") as made:
        made.officer = 1
        ledgers.a_little_village(made)
        yield handing.joined(town, made, tmp_path)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made
