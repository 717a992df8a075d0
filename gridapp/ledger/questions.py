"""Open questions of the register: fields two people wrote without knowing of each other, records edited after somebody had ended them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields.field import by_tag, fields_of
from gridapp.fields.kinds import Cbor
from gridapp.ledger import writes
from gridapp.ledger.graph import Graph, Stamp
from gridapp.ledger.permits import LOOK, PLAIN, needs
from gridapp.ledger.reader import Acting, Reader
from gridapp.ledger.registers import UNIVERSAL, Registers
from gridapp.ledger.wording import in_words
from gridapp.ledger.writes import Write
from gridapp.records import ENTITIES, Record

INTO = 101
CHUNK = 500


@dataclass(frozen=True)
class Question:
    """One field to decide: the writes none of which is in the past of another (the one shown first), and the value all of them had seen.

    `ended`: the first write ended the record, the others edited it without knowing; then `before` tells nothing.
    """

    entity: type[Record]
    record: Record
    scope: str
    tag: int
    writes: tuple[Write, ...]
    before: Cbor
    ended: bool


@needs(PLAIN)
def count(read: Reader) -> int:
    """How many questions are open."""
    return sum(read._session.scalar(sa.select(sa.func.coalesce(sa.func.sum(entity.nconf), 0)).where(entity.nconf > 0)) or 0
               for entity in ENTITIES.values())


@needs(LOOK)
def open_questions(read: Reader, record: UUID | None = None, scope: str | None = None) -> Iterator[Question]:
    """Every open question, by entity and record; of one record or one scope if told."""
    names = writes.scope_names(read)
    graph = writes.graph_of(read)
    for entity in ENTITIES.values():
        asked = sa.select(entity).where(entity.nconf > 0).order_by(entity.seq)
        if record is not None:
            asked = asked.where(entity.id == record)
        if scope is not None:
            asked = asked.where(entity.scope.in_([no for no, name in names.items() if name == scope]))
        records = read.records(asked)
        for start in range(0, len(records), CHUNK):
            some = records[start:start + CHUNK]
            written = writes.writes_of(read, entity, [r.id for r in some])
            for told in some:
                own = [w for w in written.get(told.id, ()) if writes.number_of(w.stamp) == told.scope]
                yield from _questions(told, names[told.scope], own, graph)


def registers_of(record: Record) -> Registers:
    """The registers of a record that was read."""
    values = {f.tag: f.kind.dump(getattr(record, n)) for n, f in fields_of(type(record)).items()}
    return Registers.of(record.ver or b"", {t: v for t, v in values.items() if v is not None})


def _questions(record: Record, scope: str, written: Sequence[Write], graph: Graph) -> Iterator[Question]:
    told, by_stamp = registers_of(record), {w.stamp: w for w in written}
    for tag in sorted(told.differing()):
        heads = [s for s in (told.stamp(tag), *((h[0], h[1]) for h in told.heads[tag])) if s is not None]
        yield Question(type(record), record, scope, tag, tuple(by_stamp[s] for s in heads if s in by_stamp),
                       _before(tag, heads, written, graph), ended=False)
    ended = told.edited_after_ending(graph)
    if ended is not None:
        ending = told.over[ended]
        edits = [w for w in written if any(t < UNIVERSAL for t in w.values) and not graph.saw(ending, w.stamp) and not graph.saw(w.stamp, ending)]
        yield Question(type(record), record, scope, ended, tuple(w for w in (by_stamp.get(ending), *edits) if w is not None), None, ended=True)


def _before(tag: int, heads: Sequence[Stamp], written: Sequence[Write], graph: Graph) -> Cbor:
    """The newest value every one of the writes had seen."""
    common = [w for w in written if tag in w.values and w.stamp not in heads and all(graph.saw(h, w.stamp) for h in heads)]
    return max(common, key=lambda w: graph.rank(w.stamp)).values[tag] if common else None


def stamps(ver: bytes) -> list[Stamp]:
    """Every write a version of a row tells of."""
    told = Registers.of(ver, {})
    return [s for s in (told.base, *told.over.values(), *((h[0], h[1]) for hs in told.heads.values() for h in hs)) if s is not None]


@needs(LOOK)
def words(read: Reader, entity: type[Record], tag: int, value: Cbor) -> str:
    """A journal value in an officer's words; '' for nothing."""
    if tag == INTO:
        found = read._session.scalar(sa.select(entity).where(entity.id == UUID(bytes=cast(bytes, value)))) if value else None
        return found.label() if found else ""
    return in_words(read._session, by_tag(entity)[tag], value)


def answer(act: Acting, entity: type[Record], eid: UUID, **values: Any) -> None:
    """Decide: these values are journalled above all that was written here, whether they are shown already or not. Raises Gone, Refused."""
    act._session.flush()
    record = writes.in_scope(act, entity, eid)
    try:
        for name, value in values.items():
            setattr(record, name, value)
        act.check(record)
    finally:
        act._session.expire(record)
    writes.put_down(act, entity, {eid: values})
