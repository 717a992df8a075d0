"""Grades (颜色等级) of places, computed from their open hazards and never kept; from the grade the day of the next visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.ledger import LOOK, Reader, needs
from gridapp.records import Hazard, House, Inspection, Site
from gridapp.work import steps

RED, YELLOW, GREY, GREEN = "red", "yellow", "grey", "green"
#: in the order somebody goes there; the place is what the question to the ledger answers
GRADES = (RED, YELLOW, GREY, GREEN)
#: with no table at all: days between two visits (domain.md 4.3)
DAYS = {RED: 7, YELLOW: 30, GREY: 0, GREEN: 90}
Place = type[House] | type[Site]
#: class of the code table focus_class that means rented houses and no class of sites
RENTED = "出租房"


def days_between(grade: str) -> int:
    """How many days may pass between two visits of a place of this grade (code table place_grade, column days)."""
    told = next((row.told("days") for row in codes.table("place_grade").rows if row.code == grade), "")
    return int(told) if told.isdecimal() else DAYS[grade]


def next_visit(grade: str, last: date | None, today: date) -> date:
    """The day by which it is to be visited; what was never visited: today."""
    return last + timedelta(days_between(grade)) if last is not None else today


# ---------------------------------------------------------------- in SQL

def _at(place: Place, entity: type[Hazard] | type[Inspection]) -> sa.ColumnElement[bool]:
    link = entity.house if place is House else entity.site
    return sa.and_(link == place.id, entity.deleted.is_not(True))


def _has_open(place: Place, degree: str) -> sa.ColumnElement[bool]:
    where = (_at(place, Hazard), Hazard.degree == codes.table("hazard_degree").find(degree), Hazard.state.not_in(steps.ended(Hazard)))
    return sa.exists(sa.select(Hazard.seq).where(*where).correlate(place))


def visited(place: Place, *where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether somebody was there and let in, for a question that selects `place`; nobody home is no visit."""
    return sa.exists(sa.select(Inspection.seq).where(_at(place, Inspection), Inspection.nobody_home.is_not(True), *where).correlate(place))


def last_visit(place: Place) -> sa.ScalarSelect[Any]:
    """The day of the last visit, for a question that selects `place`."""
    return (sa.select(sa.func.max(Inspection.day)).where(_at(place, Inspection), Inspection.nobody_home.is_not(True))
            .correlate(place).scalar_subquery())


def rank(place: Place) -> sa.ColumnElement[int]:
    """The place of its grade in GRADES: any open 严重 red, any open 一般 yellow, never visited grey, else green (domain.md 4.4)."""
    return sa.case((_has_open(place, "严重"), 0), (_has_open(place, "一般"), 1), (~visited(place), 2), else_=3)


def due(place: Place, today: date) -> sa.ColumnElement[bool]:
    """Whether its next visit is due."""
    latest = last_visit(place)
    late = [sa.and_(rank(place) == number, sa.or_(latest.is_(None), latest <= today - timedelta(days_between(grade))))
            for number, grade in enumerate(GRADES)]
    return sa.and_(place.closed_on.is_(None), place.deleted.is_not(True), sa.or_(*late))


# ---------------------------------------------------------------- one place

@dataclass(frozen=True)
class Standing:
    """How a place stands: its grade, when somebody was there last, and until when somebody goes again."""

    grade: str
    last: date | None
    next: date
    open: int


@needs(LOOK)
def standing(read: Reader, place: Place, place_id: UUID) -> Standing:
    """How one place stands today."""
    opened = (sa.select(sa.func.count()).select_from(Hazard).where(_at(place, Hazard), Hazard.state.not_in(steps.ended(Hazard)))
              .correlate(place).scalar_subquery())
    found = read.rows(sa.select(rank(place), last_visit(place), opened).select_from(place).where(place.id == place_id).limit(1))
    number, last, count = found[0] if found else (2, None, 0)
    return Standing(GRADES[number], last, next_visit(GRADES[number], last, read.today), count)


# ---------------------------------------------------------------- 两房一店

def focus_kinds() -> list[str]:
    """The classes of sites that belong to 两房一店 (code table focus_class names them)."""
    table = codes.table("site_class")
    return [code for row in codes.table("focus_class").offered if (code := table.find(row.name)) is not None]


def houses_in_focus() -> bool:
    """Whether rented houses belong to 两房一店."""
    return any(RENTED in (row.name, *row.words) for row in codes.table("focus_class").offered)
