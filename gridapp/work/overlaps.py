"""Stays that cannot both be (重叠): two open ones of one person, and stays in a room or house that was given up on another PC.

Neither is an error: both are true statements of different times. They are listed with what is suggested, and a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes
from gridapp.ledger import LOOK, REVIEW, Acting, Reader, needs, verb
from gridapp.records import House, Person, Room, Tenancy
from gridapp.texts import N_, _
from gridapp.work.tenancies import Ended


class NotTheSame(Mistake):
    """Two stays of two people."""

    def __init__(self) -> None:
        super().__init__(_("这两次租住不是同一个人的，不能这样处理。请刷新后再看。"))


@dataclass(frozen=True)
class Overlap:
    """Two open stays of one person; suggested is to end the older on the day the newer began."""

    person: UUID
    name: str
    older: UUID
    older_place: str
    newer: UUID
    newer_place: str
    day: date | None

    @property
    def why(self) -> str:
        return _("“{0}”在两处都登记在住。建议前一处（{1}）从 {2} 起办理退租。").format(self.name, self.older_place, self.day or _("搬走那天"))


@needs(LOOK)
def overlaps(read: Reader) -> list[Overlap]:
    """Every person with more than one open stay in a village, each stay against the next one, by name."""
    here = sa.and_(Tenancy.end.is_(None), Tenancy.deleted.is_not(True))
    many = sa.select(Tenancy.person, Tenancy.scope).where(here).group_by(Tenancy.person, Tenancy.scope).having(sa.func.count() > 1).subquery()
    asked = (sa.select(Tenancy.id, Tenancy.person, Tenancy.start, Person.name, Room.room_no, House.address)
             .join(many, sa.and_(Tenancy.person == many.c.person, Tenancy.scope == many.c.scope))
             .join(Person, sa.and_(Person.id == Tenancy.person, Person.scope == Tenancy.scope))
             .outerjoin(Room, Room.id == Tenancy.room).outerjoin(House, House.id == Room.house)
             .where(here, Person.deleted.is_not(True), Person.unmerged())
             .order_by(Person.name, Tenancy.person, Tenancy.start.nulls_first(), Tenancy.id))
    return [Overlap(one.person, one.name, one.id, _place(one), two.id, _place(two), two.start)
            for one, two in pairwise(read.rows(asked)) if one.person == two.person]


def _place(row: sa.Row[*tuple[object, ...]]) -> str:
    told = row._mapping
    return " ".join(str(part) for part in (told["address"], told["room_no"]) if part)


@verb(N_("结束前一处租住"), REVIEW)
def end_older(act: Acting, older: UUID, newer: UUID) -> UUID:
    """Do what is suggested. Raises Gone, Ended, NotTheSame, Refused."""
    one, two = act.get(Tenancy, older), act.get(Tenancy, newer)
    if one.person != two.person:
        raise NotTheSame
    if one.end is not None:
        raise Ended
    return act.change(one, end=two.start or act.today, end_why=codes.table("end_reason").find("换房")).id


@dataclass(frozen=True)
class Unhoused:
    """An open stay where nobody can live by the register; `why` says what was given up."""

    tenancy: UUID
    person: UUID
    name: str
    place: str
    why: str


@needs(LOOK)
def unhoused(read: Reader) -> list[Unhoused]:
    """Open stays in rooms or houses that were closed or withdrawn, perhaps on another PC while somebody moved in."""
    gone = sa.or_(Room.deleted.is_(True), House.deleted.is_(True), Room.closed_on.is_not(None), House.closed_on.is_not(None))
    given_up = sa.select(Room.id).join(House, House.id == Room.house).where(gone)  # the few rooms first: asked of every stay, a million took 9 s
    asked = (sa.select(Tenancy.id, Tenancy.person, Person.name, Room.room_no, House.address, Room.deleted.label("no_room"),
                       House.deleted.label("no_house"), Room.closed_on.label("room_closed"), House.closed_on.label("house_closed"))
             .join(Person, sa.and_(Person.id == Tenancy.person, Person.scope == Tenancy.scope)).join(Room, Room.id == Tenancy.room)
             .join(House, House.id == Room.house)
             .where(Tenancy.room.in_(given_up), gone, Tenancy.end.is_(None), Tenancy.deleted.is_not(True), Person.deleted.is_not(True), Person.unmerged())
             .order_by(Person.name, Tenancy.id))
    return [Unhoused(r.id, r.person, r.name, _place(r), _given_up(r)) for r in read.rows(asked)]


def _given_up(row: sa.Row[*tuple[object, ...]]) -> str:
    told = row._mapping
    if told["no_house"] or told["no_room"]:
        return _("这间房的登记已经撤销。请办理换房或退租，或恢复这间房。")
    day = told["house_closed"] or told["room_closed"]
    return _("房屋（房间）已于 {0} 注销。请办理换房或退租，或取消注销。").format(day)
