"""Histories with undo and redo in them: the state of before comes back, the tables stay the fold, the story tells old and new."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import ledgers
from tests.faults import histories


@pytest.mark.parametrize("seed", range(6))
def test_any_history_can_be_undone_and_redone_step_by_step(empty_ledger: Path, tmp_path: Path, seed: int) -> None:
    life = histories.live(ledgers.copy(empty_ledger, tmp_path / "a.grid"), seed)
    assert life.past == [] and len(life.future) > 3 and life.refused > 0
