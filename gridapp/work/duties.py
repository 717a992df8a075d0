"""Traffic posts (两站两员, 交通劝导): hours at a post with what was counted there, and who was stopped (晒一晒, posted with masked names)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.ledger import LOOK, PLAIN, PRINT, REGISTER, Acting, Reader, needs, verb
from gridapp.records import Duty, Offender
from gridapp.texts import N_
from gridapp.work.masking import posted_name


@verb(N_("登记交通劝导"), REGISTER)
def log_duty(act: Acting, offenders: Iterable[Mapping[str, Any]] = (), **values: Any) -> UUID:
    """Hours at a post; each of `offenders` is a mapping of Offender fields. Raises Refused."""
    duty = act.add(Duty(**values))
    for told in offenders:
        act.add(Offender(duty=duty.id, **told))
    return duty.id


@verb(N_("修改交通劝导"), REGISTER)
def correct_duty(act: Acting, duty: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change what is said of the hours. Raises Gone, Refused, ChangedMeanwhile."""
    return act.change(act.get(Duty, duty), seen=seen, **values).id


@verb(N_("登记劝导对象"), REGISTER)
def add_offender(act: Acting, duty: UUID, **told: Any) -> UUID:
    """One more who was stopped. Raises Gone, Refused."""
    return act.add(Offender(duty=act.get(Duty, duty).id, **told)).id


# ---------------------------------------------------------------- questions

MONTH, ALL = "month", "all"
FILTERS = {MONTH: N_("本月"), ALL: N_("全部")}


@dataclass(frozen=True)
class DutyRow:
    """One line of the list; `rate` is the helmets in per cent of whoever passed, None where nobody was counted."""

    id: UUID
    day: date
    time: str
    place: str
    people: str
    persuaded: int | None
    rate: int | None
    offenders: int


def helmet_rate(duty: Duty) -> int | None:
    """Helmets worn in per cent; None where nobody was counted."""
    return 100 * (duty.helmets or 0) // duty.passed if duty.passed else None


def hours(duty: Duty) -> str:
    """'07:00–08:30'."""
    return "–".join(part for part in (duty.start, duty.end) if part)


def _wanted(read: Reader, which: str) -> sa.ColumnElement[bool]:
    this_month = Duty.day >= read.today.replace(day=1) if which == MONTH else sa.true()
    return sa.and_(Duty.deleted.is_not(True), this_month)


@needs(PLAIN)
def count_duties(read: Reader) -> dict[str, int]:
    """How many each filter shows."""
    return {w: read.scalar(sa.select(sa.func.count()).select_from(Duty).where(_wanted(read, w))) for w in FILTERS}


@needs(LOOK)
def list_duties(read: Reader, which: str = MONTH, offset: int = 0, limit: int = 200) -> list[DutyRow]:
    """A page, newest first."""
    stopped = (sa.select(sa.func.count()).select_from(Offender).where(Offender.duty == Duty.id, Offender.deleted.is_not(True)).correlate(Duty).scalar_subquery())
    asked = (sa.select(Duty, stopped.label("stopped")).where(_wanted(read, which)).order_by(Duty.day.desc(), Duty.seq.desc()).offset(offset).limit(limit))
    return [DutyRow(d.id, d.day, hours(d), d.place or "", d.people or "", d.persuaded, helmet_rate(d), n) for d, n in read.rows(asked)]


@dataclass(frozen=True)
class DutyCard:
    """Hours at a post with whoever was stopped; records are detached."""

    record: Duty
    offenders: tuple[Offender, ...]


@needs(LOOK)
def duty_card(read: Reader, duty: UUID) -> DutyCard:
    """Everything about the hours at one post. Raises Gone."""
    record = read.get(Duty, duty)
    return DutyCard(record, tuple(read.records(sa.select(Offender).where(Offender.duty == duty, Offender.deleted.is_not(True)).order_by(Offender.seq))))


@dataclass(frozen=True)
class PostedRow:
    """One line of what is posted: the name masked, what was done, where and when."""

    name: str
    what: str
    employer: str
    day: date
    place: str


def posted_employer(employer: str | None, name: str | None) -> str:
    """Posted in full, for the factory answers for its people; only a name that is masked beside it is not spelt out in it (彭兵五金店)."""
    return employer.replace(name, posted_name(name)) if employer and name else employer or ""


@needs(PRINT)
def posted(read: Reader, first: date, last: date, full: bool = False) -> list[PostedRow]:
    """Who was stopped between two days, names masked, to post (晒一晒); in `full` for the files."""
    asked = (sa.select(Offender, Duty).join(Duty, Duty.id == Offender.duty)
             .where(Offender.deleted.is_not(True), Duty.deleted.is_not(True), Duty.day.between(first, last)).order_by(Duty.day, Offender.seq))
    offence = codes.table("traffic_offence")
    return [PostedRow(o.name or "" if full else posted_name(o.name), offence.label(o.what), o.employer or "" if full else posted_employer(o.employer, o.name),
                      d.day, d.place or "") for o, d in read.rows(asked)]
