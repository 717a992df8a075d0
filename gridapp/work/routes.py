"""Routes of the patrols (巡查路线): their points, shifts and members, when each was last walked and when it is due again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import LOOK, PLAIN, REGISTER, REVIEW, Acting, Reader, needs, verb
from gridapp.records import Patrol, Route
from gridapp.texts import N_


@verb(N_("登记巡查路线"), REGISTER)
def lay_route(act: Acting, **values: Any) -> UUID:
    """A new route. Raises Refused."""
    return act.add(Route(**values)).id


@verb(N_("修改巡查路线"), REGISTER)
def correct_route(act: Acting, route: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change a route. Raises Gone, Refused, ChangedMeanwhile."""
    return act.change(act.get(Route, route), seen=seen, **values).id


@verb(N_("停用巡查路线"), REVIEW)
def close_route(act: Acting, route: UUID) -> UUID:
    """A route nobody walks any more; its patrols stay. Raises Gone."""
    return act.change(act.get(Route, route), closed_on=act.today).id


# ---------------------------------------------------------------- questions

USED, DUE, SHUT = "used", "due", "shut"
FILTERS = {USED: N_("在用"), DUE: N_("该走了"), SHUT: N_("已停用")}


@dataclass(frozen=True)
class RouteRow:
    """One line of the list: when it was last walked, and when it is due (None: no interval was set)."""

    id: UUID
    name: str
    shift: str | None
    team: str
    points: int
    last: date | None
    due_on: date | None


def _walked() -> sa.ScalarSelect[Any]:
    return sa.select(sa.func.max(Patrol.day)).where(Patrol.route_walked == Route.id, Patrol.deleted.is_not(True)).correlate(Route).scalar_subquery()


def _due_on(route: Route, last: date | None, today: date) -> date | None:
    """The day it is due again; one never walked is due at once."""
    if route.every_days is None or route.closed_on is not None:
        return None
    return last + timedelta(route.every_days) if last else today


def points_of(route: Route) -> list[str]:
    """Its points in order."""
    return [line.strip() for line in route.points.splitlines() if line.strip()]


def _rows(read: Reader, which: str) -> list[RouteRow]:
    """A village has some dozen routes, a town some hundred: whether one is due is reckoned here."""
    here = Route.closed_on.is_not(None) if which == SHUT else Route.closed_on.is_(None)
    asked = sa.select(Route, _walked().label("last")).where(Route.deleted.is_not(True), here).order_by(Route.seq)
    found = [RouteRow(r.id, r.name, r.shift, r.team or "", len(points_of(r)), last, _due_on(r, last, read.today)) for r, last in read.rows(asked)]
    return found if which != DUE else sorted(_due(found, read.today), key=lambda r: (r.due_on or read.today, r.name))


def _due(rows: Iterable[RouteRow], today: date) -> list[RouteRow]:
    return [row for row in rows if row.due_on and row.due_on <= today]


@needs(PLAIN)
def count_routes(read: Reader) -> dict[str, int]:
    """How many each filter shows."""
    used = _rows(read, USED)
    shut = read.scalar(sa.select(sa.func.count()).select_from(Route).where(Route.deleted.is_not(True), Route.closed_on.is_not(None)))
    return {USED: len(used), DUE: len(_due(used, read.today)), SHUT: shut}


@needs(LOOK)
def list_routes(read: Reader, which: str = USED, offset: int = 0, limit: int = 200) -> list[RouteRow]:
    """A page; those that are due longest first where only these are asked for."""
    return _rows(read, which)[offset:offset + limit]


@dataclass(frozen=True)
class RouteCard:
    """A route with its last patrols (day, who walked); the record is detached."""

    record: Route
    row: RouteRow
    walked: tuple[tuple[date, str], ...]


@needs(LOOK)
def route_card(read: Reader, route: UUID) -> RouteCard:
    """Everything about one route. Raises Gone."""
    record = read.get(Route, route)
    walks = read.records(sa.select(Patrol).where(Patrol.route_walked == route, Patrol.deleted.is_not(True)).order_by(Patrol.day.desc(), Patrol.seq.desc()).limit(20))
    last = walks[0].day if walks else None
    return RouteCard(record, RouteRow(record.id, record.name, record.shift, record.team or "", len(points_of(record)), last, _due_on(record, last, read.today)),
                     tuple((p.day, p.people or "") for p in walks))


@needs(LOOK)
def routes_matching(read: Reader, text: str, limit: int = 8) -> list[tuple[UUID, str]]:
    """(id, name) of routes in use whose name or points hold this text."""
    wanted = sa.or_(Route.name.contains(text, autoescape=True), Route.points.contains(text, autoescape=True))
    asked = sa.select(Route).where(Route.deleted.is_not(True), Route.closed_on.is_(None), wanted).order_by(Route.seq).limit(limit)
    return [(r.id, r.name) for r in read.records(asked)]
