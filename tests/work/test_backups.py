"""Backups: taken when something changed, looked through, told by a signed list; a wrong byte anywhere is found."""

from __future__ import annotations

import random
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gridapp.ledger import Ledger, beside
from gridapp.store import backup, database, reserve, shelf
from gridapp.store.backup import BackupDamaged, BackupFailed, NotABackup
from gridapp.store.photos import Photos
from gridapp.work import backups, keeping, village
from tests import ledgers

DAY = 86_400_000


@pytest.fixture
def clock() -> ledgers.Clock:
    return ledgers.Clock()


@pytest.fixture
def kept(village_ledger: Path, tmp_path: Path, clock: ledgers.Clock) -> Any:
    """A ledger of a little village under a clock of the test's."""
    folder = tmp_path / "village"
    folder.mkdir()
    with ledgers.reopen(ledgers.copy(village_ledger, folder / "台账.grid"), clock) as ledger:
        yield ledger


def another_act(ledger: Ledger) -> None:
    ledger.do(village.correct_village, phone=f"0579-{random.randrange(10**8):08d}")


def test_a_backup_says_what_is_in_it(kept: Ledger) -> None:
    made = backups.take(kept, "ask")
    assert made is not None
    told = made.manifest
    assert (told.seq, told.reason, told.scope, told.name) == (1, "ask", "v:330784108238", "台账.grid")
    assert told.counts["person"] == 4 and told.counts["act"] == len(kept.acts()) and told.device == kept.device.hex()
    assert told.told["tip"].replace("-", "") == kept.acts()[0].id.hex and list(told.told["heads"]) == ["v:330784108238"]
    assert made.path.name == "000001-20261124-1200-ask.gridbak" and made.path.parent.parent == backups.root()
    assert not list(made.path.parent.glob("*.part*")), "nothing half is left"
    with zipfile.ZipFile(made.path) as box:
        assert not any(name.encode() in box.read("ledger") + box.read("manifest.json") for name in ("彭兵", "祠堂路"))


def test_nothing_is_taken_where_nothing_changed(kept: Ledger) -> None:
    assert backups.take(kept, "close") is not None
    assert backups.take(kept, "close") is None and backups.take(kept, "import") is None
    assert backups.take(kept, "ask") is not None, "who asks gets one"
    another_act(kept)
    assert backups.take(kept, "close") is not None
    kept.keep_secret("town", "paired")
    assert backups.take(kept, "close") is not None, "what is no act counts too"
    kept.undo()
    made = backups.take(kept, "close")
    assert made is not None and made.manifest.seq == 5


def test_due_after_four_hours_whichever_way_the_clock_went(kept: Ledger, clock: ledgers.Clock) -> None:
    assert backups.is_due(kept)
    backups.take(kept, "hours")
    assert not backups.is_due(kept)
    clock.ms += DAY // 6
    assert backups.is_due(kept)
    clock.ms = 0
    assert backups.is_due(kept)


def test_any_flipped_byte_is_found(kept: Ledger, tmp_path: Path) -> None:
    """B2: of the ledger's pages, the keys, the list, its signature; and whatever is cut off."""
    made = backups.take(kept, "ask")
    assert made is not None
    whole = made.path.read_bytes()
    spoilt, chance = tmp_path / "spoilt.gridbak", random.Random(5)
    with zipfile.ZipFile(made.path) as box:
        starts = [info.header_offset + 60 for info in box.infolist()]
    for at in [*starts, *(chance.randrange(len(whole)) for _ in range(60))]:
        spoilt.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1:])
        try:
            told = backup.examined(spoilt).manifest
        except (BackupDamaged, NotABackup):
            continue
        assert told == made.manifest and _members(spoilt) == _members(made.path), f"byte {at}: only the box around it (dates) may differ"
    spoilt.write_bytes(whole[:-1])
    with pytest.raises(BackupDamaged):
        backup.examined(spoilt)


def _members(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as box:
        return [box.read(name) for name in ("ledger", "keys", "photos", "manifest.json", "signature")]


def test_a_list_signed_by_nobody_or_put_together_anew_is_refused(kept: Ledger, tmp_path: Path) -> None:
    made = backups.take(kept, "ask")
    assert made is not None
    forged = tmp_path / "forged.gridbak"
    with zipfile.ZipFile(made.path) as box, zipfile.ZipFile(forged, "w") as out:
        for name in box.namelist():
            data = box.read(name)
            out.writestr(name, data.replace(b'"seq": 1', b'"seq": 9') if name == "manifest.json" else data)
    with pytest.raises(BackupDamaged):
        backup.told_of(forged)
    with zipfile.ZipFile(made.path) as box, zipfile.ZipFile(forged, "w") as out:
        for name in box.namelist():
            out.writestr(name, box.read(name)[::-1] if name == "ledger" else box.read(name))
    assert backup.told_of(forged) == made.manifest
    with pytest.raises(BackupDamaged):  # the box's own sums are right
        backup.examined(forged)
    with zipfile.ZipFile(forged, "a") as out:
        out.writestr("more", b"")
    with pytest.raises(NotABackup):
        backup.told_of(forged)


def test_a_copy_that_went_wrong_is_not_kept_and_the_old_ones_are(kept: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """B2: the disk of the copy lies; the ledger itself is whole, so nothing is marked."""
    first = backups.take(kept, "ask")
    another_act(kept)
    real = backup.copied

    def spoilt(source: Any, target: Any, path: Path, ask: Any) -> Any:
        stood = real(source, target, path, ask)
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2)
            file.write(bytes(64))
        return stood

    monkeypatch.setattr(backup, "copied", spoilt)
    with pytest.raises(BackupFailed):
        backups.take(kept, "close")
    assert first is not None and shelf.in_folder(first.path.parent) == ([first], []) and not beside.is_marked(kept.path)
    monkeypatch.setattr(backup, "copied", real)
    again = backups.take(kept, "close")
    assert again is not None and again.manifest.seq == 3, "a number is never given twice"


def test_a_damaged_ledger_takes_no_backup_and_thins_none(kept: Ledger, clock: ledgers.Clock) -> None:
    """D6: the last good ones are not pushed out."""
    for _day in range(4):
        another_act(kept)
        backups.take(kept, "close")
        clock.ms += DAY
    before = sorted(backups.place_of(kept.path).glob("*.gridbak"))
    another_act(kept)
    kept.home.engine.dispose()  # the log goes into the file
    with kept.path.open("r+b") as file:
        file.seek(kept.path.stat().st_size // 2 // 4096 * 4096 + 100)
        file.write(bytes(200))
    with pytest.raises(database.Damaged):
        backups.take(kept, "close")
    assert beside.is_marked(kept.path)
    with pytest.raises(backups.Marked):
        backups.take(kept, "ask")
    assert sorted(backups.place_of(kept.path).glob("*.gridbak")) == before and "曾发现损坏" in "".join(keeping.reminders(kept))


def test_thinned_as_they_are_taken(kept: Ledger, clock: ledgers.Clock) -> None:
    for _time in range(30):
        another_act(kept)
        backups.take(kept, "close")
        clock.ms += DAY
    seqs = [k.manifest.seq for k in keeping.overview(kept).sets]
    assert seqs[:12] == list(range(30, 18, -1)) and 12 < len(seqs) < 20


def test_too_little_room_is_said_before_anything_is_written(kept: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """D5: two and a half times the ledger."""
    size = kept.path.stat().st_size
    monkeypatch.setattr(reserve, "free", lambda _folder: int(size * 2.5) - 1)
    with pytest.raises(reserve.TooLittleRoom, match="没有开始"):
        backups.take(kept, "ask")
    assert not list(backups.place_of(kept.path).glob("*.gridbak"))
    monkeypatch.setattr(reserve, "free", lambda _folder: int(size * 2.5) + 1)
    assert backups.take(kept, "ask") is not None


def test_photos_lie_beside_the_backups(kept: Ledger) -> None:
    photos = Photos(Photos.beside(kept.path), bytes(32))
    name = photos.put(b"a picture")
    made = backups.take(kept, "ask")
    assert made is not None and backup.photos_of(made.path) == [name] and made.manifest.photos == 1
    assert set(shelf.photos_in(made.path.parent / "photos")) == {name}


# ---------------------------------------------------------------- the second place, old backups, reminders

def test_the_second_place_gets_the_same_file_and_the_reminder_goes(kept: Ledger, clock: ledgers.Clock, tmp_path: Path) -> None:
    """B3."""
    stick = tmp_path / "stick"
    stick.mkdir()
    backups.take(kept, "close")
    assert not keeping.reminders(kept)
    clock.ms += 8 * DAY
    assert "第二个位置" in "".join(keeping.reminders(kept))
    keeping.set_second(kept, stick)
    sent = keeping.send(kept)
    assert sent is not None and backup.examined(sent.path).manifest == sent.manifest and sent.path.is_relative_to(stick)
    assert not keeping.reminders(kept)
    shutil.rmtree(stick)
    another_act(kept)
    assert keeping.take_and_send(kept, "close") is not None, "a stick that is not there is no trouble"
    clock.ms += 8 * DAY
    assert "第二个位置" in "".join(keeping.reminders(kept))


def test_a_damaged_file_on_the_stick_is_written_anew(kept: Ledger, tmp_path: Path) -> None:
    backups.take(kept, "close")
    sent = keeping.send(kept, tmp_path)
    assert sent is not None
    sent.path.write_bytes(sent.path.read_bytes()[:5000])
    again = keeping.send(kept, tmp_path)
    assert again is not None and backup.examined(again.path).manifest.seq == 1


def test_one_old_backup_is_read_through_at_each_start(kept: Ledger, clock: ledgers.Clock) -> None:
    for _time in range(3):
        another_act(kept)
        backups.take(kept, "close")
        clock.ms += DAY
    second = keeping.overview(kept).sets[1].path
    data = bytearray(second.read_bytes())
    data[len(data) // 2] ^= 1
    second.write_bytes(data)
    assert len(keeping.overview(kept).sets) == 3, "its list still reads well"
    found = []
    for _start in range(3):
        found.append(keeping.reread(kept))
        clock.ms += DAY
    assert found.count(second) == 1 and found.count(None) == 2
    assert keeping.overview(kept).bad == (second,) and "1 个备份读不出来" in "".join(keeping.reminders(kept))


def test_half_a_year_without_a_trial_is_said(kept: Ledger, clock: ledgers.Clock) -> None:
    """B4."""
    backups.take(kept, "close")
    clock.ms += 183 * DAY
    assert "试恢复" in "".join(keeping.reminders(kept))
    assert timedelta(days=182) == keeping.DRILL_WITHIN
