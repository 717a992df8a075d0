"""What a seat sees: one village of the thirty-five in a town's ledger, and of a village the grid an officer works in (reliability.md R2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from gridapp.ledger.permits import HOUSE, Seat
from gridapp.ledger.tables import SCOPE
from gridapp.records import ENTITIES, House, Party, Person, Photo, Record, Room, Site, Sitting, Step, Tenancy

#: while a session's info says so, every grid is seen
EVERY_GRID = "every grid"
#: by names of their own, so that they are not taken for the tables of the question around them
_house, _room, _stay, _site = (e.__table__.alias(f"grid_{e.__tablename__}") for e in (House, Room, Tenancy, Site))
#: what lies at a house or a site is seen by whoever sees that (rooms have a line of their own)
_AT = {e: [name for name in ("house", "site") if name in e.__table__.c] for e in ENTITIES.values() if e is not Room}
#: what is told of a case or shows it is seen by whoever sees the case: its steps, parties, sessions, photos
_TOLD_OF = ((Step, "matter"), (Party, "matter"), (Sitting, "matter"), (Photo, "of"))
#: that of which something can be told, by names of their own
_cases = [(e.__table__.alias(f"grid_of_{e.__tablename__}"), links) for e, links in _AT.items() if links]


def visible(session: Session, scope: str | None) -> tuple[int, ...]:
    """Numbers of the scopes seen when working in one register: itself and all that are no register. () where nothing is hidden."""
    if scope is None:
        return ()
    numbers = {row.name: row.no for row in session.execute(sa.select(SCOPE.c.name, SCOPE.c.no))}
    if scope not in numbers or sum(name.startswith("v:") for name in numbers) < 2:
        return ()
    return tuple(sorted(no for name, no in numbers.items() if name == scope or not name.startswith("v:")))


def limit(session: Session, scope: str | None, seat: Seat = HOUSE, acting: bool = False) -> None:
    """Every SELECT of records through this session sees only what `visible` tells, and of that what lies in the seat's grid.

    An act may touch people of other grids: they move, and whoever has their card in hand registers them.
    """
    numbers = visible(session, scope)
    if numbers:
        sa.event.listen(session, "do_orm_execute", lambda state: _add(state, numbers))
    if seat.grid is not None:
        kept = _kept_to(seat.grid, acting)
        sa.event.listen(session, "do_orm_execute", lambda state: _keep_to(state, kept))


def _add(state: ORMExecuteState, numbers: Collection[int]) -> None:
    if state.is_select:
        state.statement = state.statement.options(with_loader_criteria(Record, lambda cls: cls.scope.in_(numbers), include_aliases=True))


def _keep_to(state: ORMExecuteState, kept: tuple[ExecutableOption, ...]) -> None:
    if state.is_select and not state.session.info.get(EVERY_GRID):
        state.statement = state.statement.options(*kept)


@lru_cache(maxsize=64)
def _kept_to(grid: UUID, acting: bool) -> tuple[ExecutableOption, ...]:
    """The limits of a grid; made once, making them anew for every question took 8 ms."""
    return tuple(_of_the_grid(grid, acting))


def _of_the_grid(grid: UUID, acting: bool) -> Iterable[ExecutableOption]:
    """What of each kind lies in a grid, or in none yet: places, what was found there, whoever lives or lived there or nowhere."""
    houses = sa.select(_house.c.id).where(sa.or_(_house.c.grid == grid, _house.c.grid.is_(None)))
    sites = sa.select(_site.c.id).where(sa.or_(_site.c.grid == grid, _site.c.grid.is_(None)))
    rooms = sa.select(_room.c.id).where(_room.c.house.in_(houses))
    for place in (House, Site):
        yield with_loader_criteria(place, lambda cls: sa.or_(cls.grid == grid, cls.grid.is_(None)), include_aliases=True)
    yield with_loader_criteria(Room, lambda cls: cls.house.in_(houses), include_aliases=True)
    for found, links in _AT.items():
        if "house" in links:
            yield with_loader_criteria(found, lambda cls: sa.or_(cls.house.is_(None), cls.house.in_(houses)), include_aliases=True)
        if "site" in links:
            yield with_loader_criteria(found, lambda cls: sa.or_(cls.site.is_(None), cls.site.in_(sites)), include_aliases=True)
    for told, link in _TOLD_OF:
        yield with_loader_criteria(told, sa.and_(*_not_elsewhere(getattr(told, link), grid, houses, sites)), include_aliases=True)
    if not acting:
        yield with_loader_criteria(Tenancy, lambda cls: cls.room.in_(rooms), include_aliases=True)
        yield with_loader_criteria(Person, lambda cls: sa.or_(
            sa.exists().where(_stay.c.person == cls.id, _stay.c.room.in_(rooms)), ~sa.exists().where(_stay.c.person == cls.id)), include_aliases=True)


def _not_elsewhere(matter: Any, grid: UUID, houses: sa.Select[tuple[UUID]], sites: sa.Select[tuple[UUID]]) -> Iterable[sa.ColumnElement[bool]]:
    """That what a thing is told of (`matter`, a column) does not lie in another grid."""
    for place in (_house, _site):
        yield ~sa.exists().where(place.c.id == matter, place.c.grid != grid)
    for case, links in _cases:
        seen = {"house": houses, "site": sites}
        yield ~sa.exists().where(case.c.id == matter, sa.or_(*(sa.and_(case.c[name].is_not(None), case.c[name].notin_(seen[name])) for name in links)))
