"""A folder of backups: what stays whatever the clock says, what goes, and photos once for all."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.store import shelf
from gridapp.store.shelf import DAILY, MONTHLY, NEWEST, RECENT, WEEKLY, to_keep

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
#: a clock that runs, stands, or is set to anything from 1970 to 2099
MOMENTS = st.one_of(st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31)).map(lambda d: d.replace(tzinfo=UTC)),
                    st.integers(-400, 400).map(lambda days: NOON + timedelta(days=days)),
                    st.sampled_from([datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC), NOON]))


@given(st.lists(MOMENTS, max_size=80))
def test_the_last_five_survive_every_clock(moments: list[datetime]) -> None:
    """B1. Taken one by one and thinned after each, as it happens."""
    kept: list[tuple[int, datetime]] = []
    for seq, at in enumerate(moments, 1):
        kept = [pair for pair in [*kept, (seq, at)] if pair[0] in to_keep([*kept, (seq, at)])]
        assert {number for number, _at in kept} >= set(range(max(1, seq - NEWEST + 1), seq + 1))


def _a_year(per_day: int = 3) -> list[tuple[int, datetime]]:
    moments = [NOON - timedelta(days=day, hours=4 * part) for day in range(400) for part in range(per_day)]
    return list(enumerate(sorted(moments), 1))


def test_a_year_leaves_days_weeks_and_months() -> None:
    taken = _a_year()
    staying = to_keep(taken)
    kept = sorted(at for seq, at in taken if seq in staying)
    days = {at.date() for at in kept}
    assert all((NOON - timedelta(days=day)).date() in days for day in range(DAILY))
    assert len({at.strftime("%G-%V") for at in kept}) >= WEEKLY and len({at.strftime("%Y-%m") for at in kept}) >= MONTHLY
    assert [at for _seq, at in taken if NOON - at < RECENT] == [at for at in kept if NOON - at < RECENT], "two days are kept whole"
    assert len(kept) <= 6 + DAILY + WEEKLY + MONTHLY


def test_a_day_in_2099_takes_one_place_and_not_all() -> None:
    before = _a_year(1)
    taken = [*before, (401, datetime(2099, 1, 1, tzinfo=UTC)), (402, NOON + timedelta(hours=1))]
    assert to_keep(taken) == {seq for seq, _at in taken}, "older than the one before it: the clock is wrong, all stay"
    taken.append((403, NOON + timedelta(hours=5)))
    assert len(to_keep(before) - to_keep(taken)) <= 3, "a day, a week and a month make room"


def _a_file(folder: Path, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "a.gridbak"
    path.write_bytes(content)
    return path


def test_what_is_no_backup_is_listed_apart(tmp_path: Path) -> None:
    _a_file(tmp_path, b"not a backup at all")
    good, bad = shelf.in_folder(tmp_path)
    assert not good and [path.name for path in bad] == ["a.gridbak"]
    assert shelf.in_folder(tmp_path / "nowhere") == ([], [])


LIMITED = """
import resource, sys
from pathlib import Path
from gridapp.store import shelf
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
try:
    shelf.copy_to(Path(sys.argv[1]), Path(sys.argv[2]))
except shelf.TooBigForFat as told:
    print(told.text)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the limit on the size of a file is the kernel's of Linux and macOS")
def test_a_file_too_big_for_the_stick_is_refused_with_a_sentence(tmp_path: Path) -> None:
    """B3: FAT32 answers the write past 4 GiB as the kernel answers the one past a limit."""
    source, target = _a_file(tmp_path / "here", bytes(2 << 20)), tmp_path / "stick" / "a.gridbak"
    target.parent.mkdir()
    ran = subprocess.run([sys.executable, "-c", LIMITED, str(source), str(target)], capture_output=True, text=True, check=True,
                         encoding="utf-8", env={"PYTHONIOENCODING": "utf-8"}, cwd=Path(__file__).resolve().parents[2])
    assert "exFAT" in ran.stdout and not list(target.parent.iterdir()), "nothing half is left"


def test_photos_lie_there_once_and_go_with_the_last_backup_that_names_them(tmp_path: Path) -> None:
    names = [bytes([n]) * 32 for n in range(3)]
    for name in names:
        path = tmp_path / "here" / name.hex()[:2] / name.hex()
        path.parent.mkdir(parents=True)
        path.write_bytes(b"sealed " + name)
    assert shelf.bring_photos(tmp_path / "here", tmp_path / "there", [*names, names[0], b"\xff" * 32]) == 3
    assert shelf.bring_photos(tmp_path / "here", tmp_path / "there", names) == 0
    shelf.drop_photos(tmp_path / "there", names[:2])
    assert set(shelf.photos_in(tmp_path / "there")) == set(names[:2]) and len(shelf.photos_in(tmp_path / "here")) == 3
