"""Petitions (信访): one named person in charge (包案人) with a team from the beginning to the end; who it was, and why another took over, stays in the story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.ledger import LOOK, PLAIN, PRINT, REGISTER, REVIEW, Acting, Reader, needs, verb
from gridapp.records import Dispute, Officer, Party, Petition, Sitting, Step
from gridapp.texts import N_, _
from gridapp.work import chains, ordering, parties, sittings, steps
from gridapp.work.chains import Other
from gridapp.work.masking import masked
from gridapp.work.numbers import next_case_no
from gridapp.work.steps import refuse_missing

WORD = "访"
ENTERED, ACCEPTED, UNDER_WAY, ANSWERED, CLOSED, REVIEWED, DECLINED = "登记", "受理", "办理中", "已答复", "已办结", "复查复核", "不予受理"
#: steps that name who is in charge
NAMING = (ENTERED, "指定包案人", "更换包案人")


class SameLeader(Mistake):
    """A change that changes nothing."""

    def __init__(self, leader: str) -> None:
        super().__init__(_("包案人现在就是“{0}”，不用更换。请填写新的包案人。").format(leader))


@verb(N_("登记信访"), REGISTER)
def register_petition(act: Acting, told: Iterable[Mapping[str, Any]] = (), **values: Any) -> UUID:
    """Register a petition with whoever is in charge and number it; `told`: the petitioners as mappings of Party fields. Raises Refused, Gone."""
    linked = values.pop("linked", None)
    petition = Petition(**{"came_on": act.today, "number": next_case_no(act, Petition.number, WORD)} | values)
    steps.begin(act, petition, who=petition.leader)
    parties.enter(act, petition.id, [{"side": parties.side(parties.PETITIONER)} | dict(one) for one in told])
    if linked is not None:
        chains.link_petitions(act, petition.id, linked)
    return petition.id


@verb(N_("修改信访"), REGISTER)
def correct_petition(act: Acting, petition_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change fields of a petition; who is in charge, its time and its state change by steps. Raises Gone, Refused, ChangedMeanwhile."""
    return act.change(act.get(Petition, petition_id), seen=seen, **values).id


# ---------------------------------------------------------------- steps

def _standing(act: Acting, petition_id: UUID, step: str) -> Petition:
    """The petition, when this step can be taken now. Raises Gone, WrongState."""
    petition = act.get(Petition, petition_id)
    steps.refuse_impossible(petition, step)
    return petition


@verb(N_("受理信访"), REGISTER)
def accept_petition(act: Acting, petition_id: UUID, day: date | None = None, note: str | None = None) -> UUID:
    """It is for the village to deal with. Raises Gone, WrongState, WrongDay."""
    steps.take(act, act.get(Petition, petition_id), "受理", day=day, note=note)
    return petition_id


@verb(N_("不予受理信访"), REVIEW)
def decline_petition(act: Acting, petition_id: UUID, reason: str | None, day: date | None = None) -> UUID:
    """It is not. Raises Gone, WrongState, WrongDay, Missing."""
    petition = _standing(act, petition_id, "不予受理")
    refuse_missing("不予受理", {_("理由"): reason})
    steps.take(act, petition, "不予受理", day=day, note=reason, result=reason, done_on=day or act.today)
    return petition_id


@verb(N_("指定包案人"), REGISTER)
def appoint_leader(act: Acting, petition_id: UUID, leader: str | None, team: str | None = None, due_on: date | None = None, day: date | None = None) -> UUID:
    """Who is in charge (包案人), with which team (专班) and until when. Raises Gone, WrongState, WrongDay, Missing, Refused."""
    petition = _standing(act, petition_id, "指定包案人")
    refuse_missing("指定包案人", {_("包案人"): leader})
    steps.take(act, petition, "指定包案人", day=day, who=leader, note=team, due_on=due_on, leader=leader, team=team or petition.team)
    if due_on is not None:
        act.change(petition, due_on=due_on)
    return petition_id


@verb(N_("更换包案人"), REVIEW)
def change_leader(act: Acting, petition_id: UUID, leader: str | None, reason: str | None, team: str | None = None, day: date | None = None) -> UUID:
    """Somebody else takes over, and why. Raises Gone, WrongState, WrongDay, Missing, SameLeader."""
    petition = _standing(act, petition_id, "更换包案人")
    refuse_missing("更换包案人", {_("包案人"): leader, _("理由"): reason})
    if leader == petition.leader:
        raise SameLeader(leader or "")
    steps.take(act, petition, "更换包案人", day=day, who=leader, note=reason, leader=leader, team=team or petition.team)
    return petition_id


@verb(N_("信访延期"), REVIEW)
def extend_petition(act: Acting, petition_id: UUID, due_on: date | None, reason: str | None, day: date | None = None) -> UUID:
    """More time, and why. Raises Gone, WrongState, WrongDay, Missing, Refused."""
    petition = _standing(act, petition_id, "延期")
    refuse_missing("延期", {_("期限"): due_on, _("理由"): reason})
    steps.take(act, petition, "延期", day=day, note=reason, due_on=due_on)
    act.change(petition, due_on=due_on)
    return petition_id


@verb(N_("答复信访人"), REGISTER)
def answer_petition(act: Acting, petition_id: UUID, result: str | None, day: date | None = None) -> UUID:
    """What was done about it is told to the petitioner. Raises Gone, WrongState, WrongDay, Missing."""
    petition = _standing(act, petition_id, "答复")
    refuse_missing("答复", {_("办理结果"): result})
    steps.take(act, petition, "答复", day=day, who=petition.leader, note=result and result[:1000], result=result)
    return petition_id


@verb(N_("信访办结"), REGISTER)
def close_petition(act: Acting, petition_id: UUID, day: date | None = None, note: str | None = None) -> UUID:
    """The petitioner is content (息诉息访). Raises Gone, WrongState, WrongDay."""
    steps.take(act, act.get(Petition, petition_id), "息诉息访", day=day, note=note, done_on=day or act.today)
    return petition_id


@verb(N_("申请信访复查"), REGISTER)
def ask_for_review(act: Acting, petition_id: UUID, reason: str | None, day: date | None = None) -> UUID:
    """The petitioner is not, and asks the level above. Raises Gone, WrongState, WrongDay, Missing."""
    petition = _standing(act, petition_id, "申请复查")
    refuse_missing("申请复查", {_("理由"): reason})
    steps.take(act, petition, "申请复查", day=day, note=reason)
    return petition_id


@verb(N_("复查维持原答复"), REVIEW)
def uphold_answer(act: Acting, petition_id: UUID, day: date | None = None, unit: str | None = None, note: str | None = None) -> UUID:
    """The level above keeps the answer. Raises Gone, WrongState, WrongDay."""
    steps.take(act, act.get(Petition, petition_id), "维持原答复", day=day, unit=unit, note=note)
    return petition_id


@verb(N_("信访重新办理"), REVIEW)
def take_petition_up_again(act: Acting, petition_id: UUID, reason: str | None, due_on: date | None = None, day: date | None = None) -> UUID:
    """The level above wants another answer. Raises Gone, WrongState, WrongDay, Missing."""
    petition = _standing(act, petition_id, "重新办理")
    refuse_missing("重新办理", {_("理由"): reason})
    steps.take(act, petition, "重新办理", day=day, note=reason, due_on=due_on)
    if due_on is not None:
        act.change(petition, due_on=due_on)
    return petition_id


# ---------------------------------------------------------------- questions

@dataclass(frozen=True)
class PetitionRow:
    """One line of the list."""

    id: UUID
    number: str
    title: str
    parties: str
    came_on: date
    leader: str
    state: str
    due_on: date | None


OPEN, OVERDUE, WAITING, SHUT, ALL = "open", "overdue", "answered", "shut", "all"
FILTERS = {OPEN: N_("办理中"), OVERDUE: N_("已逾期"), WAITING: N_("已答复"), SHUT: N_("已办结"), ALL: N_("全部")}


def codes_of(*names: str) -> list[str]:
    """The codes of states by their names."""
    return [steps.state_code(Petition, name) for name in names]


def waits() -> sa.ColumnElement[bool]:
    """Somebody still has to do something about it."""
    return Petition.state.in_(codes_of(ENTERED, ACCEPTED, UNDER_WAY, REVIEWED))


def _condition(today: date, which: str) -> sa.ColumnElement[bool]:
    conditions: dict[str, sa.ColumnElement[bool]] = {
        OPEN: waits(), OVERDUE: sa.and_(waits(), Petition.due_on < today), WAITING: Petition.state.in_(codes_of(ANSWERED)),
        SHUT: Petition.state.in_(codes_of(CLOSED, DECLINED)), ALL: sa.true()}
    return sa.and_(Petition.deleted.is_not(True), conditions[which])


@needs(PLAIN)
def count_petitions(read: Reader) -> dict[str, int]:
    """How many petitions each filter shows."""
    return {which: read.scalar(sa.select(sa.func.count()).select_from(Petition).where(_condition(read.today, which))) for which in FILTERS}


#: what the list is sorted by
KEYS: ordering.Keys = {"day": (Petition.came_on,), "title": (Petition.title,), "leader": (Petition.leader,), "state": (ordering.by_code("petition_state", Petition.state),),
                       "due": (Petition.due_on,)}


def _order(which: str, sort: str) -> list[Any]:
    pressing = [Petition.due_on.is_(None), Petition.due_on] if which in (OPEN, OVERDUE) else []
    return ordering.order(sort, KEYS, (*pressing, Petition.came_on.desc(), Petition.seq.desc()), Petition.seq)


@needs(LOOK)
def list_petitions(read: Reader, which: str = OPEN, offset: int = 0, limit: int = 200, sort: str = "", seqs: Sequence[int] | None = None) -> list[PetitionRow]:
    """A page of petitions, the most pressing first; of those that are over the newest; or sorted; `seqs` are the row numbers of a page far down."""
    asked = (sa.select(Petition.id, Petition.number, Petition.title, Petition.came_on, Petition.leader, Petition.state, Petition.due_on, Petition.seq)
             .where(_condition(read.today, which)))
    rows = ordering.page(asked, read, Petition.seq, _order(which, sort), offset, limit, seqs)
    names = parties.names_of(read, [r.id for r in rows])
    return [PetitionRow(r.id, r.number or "", r.title, names.get(r.id, ""), r.came_on, r.leader or "", r.state, r.due_on) for r in rows]


@needs(LOOK)
def arrange_petitions(read: Reader, which: str = OPEN, sort: str = "") -> str:
    """How the whole list stands (see ordering.arranged)."""
    return ordering.arranged(sa.select(Petition).where(_condition(read.today, which)), read, Petition.seq, _order(which, sort))


@dataclass(frozen=True)
class PetitionCard:
    """A petition with everything that belongs to it, numbers masked; `leaders` are (since when, who, why) in order."""

    record: Petition
    parties: tuple[Party, ...]
    sittings: tuple[Sitting, ...]
    story: tuple[Step, ...]
    chain: tuple[Other, ...]
    disputes: tuple[tuple[UUID, str], ...]

    @property
    def state(self) -> str:
        return steps.state_of(self.record)

    @property
    def leaders(self) -> tuple[tuple[date, str, str], ...]:
        """Everybody who was in charge."""
        return tuple((s.day, s.who or "", (s.note or "") if s.step == NAMING[-1] else "") for s in self.story if s.step in NAMING and s.who)


@needs(LOOK)
def petition_card(read: Reader, petition_id: UUID) -> PetitionCard:
    """Everything about one petition, numbers masked. Raises Gone."""
    told = petition_on_paper(read, petition_id)
    read.opened(told.record)
    return replace(told, parties=tuple(masked(party) for party in told.parties))


@needs(PRINT)
def petition_on_paper(read: Reader, petition_id: UUID) -> PetitionCard:
    """The same in full, as papers print it. Raises Gone."""
    petition = read.get(Petition, petition_id)
    disputes = read.rows(sa.select(Dispute.id, Dispute.number, Dispute.title).where(Dispute.petition == petition_id, Dispute.deleted.is_not(True))
                         .order_by(Dispute.seq))
    return PetitionCard(petition, parties.in_full(read, petition_id), sittings.sittings_of(read, petition_id), steps.story(read, petition_id),
                        chains.chain_of(read, petition_id), tuple((i, f"{number or ''} {title}".strip()) for i, number, title in disputes))


@needs(PLAIN)
def usual_leader(read: Reader) -> str:
    """Who was put in charge last; before the first time, who sits at the desk."""
    last = read.scalar(sa.select(Petition.leader).where(Petition.deleted.is_not(True)).order_by(Petition.seq.desc()).limit(1))
    return last or read.scalar(sa.select(Officer.name).where(Officer.number == read.officer)) or ""
