"""Grades (颜色等级) of places, computed from their open hazards and never kept; from the grade the next visit, and what was covered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.ledger import LOOK, PLAIN, Reader, needs
from gridapp.records import Grid, Hazard, House, Inspection, Site
from gridapp.texts import N_
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


# ---------------------------------------------------------------- due visits

@dataclass(frozen=True)
class Visit:
    """A place that is to be visited: below nought `left` days it is late."""

    entity: str
    id: UUID
    label: str
    address: str
    kind: str
    grade: str
    last: date | None
    day: date
    left: int


ALL, HOUSES, SITES, FOCUS = "all", "houses", "sites", "focus"
DUE_FILTERS = {ALL: N_("全部"), HOUSES: N_("出租房屋"), SITES: N_("场所"), FOCUS: N_("两房一店")}


def focus_kinds() -> list[str]:
    """The classes of sites that belong to 两房一店 (code table focus_class names them)."""
    table = codes.table("site_class")
    return [code for row in codes.table("focus_class").offered if (code := table.find(row.name)) is not None]


def houses_in_focus() -> bool:
    """Whether rented houses belong to 两房一店."""
    return any(RENTED in (row.name, *row.words) for row in codes.table("focus_class").offered)


def _places(read: Reader, which: str) -> list[sa.Select[*tuple[Any, ...]]]:
    """What is due of each kind, in the same columns."""
    asked = []
    if which in (ALL, HOUSES) or which == FOCUS and houses_in_focus():
        asked.append(sa.select(sa.literal("house").label("entity"), House.id, House.house_no.label("label"), House.address, sa.literal("").label("kind"),
                               rank(House).label("rank"), last_visit(House).label("last")).where(due(House, read.today)))
    if which in (ALL, SITES, FOCUS):
        focus = [Site.kind.in_(focus_kinds())] if which == FOCUS else []
        asked.append(sa.select(sa.literal("site").label("entity"), Site.id, Site.name.label("label"), Site.address, Site.kind,
                               rank(Site).label("rank"), last_visit(Site).label("last")).where(due(Site, read.today), *focus))
    return asked


@needs(LOOK)
def due_visits(read: Reader, which: str = ALL, offset: int = 0, limit: int = 200) -> list[Visit]:
    """A page of what is to be visited: red before yellow before what was never visited, and in each the longest ago first."""
    found = sa.union_all(*_places(read, which)).subquery()
    asked = (sa.select(found).order_by(found.c.rank, found.c.last.is_not(None), found.c.last, found.c.label, found.c.id)
             .offset(offset).limit(limit))
    told = []
    for entity, place, label, address, kind, number, last in read.rows(asked):
        day = next_visit(GRADES[number], last, read.today)
        told.append(Visit(entity, place, label or "", address or "", kind or "", GRADES[number], last, day, (day - read.today).days))
    return told


@needs(PLAIN)
def count_due(read: Reader) -> dict[str, int]:
    """How many places each filter of the due visits shows."""
    def count(place: Place, *where: sa.ColumnElement[bool]) -> int:
        return int(read.scalar(sa.select(sa.func.count()).select_from(place).where(due(place, read.today), *where)))

    houses, sites = count(House), count(Site)
    focus = count(Site, Site.kind.in_(focus_kinds())) + (houses if houses_in_focus() else 0)
    return {ALL: houses + sites, HOUSES: houses, SITES: sites, FOCUS: focus}


# ---------------------------------------------------------------- coverage

@dataclass(frozen=True)
class Coverage:
    """Of one grid (None: places without one): how many open places there are and how many of them were visited in a window."""

    grid: UUID | None
    name: str
    places: int
    visited: int


@needs(PLAIN)
def coverage(read: Reader, since: date, until: date, which: str = ALL) -> list[Coverage]:
    """Coverage per grid (覆盖率): places visited in a window of days, both ends counted, of all that stand open today."""
    window = Inspection.day.between(since, until)
    parts = []
    for place in ([House] if which != SITES and (which != FOCUS or houses_in_focus()) else []) + ([Site] if which != HOUSES else []):
        focus = [Site.kind.in_(focus_kinds())] if which == FOCUS and place is Site else []
        seen = sa.case((visited(place, window), 1), else_=0)
        parts.append(sa.select(place.grid.label("grid"), seen.label("seen")).where(place.closed_on.is_(None), place.deleted.is_not(True), *focus))
    found = sa.union_all(*parts).subquery()
    asked = sa.select(found.c.grid, sa.func.count(), sa.func.sum(found.c.seen)).group_by(found.c.grid)
    counted = {grid: (int(all_), int(seen)) for grid, all_, seen in read.rows(asked)}
    names = {g.id: g.name for g in read.records(sa.select(Grid).where(Grid.deleted.is_not(True)).order_by(Grid.name, Grid.seq))}
    order = [*names, *(grid for grid in counted if grid not in names)]
    return [Coverage(grid, names.get(grid, ""), *counted[grid]) for grid in order if grid in counted]
