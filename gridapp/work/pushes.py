"""Pushes (推送, 一警情三推送): one event told to several, each with its own receipt, day and answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes
from gridapp.ledger import LOOK, PLAIN, REGISTER, REVIEW, Acting, Reader, needs, verb
from gridapp.records import Event, Push
from gridapp.texts import N_, _
from gridapp.work import steps


class AlreadyPushed(Mistake):
    """Somebody was told and has not answered yet."""

    def __init__(self, recipient: str) -> None:
        super().__init__(_("已经推送给“{0}”，还没有反馈，不必再推。要催办请联系对方。").format(recipient))


class Unanswered(Mistake):
    """An event is fed back when everybody who was told has answered."""

    def __init__(self, answered: int, of: int, waiting: Iterable[str]) -> None:
        told = "、".join(waiting)
        super().__init__(_("还不能反馈：推送已反馈 {0}/{1}，还差“{2}”。请先登记它们的推送反馈；不用它们办的，反馈内容写“无需办理”。").format(answered, of, told))


def usual() -> list[str]:
    """Whom an event is pushed to where nothing else is said (code table push_recipient)."""
    return [row.name for row in codes.table("push_recipient").offered]


@needs(REGISTER, REVIEW)
def added(act: Acting, event: UUID, recipient: str, due_on: date | None) -> Push:
    """One recipient more, part of another act. Raises AlreadyPushed, Refused."""
    open_ones = sa.select(Push.id).where(Push.event == event, Push.recipient == recipient, Push.answered_on.is_(None), Push.deleted.is_not(True))
    if act.scalar(open_ones) is not None:
        raise AlreadyPushed(recipient)
    return act.add(Push(event=event, recipient=recipient, sent_on=act.today, due_on=due_on))


@needs(REGISTER, REVIEW)
def waiting(act: Acting, event: UUID) -> list[Push]:
    """Those who were told and have not answered."""
    return list(act.records(sa.select(Push).where(Push.event == event, Push.answered_on.is_(None), Push.deleted.is_not(True)).order_by(Push.seq)))


@needs(REGISTER, REVIEW)
def refuse_unanswered(act: Acting, event: UUID) -> None:
    """Raises Unanswered."""
    if left := waiting(act, event):
        of = act.scalar(sa.select(sa.func.count()).select_from(Push).where(Push.event == event, Push.deleted.is_not(True)))
        raise Unanswered(of - len(left), of, [push.recipient for push in left])


@needs(REGISTER, REVIEW)
def answered(act: Acting, push: Push, answer: str, day: date | None = None) -> Push:
    """Its answer, part of another act; whoever answers has received it. Raises Refused."""
    day = day or act.today
    return act.change(push, answer=answer, answered_on=day, received_on=push.received_on or day)


@verb(N_("推送事件"), REGISTER)
def push_event(act: Acting, event: UUID, recipients: list[str], due_on: date | None = None) -> UUID:
    """Tell some more of an event. Raises Gone, Missing, AlreadyPushed, Refused."""
    steps.refuse_missing("推送", {"推送对象": recipients})
    found = act.get(Event, event)
    for recipient in recipients:
        added(act, found.id, recipient, due_on or found.due_on)
    return found.id


@verb(N_("推送签收"), REGISTER)
def receive_push(act: Acting, push: UUID, who: str, day: date | None = None) -> UUID:
    """The recipient has it. Raises Gone, Missing, Refused."""
    steps.refuse_missing("推送签收", {"签收人": who})
    return act.change(act.get(Push, push), receiver=who, received_on=day or act.today).id


@verb(N_("推送反馈"), REGISTER)
def answer_push(act: Acting, push: UUID, answer: str, day: date | None = None) -> UUID:
    """What the recipient did. Raises Gone, Missing, Refused."""
    steps.refuse_missing("推送反馈", {"反馈内容": answer})
    return answered(act, act.get(Push, push), answer, day).id


# ---------------------------------------------------------------- questions

@needs(LOOK)
def pushes_of(read: Reader, event: UUID) -> tuple[Push, ...]:
    """All of one event, in order; records are detached."""
    return tuple(read.records(sa.select(Push).where(Push.event == event, Push.deleted.is_not(True)).order_by(Push.seq)))


def unanswered() -> sa.ColumnElement[bool]:
    """Somebody was told of an event that is not shut and has not answered."""
    waits = sa.select(Push.seq).where(Push.event == Event.id, Push.answered_on.is_(None), Push.deleted.is_not(True))
    return _runs() & sa.exists(waits.correlate(Event))


def _runs() -> sa.ColumnElement[bool]:
    return Event.state.in_(steps.unended(Event))


def _late(today: date) -> list[sa.ColumnElement[bool]]:
    return [Push.deleted.is_not(True), Event.deleted.is_not(True), _runs(), Push.answered_on.is_(None), Push.due_on < today]


@needs(PLAIN)
def count_late_pushes(read: Reader) -> int:
    """How many are past their day."""
    return int(read.scalar(sa.select(sa.func.count()).select_from(Push).join(Event, Event.id == Push.event).where(*_late(read.today))))
