"""Rescue: from a backup and a password to the same ledger; what was there is moved aside whole; never an empty ledger in silence."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp import places
from gridapp.ledger import Ledger, beside
from gridapp.ledger.looks import RESTORED
from gridapp.ledger.migrate import REVISIONS
from gridapp.ledger.tables import LOOKS
from gridapp.store import backup, database, files, refusals, reserve
from gridapp.store.backup import BackupDamaged, Kept, NotABackup
from gridapp.store.slots import Vault
from gridapp.work import backups, keeping, opening, rescue, village
from tests import ledgers
from tests.golden import ledgers as golden


class Office:
    """A closed ledger, its digest, a backup of it, and an act that came after the backup."""

    def __init__(self, source: Path, folder: Path) -> None:
        folder.mkdir()
        self.path = ledgers.copy(source, folder / "台账.grid")
        with ledgers.reopen(self.path) as ledger:
            self.digest = ledger.digest()
            made = backups.take(ledger, "close")
            assert made is not None
            self.backup: Kept = made
            ledger.do(village.correct_village, phone="0579-11112222")
            self.later = ledger.digest()

    def beside(self, ending: str) -> Path:
        return self.path.with_name(self.path.name + ending)

    def restore(self, file: Path | None = None, to: Path | None = None, password: str = ledgers.PASSWORD) -> rescue.Restored:
        return rescue.restore(file or self.backup.path, to or self.path, rescue.by_password(password))


@pytest.fixture
def office(village_ledger: Path, tmp_path: Path) -> Office:
    return Office(village_ledger, tmp_path / "office")


def digest_of(path: Path) -> str:
    with rescue.opened(path, lambda: ledgers.reopen(path)) as ledger:
        assert not ledger.verify().faults
        return ledger.digest()


def spoil(path: Path, at: int = 0) -> None:
    """The head of the file is overwritten: it opens with no key."""
    data = bytearray(path.read_bytes())
    data[at:at + 4096] = os.urandom(4096)
    path.write_bytes(data)


# ---------------------------------------------------------------- restoring

def test_a_fresh_pc_a_backup_and_the_password_give_the_same_ledger(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """B4: nothing of the old PC is there but the file."""
    stick = tmp_path / "stick" / office.backup.path.name
    stick.parent.mkdir()
    shutil.copy(office.backup.path, stick)
    monkeypatch.setenv("GRIDAPP_HOME", str(tmp_path / "fresh"))
    shutil.rmtree(office.path.parent)
    to = places.data_dir() / "台账.grid"
    restored = office.restore(stick, to)
    assert restored.aside is None and restored.path == to and digest_of(to) == office.digest
    with ledgers.reopen(to) as ledger:
        assert "已从 2026-11-24 12:00 的备份恢复" in keeping.restored(ledger)
        keeping.seen_restored(ledger)
        assert not keeping.restored(ledger)
        again = backups.take(ledger, "ask")
        assert again is not None and again.manifest.seq == office.backup.manifest.seq + 1, "numbers go on"


def test_the_paper_sheet_does_where_the_password_is_forgotten(office: Office, tmp_path: Path) -> None:
    """B4, K2: the sheet written when the keys were made opens the backup taken after."""
    key = Vault.key_of(office.path, ledgers.PASSWORD)
    groups = Vault.load(office.path).add_sheet(key)
    with ledgers.reopen(office.path) as ledger:
        made = backups.take(ledger, "ask")
    assert made is not None
    to = tmp_path / "fresh" / "台账.grid"
    rescue.restore(made.path, to, rescue.by_sheet(" ".join(groups)))
    assert digest_of(to) == office.later


def test_what_was_there_is_moved_aside_whole_and_opens_there(office: Office) -> None:
    restored = office.restore()
    assert digest_of(office.path) == office.digest, "the tip of the later act went along: nothing is told as missing"
    assert restored.aside is not None and {p.name for p in restored.aside.iterdir()} >= {"台账.grid", "台账.grid.keys", "台账.grid.keys2", "台账.grid.tip"}
    assert digest_of(restored.aside / "台账.grid") == office.later
    second = office.restore()
    assert second.aside not in (None, restored.aside) and restored.aside.exists(), "nothing is overwritten"


def test_the_log_of_a_killed_program_goes_aside_and_is_not_played_into_the_restored_file(office: Office) -> None:
    """Zotero: a stale write-ahead log."""
    shutil.copy(office.path, office.path.with_name("copy"))
    with ledgers.reopen(office.path) as ledger:
        ledger.do(village.correct_village, phone="0579-33334444")
        log = office.beside("-wal").read_bytes()
    office.beside("-wal").write_bytes(log)
    restored = office.restore()
    assert restored.aside is not None and (restored.aside / "台账.grid-wal").read_bytes() == log
    assert digest_of(office.path) == office.digest


@pytest.mark.parametrize(("change", "failure"), [
    (lambda data: data[:-100], BackupDamaged),
    (lambda data: data[:200_000] + bytes(5000) + data[205_000:], BackupDamaged),
    (lambda data: b"PK\x03\x04" + bytes(300), BackupDamaged),
])
def test_a_damaged_backup_changes_nothing(office: Office, change: Callable[[bytes], bytes], failure: type[Exception]) -> None:
    office.backup.path.write_bytes(change(office.backup.path.read_bytes()))
    with pytest.raises(failure):
        office.restore()
    assert digest_of(office.path) == office.later and not list(office.path.parent.glob("*.restoring*"))


def test_another_file_and_a_wrong_password_change_nothing(office: Office, tmp_path: Path) -> None:
    other = tmp_path / "名单.xlsx"
    other.write_bytes(b"PK\x03\x04" + bytes(300))
    with pytest.raises(NotABackup, match="gridbak"):
        office.restore(other)
    with pytest.raises(refusals.WrongPassword):
        office.restore(password="not this one at all")
    assert digest_of(office.path) == office.later and sorted(p.name for p in office.path.parent.iterdir() if "restoring" in p.name) == []


def test_a_ledger_that_is_open_is_not_replaced(office: Office) -> None:
    with ledgers.reopen(office.path), pytest.raises(files.InUse):
        office.restore()
    assert digest_of(office.path) == office.later


@pytest.mark.parametrize("moves", range(9))
def test_a_restore_that_was_cut_short_is_begun_anew_and_nothing_is_lost(office: Office, monkeypatch: pytest.MonkeyPatch, moves: int) -> None:
    """Zotero: recovery killed half-way, after any of its renames; an empty ledger can never come of it."""
    class Killed(BaseException):
        pass

    done = []
    real = files.move_flushed

    def until(source: Path, target: Path) -> None:
        if len(done) == moves:
            raise Killed
        done.append(target)
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(beside, "move_flushed", until)
        patch.setattr(beside, "sweep", lambda _path: None)  # a kill sweeps nothing
        try:
            office.restore()
        except Killed:
            pass
    if not office.path.exists():
        assert rescue.offers(office.path), "what was cut short can be done again"
        with pytest.raises(beside.AlreadyThere if office.beside(".keys").exists() else database.NoLedger):
            Ledger.create(office.path, ledgers.PASSWORD, "officer 1", "v:330784108238", cost=ledgers.CHEAP) \
                if office.beside(".keys").exists() else ledgers.reopen(office.path)
    office.restore()
    assert digest_of(office.path) == office.digest
    kept = [p for folder in office.path.parent.glob("台账.grid.2*") for p in folder.glob("台账.grid")]
    assert any(p.stat().st_size for p in kept), "the ledger that was there still is"


def test_too_little_room_for_a_restore_is_said_first(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reserve, "free", lambda _folder: 1000)
    with pytest.raises(reserve.TooLittleRoom):
        office.restore()
    assert digest_of(office.path) == office.later


# ---------------------------------------------------------------- damage

def test_damage_is_marked_and_the_newest_good_backup_offered(office: Office) -> None:
    """D6."""
    spoil(office.path)
    with pytest.raises(database.Damaged):
        rescue.opened(office.path, lambda: ledgers.reopen(office.path))
    assert beside.is_marked(office.path) and [k.path for k in rescue.offers(office.path)] == [office.backup.path]
    damaged = office.path.read_bytes()
    restored = office.restore(rescue.newest_good(office.path).path)
    assert digest_of(office.path) == office.digest and not beside.is_marked(office.path)
    assert restored.aside is not None and (restored.aside / "台账.grid").read_bytes() == damaged, "kept for whoever may mend it"


def test_a_backup_that_is_damaged_too_gives_way_to_an_older_one(office: Office) -> None:
    with ledgers.reopen(office.path) as ledger:
        newer = backups.take(ledger, "ask")
    assert newer is not None
    data = bytearray(newer.path.read_bytes())
    data[len(data) // 2] ^= 1
    newer.path.write_bytes(data)
    assert rescue.offers(office.path)[0].path == newer.path
    assert rescue.newest_good(office.path).path == office.backup.path
    office.backup.path.unlink()
    with pytest.raises(rescue.NoBackup, match="gridbak"):
        rescue.newest_good(office.path)


def test_backups_are_found_where_the_keys_are_lost_too(office: Office, tmp_path: Path) -> None:
    with ledgers.reopen(office.path) as ledger:
        keeping.set_second(ledger, tmp_path)
        keeping.send(ledger)
    for ending in (".keys", ".keys2"):
        office.beside(ending).unlink()
    shutil.move(office.backup.path, tmp_path / "elsewhere")
    found = rescue.newest_good(office.path)
    assert found.path.is_relative_to(tmp_path / keeping.ON_STICK), "from the second place"


@pytest.mark.parametrize("torn", [False, True])
def test_lost_keys_are_brought_back_and_no_act_is_lost(office: Office, torn: bool) -> None:
    for ending in (".keys", ".keys2"):
        office.beside(ending).write_bytes(b"torn") if torn else office.beside(ending).unlink()
    with pytest.raises(refusals.KeysMissing):
        ledgers.reopen(office.path)
    rescue.bring_back_keys(office.path)
    assert digest_of(office.path) == office.later
    assert len(list(office.path.parent.glob("*.keys*.2*"))) == (2 if torn else 0)


@pytest.mark.parametrize("what", [OSError(errno.ENOSPC, "full"), OSError(errno.EROFS, "read only"), OSError(errno.EIO, "bad moment")])
def test_a_full_locked_or_read_only_disk_is_no_damage(office: Office, monkeypatch: pytest.MonkeyPatch, what: OSError) -> None:
    """D6: “operational error ≠ damage”."""
    def fails(*_args: Any, **_named: Any) -> Any:
        with files.sorted_trouble(office.path):
            raise what

    with monkeypatch.context() as patch:
        patch.setattr(Vault, "copies", fails)
        with pytest.raises((files.DiskFull, files.CannotWrite)):
            rescue.opened(office.path, lambda: ledgers.reopen(office.path))
    assert not beside.is_marked(office.path)
    with ledgers.reopen(office.path), pytest.raises(files.InUse):
        rescue.opened(office.path, lambda: ledgers.reopen(office.path))
    assert not beside.is_marked(office.path) and digest_of(office.path) == office.later


def test_a_mark_goes_when_every_page_is_found_whole(office: Office) -> None:
    beside.mark_damaged(office.path)
    assert digest_of(office.path) == office.later and not beside.is_marked(office.path)


def test_a_mark_stays_where_a_page_is_bad_and_the_ledger_is_not_opened(office: Office) -> None:
    spoil(office.path, office.path.stat().st_size // 2 // 4096 * 4096)
    beside.mark_damaged(office.path)
    with pytest.raises(database.Damaged):
        rescue.opened(office.path, lambda: ledgers.reopen(office.path))
    assert beside.is_marked(office.path)


def test_a_trial_restores_and_leaves_nothing(office: Office) -> None:
    """B4."""
    with ledgers.reopen(office.path) as ledger:
        assert rescue.drill(ledger, rescue.by_password(ledgers.PASSWORD)).path == office.backup.path
        assert not (backups.place_of(office.path) / "drill").exists()
        assert backups.Notes.load(backups.place_of(office.path)).drilled > 0
        with pytest.raises(refusals.WrongPassword):
            rescue.drill(ledger, rescue.by_password("not this one at all"))


def test_a_restored_ledger_opens_as_any_other(office: Office) -> None:
    office.restore()
    with opening.open_ledger(office.path, ledgers.PASSWORD) as ledger:
        ledger.do(village.correct_village, phone="0579-55556666")
        assert not ledger.verify().faults
    assert backup.examined(office.backup.path) == office.backup


def test_a_restored_ledger_says_so_once_in_its_own_audit(office: Office) -> None:
    def told() -> list[str]:
        with opening.open_ledger(office.path, ledgers.PASSWORD) as ledger, Session(ledger.home.engine) as session:
            return list(session.scalars(sa.select(LOOKS.c.what).where(LOOKS.c.what == RESTORED)))

    assert told() == []
    office.restore()
    assert told() == told() == [RESTORED]


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_a_ledger_of_an_older_program_is_backed_up_before_it_is_brought_up(revision: str, tmp_path: Path) -> None:
    """B1: before a migration, with the tables it had; what is restored of it is brought up as the file was."""
    path = ledgers.copy(golden.HERE / revision / golden.NAME, tmp_path / golden.NAME)
    with opening.open_ledger(path, ledgers.PASSWORD) as ledger:
        digest, made = ledger.digest(), keeping.overview(ledger).sets
    assert [(k.manifest.reason, k.manifest.revision) for k in made] == [("migrate", revision)]
    restored = rescue.restore(made[0].path, tmp_path / "again.grid", rescue.by_password(ledgers.PASSWORD))
    with opening.open_ledger(restored.path, ledgers.PASSWORD) as ledger:
        assert ledger.digest() == digest and not ledger.verify().faults
