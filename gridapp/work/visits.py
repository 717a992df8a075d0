"""Visits (走访) that are due because of a place's grade, and what was covered (覆盖率) in a window of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import LOOK, PLAIN, Reader, needs
from gridapp.ledger.reader import Gone
from gridapp.records import Grid, Hazard, House, Inspection, Site
from gridapp.texts import N_
from gridapp.work import inspected, sites
from gridapp.work.grades import GRADES, Place, Standing, focus_kinds, graded, houses_in_focus, next_visit, standing, visited
from gridapp.work.inspected import InspectionRow
from gridapp.work.masking import masked
from gridapp.work.sites import OpenHazard


# ---------------------------------------------------------------- what is due

@dataclass(frozen=True)
class PlaceRow:
    """A house or a site with how it stands, as a line of a list tells it."""

    entity: str
    id: UUID
    label: str
    address: str
    kind: str
    grade: str
    last: date | None


@dataclass(frozen=True)
class Visit(PlaceRow):
    """A place that is to be visited: below nought `left` days it is late."""

    day: date
    left: int


ALL, HOUSES, SITES, FOCUS = "all", "houses", "sites", "focus"
FILTERS = {ALL: N_("全部"), HOUSES: N_("出租房屋"), SITES: N_("场所"), FOCUS: N_("两房一店")}


def kinds(which: str) -> list[tuple[Place, list[sa.ColumnElement[bool]]]]:
    """The kinds of places a filter shows, each with what must hold."""
    houses = which in (ALL, HOUSES) or which == FOCUS and houses_in_focus()
    found: list[tuple[Place, list[sa.ColumnElement[bool]]]] = [(House, [])] if houses else []
    return [*found, (Site, [Site.kind.in_(focus_kinds())] if which == FOCUS else [])] if which != HOUSES else found


def _due(read: Reader, place: Place, where: list[sa.ColumnElement[bool]]) -> sa.Select[*tuple[Any, ...]]:
    """What is due of one kind, in the same columns."""
    told = graded(place, *where)
    return sa.select(sa.literal(place.__tablename__).label("entity"), told.rows.c.id, told.rank.label("rank"), told.rows.c.last).where(told.due(read.today))


@needs(LOOK)
def due_visits(read: Reader, which: str = ALL, offset: int = 0, limit: int = 200) -> list[Visit]:
    """A page of what is to be visited: red before yellow before what was never visited, and in each the longest ago first."""
    found = sa.union_all(*[_due(read, place, where) for place, where in kinds(which)]).subquery()
    asked = sa.select(found).order_by(found.c.rank, found.c.last.nulls_first(), found.c.entity, found.c.id).offset(offset).limit(limit)
    page = read.rows(asked)
    called = names(read, [row.id for row in page])
    told = []
    for entity, place, number, last in page:
        day = next_visit(GRADES[number], last, read.today)
        told.append(Visit(entity, place, *called.get(place, ("", "", "")), GRADES[number], last, day, (day - read.today).days))
    return told


@needs(LOOK)
def names(read: Reader, ids: list[UUID]) -> dict[UUID, tuple[str, str, str]]:
    """Number or name, address and class of the places of a page."""
    houses = read.rows(sa.select(House.id, House.house_no, House.address).where(House.id.in_(ids)))
    sites_ = read.rows(sa.select(Site.id, Site.name, Site.address, Site.kind).where(Site.id.in_(ids)))
    return {i: (number or "", address or "", "") for i, number, address in houses} | {i: (name or "", address or "", kind or "") for i, name, address, kind in sites_}


@needs(PLAIN)
def count_due(read: Reader) -> dict[str, int]:
    """How many places each filter of the due visits shows."""
    def count(place: Place, inside: sa.ColumnElement[bool]) -> tuple[int, int]:
        told = graded(place, further={"inside": sa.case((inside, 1), else_=0)})
        asked = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(told.rows.c.inside), 0)).select_from(told.rows).where(told.due(read.today))
        [(all_, some)] = read.rows(asked)
        return int(all_), int(some)

    houses, _all = count(House, sa.true())
    all_sites, focus = count(Site, Site.kind.in_(focus_kinds()))
    return {ALL: houses + all_sites, HOUSES: houses, SITES: all_sites, FOCUS: focus + (houses if houses_in_focus() else 0)}


@dataclass(frozen=True)
class VisitCard:
    """A place that is to be visited, how it stands, what is open there and who was there; `record` is a copy with numbers masked."""

    record: House | Site
    standing: Standing
    hazards: tuple[OpenHazard, ...]
    inspections: tuple[InspectionRow, ...]


@needs(LOOK)
def visit_card(read: Reader, place_id: UUID) -> VisitCard:
    """One house or site. Raises Gone."""
    record: House | Site | None = read.find(House, place_id) or read.find(Site, place_id)
    if record is None:
        raise Gone
    is_house = isinstance(record, House)
    told = {"house": place_id} if is_house else {"site": place_id}
    read.opened(record)
    return VisitCard(masked(record), standing(read, type(record), place_id),
                     tuple(sites.open_hazards(read, (Hazard.house if is_house else Hazard.site) == place_id)),
                     tuple(inspected.inspections_at(read, **told, limit=3)))


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
    for place, where in kinds(which):
        seen = sa.case((visited(place, window), 1), else_=0)
        parts.append(sa.select(place.grid.label("grid"), seen.label("seen")).where(place.closed_on.is_(None), place.deleted.is_not(True), *where))
    found = sa.union_all(*parts).subquery()
    asked = sa.select(found.c.grid, sa.func.count(), sa.func.sum(found.c.seen)).group_by(found.c.grid)
    counted = {grid: (int(all_), int(seen)) for grid, all_, seen in read.rows(asked)}
    names = {g.id: g.name for g in read.records(sa.select(Grid).where(Grid.deleted.is_not(True)).order_by(Grid.name, Grid.seq))}
    order = [*names, *(grid for grid in counted if grid not in names)]
    return [Coverage(grid, names.get(grid, ""), *counted[grid]) for grid in order if grid in counted]
