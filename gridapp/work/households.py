"""Households (户): the people of one room with the one who rents it as their head; a change of one is written down at all of them.

What happened stands as a step at the stay of every member; no names in it, so that who is erased by law is named nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes, idnumber
from gridapp.ledger import LOOK, REGISTER, REVIEW, Acting, Reader, needs, verb
from gridapp.records import Officer, Person, Step, Tenancy
from gridapp.texts import N_, _
from gridapp.work import kinship, people, tenancies

MACHINE = "household"
#: who is older registers as a tenant of their own
CHILD_UNTIL = 16
#: what happened, in the words of the story
HEAD_CHANGED, RELATIONS, SPLIT, LEFT_BY, MERGED, JOINED, BORN, DIED = "变更户主", "改正关系", "分出", "有人分出", "并入", "有人并入", "出生", "死亡"


class NothingChanged(Mistake):
    """The head is the head, and every relation is as it was told."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”已经是这一户的户主，关系也没有改动。").format(name))


class NotOfThisHousehold(Mistake):
    """Somebody who lives in another room."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”没有住在这一户，没有办理。请重新打开这个人再选。").format(name))


class HeadNeeded(Mistake):
    """The head leaves or has died, and others stay."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”是户主，还有人留在这一户。请先选好新的户主再办理。").format(name))


class SomebodysHome(Mistake):
    """A household of its own in a room where another one lives."""

    def __init__(self, place: str) -> None:
        super().__init__(_("{0}已经住着一户。请选空房间，或者用“并户”。").format(place))


class NoChild(Mistake):
    """Born too long ago to be registered as a birth."""

    def __init__(self) -> None:
        super().__init__(_("出生登记只用于 {0} 周岁以下的孩子。年满的请用“本室加一人”登记。").format(CHILD_UNTIL + 1))


class NotYet(Mistake):
    """A change of a household on a day that has not come."""

    def __init__(self, day: date) -> None:
        super().__init__(_("日期 {0} 在今天以后，没有办理。请改成当天或更早的日期。").format(day))


@dataclass(frozen=True)
class Member:
    """One who lives in the household: the stay, the person, what they are to the head (code)."""

    stay: UUID
    person: UUID
    name: str
    relation: str | None
    start: date | None


@dataclass(frozen=True)
class Home:
    """A household: its room and its people, the head first."""

    room: UUID
    place: str
    members: tuple[Member, ...]

    @property
    def head(self) -> Member | None:
        """Who rents the room; of several, or where nobody is told to, the one who came first and is nobody's spouse or child."""
        rents = next((m for m in self.members if kinship.is_head(m.relation)), None)
        return rents or next((m for m in self.members if m.relation is None), None)

    def is_head(self, person: UUID) -> bool:
        return self.head is not None and self.head.person == person

    def of(self, person: UUID) -> Member:
        return next(m for m in self.members if m.person == person)

    def but(self, *persons: UUID) -> tuple[Member, ...]:
        return tuple(m for m in self.members if m.person not in persons)

    def _to_head(self, member: Member) -> str | None:
        return kinship.code_of(kinship.HEAD) if self.is_head(member.person) else member.relation

    def seen_from(self, person: UUID, members: Collection[Member] | None = None) -> dict[UUID, str | None]:
        """What the others, or those who are told, are to this person, by what they are to the head; who rented the room with the head shares it."""
        new = self._to_head(self.of(person))
        others = {m.person: self._to_head(m) for m in (self.members if members is None else members) if m.person != person}
        if kinship.is_head(new):
            return {other: kinship.code_of(kinship.SHARING) if kinship.is_head(was) else was for other, was in others.items()}
        return {other: kinship.seen_from(new, was) for other, was in others.items()}


@needs(LOOK)
def household(read: Reader, person_id: UUID) -> Home:
    """The household a person lives in. Raises Gone, NotLiving."""
    person = read.get(Person, person_id)
    stay = tenancies.open_stay(read, person_id)
    if stay is None:
        raise tenancies.NotLiving(person.name)
    return _home(read, stay.room)


def _home(read: Reader, room: UUID) -> Home:
    asked = (sa.select(Tenancy.id, Tenancy.person, Person.name, Tenancy.relation, Tenancy.start).join(Person, Person.id == Tenancy.person)
             .where(Tenancy.room == room, Tenancy.end.is_(None), Tenancy.deleted.is_not(True)).order_by(Tenancy.start.nulls_first(), Tenancy.seq))
    found = [Member(*row) for row in read.rows(asked)]
    home = Home(room, tenancies.place_of(read, room), tuple(found))
    return Home(home.room, home.place, tuple(sorted(found, key=lambda m: not home.is_head(m.person))))


@dataclass(frozen=True)
class HouseholdChange:
    """A line of what happened in the households somebody lived in: what they were afterwards."""

    day: date
    what: str
    relation: str
    who: str


@needs(LOOK)
def household_story(read: Reader, person_id: UUID) -> list[HouseholdChange]:
    """What happened in the households a person lived in, newest first."""
    stays = sa.select(Tenancy.id).where(Tenancy.person == person_id, Tenancy.deleted.is_not(True))
    asked = sa.select(Step).where(Step.machine == MACHINE, Step.matter.in_([row.id for row in read.rows(stays)]), Step.deleted.is_not(True))
    return [HouseholdChange(s.day, s.step, s.state, s.who or "") for s in read.records(asked.order_by(Step.day.desc(), Step.seq.desc()))]


@dataclass(frozen=True)
class AtHome:
    """Beside a person's card: who lives with them now (None: they live nowhere), and what happened in their households."""

    home: Home | None
    changes: tuple[HouseholdChange, ...]


@needs(LOOK)
def at_home(read: Reader, person_id: UUID) -> AtHome:
    """The household of a person as it is and as it came to be. Raises Gone."""
    stay = tenancies.open_stay(read, read.get(Person, person_id).id)
    return AtHome(_home(read, stay.room) if stay is not None else None, tuple(household_story(read, person_id)))


# ---------------------------------------------------------------- the verbs

Relations = Mapping[UUID, str | None]


@verb(N_("变更户主"), REGISTER)
def change_head(act: Acting, person_id: UUID, relations: Relations | None = None, day: date | None = None) -> int:
    """Make somebody the head of the household they live in; `relations` (person → code) where they are not what kinship tells.

    Of the head it is already, only the relations are put right. Returns how many live there. Raises Gone, NotLiving, NothingChanged, NotYet.
    """
    home, day = household(act, person_id), _day(act, day)
    new = home.of(person_id)
    was_head = kinship.is_head(new.relation) and sum(kinship.is_head(m.relation) for m in home.members) == 1
    told = home.seen_from(person_id) | dict(relations or {})
    if was_head and all(told[m.person] == m.relation for m in home.but(person_id)):
        raise NothingChanged(new.name)
    _relate(act, home.members, person_id, told)
    _tell(act, {m.stay: RELATIONS if was_head else HEAD_CHANGED for m in home.members}, day)
    return len(home.members)


@verb(N_("分户"), REGISTER)
def split_household(act: Acting, members: Sequence[UUID], room_id: UUID, day: date, relations: Relations | None = None) -> UUID:
    """Some people of a household move into an empty room and are one of their own; the first of them is its head. Returns the room.

    Raises Gone, NotLiving, NotOfThisHousehold, HeadNeeded, SomebodysHome, HouseClosed, SameRoom, NotYet, Refused.
    """
    home, day = household(act, members[0]), _day(act, day)
    there = {m.person for m in home.members}
    for person in members:
        if person not in there:
            raise NotOfThisHousehold(act.get(Person, person).name)
    stays = home.but(*members)
    gone = [m for m in home.members if m.person in members]
    if stays and home.head in gone:
        raise HeadNeeded(home.head.name if home.head else "")
    if room_id != home.room and _home(act, room_id).members:
        raise SomebodysHome(tenancies.place_of(act, room_id))
    told = home.seen_from(members[0], gone) | dict(relations or {})
    new = {_move(act, person, room_id, day, told.get(person), head=person == members[0]): SPLIT for person in members}
    _tell(act, new, day)
    _tell(act, {m.stay: LEFT_BY for m in stays}, day)
    return room_id


@verb(N_("并户"), REGISTER)
def merge_households(act: Acting, person_id: UUID, room_id: UUID, day: date, relations: Relations | None = None) -> UUID:
    """The whole household of a person moves to another room; where a household lives there, they become part of it under its head.

    Whoever is not told of becomes 同住. Returns the room. Raises Gone, NotLiving, HouseClosed, SameRoom, NotYet, Refused.
    """
    home, day = household(act, person_id), _day(act, day)
    there = _home(act, room_id) if room_id != home.room else home
    sharing = {m.person: kinship.code_of(kinship.SHARING) for m in home.members} if there.head is not None else {m.person: m.relation for m in home.members}
    told = sharing | dict(relations or {})
    new = {_move(act, m.person, room_id, day, told[m.person]): MERGED for m in home.members}
    _tell(act, new | {m.stay: JOINED for m in there.members}, day)
    return room_id


@verb(N_("登记出生"), REGISTER)
def register_birth(act: Acting, parent_id: UUID, *, name: str, birth: date, relation: str | None = None, start: date | None = None, **values: Any) -> UUID:
    """Register a child into the household of a parent, who is the guardian unless another is told; it lives there from its birth on, or since the parent does.

    Returns the child. Raises Gone, NotLiving, NoChild, AlreadyRegistered, Refused.
    """
    home, parent = household(act, parent_id), act.get(Person, parent_id)
    if birth <= act.today and idnumber.age(birth, act.today) > CHILD_UNTIL:
        raise NoChild
    told = {n: v for n, v in values.items() if v is not None}
    child = people.register_person(act, **{"agent_name": parent.name, "agent_phone": parent.phone, "id_kind": idnumber.RESIDENT} | told, name=name, birth=birth)
    here = home.of(parent_id)
    near = home.is_head(parent_id) or kinship.name_of(here.relation) == kinship.SPOUSE
    of_head = relation or kinship.code_of(kinship.CHILD if near else kinship.RELATIVE)
    stay = tenancies.move_in(act, child, home.room, start or max(birth, here.start or birth), of_head)
    _tell(act, {m.stay: BORN for m in home.members} | {stay: BORN}, birth)
    return child


@verb(N_("登记死亡"), REVIEW)
def register_death(act: Acting, person_id: UUID, day: date, head: UUID | None = None, relations: Relations | None = None, note: str | None = None) -> UUID:
    """Somebody has died: the stay ends that day with this reason, the person is closed, and where they were the head another one (`head`) is.

    Raises Gone, HeadNeeded, NotOfThisHousehold, NotYet, Refused.
    """
    person, day = act.get(Person, person_id), _day(act, day)
    stay = tenancies.open_stay(act, person_id)
    if stay is not None:
        _leave_by_death(act, _home(act, stay.room), person, day, head, relations or {})
    return people.close_person(act, person_id, day, codes.table("close_reason").find("死亡") or "", note)


def _leave_by_death(act: Acting, home: Home, person: Person, day: date, head: UUID | None, relations: Relations) -> None:
    dead, others = home.of(person.id), home.but(person.id)
    if others and home.is_head(person.id) and not any(kinship.is_head(m.relation) for m in others):
        if head is None:
            raise HeadNeeded(person.name)
        if head not in {m.person for m in others}:
            raise NotOfThisHousehold(act.get(Person, head).name)
        _relate(act, others, head, home.seen_from(head, others) | dict(relations))
    reason = codes.table("end_reason")
    tenancies.move_out(act, dead.stay, day, reason.find("死亡") or reason.find("其他"))
    _tell(act, {m.stay: DIED for m in home.members}, day)


def _day(act: Acting, day: date | None) -> date:
    """The day of a change, today when none is told. Raises NotYet."""
    if day is not None and day > act.today:
        raise NotYet(day)
    return day or act.today


def _relate(act: Acting, members: Collection[Member], head: UUID, told: Relations) -> None:
    """Give every member what they are to the head; there is one head."""
    for member in members:
        code = kinship.code_of(kinship.HEAD) if member.person == head else told.get(member.person)
        if code != member.relation:
            act.change(act.get(Tenancy, member.stay), relation=code)


def _move(act: Acting, person: UUID, room: UUID, day: date, relation: str | None, head: bool = False) -> UUID:
    return tenancies.change_room(act, person, room, day, kinship.code_of(kinship.HEAD) if head else relation)


def _tell(act: Acting, what: Mapping[UUID, str], day: date) -> None:
    """A line at each of these stays: what happened, and what the member is to the head from now on."""
    officer = act.one(sa.select(Officer).where(Officer.number == act.officer, Officer.deleted.is_not(True)))
    for stay, step in what.items():
        relation = kinship.name_of(act.get(Tenancy, stay).relation)
        act.add(Step(matter=stay, machine=MACHINE, step=step, state=relation or _("不详"), day=day, who=officer.name if officer else None,
                     officer=officer.id if officer else None))
