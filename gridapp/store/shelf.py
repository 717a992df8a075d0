"""A folder of backups: which are there, which stay and which may go, and the same file once more in another place."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from gridapp.errors import Trouble
from gridapp.store.backup import CHUNK, ENDING, BackupDamaged, Kept, NotABackup, examined, told_of
from gridapp.store.files import CannotWrite, make_folder, sorted_trouble, write_whole, write_with
from gridapp.texts import _

#: promise B1: what is kept by its day, week and month, what is kept whole, and how many whatever any clock says
DAILY, WEEKLY, MONTHLY, RECENT, NEWEST = 12, 10, 9, timedelta(days=2), 5


class TooBigForFat(Trouble):
    """What a stick formatted as FAT32 cannot hold."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("“{0}”太大，这个U盘（FAT32 格式）放不下 4 GB 以上的文件。请把U盘格式化为 exFAT 或 NTFS，或换一个位置。").format(path.name))


def copy_to(source: Path, target: Path) -> Kept:
    """The same file in another folder, flushed and read back there. Raises DiskFull, CannotWrite, TooBigForFat."""
    def fill(half: Path) -> None:
        try:
            with source.open("rb") as given, half.open("wb") as taken:
                while piece := given.read(CHUNK):
                    taken.write(piece)
        except OSError as error:
            if error.errno == errno.EFBIG:
                raise TooBigForFat(target) from error
            raise

    write_with(target, fill)
    try:
        return examined(target)
    except (BackupDamaged, NotABackup):
        target.unlink(missing_ok=True)
        raise CannotWrite(target) from None


def in_folder(folder: Path) -> tuple[list[Kept], list[Path]]:
    """The backups of a folder, the newest sequence number first, and files that are none any more. Reads no more than what they say of themselves."""
    good, bad = list[Kept](), list[Path]()
    for path in sorted(folder.glob(f"*{ENDING}")) if folder.is_dir() else ():
        try:
            good.append(Kept(path, told_of(path), path.stat().st_size))
        except (NotABackup, BackupDamaged, CannotWrite, OSError):
            bad.append(path)
    return sorted(good, key=lambda k: k.manifest.seq, reverse=True), bad


def to_keep(sets: Sequence[tuple[int, datetime]]) -> set[int]:
    """Which sequence numbers stay, of (number, moment in the zone whose days count).

    Goes by the numbers, newest first; a clock only names days, weeks and months, so that a wrong one can take a place but never the last five (B1).
    Where the newest says it is older than the one before it, the clock is wrong and all stay.
    """
    newest_first = sorted(sets, reverse=True)
    if len(newest_first) > 1 and newest_first[0][1] < newest_first[1][1]:
        return {seq for seq, _at in newest_first}
    kept = {seq for seq, _at in newest_first[:NEWEST]}
    kept |= {seq for seq, at in newest_first if abs(newest_first[0][1] - at) < RECENT}
    for label, places in (("%Y-%m-%d", DAILY), ("%G-%V", WEEKLY), ("%Y-%m", MONTHLY)):
        seen = dict[str, int]()
        for seq, at in newest_first:
            seen.setdefault(at.strftime(label), seq)
        kept |= set(list(seen.values())[:places])
    return kept


def thin(folder: Path, ledger: str, zone: tzinfo) -> list[Path]:
    """Remove the backups of this ledger that need not be kept; those removed. Raises CannotWrite."""
    here = [kept for kept in in_folder(folder)[0] if kept.manifest.ledger == ledger]
    keep = to_keep([(kept.manifest.seq, kept.manifest.moment.astimezone(zone)) for kept in here])
    gone = [kept.path for kept in here if kept.manifest.seq not in keep]
    for path in gone:
        with sorted_trouble(path):
            path.unlink(missing_ok=True)
    return gone


# ---------------------------------------------------------------- photos, which lie beside the backups once for all of them

_PHOTO = re.compile(r"[0-9a-f]{64}", re.ASCII)


def photos_in(folder: Path) -> dict[bytes, Path]:
    """The photo files of a folder by their hashes."""
    return {bytes.fromhex(path.name): path for path in folder.glob("[0-9a-f][0-9a-f]/*") if _PHOTO.fullmatch(path.name)}


def bring_photos(source: Path, target: Path, names: Iterable[bytes]) -> int:
    """Copy those of `names` that are in one folder and not in the other; how many. They are sealed, and named by their content.

    Raises DiskFull, CannotWrite.
    """
    here, there = photos_in(source), photos_in(target)
    wanted = [name for name in dict.fromkeys(names) if name in here and name not in there]
    for name in wanted:
        path = target / name.hex()[:2] / name.hex()
        with sorted_trouble(path):
            make_folder(path.parent)
            data = here[name].read_bytes()
        write_whole(path, data)
    return len(wanted)


def drop_photos(folder: Path, wanted: Iterable[bytes]) -> None:
    """Remove photos that no backup names any more: what was erased by law goes with the last backup that had it. Raises CannotWrite."""
    kept = set(wanted)
    for name, path in photos_in(folder).items():
        if name not in kept:
            with sorted_trouble(path):
                path.unlink(missing_ok=True)
