"""Events as lists and cards: what waits, what is late, whose answer is missing; and what looks like the one being typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import LOOK, PLAIN, PRINT, Reader, needs
from gridapp.records import Event, House, Push, Site, Step
from gridapp.texts import N_
from gridapp.work import pushes, steps
from gridapp.work.masking import masked

OPEN, LATE, UNANSWERED, POLICE, SHUT, ALL = "open", "late", "unanswered", "police", "shut", "all"
FILTERS = {OPEN: N_("待办"), LATE: N_("超期"), UNANSWERED: N_("推送未反馈"), POLICE: N_("警情"), SHUT: N_("已归档"), ALL: N_("全部")}
#: how long ago something still counts as similar
SIMILAR_DAYS = 30


@dataclass(frozen=True)
class EventRow:
    """One line of the list; `answered` of `pushed` recipients have answered."""

    id: UUID
    number: str
    title: str
    kind: str | None
    day: date
    place: str
    grade: str | None
    state: str
    due_on: date | None
    pushed: int
    answered: int


def _condition(today: date, which: str) -> sa.ColumnElement[bool]:
    shut = Event.state.in_(steps.ended(Event))
    told: dict[str, sa.ColumnElement[bool]] = {
        OPEN: ~shut, LATE: sa.and_(~shut, Event.due_on < today), UNANSWERED: pushes.unanswered(), POLICE: Event.police.is_(True), SHUT: shut, ALL: sa.true()}
    return sa.and_(Event.deleted.is_not(True), told[which])


@needs(PLAIN)
def count_events(read: Reader) -> dict[str, int]:
    """How many each filter shows."""
    return {w: read.scalar(sa.select(sa.func.count()).select_from(Event).where(_condition(read.today, w))) for w in FILTERS}


@needs(LOOK)
def list_events(read: Reader, which: str = OPEN, offset: int = 0, limit: int = 200) -> list[EventRow]:
    """A page, the most pressing first."""
    def count(*more: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.count()).select_from(Push).where(Push.event == Event.id, Push.deleted.is_not(True), *more).correlate(Event).scalar_subquery()

    asked = (sa.select(Event, count().label("pushed"), count(Push.answered_on.is_not(None)).label("answered")).where(_condition(read.today, which))
             .order_by(Event.due_on.is_(None), Event.due_on, Event.seq.desc()).offset(offset).limit(limit))
    return [EventRow(e.id, e.number or "", e.title, e.kind, e.day, e.place or "", e.grade, steps.state_of(e), e.due_on, pushed, answered)
            for e, pushed, answered in read.rows(asked)]


@dataclass(frozen=True)
class EventCard:
    """An event with its story, its pushes and where it happened; records are detached, numbers masked."""

    record: Event
    state: str
    story: tuple[Step, ...]
    pushes: tuple[Push, ...]
    where: str


@needs(LOOK)
def event_card(read: Reader, event: UUID) -> EventCard:
    """Everything about one event, numbers masked. Raises Gone."""
    told = event_on_paper(read, event)
    return EventCard(masked(told.record), told.state, told.story, told.pushes, told.where)


@needs(PRINT)
def event_on_paper(read: Reader, event: UUID) -> EventCard:
    """The same in full, as the sheet prints it. Raises Gone."""
    record = read.get(Event, event)
    at = read.find(House, record.house) or read.find(Site, record.site)
    return EventCard(record, steps.state_of(record), steps.story(read, event), pushes.pushes_of(read, event), at.label() if at else "")


@needs(LOOK)
def similar_events(read: Reader, place: str = "", words: str = "", house: UUID | None = None, limit: int = 5) -> list[EventRow]:
    """Events of the last 30 days at the same place, or whose title has the same words: they may be one and the same."""
    told = [Event.house == house] if house else []
    told += [Event.place.contains(place, autoescape=True)] if len(place) >= 3 else []
    told += [Event.title.contains(words, autoescape=True)] if len(words) >= 2 else []
    if not told:
        return []
    asked = (sa.select(Event).where(Event.deleted.is_not(True), Event.day >= read.today - timedelta(SIMILAR_DAYS), sa.or_(*told))
             .order_by(Event.day.desc(), Event.seq.desc()).limit(limit))
    return [EventRow(e.id, e.number or "", e.title, e.kind, e.day, e.place or "", e.grade, steps.state_of(e), e.due_on, 0, 0) for e in read.records(asked)]
