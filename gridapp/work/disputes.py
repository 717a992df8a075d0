"""Disputes (矛盾纠纷): intake with the parties, the list and the card; the steps stand in mediations, the parties in parties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import codes, limits
from gridapp.fields.limits import Limit
from gridapp.fields.workdays import Calendar
from gridapp.ledger import LOOK, PLAIN, PRINT, REGISTER, Acting, Reader, needs, verb
from gridapp.records import Dispute, House, Officer, Party, Petition, Sitting, Step, Village
from gridapp.texts import N_
from gridapp.work import casefile, chains, ordering, parties, sittings, steps
from gridapp.work.casefile import CaseFile
from gridapp.work.chains import Other
from gridapp.work.masking import masked
from gridapp.work.numbers import next_case_no

WORD = "调"
ENTERED, ACCEPTED, MEDIATING, WRITTEN, ORAL, FAILED = "登记", "受理", "调解中", "达成书面协议", "达成口头协议", "未达成"
DECLINED, PASSED_UP, GUIDED, PERFORMING, PERFORMED, VISITED, SHELVED = "不予受理", "移交上级", "引导诉讼仲裁", "履行中", "已履行", "回访", "归档"
#: how long before its day something is called pressing
SOON_DAYS = 7
#: the rules of the table of limits that say until when to mediate and to go to court
MEDIATE, CONFIRM = "mediation_period", "judicial_confirm"


def codes_of(*names: str) -> list[str]:
    """The codes of states by their names."""
    return [steps.state_code(Dispute, name) for name in names]


@verb(N_("登记纠纷"), REGISTER)
def register_dispute(act: Acting, told: Iterable[Mapping[str, Any]], **values: Any) -> UUID:
    """Register a dispute and number it. `told`: its parties as mappings of Party fields; those with a `person` are filled from the register.

    Raises Refused, TooFewParties, OtherSideMissing, Gone.
    """
    linked = values.pop("linked", None)
    dispute = Dispute(**{"found_on": act.today, "number": next_case_no(act, Dispute.number, WORD)} | values)
    steps.begin(act, dispute)
    parties.enter_both_sides(act, dispute.id, told)
    if linked is not None:
        chains.link_disputes(act, dispute.id, linked)
    return dispute.id


@verb(N_("修改纠纷"), REGISTER)
def correct_dispute(act: Acting, dispute_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change fields of a dispute; its state changes by steps. Raises Gone, Refused, ChangedMeanwhile."""
    return act.change(act.get(Dispute, dispute_id), seen=seen, **values).id


# ---------------------------------------------------------------- until when

def court_day(agreed_on: date, calendar: Calendar | None = None) -> date | None:
    """The last day to ask a court to confirm an agreement (Art. 33); None where a county took the rule out of its table."""
    limit = limits.load().get(CONFIRM)
    return limit.until(agreed_on, calendar or Calendar.load()) if limit else None


def _mediate_by(accepted_on: date | None, limit: Limit | None, calendar: Calendar) -> date | None:
    return limit.until(accepted_on, calendar) if limit and accepted_on else None


def _due(state: str, accepted_on: date | None, perform_by: date | None, visit_by: date | None, limit: Limit | None, calendar: Calendar) -> date | None:
    """The next day that presses, by the name of the state."""
    if state in (ACCEPTED, MEDIATING):
        return _mediate_by(accepted_on, limit, calendar)
    return {WRITTEN: perform_by, ORAL: perform_by, PERFORMING: perform_by, PERFORMED: visit_by}.get(state)


def _accepted_until(horizon: date, limit: Limit | None, calendar: Calendar) -> date | None:
    """The last day of acceptance whose mediation ends by `horizon`."""
    if limit is None:
        return None
    day = horizon
    while limit.until(day, calendar) > horizon:
        day -= timedelta(days=1)
    return day


# ---------------------------------------------------------------- the list

@dataclass(frozen=True)
class DisputeRow:
    """One line of the list; `due_on` is the next day that presses, `parties` their names."""

    id: UUID
    number: str
    title: str
    category: str | None
    parties: str
    found_on: date
    mediators: str
    risk: str | None
    state: str
    due_on: date | None


OPEN, SOON, PERFORM, VISIT, SHUT, ALL = "open", "soon", "perform", "visit", "shut", "all"
FILTERS = {OPEN: N_("调解中"), SOON: N_("快到期"), PERFORM: N_("履行中"), VISIT: N_("待回访"), SHUT: N_("已归档"), ALL: N_("全部")}


def _condition(read: Reader, which: str) -> sa.ColumnElement[bool]:
    mediating, performing = Dispute.state.in_(codes_of(ENTERED, ACCEPTED, MEDIATING, FAILED)), Dispute.state.in_(codes_of(WRITTEN, ORAL, PERFORMING))
    waits = Dispute.state.in_(codes_of(PERFORMED, VISITED))
    horizon = read.today + timedelta(days=SOON_DAYS)
    accepted = _accepted_until(horizon, limits.load().get(MEDIATE), Calendar.load()) if which == SOON else None
    presses = sa.or_(sa.and_(performing, Dispute.perform_by <= horizon),
                     sa.and_(Dispute.state.in_(codes_of(PERFORMED)), Dispute.visit_by <= horizon),
                     sa.and_(Dispute.state.in_(codes_of(ACCEPTED, MEDIATING)), Dispute.accepted_on <= accepted) if accepted else sa.false())
    conditions: dict[str, sa.ColumnElement[bool]] = {
        OPEN: mediating, SOON: presses, PERFORM: performing, VISIT: waits,
        SHUT: Dispute.state.in_(codes_of(SHELVED, DECLINED, PASSED_UP, GUIDED)), ALL: sa.true()}
    return sa.and_(Dispute.deleted.is_not(True), conditions[which])


@needs(PLAIN)
def count_disputes(read: Reader) -> dict[str, int]:
    """How many disputes each filter shows."""
    return {which: read.scalar(sa.select(sa.func.count()).select_from(Dispute).where(_condition(read, which))) for which in FILTERS}


#: what the list is sorted by
KEYS: ordering.Keys = {"day": (Dispute.found_on,), "title": (Dispute.title,), "kind": (ordering.by_code("dispute_category", Dispute.category),), "mediators": (Dispute.mediators,),
                       "state": (ordering.by_code("dispute_state", Dispute.state),)}


def _order(which: str, sort: str) -> list[Any]:
    pressing = [Dispute.perform_by.is_(None), Dispute.perform_by] if which == PERFORM else []
    return ordering.order(sort, KEYS, (*pressing, Dispute.found_on.desc(), Dispute.seq.desc()), Dispute.seq)


@needs(LOOK)
def list_disputes(read: Reader, which: str = OPEN, offset: int = 0, limit: int = 200, sort: str = "", seqs: Sequence[int] | None = None) -> list[DisputeRow]:
    """A page of disputes, the newest first; of those that are to be performed the most pressing; or sorted; `seqs` are the row numbers of a page far down."""
    asked = (sa.select(Dispute.id, Dispute.number, Dispute.title, Dispute.category, Dispute.found_on, Dispute.mediators, Dispute.risk, Dispute.state,
                       Dispute.accepted_on, Dispute.perform_by, Dispute.visit_by, Dispute.seq)
             .where(_condition(read, which)))
    rows = ordering.page(asked, read, Dispute.seq, _order(which, sort), offset, limit, seqs)
    names, rule, calendar = parties.names_of(read, [r.id for r in rows]), limits.load().get(MEDIATE), Calendar.load()
    table = codes.table("dispute_state")
    return [DisputeRow(r.id, r.number or "", r.title, r.category, names.get(r.id, ""), r.found_on, r.mediators or "", r.risk, r.state,
                       _due(table.label(r.state), r.accepted_on, r.perform_by, r.visit_by, rule, calendar)) for r in rows]


@needs(LOOK)
def arrange_disputes(read: Reader, which: str = OPEN, sort: str = "") -> str:
    """How the whole list stands (see ordering.arranged)."""
    return ordering.arranged(sa.select(Dispute).where(_condition(read, which)), read, Dispute.seq, _order(which, sort))


# ---------------------------------------------------------------- one dispute

@dataclass(frozen=True)
class DisputeCard:
    """A dispute with everything that belongs to it, numbers of its parties masked; records are detached.

    `mediate_by` and `court_by` are the last days to mediate and to ask a court; `due_on` the next day that presses.
    """

    record: Dispute
    parties: tuple[Party, ...]
    sittings: tuple[Sitting, ...]
    story: tuple[Step, ...]
    file: CaseFile
    chain: tuple[Other, ...]
    petition: Petition | None
    house: House | None
    village: Village | None
    mediate_by: date | None
    court_by: date | None
    due_on: date | None

    @property
    def state(self) -> str:
        return steps.state_of(self.record)


@needs(LOOK)
def dispute_card(read: Reader, dispute_id: UUID) -> DisputeCard:
    """Everything about one dispute, numbers masked. Raises Gone."""
    told = dispute_on_paper(read, dispute_id)
    read.opened(told.record)
    return replace(told, parties=tuple(masked(party) for party in told.parties), house=masked(told.house) if told.house is not None else None)


@needs(PRINT)
def dispute_on_paper(read: Reader, dispute_id: UUID) -> DisputeCard:
    """The same in full, as the papers print it. Raises Gone."""
    dispute = read.get(Dispute, dispute_id)
    among, sat = parties.in_full(read, dispute_id), sittings.sittings_of(read, dispute_id)
    rule, calendar = limits.load().get(MEDIATE), Calendar.load()
    written = dispute.agreed_on is not None and bool(dispute.agreement_no)
    return DisputeCard(
        dispute, among, sat, steps.story(read, dispute_id), casefile.file_of(dispute, among, sat), chains.chain_of(read, dispute_id),
        read.find(Petition, dispute.petition), read.find(House, dispute.house), read.one(sa.select(Village).where(Village.deleted.is_not(True))),
        _mediate_by(dispute.accepted_on, rule, calendar), court_day(dispute.agreed_on, calendar) if written and dispute.agreed_on else None,
        _due(steps.state_of(dispute), dispute.accepted_on, dispute.perform_by, dispute.visit_by, rule, calendar))


@dataclass(frozen=True)
class RegisterLine:
    """One dispute of the register (F12) with its parties in full: (name, phone) of each; `state` in words."""

    parties: Sequence[tuple[str, str]]
    state: str
    number: str
    day: date
    source: str | None
    category: str | None
    people: int | None
    content: str
    risk: str | None
    mediators: str
    measures: str
    agreement_no: str


@needs(PRINT)
def dispute_register(read: Reader, since: date, until: date, only: Sequence[UUID] | None = None) -> list[RegisterLine]:
    """Every dispute found in a period, or only these, in its order, for the printed register: two questions however many there are."""
    within = sa.and_(Dispute.deleted.is_not(True), Dispute.found_on.between(since, until) if only is None else Dispute.id.in_(only))
    among: dict[int, list[tuple[str, str]]] = {}
    for seq, name, phone in read.rows(sa.select(Dispute.seq, Party.name, Party.phone).join(Dispute, Dispute.id == Party.matter).where(
            within, Party.deleted.is_not(True), Party.closed_on.is_(None)).order_by(Party.side, Party.seq)):
        among.setdefault(seq, []).append((name or "", phone or ""))
    d, text, state = Dispute, sa.func.coalesce, codes.table("dispute_state").label
    asked = sa.select(d.seq, d.state, text(d.number, ""), text(d.accepted_on, d.found_on), d.source, d.category, d.people, d.content, d.risk, text(d.mediators, ""),
                      text(sa.func.nullif(d.agreement, ""), d.result, ""), text(d.agreement_no, "")).where(within)
    return [RegisterLine(among.get(seq, ()), state(now), *told) for seq, now, *told in read.rows(asked.order_by(d.found_on, d.seq))]


@needs(PLAIN)
def usual_mediators(read: Reader) -> str:
    """Who mediated last; before the first time, who sits at the desk."""
    last = read.scalar(sa.select(Dispute.mediators).where(Dispute.deleted.is_not(True), Dispute.mediators.is_not(None))
                       .order_by(Dispute.seq.desc()).limit(1))
    return last or read.scalar(sa.select(Officer.name).where(Officer.number == read.officer)) or ""
