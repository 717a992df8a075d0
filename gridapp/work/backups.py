"""Backups (备份): taken by the program itself, looked through page by page, kept by number and thinned by day, week and month."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import sqlalchemy as sa

from gridapp import logs, places
from gridapp.errors import Trouble
from gridapp.fields.kinds import BEIJING
from gridapp.ledger import PLAIN, Ledger, beside, gated, looks
from gridapp.ledger.home import FileHome
from gridapp.ledger.looks import Anchor
from gridapp.ledger.migrate import version_of
from gridapp.store import backup, reserve, shelf
from gridapp.store.backup import BackupFailed, Kept, Manifest
from gridapp.store.database import Damaged, page_faults, sorted_failures
from gridapp.store.files import make_folder, sorted_trouble
from gridapp.store.photos import Photos
from gridapp.store.remembered import recall, remember
from gridapp.store.slots import Vault
from gridapp.store.vault import Signer
from gridapp.texts import N_, _

#: why a backup was taken, as its file name and lists say
REASONS = {"close": N_("关闭时"), "hours": N_("定时"), "import": N_("导入前"), "merge": N_("接收前"), "migrate": N_("升级前"),
           "rotate": N_("换密钥前"), "ask": N_("手动")}
ASKED = "ask"
#: promise B1: so long an officer works without one
EVERY = timedelta(hours=4)
FOLDER, PHOTOS = "备份", "photos"
#: tables that are told by a hash of all their rows: small ones, which change without their number of rows
_WHOLE = ("fact", "device", "seal", "peer", "parcel")


class Marked(Trouble):
    """Damage was met and not yet mended: a backup now would push out a good one."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("台账“{0}”曾发现损坏，现在不做备份，以免挤掉完好的备份。请先检查台账；确实损坏时，请用最近的备份恢复。").format(path.name))


@dataclass
class Notes:
    """What is remembered beside the backups of one ledger; a damaged file is as good as none. Moments in seconds since 1970."""

    path: str = ""
    second: str = ""
    begun: float = 0.0
    copied: float = 0.0
    drilled: float = 0.0
    last_seq: int = 0
    restored_from: float = 0.0
    #: the last number of a backup when it was restored: what older ones hold, this ledger may lack
    restored_seq: int = 0
    #: the restoring that stands in the audit already
    written_down: float = 0.0
    #: file name → when it was read through last, and those that were found damaged
    read: dict[str, float] | None = None
    bad: list[str] | None = None

    @classmethod
    def load(cls, place: Path) -> Notes:
        return recall(cls(read={}, bad=[]), place / "notes.json")

    def save(self, place: Path) -> None:
        """Raises CannotWrite, DiskFull."""
        with sorted_trouble(place / "notes.json"):
            make_folder(place)
        remember(self, place / "notes.json")


def root() -> Path:
    """Where this PC keeps the backups of all its ledgers."""
    return places.data_dir() / FOLDER


def place_of(ledger: Path) -> Path:
    """The folder of one ledger's backups, by its name and by the id in its keys. Raises KeysMissing."""
    return root() / f"{ledger.stem}-{str(Vault.load(ledger).ledger)[:8]}"


def standing(connection: sa.Connection) -> dict[str, Any]:
    """What a ledger says of itself: the heads of its scopes, its last act and last look, a hash of what changes without a new row."""
    def ask(text: str) -> Sequence[Any]:
        return connection.exec_driver_sql(text).all()

    tables = {row[0] for row in ask("SELECT name FROM sqlite_master WHERE type = 'table'")}
    told: dict[str, Any] = {}
    if "scope" in tables:
        told["heads"] = {row[0]: bytes(row[1]).hex() for row in ask("SELECT name, heads FROM scope ORDER BY name")}
        told["clocks"] = {row[0]: row[1] for row in ask("SELECT name, clock FROM scope ORDER BY name")}
    if "act" in tables:
        told["tip"] = next((bytes(row[0]).hex() if isinstance(row[0], bytes) else str(row[0])
                            for row in ask("SELECT id FROM act ORDER BY at DESC, id DESC LIMIT 1")), "")
    if "look" in tables:  # where the audit ends: a later file lacks nothing of it (looks.lost)
        told["looks"] = [row[0].removeprefix(looks.HEAD) + " " + row[1] for row in ask(
            f"SELECT name, value FROM fact WHERE name LIKE '{looks.HEAD}%' ORDER BY name")]
    for name in _WHOLE:
        if name in tables:
            rows = sorted(repr(tuple(row)) for row in ask(f'SELECT * FROM "{name}"') if not str(row[0]).startswith(looks.HEAD))
            told[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return told


def _work_of(told: Mapping[str, Any]) -> dict[str, Any]:
    """Without the audit: coming in and looking around is no reason for a backup."""
    return {name: value for name, value in told.items() if name != "looks"}


def anchors_of(manifest: Manifest) -> list[Anchor]:
    """Where the audit of looking stood when a backup was taken; none in one of an older program."""
    told = [str(line).split(" ") for line in dict(manifest.told).get("looks", [])]
    return [Anchor(device[:8].upper(), int(seq), link) for device, seq, link, _printed in told]


@gated(PLAIN)
def now_of(ledger: Ledger) -> datetime:
    return datetime.fromtimestamp(ledger.now_ms() / 1000, UTC)


# ---------------------------------------------------------------- taking

@gated(PLAIN)
def take(ledger: Ledger, reason: str) -> Kept | None:
    """Copy the ledger, look at every page of the copy, keep it, thin the old ones. None where nothing changed since the newest.

    A town's database is its server's to save. Raises Marked, Damaged, BackupFailed, TooLittleRoom, DiskFull, CannotWrite, KeysMissing.
    """
    if ledger.home.shared:
        return None
    path, began = ledger.path, monotonic()
    if beside.is_marked(path):
        raise Marked(path)
    place = place_of(path)
    here = [kept for kept in shelf.in_folder(place)[0] if kept.manifest.ledger == str(Vault.load(path).ledger)]
    with ledger.home.sorted(), ledger.home.engine.connect() as connection:
        told = standing(connection)
    if reason != ASKED and here and _work_of(here[0].manifest.told) == _work_of(told):
        return None
    with sorted_trouble(place / "_"):
        make_folder(place)
    reserve.ask_for(place, path.stat().st_size)
    notes = Notes.load(place)
    notes.last_seq = max([notes.last_seq, *(kept.manifest.seq for kept in here)]) + 1
    notes.path, notes.begun = str(path), notes.begun or now_of(ledger).timestamp()
    notes.save(place)  # a number is never given twice, even where this one fails
    ledger.looked(looks.BACKED_UP, why=reason)  # before, so that it is in the copy
    kept = _made(ledger, place, notes.last_seq, reason)
    shelf.thin(place, kept.manifest.ledger, BEIJING)
    drop_photos(place)
    logs.note("backed_up", ms=round((monotonic() - began) * 1000), kib=kept.size >> 10)
    return kept


def _made(ledger: Ledger, place: Path, seq: int, reason: str) -> Kept:
    assert isinstance(ledger.home, FileHome), "a town's database is its server's to save"
    path, at, half = ledger.path, now_of(ledger), place / "copy.part"
    beside.clear(half)
    try:
        with ledger.home.sorted(), ledger.home.engine.connect() as connection:
            revision, seed = version_of(connection), connection.exec_driver_sql("SELECT seed FROM device WHERE seed IS NOT NULL").scalar()
        try:
            with sorted_failures(path):
                stood = backup.copied(ledger.home.engine, ledger.home.twin(half), half, standing)
            backup.check_copy(ledger.home.twin(half), half, standing, stood)
        except (Damaged, BackupFailed):
            refuse_if_damaged(ledger)
            raise BackupFailed from None
        photos = shelf.photos_in(Photos.beside(path))
        shelf.bring_photos(Photos.beside(path), place / PHOTOS, photos)
        manifest = Manifest(str(Vault.load(path).ledger), path.name, ledger_scope(stood), seq, reason, at.timestamp(), revision or "",
                            stood.counts, stood.told, "", {}, {})
        return backup.pack(place / file_name(manifest), half, _keys(path), sorted(photos), manifest, Signer(seed))
    finally:
        beside.sweep(half)


def ledger_scope(stood: backup.Stood) -> str:
    """The village or town a copy is of, as far as its scopes tell."""
    return next((name for name in stood.told.get("heads", {}) if name[:2] in ("v:", "t:")), "")


def file_name(manifest: Manifest) -> str:
    """'000012-20261124-1200-close.gridbak': sorts by its number, whatever the clock said."""
    return f"{manifest.seq:06d}-{manifest.moment.astimezone(BEIJING):%Y%m%d-%H%M}-{manifest.reason}{backup.ENDING}"


def _keys(path: Path) -> bytes:
    """The key slots as they stand; either copy of the file. Raises KeysMissing, CannotWrite."""
    Vault.load(path)
    first = Vault.beside(path)
    with sorted_trouble(first):
        return (first if first.exists() else first.with_name(first.name + "2")).read_bytes()


@gated(PLAIN)
def refuse_if_damaged(ledger: Ledger) -> None:
    """Look through the pages of an open ledger; marks and tells damage. Raises Damaged."""
    with ledger.home.sorted(), ledger.home.engine.connect() as connection:
        if page_faults(connection):
            beside.mark_damaged(ledger.path)
            raise Damaged(ledger.path)


def drop_photos(place: Path) -> None:
    wanted = set[bytes]()
    for kept in shelf.in_folder(place)[0]:
        wanted |= set(backup.photos_of(kept.path)) if kept.manifest.photos else set()
    shelf.drop_photos(place / PHOTOS, wanted)


@gated(PLAIN)
def is_due(ledger: Ledger) -> bool:
    """Whether the newest backup is four hours of the ledger's clock away, or there is none."""
    if ledger.home.shared:
        return False
    here, _bad = shelf.in_folder(place_of(ledger.path))
    return not here or abs(now_of(ledger) - here[0].manifest.moment) >= EVERY
