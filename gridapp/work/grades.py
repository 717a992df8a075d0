"""Grades (颜色等级) of places, computed from their open hazards and never kept; from the grade the day of the next visit."""

from __future__ import annotations

from collections.abc import Mapping
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

def _open(*where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """A hazard that is not closed. States are named, not excluded: so the index of states can be used."""
    return sa.and_(Hazard.deleted.is_not(True), Hazard.state.in_(steps.unended(Hazard)), *where)


def _link(place: Place, entity: type[Hazard] | type[Inspection]) -> Any:
    return entity.house if place is House else entity.site


def _weight() -> sa.ColumnElement[int]:
    """0 for a hazard of degree 严重, 1 for 一般, NULL for all that does not count (提示)."""
    degree = codes.table("hazard_degree").find
    return sa.case((Hazard.degree == degree("严重"), 0), (Hazard.degree == degree("一般"), 1))


def _visits(place: Place, *where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.and_(_link(place, Inspection) == place.id, Inspection.deleted.is_not(True), Inspection.nobody_home.is_not(True), *where)


def visited(place: Place, *where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether somebody was there and let in, for a question that selects `place`; nobody home is no visit."""
    return sa.exists(sa.select(Inspection.seq).where(_visits(place, *where)).correlate(place))


def last_visit(place: Place) -> sa.ScalarSelect[Any]:
    """The day of the last visit, for a question that selects `place`."""
    return sa.select(Inspection.day).where(_visits(place)).order_by(Inspection.day.desc()).limit(1).correlate(place).scalar_subquery()


def _rank(worst: sa.ColumnElement[int], last: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """The place in GRADES: any open 严重 red, any open 一般 yellow, never visited grey, else green (domain.md 4.4)."""
    return sa.case((worst == 0, 0), (worst == 1, 1), (last.is_(None), 2), else_=3)


def rank(place: Place) -> sa.ColumnElement[int]:
    """The place of its grade in GRADES, for a page of `place`."""
    worst = sa.select(sa.func.min(_weight())).where(_open(_link(place, Hazard) == place.id)).correlate(place).scalar_subquery()
    return _rank(worst, last_visit(place))


@dataclass(frozen=True)
class Graded:
    """All places of one kind with grade and last visit, each computed once: for lists that choose by them."""

    rows: sa.CTE

    @property
    def rank(self) -> sa.ColumnElement[int]:
        return _rank(self.rows.c.worst, self.rows.c.last)

    def due(self, today: date) -> sa.ColumnElement[bool]:
        """Whether the next visit is due."""
        last = self.rows.c.last
        late = [sa.and_(self.rank == number, sa.or_(last.is_(None), last <= today - timedelta(days_between(grade)))) for number, grade in enumerate(GRADES)]
        return sa.or_(*late)


def graded(place: Place, *where: sa.ColumnElement[bool], further: Mapping[str, sa.ColumnElement[Any]] | None = None, **counted: sa.ColumnElement[int]) -> Graded:
    """Places that stand open, as rows of id, worst, last, what is `counted` of their open hazards, and `further` columns of the place, by their names.

    Measured on 25,000 houses: evaluated per condition it took three times as long.
    """
    link = _link(place, Hazard)
    told = [counting.label(name) for name, counting in counted.items()]
    worst = sa.select(link.label("place"), sa.func.min(_weight()).label("worst"), *told).where(_open(link.is_not(None))).group_by(link).subquery()
    more = [*(sa.func.coalesce(worst.c[name], 0).label(name) for name in counted), *(column.label(name) for name, column in (further or {}).items())]
    asked = (sa.select(place.id.label("id"), worst.c.worst.label("worst"), last_visit(place).label("last"), *more)
             .outerjoin(worst, worst.c.place == place.id).where(place.closed_on.is_(None), place.deleted.is_not(True), *where))
    return Graded(asked.cte(f"graded_{place.__tablename__}").prefix_with("MATERIALIZED"))


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
    opened = sa.select(sa.func.count()).select_from(Hazard).where(_open(_link(place, Hazard) == place.id)).correlate(place).scalar_subquery()
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
