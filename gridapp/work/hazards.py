"""Hazards (隐患): every step from finding to closing (销号), each taken by the machine of resources/states and written into the story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gridapp.errors import Mistake
from gridapp.ledger import REGISTER, REVIEW, Acting, needs, verb
from gridapp.records import Hazard, Step
from gridapp.texts import N_, _
from gridapp.work import evidence, numbers, steps
from gridapp.work import hazardmoves as moves
from gridapp.work.hazardlists import (ALL, CANCELLED, CHECKABLE, CLOSED, DUE, FILTERS, FOUND, LATE, LISTED, NOTIFIED, OPEN, OVERDUE,
                                      RECTIFYING, REFERRED, SHUT, TO_RECHECK, UP, WAITING, HazardCard, HazardRow, ToRecheck, arrange_hazards,
                                      count_hazards, hazard_card, is_late, list_hazards, state, to_recheck, together, who_checks)
from gridapp.work.hazardmoves import (ACCEPTED, AT_ONCE, BACK, CANCEL, FAILED, GO_UP, LIST, MORE_TIME, NOBODY_HOME, OVER, PASSED, SERVE, SIGN, TOLD,
                                      UP_AT_ONCE, NotYetLate)
from gridapp.work.hazardpapers import hazard_on_paper
from gridapp.work.notices import notice_of
from gridapp.work.numbers import next_notice_no
from gridapp.work.steps import WrongState

__all__ = ["ALL", "AT_ONCE", "CANCELLED", "CHECKABLE", "CLOSED", "DUE", "FILTERS", "FOUND", "LATE", "LISTED", "NOTIFIED", "OPEN", "OVER", "OVERDUE",
           "RECTIFYING", "REFERRED", "SHUT", "TOLD", "TO_RECHECK", "UP", "WAITING", "HazardCard", "HazardRow", "NotYetLate", "ToRecheck",
           "WrongState", "arrange_hazards", "count_hazards", "hazard_card", "hazard_on_paper", "is_late", "list_hazards", "next_notice_no", "state", "to_recheck", "together",
           "who_checks"]

class ByStepsOnly(Mistake):
    """Somebody would set a state by hand."""

    def __init__(self) -> None:
        super().__init__(_("隐患的状态不能直接修改。请办理相应的一步，例如发整改通知书、复查。"))


class OtherPlace(Mistake):
    """A notice goes to one place."""

    def __init__(self) -> None:
        super().__init__(_("一份通知书只能写同一处房屋（场所）的隐患。请把别处的隐患另开一份。"))


# ---------------------------------------------------------------- found

@verb(N_("登记隐患"), REGISTER)
def raise_hazard(act: Acting, **values: Any) -> UUID:
    """Register a hazard. Raises Refused, Missing."""
    return opened(act, **values).id


@needs(REGISTER)
def opened(act: Acting, **values: Any) -> Hazard:
    """A new hazard with the first line of its story, part of whatever act found it: a patrol, an inspection, an alarm. Raises Refused, Missing."""
    hazard = Hazard(**{"found_on": act.today} | {name: value for name, value in values.items() if name != "state"})
    hazard.finder = hazard.finder or moves.officer(act)
    steps.begin(act, hazard, who=hazard.finder)
    steps.refuse_missing(FOUND, {_("发现人"): hazard.finder})
    return hazard


@verb(N_("修改隐患"), REGISTER)
def correct_hazard(act: Acting, hazard_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change fields of a hazard; its state changes by the steps below. Raises Gone, Refused, ChangedMeanwhile, ByStepsOnly."""
    if "state" in values:
        raise ByStepsOnly
    return act.change(act.get(Hazard, hazard_id), seen=seen, **values).id


# ---------------------------------------------------------------- notice

@verb(N_("发整改通知书"), REGISTER)
def serve_notice(act: Acting, hazard_id: UUID, due_on: date | None, demand: str | None = None, *, also: Sequence[UUID] = (),
                 demands: Mapping[UUID, str | None] | None = None, responsible: str | None = None, phone: str | None = None,
                 day: date | None = None) -> str:
    """Number a rectification notice for a hazard and others of the same place, and set their date; returns the number, gap-free per year and issuer.

    `demands` are what is to be done about each; `demand` about those it does not name. Raises WrongState, Missing, OtherPlace, Refused.
    """
    found = [act.get(Hazard, h) for h in dict.fromkeys((hazard_id, *also))]
    if len({(h.house, h.site, None if h.house or h.site else h.place) for h in found}) > 1:
        raise OtherPlace
    number = None
    for hazard in found:
        moves.leave_finding(act, hazard, SERVE)
        number, until = moves.put_on_notice(act, hazard, SERVE, due_on, responsible=responsible, phone=phone, number=number, day=day)
        asked = (demands or {}).get(hazard.id) or demand or hazard.demand
        steps.take(act, hazard, SERVE, day=day, number=number, due_on=until, note=asked, demand=asked)
    return number or ""


@verb(N_("签收通知书"), REGISTER)
def sign_notice(act: Acting, hazard_id: UUID, by: str, *, day: date | None = None) -> list[UUID]:
    """Somebody signed for a notice: for all hazards on it that wait for that; returns which. Raises WrongState, Missing."""
    hazard = act.get(Hazard, hazard_id)
    steps.refuse_impossible(hazard, SIGN)
    steps.refuse_missing(SIGN, {_("签收人"): by})
    signed = [h for h in notice_of(act, hazard) if steps.state_of(h) == NOTIFIED]
    for one in signed:
        steps.take(act, one, SIGN, day=day, note=_("签收人：{0}").format(by), number=one.notice_no, signed_on=day or act.today, signed_by=by)
    return [one.id for one in signed]


@verb(N_("延长整改期限"), REGISTER)
def give_more_time(act: Acting, hazard_id: UUID, due_on: date, reason: str, *, day: date | None = None) -> UUID:
    """A later date for what cannot be put right in time; the notice stays what it is. Raises WrongState, Missing, Refused."""
    hazard = act.get(Hazard, hazard_id)
    if steps.state_of(hazard) not in (NOTIFIED, RECTIFYING):
        raise WrongState(hazard.TITLE, steps.state_of(hazard), MORE_TIME, (t.step for t in steps.possible(hazard)))
    steps.refuse_missing(MORE_TIME, {_("期限"): due_on, _("理由"): reason})
    steps.note(act, hazard, MORE_TIME, day=day, note=reason, due_on=due_on)
    return act.change(hazard, due_on=due_on).id


# ---------------------------------------------------------------- put right

@verb(N_("当场改正"), REGISTER)
def mend_at_once(act: Acting, hazard_id: UUID, note: str | None = None, *, day: date | None = None) -> UUID:
    """It was put right while the officer stood there: waits for the recheck. Raises WrongState, Missing."""
    hazard = act.get(Hazard, hazard_id)
    moves.mend_at_once(act, hazard, note, day)
    return hazard.id


@verb(N_("申报整改完成"), REGISTER)
def tell_rectified(act: Acting, hazard_id: UUID, note: str | None = None, *, day: date | None = None) -> UUID:
    """The owner says it is put right: waits for the recheck. Raises WrongState, Missing.

    Without a notice it was put right at once (当场改正); a signature nobody wrote down is one more line of the story.
    """
    hazard = act.get(Hazard, hazard_id)
    if steps.state_of(hazard) == FOUND:
        moves.mend_at_once(act, hazard, note, day)
    else:
        moves.tell_rectified(act, hazard, note, day)
    return hazard.id


@verb(N_("登记到期未报"), REGISTER)
def write_late(act: Acting, hazard_id: UUID, *, day: date | None = None) -> UUID:
    """Write down that the date passed without a word; nobody needs to, the lists know it by the date. Raises WrongState, NotYetLate."""
    hazard = act.get(Hazard, hazard_id)
    moves.write_late(act, hazard, day)
    return hazard.id


@verb(N_("登记无人在家"), REGISTER)
def nobody_home(act: Acting, hazard_id: UUID, note: str | None = None, *, also: Sequence[UUID] = (), day: date | None = None) -> UUID:
    """A visit in vain: a line of the story, and the hazard stays open as it was. Raises WrongState."""
    for one in dict.fromkeys((hazard_id, *also)):
        steps.note(act, act.get(Hazard, one), NOBODY_HOME, day=day, note=note)
    return hazard_id


# ---------------------------------------------------------------- recheck

@verb(N_("复查隐患"), REVIEW)
def recheck(act: Acting, hazard_id: UUID, passed: bool, by: str, note: str | None = None, *, due_on: date | None = None,
            day: date | None = None) -> UUID:
    """One hazard looked at again, see `recheck_together`. Raises Gone, WrongState, Missing."""
    _rechecked(act, {hazard_id: passed}, by, {hazard_id: note}, due_on, day)
    return hazard_id


@verb(N_("一并复查隐患"), REVIEW)
def recheck_together(act: Acting, answers: Mapping[UUID, bool], by: str, notes: Mapping[UUID, str | None] | None = None, *,
                     due_on: date | None = None, day: date | None = None) -> str:
    """What was open of one place looked at again: {hazard: whether it is put right}; 合格 is closed (销号), the rest goes back to 已通知.

    One number for the whole recheck (F10), which is returned; `due_on` is the new date for what failed, and a first notice number is given
    where it had none. The officer may find it put right before anybody said so: then 申报整改完成 (or 当场改正) is a line of the same act.
    Raises Gone, WrongState, Missing, Refused; nothing is kept then.
    """
    return _rechecked(act, answers, by, notes or {}, due_on, day)


def _rechecked(act: Acting, answers: Mapping[UUID, bool], by: str, notes: Mapping[UUID, str | None], due_on: date | None, day: date | None) -> str:
    number = numbers.next_case_no(act, Step.number, "复查")
    first: str | None = None
    for hazard_id, passed in answers.items():
        hazard, note = act.get(Hazard, hazard_id), notes.get(hazard_id)
        step, until = PASSED if passed else FAILED, None
        steps.refuse_missing(step, {_("复查人"): by})
        moves.come_to_recheck(act, hazard, day, step)
        if passed:
            evidence.refuse_without_photo(act, hazard.id, PASSED, PASSED, after=True)
        else:
            had = hazard.notice_no
            notice, until = moves.put_on_notice(act, hazard, step, due_on, number=first, day=day)
            first = first if had else notice
        steps.take(act, hazard, step, day=day, who=by, note=note, number=number, due_on=until, rechecked_on=day or act.today, recheck_by=by,
                   recheck_note=note)
    return number


@verb(N_("撤销隐患"), REVIEW)
def cancel_hazard(act: Acting, hazard_id: UUID, reason: str, by: str | None = None, *, day: date | None = None) -> UUID:
    """A false alarm; needs a reason and somebody who answers for it (`by`, else the officer at the desk). Raises WrongState, Missing."""
    hazard = act.get(Hazard, hazard_id)
    steps.refuse_impossible(hazard, CANCEL)
    by = by or moves.officer(act)
    steps.refuse_missing(CANCEL.partition("(")[0], {_("理由"): reason, _("审核人"): by})
    steps.take(act, hazard, CANCEL, day=day, who=by, note=reason, recheck_note=reason)
    return hazard.id


# ---------------------------------------------------------------- up, and down again

@verb(N_("上报隐患"), REGISTER)
def refer(act: Acting, hazard_id: UUID, to: str, note: str | None = None, *, day: date | None = None) -> UUID:
    """Hand it to whoever has power over it: at once, or when its date has passed (到期未报 is then a line too).

    Raises WrongState, NotYetLate, Missing.
    """
    hazard = act.get(Hazard, hazard_id)
    now = steps.state_of(hazard)
    if now in (NOTIFIED, RECTIFYING):
        moves.write_late(act, hazard, day)
    step = UP_AT_ONCE if now == FOUND else GO_UP
    moves.leave_finding(act, hazard, step)
    steps.refuse_missing(step, {_("上报单位"): to})
    steps.take(act, hazard, step, day=day, unit=to, note=note, referred_on=day or act.today, referred_to=to)
    return hazard.id


@verb(N_("上级退回隐患"), REGISTER)
def send_back(act: Acting, hazard_id: UUID, due_on: date | None = None, note: str | None = None, *, responsible: str | None = None,
              day: date | None = None) -> UUID:
    """Those above leave it to the village: it is served (again), with a date. Raises WrongState, Missing, Refused."""
    hazard = act.get(Hazard, hazard_id)
    steps.refuse_impossible(hazard, BACK)
    number, until = moves.put_on_notice(act, hazard, BACK, due_on, responsible=responsible, day=day)
    steps.take(act, hazard, BACK, day=day, unit=hazard.referred_to, note=note, number=number, due_on=until)
    return hazard.id


@verb(N_("挂牌督办隐患"), REGISTER)
def put_on_list(act: Acting, hazard_id: UUID, by: str, due_on: date | None = None, note: str | None = None, *, day: date | None = None) -> UUID:
    """Those above list it (挂牌督办), perhaps with a date of their own. Raises WrongState, Missing, Refused."""
    hazard = act.get(Hazard, hazard_id)
    steps.refuse_impossible(hazard, LIST)
    steps.refuse_missing(LIST, {_("挂牌单位"): by})
    steps.take(act, hazard, LIST, day=day, unit=by, note=note, due_on=due_on, listed_on=day or act.today, listed_by=by)
    return act.change(hazard, due_on=due_on or hazard.due_on).id


@verb(N_("验收挂牌隐患"), REVIEW)
def accept(act: Acting, hazard_id: UUID, by: str, note: str | None = None, *, day: date | None = None) -> UUID:
    """A listed one is put right and accepted: closed (销号). Raises WrongState, Missing."""
    hazard = act.get(Hazard, hazard_id)
    steps.refuse_impossible(hazard, ACCEPTED)
    steps.refuse_missing(ACCEPTED, {_("验收人"): by})
    evidence.refuse_without_photo(act, hazard.id, PASSED, ACCEPTED, after=True)
    steps.take(act, hazard, ACCEPTED, day=day, who=by, note=note, rechecked_on=day or act.today, recheck_by=by, recheck_note=note)
    return hazard.id
