"""Mediating (调解): the steps of a dispute from its acceptance to the shelf, each with what the law asks for (人民调解法 Art. 17-33)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from gridapp.errors import Mistake
from gridapp.fields import codes
from gridapp.ledger import REGISTER, REVIEW, Acting, needs, verb
from gridapp.records import Dispute
from gridapp.texts import N_, _
from gridapp.work import casefile, sittings, steps
from gridapp.work.disputes import court_day
from gridapp.work.numbers import next_case_no
from gridapp.work.parties import parties_of, refuse_one_sided
from gridapp.work.steps import refuse_missing

#: of the numbers of written agreements
WORD = "调协"
APPLIED_FOR = "已申请"


class CourtTooLate(Mistake):
    """Thirty days have gone by."""

    def __init__(self, until: date) -> None:
        super().__init__(_("司法确认要在协议生效之日起 30 日内申请（人民调解法第三十三条），最后一天是 {0}，已经过期。请告知当事人可以就协议的履行向法院起诉。").format(until))


class NoAgreement(Mistake):
    """There is no written agreement a court could confirm."""

    def __init__(self) -> None:
        super().__init__(_("司法确认针对书面调解协议，这件纠纷还没有书面协议。请先办“签书面协议”。"))


class WrongDue(Mistake):
    """A time to perform that lies before the agreement."""

    def __init__(self, until: date, agreed: date) -> None:
        super().__init__(_("履行期限 {0} 早于协议日期 {1}，请改正。").format(until, agreed))


# ---------------------------------------------------------------- acceptance

@verb(N_("受理纠纷"), REGISTER)
def accept_dispute(act: Acting, dispute_id: UUID, day: date | None, informed: bool | None, note: str | None = None) -> UUID:
    """Accept it; `informed`: the parties were told their rights and duties (Art. 23, 24). Raises Gone, WrongState, WrongDay, Missing."""
    dispute = _standing(act, dispute_id, "受理")
    refuse_missing("受理", {_("受理日期"): day, _("告知当事人权利义务"): informed or None})
    steps.take(act, dispute, "受理", day=day, note=note, accepted_on=day, papers=casefile.with_paper(dispute, casefile.INFORMED))
    return dispute_id


@verb(N_("不予受理纠纷"), REVIEW)
def decline_dispute(act: Acting, dispute_id: UUID, reason: str | None, day: date | None = None) -> UUID:
    """It is none the committee may mediate. Raises Gone, WrongState, WrongDay, Missing."""
    return _with_reason(act, dispute_id, "不属于范围", reason, day)


@verb(N_("指派调解员"), REGISTER)
def assign_mediators(act: Acting, dispute_id: UUID, mediators: str | None, day: date | None = None) -> UUID:
    """Who mediates, chosen by the parties or named by the committee (Art. 19). Raises Gone, WrongState, WrongDay, Missing."""
    dispute = _standing(act, dispute_id, "指派调解员")
    refuse_missing("指派调解员", {_("调解员"): mediators})
    steps.take(act, dispute, "指派调解员", day=day, note=mediators, mediators=mediators)
    return dispute_id


# ---------------------------------------------------------------- agreements

@verb(N_("签书面调解协议"), REGISTER)
def sign_agreement(act: Acting, dispute_id: UUID, agreement: str | None, perform: str | None, perform_by: date | None, day: date | None = None,
                   number: str | None = None, copies: str | None = None) -> str:
    """A written agreement with what Art. 29 asks for: parties, facts, terms, way and time of performance; returns its number.

    Raises Gone, WrongState, WrongDay, Missing, TooFewParties, OtherSideMissing, WrongDue.
    """
    dispute = _standing(act, dispute_id, "签书面协议")
    refuse_one_sided(parties_of(act, dispute_id))
    refuse_missing("签书面协议", {_("纠纷的主要事实、争议事项"): dispute.content, _("协议内容"): agreement, _("履行方式"): perform, _("履行期限"): perform_by})
    _refuse_before(perform_by, day or act.today)
    number = number or dispute.agreement_no or next_case_no(act, Dispute.agreement_no, WORD)
    steps.take(act, dispute, "签书面协议", day=day, number=number, due_on=perform_by, note=copies, agreed_on=day or act.today, agreement=agreement,
               agreement_no=number, perform=perform, perform_by=perform_by)
    return number


@verb(N_("登记口头协议"), REGISTER)
def note_oral_agreement(act: Acting, dispute_id: UUID, agreement: str | None, perform: str | None = None, perform_by: date | None = None,
                        day: date | None = None) -> UUID:
    """Agreed by word of mouth; the mediator writes down what (Art. 28). Raises Gone, WrongState, WrongDay, Missing, WrongDue."""
    dispute = _standing(act, dispute_id, "口头协议")
    refuse_missing("口头协议", {_("协议内容"): agreement})
    _refuse_before(perform_by, day or act.today)
    steps.take(act, dispute, "口头协议", day=day, due_on=perform_by, agreed_on=day or act.today, agreement=agreement, perform=perform,
               perform_by=perform_by)
    return dispute_id


def _refuse_before(until: date | None, agreed: date) -> None:
    if until is not None and until < agreed:
        raise WrongDue(until, agreed)


@verb(N_("登记司法确认"), REGISTER)
def note_court(act: Acting, dispute_id: UUID, court: str, day: date | None = None) -> UUID:
    """How far the confirmation by a court is (a code of court_confirm). Raises Gone, NoAgreement, CourtTooLate, Missing, Refused."""
    dispute = act.get(Dispute, dispute_id)
    if dispute.agreed_on is None or not dispute.agreement_no:
        raise NoAgreement
    word, until = codes.table("court_confirm").label(court), court_day(dispute.agreed_on)
    if word in casefile.COURT_DONE:
        refuse_missing(_("登记司法确认"), {_("日期"): day})
    if word == APPLIED_FOR and until is not None and day is not None and day > until:
        raise CourtTooLate(until)
    return act.change(dispute, court=court, court_on=day).id


# ---------------------------------------------------------------- without one

@verb(N_("终止调解"), REGISTER)
def end_mediation(act: Acting, dispute_id: UUID, reason: str | None, day: date | None = None) -> UUID:
    """No agreement was reached (Art. 26). Raises Gone, WrongState, WrongDay, Missing."""
    return _with_reason(act, dispute_id, "终止", reason, day)


@verb(N_("纠纷移交上级"), REGISTER)
def pass_dispute_up(act: Acting, dispute_id: UUID, unit: str | None, reason: str | None, day: date | None = None) -> UUID:
    """To the town, which mediates on. Raises Gone, WrongState, WrongDay, Missing."""
    return _with_reason(act, dispute_id, "移交镇", reason, day, unit=unit, needed={_("接收单位"): unit})


@verb(N_("引导诉讼仲裁"), REGISTER)
def guide_to_court(act: Acting, dispute_id: UUID, reason: str | None, day: date | None = None) -> UUID:
    """The parties were told which way is left to them (Art. 26). Raises Gone, WrongState, WrongDay, Missing."""
    return _with_reason(act, dispute_id, "引导", reason, day)


# ---------------------------------------------------------------- performance, visit, shelf

@verb(N_("开始履行协议"), REGISTER)
def begin_performance(act: Acting, dispute_id: UUID, day: date | None = None, note: str | None = None) -> UUID:
    """The parties begin to do what they agreed. Raises Gone, WrongState, WrongDay."""
    steps.take(act, act.get(Dispute, dispute_id), "开始履行", day=day, note=note)
    return dispute_id


@verb(N_("协议履行完毕"), REGISTER)
def finish_performance(act: Acting, dispute_id: UUID, day: date | None, visit_by: date | None = None, note: str | None = None) -> UUID:
    """All that was agreed is done; `visit_by`: until when to look after them. Raises Gone, WrongState, WrongDay, Missing."""
    dispute = _standing(act, dispute_id, "履行完毕")
    refuse_missing("履行完毕", {_("履行完毕日期"): day})
    steps.take(act, dispute, "履行完毕", day=day, note=note, due_on=visit_by, performed_on=day, visit_by=visit_by)
    return dispute_id


@verb(N_("回访当事人"), REGISTER)
def visit_parties(act: Acting, dispute_id: UUID, **told: Any) -> UUID:
    """The visit afterwards: `told` are fields of its record (F16); without any, one that was recorded since. Raises Gone, WrongState, WrongDay, Missing, Refused."""
    dispute, visit = _standing(act, dispute_id, "回访"), sittings.kind(sittings.VISIT)
    if told:
        sittings.sat(act, dispute, **told | {"kind": visit})
    visits = [s for s in sittings.sittings_of(act, dispute_id) if s.kind == visit and dispute.performed_on and s.day >= dispute.performed_on]
    refuse_missing("回访", {_("履行完毕以后的回访记录"): visits})
    steps.take(act, dispute, "回访", day=visits[-1].day, who=visits[-1].mediators, note=visits[-1].result)
    return dispute_id


@verb(N_("纠纷立卷归档"), REVIEW)
def shelve_dispute(act: Acting, dispute_id: UUID, day: date | None = None, result: str | None = None) -> UUID:
    """The file is whole and goes on the shelf (Art. 27). Raises Gone, WrongState, WrongDay, Missing."""
    dispute = _standing(act, dispute_id, "立卷")
    refuse_missing("立卷", {f"{name}（{_('卷内材料')}）": None for name in casefile.case_file(act, dispute_id).lacking})
    steps.take(act, dispute, "立卷", day=day, archived_on=day or act.today, result=result or dispute.result)
    return dispute_id


# ---------------------------------------------------------------- what all steps share

def _standing(act: Acting, dispute_id: UUID, step: str) -> Dispute:
    """The dispute, when this step can be taken now: what is missing is only told then. Raises Gone, WrongState."""
    dispute = act.get(Dispute, dispute_id)
    steps.refuse_impossible(dispute, step)
    return dispute


def _with_reason(act: Acting, dispute_id: UUID, step: str, reason: str | None, day: date | None, *, unit: str | None = None,
                 needed: dict[str, Any] | None = None) -> UUID:
    dispute = _standing(act, dispute_id, step)
    refuse_missing(step, (needed or {}) | {_("理由"): reason})
    steps.take(act, dispute, step, day=day, note=reason, unit=unit, result=reason)
    return dispute_id

