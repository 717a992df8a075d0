"""Tables of counts the police ask for: people by why they came (F23 暂住事由), houses by village or grid (F23a 出租房屋)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.fields.days import plus_months
from gridapp.ledger import PLAIN, Reader, needs
from gridapp.ledger.writes import scope_names
from gridapp.records import House, Person, Room, Tenancy
from gridapp.work.figures.asking import GRID, SCOPE, grids
from gridapp.work.figures.measures import Asked
from gridapp.work.figures.of_people import HOUSES, PEOPLE, open_houses, residents
from gridapp.work.figures.windows import Window

HALF_YEAR, FIVE_YEARS = 6, 60
#: the table of the police has one row for whoever gave no reason
OTHER = "99"


@dataclass(frozen=True)
class ReasonRow:
    """People living here who came for one reason: all, by sex, by how long they have been here, by where they live."""

    name: str
    total: int
    male: int
    female: int
    short: int
    middle: int
    long: int
    homes: Mapping[str, int] = field(default_factory=dict)


@needs(PLAIN)
def by_reason(read: Reader, window: Window) -> list[ReasonRow]:
    """One row for each reason of the code table, in its order, and their sum; who lives here at the end of the window."""
    asked = Asked(window, read.today)
    since = sa.func.coalesce(Person.arrived_on, Person.registered_on)
    half, five = plus_months(asked.day, -HALF_YEAR), plus_months(asked.day, -FIVE_YEARS)
    homes = [row.code for row in codes.table("living_kind").rows]
    columns: list[Any] = [sa.true(), Person.sex == "1", Person.sex == "2", since > half, sa.and_(since <= half, since > five), since <= five,
                          *(Person.living_kind == code for code in homes)]
    reason = sa.func.coalesce(Person.reason, OTHER)
    counted = {row[0]: row[1:] for row in read.rows(
        sa.select(reason, *(sa.func.sum(sa.case((when, 1), else_=0)) for when in columns)).where(*PEOPLE.where, residents(asked)).group_by(reason))}
    table, nothing = codes.table("reason"), (0,) * len(columns)
    order = [row.code for row in table.rows] + sorted(counted.keys() - {row.code for row in table.rows})
    told = [(table.label(code), counted.get(code, nothing)) for code in order]
    told.append(("合计", tuple(map(sum, zip(*(counts for _name, counts in told), strict=True)))))
    return [_reason(name, counts, homes) for name, counts in told]


def _reason(name: str, counts: Sequence[int], homes: Sequence[str]) -> ReasonRow:
    total, male, female, short, middle, long = counts[:6]
    return ReasonRow(name, total, male, female, short, middle, long, dict(zip(homes, counts[6:], strict=True)))


@dataclass(frozen=True)
class HouseRow:
    """The rental houses of a village or a grid: all, public, private, let to somebody now, with a bond signed, with a filing number."""

    name: str
    total: int
    public: int
    private: int
    let: int
    bonds: int
    filed: int


@needs(PLAIN)
def houses_by_place(read: Reader, day: date, by: str = GRID) -> list[HouseRow]:
    """One row for each grid (or village, `by` "scope") that has houses, and their sum, as it is at the end of `day`."""
    asked = Asked(Window(day, day), read.today)
    nature = codes.table("nature")
    stays = (sa.exists().where(Room.house == House.id, Room.scope == House.scope, Tenancy.room == Room.id, Tenancy.scope == Room.scope,
                               Tenancy.end.is_(None), Tenancy.deleted.is_not(True)).correlate(House))
    columns = [sa.true(), House.nature == nature.find("公房"), House.nature == nature.find("私房"), stays, House.guarantee.is_(True),
               sa.and_(House.filing_no.is_not(None), House.filing_no != "")]
    group = House.scope if by == SCOPE else House.grid
    rows = read.rows(sa.select(group, *(sa.func.sum(sa.case((when, 1), else_=0)) for when in columns))
                     .where(*HOUSES.where, open_houses(asked)).group_by(group))
    names: Mapping[Any, str] = {no: codes.named(name[2:]) for no, name in scope_names(read).items()} if by == SCOPE else grids(read)
    told = sorted(((names.get(key, "没有分网格"), tuple(counts)) for key, *counts in rows), key=lambda one: one[0])
    whole = tuple(map(sum, zip(*(counts for _name, counts in told), strict=True))) if told else (0,) * len(columns)
    return [HouseRow(name, *counts) for name, counts in [*told, ("合计", whole)]]
