"""Who may be registered already (可能已登记), asked while somebody new is typed: the same name and day of birth, the same phone, a name like it, in the same room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import idnumber, names, pinyin, variants
from gridapp.ledger import LOOK, Reader, needs
from gridapp.records import House, Person, Room, Tenancy
from gridapp.texts import N_, _

#: why somebody may be the one who is typed, strongest first
BIRTH, PHONE, SOUND, ROOM = "birth", "phone", "sound", "room"
REASONS = {BIRTH: N_("姓名、出生日期相同"), PHONE: N_("电话相同"), SOUND: N_("姓名相近、出生日期相同"), ROOM: N_("住在同一间房、姓名相近")}
SHOWN = 6
_AFTER = "\U0010ffff"


@dataclass(frozen=True)
class Likely:
    """Somebody registered: the number is masked; where they live now, '' for nowhere; `why` in words."""

    id: UUID
    name: str
    number: str
    place: str
    why: str


@needs(LOOK)
def likely(read: Reader, name: str = "", birth: date | None = None, phone: str = "", room: UUID | None = None, id_no: str = "") -> list[Likely]:
    """At most six, the surest first. Whoever has another valid number of a resident than `id_no` is somebody else; who has the same is told elsewhere."""
    found: dict[UUID, Likely] = {}
    for reason, row in _found(read, name, birth, phone, room):
        if row.id not in found and not _somebody_else(id_no, row.id_no or ""):
            place = f"{row.address} {row.room_no}" if row.address else ""
            found[row.id] = Likely(row.id, row.name, idnumber.mask(row.id_no or ""), place, _(REASONS[reason]))
    return list(found.values())[:SHOWN]


def _found(read: Reader, name: str, birth: date | None, phone: str, room: UUID | None) -> Iterator[tuple[str, sa.Row[tuple[object, ...]]]]:
    if name and birth:
        yield from ((BIRTH, row) for row in _rows(read, Person.name == name, Person.birth == birth))
    if phone:
        yield from ((PHONE, row) for row in _rows(read, Person.phone == phone))
    if name and birth:
        same = _rows(read, Person.name >= name[0], Person.name < name[0] + _AFTER, Person.birth == birth)
        yield from ((SOUND, row) for row in same if alike(row.name, name))
    if name and room:
        there = sa.select(Tenancy.person).where(Tenancy.room == room, Tenancy.end.is_(None), Tenancy.deleted.is_not(True))
        yield from ((ROOM, row) for row in _rows(read, Person.id.in_(there)) if alike(row.name, name))


def _rows(read: Reader, *where: sa.ColumnElement[bool]) -> list[sa.Row[tuple[object, ...]]]:
    lives = sa.and_(Tenancy.person == Person.id, Tenancy.end.is_(None), Tenancy.deleted.is_not(True))
    asked = (sa.select(Person.id, Person.name, Person.id_no, House.address, Room.room_no)
             .outerjoin(Tenancy, lives).outerjoin(Room, Room.id == Tenancy.room).outerjoin(House, House.id == Room.house)
             .where(Person.deleted.is_not(True), Person.unmerged(), *where).order_by(Person.seq.desc()).limit(50))
    return list(read.rows(asked))


def alike(one: str, other: str) -> bool:
    """Names that are one written twice: equal in simplified characters, of one sound, or one character apart in names of three and more."""
    one, other = variants.simplified(names.tidy(one)), variants.simplified(names.tidy(other))
    if one == other or set(pinyin.readings(one)) & set(pinyin.readings(other)):
        return True
    return len(one) == len(other) > 2 and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _somebody_else(typed: str, kept: str) -> bool:
    """Both numbers are whole numbers of residents: the same is told elsewhere, another is another person."""
    return all(len(number) == 18 and number[:17].isdigit() and idnumber.check_digit(number[:17]) == number[17] for number in (typed, kept))
