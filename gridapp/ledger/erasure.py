"""Erasing by law (个人信息保护法 Art. 47): what a record said is wiped from journal, tables and index; heads and hashes stay, so seals still verify.

An erasure wins over every write of that record, earlier or later, in whatever order they arrive.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import bulk
from gridapp.ledger import entries as bytes_
from gridapp.ledger.entries import Entry
from gridapp.ledger.tables import ENTRY, ERASED
from gridapp.records import ENTITIES, Party

#: (number of the scope, entity code, id)
Key = tuple[int, int, bytes]


def note(session: Session, found: Iterable[tuple[int, Entry, int]]) -> set[Key]:
    """Remember erasures as (scope, entry, seal number). Returns their keys."""
    named = {(no, entry.ent, entry.eid): sid for no, entry, sid in found}
    known = among(session, named)
    if new := [{"scope": key[0], "ent": key[1], "eid": key[2], "sid": sid} for key, sid in named.items() if key not in known]:
        session.execute(sa.insert(ERASED), new)
    return set(named)


def among(session: Session, keys: Iterable[Key]) -> set[Key]:
    """Which of these records were erased."""
    if not session.scalar(sa.select(sa.exists().select_from(ERASED))):
        return set()
    wanted, found = set(keys), set[Key]()
    ids = sorted({key[2] for key in wanted})
    for start in range(0, len(ids), bulk.SOME):
        rows = session.execute(sa.select(ERASED.c.scope, ERASED.c.ent, ERASED.c.eid).where(ERASED.c.eid.in_(ids[start:start + bulk.SOME])))
        found |= {(row.scope, row.ent, row.eid) for row in rows}
    return found & wanted


def wipe(session: Session, keys: Iterable[Key], shift: int) -> None:
    """Empty the payloads of every write of these records and take their rows out of the tables and the index."""
    from gridapp.ledger import search

    keys = set(keys)
    parties = [UUID(bytes=eid) for _no, ent, eid in keys if ent == Party.CODE]
    named = search.cases_of(session, parties) if parties else []
    for no, ent, eid in keys:
        session.execute(sa.update(ENTRY).where(
            ENTRY.c.ent == ent, ENTRY.c.eid == eid, ENTRY.c.kind == bytes_.WRITE, ENTRY.c.payload.is_not(None),
            ENTRY.c.sid >= no << shift, ENTRY.c.sid < no + 1 << shift).values(payload=None))
        entity = ENTITIES.get(ent)
        if entity is not None:
            search.forget(session, ent, [UUID(bytes=eid)])
            table = cast(sa.Table, entity.__table__)
            session.execute(sa.delete(table).where(table.c.id == UUID(bytes=eid), table.c.scope == no).execution_options(journalled=True))
    search.index(session, named)


def leave_nothing(writer: sa.Engine) -> None:
    """After an erasure, of a file: merge the index, where tombstones keep the words of what was taken out, and empty the write-ahead log.

    `secure_delete` has overwritten the pages; a reader of another thread that still looks at the old log keeps it until it ends.
    """
    if writer.dialect.name != "sqlite":
        return
    with writer.begin() as connection:
        connection.exec_driver_sql("INSERT INTO find(find) VALUES ('optimize')")
    raw = writer.raw_connection()
    try:
        cast(Any, raw.driver_connection).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        raw.close()
