"""F04 出租房屋承租人员登记簿: who lives and lived in one house, a page or more for each house (租赁房屋治安管理规定 第七至九条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.printing.listed import Group, Register


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
    def people(self) -> int:
        """How many live here now."""
        return sum(row.end is None for row in self.rows)


@dataclass(frozen=True)
class Roster:
    """The houses to print and the village they stand in."""

    village: str = ""
    grid: str = ""
    houses: Sequence[House] = ()


def compose(roster: Roster) -> Register:
    """A register with one group per house."""
    houses = roster.houses or [House()]
    groups = (Group(house, house.rows) for house in houses)
    return Register(roster, groups, sum(len(house.rows) for house in houses), overall=len(houses) > 1)
