"""What the register holds already of the people and houses a workbook names, looked up by the keys a workbook knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields.field import fields_of
from gridapp.fields.idnumber import long_form, spellings
from gridapp.ledger import PLAIN, REGISTER, Reader, needs
from gridapp.records import Act, House, Person, Record, Room, Tenancy

CHUNK = 500
T = TypeVar("T")
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Held:
    """A record of the register as plain values by field name."""

    id: UUID
    values: dict[str, Any]


@dataclass(frozen=True)
class HeldStay:
    """A tenancy of the register and where it is."""

    id: UUID
    person: UUID
    room: UUID
    house_no: str
    room_no: str
    place: str
    start: date | None
    end: date | None
    values: dict[str, Any]


@dataclass
class OnFile:
    """The register, as far as one workbook is concerned: `people` by `long_form` of their number, `namesakes` of rows without one."""

    houses: dict[str, Held]
    rooms: dict[tuple[str, str], UUID]
    people: dict[str, Held]
    namesakes: dict[str, list[Held]]
    stays: dict[UUID, list[HeldStay]]
    addresses: dict[str, str]

    def person_of(self, row: Values) -> Held | None:
        """Who of the register a row tells of: by the number; without one by the name and the room, birth date or phone."""
        if row.get("id_no"):
            return self.people.get(long_form(row["id_no"]))
        same = [p for p in self.namesakes.get(row.get("name") or "", ()) if _agrees(p, row)]
        home = row.get("house_no"), row.get("room_no")
        there = [p for p in same if any((s.house_no, s.room_no) == home for s in self.stays.get(p.id, ()))]
        alike = [p for p in same if any(row.get(n) and p.values[n] == row[n] for n in ("birth", "phone"))]
        return next(iter(there or alike), None) if len(there or alike) == 1 else None


def _agrees(old: Held, row: Values) -> bool:
    """Nothing the row says speaks against its being this person."""
    return all(not row.get(n) or not old.values[n] or old.values[n] == row[n] for n in ("birth", "sex", "ethnic"))


def _chunks(things: Iterable[T]) -> Iterator[list[T]]:
    told = list(dict.fromkeys(things))
    for start in range(0, len(told), CHUNK):
        yield told[start:start + CHUNK]


def _held(read: Reader, entity: type[Record], where: sa.ColumnElement[bool]) -> Iterator[Held]:
    """Plain rows, oldest first (records would cost three times as much)."""
    names = list(fields_of(entity))
    asked = sa.select(entity.id, *(getattr(entity, n) for n in names)).where(
        where, entity.deleted.is_not(True), entity.unmerged()).order_by(entity.seq)
    for record_id, *values in read.rows(asked):
        yield Held(record_id, dict(zip(names, values, strict=True)))


@needs(REGISTER)
def look_up(read: Reader, people: Sequence[Values]) -> OnFile:
    """What the register knows of these rows of people, and all its houses and rooms."""
    houses = {h.values["house_no"]: h for h in _held(read, House, sa.true())}
    rooms = {(r.house_no, r.room_no): r.id for r in read.rows(
        sa.select(House.house_no, Room.room_no, Room.id).join(House, House.id == Room.house)
        .where(Room.deleted.is_not(True), House.deleted.is_not(True)).order_by(Room.seq))}
    by_number = _by_number(read, people)
    by_name = _by_name(read, people)
    met = [*by_number.values(), *(p for found in by_name.values() for p in found)]
    addresses = {squeezed(h.values["address"]): number for number, h in houses.items()}
    return OnFile(houses, rooms, by_number, by_name, _stays(read, [p.id for p in met]), addresses)


def squeezed(text: str) -> str:
    """An address without its blanks."""
    return "".join(text.split())


def _by_number(read: Reader, people: Sequence[Values]) -> dict[str, Held]:
    found: dict[str, Held] = {}
    for chunk in _chunks(n for row in people if row.get("id_no") for n in spellings(row["id_no"])):
        for person in _held(read, Person, Person.id_no.in_(chunk)):
            found.setdefault(long_form(person.values["id_no"]), person)
    return found


def _by_name(read: Reader, people: Sequence[Values]) -> dict[str, list[Held]]:
    """People with the names of rows that give no number."""
    found: dict[str, list[Held]] = {}
    for chunk in _chunks(row["name"] for row in people if row.get("name") and not row.get("id_no")):
        for person in _held(read, Person, Person.name.in_(chunk)):
            found.setdefault(person.values["name"], []).append(person)
    return found


def _stays(read: Reader, people: Sequence[UUID]) -> dict[UUID, list[HeldStay]]:
    found: dict[UUID, list[HeldStay]] = {}
    names = list(fields_of(Tenancy))
    columns = [getattr(Tenancy, n) for n in names]
    for chunk in _chunks(people):
        asked = (sa.select(Tenancy.id, House.house_no, Room.room_no, House.address, *columns)
                 .join(Room, Room.id == Tenancy.room).join(House, House.id == Room.house)
                 .where(Tenancy.person.in_(chunk), Tenancy.deleted.is_not(True)).order_by(Tenancy.seq))
        for stay_id, house_no, room_no, address, *told in read.rows(asked):
            values = dict(zip(names, told, strict=True))
            found.setdefault(values["person"], []).append(HeldStay(
                stay_id, values["person"], values["room"], house_no, room_no, f"{address} {room_no}", values["start"],
                values["end"], values))
    return found


@needs(PLAIN)
def newest_act(read: Reader) -> UUID | None:
    """What the register's state is told by: everything that changes it is an act."""
    found: UUID | None = read.scalar(sa.select(Act.id).order_by(Act.seq.desc()).limit(1))
    return found
