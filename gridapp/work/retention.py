"""What has been kept long enough (保存期满): proposed for erasing, never erased by itself; open matters keep a record (个人信息保护法 Art. 19, 47)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import keeping
from gridapp.fields.days import plus_months
from gridapp.fields.keeping import CLOSED, DONE, Kept
from gridapp.ledger import LOOK, Ledger, Reader, gated, needs
from gridapp.ledger.clock import Doubt
from gridapp.records import (
    ENTITIES, Alarm, Campaign, Dispute, Duty, Event, Hazard, Inspection, Listing, Meeting, Outreach, Patrol, Person, Petition, Record, Task, Tenancy)
from gridapp.work import clocks

#: entities that end with a day of their own
DONE_ON: dict[str, Any] = {
    "patrol": Patrol.day, "hazard": Hazard.rechecked_on, "task": Task.done_on, "inspection": Inspection.day, "alarm": Alarm.judged_on, "duty": Duty.day,
    "event": Event.done_on, "dispute": Dispute.archived_on, "petition": Petition.done_on, "campaign": Campaign.ended_on,
    "outreach": Outreach.day, "meeting": Meeting.day, "listing": Listing.accepted_on}


@dataclass(frozen=True)
class Over:
    """One record that has been kept long enough: since when it is over, until when it had to be kept, and by which rule.

    `held` names what keeps it all the same: an open task about it (依法保留).
    """

    entity: str
    id: UUID
    label: str
    ended: date
    until: date
    basis: str
    held: str = ""


@dataclass(frozen=True)
class Proposal:
    """What may be erased; with a clock in doubt nothing is proposed."""

    over: tuple[Over, ...]
    held: tuple[Over, ...]
    doubt: Doubt | None


@needs(LOOK)
def holds(read: Reader) -> dict[UUID, str]:
    """Open tasks by the record they are about: while one is open, its record is kept, whatever the table of retention says."""
    asked = sa.select(Task.subject, Task.title).where(Task.subject.is_not(None), Task.done_on.is_(None), Task.closed_on.is_(None), Task.deleted.is_not(True))
    return {row.subject: row.title for row in read.rows(asked)}


@needs(LOOK)
def over(read: Reader) -> list[Over]:
    """Everything that has been kept long enough by today, oldest first, what is held among it."""
    held = holds(read)
    found = [*_people(read, keeping.kept("person")), *_others(read)]
    named = [o if o.id not in held else Over(o.entity, o.id, o.label, o.ended, o.until, o.basis, held[o.id]) for o in found]
    return sorted(named, key=lambda o: (o.until, o.entity, o.id.bytes))


def _before(read: Reader, kept: Kept) -> date:
    """Nothing that ended on this day or later can be over today; wider than `Kept.until`, for a question to the ledger."""
    return plus_months(read.today, -12 * kept.years) + timedelta(days=1)


def _people(read: Reader, kept: Kept) -> Iterator[Over]:
    """Who is gone: no stay is open, and the last one ended, or the closing was, long enough ago."""
    before = _before(read, kept)
    long_ago = sa.union(sa.select(Person.id).where(Person.closed_on < before), sa.select(Tenancy.person).where(Tenancy.end < before))
    last, lives = sa.func.max(Tenancy.end), sa.func.count(Tenancy.id).filter(Tenancy.end.is_(None))
    asked = (sa.select(Person.id, Person.name, Person.closed_on, last.label("last"), lives.label("lives"))
             .outerjoin(Tenancy, sa.and_(Tenancy.person == Person.id, Tenancy.deleted.is_not(True)))
             .where(Person.id.in_(long_ago), Person.deleted.is_not(True), Person.unmerged())
             .group_by(Person.id, Person.name, Person.closed_on).having(lives == 0))
    for row in read.rows(asked):
        ended = max((day for day in (row.closed_on, row.last) if day is not None), default=None)
        if ended is not None and kept.until(ended) < read.today:
            yield Over("person", row.id, row.name, ended, kept.until(ended), kept.basis)


def _others(read: Reader) -> Iterator[Over]:
    for entity in ENTITIES.values():
        kept = keeping.kept(entity.__tablename__)
        day = entity.closed_on if kept.after == CLOSED else DONE_ON.get(entity.__tablename__) if kept.after == DONE else None
        if day is not None:
            yield from _ended(read, entity, day, kept)


def _ended(read: Reader, entity: type[Record], day: Any, kept: Kept) -> Iterator[Over]:
    for record in read.records(sa.select(entity).where(entity.deleted.is_not(True), day.is_not(None), day < _before(read, kept))):
        ended: date = getattr(record, day.key)
        if kept.until(ended) < read.today:
            yield Over(entity.__tablename__, record.id, record.label(), ended, kept.until(ended), kept.basis)


@gated(LOOK)
def propose(ledger: Ledger) -> Proposal:
    """What may be erased by today. Nothing is done here; with a clock in doubt (reliability.md C2) nothing is even proposed."""
    doubt = clocks.clock_doubt(ledger)
    found = ledger.ask(over) if doubt is None else []
    return Proposal(tuple(o for o in found if not o.held), tuple(o for o in found if o.held), doubt)
