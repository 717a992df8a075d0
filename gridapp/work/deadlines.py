"""What is due (今日): legal time limits counted from the records, in working days where the law says so.

Limits, units, titles and laws are those of resources/deadlines/deadlines.tsv; here stands only which record tells the first day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from gridapp.fields import codes, limits
from gridapp.fields.limits import Limit
from gridapp.fields.workdays import Calendar
from gridapp.ledger import LOOK, PLAIN, Reader, needs
from gridapp.records import Dispute, Hazard, House, Person, Petition, Room, Tenancy
from gridapp.work import figures as known
from gridapp.work import disputes, hazards, petitions


@dataclass(frozen=True)
class Due:
    """One thing to do: until when, for which record, and by which rule; `left` days are left, below nought it is late."""

    rule: str
    entity: str
    id: UUID
    label: str
    place: str
    day: date
    left: int


@dataclass(frozen=True)
class Group:
    """All due things of one rule: how many, how many of them late, and the most pressing ones."""

    rule: str
    title: str
    basis: str
    count: int
    late: int
    first: tuple[Due, ...]


@dataclass(frozen=True)
class Trigger:
    """Which records a rule is about: the column with the day that begins the limit, and what else must hold."""

    entity: str
    day: InstrumentedAttribute[date | None] | InstrumentedAttribute[date]
    where: tuple[sa.ColumnElement[bool], ...]


def _foreign() -> sa.ColumnElement[bool]:
    kinds = [r.code for r in codes.table("id_kind").rows if "外国人" in r.name]
    return sa.or_(sa.func.coalesce(Person.nationality, "CHN").not_in(["CHN", ""]), sa.func.coalesce(Person.id_kind, "").in_(kinds))


def _with_relatives() -> sa.ColumnElement[bool]:
    """Living in somebody's home is no lease: thirty days are free (Art. 12)."""
    return sa.func.coalesce(Person.living_kind, "") == codes.table("living_kind").find("居民家中")


def _unsolved() -> sa.ColumnElement[bool]:
    return Hazard.state.not_in([hazards.state(hazards.CLOSED), hazards.state(hazards.CANCELLED)])


def _dispute_is(*names: str) -> sa.ColumnElement[bool]:
    return Dispute.state.in_(disputes.codes_of(*names))


#: rule → its trigger; a rule of the table that is not here needs records this register does not hold (employers …)
TRIGGERS: dict[str, Callable[[], Trigger]] = {
    "foreigner_24h": lambda: Trigger("tenancy", Tenancy.start, (Tenancy.reported_on.is_(None), _foreign())),
    "landlord_report_start": lambda: Trigger(
        "tenancy", Tenancy.start, (Tenancy.reported_on.is_(None), ~_foreign(), ~_with_relatives())),
    "landlord_report_end": lambda: Trigger("tenancy", Tenancy.end, (Tenancy.end_reported_on.is_(None), ~_with_relatives())),
    "hazard_due": lambda: Trigger("hazard", Hazard.due_on, (_unsolved(),)),
    "relative_exempt": lambda: Trigger(
        "person", Tenancy.start, (Tenancy.end.is_(None), Person.reported_on.is_(None), ~_foreign(), _with_relatives())),
    "permit_endorse": lambda: Trigger("person", Person.permit_until, (Tenancy.end.is_(None),)),
    "permit_eligible": lambda: Trigger("person", Person.registered_on, (Tenancy.end.is_(None), Person.permit.is_not(True))),
    disputes.MEDIATE: lambda: Trigger("dispute", Dispute.accepted_on, (_dispute_is(disputes.ACCEPTED, disputes.MEDIATING),)),
    disputes.CONFIRM: lambda: Trigger("dispute", Dispute.agreed_on, (
        Dispute.agreement_no.is_not(None), sa.func.coalesce(Dispute.court, "").in_(["", codes.table("court_confirm").find("已提醒")]))),
    "dispute_perform": lambda: Trigger("dispute", Dispute.perform_by, (_dispute_is(disputes.WRITTEN, disputes.ORAL, disputes.PERFORMING),)),
    "dispute_visit": lambda: Trigger("dispute", Dispute.visit_by, (_dispute_is(disputes.PERFORMED),)),
    "petition_due": lambda: Trigger("petition", Petition.due_on, (petitions.waits(),)),
}
ENTITIES: dict[str, Any] = {"tenancy": Tenancy, "person": Person}
#: what lies in no room: the record, what names it, and the words beside that
PLAINLY: dict[str, tuple[Any, Any, Any]] = {
    "hazard": (Hazard, Hazard.content, Hazard.place), "dispute": (Dispute, Dispute.title, Dispute.number), "petition": (Petition, Petition.title, Petition.leader)}


def _asked(trigger: Trigger, first: date | None, last: date | None) -> sa.Select[*tuple[Any, ...]]:
    """Plain columns (id, day, label, place, room_no): thousands of records would take a quarter of a second."""
    day = trigger.day.label("day")
    window = [trigger.day.is_not(None), *([trigger.day >= first] if first else []), *([trigger.day <= last] if last else [])]
    if trigger.entity in PLAINLY:
        entity, label, place = PLAINLY[trigger.entity]
        return sa.select(entity.id, day, label.label("label"), place, sa.null().label("room_no")).where(entity.deleted.is_not(True), *window, *trigger.where)
    asked = sa.select(ENTITIES[trigger.entity].id, day, Person.name.label("label"), House.address.label("place"), Room.room_no)
    return (asked.select_from(Tenancy).join(Person, Person.id == Tenancy.person).join(Room, Room.id == Tenancy.room)
            .join(House, House.id == Room.house)
            .where(Tenancy.deleted.is_not(True), Person.deleted.is_not(True), Person.unmerged(), Person.closed_on.is_(None),
                   *window, *trigger.where))


def _of(read: Reader, limit: Limit, calendar: Calendar, each: int) -> Group:
    trigger, found = TRIGGERS[limit.rule](), list[tuple[date, str, UUID, list[str | None]]]()
    ends: dict[date, date | None] = {}
    for eid, day, label, *place in read.rows(_asked(trigger, *limit.triggers(read.today))):
        if day not in ends:
            until = limit.until(day, calendar)
            ends[day] = until if limit.shown(day, until, read.today) else None
        if (end := ends[day]) is not None:
            found.append((end, label or "", eid, place))
    found.sort(key=lambda one: one[:3])
    first = tuple(Due(limit.rule, trigger.entity, eid, label, " ".join(filter(None, place)), until, (until - read.today).days)
                  for until, label, eid, place in found[:each])
    return Group(limit.rule, limit.title, limit.law, len(found), sum(until < read.today for until, *_rest in found), first)


@needs(LOOK)
def due(read: Reader, calendar: Calendar | None = None, each: int = 50, table: Mapping[str, Limit] | None = None) -> list[Group]:
    """Everything that is due, grouped by rule, the most pressing `each` first inside; empty groups are left out.

    `calendar` brings the holidays this PC knows, `table` another table of limits than the shipped one.
    """
    calendar = calendar or Calendar.load()
    groups = (_of(read, limit, calendar, each) for rule, limit in (table or limits.load()).items() if rule in TRIGGERS)
    return [group for group in groups if group.count]


#: what stands at the top of 今日, in the order of its fields
SHOWN = ("people", "houses", "rooms", "hazards_open", "all_patrols", "unreported")


@dataclass(frozen=True)
class Figures:
    """The counts at the top of 今日."""

    people: int
    houses: int
    rooms: int
    hazards: int
    patrols: int
    unreported: int


@needs(PLAIN)
def figures(read: Reader) -> Figures:
    """How much the register holds today, by the definitions every number has."""
    now = known.of(known.DAY, read.today)
    return Figures(*(known.count(read, key, now).part for key in SHOWN))
