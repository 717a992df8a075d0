"""A day's work through the window leaves nothing readable on the disk (promise of issue 4); whatever is planted is found."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from tests.faults import canary, recording

#: where the session stops to be looked at
STOPS = ["the sheet is shown", "a person half typed", "a person half typed", "a workbook is looked at", "something is found", "a paper is shown", "a parcel is looked at", "backups are taken",
         "the program broke down", "a form half filled in", "begun anew", "the window is closed"]


def test_a_days_work_leaves_nothing_readable(tmp_path: Path) -> None:
    """Where a library can be preloaded also in no file that was written and removed again."""
    recorded = not recording.lacking()
    came = canary.session(tmp_path, recorded=recorded)
    assert came.stops == STOPS
    assert came.search.hits == [] and came.passing == []
    inside = {file.suffix for file in (tmp_path / "inside").rglob("*") if file.is_file()}
    assert {".grid", ".keys", ".log", ".gridbak", ".wsb", ".json"} <= inside, "all that is written was there to be looked through"
    assert came.written > 1 << 20 or not recorded
    outside = [file for name in ("登记表.xlsx", "检查结果.xlsx") for file in tmp_path.rglob(name)]
    assert all(canary.Nose([canary.ANCHOR]).smells(file.read_bytes()) for file in outside) and len(outside) == 2, "where it may be, it is found"


@pytest.mark.parametrize("text", [canary.ANCHOR, canary.NUMBERS[0]])
def test_whatever_is_planted_is_found_however_it_is_written(text: str, tmp_path: Path) -> None:
    nose = canary.Nose(canary.TEXTS)
    missed = [name for name, file in canary.plant(tmp_path, text).items() if not nose.smells(file.read_bytes())]
    assert missed == []


def test_chance_is_no_canary() -> None:
    assert canary.Nose(canary.TEXTS).smells(os.urandom(1 << 20)) == []


def test_a_file_without_a_name_a_name_and_a_shared_place_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "own" / canary.PHONES[0]).mkdir(parents=True)
    (tmp_path / "shared").mkdir()
    for age, name in ((0, "old"), (2_000_000_000, "new")):
        (tmp_path / "shared" / name).write_text(canary.PASSWORD)
        os.utime(tmp_path / "shared" / name, (age, age))
    search = canary.Search(canary.Nose(canary.TEXTS), [tmp_path / "own"], since=1_000_000_000, shared=[tmp_path / "shared"])
    search.look(shared=True)
    assert [hit.partition(":")[0] for hit in search.hits] == ["the name of a file", str(tmp_path / "shared" / "new")]
    if not Path("/proc/self/fd").exists():
        return
    with tempfile.TemporaryFile(dir=tmp_path) as nameless:
        nameless.write(canary.NUMBERS[0].encode("utf-16-le"))
        nameless.flush()
        search.hits.clear()
        search.look_at_open(os.getpid())
    assert len(search.hits) == 1 and "utf-16-le" in search.hits[0]
