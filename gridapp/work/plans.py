"""Plans of visits (走访计划): the places of a day or a shift in the order of their risk, with the reasons in words; some of them become a route.

What weighs how much is data (code table plan_weight); what is counted for each of its lines stands here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes
from gridapp.ledger import LOOK, PLAIN, REGISTER, Acting, Reader, needs, verb
from gridapp.ledger.reader import Gone
from gridapp.records import Alarm, House, Route, Site
from gridapp.texts import N_, _
from gridapp.work import hazardlists, houses, routes, village, visits
from gridapp.work.alarms import FALSE, verdict
from gridapp.work.grades import GRADES, Graded, Place, days_between, focus_kinds, graded, houses_in_focus

RED, YELLOW, NEVER, OVERDUE, OPEN, LATE, TENANTS, ALARMS = "red", "yellow", "never", "overdue", "open", "late", "tenants", "alarms"
#: no weight: how many places one shift goes to
SHIFT = "shift"
TABLE = "plan_weight"
#: so many where the table does not say
MOST = 60


class NobodyToVisit(Mistake):
    """A route of no places."""

    def __init__(self) -> None:
        super().__init__(_("没有选中要去的地方，没有编成路线。请先在走访计划里选中几处再按。"))


# ---------------------------------------------------------------- what weighs how much

@dataclass(frozen=True)
class Weight:
    """One line of the table: from `least` on, `points` and `each` for every one, at most `most`; only of the last `days`."""

    code: str
    name: str
    points: int
    each: int
    least: int
    most: int | None
    days: int
    unit: str

    def worth(self, count: int) -> int:
        """The points of so many."""
        told = self.points + self.each * count if count >= self.least else 0
        return told if self.most is None else min(told, self.most)

    def in_sql(self, count: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
        """The same of a column."""
        told = self.points + self.each * count
        capped = told if self.most is None else sa.case((told > self.most, self.most), else_=told)
        return sa.case((count >= self.least, capped), else_=0)

    def words(self, count: int) -> str:
        """'隐患逾期没有改 2 条'."""
        return f"{self.name} {count} {self.unit}" if self.unit else self.name

    @property
    def steps(self) -> int:
        """From how many on one more makes no difference."""
        return max(1, -(-(self.most - self.points) // self.each)) if self.most is not None and self.each else 1


def weights() -> dict[str, Weight]:
    """The lines in force of the code table by their codes."""
    return {row.code: Weight(row.code, row.name, _number(row, "points"), _number(row, "each"), _number(row, "from") or 1,
                             _number(row, "most") if row.told("most") else None, _number(row, "days"), row.told("unit")) for row in codes.table(TABLE).offered}


def _number(row: codes.Row, head: str) -> int:
    return int(row.told(head)) if row.told(head).isdecimal() else 0


def in_one_shift() -> int:
    """How many places one shift goes to."""
    told = weights().get(SHIFT)
    return told.points if told is not None and told.points else MOST


# ---------------------------------------------------------------- what is counted

def _weighed(told: Mapping[str, Weight]) -> list[Weight]:
    return [told[code] for code in (RED, YELLOW, NEVER, OVERDUE, OPEN, LATE, TENANTS, ALARMS) if code in told]


def _intervals(told: Graded, today: date, many: int) -> sa.ColumnElement[int]:
    """How many whole intervals of its grade have gone by since the last visit, `many` at most."""
    def passed(grade: str) -> sa.ColumnElement[int]:
        days = max(days_between(grade), 1)
        parts = [sa.case((told.rows.c.last <= today - timedelta(days * k), 1), else_=0) for k in range(1, many + 1)]
        return sum(parts[1:], parts[0])

    return sa.case(*((told.rank == number, passed(grade)) for number, grade in enumerate(GRADES)), else_=0)


def _alarms(place: Place, since: date) -> sa.Subquery:
    link: Any = Alarm.house if place is House else Alarm.site
    return (sa.select(link.label("place"), sa.func.count().label("n"))
            .where(link.is_not(None), Alarm.verdict == verdict(FALSE), Alarm.judged_on >= since, Alarm.deleted.is_not(True)).group_by(link).subquery())


def _stops(read: Reader, place: Place, told: Mapping[str, Weight], where: Sequence[sa.ColumnElement[bool]]) -> sa.Select[*tuple[Any, ...]]:
    """All places of one kind with what is counted of each and the points this comes to, in the same columns."""
    late = told[LATE].steps if LATE in told else 1
    places = {"living": houses.people_of() if place is House else sa.literal(0), "inside": sa.case((inside(place), 1), else_=0)}
    found = graded(place, *where, further=places, open=sa.func.count(), overdue=sa.func.sum(sa.case((hazardlists.late(read.today), 1), else_=0)))
    alarms = _alarms(place, read.today - timedelta(told[ALARMS].days if ALARMS in told else 0))
    counts = {RED: sa.case((found.rank == 0, 1), else_=0), YELLOW: sa.case((found.rank == 1, 1), else_=0),
              NEVER: sa.case((found.rows.c.last.is_(None), 1), else_=0), OVERDUE: found.rows.c.overdue, OPEN: found.rows.c.open,
              LATE: _intervals(found, read.today, late), TENANTS: found.rows.c.living, ALARMS: sa.func.coalesce(alarms.c.n, 0)}
    points = [weight.in_sql(counts[weight.code]) for weight in _weighed(told)]
    return (sa.select(sa.literal(place.__tablename__).label("entity"), found.rows.c.id, found.rank.label("rank"), found.rows.c.last, found.rows.c.inside,
                      *(counted.label(f"n_{code}") for code, counted in counts.items()), sum(points[1:], points[0] if points else sa.literal(0)).label("score"))
            .select_from(found.rows).outerjoin(alarms, alarms.c.place == found.rows.c.id))


def inside(place: Place) -> sa.ColumnElement[bool]:
    """Whether a place belongs to 两房一店."""
    return (sa.true() if houses_in_focus() else sa.false()) if place is House else Site.kind.in_(focus_kinds())


def _limits(read: Reader, place: Place, grid: UUID | None, route: UUID | None) -> list[sa.ColumnElement[bool]]:
    """Places of a grid; along a route: those at whose address one of its points stands. Raises Gone."""
    found = [] if grid is None else [place.grid == grid]
    if route is not None:
        found.append(sa.or_(*(place.address.contains(point, autoescape=True) for point in routes.points_of(read.get(Route, route)))))
    return found


def _all(read: Reader, which: str, grid: UUID | None, route: UUID | None) -> sa.Subquery:
    told = weights()
    asked = sa.union_all(*(_stops(read, place, told, [*where, *_limits(read, place, grid, route)]) for place, where in visits.kinds(which))).subquery()
    return sa.select(asked).where(asked.c.score > 0).subquery()


# ---------------------------------------------------------------- questions

@dataclass(frozen=True)
class Stop(visits.PlaceRow):
    """One place of a plan: its points, and why somebody goes there."""

    score: int
    reasons: tuple[str, ...]


FILTERS = visits.FILTERS


@needs(LOOK)
def plan(read: Reader, which: str = visits.ALL, offset: int = 0, limit: int = 200, *, grid: UUID | None = None, route: UUID | None = None) -> list[Stop]:
    """A page of the places somebody should go to, the riskiest first, of those alike the longest ago; of one grid, along one route. Raises Gone."""
    found = _all(read, which, grid, route)
    page = read.rows(sa.select(found).order_by(found.c.score.desc(), found.c.last.nulls_first(), found.c.entity, found.c.id).offset(offset).limit(limit))
    called, told = visits.names(read, [row.id for row in page]), _weighed(weights())
    return [Stop(row.entity, row.id, *called.get(row.id, ("", "", "")), GRADES[row.rank], row.last, int(row.score), _reasons(row, told)) for row in page]


def _reasons(row: Any, told: Sequence[Weight]) -> tuple[str, ...]:
    """What brought points, the most first."""
    counts = [(weight, int(getattr(row, f"n_{weight.code}"))) for weight in told]
    worth = sorted(((weight.worth(count), weight.words(count)) for weight, count in counts), key=lambda one: -one[0])
    return tuple(words for points, words in worth if points)


@needs(PLAIN)
def count_plan(read: Reader, *, grid: UUID | None = None, route: UUID | None = None) -> dict[str, int]:
    """How many places each filter shows. Raises Gone."""
    found = _all(read, visits.ALL, grid, route)
    asked = sa.select(found.c.entity, sa.func.count(), sa.func.sum(found.c.inside)).group_by(found.c.entity)
    counted = {entity: (int(all_), int(some)) for entity, all_, some in read.rows(asked)}
    of_houses, of_sites = (counted.get(place.__tablename__, (0, 0)) for place in (House, Site))
    return {visits.ALL: of_houses[0] + of_sites[0], visits.HOUSES: of_houses[0], visits.SITES: of_sites[0], visits.FOCUS: of_houses[1] + of_sites[1]}


# ---------------------------------------------------------------- the verb

@verb(N_("编排走访路线"), REGISTER)
def plan_round(act: Acting, places: Sequence[UUID], **values: Any) -> UUID:
    """A route of these places in this order, to be walked and logged like any other. Raises NobodyToVisit, Gone, Refused."""
    if not places:
        raise NobodyToVisit
    home = village.desk(act).home("v:")
    called = visits.names(act, list(places))
    if any(place not in called for place in places):
        raise Gone
    lines = [f"{called[place][0]} {called[place][1].removeprefix(home)}".strip() for place in places]
    return routes.lay_route(act, **values | {"points": "\n".join(lines)})
