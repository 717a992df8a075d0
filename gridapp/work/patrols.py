"""Patrols (巡查): log one with its findings; a finding becomes a hazard in the same act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.ledger import LOOK, PLAIN, PRINT, REGISTER, Acting, Reader, needs, verb
from gridapp.records import Finding, Grid, Officer, Patrol
from gridapp.texts import N_
from gridapp.work import hazards, ordering


@verb(N_("登记巡查"), REGISTER)
def log_patrol(act: Acting, findings: Iterable[Mapping[str, Any]] = (), **values: Any) -> UUID:
    """Log a patrol. Each finding is a mapping of Finding fields; `hazard=True` in it opens a hazard. Raises Refused."""
    recorder = act.scalar(sa.select(Officer.id).where(Officer.number == act.officer))
    patrol = act.add(Patrol(**{"recorder": recorder} | values))
    for told in findings:
        _find(act, patrol, dict(told))
    return patrol.id


@verb(N_("修改巡查"), REGISTER)
def correct_patrol(act: Acting, patrol_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change fields of a patrol. Raises Gone, Refused, ChangedMeanwhile."""
    return act.change(act.get(Patrol, patrol_id), seen=seen, **values).id


@verb(N_("补记发现问题"), REGISTER)
def add_finding(act: Acting, patrol_id: UUID, **told: Any) -> UUID:
    """One more finding of a patrol, as in `log_patrol`. Raises Gone, Refused."""
    return _find(act, act.get(Patrol, patrol_id), told).id


def _find(act: Acting, patrol: Patrol, told: dict[str, Any]) -> Finding:
    opens, due = told.pop("hazard", None), told.pop("due_on", None)
    finding = Finding(patrol=patrol.id, **told)
    if opens is True:
        finding.hazard = hazards.opened(
            act, found_on=patrol.day, house=finding.house, place=finding.place, content=finding.problem,
            degree=finding.category or codes.table("hazard_degree").find("一般"), patrol=patrol.id, finder=patrol.people, due_on=due).id
    return act.add(finding)


# ---------------------------------------------------------------- questions

@dataclass(frozen=True)
class PatrolRow:
    """One line of the list of patrols."""

    id: UUID
    day: date
    time: str
    weather: str | None
    category: str | None
    people: str
    route: str
    findings: int


ALL, NIGHT, WITH_FINDINGS = "all", "night", "findings"
FILTERS = {ALL: N_("全部"), NIGHT: N_("夜间"), WITH_FINDINGS: N_("有问题")}


def _findings_of() -> sa.ScalarSelect[int]:
    return (sa.select(sa.func.count()).select_from(Finding).where(Finding.patrol == Patrol.id, Finding.deleted.is_not(True))
            .correlate(Patrol).scalar_subquery())


#: whether anything was found; asked of the findings, which are far fewer than patrols
_found = Patrol.id.in_(sa.select(Finding.patrol).where(Finding.deleted.is_not(True)))


def _condition(which: str) -> sa.ColumnElement[bool]:
    conditions: dict[str, sa.ColumnElement[bool]] = {
        ALL: sa.true(), NIGHT: Patrol.category == codes.table("patrol_category").find("夜间"), WITH_FINDINGS: _found}
    return sa.and_(Patrol.deleted.is_not(True), conditions[which])


#: what the list is sorted by
KEYS: ordering.Keys = {"day": (Patrol.day,), "time": (Patrol.start, Patrol.end), "kind": (ordering.by_code("patrol_category", Patrol.category),),
                       "weather": (ordering.by_code("weather", Patrol.weather),), "people": (Patrol.people,), "route": (Patrol.route,), "findings": (_findings_of(),)}
#: columns of codes → their table
_CODED = {"kind": ("patrol_category", Patrol.category), "weather": ("weather", Patrol.weather)}


_COLUMNS = (Patrol.seq, Patrol.id, Patrol.day, Patrol.start, Patrol.end, Patrol.weather, Patrol.category, Patrol.people, Patrol.route)
#: the same as `_found`, asked patrol by patrol: for those of which nothing was found
_something = sa.exists(sa.select(Finding.seq).where(Finding.patrol == Patrol.id, Finding.deleted.is_not(True)).correlate(Patrol))


def _order(sort: str) -> list[Any]:
    return ordering.order(sort, KEYS, (Patrol.day.desc(), Patrol.seq.desc()), Patrol.seq)


@needs(LOOK)
def list_patrols(read: Reader, which: str = ALL, offset: int = 0, limit: int = 200, sort: str = "", seqs: Sequence[int] | None = None) -> list[PatrolRow]:
    """A page of patrols, newest first, or sorted; `seqs` are the row numbers of a page far down."""
    asked = sa.select(*_COLUMNS, _findings_of().label("findings")).where(_condition(which))
    rows = None if offset or seqs is not None else _first_page(read, asked, sort, limit)
    if rows is None:
        rows = ordering.page(asked, read, Patrol.seq, _order(sort), offset, limit, seqs)
    return [PatrolRow(p.id, p.day, "–".join(t for t in (p.start, p.end) if t), p.weather, p.category, p.people or "", p.route or "", p.findings) for p in rows]


def _first_page(read: Reader, asked: sa.Select[*tuple[Any, ...]], sort: str, limit: int) -> Sequence[sa.Row[Any]] | None:
    """The first page by a code or by what was found, without looking at every patrol (of two million: milliseconds, not seconds); None: ask as usual."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    if name in _CODED:
        return ordering.by_codes(asked, read, *_CODED[name], Patrol.seq, down, limit)
    if name != "findings":
        return None
    parts = [asked.where(~_something).order_by(Patrol.seq.desc() if down else Patrol.seq), asked.where(_found).order_by(*_order(sort))]
    return ordering.one_after_another(parts[::-1] if down else parts, read, limit)


@needs(LOOK)
def arrange_patrols(read: Reader, which: str = ALL, sort: str = "") -> str:
    """How the whole list stands (see ordering.arranged)."""
    return ordering.arranged(sa.select(Patrol).where(_condition(which)), read, Patrol.seq, _order(sort))


@needs(PLAIN)
def count_patrols(read: Reader) -> dict[str, int]:
    """How many patrols each filter shows."""
    return {which: read.scalar(sa.select(sa.func.count()).select_from(Patrol).where(_condition(which))) for which in FILTERS}


@dataclass(frozen=True)
class PatrolCard:
    """A patrol with its findings and the people who made it; records are detached."""

    record: Patrol
    findings: tuple[Finding, ...]
    recorder: str
    chief: str


@needs(LOOK)
def patrol_card(read: Reader, patrol_id: UUID) -> PatrolCard:
    """Everything about one patrol. Raises Gone."""
    patrol = read.get(Patrol, patrol_id)
    findings = read.records(sa.select(Finding).where(Finding.patrol == patrol_id, Finding.deleted.is_not(True))
                            .order_by(Finding.seq))
    officer = read.find(Officer, patrol.recorder)
    grid = read.one(sa.select(Grid).where(Grid.deleted.is_not(True)))
    return PatrolCard(patrol, tuple(findings), officer.name if officer else "", (grid.chief if grid else None) or "")


@dataclass(frozen=True)
class BookLine:
    """One patrol of the book (F08) with what was found; records are detached."""

    record: Patrol
    findings: tuple[Finding, ...]
    recorder: str


@needs(PRINT)
def patrol_book(read: Reader, since: date, until: date, only: Sequence[UUID] | None = None) -> list[BookLine]:
    """The patrols of a period, or only these, whenever they were made, in their order."""
    within = sa.and_(Patrol.deleted.is_not(True), Patrol.day.between(since, until) if only is None else Patrol.id.in_(only))
    asked = (sa.select(Patrol, Officer.name).outerjoin(Officer, Officer.id == Patrol.recorder)
             .where(within).order_by(Patrol.day, Patrol.start, Patrol.seq))
    rows = read.rows(asked)
    found: dict[UUID, list[Finding]] = {}
    seen = (sa.select(Finding).join(Patrol, Patrol.id == Finding.patrol)
            .where(within, Finding.deleted.is_not(True)).order_by(Finding.seq))
    for finding in read.records(seen) if rows else ():
        found.setdefault(finding.patrol, []).append(finding)
    return [BookLine(patrol, tuple(found.get(patrol.id, ())), recorder or "") for patrol, recorder in rows]


@needs(LOOK)
def patrol_of(read: Reader, finding_id: UUID) -> UUID:
    """The patrol a finding belongs to. Raises Gone."""
    return read.get(Finding, finding_id).patrol


@needs(PLAIN)
def usual_people(read: Reader) -> str:
    """Who went on the last patrol; before the first one, who sits at the desk."""
    last = read.scalar(sa.select(Patrol.people).where(Patrol.deleted.is_not(True)).order_by(Patrol.day.desc(), Patrol.seq.desc()).limit(1))
    return last or read.scalar(sa.select(Officer.name).where(Officer.number == read.officer)) or ""
