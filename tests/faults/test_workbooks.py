"""Spoilt workbooks, a few of each family; `python3 dev.py faults workbooks` goes on for longer."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from gridapp.spreadsheet import parsing
from tests.faults import workbooks


@pytest.mark.parametrize("name", workbooks.families())
def test_a_spoilt_workbook_gives_rows_or_a_sentence(name: str, tmp_path: Path) -> None:
    chance = random.Random(workbooks.SEED)
    told = [workbooks.spoil(name, chance, tmp_path) for _turn in range(12)]
    assert [t for t in told if t.startswith("bug")] == []


def test_the_good_ones_are_read(tmp_path: Path) -> None:
    for name, (ending, good, _mutate) in workbooks.families().items():
        path = tmp_path / f"{name}{ending}"
        path.write_bytes(good)
        assert workbooks.outcome(path) == "rows"


def test_a_failure_that_is_no_sentence_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(cell: object) -> str:
        raise TypeError("broken")

    monkeypatch.setattr(parsing, "_shown", break_down)
    ending, good, _mutate = workbooks.families()["bytes of a csv"]
    (tmp_path / f"a{ending}").write_bytes(good)
    assert workbooks.outcome(tmp_path / f"a{ending}") == "bug: TypeError broken"
