"""Looking after the backups: the second place, reading old ones through, what the officer is reminded of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gridapp.fields.kinds import BEIJING
from gridapp.ledger import MANAGE, PLAIN, Ledger, beside, gated
from gridapp.store import backup, reserve, shelf
from gridapp.store.backup import BackupDamaged, Kept, NotABackup
from gridapp.store.files import CannotWrite, DiskFull, sorted_trouble
from gridapp.texts import _
from gridapp.work import backups
from gridapp.work.backups import Marked, Notes, now_of, place_of

#: promise B3: so long without the second place; B4: twice a year a trial
SECOND_WITHIN, DRILL_WITHIN = timedelta(days=7), timedelta(days=182)
ON_STICK = "平安网格备份"


# ---------------------------------------------------------------- the second place

@gated(MANAGE)
def set_second(ledger: Ledger, folder: Path | None) -> None:
    """Keep every backup in this folder too (a stick, another disk); None: no more. Raises CannotWrite, DiskFull."""
    place = place_of(ledger.path)
    notes = Notes.load(place)
    notes.second, notes.copied = str(folder or ""), 0.0
    notes.save(place)


@gated(PLAIN)
def send(ledger: Ledger, folder: Path | None = None) -> Kept | None:
    """Copy the newest backup to the second place, or to `folder`, read it back there and thin what is there. None where there is nothing to copy.

    Raises CannotWrite (the stick is not plugged in), DiskFull, TooLittleRoom, TooBigForFat.
    """
    place = place_of(ledger.path)
    notes, (here, _bad) = Notes.load(place), shelf.in_folder(place)
    target = folder or (Path(notes.second) if notes.second else None)
    if target is None or not here:
        return None
    if not target.is_dir():
        raise CannotWrite(target / "_")
    there = target / ON_STICK / place.name
    with sorted_trouble(there / "_"):
        there.mkdir(parents=True, exist_ok=True)
    newest, copy = here[0], there / here[0].path.name
    known = {kept.path: kept.manifest for kept in shelf.in_folder(there)[0]}
    if known.get(copy) != newest.manifest or str(copy) in (notes.bad or []):
        reserve.ask_for(target, newest.size)
        shelf.copy_to(newest.path, copy)
    shelf.bring_photos(place / backups.PHOTOS, there / backups.PHOTOS, backup.photos_of(newest.path))
    shelf.thin(there, newest.manifest.ledger, BEIJING)
    backups.drop_photos(there)
    if folder is None or str(folder) == notes.second:
        notes.copied = now_of(ledger).timestamp()
        notes.save(place)
    return Kept(copy, newest.manifest, newest.size)


@gated(PLAIN)
def take_and_send(ledger: Ledger, reason: str) -> Kept | None:
    """`take`, and the second place where it is plugged in; where it is not, the reminder tells in time."""
    kept = backups.take(ledger, reason)
    if not ledger.home.shared and (second := Notes.load(place_of(ledger.path)).second) and Path(second).is_dir():
        send(ledger)
    return kept


# ---------------------------------------------------------------- looking after them

@gated(PLAIN)
def reread(ledger: Ledger) -> Path | None:
    """Read the backup through that was not read for longest, here or in the second place, one at each start; it when it is damaged."""
    place = place_of(ledger.path)
    notes = Notes.load(place)
    read, bad = notes.read or {}, notes.bad or []
    folders = [place, *([Path(notes.second) / ON_STICK / place.name] if notes.second else [])]
    here = [kept.path for folder in folders for kept in shelf.in_folder(folder)[0]]
    there_too = {str(p) for folder in folders for p in folder.glob(f"*{backup.ENDING}")}
    if not here:
        return None
    oldest = min(here, key=lambda path: (read.get(str(path), 0.0), path.name))
    failed = False
    try:
        backup.examined(oldest)
    except (BackupDamaged, NotABackup):
        failed = True
    except (CannotWrite, DiskFull):  # pulled out while it was read
        return None
    notes.read = {name: at for name, at in read.items() if name in there_too} | {str(oldest): now_of(ledger).timestamp()}
    notes.bad = sorted({name for name in bad if name in there_too and name != str(oldest)} | ({str(oldest)} if failed else set()))
    notes.save(place)
    return oldest if failed else None


@dataclass(frozen=True)
class Overview:
    """What the card and the list show."""

    place: Path
    sets: tuple[Kept, ...]
    bad: tuple[Path, ...]
    second: str
    copied: datetime | None
    marked: bool
    low: bool
    reserve: bool


@gated(PLAIN)
def overview(ledger: Ledger) -> Overview:
    """The backups of this ledger, newest first. Raises KeysMissing."""
    place = place_of(ledger.path)
    sets, unreadable = shelf.in_folder(place)
    notes = Notes.load(place)
    bad = {*unreadable, *map(Path, notes.bad or [])}
    return Overview(place, tuple(k for k in sets if k.path not in bad), tuple(sorted(bad)), notes.second,
                    datetime.fromtimestamp(notes.copied, UTC) if notes.copied else None, beside.is_marked(ledger.path),
                    reserve.is_low(ledger.path.parent), reserve.beside(ledger.path).exists())


@gated(PLAIN)
def reminders(ledger: Ledger) -> list[str]:
    """What 今日 says of the backups: nothing where all is well."""
    if ledger.home.shared:
        return []
    place, now = place_of(ledger.path), now_of(ledger).timestamp()
    notes, told = Notes.load(place), overview(ledger)
    said = list[str]()
    if told.marked:
        said.append(Marked(ledger.path).text)
    if told.bad:
        said.append(_("有 {0} 个备份读不出来，不能用来恢复。请看“设置 → 备份”，检查磁盘或U盘。").format(len(told.bad)))
    if told.low:
        said.append(_("磁盘剩余空间不到 500 MB。请清理磁盘，不然很快不能保存。"))
    since = notes.copied or notes.begun
    if since and now - since > SECOND_WITHIN.total_seconds():
        said.append(_("超过 7 天没有把备份放到第二个位置（U盘或另一块磁盘）。电脑坏了或丢了，就只剩它。请插上U盘，在“设置 → 备份”里复制。"))
    since = notes.drilled or notes.begun
    if since and now - since > DRILL_WITHIN.total_seconds():
        said.append(_("半年没有试着恢复过备份。请在“设置 → 备份”里点“试恢复”，几秒钟就知道备份用不用得上。"))
    return said


def _day(at: float) -> str:
    return f"{datetime.fromtimestamp(at, BEIJING):%Y-%m-%d %H:%M}"


@gated(PLAIN)
def restored(ledger: Ledger) -> str:
    """That this ledger came from a backup, until somebody has read it; '' where it did not."""
    at = 0.0 if ledger.home.shared else Notes.load(place_of(ledger.path)).restored_from
    return _("台账已从 {0} 的备份恢复。那以后登记的内容不在里面：请重新登记，或从镇里的下一个交接包取回。").format(_day(at)) if at else ""


@gated(PLAIN)
def seen_restored(ledger: Ledger) -> None:
    """The officer has read that this ledger came from a backup. Raises CannotWrite, DiskFull."""
    place = place_of(ledger.path)
    notes = Notes.load(place)
    notes.restored_from = 0.0
    notes.save(place)
