"""The tables are the fold of the journal: the same rows can be made again from the entries alone, and compared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from hashlib import blake2b
from typing import NamedTuple, cast
from uuid import UUID

import cbor2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Cbor, Link
from gridapp.ledger import bulk
from gridapp.ledger import entries as bytes_
from gridapp.ledger.graph import Graph, Stamp
from gridapp.ledger.journal import SHIFT, entries_of
from gridapp.ledger.registers import ENDINGS, Registers, packed
from gridapp.ledger.tables import FACT, SCOPE
from gridapp.records import BY_NAME, ENTITIES, Act, Record

DELETED = 100
#: (number of the scope, entity code, id)
Key = tuple[int, int, bytes]
Write = tuple[Stamp, dict[int, Cbor]]


class Row(NamedTuple):
    """One record: its key, {tag: value} of what it shows, its version and open questions."""

    key: Key
    values: dict[int, Cbor]
    ver: bytes
    nconf: int


class Fold:
    """What the journal tells of some records, taken in write by write. A record with one write is kept as that write: most are."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.rows: dict[Key, Registers | Write] = {}

    def write(self, key: Key, stamp: Stamp, values: dict[int, Cbor]) -> None:
        """One more write of a record."""
        if key in self.rows:
            self.registers(key).write(stamp, values, self.graph)
        else:
            self.rows[key] = (stamp, values)

    def registers(self, key: Key) -> Registers:
        """The record as registers."""
        told = self.rows[key]
        if isinstance(told, tuple):
            stamp, values = told
            told = self.rows[key] = Registers()
            told.write(stamp, values, self.graph)
        return told

    def row(self, key: Key) -> Row:
        told = self.rows[key]
        if isinstance(told, tuple) and None not in told[1].values():
            return Row(key, told[1], packed(told[0], {}, {}), 0)
        told = self.registers(key)
        shown: dict[int, Cbor] = {tag: value for tag, value in sorted(told.values.items()) if value is not None}
        return Row(key, shown, told.ver(), told.clashes(self.graph))

    def age(self, key: Key) -> Stamp:
        """The stamp of its first write."""
        told = self.rows[key]
        return (told[0] if isinstance(told, tuple) else told.base) or (0, 0)


def replay(session: Session, *where: sa.ColumnElement[bool]) -> Fold:
    """Fold the journal, or the entries `where` says, in memory."""
    told = Fold(Graph(session))
    for sid, entry in entries_of(session, *where):
        if entry.kind == bytes_.WRITE and entry.payload is not None and entry.ent in ENTITIES:
            told.write((sid >> SHIFT, entry.ent, entry.eid), (entry.hlc, sid), readable(entry.ent, bytes_.decode(entry.payload)))
    return told


def readable(ent: int, values: dict[int, Cbor]) -> dict[int, Cbor]:
    """The fields this program knows; those of a newer one stay in the journal and are folded after the upgrade (`newly_known`)."""
    names = names_by_tag(ENTITIES[ent])
    return values if values.keys() <= names.keys() else {tag: value for tag, value in values.items() if tag in names}


def vocabulary() -> str:
    """A fingerprint of the entities and fields this program knows."""
    known = [[code, sorted(names_by_tag(entity))] for code, entity in sorted(ENTITIES.items())]
    return blake2b(cbor2.dumps(known), digest_size=8).hexdigest()


def note_unknown(session: Session) -> None:
    """Something came that only a newer program understands."""
    session.execute(sa.delete(FACT).where(FACT.c.name == "unknown"))
    session.execute(sa.insert(FACT).values(name="unknown", value=vocabulary()))


def newly_known(session: Session) -> bool:
    """Whether the program has learnt words since something unknown came: the tables must be made again then."""
    since = session.scalar(sa.select(FACT.c.value).where(FACT.c.name == "unknown"))
    return since is not None and since != vocabulary()


def from_journal(session: Session) -> list[Row]:
    """Every record, ordered by entity, id and scope, as the journal tells it."""
    told = replay(session)
    return [told.row(key) for key in sorted(told.rows, key=lambda key: (key[1], key[2], key[0]))]


def from_tables(session: Session, scopes: Sequence[str] = ()) -> Iterator[Row]:
    """The same from the tables; of some scopes only, if any are named."""
    numbers = sa.select(SCOPE.c.no).where(SCOPE.c.name.in_(scopes)) if scopes else None
    for code, entity in sorted(ENTITIES.items()):
        known = fields_of(entity)
        table = cast(sa.Table, entity.__table__)
        asked = sa.select(table).order_by(table.c.id, table.c.scope).execution_options(yield_per=1000)
        if numbers is not None:
            asked = asked.where(table.c.scope.in_(numbers))
        for row in session.execute(asked).mappings():
            values = {f.tag: f.kind.dump(row[n]) for n, f in known.items() if row[n] is not None}
            yield Row((row["scope"], code, row["id"].bytes), dict(sorted(values.items())), row["ver"], row["nconf"])


def digest(rows: Iterable[Row]) -> str:
    """One hash of what the register says now: acts, withdrawn births and stamps are left out (seal numbers are this file's own).

    Undo brings the hash of before back; two ledgers that hold the same have the same hash.
    """
    total = blake2b(b"gridapp-digest-1", digest_size=32)
    for row in rows:
        if row.key[1] != Act.CODE and not row.values.get(DELETED):
            total.update(cbor2.dumps([row.key[1], row.key[2], row.values]))
    return total.hexdigest()


@cache
def names_by_tag(entity: type[Record]) -> dict[int, str]:
    """Column by journal tag."""
    return {f.tag: f.name for f in fields_of(entity).values()}


def put(session: Session, born: Iterable[tuple[Row, int | None]], changed: Iterable[Row], before: Mapping[Key, Registers]) -> None:
    """Write folded rows into their tables: new ones (with a row number where the database gives none), and those that are there.

    Of those, only the fields that differ from `before` are set: SQLite writes every index anew whose column is named (three times the time).
    """
    new: dict[int, list[tuple[Row, int | None]]] = {}
    for row, seq in born:
        new.setdefault(row.key[1], []).append((row, seq))
    for ent, rows in new.items():
        _insert(session, ENTITIES[ent], rows)
    old: dict[tuple[int, tuple[int, ...]], list[Row]] = {}
    for row in changed:
        now, had = row.values, before[row.key].values
        differ = [tag for tag, value in now.items() if had.get(tag) != value]
        differ += sorted(had.keys() - now.keys())
        old.setdefault((row.key[1], tuple(differ)), []).append(row)
    for (ent, tags), kept in sorted(old.items()):
        names = names_by_tag(ENTITIES[ent])
        bulk.update(session, cast(sa.Table, ENTITIES[ent].__table__), [*(names[tag] for tag in tags), "ver", "nconf"],
                    [(*map(row.values.get, tags), row.ver, row.nconf, row.key[2], row.key[0]) for row in kept])


def _insert(session: Session, entity: type[Record], rows: list[tuple[Row, int | None]]) -> None:
    names, numbered = names_by_tag(entity), rows[0][1] is not None
    columns = ("id", "scope", *names.values(), "ver", "nconf", *(("seq",) if numbered else ()))
    bulk.insert(session, cast(sa.Table, entity.__table__), columns, [
        (row.key[2], row.key[0], *map(row.values.get, names), row.ver, row.nconf, *((seq,) if numbered else ())) for row, seq in rows])


def kept(session: Session, entity: type[Record], scope: int, ids: Iterable[UUID]) -> dict[bytes, Registers]:
    """Registers of the rows that are there, by id."""
    return _kept(session, entity, scope, [eid.bytes for eid in ids], names_by_tag(entity))


def partly(session: Session, entity: type[Record], scope: int, ids: Collection[bytes], tags: Set[int], ended: Set[bytes]) -> dict[bytes, Registers]:
    """The same with the fields `tags` alone, which are to be written: all forty of each take as long to read as the rest of a merge.

    A record comes whole that has a question or an ending, or is to be `ended`: to count its questions, all its fields are looked at.
    """
    names = {tag: name for tag, name in names_by_tag(entity).items() if tag in tags or tag in ENDINGS}
    found = _kept(session, entity, scope, ids, names)
    whole = [eid for eid, told in found.items() if eid in ended or told.heads or any(map(told.values.get, ENDINGS))]
    return found | _kept(session, entity, scope, whole, names_by_tag(entity)) if whole else found


def _kept(session: Session, entity: type[Record], scope: int, ids: Collection[bytes], names: Mapping[int, str]) -> dict[bytes, Registers]:
    tags = tuple(names)
    return {eid: Registers.of(cast(bytes, ver), {tag: value for tag, value in zip(tags, row, strict=True) if value is not None})
            for eid, (ver, *row) in bulk.select(session, cast(sa.Table, entity.__table__), ["ver", *names.values()], ids, scope).items()}


def rebuild(session: Session) -> int:
    """Throw the rows of all records away and make them again from the journal; returns how many there are."""
    if bulk.on_hub(session):
        session.execute(sa.select(SCOPE.c.no).order_by(SCOPE.c.no).with_for_update())
    told = replay(session)
    for entity in ENTITIES.values():
        session.execute(sa.delete(entity).execution_options(journalled=True))
    keys = sorted(told.rows, key=told.age)
    put(session, zip(map(told.row, keys), _numbers(session, keys), strict=True), (), {})
    session.execute(sa.delete(FACT).where(FACT.c.name == "unknown"))
    return len(told.rows)


def _numbers(session: Session, keys: Sequence[Key]) -> list[int | None]:
    """Row numbers for records made again, in each scope from its first; None where the database gives them."""
    if not bulk.on_hub(session):
        return [None] * len(keys)
    last, found = dict[int, int](), list[int | None]()
    for no, _ent, _eid in keys:
        last[no] = last.get(no, no << SHIFT) + 1
        found.append(last[no])
    for no, seq in last.items():
        session.execute(sa.update(SCOPE).where(SCOPE.c.no == no).values(seq=seq))
    return found


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
