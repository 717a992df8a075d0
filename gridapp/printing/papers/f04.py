"""F04 出租房屋承租人员登记簿: who lives and lived in one house, a page or more for each house (租赁房屋治安管理规定 第七至九条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from gridapp.ledger import Reader
from gridapp.printing.chunks import AT_ONCE, Chunked
from gridapp.printing.listed import Group, Register
from gridapp.printing.papers.office import Wish, committee, words
from gridapp.work import registers, village


@dataclass(frozen=True)
class Row:
    """One tenancy (租住) in the house; codes already as words."""

    room: str = ""
    name: str = ""
    sex: str = ""
    ethnic: str = ""
    id_no: str = ""
    hukou: str = ""
    workplace: str = ""
    phone: str = ""
    start: date | None = None
    end: date | None = None
    registrar: str = ""

    @property
    def label(self) -> str:
        return f"{self.room}室 {self.name}"


@dataclass(frozen=True)
class House:
    """One rented house (出租房屋) and its rows; `rooms_let` is the number of rooms let."""

    house_no: str = ""
    address: str = ""
    owner: str = ""
    phone: str = ""
    rooms_let: int | None = None
    rows: Sequence[Row] = ()

    @property
    def label(self) -> str:
        return self.house_no

    @property
    def people(self) -> int | None:
        """How many live here now; nothing on a form to fill in by hand."""
        return sum(row.end is None for row in self.rows) if self.rows or self.house_no else None


@dataclass(frozen=True)
class Roster:
    """The houses to print and the village they stand in."""

    village: str = ""
    grid: str = ""
    houses: Sequence[House] = ()
    #: how many rows in all, where the houses are asked for while they are printed
    lines: int | None = None


def compose(roster: Roster) -> Register:
    """A register with one group per house."""
    houses = roster.houses or [House()]
    groups = (Group(house, house.rows) for house in houses)
    return Register(roster, groups, sum(len(house.rows) for house in houses) if roster.lines is None else roster.lines, overall=len(houses) > 1)


def gather(read: Reader, wish: Wish) -> Roster:
    """One house, some, or all that are let, with everybody who lives or lived there; many are asked for as they are printed. Raises NoSuchHouse."""
    place = committee(read), village.desk(read).grid
    if wish.house is not None:
        return Roster(*place, [_house(roster) for roster in registers.rosters(read, wish.house, gone_too=True)])
    numbers = dict(registers.let_houses(read)) if wish.records is None else registers.numbers_of(read, wish.records)
    keys = sorted(numbers, key=lambda key: numbers[key])
    if len(keys) > AT_ONCE:
        return Roster(*place, Chunked(keys, partial(_some, read)), registers.stays_counted(read, None if wish.records is None else keys))
    return Roster(*place, _some(read, keys))


def each(read: Reader, keys: Sequence[UUID]) -> dict[UUID, Roster]:
    """The same of some houses, a paper of its own for each; a house that is no more has none."""
    place = committee(read), village.desk(read).grid
    return {roster.house.id: Roster(*place, [_house(roster)]) for roster in registers.rosters(read, gone_too=True, only=keys)}


def _some(read: Reader, keys: Sequence[UUID]) -> list[House]:
    return [_house(roster) for roster in registers.rosters(read, gone_too=True, only=keys)]


def _house(roster: registers.Roster) -> House:
    house = roster.house
    rows = [
        Row(
            room=row.room_no,
            name=row.name,
            sex=words("sex", row.sex),
            ethnic=words("ethnic", row.ethnic),
            id_no=row.id_no,
            hukou=row.hukou_addr,
            workplace=row.workplace,
            phone=row.phone,
            start=row.start,
            end=row.end,
            registrar=row.registrar,
        )
        for row in roster.rows
    ]
    return House(house.house_no, house.address, house.owner_name or "", house.owner_phone or "", house.rooms_let, rows)
