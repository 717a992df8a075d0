"""Key files of one officer and of two."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridapp.store.slots import Vault
from tests.ledgers import CHEAP, PASSWORD
from tests.store.keyfiles import SECOND, entered


@pytest.fixture
def grid(tmp_path: Path) -> Path:
    """Where a ledger would lie; its vault is beside it."""
    Vault.create(tmp_path / "台账.grid", PASSWORD, "officer 1", CHEAP)
    return tmp_path / "台账.grid"


@pytest.fixture
def shared(grid: Path) -> Path:
    """The same with a second officer."""
    Vault.load(grid).add_password(entered(grid), 2, "officer 2", SECOND)
    return grid
