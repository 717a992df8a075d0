"""The planted bugs still are bugs of today's code, and a few of them are noticed at once (all of them: `python3 dev.py faults mutations`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import mutations
from tests.faults.bugs import BUGS, Bug
from tests.faults.stage import Stage

QUICKLY = ("everybody knew everything", "what was written beside is overwritten", "the open seal is not closed before taking in")


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_what_a_bug_changes_is_there_once(bug: Bug) -> None:
    before = bug.where.__code__
    with mutations.planted(bug):
        assert bug.where.__code__ is not before
    assert bug.where.__code__ is before


def test_planted_bugs_are_noticed(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        for bug in BUGS:
            if bug.name in QUICKLY:
                assert mutations.caught(stage, bug, 12)[1], bug.name
        assert len({bug.name for bug in BUGS}) == len(BUGS) and set(QUICKLY) <= {bug.name for bug in BUGS}
