"""Tenancies (租住): move in, move out, change rooms, take a mistake back, and mark what was reported to the police."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mark, Mistake
from gridapp.ledger import Acting, Reader, verb
from gridapp.records import House, Officer, Person, Room, Tenancy
from gridapp.texts import N_, _
from gridapp.work import people


class LivesElsewhere(Mistake):
    """One person, one room at a time."""

    def __init__(self, name: str, place: str) -> None:
        super().__init__(_("“{0}”现在登记住在{1}。请办理“换房”，或先办理退租。").format(name, place))


class NotLiving(Mistake):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”没有在住的登记，不能办理这一项。").format(name))


class Ended(Mistake):
    def __init__(self) -> None:
        super().__init__(_("这次租住已经办过退租。如果办错了，请用“取消退租”。"))


def open_stay(read: Reader, person_id: UUID) -> Tenancy | None:
    """The tenancy a person lives in now."""
    return read.one(sa.select(Tenancy).where(
        Tenancy.person == person_id, Tenancy.end.is_(None), Tenancy.deleted.is_not(True)).order_by(Tenancy.seq.desc()))


def place_of(read: Reader, room_id: UUID) -> str:
    """'青后叶前街125号 101' for a sentence."""
    row = next(iter(read.rows(sa.select(House.address, Room.room_no).join(House, House.id == Room.house)
                              .where(Room.id == room_id))), None)
    return f"{row.address} {row.room_no}" if row else ""


def person_of(read: Reader, tenancy_id: UUID) -> UUID:
    """Whose tenancy it is. Raises Gone."""
    return read.get(Tenancy, tenancy_id).person


def _registrar(act: Acting) -> UUID | None:
    found: UUID | None = act.scalar(sa.select(Officer.id).where(Officer.number == act.officer))
    return found


@verb(N_("登记租客"))
def register_tenant(act: Acting, room_id: UUID | None, start: date | None, relation: str | None = None, rent: int | None = None,
                    **values: Any) -> UUID:
    """Register a migrant and let them move in, as one act; somebody known by the same paper is moved in as they are.

    Raises AlreadyRegistered (lives elsewhere already: LivesElsewhere), Refused, BadNumber.
    """
    known = people.same_paper(act, values.get("id_kind"), values.get("id_no"))
    person = known.id if known is not None else people.register_person(act, **values)
    if known is not None:
        act.change(known, **{n: v for n, v in values.items() if v is not None})
    if room_id is not None:
        move_in(act, person, room_id, start or act.today, relation, rent=rent)
    return person


@verb(N_("办理入住"))
def move_in(act: Acting, person_id: UUID, room_id: UUID, start: date, relation: str | None = None, **values: Any) -> UUID:
    """Begin a tenancy. Raises Gone, LivesElsewhere, Refused; a crowded room is a warning (省应急厅 2022: 2 人/居室, 6 ㎡/人)."""
    person, room = act.get(Person, person_id), act.get(Room, room_id)
    if person.closed_on is not None:
        act.change(person, closed_on=None, closed_why=None, closed_note=None)
    stay = open_stay(act, person_id)
    if stay is not None:
        raise LivesElsewhere(person.name, place_of(act, stay.room))
    act.marks += _crowding(act, room)
    return act.add(Tenancy(person=person_id, room=room_id, start=start, relation=relation, registrar=_registrar(act),
                           **values)).id


def _crowding(act: Acting, room: Room) -> list[Mark]:
    there = act.scalar(sa.select(sa.func.count()).select_from(Tenancy).where(
        Tenancy.room == room.id, Tenancy.end.is_(None), Tenancy.deleted.is_not(True))) + 1
    if room.max_people and there > room.max_people:
        return [Mark("room", "warn", "crowded", _("这间房核定 {0} 人，办理后有 {1} 人，请核对。").format(room.max_people, there))]
    if room.area and there * 600 > room.area:
        return [Mark("room", "warn", "crowded", _("办理后人均不足 6 平方米，请提醒房主。"))]
    return []


@verb(N_("办理退租"))
def move_out(act: Acting, tenancy_id: UUID, end: date, why: str | None = None, to: str | None = None) -> UUID:
    """End a tenancy (离开). Raises Gone, Ended, Refused."""
    stay = act.get(Tenancy, tenancy_id)
    if stay.end is not None:
        raise Ended
    return act.change(stay, end=end, end_why=why, end_to=to).id


@verb(N_("取消退租"))
def cancel_move_out(act: Acting, tenancy_id: UUID) -> UUID:
    """The officer ended the wrong one: it goes on as if it had not ended. Raises LivesElsewhere, NotLiving."""
    stay = act.get(Tenancy, tenancy_id)
    person = act.get(Person, stay.person)
    other = open_stay(act, stay.person)
    if other is not None and other.id != stay.id:
        raise LivesElsewhere(person.name, place_of(act, other.room))
    return act.change(stay, end=None, end_why=None, end_to=None, end_reported_on=None, end_reported_batch=None).id


@verb(N_("换房"))
def change_room(act: Acting, person_id: UUID, room_id: UUID, day: date) -> UUID:
    """End the present tenancy and begin one in another room on the same day. Raises NotLiving, Refused."""
    from gridapp.fields import codes

    person, room = act.get(Person, person_id), act.get(Room, room_id)
    stay = open_stay(act, person_id)
    if stay is None:
        raise NotLiving(person.name)
    act.change(stay, end=day, end_why=codes.table("end_reason").find("换房"))
    act.marks += _crowding(act, room)
    return act.add(Tenancy(person=person_id, room=room_id, start=day, relation=stay.relation, registrar=_registrar(act))).id


@verb(N_("标记已报送公安"))
def mark_reported(act: Acting, tenancies: Iterable[UUID], day: date, batch: str) -> int:
    """Mark beginnings and ends of tenancies, and their people, as reported to the police (条例 Art. 9); returns how many."""
    count = 0
    for tenancy_id in tenancies:
        stay = act.get(Tenancy, tenancy_id)
        person = act.get(Person, stay.person)
        if stay.end is not None:
            act.change(stay, end_reported_on=day, end_reported_batch=batch)
        if stay.reported_on is None:
            act.change(stay, reported_on=day, reported_batch=batch)
        if person.reported_on is None:
            act.change(person, reported_on=day, reported_batch=batch)
        count += 1
    return count
