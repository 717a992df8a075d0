"""What the papers of one rented house say (F03 登记表, F05 档案封面, F22 责任书): the house in full, how many live there, its hazards, who looks after it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import PRINT, Reader, needs
from gridapp.records import Hazard, House, Officer
from gridapp.work import grades, houses, steps


@dataclass(frozen=True)
class OnPaper:
    """A house in full with what is counted there; `grade` as in grades.GRADES, `hazards` are those that are open, `officers` those of its grid."""

    record: House
    rooms: int
    people: int
    grade: str
    hazards: tuple[str, ...]
    officers: tuple[str, ...]


@needs(PRINT)
def houses_on_paper(read: Reader, house_no: str | None = None) -> list[OnPaper]:
    """One house, or every house that is let, by number. Raises NoSuchHouse."""
    chosen = House.closed_on.is_(None) if house_no is None else House.id == houses.by_number(read, house_no).id
    asked = (sa.select(House, houses.rooms_of().label("rooms"), houses.people_of().label("people"), grades.rank(House).label("rank"))
             .where(chosen, House.deleted.is_not(True)).order_by(House.house_no, House.seq))
    rows = read.rows(asked)
    opened, officers = _hazards(read, [row[0].id for row in rows]), _officers(read)
    return [OnPaper(house, rooms, people, grades.GRADES[rank], tuple(opened.get(house.id, ())), tuple(officers.get(house.grid, ())))
            for house, rooms, people, rank in rows]


def _hazards(read: Reader, ids: list[UUID]) -> dict[UUID, list[str]]:
    """What is open at each house, in words."""
    found: dict[UUID, list[str]] = {}
    narrow = [Hazard.house == ids[0]] if len(ids) == 1 else [Hazard.house.is_not(None)]
    asked = (sa.select(Hazard.house, Hazard.content).where(*narrow, Hazard.deleted.is_not(True), Hazard.state.in_(steps.unended(Hazard)))
             .order_by(Hazard.found_on, Hazard.seq))
    for house, content in read.rows(asked):
        found.setdefault(house, []).append(content)
    return found


def _officers(read: Reader) -> dict[UUID | None, list[str]]:
    """Who works in each grid; nobody in none."""
    found: dict[UUID | None, list[str]] = {}
    asked = (sa.select(Officer.grid, Officer.name).where(Officer.deleted.is_not(True), Officer.left_on.is_(None), Officer.grid.is_not(None))
             .order_by(Officer.number))
    for grid, name in read.rows(asked):
        found.setdefault(grid, []).append(name)
    return found
