"""Capture: a flush turns what changed into journal entries; nobody writes the journal by hand, nobody gets around it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from uuid import UUID

import cbor2
import sqlalchemy as sa
from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session

from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Cbor, Kind
from gridapp.fields.masked import Masked
from gridapp.ledger import bulk
from gridapp.ledger import entries as bytes_
from gridapp.ledger.entries import ERASE, MOST_TXB, WRITE, Entry
from gridapp.ledger.graph import Graph, Stamp
from gridapp.ledger.journal import OpenSeal, Scope
from gridapp.ledger.registers import Registers
from gridapp.records import ENTITIES, Record


class Bypassed(RuntimeError):
    """Our bug: somebody tried to change records without an act."""


class Taken:
    """The entries of one act in one scope while it runs. Place 0 is the act itself, written when it ends."""

    def __init__(self, scope: Scope, seal: OpenSeal, officer: int, numbered: bool = False) -> None:
        self.scope, self.officer, self.numbered = scope, officer, numbered
        self.sid, self.first_pos, self.first_hlc = seal.sid, seal.n + 1, scope.clock.stamps()
        self.entries: list[Entry] = []
        #: the act's own entry, when it ends
        self.head: Entry
        self.touched: dict[tuple[int, UUID], None] = {}

    def seq(self) -> int | None:
        """The row number of the next birth; None where the database gives them (SQLite's rowid)."""
        if not self.numbered:
            return None
        self.scope.seq += 1
        return self.scope.seq

    def stamp(self, place: int) -> Stamp:
        return (self.first_hlc + place, self.sid)

    def take(self, entity: type[Record], eid: UUID, values: dict[int, Cbor]) -> Stamp:
        """Append one WRITE; returns its stamp for the row's `ver`."""
        place = len(self.entries) + 1
        self.entries.append(self.entry(place, entity, eid, values))
        self.touched[entity.CODE, eid] = None
        return self.stamp(place)

    def erase(self, entity: type[Record], eid: UUID, basis: str) -> None:
        """Append one ERASE; the legal ground is all it says."""
        place = len(self.entries) + 1
        self.entries.append(self.entry(place, entity, eid, {1: basis}, ERASE))
        self.touched[entity.CODE, eid] = None

    def entry(self, place: int, entity: type[Record], eid: UUID, values: dict[int, Cbor], kind: int = WRITE) -> Entry:
        payload, phash = bytes_.sealed_payload(values)
        return Entry(self.first_pos + place, self.first_hlc + place, kind, entity.CODE, min(place, MOST_TXB), self.officer,
                     eid.bytes, payload, phash)


def first_ver(stamp: Stamp) -> bytes:
    """The version of a newly born row: one base stamp for all fields."""
    return cbor2.dumps([list(stamp), {}, {}])


def later_ver(ver: bytes, tags: list[int], stamp: Stamp) -> bytes:
    """The version after `tags` were written here at `stamp`, by somebody who saw everything that is in the row and no open question."""
    base, over, heads = cbor2.loads(ver)
    return cbor2.dumps([base, dict(sorted((over | {tag: list(stamp) for tag in tags}).items())), heads])


def clean(value: Cbor) -> Cbor:
    """Journal text is NFC or the same name would hash differently on two machines; what only stands for a value is no value."""
    if type(value) is Masked:
        raise TypeError("a masked value is shown and never stored")
    if type(value) is str and not value.isascii() and not unicodedata.is_normalized("NFC", value):
        raise ValueError("text must be NFC before it is stored; parse it with its kind")
    return value


@cache
def _dumps(entity: type[Record]) -> dict[str, tuple[int, Callable[[Any], Cbor] | None]]:
    """Tag and dump of every field by its name; most kinds keep the value as it is, and 80,000 calls that do nothing are 10 ms."""
    return {n: (f.tag, None if type(f.kind).dump is Kind.dump else f.kind.dump) for n, f in fields_of(entity).items()}


def birth_values(entity: type[Record], given: dict[str, Any]) -> dict[int, Cbor]:
    """{tag: journal value} of the fields that are set; absent = never written."""
    known, values = _dumps(entity), dict[int, Cbor]()
    for name, value in given.items():
        if value is not None and name in known:
            tag, dump = known[name]
            values[tag] = clean(value if dump is None else dump(value))
    return values


def _changed_values(record: Record) -> dict[int, Cbor]:
    state, values = inspect(record), {}
    for name, told in fields_of(type(record)).items():
        history = state.attrs[name].history
        if history.has_changes() and history.deleted != history.added:
            values[told.tag] = clean(told.kind.dump(getattr(record, name)))
    return values


def _before_flush(session: Session, _context: object, _instances: object) -> None:
    taken = cast("Taken | None", session.info.get("taken"))
    if session.deleted:
        raise Bypassed("records are never deleted; close them")
    for record in [r for r in session.new if isinstance(r, Record)]:
        if taken is None:
            raise Bypassed("no act is open")
        values = birth_values(type(record), {n: getattr(record, n) for n in fields_of(type(record))})
        record.ver, record.scope = first_ver(taken.take(type(record), record.id, values)), taken.scope.no
        if taken.numbered:
            record.seq = cast(int, taken.seq())
    for record in [r for r in session.dirty if isinstance(r, Record)]:
        values = _changed_values(record)
        if values and taken is None:
            raise Bypassed("no act is open")
        if values and taken is not None and record.scope != taken.scope.no:
            raise Bypassed("the record belongs to another scope")
        if values and taken is not None:
            if record.scope != taken.scope.no:
                raise Bypassed("a record is changed in the scope it belongs to")
            _stamp(session, record, values, taken.take(type(record), record.id, values))


def _stamp(session: Session, record: Record, values: dict[int, Cbor], stamp: Stamp) -> None:
    assert record.ver is not None
    if not record.nconf and not cbor2.loads(record.ver)[2]:
        record.ver = later_ver(record.ver, list(values), stamp)
        return
    state = inspect(record)
    kept = dict[int, Cbor]()
    for name, known in fields_of(type(record)).items():
        history = state.attrs[name].history
        before = history.deleted[0] if history.deleted else getattr(record, name)
        if before is not None:
            kept[known.tag] = known.kind.dump(before)
    graph, told = Graph(session), Registers.of(record.ver, kept)
    told.write(stamp, values, graph)
    record.ver, record.nconf = told.ver(), told.clashes(graph)


def _guard(state: ORMExecuteState) -> None:
    if state.is_update or state.is_delete or state.is_insert:
        table = getattr(state.statement, "table", None)
        if table is not None and table.name in {e.__tablename__ for e in ENTITIES.values()}:
            if not state.execution_options.get("journalled"):
                raise Bypassed("bulk writing of records goes through the act")


def listen(session: Session) -> None:
    """Make this session journal what it writes; `session.info['taken']` is set while an act is open."""
    event.listen(session, "before_flush", _before_flush)
    event.listen(session, "do_orm_execute", _guard)


def bear_many(session: Session, taken: Taken, entity: type[Record], rows: list[dict[str, Any]]) -> None:
    """Many births of one entity past the session (one by one they cost five times as much)."""
    known = fields_of(entity)
    names = [n for n in dict.fromkeys(name for row in rows for name in row) if n in known]
    tags, born = [known[n].tag for n in names], list[tuple[Cbor, ...]]()
    for row in rows:
        values = birth_values(entity, row)
        stamp = taken.take(entity, row["id"], values)
        born.append((row["id"].bytes, *map(values.get, tags), first_ver(stamp), 0, taken.scope.no, *((taken.seq(),) if taken.numbered else ())))
    columns = ("id", *names, "ver", "nconf", "scope", *(("seq",) if taken.numbered else ()))
    bulk.insert(session, cast(sa.Table, entity.__table__), columns, born)


@dataclass(frozen=True)
class Change:
    """New journal values for a row, and the row as it is."""

    eid: UUID
    row: Registers
    values: dict[int, Cbor]


def change_many(session: Session, taken: Taken, entity: type[Record], changes: list[Change]) -> None:
    """Many changes of one entity past the session."""
    names, by_tags = {f.tag: f.name for f in fields_of(entity).values()}, dict[tuple[int, ...], list[tuple[Cbor, ...]]]()
    graph = Graph(session)
    for told in changes:
        told.row.write(taken.take(entity, told.eid, {t: clean(v) for t, v in told.values.items()}), told.values, graph)
        by_tags.setdefault(tuple(told.values), []).append((*told.values.values(), told.row.ver(), told.row.clashes(graph), told.eid.bytes, taken.scope.no))
    for tags, rows in by_tags.items():
        bulk.update(session, cast(sa.Table, entity.__table__), [*(names[t] for t in tags), "ver", "nconf"], rows)
