"""Many rows at once in the town's PostgreSQL: COPY in its binary form, values as the journal keeps them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format
from sqlalchemy.orm import Session

from gridapp.fields.kinds import Cbor
from gridapp.ledger.entries import Entry
from gridapp.ledger.hubtables import SHIFT

_EPOCH = date(2000, 1, 1).toordinal()
#: how the server names a column's type → the name COPY is told
_TYPES = {"UUID": "uuid", "DATE": "date", "BOOLEAN": "bool", "SMALLINT": "int2", "INTEGER": "int4", "BIGINT": "int8", "BYTEA": "bytea"}
#: the columns of the journal, and how COPY is told of them: how many, and before each how many bytes it has
_JOURNAL = ("sid", *Entry._fields)
_ENTRY, _PHASH = struct.Struct(">hiqiiiqihihiiiii16si"), (32).to_bytes(4, "big")
_COPY, _COPIED = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
#: below this many rows a statement each is quicker than a table to copy them into
FEW = 50
_OID = {name: psycopg.adapters.types[name].oid for name in ("uuid", "date", "bool")}


class _Id(Dumper):
    """16 bytes are a uuid as they are."""

    oid, format = _OID["uuid"], Format.BINARY

    def dump(self, obj: Any) -> Buffer | None:
        return obj  # type: ignore[no-any-return]


class _Day(Dumper):
    """'2026-11-24' as days since 2000."""

    oid, format = _OID["date"], Format.BINARY

    def dump(self, obj: Any) -> Buffer | None:
        return _days(obj)


class _YesNo(Dumper):
    oid, format = _OID["bool"], Format.BINARY

    def dump(self, obj: Any) -> Buffer | None:
        return b"\x01" if obj else b"\x00"


@lru_cache(maxsize=20_000)
def _days(day: str) -> bytes:
    return (date.fromisoformat(day).toordinal() - _EPOCH).to_bytes(4, "big", signed=True)


@cache
def _types(table: sa.Table, names: tuple[str, ...]) -> tuple[str, ...]:
    """What the server calls the types of these columns."""
    dialect = sa.make_url("postgresql+psycopg://").get_dialect()()
    return tuple(_TYPES.get(table.c[name].type.compile(dialect), "text") for name in names)


@contextmanager
def _cursor(session: Session) -> Iterator[psycopg.Cursor[Any]]:
    """The driver's own cursor in the session's transaction; its failures come out as SQLAlchemy's."""
    connection = session.connection()
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    try:
        with driver.cursor() as cursor:
            for dumper in (_Id, _Day, _YesNo):
                cursor.adapters.register_dumper(None, dumper)
            yield cursor
    except psycopg.Error as error:
        raise sa.exc.DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True,
                                         connection_invalidated=driver.closed, dialect=connection.dialect) from error


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _copy(cursor: psycopg.Cursor[Any], target: str, names: Sequence[str], types: Sequence[str], rows: Iterable[Sequence[Any]],
          binary: bool = True) -> None:
    with cursor.copy(f"COPY {target} ({_listed(names)}) FROM STDIN{' (FORMAT BINARY)' if binary else ''}".encode()) as copy:
        if tuple(names) == _JOURNAL:
            copy.write(_packed(rows))
            return
        if binary:
            copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _packed(rows: Iterable[Sequence[Any]]) -> bytes:
    """Entries in COPY's binary form: all but the payload is of one size, and half of what a taking-in writes are entries."""
    pack, parts = _ENTRY.pack, [_COPY]
    for sid, pos, hlc, kind, ent, txb, officer, eid, payload, phash in rows:
        size = -1 if payload is None else len(payload)
        parts += (pack(10, 8, sid, 4, pos, 8, hlc, 2, kind, 2, ent, 4, txb, 4, officer, 16, eid, size), payload or b"", _PHASH, phash)
    return b"".join((*parts, _COPIED))


def _guarded(session: Session) -> bool:
    """Whether row-level security stands before this role; COPY then goes into no table but one of its own."""
    known = session.connection().info
    if "guarded" not in known:
        known["guarded"] = bool(session.connection().exec_driver_sql("SELECT row_security_active('entry'::regclass)").scalar_one())
    return bool(known["guarded"])


@contextmanager
def _staged(cursor: psycopg.Cursor[Any], target: str, names: Sequence[str]) -> Iterator[str]:
    """A table of one's own with the same columns, to copy into."""
    cursor.execute(f"CREATE TEMP TABLE coming ON COMMIT DROP AS SELECT {_listed(names)} FROM {target} WHERE false".encode())
    yield "pg_temp.coming"
    cursor.execute(b"DROP TABLE pg_temp.coming")


def insert(session: Session, table: sa.Table, names: Sequence[str], rows: Sequence[tuple[Cbor, ...]]) -> None:
    """Insert rows of journal values in the order of `names`."""
    _insert(session, table.name, names, _types(table, tuple(names)), rows)


def _insert(session: Session, target: str, names: Sequence[str], types: Sequence[str], rows: Sequence[Sequence[Any]], binary: bool = True) -> None:
    guarded = _guarded(session)
    with _cursor(session) as cursor:
        if not guarded:
            _copy(cursor, target, names, types, rows, binary)
        elif len(rows) < FEW:
            marks = ", ".join(f"%s::{kind}" for kind in types)
            cursor.executemany(f"INSERT INTO {target} ({_listed(names)}) VALUES ({marks})".encode(),
                               [[_bound(v, t) for v, t in zip(row, types, strict=True)] for row in rows])
        else:
            with _staged(cursor, target, names) as coming:
                _copy(cursor, coming, names, types, rows, binary)
                cursor.execute(f"INSERT INTO {target} ({_listed(names)}) SELECT {_listed(names)} FROM {coming}".encode())


def update(session: Session, table: sa.Table, names: Sequence[str], keys: Sequence[str], rows: Sequence[tuple[Cbor, ...]]) -> None:
    """Set `names` of the rows that `keys` tell; the values of the keys stand at the end of each row."""
    types = _types(table, (*names, *keys))
    with _cursor(session) as cursor:
        if len(rows) < FEW:
            told = [f'"{n}" = %s::{t}' for n, t in zip((*names, *keys), types, strict=True)]
            cursor.executemany(f"UPDATE {table.name} SET {', '.join(told[:len(names)])} WHERE {' AND '.join(told[len(names):])}".encode(),
                               [[_bound(v, t) for v, t in zip(row, types, strict=True)] for row in rows])
            return
        with _staged(cursor, table.name, (*names, *keys)) as coming:
            _copy(cursor, coming, (*names, *keys), types, rows)
            same = " AND ".join(f'old."{k}" = new."{k}"' for k in keys)
            told = [f'"{n}" = new."{n}"' for n in names]
            cursor.execute(f"UPDATE {table.name} old SET {', '.join(told)} FROM {coming} new WHERE {same}".encode())


def _bound(value: Cbor, kind: str) -> Any:
    return UUID(bytes=value) if kind == "uuid" and isinstance(value, bytes) else bool(value) if kind == "bool" and value is not None else value


def select(session: Session, table: sa.Table, names: Sequence[str], ids: Collection[bytes], scope: int) -> dict[bytes, tuple[Cbor, ...]]:
    """The columns `names` of these records of a scope as journal values, by id."""
    back = [(place, _BACK[kind]) for place, kind in enumerate(_types(table, tuple(names))) if kind in _BACK]
    found: dict[bytes, tuple[Cbor, ...]] = {}
    asked = f"SELECT id, {_listed(names)} FROM {table.name} WHERE id = ANY(%s::uuid[]) AND scope = %s"
    told = f"{{{','.join([eid.hex() for eid in ids])}}}"  # one text: the driver takes 3 µs for every member of an array
    for record_id, *values in session.connection().exec_driver_sql(asked, (told, scope)):
        for place, journal in back:
            if values[place] is not None:
                values[place] = journal(values[place])
        found[record_id.bytes] = tuple(values)
    return found


_BACK: dict[str, Callable[[Any], Cbor]] = {"uuid": lambda value: value.bytes, "date": date.isoformat}


def put_bags(session: Session, bags: Iterable[tuple[tuple[int, int], Iterable[str]]]) -> None:
    """Write bags of search tokens, each with the number of its scope among its tokens."""
    rows = [(rank, seq, seq >> SHIFT, " ".join(f"'{token}'" for token in (f"v{seq >> SHIFT}", *bag))) for (rank, seq), bag in bags]
    _insert(session, "find", ("rank", "seq", "scope", "doc"), ("int2", "int8", "int4", "tsvector"), rows, binary=False)
