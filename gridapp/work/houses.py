"""Rental houses (出租房屋) and their rooms: register one with all its floors in one go, change, close; who lives where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes, idnumber, phones
from gridapp.ledger import LOOK, PLAIN, REGISTER, REVEAL, REVIEW, Acting, Reader, needs, verb
from gridapp.records import House, Person, Room, Tenancy
from gridapp.texts import N_, _
from gridapp.work import grades, ordering, village
from gridapp.work.masking import masked


class HouseNumberTaken(Mistake):
    """Another house, perhaps a closed one, has this number."""

    def __init__(self, number: str, address: str) -> None:
        super().__init__(_("房屋编号 {0} 已用于“{1}”。请换一个编号，或打开已有的房屋。").format(number, address))


class RoomNumberTaken(Mistake):
    """The house has doors with these numbers, or one number was given twice."""

    def __init__(self, numbers: Iterable[str]) -> None:
        super().__init__(_("这些房号已经有了：{0}。请去掉后再保存。").format("、".join(numbers)))


class NoSuchHouse(Mistake):
    """No house has this number."""

    def __init__(self, number: str) -> None:
        super().__init__(_("没有编号为 {0} 的房屋。请检查编号，或先登记房屋。").format(number))


class StillLet(Mistake):
    """Closing a house in which somebody lives."""

    def __init__(self, people: int) -> None:
        super().__init__(_("这处房屋还登记着 {0} 位在住人员，请先办理退租，再注销。").format(people))


def numbered(floors: int, per_floor: int) -> list[tuple[str, int]]:
    """(room number, floor) as doors are numbered here: 101–108 on the first floor, 201–208 on the second …"""
    return [(f"{floor}{room:02d}", floor) for floor in range(1, floors + 1) for room in range(1, per_floor + 1)]


@needs(REVEAL)
def by_number(read: Reader, house_no: str) -> House:
    """The house with this number. Raises NoSuchHouse."""
    found = read.one(sa.select(House).where(House.house_no == house_no, House.deleted.is_not(True)))
    if found is None:
        raise NoSuchHouse(house_no)
    return found


@needs(PLAIN)
def next_number(read: Reader) -> str:
    """The house number after the highest one in use ('QHY0642' → 'QHY0643'); '001' in an empty register.

    A longer number is higher, so that QHY10000 comes after QHY9999; what is returned is therefore never in use.
    """
    with read.every_grid():
        return after(read.scalar(sa.select(House.house_no).where(House.deleted.is_not(True), House.house_no.is_not(None))
                           .order_by(sa.func.length(House.house_no).desc(), House.house_no.desc()).limit(1)) or "000")


def after(last: str) -> str:
    """The number that follows: 'QHY0642' → 'QHY0643', '009' → '010', a number without digits gets a 1."""
    digits = re.search(r"\d+$", last)
    return last[:digits.start()] + str(int(digits[0]) + 1).zfill(len(digits[0])) if digits else last + "1"


@verb(N_("登记房屋"), REGISTER)
def register_house(act: Acting, rooms: Iterable[tuple[str, int | None]] = (), **values: Any) -> UUID:
    """Register a house with its rooms (number, floor). Raises HouseNumberTaken, RoomNumberTaken, Refused."""
    house = House(**{"registered_on": act.today, "grid": village.own_grid(act)} | values)
    _refuse_if_taken(act, house.house_no)
    act.add(house)
    _add_rooms(act, house.id, list(rooms))
    return house.id


def _refuse_if_taken(act: Acting, house_no: str | None, but: UUID | None = None) -> None:
    with act.every_grid():
        twins = act.records(sa.select(House).where(House.house_no == house_no, House.deleted.is_not(True))) if house_no else []
    for twin in twins:
        if twin.id != but:
            raise HouseNumberTaken(twin.house_no, twin.address)


@verb(N_("修改房屋"), REGISTER)
def correct_house(act: Acting, house_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change fields of a house. Raises Gone, HouseNumberTaken, Refused, ChangedMeanwhile."""
    _refuse_if_taken(act, values.get("house_no"), but=house_id)
    return act.change(act.get(House, house_id), seen=seen, **values).id


@verb(N_("增加房间"), REGISTER)
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


@verb(N_("修改房间"), REGISTER)
def correct_room(act: Acting, room_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change fields of a room. Raises Gone, RoomNumberTaken, Refused, ChangedMeanwhile."""
    room, number = act.get(Room, room_id), values.get("room_no")
    if number is not None and act.one(sa.select(Room).where(
            Room.house == room.house, Room.room_no == number, Room.id != room_id, Room.deleted.is_not(True))):
        raise RoomNumberTaken([number])
    return act.change(room, seen=seen, **values).id


@verb(N_("注销房屋"), REVIEW)
def close_house(act: Acting, house_id: UUID, day: date, why: str, note: str | None = None) -> UUID:
    """Close (注销) a house that is let no more. Raises StillLet."""
    people = act.scalar(sa.select(sa.func.count()).select_from(Tenancy).join(Room, Room.id == Tenancy.room).where(
        Room.house == house_id, Tenancy.end.is_(None), Tenancy.deleted.is_not(True)))
    if people:
        raise StillLet(people)
    return act.change(act.get(House, house_id), closed_on=day, closed_why=why, closed_note=note).id


@verb(N_("标记房屋已报送公安"), REGISTER)
def mark_house_reported(act: Acting, house_id: UUID, day: date, batch: str) -> UUID:
    """A rental house the village learnt of was reported to the police (条例 Art. 9). Raises Gone."""
    return act.change(act.get(House, house_id), reported_on=day, reported_batch=batch).id


@verb(N_("取消注销房屋"), REVIEW)
def reopen_house(act: Acting, house_id: UUID) -> UUID:
    """Take a closing back (取消注销). Raises Gone."""
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
    #: colour grade and last visit (gridapp.work.grades)
    grade: str = ""
    last: date | None = None


#: filter of the list → title
OPEN, SEVERE, FULL, CLOSED, ALL = "open", "severe", "full", "closed", "all"
FILTERS = {OPEN: N_("在租"), SEVERE: N_("隐患严重"), FULL: N_("超限住"), CLOSED: N_("已注销"), ALL: N_("全部")}
SEVERE_NAME = "严重"


def people_of() -> sa.ScalarSelect[int]:
    """How many live in a house, for a question that selects it."""
    return (sa.select(sa.func.count()).select_from(Tenancy).join(Room, Room.id == Tenancy.room)
            .where(Room.house == House.id, Tenancy.end.is_(None), Tenancy.deleted.is_not(True)).correlate(House)
            .scalar_subquery())


def rooms_of() -> sa.ScalarSelect[int]:
    """How many rooms a house has, for a question that selects it."""
    return (sa.select(sa.func.count()).select_from(Room).where(Room.house == House.id, Room.deleted.is_not(True))
            .correlate(House).scalar_subquery())


def _condition(which: str) -> sa.ColumnElement[bool]:
    severe = codes.table("degree").find(SEVERE_NAME)
    conditions: dict[str, sa.ColumnElement[bool]] = {
        OPEN: House.closed_on.is_(None),
        SEVERE: sa.and_(House.closed_on.is_(None), House.degree == severe),
        FULL: sa.and_(House.closed_on.is_(None), House.max_people.is_not(None), people_of() > House.max_people),
        CLOSED: House.closed_on.is_not(None),
        ALL: sa.true(),
    }
    return sa.and_(House.deleted.is_not(True), conditions[which])


#: whose houses: of whoever lets this one, of whoever manages it (二房东)
OWNER, MANAGER = "owner", "manager"
WHOSE = {OWNER: N_("房主"), MANAGER: N_("二房东")}


def _of_one(read: Reader, same_as: UUID | None, whose: str) -> sa.ColumnElement[bool]:
    """Houses that are let or managed by whoever lets (manages) this one, known by paper number or phone; without either only this one. Raises Gone."""
    if same_as is None:
        return sa.true()
    house = read.get(House, same_as)
    phone = house.owner_phone if whose == OWNER else house.manager_phone
    same = [House.id == same_as]
    if phone:
        same += [House.owner_phone == phone, House.manager_phone == phone]
    if whose == OWNER and house.owner_id_no:
        same.append(House.owner_id_no.in_(list(idnumber.spellings(house.owner_id_no))))
    return sa.or_(*same)


@needs(PLAIN)
def count_houses(read: Reader, *, same_as: UUID | None = None, whose: str = OWNER) -> dict[str, int]:
    """How many houses each filter shows; of one landlord only, where a house is told. Raises Gone."""
    his = _of_one(read, same_as, whose)
    return {which: read.scalar(sa.select(sa.func.count()).select_from(House).where(_condition(which), his)) for which in FILTERS}


#: what the list is sorted by; the owner's phone is masked and no order
KEYS: ordering.Keys = {"number": (House.house_no,), "address": (House.address,), "owner": (House.owner_name,),
                       "rooms": (rooms_of(), people_of()), "last": (grades.last_visit(House),), "grade": (House.closed_on.is_not(None), partial(grades.rank, House)),
                       "degree": (House.closed_on.is_not(None), ordering.by_code("degree", House.degree))}


def _order(sort: str) -> list[Any]:
    return ordering.order(sort, KEYS, (House.house_no, House.seq), House.seq)


@needs(LOOK)
def list_houses(read: Reader, which: str = OPEN, offset: int = 0, limit: int = 200, sort: str = "", seqs: Sequence[int] | None = None, *,
                same_as: UUID | None = None, whose: str = OWNER) -> list[HouseRow]:
    """A page of houses by number, or sorted; `seqs` are the row numbers of a page far down; of the landlord or the manager of the house `same_as` only, where it is told.

    Raises Gone.
    """
    asked = (sa.select(House.seq, House.id, House.house_no, House.address, House.owner_name, House.owner_phone, House.max_people, House.degree, House.closed_on,
                       rooms_of().label("rooms"), people_of().label("people"), grades.rank(House).label("rank"), grades.last_visit(House).label("last"))
             .where(_condition(which), _of_one(read, same_as, whose)))
    return [HouseRow(h.id, h.house_no, h.address, h.owner_name or "", phones.mask(h.owner_phone or ""), h.rooms, h.people, h.max_people, h.degree,
                     h.closed_on is not None, grades.GRADES[h.rank], h.last)
            for h in ordering.page(asked, read, House.seq, _order(sort), offset, limit, seqs, apart=True)]


@needs(LOOK)
def arrange_houses(read: Reader, which: str = OPEN, sort: str = "", *, same_as: UUID | None = None, whose: str = OWNER) -> str:
    """How the whole list stands (see ordering.arranged). Raises Gone."""
    return ordering.arranged(sa.select(House).where(_condition(which), _of_one(read, same_as, whose)), read, House.seq, _order(sort))


def doors() -> tuple[sa.SQLColumnExpression[Any], ...]:
    """The order of rooms on the stairs: 901 before 1001."""
    return sa.func.length(Room.room_no), Room.room_no, Room.seq


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
    #: for how many it is (床位)
    max_people: int | None = None


@dataclass(frozen=True)
class HouseCard:
    """A house with its rooms by number and who lives there; `record` is a copy with numbers masked."""

    record: House
    rooms: tuple[RoomCard, ...]
    standing: grades.Standing

    @property
    def people(self) -> int:
        return sum(len(r.lodgers) for r in self.rooms)

    @property
    def beds(self) -> int:
        """For how many people its rooms are, of those that say so."""
        return sum(r.max_people or 0 for r in self.rooms)


@needs(LOOK)
def house_card(read: Reader, house_id: UUID) -> HouseCard:
    """Everything about one house. Raises Gone."""
    rooms = read.records(sa.select(Room).where(Room.house == house_id, Room.deleted.is_not(True)).order_by(*doors()))
    asked = (sa.select(Tenancy.room, Tenancy.id, Person.id.label("person"), Person.name, Tenancy.relation, Tenancy.start)
             .join(Person, Person.id == Tenancy.person)
             .where(Tenancy.room.in_([r.id for r in rooms]), Tenancy.end.is_(None), Tenancy.deleted.is_not(True))
             .order_by(Tenancy.relation.nulls_first(), Tenancy.seq))
    lodgers: dict[UUID, list[Lodger]] = {}
    for row in read.rows(asked):
        lodgers.setdefault(row.room, []).append(Lodger(row.id, row.person, row.name, row.relation, row.start))
    cards = tuple(RoomCard(r.id, r.room_no, r.floor, tuple(lodgers.get(r.id, ())), r.max_people) for r in rooms)
    record = read.get(House, house_id)
    read.opened(record)
    return HouseCard(masked(record), cards, grades.standing(read, House, house_id))


@needs(LOOK)
def rooms_matching(read: Reader, text: str, limit: int = 30) -> list[tuple[UUID, str]]:
    """(room id, 'QHY0011 … 207') for the room picker: house number, part of the address, room number at the end."""
    condition = sa.and_(sa.true(), *[sa.or_(
        House.house_no.icontains(w, autoescape=True), House.address.icontains(w, autoescape=True),
        Room.room_no.istartswith(w, autoescape=True)) for w in text.split()])
    asked = (sa.select(Room.id, House.house_no, House.address, Room.room_no).join(House, House.id == Room.house)
             .where(condition, Room.deleted.is_not(True), House.deleted.is_not(True), House.closed_on.is_(None))
             .order_by(House.house_no, *doors()).limit(limit))
    return [(r.id, f"{r.house_no} {r.address} {r.room_no}") for r in read.rows(asked)]


@needs(LOOK)
def houses_matching(read: Reader, text: str, limit: int = 20) -> list[tuple[UUID, str]]:
    """(house id, 'QHY0011 …') for the house picker: number or part of the address."""
    asked = (sa.select(House.id, House.house_no, House.address)
             .where(sa.or_(House.house_no.icontains(text, autoescape=True), House.address.icontains(text, autoescape=True)),
                    House.deleted.is_not(True))
             .order_by(House.house_no, House.seq).limit(limit))
    return [(r.id, f"{r.house_no} {r.address}") for r in read.rows(asked)]


@needs(LOOK)
def room_record(read: Reader, room_id: UUID) -> Room:
    """A room to be corrected, detached. Raises Gone."""
    return read.get(Room, room_id)


@needs(LOOK)
def room_label(read: Reader, room_id: UUID) -> tuple[UUID, str]:
    """(house id, 'QHY0011 … 207') of a room. Raises Gone."""
    room = read.get(Room, room_id)
    house = read.get(House, room.house)
    return house.id, f"{house.house_no} {house.address} {room.room_no}"
