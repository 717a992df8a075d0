"""The tables are the fold of the journal: the same rows can be made again from the entries alone, and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, cast
from uuid import UUID

import cbor2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.fields.field import by_tag, fields_of
from gridapp.fields.kinds import Cbor, Link
from gridapp.ledger import entries as bytes_
from gridapp.ledger.capture import Stamp
from gridapp.ledger.journal import entries_of
from gridapp.records import BY_NAME, ENTITIES, Act, Record

Row = tuple[int, bytes, dict[int, Cbor], bytes]
DELETED = 100


@dataclass
class Folded:
    """One record as the journal tells it: the last write of every field, and the stamps of the writes."""

    base: Stamp
    values: dict[int, Cbor] = field(default_factory=dict)
    over: dict[int, Stamp] = field(default_factory=dict)

    def write(self, stamp: Stamp, values: dict[int, Cbor]) -> None:
        for tag, value in values.items():
            if stamp > self.over.get(tag, self.base) or not self.values:
                self.values[tag], self.over[tag] = value, stamp

    def ver(self) -> bytes:
        over = {tag: list(s) for tag, s in sorted(self.over.items()) if s != self.base}
        return cbor2.dumps([list(self.base), over, {}])


def replay(session: Session) -> dict[tuple[int, bytes], Folded]:
    """Fold the whole journal in memory."""
    rows: dict[tuple[int, bytes], Folded] = {}
    for sid, entry in entries_of(session):
        if entry.kind != bytes_.WRITE or entry.payload is None:
            continue
        stamp, values = (entry.hlc, sid), bytes_.decode(entry.payload)
        folded = rows.get((entry.ent, entry.eid))
        if folded is None:
            rows[entry.ent, entry.eid] = Folded(stamp, dict(values))
        else:
            folded.write(stamp, values)
    return rows


def from_journal(session: Session) -> list[Row]:
    """(entity code, id, {tag: value}, ver) of every record, ordered, as the journal tells it."""
    told = replay(session)
    return [(ent, eid, {t: v for t, v in sorted(f.values.items()) if v is not None}, f.ver())
            for (ent, eid), f in sorted(told.items())]


def from_tables(session: Session) -> Iterator[Row]:
    """The same from the tables."""
    for code, entity in sorted(ENTITIES.items()):
        known = fields_of(entity)
        table = cast(sa.Table, entity.__table__)
        asked = sa.select(table).order_by(table.c.id).execution_options(yield_per=1000)
        for row in session.execute(asked).mappings():
            values = {f.tag: f.kind.dump(row[n]) for n, f in known.items() if row[n] is not None}
            yield code, row["id"].bytes, dict(sorted(values.items())), row["ver"]


def digest(rows: Iterator[Row] | list[Row]) -> str:
    """One hash of what the register says now: acts, withdrawn births and stamps are left out (seal numbers are this file's own).

    Undo brings the hash of before back; two ledgers that hold the same have the same hash.
    """
    total = blake2b(b"gridapp-digest-1", digest_size=32)
    for ent, eid, values, _ver in rows:
        if ent != Act.CODE and not values.get(DELETED):
            total.update(cbor2.dumps([ent, eid, values]))
    return total.hexdigest()


def rebuild(session: Session) -> int:
    """Throw the rows of all records away and make them again from the journal; returns how many there are."""
    told = replay(session)
    for entity in ENTITIES.values():
        session.execute(sa.delete(entity).execution_options(journalled=True))
    for code, entity in ENTITIES.items():
        tags = by_tag(entity)
        blank: dict[str, Any] = dict.fromkeys(f.name for f in tags.values())
        rows = [blank | {tags[t].name: tags[t].kind.load(v) for t, v in f.values.items() if t in tags}
                | {"id": UUID(bytes=eid), "ver": f.ver(), "nconf": 0}
                for (ent, eid), f in sorted(told.items(), key=lambda item: item[1].base) if ent == code]
        if rows:
            session.execute(sa.insert(cast(sa.Table, entity.__table__)).execution_options(journalled=True), rows)
    return len(told)


def links(entity: type[Record]) -> list[tuple[str, str]]:
    """(field name, table pointed at) of every link of an entity."""
    return [(n, f.kind.to) for n, f in fields_of(entity).items() if isinstance(f.kind, Link) and f.kind.to]


def dangling(session: Session) -> Iterator[str]:
    """Links that point at nothing; run by `verify` and after every merge."""
    for entity in ENTITIES.values():
        for name, to in links(entity):
            column, target = getattr(entity, name), BY_NAME[to]
            asked = sa.select(sa.func.count()).select_from(entity).where(
                column.is_not(None), entity.deleted.is_not(True), column.not_in(sa.select(target.id)))
            count = session.scalar(asked)
            if count:
                yield f"{entity.__tablename__}.{name}: {count} links point at nothing"
