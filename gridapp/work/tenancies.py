"""Tenancies (租住): move in, move out, change rooms, take a mistake back, and mark what was reported to the police."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mark, Mistake
from gridapp.fields import codes, idnumber
from gridapp.ledger import LOOK, REGISTER, Acting, Reader, needs, verb
from gridapp.records import House, Officer, Person, Room, Tenancy
from gridapp.texts import N_, _
from gridapp.work import people

#: 浙江省居住出租房屋消防安全管理规定 (domain.md 4.2): 6 ㎡ (in hundredths) for each person, children under 12 not counted
EACH, GROWN = 600, 12


class LivesElsewhere(Mistake):
    """One person, one room at a time."""

    def __init__(self, name: str, place: str) -> None:
        super().__init__(_("“{0}”现在登记住在{1}。请办理“换房”，或先办理退租。").format(name, place))


class NotLiving(Mistake):
    """Changing rooms without living in one."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”没有在住的登记，不能办理这一项。").format(name))


class SameRoom(Mistake):
    """Changing rooms into the one somebody lives in."""

    def __init__(self, name: str, place: str) -> None:
        super().__init__(_("“{0}”现在就住在{1}。请选择另一个房间。").format(name, place))


class HouseClosed(Mistake):
    """Moving into a house that is let no more."""

    def __init__(self, house: House) -> None:
        super().__init__(_("“{0}”已于 {1} 注销，不能办理入住。请先取消注销房屋，或选择别的房间。").format(house.address, house.closed_on))


class NotEnded(Mistake):
    """Taking back a moving out that was never told."""

    def __init__(self) -> None:
        super().__init__(_("这次租住没有办过退租，不用取消。请刷新后再看。"))


class Ended(Mistake):
    """Moving out twice."""

    def __init__(self) -> None:
        super().__init__(_("这次租住已经办过退租。如果办错了，请用“取消退租”。"))


@needs(LOOK)
def open_stay(read: Reader, person_id: UUID) -> Tenancy | None:
    """The tenancy a person lives in now."""
    return read.one(sa.select(Tenancy).where(
        Tenancy.person == person_id, Tenancy.end.is_(None), Tenancy.deleted.is_not(True)).order_by(Tenancy.seq.desc()))


@needs(LOOK)
def place_of(read: Reader, room_id: UUID) -> str:
    """'青后叶前街125号 101' for a sentence."""
    row = next(iter(read.rows(sa.select(House.address, Room.room_no).join(House, House.id == Room.house)
                              .where(Room.id == room_id))), None)
    return f"{row.address} {row.room_no}" if row else ""


@needs(LOOK)
def person_of(read: Reader, tenancy_id: UUID) -> UUID:
    """Whose tenancy it is. Raises Gone."""
    return read.get(Tenancy, tenancy_id).person


def _registrar(act: Acting) -> UUID | None:
    found: UUID | None = act.scalar(sa.select(Officer.id).where(Officer.number == act.officer))
    return found


@verb(N_("登记租客"), REGISTER)
def register_tenant(act: Acting, room_id: UUID | None, start: date | None, relation: str | None = None, rent: int | None = None,
                    **values: Any) -> UUID:
    """Register a migrant and let them move in, as one act; somebody known by the same paper is corrected and moved in.

    What is told as None stays as it is, and 15 digits do not replace the 18 they grew to.
    Raises Gone, HouseClosed, LivesElsewhere, Refused.
    """
    known = people.same_paper(act, values.get("id_no"))
    person = known.id if known is not None else people.register_person(act, **values)
    if known is not None:
        shorter = len(values["id_no"]) < len(known.id_no or "")
        people.correct_person(act, person, **{n: v for n, v in values.items() if v is not None and not (n == "id_no" and shorter)})
    if room_id is not None:
        move_in(act, person, room_id, start or act.today, relation, rent=rent)
    return person


@verb(N_("办理入住"), REGISTER)
def move_in(act: Acting, person_id: UUID, room_id: UUID, start: date, relation: str | None = None, **values: Any) -> UUID:
    """Begin a tenancy; somebody who was closed is registered again. A crowded room and a stay that overlaps are warnings.

    Raises Gone, HouseClosed, LivesElsewhere, Refused.
    """
    person, room = act.get(Person, person_id), _let(act, room_id)
    stay = open_stay(act, person_id)
    if stay is not None:
        raise LivesElsewhere(person.name, place_of(act, stay.room))
    _reopen(act, person)
    act.marks += [*_crowding(act, room, person), *_overlap(act, person_id, start)]
    return act.add(Tenancy(person=person_id, room=room_id, start=start, relation=relation, registrar=_registrar(act),
                           **values)).id


def _let(act: Acting, room_id: UUID) -> Room:
    """The room somebody is to live in. Raises Gone, HouseClosed."""
    room = act.get(Room, room_id)
    house = act.get(House, room.house)
    if house.closed_on is not None:
        raise HouseClosed(house)
    return room


def _reopen(act: Acting, person: Person) -> None:
    """Nobody lives here and is closed at once."""
    if person.closed_on is not None:
        people.reopen_person(act, person.id)


def _crowding(act: Acting, room: Room, person: Person) -> list[Mark]:
    """Warnings: more people than the room or its house is for, or less than 6 ㎡ for each of 12 years and more (省应急厅 2022)."""
    births = [*act.rows(_living(sa.select(Person.birth)).where(Tenancy.room == room.id)), (person.birth,)]
    there, house = len(births), act.get(House, room.house)
    grown = sum(birth is None or idnumber.age(birth, act.today) >= GROWN for (birth,) in births)
    marks = []
    if room.max_people and there > room.max_people:
        marks.append(Mark("room", "warn", "crowded", _("这间房核定 {0} 人，办理后有 {1} 人，请核对。").format(room.max_people, there)))
    elif room.area and grown * EACH > room.area:
        marks.append(Mark("room", "warn", "crowded", _("办理后人均不足 6 平方米，请提醒房主。")))
    if house.max_people:
        lodgers = act.scalar(_living(sa.select(sa.func.count())).join(Room, Room.id == Tenancy.room).where(Room.house == house.id)) + 1
        if lodgers > house.max_people:
            marks.append(Mark("room", "warn", "house-full", _("这处房屋限住 {0} 人，办理后有 {1} 人，请核对。").format(
                house.max_people, lodgers)))
    return marks


def _living(asked: sa.Select[*tuple[Any, ...]]) -> sa.Select[*tuple[Any, ...]]:
    return asked.select_from(Tenancy).join(Person, Person.id == Tenancy.person).where(
        Tenancy.end.is_(None), Tenancy.deleted.is_not(True))


def _overlap(act: Acting, person_id: UUID, start: date | None) -> list[Mark]:
    """A warning where the person lived in another room at that time by the register."""
    last = act.one(sa.select(Tenancy).where(Tenancy.person == person_id, Tenancy.end > start, Tenancy.deleted.is_not(True))
                   .order_by(Tenancy.end.desc())) if start else None
    if last is None:
        return []
    return [Mark("start", "warn", "lived-elsewhere", _("登记里到 {0} 为止住在{1}，入住日期与它重叠，请核对。").format(
        last.end, place_of(act, last.room)))]


@verb(N_("办理退租"), REGISTER)
def move_out(act: Acting, tenancy_id: UUID, end: date, why: str | None = None, to: str | None = None) -> UUID:
    """End a tenancy (离开). Raises Gone, Ended, Refused."""
    stay = act.get(Tenancy, tenancy_id)
    if stay.end is not None:
        raise Ended
    return act.change(stay, end=end, end_why=why, end_to=to).id


@verb(N_("取消退租"), REGISTER)
def cancel_move_out(act: Acting, tenancy_id: UUID) -> UUID:
    """The officer ended the wrong one: it goes on as if it had not ended. Raises Gone, NotEnded, LivesElsewhere, HouseClosed."""
    stay = act.get(Tenancy, tenancy_id)
    if stay.end is None:
        raise NotEnded
    person = act.get(Person, stay.person)
    other = open_stay(act, stay.person)
    if other is not None:
        raise LivesElsewhere(person.name, place_of(act, other.room))
    _let(act, stay.room)
    _reopen(act, person)
    return act.change(stay, end=None, end_why=None, end_to=None, end_reported_on=None, end_reported_batch=None).id


@verb(N_("换房"), REGISTER)
def change_room(act: Acting, person_id: UUID, room_id: UUID, day: date, relation: str | None = None) -> UUID:
    """End the present tenancy and begin one in another room on the same day, with another relation to the tenant there if told.

    Raises Gone, HouseClosed, NotLiving, SameRoom, Refused.
    """
    person, room = act.get(Person, person_id), _let(act, room_id)
    stay = open_stay(act, person_id)
    if stay is None:
        raise NotLiving(person.name)
    if stay.room == room_id:
        raise SameRoom(person.name, place_of(act, room_id))
    act.change(stay, end=day, end_why=codes.table("end_reason").find("换房"))
    act.marks += _crowding(act, room, person)
    return act.add(Tenancy(person=person_id, room=room_id, start=day, relation=relation or stay.relation, registrar=_registrar(act))).id


@needs(LOOK)
def unreported_of(read: Reader, tenants: Collection[UUID]) -> list[UUID]:
    """The tenancies of these people of which something is not reported to the police (条例 Art. 9): the beginning, or an end."""
    open_ = sa.or_(Tenancy.reported_on.is_(None), sa.and_(Tenancy.end.is_not(None), Tenancy.end_reported_on.is_(None)))
    asked = sa.select(Tenancy.id).where(Tenancy.person.in_(tenants), Tenancy.deleted.is_not(True), open_).order_by(Tenancy.seq)
    return [row.id for row in read.rows(asked)]


@verb(N_("标记已报送公安"), REGISTER)
def mark_reported(act: Acting, tenancies: Iterable[UUID], day: date, batch: str) -> int:
    """Mark beginnings and ends of tenancies, and their people, as reported to the police (条例 Art. 9).

    What was reported before keeps its day and batch. Returns how many tenancies had something new. Raises Gone.
    """
    count = 0
    for stay in [act.get(Tenancy, tenancy_id) for tenancy_id in tenancies]:
        person, new = act.get(Person, stay.person), False
        if stay.end is not None and stay.end_reported_on is None:
            act.change(stay, end_reported_on=day, end_reported_batch=batch)
            new = True
        for record in (stay, person):
            if record.reported_on is None:
                act.change(record, reported_on=day, reported_batch=batch)
                new = True
        count += new
    return count
