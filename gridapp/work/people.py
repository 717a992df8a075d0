"""People (流动人口): register, correct, close and reopen; the lists and cards the window shows."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from gridapp.errors import Mistake
from gridapp.fields import idnumber, phones
from gridapp.ledger import LOOK, PLAIN, REGISTER, REVEAL, REVIEW, Acting, Reader, needs, verb
from gridapp.records import House, Person, Room, Tenancy
from gridapp.texts import N_, _
from gridapp.work import aliases, ordering, village
from gridapp.work.masking import masked


class AlreadyRegistered(Mistake):
    """The same paper number is in the register."""

    def __init__(self, person: Person) -> None:
        super().__init__(_("这个证件号码已登记给“{0}”（登记日期 {1}）。请打开已有的登记办理入住或修改。").format(
            person.name, person.registered_on or _("不详")))
        self.person = person.id


class StillLiving(Mistake):
    """Closing somebody who lives in a room."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”还住在登记的房间里，请先办理退租，再注销。").format(name))


@needs(REVEAL)
def same_paper(read: Reader, id_no: str | None, but: UUID | None = None) -> Person | None:
    """The person registered with this paper, if any (an index look-up; no UNIQUE: two PCs may register the same).

    The 15 digits of old and the 18 they grew to are one paper.
    """
    if not id_no:
        return None
    asked = sa.select(Person).where(Person.id_no.in_(list(idnumber.spellings(id_no))), Person.deleted.is_not(True),
                                    Person.unmerged()).order_by(Person.seq)
    with read.every_grid():
        return next((p for p in read.records(asked) if p.id != but), None)


@verb(N_("登记人员"), REGISTER)
def register_person(act: Acting, **values: Any) -> UUID:
    """Register a migrant; what the number tells is filled in. Raises AlreadyRegistered, Refused."""
    person = Person(**{"id_kind": idnumber.RESIDENT, "registered_on": act.today} | values)
    twin = same_paper(act, person.id_no)
    if twin is not None:
        raise AlreadyRegistered(twin)
    with suppress(idnumber.BadNumber):  # adding says what is wrong with it
        person.fill_from_number(act.today)
    act.add(person)
    act.marks += village.home_marks(person.hukou_code, village.own_county(act))
    return person.id


@verb(N_("修改人员"), REGISTER)
def correct_person(act: Acting, person_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change fields of a person. Raises Gone, AlreadyRegistered, Refused, ChangedMeanwhile."""
    person, told = act.get(Person, person_id), values.get("id_no")
    twin = same_paper(act, told, but=person_id) if told != person.id_no else None
    if twin is not None:
        raise AlreadyRegistered(twin)
    if values.get("hukou_code", person.hukou_code) != person.hukou_code:
        act.marks += village.home_marks(values["hukou_code"], village.own_county(act))
    return act.change(person, seen=seen, **values).id


@verb(N_("注销人员"), REVIEW)
def close_person(act: Acting, person_id: UUID, day: date, why: str, note: str | None = None) -> UUID:
    """Close (注销) a person with date and reason; nothing is deleted. Raises Gone, StillLiving."""
    person = act.get(Person, person_id)
    if act.scalar(sa.select(sa.func.count()).select_from(Tenancy).where(
            Tenancy.person == person_id, Tenancy.end.is_(None), Tenancy.deleted.is_not(True))):
        raise StillLiving(person.name)
    return act.change(person, closed_on=day, closed_why=why, closed_note=note).id


@verb(N_("取消注销人员"), REVIEW)
def reopen_person(act: Acting, person_id: UUID) -> UUID:
    """Take a closing back (取消注销). Raises Gone."""
    return act.change(act.get(Person, person_id), closed_on=None, closed_why=None, closed_note=None).id


# ---------------------------------------------------------------- questions

@dataclass(frozen=True)
class PersonRow:
    """One line of the list; number and phone are masked."""

    id: UUID
    name: str
    number: str
    phone: str
    place: str
    state: str


#: filter of the list → title
LIVING, LEFT, CLOSED, ALL, NEW, UNREPORTED = "living", "left", "closed", "all", "new", "unreported"
FILTERS = {LIVING: N_("在住"), NEW: N_("本月新登"), UNREPORTED: N_("未报送"), LEFT: N_("已离开"), CLOSED: N_("已注销"),
           ALL: N_("全部")}


def _open() -> sa.ColumnElement[bool]:
    return sa.and_(Tenancy.person == Person.id, Tenancy.end.is_(None), Tenancy.deleted.is_not(True))


_lives = sa.exists(sa.select(Tenancy.seq).where(_open()).correlate(Person))


def _shown(read: Reader) -> dict[str, sa.ColumnElement[bool]]:
    """What each filter shows of those that stand on the register."""
    return {
        LIVING: sa.and_(_lives, Person.closed_on.is_(None)),
        LEFT: sa.and_(~_lives, Person.closed_on.is_(None)),
        CLOSED: Person.closed_on.is_not(None),
        NEW: Person.registered_on >= read.today.replace(day=1),
        UNREPORTED: sa.and_(Person.reported_on.is_(None), Person.closed_on.is_(None)),
        ALL: sa.true(),
    }


def _condition(read: Reader, which: str) -> sa.ColumnElement[bool]:
    return sa.and_(Person.deleted.is_not(True), Person.unmerged(), _shown(read)[which])


@needs(PLAIN)
def count_people(read: Reader) -> dict[str, int]:
    """How many people each filter shows: one pass over the register, and whoever is on it and does not live here has left."""
    def many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

    asked = {which: many(condition) for which, condition in (_shown(read) | {LEFT: Person.closed_on.is_(None)}).items()}
    [row] = read.rows(sa.select(*asked.values()).select_from(Person).where(_condition(read, ALL)))
    told = dict(zip(asked, map(int, row), strict=True))
    told[LEFT] -= told[LIVING]
    return {which: told[which] for which in FILTERS}


_home = (sa.select(House.address + " " + Room.room_no).join(Room, Room.house == House.id).join(Tenancy, Tenancy.room == Room.id).where(_open())
         .order_by(Tenancy.seq.desc()).limit(1).correlate(Person).scalar_subquery())
_state = sa.case((Person.closed_on.is_not(None), 2), (_lives, 0), else_=1)
#: the same, so told that the index of the closed ones is used
_IN_STATE = (sa.and_(_lives, Person.closed_on.is_(None)), sa.and_(~_lives, Person.closed_on.is_(None)), Person.closed_on.is_not(None))
#: what the list is sorted by. Numbers are not: where somebody stands among others whose numbers are known would tell what is masked (adr 0023).
#: Names stand by their characters, as an index keeps them: everybody of one surname together
KEYS: ordering.Keys = {"name": (Person.name,), "place": (sa.func.coalesce(_home, ""),), "state": (_state,)}
#: of everybody, names are read beside the states and sorted then: looked up one by one in the order of names a million took 20 s
_AWAY: ordering.Keys = {**KEYS, "name": (Person.name + "",)}
#: the state of everybody a filter shows, where it is one; filters that show so many that the first addresses fill a page
ONE_STATE, DENSE = {LIVING: 0, LEFT: 1, CLOSED: 2}, (LIVING, UNREPORTED, ALL)
#: so many addresses are looked at for a first page, then again so many
ADDRESSES, TRIES = 40, 3
_COLUMNS = (Person.seq, Person.id, Person.name, Person.id_no, Person.phone, Person.closed_on)


def _order(sort: str) -> list[Any]:
    return ordering.order(sort, KEYS, (Person.seq.desc(),), Person.seq)


@needs(LOOK)
def list_people(read: Reader, which: str = LIVING, offset: int = 0, limit: int = 200,
                ids: Sequence[UUID] | None = None, sort: str = "", seqs: Sequence[int] | None = None) -> list[PersonRow]:
    """A page of the list, newest registration first or sorted; `ids` narrows it to what a search found, `seqs` are the row numbers of a page far down."""
    rows = None if offset or ids is not None or seqs is not None else _first_page(read, which, sort, limit)
    if rows is None:
        condition = _condition(read, which) if ids is None else Person.id.in_(ids)
        rows = ordering.page(sa.select(*_COLUMNS).where(condition), read, Person.seq, _order(sort), offset, limit, seqs)
    homes = _homes(read, [r.id for r in rows])
    return [PersonRow(r.id, r.name, idnumber.mask(r.id_no or ""), phones.mask(r.phone or ""), homes.get(r.id, ""),
                      CLOSED if r.closed_on else LIVING if homes.get(r.id) else LEFT) for r in rows]


def _first_page(read: Reader, which: str, sort: str, limit: int) -> Sequence[sa.Row[Any]] | None:
    """The first page by a column no index of people has, without looking at everybody (of a million: 10 ms, not seconds); None: ask as usual.

    By state: first all who live here, then all who left, then the closed ones. By place: address by address.
    """
    name, down = sort.removeprefix("-"), sort.startswith("-")
    asked, last = sa.select(*_COLUMNS).where(_condition(read, which)), Person.seq.desc() if down else Person.seq
    if name == "state":
        states = [ONE_STATE[which]] if which in ONE_STATE else [0, 1, 2]
        return ordering.one_after_another([asked.where(_IN_STATE[state]).order_by(last) for state in (reversed(states) if down else states)], read, limit)
    if name != "place" or which not in DENSE:
        return None
    nowhere = [] if which == LIVING or down else read.rows(asked.where(~_lives).order_by(last).limit(limit))
    there = _by_address(read, asked, down, limit - len(nowhere)) if len(nowhere) < limit else []
    return [*nowhere, *there] if len(nowhere) + len(there) == limit else None


def _by_address(read: Reader, asked: sa.Select[*tuple[Any, ...]], down: bool, limit: int) -> list[sa.Row[Any]]:
    """Those who live at the first addresses, `limit` of them at most; fewer where few are asked for (whoever asks then asks as usual)."""
    later = aliased(Tenancy)
    last_of = ~sa.exists(sa.select(later.seq).where(later.person == Person.id, later.end.is_(None), later.deleted.is_not(True), later.seq > Tenancy.seq))
    asked = asked.join(Tenancy, _open()).join(Room, Room.id == Tenancy.room).join(House, House.id == Room.house).where(last_of)
    order = [key.desc() if down else key for key in (House.address, Room.room_no, Person.seq)]
    found, edge, addresses = list[sa.Row[Any]](), sa.true(), sa.select(House.address).distinct().order_by(order[0]).limit(ADDRESSES)
    for _try in range(TRIES):
        told = [row.address for row in read.rows(addresses.where(edge))]
        found += read.rows(asked.where(House.address.in_(told)).order_by(*order).limit(limit - len(found)))
        if len(found) >= limit or len(told) < ADDRESSES:
            break
        edge = House.address < told[-1] if down else House.address > told[-1]
    return found


@needs(LOOK)
def arrange_people(read: Reader, which: str = LIVING, sort: str = "") -> str:
    """How the whole list stands (see ordering.arranged)."""
    return ordering.arranged(sa.select(Person).where(_condition(read, which)), read, Person.seq, ordering.order(sort, _AWAY, (Person.seq.desc(),), Person.seq))


def _homes(read: Reader, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Where these people live now; of two stays that are open (an undo may bring one back) the later.

    A question of its own: joined to the page it kept PostgreSQL under row-level security from its index (700 ms instead of 2).
    """
    asked = (sa.select(Tenancy.person, House.address, Room.room_no)
             .outerjoin(Room, Room.id == Tenancy.room).outerjoin(House, House.id == Room.house)
             .where(Tenancy.person.in_(ids), Tenancy.end.is_(None), Tenancy.deleted.is_not(True)).order_by(Tenancy.seq))
    return {person: f"{address} {room_no}" if address else "" for person, address, room_no in read.rows(asked)}


@dataclass(frozen=True)
class Stay:
    """One tenancy as a card shows it."""

    id: UUID
    room: UUID
    house: UUID
    place: str
    start: date | None
    end: date | None
    relation: str | None
    reported_on: date | None
    end_reported_on: date | None
    owner: str


@dataclass(frozen=True)
class PersonCard:
    """A person with all their stays, newest first; `record` is a copy with numbers masked, `age` what the masked day of birth comes to."""

    record: Person
    stays: tuple[Stay, ...]
    age: int | None = None

    @property
    def now(self) -> Stay | None:
        """Where they live; None for somebody who has left."""
        return next((s for s in self.stays if s.end is None), None)


@needs(LOOK)
def person_card(read: Reader, person_id: UUID) -> PersonCard:
    """Everything about one person, of those merged into them too. Raises Gone."""
    person_id = aliases.root(read, Person, person_id)
    asked = (sa.select(Tenancy, Room, House).join(Room, Room.id == Tenancy.room).join(House, House.id == Room.house)
             .where(Tenancy.person == person_id, Tenancy.deleted.is_not(True))
             .order_by(Tenancy.start.desc().nulls_last(), Tenancy.seq.desc()))
    stays = tuple(Stay(t.id, r.id, h.id, f"{h.address} {r.room_no}", t.start, t.end, t.relation, t.reported_on, t.end_reported_on,
                       f"{h.owner_name or ''} {phones.mask(h.owner_phone or '')}".strip()) for t, r, h in read.rows(asked))
    person = read.get(Person, person_id)
    read.opened(person)
    return PersonCard(masked(person), stays, idnumber.age(person.birth, read.today) if person.birth else None)


@needs(LOOK)
def known_by(read: Reader, id_no: str) -> PersonCard | None:
    """Who is registered with this paper number already, in whichever grid."""
    read.sought(id_no)
    found = same_paper(read, id_no)
    with read.every_grid():
        return person_card(read, found.id) if found is not None else None
