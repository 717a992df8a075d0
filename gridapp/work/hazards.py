"""Hazards (隐患), simple form: raise one, serve a notice (F09), note the recheck, close it (销号)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes
from gridapp.ledger import LOOK, PLAIN, PRINT, REGISTER, REVIEW, Acting, Reader, needs, verb
from gridapp.records import Hazard, House, Officer, Village
from gridapp.texts import N_, _
from gridapp.work import steps
from gridapp.work.masking import masked
from gridapp.work.numbers import next_notice_no

FOUND, NOTIFIED, TO_RECHECK, CLOSED, CANCELLED = "发现", "已通知", "待复查", "已销号", "误报/撤销"


class WrongState(Mistake):
    """The state machine has no such step from here (state_machines.json)."""

    def __init__(self, now: str) -> None:
        super().__init__(_("这条隐患现在是“{0}”，不能办理这一步。请刷新后再看。").format(now))


class ReasonNeeded(Mistake):
    """A false alarm without a word why."""

    def __init__(self) -> None:
        super().__init__(_("请写明理由。"))


def state(name: str) -> str:
    """The code of a state by its Chinese name."""
    found = codes.table("hazard_state").find(name)
    if found is None:
        raise KeyError(name)
    return found


def _must_be(hazard: Hazard, *names: str) -> None:
    if hazard.state not in {state(n) for n in names}:
        raise WrongState(codes.table("hazard_state").label(hazard.state))


@verb(N_("登记隐患"), REGISTER)
def raise_hazard(act: Acting, **values: Any) -> UUID:
    """Register a hazard. Raises Refused."""
    return opened(act, **values).id


def opened(act: Acting, **values: Any) -> Hazard:
    """A new hazard with the first line of its story, part of whatever act found it: a patrol, an inspection, an alarm. Raises Refused."""
    hazard = Hazard(**{"found_on": act.today} | values)
    steps.begin(act, hazard, who=hazard.finder)
    return hazard


@verb(N_("修改隐患"), REGISTER)
def correct_hazard(act: Acting, hazard_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change fields of a hazard; its state changes by the steps below. Raises Gone, Refused, ChangedMeanwhile."""
    return act.change(act.get(Hazard, hazard_id), seen=seen, **values).id


@verb(N_("发整改通知书"), REGISTER)
def serve_notice(act: Acting, hazard_id: UUID, due_on: date, demand: str | None = None) -> str:
    """Number a rectification notice and set its date; returns the number, gap-free per year and issuer. Raises WrongState."""
    hazard = act.get(Hazard, hazard_id)
    _must_be(hazard, FOUND, NOTIFIED)
    house = act.find(House, hazard.house)
    number = hazard.notice_no or next_notice_no(act)
    act.change(hazard, notice_no=number, notice_on=act.today, due_on=due_on, demand=demand or hazard.demand,
               state=state(NOTIFIED), responsible=hazard.responsible or (house.owner_name if house else None),
               phone=hazard.phone or (house.owner_phone if house else None))
    return number


@verb(N_("申报整改完成"), REGISTER)
def tell_rectified(act: Acting, hazard_id: UUID) -> UUID:
    """The owner says it is put right: waits for the recheck. Raises WrongState."""
    hazard = act.get(Hazard, hazard_id)
    _must_be(hazard, FOUND, NOTIFIED)
    return act.change(hazard, state=state(TO_RECHECK)).id


@verb(N_("复查隐患"), REVIEW)
def recheck(act: Acting, hazard_id: UUID, passed: bool, by: str, note: str | None = None) -> UUID:
    """合格销号, or back to 已通知 (to 发现 when no notice was served yet, so that one can be). Raises Gone, WrongState.

    The officer may find it put right before anybody said so: 申报整改完成 and 复查 are then one step.
    """
    hazard = act.get(Hazard, hazard_id)
    _must_be(hazard, TO_RECHECK, NOTIFIED, FOUND)
    again = NOTIFIED if hazard.notice_no else FOUND
    return act.change(hazard, state=state(CLOSED if passed else again), rechecked_on=act.today, recheck_by=by,
                      recheck_note=note).id


@verb(N_("撤销隐患"), REVIEW)
def cancel_hazard(act: Acting, hazard_id: UUID, reason: str) -> UUID:
    """A false alarm; needs a reason. Raises WrongState, ReasonNeeded."""
    hazard = act.get(Hazard, hazard_id)
    _must_be(hazard, FOUND)
    if not reason.strip():
        raise ReasonNeeded
    return act.change(hazard, state=state(CANCELLED), recheck_note=reason).id


# ---------------------------------------------------------------- questions

@dataclass(frozen=True)
class HazardRow:
    """One line of the list of hazards."""

    id: UUID
    found_on: date
    place: str
    content: str
    degree: str | None
    state: str
    due_on: date | None
    notice_no: str


OPEN, OVERDUE, SHUT, ALL = "open", "overdue", "closed", "all"
FILTERS = {OPEN: N_("未销号"), OVERDUE: N_("已逾期"), SHUT: N_("已销号"), ALL: N_("全部")}


def _condition(read: Reader, which: str) -> sa.ColumnElement[bool]:
    shut = Hazard.state.in_([state(CLOSED), state(CANCELLED)])
    conditions: dict[str, sa.ColumnElement[bool]] = {
        OPEN: ~shut, OVERDUE: sa.and_(~shut, Hazard.due_on < read.today), SHUT: shut, ALL: sa.true()}
    return sa.and_(Hazard.deleted.is_not(True), conditions[which])


@needs(PLAIN)
def count_hazards(read: Reader) -> dict[str, int]:
    """How many hazards each filter shows."""
    return {w: read.scalar(sa.select(sa.func.count()).select_from(Hazard).where(_condition(read, w))) for w in FILTERS}


@needs(LOOK)
def list_hazards(read: Reader, which: str = OPEN, offset: int = 0, limit: int = 200) -> list[HazardRow]:
    """A page of hazards, the most pressing first."""
    asked = (sa.select(Hazard).where(_condition(read, which)).order_by(Hazard.due_on.is_(None), Hazard.due_on, Hazard.seq.desc())
             .offset(offset).limit(limit))
    return [HazardRow(h.id, h.found_on, h.place or "", h.content, h.degree, h.state, h.due_on, h.notice_no or "")
            for h in read.records(asked)]


@dataclass(frozen=True)
class HazardCard:
    """A hazard with its house and the village that serves the notice; records are detached, beside a list with numbers masked."""

    record: Hazard
    house: House | None
    village: Village | None


@needs(LOOK)
def hazard_card(read: Reader, hazard_id: UUID) -> HazardCard:
    """Everything about one hazard, numbers masked. Raises Gone."""
    told = hazard_on_paper(read, hazard_id)
    return replace(told, record=masked(told.record), house=masked(told.house) if told.house is not None else None)


@needs(PRINT)
def hazard_on_paper(read: Reader, hazard_id: UUID) -> HazardCard:
    """The same in full, as the notice prints it. Raises Gone."""
    hazard = read.get(Hazard, hazard_id)
    village = read.one(sa.select(Village).where(Village.deleted.is_not(True)))
    return HazardCard(hazard, read.find(House, hazard.house), village)


@needs(PLAIN)
def who_checks(read: Reader) -> str:
    """The officer at the desk, who usually rechecks."""
    found: str | None = read.scalar(sa.select(Officer.name).where(Officer.number == read.officer))
    return found or ""
