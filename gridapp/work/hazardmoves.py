"""What the steps of a hazard have in common (隐患各步): the notice it must be on, lines nobody wrote down in time, the date that has passed."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.ledger import REGISTER, REVIEW, Acting, needs
from gridapp.records import Hazard, House, Officer, Site, Step
from gridapp.texts import _
from gridapp.work import evidence, steps
from gridapp.work.hazardlists import FOUND, LATE, NOTIFIED, RECTIFYING, is_late
from gridapp.work.numbers import next_notice_no

AT_ONCE, SERVE, SIGN, TOLD, OVER = "当场改正", "发整改通知书", "签收", "申报整改完成", "到期未报"
PASSED, FAILED, UP_AT_ONCE, GO_UP, BACK = "复查合格", "复查不合格", "直接上报", "上报", "上级退回"
LIST, ACCEPTED, CANCEL = "挂牌督办", "验收达标", "撤销(需理由)"
NOBODY_HOME, MORE_TIME = "无人在家", "延长期限"


class NotYetLate(Mistake):
    """It cannot be called overdue before its date has passed."""

    def __init__(self, due: date | None) -> None:
        told = _("整改期限 {0} 还没有过").format(due) if due else _("这条隐患没有整改期限")
        super().__init__(_("{0}，不能按到期未报办理。请等期限过后再办，或先复查。").format(told))


@needs(REGISTER, REVIEW)
def officer(act: Acting) -> str | None:
    """The name of whoever sits at the desk."""
    found: str | None = act.scalar(sa.select(Officer.name).where(Officer.number == act.officer, Officer.deleted.is_not(True)).limit(1))
    return found


@needs(REGISTER, REVIEW)
def leave_finding(act: Acting, hazard: Hazard, step: str) -> None:
    """Who registers a hazard may bring its photo a moment later: the first step waits for it. Raises WrongState, Missing."""
    steps.refuse_impossible(hazard, step)
    if steps.state_of(hazard) == FOUND:
        evidence.refuse_without_photo(act, hazard.id, FOUND, step, after=False)


@needs(REGISTER, REVIEW)
def put_on_notice(act: Acting, hazard: Hazard, step: str, due_on: date | None, *, responsible: str | None = None, phone: str | None = None,
                  number: str | None = None, day: date | None = None) -> tuple[str, date]:
    """Give it what a hazard in 已通知 must have: a number, a date, and somebody who is told; what it has already stays. Raises Missing, Refused."""
    house, site = act.find(House, hazard.house), act.find(Site, hazard.site)
    keeper = (house.owner_name, house.owner_phone) if house else (site.keeper, site.phone) if site else (None, None)
    number, until, who = hazard.notice_no or number or next_notice_no(act), due_on or hazard.due_on, responsible or hazard.responsible or keeper[0]
    steps.refuse_missing(step, {_("文号"): number, _("期限"): until, _("被通知人"): who})
    assert until is not None
    act.change(hazard, notice_no=number, notice_on=hazard.notice_on or day or act.today, due_on=until, responsible=who,
               phone=phone or (None if responsible else hazard.phone or keeper[1]))
    return number, until


@needs(REGISTER, REVIEW)
def mend_at_once(act: Acting, hazard: Hazard, note: str | None, day: date | None) -> None:
    """Put right while the officer stood there. Raises WrongState, Missing."""
    leave_finding(act, hazard, AT_ONCE)
    steps.take(act, hazard, AT_ONCE, day=day, note=note, told_on=day or act.today, told_note=note or hazard.told_note)


@needs(REGISTER, REVIEW)
def tell_rectified(act: Acting, hazard: Hazard, note: str | None, day: date | None) -> None:
    """Put right by whoever was told to; before that the line of a signature nobody wrote down, or of a date that passed. Raises WrongState."""
    if steps.state_of(hazard) == NOTIFIED and is_late(hazard, day or act.today):
        write_late(act, hazard, day)
    elif steps.state_of(hazard) == NOTIFIED:
        steps.take(act, hazard, SIGN, day=day, note=_("没有单独登记签收"))
    steps.take(act, hazard, TOLD, day=day, note=note, told_on=day or act.today, told_note=note or hazard.told_note)


@needs(REGISTER, REVIEW)
def write_late(act: Acting, hazard: Hazard, day: date | None) -> Step:
    """The date has passed: a fact until now, from now on a line of the story. Raises WrongState, NotYetLate."""
    steps.refuse_impossible(hazard, OVER)
    if not is_late(hazard, day or act.today):
        raise NotYetLate(hazard.due_on)
    return steps.take(act, hazard, OVER, day=day, due_on=hazard.due_on)


@needs(REGISTER, REVIEW)
def come_to_recheck(act: Acting, hazard: Hazard, day: date | None, step: str) -> None:
    """The lines nobody wrote before a recheck. Raises WrongState where there is nothing to recheck."""
    now = steps.state_of(hazard)
    if now == FOUND:
        mend_at_once(act, hazard, None, day)
    elif now in (NOTIFIED, RECTIFYING, LATE):
        tell_rectified(act, hazard, None, day)
    steps.refuse_impossible(hazard, step)
