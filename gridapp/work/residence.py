"""Who lived here on that day (某天谁住过): of a house or of one room, told by the dated tenancies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import LOOK, Reader, needs
from gridapp.records import House, Person, Room, Tenancy
from gridapp.work.houses import doors


@dataclass(frozen=True)
class Resident:
    """Somebody who lived in a room on the day; `leaving`: that was the day they left."""

    id: UUID
    person: UUID
    room: UUID
    room_no: str
    name: str
    relation: str | None
    start: date | None
    end: date | None
    leaving: bool


@needs(LOOK)
def lived_in_house(read: Reader, house_id: UUID, day: date) -> list[Resident]:
    """Who lived in any room of a house on a day, by room; a stay without a beginning was always there. Raises Gone."""
    return _lived(read, Room.house == read.get(House, house_id).id, day)


@needs(LOOK)
def lived_in_room(read: Reader, room_id: UUID, day: date) -> list[Resident]:
    """Who lived in one room on a day. Raises Gone."""
    return _lived(read, Room.id == read.get(Room, room_id).id, day)


def _lived(read: Reader, where: sa.ColumnElement[bool], day: date) -> list[Resident]:
    """Whoever left that day was there that day; whoever came and left on one day too."""
    asked = (sa.select(Tenancy.id, Tenancy.person, Tenancy.room, Room.room_no, Person.name, Tenancy.relation, Tenancy.start, Tenancy.end)
             .join(Room, Room.id == Tenancy.room).join(Person, Person.id == Tenancy.person)
             .where(where, Tenancy.deleted.is_not(True), Person.deleted.is_not(True), Room.deleted.is_not(True),
                    sa.or_(Tenancy.start.is_(None), Tenancy.start <= day), sa.or_(Tenancy.end.is_(None), Tenancy.end >= day))
             .order_by(*doors(), Tenancy.start.nulls_first(), Tenancy.seq))
    return [Resident(r.id, r.person, r.room, r.room_no, r.name, r.relation, r.start, r.end, r.end == day) for r in read.rows(asked)]
