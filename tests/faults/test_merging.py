"""Some merges cut off (all of them: `python3 dev.py faults merges`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import merging

FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="the worker is forked, which this system cannot; dev.py faults runs elsewhere")


def cut(what: str, times: int) -> dict[str, int]:
    """In a process of its own: this one has loaded Qt, and must not fork."""
    ran = subprocess.run([sys.executable, "-m", "tests.faults.merging", what, str(times)], capture_output=True, text=True, check=True,
                         cwd=Path(__file__).parents[2])
    count: dict[str, int] = json.loads(ran.stdout)
    assert count.pop("kills") == count.pop("none", 0) + count.pop("whole", 0) > 3
    return count


@FORKS
def test_a_kill_at_any_statement_of_a_merge_leaves_all_of_it_or_nothing() -> None:
    assert cut("statements", 11) == {"through": 1}


@FORKS
def test_a_kill_at_any_moment_of_a_merge_leaves_all_of_it_or_nothing() -> None:
    assert cut("moments", 5) == {}


def test_half_a_merge_would_be_found(tmp_path: Path) -> None:
    """The proof itself can fail: the same people written into the tables past the journal, and a seal without its act."""
    from tests import ledgers

    case = merging.Case(tmp_path, 3)
    path = case.copy()
    with ledgers.reopen(path) as taker:
        taker.admit(case.stick[:1])
    assert "half of it was taken in" in case.wrongs(path)


def test_two_threads_that_take_sticks_in_at_once_take_their_turns(tmp_path: Path) -> None:
    assert merging.two_at_once(tmp_path) == []
