"""Ten kills of a process at work (hundreds: `python3 dev.py faults kills`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import kills


FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="the worker is forked, which this system cannot; dev.py faults runs elsewhere")


def killed(what: str, times: int) -> dict[str, int]:
    """In a process of its own: this one has loaded Qt, and must not fork."""
    ran = subprocess.run([sys.executable, "-m", "tests.faults.kills", what, str(times)], capture_output=True, text=True, check=True,
                         cwd=Path(__file__).parents[2])
    count: dict[str, int] = json.loads(ran.stdout)
    assert count.pop("kills") == times
    return count


@FORKS
def test_a_kill_at_any_moment_loses_nothing_that_was_told_as_saved() -> None:
    count = killed("work", 10)
    assert count.pop("acts") > 1, "the workers were killed before they had done anything"
    assert count == {}


@FORKS
def test_a_kill_while_a_ledger_is_begun_leaves_a_whole_one_or_none() -> None:
    count = killed("begin", 8)
    count.pop("whole", None)
    assert count == {}


def test_a_loss_would_be_found(tmp_path: Path) -> None:
    assert kills.control(tmp_path)["found out"] == 2
