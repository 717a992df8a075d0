"""Hazards as they are asked for (隐患查询): the list with its filters, one of them with its story, what is rechecked together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import LOOK, PLAIN, Reader, needs
from gridapp.records import Hazard, House, Officer, Photo, Site, Step
from gridapp.texts import N_
from gridapp.work import evidence, notices, ordering, steps
from gridapp.work.masking import masked

FOUND, NOTIFIED, RECTIFYING, TO_RECHECK, CLOSED = "发现", "已通知", "整改中", "待复查", "已销号"
LATE, REFERRED, LISTED, CANCELLED = "逾期", "已上报", "挂牌", "误报/撤销"
#: states in which the date by which it must be put right runs
RUNNING = (FOUND, NOTIFIED, RECTIFYING)
#: states in which somebody may go and look whether it is put right
CHECKABLE = (FOUND, NOTIFIED, RECTIFYING, TO_RECHECK, LATE)
#: days before the date in which it is about to run out
SOON = 3


def state(name: str) -> str:
    """The code of a state by its Chinese name. Raises KeyError."""
    return steps.state_code(Hazard, name)


def is_late(hazard: Any, day: date) -> bool:
    """Whether its date has passed and nobody has said that it is put right: a fact, whether anybody wrote it down or not."""
    now = hazard.state
    return now == state(LATE) or hazard.due_on is not None and hazard.due_on < day and now in {state(n) for n in RUNNING}


# ---------------------------------------------------------------- the list

@dataclass(frozen=True)
class HazardRow:
    """One line of the list of hazards."""

    id: UUID
    found_on: date
    place: str
    content: str
    degree: str | None
    state: str
    due_on: date | None
    notice_no: str
    kind: str | None


OPEN, DUE, OVERDUE, WAITING, UP, SHUT, ALL = "open", "due", "overdue", "waiting", "referred", "closed", "all"
FILTERS = {OPEN: N_("未销号"), DUE: N_("三天内到期"), OVERDUE: N_("已逾期"), WAITING: N_("待复查"), UP: N_("已上报、挂牌"), SHUT: N_("已销号"), ALL: N_("全部")}


def _in(*names: str) -> sa.ColumnElement[bool]:
    return Hazard.state.in_([state(name) for name in names])


def late(today: date) -> sa.ColumnElement[bool]:
    """`is_late`, of all that are asked for."""
    return sa.or_(_in(LATE), sa.and_(_in(*RUNNING), Hazard.due_on < today))


def _condition(today: date, which: str) -> sa.ColumnElement[bool]:
    """States are named, not excluded: so the index of states is used."""
    runs = _in(*RUNNING)
    conditions: dict[str, sa.ColumnElement[bool]] = {
        OPEN: _in(*RUNNING, TO_RECHECK, LATE, REFERRED, LISTED), SHUT: _in(CLOSED, CANCELLED), ALL: sa.true(),
        DUE: sa.and_(runs, Hazard.due_on.between(today, today + timedelta(SOON))),
        OVERDUE: late(today), WAITING: _in(TO_RECHECK), UP: _in(REFERRED, LISTED)}
    return conditions[which]


def _of(kind: str | None, degree: str | None) -> sa.ColumnElement[bool]:
    told = [Hazard.deleted.is_not(True), *([Hazard.kind == kind] if kind else []), *([Hazard.degree == degree] if degree else [])]
    return sa.and_(*told)


@needs(PLAIN)
def count_hazards(read: Reader, kind: str | None = None, degree: str | None = None) -> dict[str, int]:
    """How many hazards each filter shows, of one kind and degree or of all."""
    sums = [sa.func.coalesce(sa.func.sum(sa.case((_condition(read.today, which), 1), else_=0)), 0) for which in FILTERS]
    [counted] = read.rows(sa.select(*sums).select_from(Hazard).where(_of(kind, degree)))
    return dict(zip(FILTERS, map(int, counted), strict=True))


@needs(PLAIN)
def count_hazards_of(read: Reader, which: str) -> int:
    """How many one filter shows."""
    return int(read.scalar(sa.select(sa.func.count()).select_from(Hazard).where(_of(None, None), _condition(read.today, which))))


#: what the list is sorted by
KEYS: ordering.Keys = {"day": (Hazard.found_on,), "place": (Hazard.place,), "content": (Hazard.content,), "kind": (ordering.by_code("hazard_kind", Hazard.kind),),
                       "degree": (ordering.by_code("hazard_degree", Hazard.degree),), "state": (ordering.by_code("hazard_state", Hazard.state),), "due": (Hazard.due_on,)}


def _order(which: str, sort: str) -> list[Any]:
    usual: tuple[Any, ...] = (Hazard.seq.desc(),) if which in (SHUT, ALL) else (Hazard.due_on.is_(None), Hazard.due_on, Hazard.seq.desc())
    return ordering.order(sort, KEYS, usual, Hazard.seq)


@needs(LOOK)
def list_hazards(read: Reader, which: str = OPEN, offset: int = 0, limit: int = 200, kind: str | None = None,
                 degree: str | None = None, sort: str = "", seqs: Sequence[int] | None = None) -> list[HazardRow]:
    """A page of hazards: the most pressing first; of those that are done, and of all, the newest; or sorted; `seqs` are the row numbers of a page far down."""
    asked = (sa.select(Hazard.id, Hazard.found_on, Hazard.place, Hazard.content, Hazard.degree, Hazard.state, Hazard.due_on, Hazard.notice_no, Hazard.kind, Hazard.seq)
             .where(_of(kind, degree), _condition(read.today, which)))
    rows = ordering.page(asked, read, Hazard.seq, _order(which, sort), offset, limit, seqs)
    return [HazardRow(h.id, h.found_on, h.place or "", h.content, h.degree, h.state, h.due_on, h.notice_no or "", h.kind) for h in rows]


@needs(LOOK)
def arrange_hazards(read: Reader, which: str = OPEN, sort: str = "", kind: str | None = None, degree: str | None = None) -> str:
    """How the whole list stands (see ordering.arranged)."""
    return ordering.arranged(sa.select(Hazard).where(_of(kind, degree), _condition(read.today, which)), read, Hazard.seq, _order(which, sort))


# ---------------------------------------------------------------- one hazard

@dataclass(frozen=True)
class HazardCard:
    """A hazard with its house or site, its story with photos, and the others of its notice or inspection; records are detached, numbers masked."""

    record: Hazard
    house: House | None
    site: Site | None
    story: tuple[Step, ...]
    photos: tuple[Photo, ...]
    others: tuple[Hazard, ...]


@needs(LOOK)
def hazard_card(read: Reader, hazard_id: UUID) -> HazardCard:
    """Everything about one hazard, numbers masked. Raises Gone."""
    hazard = read.get(Hazard, hazard_id)
    house, site = read.find(House, hazard.house), read.find(Site, hazard.site)
    others = tuple(masked(h) for h in together(read, hazard) if h.id != hazard.id)
    return HazardCard(masked(hazard), masked(house) if house else None, masked(site) if site else None, steps.story(read, hazard.id),
                      evidence.photos_of(read, hazard.id), others)


@needs(LOOK)
def together(read: Reader, hazard: Hazard) -> list[Hazard]:
    """What belongs on one paper: all of its notice; before that, what was found in the same house or site by the same inspection or patrol, or that day."""
    if hazard.notice_no:
        return notices.notice_of(read, hazard)
    if hazard.inspection is not None:
        found_by = Hazard.inspection == hazard.inspection
    elif hazard.house is not None or hazard.site is not None:
        by_whom = Hazard.patrol == hazard.patrol if hazard.patrol else sa.and_(Hazard.patrol.is_(None), Hazard.inspection.is_(None), Hazard.found_on == hazard.found_on)
        found_by = sa.and_(by_whom, Hazard.house == hazard.house if hazard.house else Hazard.site == hazard.site)
    else:
        return [hazard]
    asked = sa.select(Hazard).where(found_by, Hazard.deleted.is_not(True), Hazard.scope == hazard.scope, Hazard.notice_no.is_(None))
    return read.records(asked.order_by(Hazard.seq))


@dataclass(frozen=True)
class ToRecheck:
    """One hazard that is still open and is looked at again."""

    id: UUID
    place: str
    content: str
    demand: str
    state: str
    due_on: date | None


@needs(LOOK)
def to_recheck(read: Reader, hazard_id: UUID) -> list[ToRecheck]:
    """What is rechecked in one go with this one: all of its notice or inspection that is not closed, referred or withdrawn. Raises Gone."""
    wanted = {state(name) for name in CHECKABLE}
    return [ToRecheck(h.id, h.place or "", h.content, h.demand or "", h.state, h.due_on)
            for h in together(read, read.get(Hazard, hazard_id)) if h.state in wanted]


@needs(PLAIN)
def who_checks(read: Reader) -> str:
    """The officer at the desk, who usually rechecks."""
    found: str | None = read.scalar(sa.select(Officer.name).where(Officer.number == read.officer))
    return found or ""

