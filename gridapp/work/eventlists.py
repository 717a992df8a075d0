"""Events as lists and cards: what waits, what is late, whose answer is missing; and what looks like the one being typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import LOOK, PLAIN, PRINT, Reader, needs
from gridapp.records import Event, House, Push, Site, Step
from gridapp.texts import N_, _
from gridapp.work import chains, ordering, pushes, steps
from gridapp.work.masking import masked

OPEN, LATE, UNANSWERED, POLICE, SHUT, ALL = "open", "late", "unanswered", "police", "shut", "all"
FILTERS = {OPEN: N_("待办"), LATE: N_("超期"), UNANSWERED: N_("推送未反馈"), POLICE: N_("警情"), SHUT: N_("已归档"), ALL: N_("全部")}
#: how long ago something still counts as similar, and how many such are told of
SIMILAR_DAYS, SIMILAR = 30, 5
SHORTEST_PLACE = 3


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
    shut, runs = Event.state.in_(steps.ended(Event)), Event.state.in_(steps.unended(Event))
    told: dict[str, sa.ColumnElement[bool]] = {
        OPEN: runs, LATE: sa.and_(runs, Event.due_on < today), UNANSWERED: pushes.unanswered(), POLICE: Event.police.is_(True), SHUT: shut, ALL: sa.true()}
    return sa.and_(Event.deleted.is_not(True), told[which])


@needs(PLAIN)
def count_events(read: Reader) -> dict[str, int]:
    """How many each filter shows."""
    return {which: count_events_of(read, which) for which in FILTERS}


@needs(PLAIN)
def count_events_of(read: Reader, which: str) -> int:
    """How many one filter shows."""
    return int(read.scalar(sa.select(sa.func.count()).select_from(Event).where(_condition(read.today, which))))


def _pushes(*more: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    """How many have been told of an event, for a question that selects it."""
    return sa.select(sa.func.count()).select_from(Push).where(Push.event == Event.id, Push.deleted.is_not(True), *more).correlate(Event).scalar_subquery()


#: what the list is sorted by
KEYS: ordering.Keys = {"day": (Event.day,), "title": (Event.title,), "kind": (ordering.by_code("event_kind", Event.kind),), "place": (Event.place,),
                       "grade": (ordering.by_code("event_grade", Event.grade),), "due": (Event.due_on,), "state": (ordering.by_code("event_state", Event.state),),
                       "pushes": (_pushes(), _pushes(Push.answered_on.is_not(None)))}


def _order(sort: str) -> list[Any]:
    return ordering.order(sort, KEYS, (Event.due_on.is_(None), Event.due_on, Event.seq.desc()), Event.seq)


@needs(LOOK)
def list_events(read: Reader, which: str = OPEN, offset: int = 0, limit: int = 200, sort: str = "", seqs: Sequence[int] | None = None) -> list[EventRow]:
    """A page, the most pressing first, or sorted; `seqs` are the row numbers of a page far down."""
    asked = (sa.select(Event, _pushes().label("pushed"), _pushes(Push.answered_on.is_not(None)).label("answered"), Event.seq).where(_condition(read.today, which)))
    rows = ordering.page(asked, read, Event.seq, _order(sort), offset, limit, seqs, apart=True)
    return [EventRow(e.id, e.number or "", e.title, e.kind, e.day, e.place or "", e.grade, steps.state_of(e), e.due_on, pushed, answered)
            for e, pushed, answered, _seq in rows]


@needs(LOOK)
def arrange_events(read: Reader, which: str = OPEN, sort: str = "") -> str:
    """How the whole list stands (see ordering.arranged)."""
    return ordering.arranged(sa.select(Event).where(_condition(read.today, which)), read, Event.seq, _order(sort))


@dataclass(frozen=True)
class Alike:
    """Another event in one line; `why` it may be the same."""

    id: UUID
    number: str
    title: str
    day: date
    place: str
    state: str
    why: str = ""


def _alike(event: Event, why: str = "") -> Alike:
    return Alike(event.id, event.number or "", event.title, event.day, event.place or "", steps.state_of(event), why)


@dataclass(frozen=True)
class EventCard:
    """An event with its story, its pushes and where it happened; records are detached, numbers masked."""

    record: Event
    state: str
    story: tuple[Step, ...]
    pushes: tuple[Push, ...]
    #: where it happened, in words
    house: str
    site: str
    #: what it is linked with
    others: tuple[Alike, ...] = ()

    @property
    def where(self) -> str:
        """Both in one line."""
        return "，".join(filter(None, (self.house, self.site)))


@needs(LOOK)
def event_card(read: Reader, event: UUID) -> EventCard:
    """Everything about one event, numbers masked. Raises Gone."""
    told = event_on_paper(read, event)
    return EventCard(masked(told.record), told.state, told.story, told.pushes, told.house, told.site, told.others)


@needs(PRINT)
def event_on_paper(read: Reader, event: UUID) -> EventCard:
    """The same in full, as the sheet prints it. Raises Gone."""
    record = read.get(Event, event)
    house, site = (at.label() if at else "" for at in (read.find(House, record.house), read.find(Site, record.site)))
    return EventCard(record, steps.state_of(record), steps.story(read, event), pushes.pushes_of(read, event), house, site, _linked(read, record))


def _linked(read: Reader, event: Event) -> tuple[Alike, ...]:
    """All that are linked with it, the oldest first."""
    head = event.linked or event.id
    asked = sa.select(Event).where(sa.or_(Event.id == head, Event.linked == head), Event.id != event.id, Event.deleted.is_not(True))
    return tuple(_alike(one) for one in read.records(asked.order_by(Event.day, Event.seq)))


# ---------------------------------------------------------------- what looks like the same

@needs(LOOK)
def similar_events(read: Reader, title: str = "", place: str = "", house: UUID | None = None, site: UUID | None = None, but: UUID | None = None) -> list[Alike]:
    """Events of the last 30 days in the same house or site, at the same place, or with much the same title: they may be one and the same."""
    recent = sa.select(Event).where(Event.deleted.is_not(True), Event.day >= read.today - timedelta(SIMILAR_DAYS)).order_by(Event.day.desc(), Event.seq.desc())
    at: list[tuple[str, sa.ColumnElement[bool]]] = [(_("同一房屋"), Event.house == house)] if house else []
    at += [(_("同一场所"), Event.site == site)] if site else []
    at += [(_("同一地点"), Event.place.contains(place, autoescape=True))] if len(place) >= SHORTEST_PLACE else []
    found: dict[UUID, Alike] = {}
    for why, same in at:
        for event in read.records(recent.where(same).limit(SIMILAR)):
            found.setdefault(event.id, _alike(event, why))
    ids = _titled_alike(read, title)
    for event in read.records(recent.where(Event.id.in_(ids)).limit(SIMILAR)) if ids else ():
        found.setdefault(event.id, _alike(event, _("标题相近")))
    return [one for one in found.values() if one.id != but][:SIMILAR]


def _titled_alike(read: Reader, title: str) -> list[UUID]:
    """Ids of recent events whose titles share most of their words, read two characters at a time."""
    mine = chains.pieces(title)
    if not mine:
        return []
    asked = (sa.select(Event.id, Event.title).where(Event.deleted.is_not(True), Event.day >= read.today - timedelta(SIMILAR_DAYS))
             .order_by(Event.day.desc()).limit(chains.COMPARED))
    scored = [(len(mine & other) / min(len(mine), len(other)), one) for one, text in read.rows(asked) if (other := chains.pieces(text))]
    return [one for score, one in sorted(scored, key=lambda s: -s[0]) if score >= chains.ALIKE][:SIMILAR]


@needs(LOOK)
def events_matching(read: Reader, text: str, limit: int = 12) -> list[tuple[UUID, str]]:
    """(id, 'number title') for the picker: part of the number, the title or the place."""
    asked = (sa.select(Event.id, Event.number, Event.title)
             .where(sa.or_(*(part.icontains(text, autoescape=True) for part in (Event.number, Event.title, Event.place))), Event.deleted.is_not(True))
             .order_by(Event.seq.desc()).limit(limit))
    return [(r.id, f"{r.number or ''} {r.title}".strip()) for r in read.rows(asked)]
