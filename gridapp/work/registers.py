"""What the registers of the village list, unmasked, as they go to the files: F02 流动人口登记簿 and F04 承租人员登记簿."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVarTuple
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields.field import fields_of
from gridapp.ledger import PRINT, Reader, needs
from gridapp.records import House, Officer, Person, Room, Tenancy
from gridapp.work.houses import by_number, doors

Ts = TypeVarTuple("Ts")


def home_of(person: Person) -> str:
    """The address of the household register; the county of the number where no address was given."""
    return person.hukou_addr or fields_of(Person)["hukou_code"].kind.show(person.hukou_code)


@dataclass(frozen=True)
class RegisterRow:
    """One line of F02 流动人口登记簿, unmasked: it goes to the files."""

    name: str
    sex: str | None
    ethnic: str | None
    birth: date | None
    id_no: str
    hukou_addr: str
    place: str
    reason: str | None
    workplace: str
    phone: str
    remark: str


@needs(PRINT)
def register_rows(read: Reader, day: date | None = None, only: Sequence[UUID] | None = None) -> list[RegisterRow]:
    """Everybody who lived in the village on `day` (today by default), by house and room; who was closed since was there then.

    `only`: these of them, by `register_keys`.
    """
    asked = _registered(sa.select(Person, House.address, Room.room_no), day or read.today)
    asked = asked if only is None else asked.where(Tenancy.id.in_(only))
    return [RegisterRow(p.name, p.sex, p.ethnic, p.birth, p.id_no or "", home_of(p), f"{a} {r}", p.reason,
                        p.workplace or "", p.phone or "", p.remark or "") for p, a, r in read.rows(asked)]


@needs(PRINT)
def register_keys(read: Reader, day: date | None = None, tenants: Sequence[UUID] | None = None) -> list[UUID]:
    """What the lines of `register_rows` are known by, in the same order: of a whole town they are asked for some at a time; `tenants`: of these people only."""
    asked = _registered(sa.select(Tenancy.id), day or read.today)
    return [key for (key,) in read.rows(asked if tenants is None else asked.where(Person.id.in_(tenants)))]


def _registered(asked: sa.Select[*Ts], day: date) -> sa.Select[*Ts]:
    lives = sa.and_(sa.or_(Tenancy.start.is_(None), Tenancy.start <= day), sa.or_(Tenancy.end.is_(None), Tenancy.end > day))
    return (asked.select_from(Tenancy).join(Person, Person.id == Tenancy.person).join(Room, Room.id == Tenancy.room)
            .join(House, House.id == Room.house)
            .where(lives, Tenancy.deleted.is_not(True), Person.deleted.is_not(True), Person.unmerged(),
                   sa.or_(Person.closed_on.is_(None), Person.closed_on > day))
            .order_by(House.house_no, *doors(), Tenancy.seq))


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


@needs(PRINT)
def let_houses(read: Reader, grid: UUID | None = None) -> list[tuple[UUID, str]]:
    """Every house that is let, by number: its id and its number; of one `grid` if told."""
    asked = sa.select(House.id, House.house_no).where(House.deleted.is_not(True), House.closed_on.is_(None)).order_by(House.house_no)
    return [(key, number) for key, number in read.rows(asked if grid is None else asked.where(House.grid == grid))]


@needs(PRINT)
def numbers_of(read: Reader, only: Sequence[UUID]) -> dict[UUID, str]:
    """The numbers of these houses; one that was taken back has none."""
    return {key: number for key, number in read.rows(sa.select(House.id, House.house_no).where(House.id.in_(only), House.deleted.is_not(True)))}


@needs(PRINT)
def stays_counted(read: Reader, only: Sequence[UUID] | None = None) -> int:
    """How many lines the rosters of all houses have, or of `only` some, about: what progress is counted by."""
    asked = sa.select(sa.func.count()).select_from(Tenancy).where(Tenancy.deleted.is_not(True))
    return int(read.scalar(asked if only is None else asked.join(Room, Room.id == Tenancy.room).where(Room.house.in_(only))) or 0)


@needs(PRINT)
def rosters(read: Reader, house_no: str | None = None, gone_too: bool = False, only: Sequence[UUID] | None = None) -> list[Roster]:
    """The roster of one house, of `only` some by their ids, or of every house that is let, by number. Raises NoSuchHouse."""
    if house_no is not None:
        houses = [by_number(read, house_no)]
    else:
        some = sa.and_(House.deleted.is_not(True), House.closed_on.is_(None)) if only is None else sa.and_(House.id.in_(only), House.deleted.is_not(True))
        houses = read.records(sa.select(House).where(some).order_by(House.house_no))
    asked = (sa.select(Room.house, Room.room_no, Person, Tenancy.start, Tenancy.end, Officer.name)
             .select_from(Tenancy).join(Room, Room.id == Tenancy.room).join(Person, Person.id == Tenancy.person)
             .outerjoin(Officer, Officer.id == Tenancy.registrar)
             .where(Tenancy.deleted.is_not(True), Person.deleted.is_not(True))
             .order_by(*doors(), Tenancy.seq))
    asked = asked if gone_too else asked.where(Tenancy.end.is_(None))
    asked = asked if house_no is None and only is None else asked.where(Room.house.in_([house.id for house in houses]))
    rows: dict[UUID, list[RosterRow]] = {}
    for house, room_no, p, start, end, registrar in read.rows(asked):
        rows.setdefault(house, []).append(RosterRow(
            room_no, p.name, p.sex, p.ethnic, p.id_no or "", home_of(p), p.workplace or "", p.phone or "",
            start, end, registrar or ""))
    return [Roster(h, tuple(rows.get(h.id, ()))) for h in houses]
