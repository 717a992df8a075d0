"""Rental houses (出租房屋) and their rooms: register one with all its floors in one go, change, close; who lives where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import phones
from gridapp.ledger import Acting, Reader, verb
from gridapp.records import House, Officer, Person, Room, Tenancy
from gridapp.texts import N_, _


class HouseNumberTaken(Mistake):
    def __init__(self, number: str, address: str) -> None:
        super().__init__(_("房屋编号 {0} 已用于“{1}”。请换一个编号，或打开已有的房屋。").format(number, address))


class RoomNumberTaken(Mistake):
    def __init__(self, numbers: Iterable[str]) -> None:
        super().__init__(_("这些房号已经有了：{0}。请去掉后再保存。").format("、".join(numbers)))


class NoSuchHouse(Mistake):
    def __init__(self, number: str) -> None:
        super().__init__(_("没有编号为 {0} 的房屋。请检查编号，或先登记房屋。").format(number))


class StillLet(Mistake):
    def __init__(self, people: int) -> None:
        super().__init__(_("这处房屋还登记着 {0} 位在住人员，请先办理退租，再注销。").format(people))


def numbered(floors: int, per_floor: int) -> list[tuple[str, int]]:
    """(room number, floor) as doors are numbered here: 101–108 on the first floor, 201–208 on the second …"""
    return [(f"{floor}{room:02d}", floor) for floor in range(1, floors + 1) for room in range(1, per_floor + 1)]


def by_number(read: Reader, house_no: str) -> House:
    """The house with this number. Raises NoSuchHouse."""
    found = read.one(sa.select(House).where(House.house_no == house_no, House.deleted.is_not(True)))
    if found is None:
        raise NoSuchHouse(house_no)
    return found


def next_number(read: Reader) -> str:
    """The house number after the highest one in use ('QHY0642' → 'QHY0643'); '001' in an empty register."""
    last = read.scalar(sa.select(sa.func.max(House.house_no)).where(House.deleted.is_not(True))) or "000"
    digits = re.search(r"\d+$", last)
    return last[:digits.start()] + str(int(digits[0]) + 1).zfill(len(digits[0])) if digits else last + "1"


@verb(N_("登记房屋"))
def register_house(act: Acting, rooms: Iterable[tuple[str, int | None]] = (), **values: Any) -> UUID:
    """Register a house with its rooms (number, floor). Raises HouseNumberTaken, RoomNumberTaken, Refused."""
    house = House(**{"registered_on": act.today} | values)
    twin = act.one(sa.select(House).where(House.house_no == house.house_no, House.deleted.is_not(True)))
    if twin is not None and house.house_no:
        raise HouseNumberTaken(house.house_no, twin.address)
    act.add(house)
    _add_rooms(act, house.id, list(rooms))
    return house.id


@verb(N_("修改房屋"))
def correct_house(act: Acting, house_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    return act.change(act.get(House, house_id), seen=seen, **values).id


@verb(N_("增加房间"))
def add_rooms(act: Acting, house_id: UUID, rooms: Iterable[tuple[str, int | None]]) -> list[UUID]:
    """Add rooms to a house. Raises Gone, RoomNumberTaken."""
    return _add_rooms(act, act.get(House, house_id).id, list(rooms))


def _add_rooms(act: Acting, house_id: UUID, rooms: list[tuple[str, int | None]]) -> list[UUID]:
    there = {r.room_no for r in act.rows(sa.select(Room.room_no).where(Room.house == house_id, Room.deleted.is_not(True)))}
    numbers = [number for number, _floor in rooms]
    twice = sorted({n for n in numbers if n in there or numbers.count(n) > 1})
    if twice:
        raise RoomNumberTaken(twice)
    return [act.add(Room(house=house_id, room_no=number, floor=floor)).id for number, floor in rooms]


@verb(N_("修改房间"))
def correct_room(act: Acting, room_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    return act.change(act.get(Room, room_id), seen=seen, **values).id


@verb(N_("注销房屋"))
def close_house(act: Acting, house_id: UUID, day: date, why: str, note: str | None = None) -> UUID:
    """Close (注销) a house that is let no more. Raises StillLet."""
    people = act.scalar(sa.select(sa.func.count()).select_from(Tenancy).join(Room, Room.id == Tenancy.room).where(
        Room.house == house_id, Tenancy.end.is_(None), Tenancy.deleted.is_not(True)))
    if people:
        raise StillLet(people)
    return act.change(act.get(House, house_id), closed_on=day, closed_why=why, closed_note=note).id


@verb(N_("取消注销房屋"))
def reopen_house(act: Acting, house_id: UUID) -> UUID:
    return act.change(act.get(House, house_id), closed_on=None, closed_why=None, closed_note=None).id


# ---------------------------------------------------------------- questions

@dataclass(frozen=True)
class HouseRow:
    """One line of the list of houses."""

    id: UUID
    house_no: str
    address: str
    owner: str
    phone: str
    rooms: int
    people: int
    max_people: int | None
    degree: str | None
    closed: bool


OPEN, SEVERE, FULL, CLOSED, ALL = "open", "severe", "full", "closed", "all"
FILTERS = {OPEN: N_("在租"), SEVERE: N_("隐患严重"), FULL: N_("超限住"), CLOSED: N_("已注销"), ALL: N_("全部")}
SEVERE_NAME = "严重"


def _people_of() -> sa.ScalarSelect[int]:
    return (sa.select(sa.func.count()).select_from(Tenancy).join(Room, Room.id == Tenancy.room)
            .where(Room.house == House.id, Tenancy.end.is_(None), Tenancy.deleted.is_not(True)).correlate(House)
            .scalar_subquery())


def _rooms_of() -> sa.ScalarSelect[int]:
    return (sa.select(sa.func.count()).select_from(Room).where(Room.house == House.id, Room.deleted.is_not(True))
            .correlate(House).scalar_subquery())


def _condition(which: str) -> sa.ColumnElement[bool]:
    from gridapp.fields import codes

    severe = codes.table("degree").find(SEVERE_NAME)
    conditions: dict[str, sa.ColumnElement[bool]] = {
        OPEN: House.closed_on.is_(None),
        SEVERE: sa.and_(House.closed_on.is_(None), House.degree == severe),
        FULL: sa.and_(House.closed_on.is_(None), House.max_people.is_not(None), _people_of() > House.max_people),
        CLOSED: House.closed_on.is_not(None),
        ALL: sa.true(),
    }
    return sa.and_(House.deleted.is_not(True), conditions[which])


def count_houses(read: Reader) -> dict[str, int]:
    return {which: read.scalar(sa.select(sa.func.count()).select_from(House).where(_condition(which))) for which in FILTERS}


def list_houses(read: Reader, which: str = OPEN, offset: int = 0, limit: int = 200) -> list[HouseRow]:
    """A page of houses by number."""
    asked = (sa.select(House, _rooms_of().label("rooms"), _people_of().label("people")).where(_condition(which))
             .order_by(House.house_no).offset(offset).limit(limit))
    return [HouseRow(h.id, h.house_no, h.address, h.owner_name or "", phones.mask(h.owner_phone or ""), rooms, people,
                     h.max_people, h.degree, h.closed_on is not None) for h, rooms, people in read.rows(asked)]


@dataclass(frozen=True)
class Lodger:
    """Somebody living in a room."""

    tenancy: UUID
    person: UUID
    name: str
    relation: str | None
    start: date | None


@dataclass(frozen=True)
class RoomCard:
    """A room and who lives in it."""

    id: UUID
    room_no: str
    floor: int | None
    lodgers: tuple[Lodger, ...]


@dataclass(frozen=True)
class HouseCard:
    """A house with its rooms by number and who lives there; `record` is detached."""

    record: House
    rooms: tuple[RoomCard, ...]

    @property
    def people(self) -> int:
        return sum(len(r.lodgers) for r in self.rooms)


def house_card(read: Reader, house_id: UUID) -> HouseCard:
    """Everything about one house. Raises Gone."""
    rooms = read.records(sa.select(Room).where(Room.house == house_id, Room.deleted.is_not(True)).order_by(Room.room_no))
    asked = (sa.select(Tenancy.room, Tenancy.id, Person.id.label("person"), Person.name, Tenancy.relation, Tenancy.start)
             .join(Person, Person.id == Tenancy.person)
             .where(Tenancy.room.in_([r.id for r in rooms]), Tenancy.end.is_(None), Tenancy.deleted.is_not(True))
             .order_by(Tenancy.relation, Tenancy.seq))
    lodgers: dict[UUID, list[Lodger]] = {}
    for row in read.rows(asked):
        lodgers.setdefault(row.room, []).append(Lodger(row.id, row.person, row.name, row.relation, row.start))
    cards = tuple(RoomCard(r.id, r.room_no, r.floor, tuple(lodgers.get(r.id, ()))) for r in rooms)
    return HouseCard(read.get(House, house_id), cards)


def rooms_matching(read: Reader, text: str, limit: int = 30) -> list[tuple[UUID, str]]:
    """(room id, 'QHY0011 … 207') for the room picker: house number, part of the address, room number at the end."""
    words = text.split()
    condition = sa.and_(*[sa.or_(House.house_no.contains(w.upper()), House.address.contains(w), Room.room_no.startswith(w))
                          for w in words])
    asked = (sa.select(Room.id, House.house_no, House.address, Room.room_no).join(House, House.id == Room.house)
             .where(condition, Room.deleted.is_not(True), House.deleted.is_not(True), House.closed_on.is_(None))
             .order_by(House.house_no, Room.room_no).limit(limit))
    return [(r.id, f"{r.house_no} {r.address} {r.room_no}") for r in read.rows(asked)]


def houses_matching(read: Reader, text: str, limit: int = 20) -> list[tuple[UUID, str]]:
    """(house id, 'QHY0011 …') for the house picker: number or part of the address."""
    asked = (sa.select(House.id, House.house_no, House.address)
             .where(sa.or_(House.house_no.contains(text.upper()), House.address.contains(text)), House.deleted.is_not(True))
             .order_by(House.house_no).limit(limit))
    return [(r.id, f"{r.house_no} {r.address}") for r in read.rows(asked)]


def room_label(read: Reader, room_id: UUID) -> tuple[UUID, str]:
    """(house id, 'QHY0011 … 207') of a room. Raises Gone."""
    room = read.get(Room, room_id)
    house = read.get(House, room.house)
    return house.id, f"{house.house_no} {house.address} {room.room_no}"


@dataclass(frozen=True)
class RosterRow:
    """One line of F04 出租房屋承租人员登记簿, unmasked."""

    room_no: str
    name: str
    sex: str | None
    ethnic: str | None
    id_no: str
    hukou_addr: str
    workplace: str
    phone: str
    start: date | None
    end: date | None
    registrar: str


@dataclass(frozen=True)
class Roster:
    """A house with its people, for the landlord to sign."""

    house: House
    rows: tuple[RosterRow, ...]


def rosters(read: Reader, house_no: str | None = None, gone_too: bool = False) -> list[Roster]:
    """The roster of one house, or of every house that is let, by number. Raises NoSuchHouse."""
    houses = [by_number(read, house_no)] if house_no is not None else read.records(
        sa.select(House).where(House.deleted.is_not(True), House.closed_on.is_(None)).order_by(House.house_no))
    ids = None if house_no is None else houses[0].id
    asked = (sa.select(Room.house, Room.room_no, Person, Tenancy.start, Tenancy.end, Officer.name)
             .select_from(Tenancy).join(Room, Room.id == Tenancy.room).join(Person, Person.id == Tenancy.person)
             .outerjoin(Officer, Officer.id == Tenancy.registrar)
             .where(Tenancy.deleted.is_not(True), Person.deleted.is_not(True))
             .order_by(Room.room_no, Tenancy.seq))
    asked = asked if gone_too else asked.where(Tenancy.end.is_(None))
    asked = asked if ids is None else asked.where(Room.house == ids)
    rows: dict[UUID, list[RosterRow]] = {}
    for house, room_no, p, start, end, registrar in read.rows(asked):
        rows.setdefault(house, []).append(RosterRow(
            room_no, p.name, p.sex, p.ethnic, p.id_no or "", p.hukou_addr or "", p.workplace or "", p.phone or "",
            start, end, registrar or ""))
    return [Roster(h, tuple(rows.get(h.id, ()))) for h in houses]
