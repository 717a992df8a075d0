"""What the papers of one person say (F01 流动人口登记表, F26 告知书): the person in full, where they live or lived last, and with whom."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.ledger import PRINT, Reader, needs
from gridapp.records import House, Officer, Person, Photo, Room, Tenancy
from gridapp.work import aliases, evidence

#: stages of photos that show a paper and no face
_PAPERS = frozenset({"材料", "签收"})


@dataclass(frozen=True)
class Lodger:
    """Somebody who lives in the same room now; codes as they are kept."""

    name: str
    sex: str | None
    id_no: str
    relation: str | None


@dataclass(frozen=True)
class OnPaper:
    """A person in full, the stay that is open or was the last, its room and house, who lives there too; records are detached.

    `faces` are their photos, newest first, without those of papers.
    """

    record: Person
    stay: Tenancy | None
    room: Room | None
    house: House | None
    registrar: str
    lodgers: tuple[Lodger, ...]
    faces: tuple[Photo, ...]


@needs(PRINT)
def person_on_paper(read: Reader, person_id: UUID) -> OnPaper:
    """A person in full, of those merged into them too. Raises Gone."""
    person = read.get(Person, aliases.root(read, Person, person_id))
    stay = read.one(sa.select(Tenancy).where(Tenancy.person == person.id, Tenancy.deleted.is_not(True))
                    .order_by(Tenancy.end.is_not(None), Tenancy.start.desc().nulls_last(), Tenancy.seq.desc()))
    room = read.find(Room, stay.room) if stay is not None else None
    officer = read.find(Officer, stay.registrar) if stay is not None else None
    faces = [photo for photo in evidence.photos_of(read, person.id) if codes.table("photo_stage").label(photo.stage or "") not in _PAPERS]
    return OnPaper(person, stay, room, read.find(House, room.house) if room is not None else None, officer.name if officer is not None else "",
                   _lodgers(read, person, stay), tuple(reversed(faces)))


def _lodgers(read: Reader, person: Person, stay: Tenancy | None) -> tuple[Lodger, ...]:
    """Who lives in the same room; nobody once the person has left it."""
    if stay is None or stay.end is not None:
        return ()
    asked = (sa.select(Person, Tenancy.relation).join(Tenancy, Tenancy.person == Person.id)
             .where(Tenancy.room == stay.room, Tenancy.end.is_(None), Tenancy.deleted.is_not(True), Person.id != person.id, Person.deleted.is_not(True),
                    Person.unmerged())
             .order_by(Tenancy.relation.nulls_first(), Tenancy.seq))
    return tuple(Lodger(other.name, other.sex, other.id_no or "", relation) for other, relation in read.rows(asked))
