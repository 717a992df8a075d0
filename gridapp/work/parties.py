"""Parties (当事人) of a dispute or a petition: typed in, or taken from the register of people; each keeps a copy of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes, idnumber, phones
from gridapp.ledger import LOOK, PRINT, REGISTER, Acting, Reader, needs, verb
from gridapp.ledger.reader import Gone
from gridapp.records import Dispute, House, Party, Person, Petition, Record, Room, Tenancy
from gridapp.texts import N_, _
from gridapp.work import steps
from gridapp.work.masking import masked

#: a dispute is between two at least
FEWEST = 2
APPLICANT, RESPONDENT, THIRD, PETITIONER = "申请人", "被申请人", "第三人", "信访人"
Told = Mapping[str, Any]


class TooFewParties(Mistake):
    """A dispute with nobody to dispute with."""

    def __init__(self, count: int) -> None:
        super().__init__(_("矛盾纠纷至少要有 {0} 方当事人，现在是 {1} 方。请补上另一方的姓名。").format(FEWEST, count))


class OtherSideMissing(Mistake):
    """Everybody stands on one side."""

    def __init__(self) -> None:
        super().__init__(_("当事人都在同一方。请把其中一方的地位改为申请人，另一方改为被申请人。"))


def side(name: str) -> str:
    """The code of a side by its name. Raises KeyError."""
    found = codes.table("party_side").find(name)
    if found is None:
        raise KeyError(name)
    return found


# ---------------------------------------------------------------- verbs

@needs(REGISTER)
def enter(act: Acting, matter: UUID, told: Iterable[Told]) -> list[Party]:
    """Parties of a case, part of whatever act brings them. Raises Gone, Refused."""
    return [act.add(Party(**_copied(act, one) | {"matter": matter})) for one in told]


@needs(REGISTER)
def enter_both_sides(act: Acting, matter: UUID, told: Iterable[Told]) -> list[Party]:
    """The parties of a dispute: two at least, on two sides. Raises Gone, Refused, TooFewParties, OtherSideMissing."""
    entered = enter(act, matter, told)
    refuse_one_sided(entered)
    return entered


def refuse_one_sided(among: Iterable[Party]) -> None:
    """Raises TooFewParties, OtherSideMissing."""
    sides = [party.side for party in among]
    if len(sides) < FEWEST:
        raise TooFewParties(len(sides))
    if len(set(sides) - {side(THIRD)}) < FEWEST:
        raise OtherSideMissing


@verb(N_("添加当事人"), REGISTER)
def add_party(act: Acting, matter: UUID, **told: Any) -> UUID:
    """One more party of a dispute or a petition. Raises Gone, Refused."""
    case_of(act, matter)
    return enter(act, matter, [told])[0].id


@verb(N_("修改当事人"), REGISTER)
def correct_party(act: Acting, party_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change fields of a party. Raises Gone, Refused, ChangedMeanwhile, OtherSideMissing."""
    party = act.get(Party, party_id)
    case = case_of(act, party.matter)
    act.change(party, seen=seen, **values)
    if isinstance(case, Dispute):
        refuse_one_sided(parties_of(act, case.id))
    return party.id


@verb(N_("移出当事人"), REGISTER)
def take_party_out(act: Acting, party_id: UUID, why: str) -> UUID:
    """Somebody is no party (any more); kept, with the reason, and shown no more. Raises Gone, TooFewParties, OtherSideMissing."""
    steps.refuse_missing(_("移出当事人"), {_("理由"): why})
    party = act.get(Party, party_id)
    case = case_of(act, party.matter)
    act.change(party, closed_on=act.today, closed_note=why)
    if isinstance(case, Dispute):
        refuse_one_sided(parties_of(act, case.id))
    return party.id


@needs(LOOK)
def case_of(read: Reader, matter: UUID) -> Dispute | Petition:
    """The dispute or petition something belongs to. Raises Gone."""
    found: Record | None = read.find(Dispute, matter) or read.find(Petition, matter)
    if not isinstance(found, (Dispute, Petition)):
        raise Gone
    return found


# ---------------------------------------------------------------- from the register

#: fields a person and a party both have
_ALIKE = ("name", "sex", "ethnic", "id_no", "phone")


def _copied(read: Reader, told: Told) -> dict[str, Any]:
    """What was typed, and where nothing was, what the register of people says. Raises Gone."""
    given = {name: value for name, value in told.items() if value is not None}
    if given.get("person") is None:
        return given
    return _of_register(read, given["person"]) | given


def _of_register(read: Reader, person_id: UUID) -> dict[str, Any]:
    person = read.get(Person, person_id)
    known = {name: getattr(person, name) for name in _ALIKE}
    known["age"] = idnumber.age(person.birth, read.today) if person.birth else None
    lives = read.rows(sa.select(House.address, Room.room_no).join(Room, Room.house == House.id).join(Tenancy, Tenancy.room == Room.id)
                      .where(Tenancy.person == person_id, Tenancy.end.is_(None), Tenancy.deleted.is_not(True)).limit(1))
    known["address"] = next((f"{address} {room_no}" for address, room_no in lives), person.hukou_addr)
    return {name: value for name, value in known.items() if value is not None}


@dataclass(frozen=True)
class Taken:
    """What a party's line is filled with when a registered person is chosen; `kept` tells what is filled in when it is saved (masked)."""

    name: str
    sex: str | None
    ethnic: str | None
    age: int | None
    kept: str


@needs(LOOK)
def taken_from(read: Reader, person_id: UUID) -> Taken:
    """A registered person as a party: what may be shown. Raises Gone."""
    told = _of_register(read, person_id)
    kept = [words for words in (idnumber.mask(told.get("id_no", "")), phones.mask(told.get("phone", ""))) if words]
    return Taken(told["name"], told.get("sex"), told.get("ethnic"), told.get("age"), "　".join(kept))


@needs(LOOK)
def cases_matching(read: Reader, text: str, entity: type[Dispute] | type[Petition], limit: int = 12) -> list[tuple[UUID, str]]:
    """(id, 'number title') for a picker: part of the number or the title, or the beginning of a party's name."""
    named = sa.exists().where(Party.matter == entity.id, Party.name.startswith(text, autoescape=True), Party.deleted.is_not(True))
    asked = (sa.select(entity.id, entity.number, entity.title)
             .where(sa.or_(entity.number.icontains(text, autoescape=True), entity.title.icontains(text, autoescape=True), named), entity.deleted.is_not(True))
             .order_by(entity.seq.desc()).limit(limit))
    return [(r.id, f"{r.number or ''} {r.title}".strip()) for r in read.rows(asked)]


@needs(LOOK)
def people_matching(read: Reader, text: str, limit: int = 12) -> list[tuple[UUID, str]]:
    """(person id, '彭兵 5101…') for the picker: the beginning of a name, a whole number, the end of a number or a phone."""
    text = text.strip()
    ways = [Person.name.startswith(text, autoescape=True)]
    if len(text) >= 4 and text[:-1].isdigit():
        ways = [Person.id_no.in_(list(idnumber.spellings(text.upper()))), Person.id_no.endswith(text.upper(), autoescape=True),
                Person.phone.endswith(text, autoescape=True)]
    asked = (sa.select(Person.id, Person.name, Person.id_no).where(sa.or_(*ways), Person.deleted.is_not(True), Person.unmerged(), Person.closed_on.is_(None))
             .order_by(Person.seq.desc()).limit(limit))
    return [(r.id, f"{r.name} {idnumber.mask(r.id_no or '')}".strip()) for r in read.rows(asked)]


# ---------------------------------------------------------------- questions

def _asked(*matters: UUID) -> sa.Select[Party]:
    return (sa.select(Party).where(Party.matter.in_(matters), Party.deleted.is_not(True), Party.closed_on.is_(None))
            .order_by(Party.side, Party.seq))


@needs(LOOK)
def parties_of(read: Reader, matter: UUID) -> tuple[Party, ...]:
    """The parties of a case by their side, numbers masked. Raises Gone (of another grid's case too)."""
    case_of(read, matter)
    return tuple(masked(party) for party in read.records(_asked(matter)))


@needs(PRINT)
def in_full(read: Reader, matter: UUID) -> tuple[Party, ...]:
    """The same with all numbers, for what is printed by whoever may print. Raises Gone."""
    case_of(read, matter)
    return tuple(read.records(_asked(matter)))


@needs(LOOK)
def names_of(read: Reader, matters: Iterable[UUID]) -> dict[UUID, str]:
    """'张三、李四' of each case, applicants first; one question for a whole page."""
    found: dict[UUID, list[str]] = {}
    asked = (sa.select(Party.matter, Party.name).where(Party.matter.in_(list(matters)), Party.deleted.is_not(True), Party.closed_on.is_(None))
             .order_by(Party.side, Party.seq))
    for matter, name in read.rows(asked):
        found.setdefault(matter, []).append(name)
    return {matter: "、".join(names) for matter, names in found.items()}
