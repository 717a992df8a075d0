"""Sittings (调解、调查、回访、接访): what was said with the parties of a case, when and where. Confidential: no search finds a word of it (Art. 15)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.ledger import LOOK, REGISTER, Acting, Reader, needs, verb
from gridapp.records import Record, Sitting
from gridapp.texts import N_
from gridapp.work import steps
from gridapp.work.parties import case_of

MEDIATION, INQUIRY, VISIT, RECEPTION, HEARING = "调解", "调查", "回访", "接访", "听证"


def kind(name: str) -> str:
    """The code of a kind by its name. Raises KeyError."""
    found = codes.table("sitting_kind").find(name)
    if found is None:
        raise KeyError(name)
    return found


@verb(N_("登记调解记录"), REGISTER)
def record_sitting(act: Acting, matter: UUID, **told: Any) -> UUID:
    """What was said on one occasion. Raises Gone, Refused, WrongDay."""
    return sat(act, case_of(act, matter), **told).id


@needs(REGISTER)
def sat(act: Acting, case: Record, **told: Any) -> Sitting:
    """One sitting of a case, part of whatever act it belongs to; not before the case began. Raises Refused, WrongDay."""
    sitting = Sitting(**{"day": act.today} | told | {"matter": case.id})
    begun = getattr(case, steps.COURSES[type(case)][2])
    if sitting.day is not None and sitting.day < begun:
        raise steps.WrongDay(codes.table("sitting_kind").label(sitting.kind or ""), sitting.day, begun, act.today)
    return act.add(sitting)


@verb(N_("修改调解记录"), REGISTER)
def correct_sitting(act: Acting, sitting_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change what is written of a sitting. Raises Gone, Refused, ChangedMeanwhile."""
    sitting = act.get(Sitting, sitting_id)
    case_of(act, sitting.matter)
    return act.change(sitting, seen=seen, **values).id


@needs(LOOK)
def sittings_of(read: Reader, matter: UUID) -> tuple[Sitting, ...]:
    """The sittings of a case in their order; records are detached. Raises Gone."""
    case_of(read, matter)
    return tuple(read.records(sa.select(Sitting).where(Sitting.matter == matter, Sitting.deleted.is_not(True)).order_by(Sitting.day, Sitting.seq)))


@needs(LOOK)
def case_with(read: Reader, sitting_id: UUID) -> UUID:
    """The case a sitting belongs to. Raises Gone."""
    matter = read.get(Sitting, sitting_id).matter
    return case_of(read, matter).id
