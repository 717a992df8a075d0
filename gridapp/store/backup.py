"""A backup (备份): one file that holds a copy of the encrypted ledger, its key slots and a signed list of what must be in it.

The file is a ZIP without compression: `ledger`, `keys`, `photos` (32 bytes for each hash), `manifest.json`, `signature`.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from gridapp.errors import Mistake, Trouble
from gridapp.store.database import Damaged, engine, page_faults, sorted_failures
from gridapp.store.files import CannotWrite, sorted_trouble, write_with
from gridapp.store.vault import Signer, signed_by
from gridapp.texts import _

FORMAT = 1
ENDING = ".gridbak"
CHUNK = 1 << 20
#: a manifest is some kilobytes; a foreign file must not exhaust the machine
LONGEST_TOLD = 4 << 20
_MEMBERS = {"ledger", "keys", "photos", "manifest.json", "signature"}


class NotABackup(Mistake):
    """The file is something else, or a newer program's."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("“{0}”不是平安网格的备份文件，或由更新版本的程序写成。请选择以 .gridbak 结尾的备份，或先升级程序。").format(path.name))


class BackupDamaged(Trouble):
    """A byte of it is not as it was written."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("备份“{0}”已损坏，没有用它恢复，现有的台账没有改动。请选另一个备份（较早的，或第二备份位置里的）。").format(path.name))


class BackupFailed(Trouble):
    """The copy is not what was copied."""

    def __init__(self) -> None:
        super().__init__(_("这次备份核对不一致，没有保留；以前的备份都在，台账没有改动。请检查备份所在的磁盘，再试一次。"))


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; nothing personal. `at`: seconds since 1970 by the ledger's clock; `told`: what its ledger must say of itself."""

    ledger: str
    name: str
    scope: str
    seq: int
    reason: str
    at: float
    revision: str
    counts: Mapping[str, int]
    told: Mapping[str, Any]
    device: str
    sizes: Mapping[str, int]
    hashes: Mapping[str, str]
    photos: int = 0
    format: int = FORMAT

    def written(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1).encode()

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


@dataclass(frozen=True)
class Kept:
    """A backup file and what it says of itself."""

    path: Path
    manifest: Manifest
    size: int = field(default=0)


class Stood(NamedTuple):
    """How a ledger stood at one moment: rows per table, and what it says of itself."""

    counts: dict[str, int]
    told: dict[str, Any]


#: asks a ledger where it stands (heads, last act …), as plain things
Ask = Callable[[sa.Connection], dict[str, Any]]


# ---------------------------------------------------------------- a copy

def copied(source: sa.Engine, target: sa.Engine, path: Path, ask: Ask) -> Stood:
    """Copy a ledger as it stands at one moment into a new file, with SQLite's own backup; other connections may write meanwhile.

    Raises what the database's failures mean for either file.
    """
    try:
        with source.connect() as whole:
            stood = stands(whole, ask)
            with sorted_failures(path), closing(target.raw_connection()) as copy:
                _driver(whole).backup(copy.driver_connection, pages=-1)  # in steps it would begin anew with every write
    finally:
        target.dispose()
    return stood


def _driver(connection: sa.Connection) -> Any:
    """sqlcipher3's own connection; it brings no types."""
    return connection.connection.driver_connection


def stands(connection: sa.Connection, ask: Ask) -> Stood:
    """How many rows every table has, and what the ledger says of itself."""
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    tables = [row[0] for row in connection.exec_driver_sql(named)]
    counts = {name: int(connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar() or 0) for name in tables}
    return Stood(counts, ask(connection))


def _same(now: Stood, wanted: Stood) -> bool:
    """A later program may ask more than was told then."""
    return now.counts == wanted.counts and {n: told for n, told in now.told.items() if n in wanted.told} == wanted.told


def check_copy(made: sa.Engine, path: Path, ask: Ask, stood: Stood) -> None:
    """Open a copy and look at every page; it answers as its source did. Raises BackupFailed, CannotWrite, InUse."""
    try:
        with sorted_failures(path), made.connect() as connection:
            good = not page_faults(connection) and _same(stands(connection, ask), stood)
    except Damaged:
        good = False
    finally:
        made.dispose()
    if not good:
        raise BackupFailed


# ---------------------------------------------------------------- one file

def pack(file: Path, ledger: Path, keys: bytes, photos: Sequence[bytes], manifest: Manifest, signer: Signer) -> Kept:
    """Write the backup file beside, flush it, put it in its place, read it back. Raises DiskFull, CannotWrite, BackupFailed."""
    rest = {"keys": keys, "photos": b"".join(photos)}
    sizes = {"ledger": ledger.stat().st_size} | {name: len(data) for name, data in rest.items()}
    whole = Manifest(**asdict(manifest) | {"sizes": sizes, "photos": len(photos), "device": signer.public.hex(), "hashes": {
        "ledger": hash_of(ledger)} | {name: hashlib.sha256(data).hexdigest() for name, data in rest.items()}})

    def fill(half: Path) -> None:
        with zipfile.ZipFile(half, "w", zipfile.ZIP_STORED, allowZip64=True) as box:
            box.write(ledger, "ledger")
            for name, data in (rest | {"manifest.json": whole.written(), "signature": signer.sign(whole.written())}).items():
                box.writestr(name, data)

    write_with(file, fill)
    try:
        return examined(file)
    except (BackupDamaged, NotABackup):
        file.unlink(missing_ok=True)
        raise BackupFailed from None


def hash_of(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Raises NotABackup, BackupDamaged, CannotWrite."""
    with sorted_trouble(file):
        try:
            with zipfile.ZipFile(file) as box:
                yield box
        except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, KeyError, RuntimeError) as error:
            raise (BackupDamaged if file.suffix == ENDING else NotABackup)(file) from error


def told_of(file: Path) -> Manifest:
    """What a file says of itself: whole, and signed by the station it names. Raises NotABackup, BackupDamaged, CannotWrite."""
    with _opened(file) as box:
        if set(box.namelist()) != _MEMBERS or any(i.compress_type != zipfile.ZIP_STORED for i in box.infolist()):
            raise NotABackup(file)
        if any(box.getinfo(name).file_size > LONGEST_TOLD for name in ("manifest.json", "signature", "keys")):
            raise NotABackup(file)
        body, signature = box.read("manifest.json"), box.read("signature")
        sizes = {name: box.getinfo(name).file_size for name in ("ledger", "keys", "photos")}
    try:
        told = Manifest(**json.loads(body))
        signed = signed_by(bytes.fromhex(told.device), body, signature)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise NotABackup(file) from error
    if told.format > FORMAT:
        raise NotABackup(file)
    if not signed or dict(told.sizes) != sizes:
        raise BackupDamaged(file)
    return told


def examined(file: Path) -> Kept:
    """Read every byte of a backup and compare. Raises NotABackup, BackupDamaged, CannotWrite."""
    told = told_of(file)
    with _opened(file) as box:
        for name, wanted in told.hashes.items():
            summed = hashlib.sha256()
            with box.open(name) as member:
                while piece := member.read(CHUNK):
                    summed.update(piece)
            if summed.hexdigest() != wanted:
                raise BackupDamaged(file)
    return Kept(file, told, file.stat().st_size)


def unpack(file: Path, ledger: Path, keys: Path) -> Kept:
    """Write the ledger and the keys of a backup to two new files and flush them. Raises NotABackup, BackupDamaged, CannotWrite, DiskFull."""
    kept = examined(file)
    with _opened(file) as box:
        for name, target in (("ledger", ledger), ("keys", keys)):
            with sorted_trouble(target), box.open(name) as member, target.open("wb") as out:
                while piece := member.read(CHUNK):
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            if hash_of(target) != kept.manifest.hashes[name]:
                raise CannotWrite(target)
    return kept


def photos_of(file: Path) -> list[bytes]:
    """Hashes of the photos that were there. Raises NotABackup, BackupDamaged, CannotWrite."""
    with _opened(file) as box:
        told = box.read("photos")
    return [told[at:at + 32] for at in range(0, len(told), 32)]


def keys_of(file: Path) -> bytes:
    """The key slots of that time, as they stand in the file. Raises NotABackup, BackupDamaged, CannotWrite."""
    with _opened(file) as box:
        return box.read("keys")


def check_unpacked(path: Path, key: bytes, manifest: Manifest, ask: Ask, backup: Path) -> None:
    """Open what was unpacked: whole, and answering as the backup says. Raises BackupDamaged, CannotWrite, DiskFull."""
    try:
        check_copy(engine(path, key), path, ask, Stood(dict(manifest.counts), dict(manifest.told)))
    except BackupFailed:
        raise BackupDamaged(backup) from None
