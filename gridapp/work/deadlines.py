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
from gridapp.work import disputes, petitions, steps


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
    """Which records a rule is about: the column with the day that begins the limit, and what else must hold.

    Where it is a day of a person, they must live here; where of a stay, the stay and its person are looked at.
    """

    entity: str
    day: InstrumentedAttribute[date | None] | InstrumentedAttribute[date]
    where: tuple[sa.ColumnElement[bool], ...]


def _foreign() -> sa.ColumnElement[bool]:
    kinds = [r.code for r in codes.table("id_kind").rows if "外国人" in r.name]
    return sa.or_(sa.func.coalesce(Person.nationality, "CHN").not_in(["CHN", ""]), sa.func.coalesce(Person.id_kind, "").in_(kinds))


def _with_relatives() -> sa.ColumnElement[bool]:
    """Living in somebody's home is no lease: thirty days are free (Art. 12)."""
    return sa.func.coalesce(Person.living_kind, "") == codes.table("living_kind").find("居民家中")


def _dispute_is(*names: str) -> sa.ColumnElement[bool]:
    return Dispute.state.in_(disputes.codes_of(*names))


#: rule → its trigger; a rule of the table that is not here needs records this register does not hold (employers …)
TRIGGERS: dict[str, Callable[[], Trigger]] = {
    "foreigner_24h": lambda: Trigger("tenancy", Tenancy.start, (Tenancy.reported_on.is_(None), _foreign())),
    "landlord_report_start": lambda: Trigger(
        "tenancy", Tenancy.start, (Tenancy.reported_on.is_(None), ~_foreign(), ~_with_relatives())),
    "landlord_report_end": lambda: Trigger("tenancy", Tenancy.end, (Tenancy.end_reported_on.is_(None), ~_with_relatives())),
    "hazard_due": lambda: Trigger("hazard", Hazard.due_on, (Hazard.state.in_(steps.unended(Hazard)),)),
    "relative_exempt": lambda: Trigger(
        "person", Tenancy.start, (Tenancy.end.is_(None), Person.reported_on.is_(None), ~_foreign(), _with_relatives())),
    "permit_endorse": lambda: Trigger("person", Person.permit_until, ()),
    "permit_eligible": lambda: Trigger("person", Person.registered_on, (Person.permit.is_not(True),)),
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


def _at_home() -> sa.ColumnElement[bool]:
    return sa.and_(Tenancy.person == Person.id, Tenancy.scope == Person.scope, Tenancy.end.is_(None), Tenancy.deleted.is_not(True))


def _home() -> sa.ScalarSelect[Any]:
    """Where they live; of two stays that are open the later."""
    return (sa.select(House.address + " " + Room.room_no).select_from(Tenancy).join(Room, sa.and_(Room.id == Tenancy.room, Room.scope == Tenancy.scope))
            .join(House, sa.and_(House.id == Room.house, House.scope == Room.scope)).where(_at_home()).order_by(Tenancy.seq.desc()).limit(1)
            .correlate(Person).scalar_subquery())


def _asked(trigger: Trigger, *columns: Any, first: date | None = None, last: date | None = None) -> sa.Select[*tuple[Any, ...]]:
    """Plain columns of what a rule is about: thousands of records would take a quarter of a second."""
    window = [trigger.day.is_not(None), *([trigger.day >= first] if first else []), *([trigger.day <= last] if last else [])]
    if trigger.entity in PLAINLY:
        entity = PLAINLY[trigger.entity][0]
        return sa.select(*columns).select_from(entity).where(entity.deleted.is_not(True), *window, *trigger.where)
    known_ = [Person.deleted.is_not(True), Person.unmerged(), Person.closed_on.is_(None), *window, *trigger.where]
    if _of_person(trigger):
        return sa.select(*columns).select_from(Person).where(*known_, sa.exists(sa.select(Tenancy.seq).where(_at_home()).correlate(Person)))
    return (sa.select(*columns).select_from(Tenancy).join(Person, sa.and_(Person.id == Tenancy.person, Person.scope == Tenancy.scope))
            .where(Tenancy.deleted.is_not(True), *known_))


def _of_person(trigger: Trigger) -> bool:
    return trigger.day.class_ is Person


def _of(read: Reader, limit: Limit, calendar: Calendar, each: int) -> Group:
    """Counted by the days that began it, of which there are few: 17,600 people who may ask for a permit began on 80 days."""
    trigger, ends, counts = TRIGGERS[limit.rule](), dict[date, date](), dict[date, int]()
    first, last = limit.triggers(read.today)
    for day, many in read.rows(_asked(trigger, trigger.day, sa.func.count(), first=first, last=last).group_by(trigger.day)):
        until = limit.until(day, calendar)
        if limit.shown(day, until, read.today):
            ends[day], counts[day] = until, many
    late = sum(many for day, many in counts.items() if ends[day] < read.today)
    pressing = _pressing(read, limit, trigger, {day: ends[day] for day in _first(ends, counts, each)}, each) if counts else ()
    return Group(limit.rule, limit.title, limit.law, sum(counts.values()), late, pressing)


def _first(ends: Mapping[date, date], counts: Mapping[date, int], each: int) -> list[date]:
    """The days that hold the first `each` by their ends; all that end on the last of them are among them."""
    days, held = list[date](), 0
    for day in sorted(ends, key=lambda day: ends[day]):
        if held >= each and ends[day] > ends[days[-1]]:
            break
        days.append(day)
        held += counts[day]
    return days


def _pressing(read: Reader, limit: Limit, trigger: Trigger, ends: Mapping[date, date], each: int) -> tuple[Due, ...]:
    """The first `each` of these days by the day that ends them, and by name."""
    entity, label, place = PLAINLY.get(trigger.entity, (ENTITIES.get(trigger.entity), Person.name, House.address))
    days = trigger.day.in_(list(ends))
    if trigger.entity in PLAINLY:
        asked = _asked(trigger, entity.id, trigger.day, label, place).where(days)
    elif _of_person(trigger):
        found = _asked(trigger, Person.seq).where(days)  # from an index; the names of these few only
        asked = sa.select(Person.id, trigger.day, label, _home()).where(Person.seq.in_(found))
    else:
        asked = (_asked(trigger, entity.id, trigger.day, label, place, Room.room_no).where(days)
                 .outerjoin(Room, sa.and_(Room.id == Tenancy.room, Room.scope == Tenancy.scope))
                 .outerjoin(House, sa.and_(House.id == Room.house, House.scope == Room.scope)))
    order = sa.case(*((trigger.day.in_([day for day in ends if ends[day] == until]), n) for n, until in enumerate(sorted(set(ends.values())))))
    rows = read.rows(asked.order_by(order, sa.func.coalesce(label, ""), entity.id).limit(each))
    return tuple(Due(limit.rule, trigger.entity, eid, name or "", " ".join(filter(None, where)), ends[day], (ends[day] - read.today).days)
                 for eid, day, name, *where in rows)


@needs(LOOK)
def due(read: Reader, calendar: Calendar | None = None, each: int = 50, table: Mapping[str, Limit] | None = None) -> list[Group]:
    """Everything that is due, grouped by rule, the most pressing `each` first inside; empty groups are left out.

    `calendar` brings the holidays this PC knows, `table` another table of limits than the shipped one.
    """
    calendar = calendar or Calendar.load()
    groups = (_of(read, limit, calendar, each) for rule, limit in (table or limits.load()).items() if rule in TRIGGERS)
    return [group for group in groups if group.count]


#: rules for whose sake somebody goes there: whoever has to be seen, and what has to be put right
AT_THE_DOOR = ("foreigner_24h", "relative_exempt", "permit_endorse", "landlord_report_start", "hazard_due")


@needs(LOOK)
def due_at(read: Reader, calendar: Calendar | None = None, table: Mapping[str, Limit] | None = None) -> list[tuple[UUID, str, date]]:
    """(house or site, title of the rule, its last day) of everything of AT_THE_DOOR that 今日 shows, the rules in their order, of each the earliest first."""
    calendar, found = calendar or Calendar.load(), list[tuple[UUID, str, date]]()
    for rule, limit in ((rule, limit) for rule, limit in (table or limits.load()).items() if rule in AT_THE_DOOR):
        trigger = TRIGGERS[rule]()
        first, last = limit.triggers(read.today)
        ends = [(place, day, limit.until(day, calendar)) for place, day in _places(read, trigger, first, last) if place is not None]
        found += sorted(((place, limit.title, until) for place, day, until in ends if limit.shown(day, until, read.today)), key=lambda one: (one[2], one[0]))
    return found


def _places(read: Reader, trigger: Trigger, first: date | None, last: date | None) -> list[tuple[UUID | None, date]]:
    """(place, the day that began it): of a hazard its house or site, of people and stays the house."""
    if trigger.entity == "hazard":
        return [(house or site, day) for house, site, day in read.rows(_asked(trigger, Hazard.house, Hazard.site, trigger.day, first=first, last=last))]
    stay_of = sa.and_(Room.id == Tenancy.room, Room.scope == Tenancy.scope)
    if _of_person(trigger):
        people = {seq: day for seq, day in read.rows(_asked(trigger, Person.seq, trigger.day, first=first, last=last))}
        homes = sa.select(Person.seq, Room.house).select_from(Person).join(Tenancy, _at_home()).join(Room, stay_of).where(Person.seq.in_(list(people)))
        return [(house, people[seq]) for seq, house in read.rows(homes)]
    return [(house, day) for house, day in read.rows(_asked(trigger, Room.house, trigger.day, first=first, last=last).join(Room, stay_of))]


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
