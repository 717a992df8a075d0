"""What changed since a place in the journal (此后的改动): of which houses something was written after a batch of papers was begun."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import PLAIN, PRINT, Reader, needs
from gridapp.ledger.journal import SHIFT
from gridapp.ledger.tables import ENTRY, SCOPE
from gridapp.records import ENTITIES, House, Person, Room, Tenancy

#: of each scope the seal and the place in it that were written last
Position = tuple[tuple[int, int, int], ...]
_SOME = 400


@needs(PLAIN)
def reached(read: Reader) -> Position:
    """Where the journal stands."""
    told = []
    for (no,) in read.rows(sa.select(SCOPE.c.no).order_by(SCOPE.c.no)):
        sid = read.scalar(sa.select(sa.func.max(ENTRY.c.sid)).where(ENTRY.c.sid >= no << SHIFT, ENTRY.c.sid < (no + 1) << SHIFT))
        if sid is not None:
            told.append((no, sid, read.scalar(sa.select(sa.func.max(ENTRY.c.pos)).where(ENTRY.c.sid == sid))))
    return tuple(told)


@needs(PRINT)
def changed_houses(read: Reader, position: Position) -> frozenset[UUID]:
    """Houses of which something was written after `position`: the house, its rooms, who lives or lived there, what was found there."""
    written = _written(read, position)
    return frozenset(house for entity, ids in written.items() for house in _houses_of(read, entity, ids) if house is not None)


def _written(read: Reader, since: Position) -> dict[int, set[UUID]]:
    """{entity code: records} written after a place."""
    known, found = {no: (sid, pos) for no, sid, pos in since}, dict[int, set[UUID]]()
    for no, last, _pos in reached(read):
        sid, pos = known.get(no, (no << SHIFT, -1))
        later = sa.or_(sa.and_(ENTRY.c.sid == sid, ENTRY.c.pos > pos), sa.and_(ENTRY.c.sid > sid, ENTRY.c.sid <= last))
        for ent, eid in read.rows(sa.select(ENTRY.c.ent, ENTRY.c.eid).where(later).distinct()):
            found.setdefault(ent, set()).add(UUID(bytes=eid))
    return found


def _houses_of(read: Reader, code: int, ids: Collection[UUID]) -> Iterator[UUID | None]:
    entity = ENTITIES.get(code)
    if entity is None:
        return
    if entity is House:
        yield from ids
        return
    told = list(ids)
    for start in range(0, len(told), _SOME):
        some = told[start:start + _SOME]
        if entity is Person:
            asked = sa.select(Room.house).join(Tenancy, Tenancy.room == Room.id).where(Tenancy.person.in_(some))
        elif entity is Tenancy:
            asked = sa.select(Room.house).join(Tenancy, Tenancy.room == Room.id).where(Tenancy.id.in_(some))
        elif "house" in entity.__table__.c:
            asked = sa.select(entity.__table__.c.house).where(entity.__table__.c.id.in_(some))
        else:
            return
        yield from (house for (house,) in read.rows(asked.distinct()))
