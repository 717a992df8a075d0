"""Rescue (恢复): damage is marked and told, what is there is moved aside and never overwritten, and a good backup takes its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gridapp.errors import Mistake
from gridapp.fields.kinds import BEIJING
from gridapp.ledger import MANAGE, PLAIN, Ledger, beside, gated
from gridapp.ledger.clock import wall_ms
from gridapp.ledger.looks import RESTORED
from gridapp.store import backup, reserve, shelf
from gridapp.store.backup import BackupDamaged, Kept, Manifest, NotABackup
from gridapp.store.database import Damaged
from gridapp.store.files import CannotWrite, Lock, move_flushed, sorted_trouble
from gridapp.store.photos import Photos
from gridapp.store.refusals import KeysMissing
from gridapp.store.slot import SHEET
from gridapp.store.slots import Vault
from gridapp.texts import _
from gridapp.work import backups, keeping
from gridapp.work.backups import PHOTOS, Notes, standing

#: how whoever restores shows that they may: the ledger's key out of the key slots of the backup
Unlock = Callable[[Path], bytes]


class NoBackup(Mistake):
    """Nothing to restore from."""

    def __init__(self) -> None:
        super().__init__(_("这台电脑上没有这个台账的完好备份。请插上放备份的U盘，选择里面以 .gridbak 结尾的文件。"))


@dataclass(frozen=True)
class Restored:
    """What was put in its place, and the folder that holds what was there before (None: nothing was)."""

    path: Path
    manifest: Manifest
    aside: Path | None
    photos: int


# ---------------------------------------------------------------- damage

@contextmanager
def watched(path: Path) -> Iterator[None]:
    """Damage met at opening is marked: from then on no backup is taken and none thinned. A full, locked or read-only disk is no damage."""
    try:
        yield
    except Damaged:
        beside.mark_damaged(path)
        raise


@gated(PLAIN)
def look_through(ledger: Ledger) -> None:
    """Damage was met before: look at every page. Where all is well now (the disk had a bad moment), the mark goes. Raises Damaged, CannotWrite."""
    if ledger.home.shared or not beside.is_marked(ledger.path):
        return
    backups.refuse_if_damaged(ledger)
    beside.unmark(ledger.path)


def opened(path: Path, open_it: Callable[[], Ledger]) -> Ledger:
    """Open a ledger under watch. Raises Damaged and what `open_it` raises."""
    with watched(path):
        ledger = open_it()
        try:
            look_through(ledger)
        except BaseException:
            ledger.close()
            raise
        return ledger


# ---------------------------------------------------------------- what there is to restore from

def offers(path: Path) -> list[Kept]:
    """The backups of a ledger that is damaged, incomplete or gone, newest first; of both places. Needs neither the ledger nor its keys."""
    known = _id_of(path)
    folders = [p for p in sorted(backups.root().glob("*")) if known is None and p.name.startswith(f"{path.stem}-") or p.name.endswith(f"-{known}"[:9])]
    for place in list(folders):
        second = Notes.load(place).second
        folders += [Path(second) / keeping.ON_STICK / place.name] if second else []
    found = dict[str, Kept]()
    for folder in folders:
        for kept in shelf.in_folder(folder)[0]:
            if known in (None, kept.manifest.ledger) and str(kept.path) not in (Notes.load(folder).bad or []):
                found.setdefault(kept.path.name, kept)
    return sorted(found.values(), key=lambda kept: kept.manifest.seq, reverse=True)


def _id_of(path: Path) -> str | None:
    try:
        return str(Vault.load(path).ledger)
    except KeysMissing:
        return None


def newest_good(path: Path) -> Kept:
    """The newest backup of which every byte is as it was written. Raises NoBackup."""
    for kept in offers(path):
        with suppress(BackupDamaged, NotABackup, CannotWrite):
            return backup.examined(kept.path)
    raise NoBackup


# ---------------------------------------------------------------- restoring

def by_password(password: str) -> Unlock:
    """With the password an officer had when the backup was taken."""
    return lambda ledger: Vault.key_of(ledger, password)


def by_sheet(groups: str) -> Unlock:
    """With the groups of the paper sheet (恢复单) of that time."""
    return lambda ledger: Vault.key_of(ledger, groups, SHEET)


def restore(file: Path, to: Path, unlock: Unlock, now: datetime | None = None) -> Restored:
    """Put the ledger of a backup at `to`; what is there is moved into a folder beside it, all of it, and only once the backup has proved good.

    Raises NotABackup, BackupDamaged, WrongPassword, InUse, TooLittleRoom, CannotWrite, DiskFull.
    """
    now = now or datetime.fromtimestamp(wall_ms() / 1000, UTC)
    half = to.with_name(to.name + ".restoring")
    told = backup.told_of(file)
    with sorted_trouble(to):
        to.parent.mkdir(parents=True, exist_ok=True)
    reserve.ask_for(to.parent, told.sizes["ledger"])
    lock = Lock(to.with_name(to.name + ".lock"))
    try:
        beside.clear(half)
        keys = Vault.beside(half)
        kept = backup.unpack(file, half, keys)
        with sorted_trouble(keys):
            shutil.copyfile(keys, keys.with_name(keys.name + "2"))
        backup.check_unpacked(half, unlock(half), kept.manifest, standing, file)
        aside = beside.move_aside(to, now)
        beside.put_in_place(half, to)
        photos = shelf.bring_photos(file.parent / PHOTOS, Photos.beside(to), backup.photos_of(file))
        _tell(to, kept.manifest)
        return Restored(to, kept.manifest, aside, photos)
    finally:
        beside.sweep(half)
        lock.release()


def _tell(to: Path, manifest: Manifest) -> None:
    """Numbers of backups go on after the one restored, and the officer is told what came back."""
    place = backups.place_of(to)
    notes = Notes.load(place)
    notes.path, notes.restored_from = str(to), manifest.at
    notes.last_seq = notes.restored_seq = max([notes.last_seq, manifest.seq, *(k.manifest.seq for k in shelf.in_folder(place)[0])])
    notes.save(place)


@gated(PLAIN)
def write_down(ledger: Ledger) -> None:
    """A ledger that came from a backup says so in its own audit, as soon as somebody signs in."""
    place = backups.place_of(ledger.path)
    notes = Notes.load(place)
    if notes.restored_from and notes.written_down != notes.restored_from:
        ledger.looked(RESTORED, why=datetime.fromtimestamp(notes.restored_from, BEIJING).isoformat(timespec="minutes"))
        notes.written_down = notes.restored_from
        notes.save(place)


def bring_back_keys(path: Path, now: datetime | None = None) -> Kept:
    """Only the key files are lost: put those of the newest good backup beside the ledger, which stays as it is. Raises NoBackup, CannotWrite, DiskFull."""
    now = now or datetime.fromtimestamp(wall_ms() / 1000, UTC)
    kept = newest_good(path)
    first = Vault.beside(path)
    half, scrap = first.with_name(first.name + ".part"), path.with_name(path.name + ".scrap")
    try:
        backup.unpack(kept.path, scrap, half)
        for old in (first, first.with_name(first.name + "2")):
            if old.exists():  # not readable, but not ours to throw away
                move_flushed(old, old.with_name(f"{old.name}.{now.astimezone(BEIJING):%Y%m%d-%H%M%S}"))
        with sorted_trouble(first):
            shutil.copyfile(half, first.with_name(first.name + "2"))
        move_flushed(half, first)
    finally:
        half.unlink(missing_ok=True)
        scrap.unlink(missing_ok=True)
    return kept


@gated(MANAGE, fresh=True)
def may_restore(ledger: Ledger) -> Path:
    """Whoever restores in place of a ledger that is open manages it; its path."""
    return ledger.path


# ---------------------------------------------------------------- the trial (B4)

@gated(MANAGE)
def drill(ledger: Ledger, unlock: Unlock) -> Kept:
    """Restore the newest backup into a folder that is removed again, and look through it: an untried backup is none.

    Raises NoBackup, WrongPassword, BackupDamaged, TooLittleRoom, CannotWrite, DiskFull.
    """
    place = backups.place_of(ledger.path)
    here, _bad = shelf.in_folder(place)
    if not here:
        raise NoBackup
    reserve.ask_for(place, here[0].size)
    scrap = place / "drill"
    try:
        scrap.mkdir(parents=True, exist_ok=True)
        copy = scrap / ledger.path.name
        kept = backup.unpack(here[0].path, copy, Vault.beside(copy))
        shutil.copyfile(Vault.beside(copy), Vault.beside(copy).with_name(copy.name + ".keys2"))
        backup.check_unpacked(copy, unlock(copy), kept.manifest, standing, kept.path)
    finally:
        shutil.rmtree(scrap, ignore_errors=True)
    notes = Notes.load(place)
    notes.drilled = backups.now_of(ledger).timestamp()
    notes.save(place)
    return kept
