"""What is due (今日): legal time limits counted from the records, in working days where the law says so.

Sources: resources/deadlines/deadlines.tsv (浙江省流动人口居住登记条例 Art. 9, 12, 16, 19; 出境入境管理法 Art. 39).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.fields.workdays import Calendar
from gridapp.ledger import Reader
from gridapp.records import Hazard, House, Person, Room, Tenancy
from gridapp.texts import N_
from gridapp.work import hazards

REPORT_WORKDAYS = 3
PERMIT_MONTHS = 6
RELATIVE_DAYS = 30
#: rooms registered longer ago than this are history to be reported in one go, not today's work
RECENT_DAYS = 60


@dataclass(frozen=True)
class Due:
    """One thing to do: until when, for which record, and by which rule."""

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


def plus_months(day: date, months: int) -> date:
    """The same day `months` later, the last day of a shorter month (half a year after 31 August is 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _stays(read: Reader, *where: sa.ColumnElement[bool]) -> Iterator[tuple[Tenancy, Person, str]]:
    asked = (sa.select(Tenancy, Person, House.address, Room.room_no).join(Person, Person.id == Tenancy.person)
             .join(Room, Room.id == Tenancy.room).join(House, House.id == Room.house)
             .where(Tenancy.deleted.is_not(True), Person.deleted.is_not(True), Person.closed_on.is_(None), *where))
    for stay, person, address, room_no in read.rows(asked):
        yield stay, person, f"{address} {room_no}"


def _reporting(read: Reader, calendar: Calendar) -> Iterator[tuple[str, Due]]:
    """Landlord's three working days after the beginning and the end of a lease (Art. 9)."""
    recent = read.today - timedelta(days=RECENT_DAYS)
    for stay, person, place in _stays(read, Tenancy.start >= recent, Tenancy.reported_on.is_(None)):
        assert stay.start is not None
        rule = "foreigner_24h" if _foreign(person) else "landlord_report_start"
        until = stay.start + timedelta(days=1) if _foreign(person) else calendar.add_workdays(stay.start, REPORT_WORKDAYS)
        yield rule, Due(rule, "tenancy", stay.id, person.name, place, until, (until - read.today).days)
    for stay, person, place in _stays(read, Tenancy.end >= recent, Tenancy.end_reported_on.is_(None)):
        assert stay.end is not None
        until = calendar.add_workdays(stay.end, REPORT_WORKDAYS)
        yield "landlord_report_end", Due("landlord_report_end", "tenancy", stay.id, person.name, place, until,
                                         (until - read.today).days)


def _foreign(person: Person) -> bool:
    label = codes.table("id_kind").label(person.id_kind or "")
    return bool(person.nationality and person.nationality != "CHN") or "外国人" in label


def _permits(read: Reader) -> Iterator[tuple[str, Due]]:
    """Half a year after registration a residence permit may be asked for (Art. 16); 签注 in the month before its day (Art. 19)."""
    asked = (Tenancy.end.is_(None), Person.registered_on.is_not(None))
    for stay, person, place in _stays(read, *asked, Person.permit.is_not(True)):
        assert person.registered_on is not None
        from_day = plus_months(person.registered_on, PERMIT_MONTHS)
        if 0 <= (read.today - from_day).days <= RECENT_DAYS:
            yield "permit_eligible", Due("permit_eligible", "person", person.id, person.name, place, from_day,
                                         (from_day - read.today).days)
    soon = read.today + timedelta(days=31)
    for stay, person, place in _stays(read, Tenancy.end.is_(None), Person.permit_until <= soon):
        assert person.permit_until is not None
        yield "permit_endorse", Due("permit_endorse", "person", person.id, person.name, place, person.permit_until,
                                    (person.permit_until - read.today).days)


def _relatives(read: Reader) -> Iterator[tuple[str, Due]]:
    """Thirty days with near relatives are free of registration (Art. 12); then it is due."""
    kind = codes.table("living_kind").find("居民家中")
    for stay, person, place in _stays(read, Tenancy.end.is_(None), Person.living_kind == kind, Person.reported_on.is_(None)):
        if stay.start is not None:
            until = stay.start + timedelta(days=RELATIVE_DAYS)
            yield "relative_exempt", Due("relative_exempt", "person", person.id, person.name, place, until,
                                         (until - read.today).days)


def _hazards(read: Reader) -> Iterator[tuple[str, Due]]:
    shut = [hazards.state(hazards.CLOSED), hazards.state(hazards.CANCELLED)]
    for h in read.records(sa.select(Hazard).where(Hazard.deleted.is_not(True), Hazard.due_on.is_not(None),
                                                  Hazard.state.not_in(shut))):
        assert h.due_on is not None
        yield "hazard_due", Due("hazard_due", "hazard", h.id, h.content, h.place or "", h.due_on, (h.due_on - read.today).days)


#: rule → title, basis; the order is that of the list
RULES: dict[str, tuple[str, str]] = {
    "foreigner_24h": (N_("境外人员 24 小时内报公安"), N_("出境入境管理法第三十九条")),
    "landlord_report_start": (N_("新入住待报送公安"), N_("条例第九条：3 个工作日内")),
    "landlord_report_end": (N_("退租待报送公安"), N_("条例第九条：3 个工作日内")),
    "hazard_due": (N_("隐患整改到期"), N_("整改通知书期限")),
    "relative_exempt": (N_("投靠近亲属满 30 日应登记"), N_("条例第十二条")),
    "permit_endorse": (N_("居住证签注"), N_("条例第十九条：每年签注一次")),
    "permit_eligible": (N_("登记满半年可申领居住证"), N_("条例第十六条")),
}


def due(read: Reader, calendar: Calendar | None = None, each: int = 50) -> list[Group]:
    """Everything that is due, grouped by rule, the most pressing first inside each; empty groups are left out."""
    calendar = calendar or Calendar.load(None)
    sources: list[Callable[[], Iterator[tuple[str, Due]]]] = [
        lambda: _reporting(read, calendar), lambda: _permits(read), lambda: _relatives(read), lambda: _hazards(read)]
    found: dict[str, list[Due]] = {}
    for source in sources:
        for rule, one in source():
            found.setdefault(rule, []).append(one)
    return [Group(rule, title, basis, len(found[rule]), sum(d.left < 0 for d in found[rule]),
                  tuple(sorted(found[rule], key=lambda d: (d.day, d.label))[:each]))
            for rule, (title, basis) in RULES.items() if rule in found]


@dataclass(frozen=True)
class Figures:
    """The counts at the top of 今日."""

    people: int
    houses: int
    rooms: int
    hazards: int
    patrols: int
    unreported: int


def figures(read: Reader) -> Figures:
    """How much the register holds today."""
    from gridapp.work import houses, patrols, people

    rooms = read.scalar(sa.select(sa.func.count()).select_from(Room).where(Room.deleted.is_not(True)))
    counted = people.count_people(read)
    return Figures(counted[people.LIVING], houses.count_houses(read)[houses.OPEN], rooms,
                   hazards.count_hazards(read)[hazards.OPEN], patrols.count_patrols(read)[patrols.ALL], counted[people.UNREPORTED])
