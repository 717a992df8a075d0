"""Cases that belong together (关联): linked both ways into a chain; and earlier ones that look like the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import idnumber
from gridapp.ledger import LOOK, REGISTER, Acting, Reader, needs, verb
from gridapp.records import Dispute, Party, Person, Petition
from gridapp.texts import N_, _
from gridapp.work.parties import names_of

C = TypeVar("C", Dispute, Petition)
#: a chain is followed so far, so many earlier cases are compared by their words, so many are told
LONGEST, COMPARED, MOST = 100, 2000, 8
#: the share of two-character pieces two titles must have in common (Dice)
ALIKE = 0.4


class SameCase(Mistake):
    """A case and itself, or one that is in its chain already."""

    def __init__(self) -> None:
        super().__init__(_("这两件已经关联在一起（或就是同一件），不用再关联。"))


class NotLinked(Mistake):
    """Nothing to take apart."""

    def __init__(self) -> None:
        super().__init__(_("这一件没有关联到别的事项，不用取消。"))


@dataclass(frozen=True)
class Other:
    """Another case as a line: `why` says what it has in common ('' in a chain)."""

    id: UUID
    number: str
    title: str
    day: date
    state: str
    parties: str
    why: str = ""


# ---------------------------------------------------------------- linking

@verb(N_("关联纠纷"), REGISTER)
def link_disputes(act: Acting, dispute_id: UUID, other_id: UUID) -> UUID:
    """Two disputes belong together, with all that belong to either. Raises Gone, SameCase."""
    return _link(act, Dispute, dispute_id, other_id)


@verb(N_("取消关联纠纷"), REGISTER)
def unlink_dispute(act: Acting, dispute_id: UUID) -> UUID:
    """Take a dispute out of its chain. Raises Gone, NotLinked."""
    return _unlink(act, Dispute, dispute_id)


@verb(N_("关联信访"), REGISTER)
def link_petitions(act: Acting, petition_id: UUID, other_id: UUID) -> UUID:
    """The same of petitions. Raises Gone, SameCase."""
    return _link(act, Petition, petition_id, other_id)


@verb(N_("取消关联信访"), REGISTER)
def unlink_petition(act: Acting, petition_id: UUID) -> UUID:
    """The same of petitions. Raises Gone, NotLinked."""
    return _unlink(act, Petition, petition_id)


@verb(N_("纠纷关联信访"), REGISTER)
def tie_to_petition(act: Acting, dispute_id: UUID, petition_id: UUID | None) -> UUID:
    """The petition a dispute came from or led to; None takes it away. Raises Gone."""
    if petition_id is not None:
        act.get(Petition, petition_id)
    return act.change(act.get(Dispute, dispute_id), petition=petition_id).id


def _link(act: Acting, entity: type[C], case_id: UUID, other_id: UUID) -> UUID:
    case, other = act.get(entity, case_id), act.get(entity, other_id)
    mine = {c.id: c for c in _chain(act, entity, case.id)}
    if other.id in mine or other.id == case.id:
        raise SameCase
    at = case
    for _step in range(LONGEST):  # the end of the chain takes the link: each has one, and whoever looks follows it both ways
        if at.linked is None or at.linked not in mine:
            break
        at = mine[at.linked]
    act.change(at, linked=other.id)
    return case.id


def _unlink(act: Acting, entity: type[C], case_id: UUID) -> UUID:
    """Its neighbours stay together: who pointed at it points where it did."""
    case = act.get(entity, case_id)
    pointing = act.records(sa.select(entity).where(entity.linked == case.id, entity.deleted.is_not(True)).order_by(entity.seq))
    if case.linked is None and not pointing:
        raise NotLinked
    heir = case.linked
    for one in pointing:
        act.change(one, linked=heir if heir != one.id else None)
        heir = heir or one.id
    act.change(case, linked=None)
    return case.id


def _chain(read: Reader, entity: type[C], case_id: UUID) -> list[C]:
    """All that hang together with a case, itself included: links are followed both ways, a question for each round."""
    found: dict[UUID, C] = {}
    edge: set[UUID] = {case_id}
    while edge and len(found) < LONGEST:
        asked = sa.select(entity).where(sa.or_(entity.id.in_(edge), entity.linked.in_(edge)), entity.deleted.is_not(True))
        new: dict[UUID, C] = {record.id: record for record in read.records(asked) if record.id not in found}
        found |= new
        edge = {*new, *(record.linked for record in new.values() if record.linked is not None)}
    return list(found.values())


@needs(LOOK)
def chain_of(read: Reader, case_id: UUID) -> tuple[Other, ...]:
    """The other cases a dispute or petition is linked with, the oldest first."""
    entity: type[Dispute] | type[Petition] = Dispute if read.find(Dispute, case_id) is not None else Petition
    return _others(read, [c for c in _chain(read, entity, case_id) if c.id != case_id])  # type: ignore[type-var]


def _others(read: Reader, cases: Iterable[Dispute | Petition], why: Mapping[UUID, str] | None = None) -> tuple[Other, ...]:
    from gridapp.work import steps

    told = sorted(cases, key=_begun)
    names = names_of(read, [c.id for c in told])
    return tuple(Other(c.id, c.number or "", c.title, _begun(c), steps.state_of(c), names.get(c.id, ""), (why or {}).get(c.id, "")) for c in told)


def _begun(case: Dispute | Petition) -> date:
    return case.found_on if isinstance(case, Dispute) else case.came_on


# ---------------------------------------------------------------- what looks like the same

@needs(LOOK)
def similar(read: Reader, title: str = "", parties: Iterable[Mapping[str, Any]] = (), house: UUID | None = None, but: UUID | None = None,
            petitions: bool = False) -> tuple[Other, ...]:
    """Earlier disputes (or petitions) with one of these parties, at this house, or of much the same title; the newest of each reason first."""
    entity: Any = Petition if petitions else Dispute
    why: dict[UUID, str] = {}
    for words, ids in ((_("同一当事人"), _of_parties(read, entity, parties)), (_("同一房屋"), _at_house(read, entity, house)),
                       (_("名称相近"), _named_alike(read, entity, title))):
        for one in ids:
            if one != but:
                why.setdefault(one, words)
    chosen = list(why)[:MOST]
    found = read.records(sa.select(entity).where(entity.id.in_(chosen), entity.deleted.is_not(True))) if chosen else []
    return tuple(sorted(_others(read, found, why), key=lambda one: chosen.index(one.id)))


def _of_parties(read: Reader, entity: Any, told: Iterable[Mapping[str, Any]]) -> list[UUID]:
    ways = list[sa.ColumnElement[bool]]()
    for one in told:
        number, phone, name, address, person = (one.get(k) for k in ("id_no", "phone", "name", "address", "person"))
        if person is not None:
            known = read.find(Person, person)
            number, phone = number or (known.id_no if known else None), phone or (known.phone if known else None)
            ways.append(Party.person == person)
        if number:
            ways.append(Party.id_no.in_(list(idnumber.spellings(str(number)))))
        if phone:
            ways.append(Party.phone == phone)
        if name and address:
            ways.append(sa.and_(Party.name == name, Party.address == address))
    if not ways:
        return []
    asked = (sa.select(entity.id).join(Party, Party.matter == entity.id).where(sa.or_(*ways), Party.deleted.is_not(True), entity.deleted.is_not(True))
             .order_by(entity.seq.desc()).limit(MOST * 4))
    return [row[0] for row in read.rows(asked)]


def _at_house(read: Reader, entity: Any, house: UUID | None) -> list[UUID]:
    if house is None or entity is not Dispute:
        return []
    return [row[0] for row in read.rows(sa.select(Dispute.id).where(Dispute.house == house, Dispute.deleted.is_not(True))
                                        .order_by(Dispute.seq.desc()).limit(MOST))]


def pieces(text: str) -> set[str]:
    """Two characters at a time, without signs: titles that share many of them are much the same."""
    plain = "".join(c for c in text if c.isalnum())
    return {plain[i:i + 2] for i in range(len(plain) - 1)}


def _named_alike(read: Reader, entity: Any, title: str) -> list[UUID]:
    """Titles that share so many pieces of two characters; of the newest ones."""
    mine = pieces(title)
    if len(mine) < 2:
        return []
    asked = sa.select(entity.id, entity.title).where(entity.deleted.is_not(True)).order_by(entity.seq.desc()).limit(COMPARED)
    scored = [(2 * len(mine & other) / (len(mine) + len(other)), one) for one, text in read.rows(asked) if (other := pieces(text))]
    return [one for score, one in sorted(scored, key=lambda s: -s[0]) if score >= ALIKE]
