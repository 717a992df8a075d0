"""Writes of a record as the journal has them: who wrote a field when, who knew whom; and writing past the forms, for what a merge asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Cbor
from gridapp.ledger import bulk, capture, fold
from gridapp.ledger import entries as bytes_
from gridapp.ledger.capture import Change
from gridapp.ledger.graph import Graph, Stamp
from gridapp.ledger.journal import SHIFT
from gridapp.ledger.permits import PLAIN, needs
from gridapp.ledger.reader import Acting, Gone, Reader
from gridapp.ledger.tables import DEVICE, ENTRY, SCOPE, SEAL
from gridapp.records import Record


@dataclass(frozen=True)
class Write:
    """One entry of a record: {tag: value}, its stamp, who made it on which device, and the act it belongs to (seal, place of its line)."""

    stamp: Stamp
    values: dict[int, Cbor]
    officer: int
    device: bytes
    act: tuple[int, int]

    @property
    def at(self) -> datetime:
        """The author's wall clock."""
        return datetime.fromtimestamp((self.stamp[0] >> 16) / 1000, UTC)


def writes_of(read: Reader, entity: type[Record], ids: Iterable[UUID]) -> dict[UUID, list[Write]]:
    """Every write of these records in journal order; erased ones are not told."""
    told, found = list(dict.fromkeys(ids)), dict[UUID, list[Write]]()
    for start in range(0, len(told), bulk.SOME):
        asked = (sa.select(ENTRY.c.eid, ENTRY.c.sid, ENTRY.c.pos, ENTRY.c.hlc, ENTRY.c.txb, ENTRY.c.officer, ENTRY.c.payload, SEAL.c.dev)
                 .join(SEAL, SEAL.c.sid == ENTRY.c.sid)
                 .where(ENTRY.c.ent == entity.CODE, ENTRY.c.kind == bytes_.WRITE, ENTRY.c.payload.is_not(None),
                        bulk.among(ENTRY.c.eid, told[start:start + bulk.SOME])).order_by(ENTRY.c.sid, ENTRY.c.pos))
        for row in read._session.execute(asked):
            found.setdefault(UUID(bytes=row.eid), []).append(Write(
                (row.hlc, row.sid), bytes_.decode(row.payload), row.officer, row.dev, (row.sid, row.pos - row.txb)))
    wanted = set(told)
    for eid, written in _unstored(read, entity):
        if eid in wanted:
            found.setdefault(eid, []).append(written)
    return found


def _unstored(read: Reader, entity: type[Record]) -> Iterable[tuple[UUID, Write]]:
    """What the running act has written itself: its entries reach the table when it ends."""
    if not isinstance(read, Acting):
        return
    taken, device = read._taken, author(read)
    for entry in taken.entries:
        if entry.ent == entity.CODE and entry.kind == bytes_.WRITE and entry.payload is not None:
            yield UUID(bytes=entry.eid), Write((entry.hlc, taken.sid), bytes_.decode(entry.payload), entry.officer, device,
                                              (taken.sid, taken.first_pos))


def graph_of(read: Reader) -> Graph:
    """Who knew whom, for the time of one question."""
    return Graph(read._session)


def author(read: Reader) -> bytes:
    """The device an act is done on; for a question this station's own."""
    asked = sa.select(SEAL.c.dev).where(SEAL.c.sid == read._taken.sid) if isinstance(read, Acting) else sa.select(DEVICE.c.dev).where(DEVICE.c.seed.is_not(None))
    found: bytes = read._session.scalar(asked) or b""
    return found


def scope_no(read: Reader) -> int:
    """The number of the scope an act writes in; for a question that of the register this ledger was begun with."""
    return read._taken.scope.no if isinstance(read, Acting) else 0


def scope_of(read: Reader) -> str:
    """Its name."""
    return scope_names(read).get(scope_no(read), "")


@needs(PLAIN)
def scope_names(read: Reader) -> dict[int, str]:
    """The scopes of this ledger by their numbers."""
    return {no: name for no, name in read._session.execute(sa.select(SCOPE.c.no, SCOPE.c.name))}


def put_down(act: Acting, entity: type[Record], changes: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Journal these values ({id: {field: value}}) above everything that is here, also where they are what is shown already; no rule is asked.

    Raises Gone for what is not in the scope of the act.
    """
    session, known = act._session, fields_of(entity)
    session.flush()
    rows = fold.kept(session, entity, act._taken.scope.no, changes)
    if any(eid.bytes not in rows for eid in changes):
        raise Gone
    capture.change_many(session, act._taken, entity, [
        Change(eid, rows[eid.bytes], {known[n].tag: known[n].kind.dump(v) for n, v in values.items()}) for eid, values in changes.items()])
    for record in list(session.identity_map.values()):
        if isinstance(record, entity) and record.id in changes:
            session.refresh(record)


def in_scope(act: Acting, entity: type[Record], eid: UUID) -> Record:
    """The record as this act's scope has it, a withdrawn one too. Raises Gone."""
    found = act._session.scalar(sa.select(entity).where(entity.id == eid, entity.scope == act._taken.scope.no))
    if found is None:
        raise Gone
    return found


def number_of(stamp: Stamp) -> int:
    """The number of the scope a stamp belongs to."""
    return stamp[1] >> SHIFT
