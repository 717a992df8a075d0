"""Room on the drive: a real small one that fills up, the reserve that gets the officer out, and warnings before it comes to that."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridapp.store import files, reserve
from gridapp.work import village
from tests import ledgers

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def small_drive(tmp_path: Path) -> Iterator[Path]:
    """A drive of 12 MiB in memory."""
    folder = tmp_path / "drive"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], capture_output=True, check=False) \
        if shutil.which("mount") else None
    if done is None or done.returncode:
        pytest.skip("a small drive may not be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path) -> None:
    """Until not a byte more goes in."""
    with (folder / "films").open("wb", buffering=0) as out:
        for size in (1 << 16, 1 << 10, 1):
            try:
                while True:
                    out.write(bytes(size))
            except OSError as error:
                assert error.errno == errno.ENOSPC


def test_a_full_disk_the_reserve_and_work_goes_on(small_drive: Path, empty_ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """D5: full, released, an act and closing work; the reserve is made again when there is room."""
    monkeypatch.setattr(reserve, "SIZE", 4 << 20)
    monkeypatch.setattr(reserve, "WARN_BELOW", 1 << 20)
    path = ledgers.copy(empty_ledger, small_drive / "台账.grid")
    with ledgers.reopen(path) as ledger:
        assert reserve.keep(path) and reserve.beside(path).stat().st_size == 4 << 20
        fill(small_drive)
        assert reserve.is_low(small_drive)
        with pytest.raises(files.DiskFull):
            for number in range(2000):  # pages of the log that are there already are written over first
                ledger.do(village.correct_village, phone=f"0579-{number:08d}")
        before = len(ledger.acts(3000))
        assert reserve.release(path) == 4 << 20 and reserve.release(path) == 0
        ledger.do(village.correct_village, phone="0579-87000000")
        assert len(ledger.acts(3000)) == before + 1
    with ledgers.reopen(path) as again:
        assert not again.verify().faults and again.ask(village.papers)["phone"] == "0579-87000000"
        assert not reserve.keep(path), "not while there is no room for it"
        (small_drive / "films").unlink()
        assert reserve.keep(path) and reserve.keep(path)


def test_the_room_is_really_taken(tmp_path: Path) -> None:
    reserve.keep(tmp_path / "a.grid")
    made = os.stat(reserve.beside(tmp_path / "a.grid"))
    assert made.st_size == reserve.SIZE and getattr(made, "st_blocks", made.st_size // 512) * 512 >= reserve.SIZE


def test_a_reserve_half_made_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(half: Path) -> None:
        half.write_bytes(b"some")
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(reserve, "_fill", full)
    assert not reserve.keep(tmp_path / "a.grid") and not list(tmp_path.iterdir())


@pytest.mark.parametrize(("free", "low"), [(500 << 20, False), ((500 << 20) - 1, True)])
def test_warned_below_500_mib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, low: bool) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(1 << 40, 0, free))
    assert reserve.is_low(tmp_path) is low


def test_asked_for_two_and_a_half_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(1 << 40, 0, 250 << 20))
    reserve.ask_for(tmp_path, 100 << 20)
    with pytest.raises(reserve.TooLittleRoom, match="需要约 251 MB，只剩 250 MB"):
        reserve.ask_for(tmp_path, (100 << 20) + 1)
