"""The same rows through what others offer: SQLite session changesets, geodiff, CSV in a zip; none of them signed or encrypted.

Each is given a plain SQLite table of people and keeps no journal: neither who nor when comes across.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard

from gridapp.fields.kinds import Cbor
from tests.bench.figures import spent
from tests.bench.sample import FIELDS

Row = tuple[Cbor, ...]
#: id, field, what it says now
Change = tuple[bytes, str, str]
COLUMNS = ("id", *FIELDS)
TABLE = f"CREATE TABLE person (id BLOB PRIMARY KEY NOT NULL, {', '.join(f'{name} TEXT' for name in FIELDS)})"
INSERT = f"INSERT INTO person VALUES ({', '.join('?' * len(COLUMNS))})"
UPSERT = INSERT.replace("INSERT", "INSERT OR REPLACE")


@dataclass(frozen=True)
class Sent:
    """One file of one peer: its size as it is, packed (zstd 3, or by itself), seconds of making it and of taking it in."""

    peer: str
    raw: int
    packed: int
    made: float
    taken: float


def packed(data: bytes) -> int:
    return len(zstandard.compress(data, 3))


def sent(folder: Path, rows: Sequence[Row], changes: Sequence[Change]) -> dict[str, tuple[Sent, Sent]]:
    """Each peer's file of all registrations, and of all corrections after them; peers that are not installed are left out."""
    found = {}
    for name, measure in (("SQLite session", _session), ("geodiff", _geodiff), ("CSV in zip", _csv)):
        at = folder / name.replace(" ", "-")
        at.mkdir()
        try:
            found[name] = measure(at, rows, changes)
        except ModuleNotFoundError:
            continue
    return found


@contextmanager
def _whole(database: Any) -> Iterator[None]:
    """One transaction."""
    database.execute("BEGIN IMMEDIATE")
    yield
    database.execute("COMMIT")


def _change(database: Any, changes: Sequence[Change]) -> None:
    by_field: dict[str, list[tuple[str, bytes]]] = {}
    for eid, name, value in changes:
        by_field.setdefault(name, []).append((value, eid))
    with _whole(database):
        for name, told in by_field.items():
            database.executemany(f"UPDATE person SET {name} = ? WHERE id = ?", told)


# ---------------------------------------------------------------- SQLite session

def _session(folder: Path, rows: Sequence[Row], changes: Sequence[Change]) -> tuple[Sent, Sent]:
    import apsw

    here, there = (_opened(apsw, folder / name) for name in ("here.db", "there.db"))

    def recorded(write: Any) -> Sent:
        recorder, told = apsw.Session(here, "main"), list[bytes]()
        recorder.attach()
        write()
        made = spent(lambda: told.append(recorder.changeset()))
        recorder.close()
        with _whole(there):
            taken = spent(lambda: apsw.Changeset.apply(told[0], there, conflict=lambda *_what: apsw.SQLITE_CHANGESET_ABORT))
        return Sent("SQLite session", len(told[0]), packed(told[0]), made, taken)

    def register() -> None:
        with _whole(here):
            here.executemany(INSERT, rows)

    both = recorded(register), recorded(lambda: _change(here, changes))
    _same(here, there)
    return both


def _opened(apsw: Any, path: Path) -> Any:
    database = apsw.Connection(str(path))
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", TABLE):
        database.execute(statement).fetchall()
    return database


def _same(here: Any, there: Any) -> None:
    asked = "SELECT * FROM person ORDER BY id"
    assert here.execute(asked).fetchall() == there.execute(asked).fetchall(), "a peer that loses rows is measured wrongly"


# ---------------------------------------------------------------- geodiff

def _geodiff(folder: Path, rows: Sequence[Row], changes: Sequence[Change]) -> tuple[Sent, Sent]:
    import pygeodiff

    geodiff = pygeodiff.GeoDiff()
    geodiff.set_maximum_logger_level(pygeodiff.GeoDiff.LevelError)
    empty, first, second, there = (folder / f"{name}.db" for name in ("empty", "first", "second", "there"))
    for path in (empty, there):
        _plain(path).close()
    for path, changed in ((first, ()), (second, changes)):
        database = _plain(path)
        with _whole(database):
            database.executemany(INSERT, rows)
        _change(database, changed)
        database.close()

    def compared(old: Path, new: Path) -> Sent:
        file = folder / "changes.diff"
        made = spent(lambda: geodiff.create_changeset(str(old), str(new), str(file)))
        taken = spent(lambda: geodiff.apply_changeset(str(there), str(file)))
        told = file.read_bytes()
        return Sent("geodiff", len(told), packed(told), made, taken)

    both = compared(empty, first), compared(first, second)
    _same(*(_sqlite(path) for path in (second, there)))
    return both


def _sqlite(path: Path) -> Any:
    import sqlite3

    return sqlite3.connect(path, isolation_level=None)


def _plain(path: Path) -> Any:
    database = _sqlite(path)
    database.execute(TABLE)
    return database


# ---------------------------------------------------------------- CSV in a zip

def _csv(folder: Path, rows: Sequence[Row], changes: Sequence[Change]) -> tuple[Sent, Sent]:
    """Ids as hex; of the corrections the changed rows, whole: a CSV has no other way."""
    now = {row[0]: list(row) for row in rows}
    for eid, name, value in changes:
        now[eid][COLUMNS.index(name)] = value
    there = _plain(folder / "there.db")
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        there.execute(f"PRAGMA {pragma}")
    return _listed(folder, there, rows), _listed(folder, there, [now[eid] for eid, _name, _value in changes])


def _listed(folder: Path, there: Any, rows: Sequence[Any]) -> Sent:
    file, raw = folder / "people.zip", list[int]()

    def make() -> None:
        text = io.StringIO()
        csv.writer(text).writerows([(row[0].hex(), *row[1:]) for row in rows])
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packing:
            packing.writestr("people.csv", data := text.getvalue().encode())
        raw.append(len(data))

    def take() -> None:
        with zipfile.ZipFile(file) as packing:
            text = io.StringIO(packing.read("people.csv").decode(), newline="")
        with _whole(there):
            there.executemany(UPSERT, [(bytes.fromhex(row[0]), *row[1:]) for row in csv.reader(text)])

    made = spent(make)
    return Sent("CSV in zip", raw[0], file.stat().st_size, made, spent(take))
