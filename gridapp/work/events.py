"""Events (事件、警情) from 采集 to 已归档 (GB/T 34300): each step through the machine `event`, with what it needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes
from gridapp.ledger import REGISTER, REVIEW, Acting, needs, verb
from gridapp.records import Event
from gridapp.texts import N_, _
from gridapp.work import numbers, pushes, steps

DISPATCH = "分派(可多部门)"
BETWEEN = "、"


class NotLater(Mistake):
    """An extension that gives no more time."""

    def __init__(self, due_on: date) -> None:
        super().__init__(_("新的期限应在原来的期限 {0} 之后，请改正。").format(due_on))


def days_for(grade: str | None) -> int:
    """Days an event of this grade may take: the table event_days, code of the grade → days as its name; the last line where none is told."""
    rows = codes.table("event_days").offered
    return next((int(row.name) for row in rows if row.code == grade), int(rows[-1].name))


@needs(REGISTER)
def opened(act: Acting, **values: Any) -> Event:
    """A new event with its number and the first line of its story, part of whatever act it comes from. Raises Refused."""
    event = Event(**{"day": act.today} | values)
    event.number = event.number or numbers.next_case_no(act, Event.number, "事")
    if event.due_on is None:
        event.due_on = act.today + timedelta(days_for(event.grade))
    if event.linked is not None:
        event.linked = _head_of(act, event.linked)
    steps.begin(act, event)
    return event


@verb(N_("登记事件"), REGISTER)
def report_event(act: Acting, **values: Any) -> UUID:
    """Register an event. Raises Refused."""
    return opened(act, **values).id


@verb(N_("修改事件"), REGISTER)
def correct_event(act: Acting, event: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change what is said of it; its state changes by the steps below. Raises Gone, Refused, ChangedMeanwhile."""
    return act.change(act.get(Event, event), seen=seen, **values).id


@verb(N_("关联事件"), REGISTER)
def link_event(act: Acting, event: UUID, other: UUID) -> UUID:
    """Both tell of one thing; whatever was linked with this one goes along. Raises Gone, Refused."""
    head = _head_of(act, other)
    for one in act.records(sa.select(Event).where(Event.linked == event, Event.id != head, Event.deleted.is_not(True))):
        act.change(one, linked=head)
    act.change(act.get(Event, head), linked=None)
    return act.change(act.get(Event, event), linked=head).id


def _head_of(act: Acting, event: UUID) -> UUID:
    """The one that those linked with it point to."""
    found = act.get(Event, event)
    return found.linked or found.id


# ---------------------------------------------------------------- steps; all raise Gone, WrongState, WrongDay, Missing

@verb(N_("上报事件"), REGISTER)
def send_up(act: Acting, event: UUID, note: str | None = None) -> UUID:
    """To whoever takes events in (镇平台)."""
    return _take(act, event, "上报", note=note)


@verb(N_("自行处置事件"), REGISTER)
def settle_here(act: Acting, event: UUID, result: str) -> UUID:
    """Dealt with on the spot."""
    steps.refuse_missing("自行处置", {"处置结果": result})
    return _take(act, event, "自行处置", note=result, result=result)


@verb(N_("受理事件"), REVIEW)
def accept_event(act: Acting, event: UUID) -> UUID:
    """Taken in."""
    return _take(act, event, "受理")


@verb(N_("不予受理事件"), REVIEW)
def turn_away(act: Acting, event: UUID, reason: str) -> UUID:
    """Not for us, for a reason."""
    steps.refuse_missing("不予受理", {"理由": reason})
    return _take(act, event, "不予受理", note=reason)


@verb(N_("分派事件"), REVIEW)
def dispatch(act: Acting, event: UUID, recipients: Sequence[str], due_on: date | None) -> UUID:
    """To one or several, each with a push of its own; who was told already and has not answered is told the day."""
    steps.refuse_missing("分派", {"推送对象": recipients, "办理期限": due_on})
    _take(act, event, DISPATCH, note=BETWEEN.join(recipients), due=due_on, due_on=due_on)
    told = {push.recipient: push for push in pushes.waiting(act, event)}
    for recipient in recipients:
        if recipient in told:
            act.change(told[recipient], due_on=due_on)
        else:
            pushes.added(act, event, recipient, due_on)
    return event


@verb(N_("签收事件"), REGISTER)
def sign_for(act: Acting, event: UUID, who: str, unit: str | None = None) -> UUID:
    """Received by whoever deals with it, of one of those it was dispatched to: their push is received too."""
    steps.refuse_missing("签收", {"签收人": who})
    _take(act, event, "签收", who=who, unit=unit)
    for push in pushes.waiting(act, event):
        if push.recipient == unit and push.received_on is None:
            act.change(push, receiver=who, received_on=act.today)
    return event


@verb(N_("退回事件"), REGISTER)
def refuse_event(act: Acting, event: UUID, reason: str) -> UUID:
    """Wrongly sent: to be dispatched anew; those it was dispatched to have answered with that."""
    steps.refuse_missing("退单", {"理由": reason})
    _take(act, event, "退单", note=reason)
    asked = next((s.note or "" for s in reversed(steps.story(act, event)) if s.step == DISPATCH), "").split(BETWEEN)
    for push in pushes.waiting(act, event):
        if push.recipient in asked:
            pushes.answered(act, push, _("退单：{0}").format(reason))
    return event


@verb(N_("反馈事件"), REGISTER)
def feed_back(act: Acting, event: UUID, result: str) -> UUID:
    """Dealt with; what came of it. Raises Unanswered while somebody who was told has not answered."""
    steps.refuse_missing("反馈", {"处置结果": result})
    steps.refuse_impossible(act.get(Event, event), "反馈")
    pushes.refuse_unanswered(act, event)
    return _take(act, event, "反馈", note=result, result=result)


@verb(N_("申请延期"), REGISTER)
def put_off(act: Acting, event: UUID, reason: str, due_on: date | None) -> UUID:
    """More time is asked for, for those who have not answered too. Raises NotLater."""
    steps.refuse_missing("申请延期", {"理由": reason, "新的期限": due_on})
    before = act.get(Event, event).due_on
    if before and due_on and due_on <= before:
        raise NotLater(before)
    _take(act, event, "申请延期", note=reason, due=due_on, due_on=due_on)
    for push in pushes.waiting(act, event):
        act.change(push, due_on=due_on)
    return event


@verb(N_("恢复办理"), REGISTER)
def go_on(act: Acting, event: UUID) -> UUID:
    """Work goes on."""
    return _take(act, event, "恢复")


@verb(N_("核查事件"), REVIEW)
def examine(act: Acting, event: UUID, passed: bool, note: str | None = None) -> UUID:
    """Looked into: settled, or back to whoever deals with it, for a reason."""
    if not passed:
        steps.refuse_missing("核查不通过", {"理由": note})
    return _take(act, event, "核查通过" if passed else "核查不通过", note=note)


@verb(N_("评价事件"), REVIEW)
def rate_event(act: Acting, event: UUID, rating: str, note: str | None = None) -> UUID:
    """What whoever told of it thinks; then it is filed."""
    steps.refuse_missing("评价", {"评价": rating})
    return _take(act, event, "评价", note=note, rating=rating, done_on=act.today)


def _take(act: Acting, event: UUID, step: str, *, due: date | None = None, **told: Any) -> UUID:
    """`due` is the new day on the record; told.due_on the one the line of the story names."""
    record = act.get(Event, event)
    steps.take(act, record, step, **told)
    if due is not None:
        act.change(record, due_on=due)
    return record.id
