"""Ten kills of a process at work (hundreds: `python3 dev.py faults kills`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import kills


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the worker is forked, which this system cannot; dev.py faults runs elsewhere")
def test_a_kill_at_any_moment_loses_nothing_that_was_told_as_saved() -> None:
    """In a process of its own: this one has loaded Qt, and must not fork."""
    ran = subprocess.run([sys.executable, "-m", "tests.faults.kills", "10"], capture_output=True, text=True, check=True,
                         cwd=Path(__file__).parents[2])
    count = json.loads(ran.stdout)
    assert count.pop("kills") == 10
    assert count.pop("acts") > 10, "the workers were killed before they had done anything"
    assert count == {}


def test_a_loss_would_be_found(tmp_path: Path) -> None:
    assert kills.control(tmp_path)["found out"] == 2
