"""Alarms that are sent to us, beside the work: the network has a thread of its own, the ledger's worker books what came, and only then the sender is told so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gridapp.errors import Sorted
from gridapp.texts import _
from ui.jobs import Fail, Then, Ticket, Worker, answer

if TYPE_CHECKING:
    from gridapp.devices.subscriber import Came, State, Subscriber
    from gridapp.work.subscriptions import Listening, Subscription

#: so many letters are booked in one act, and so many devices of them named
MOST_AT_ONCE, NAMED = 50, 3


class AlarmPost(QObject):
    """Runs while a ledger is open whose settings say so and somebody sits there who may register; nothing here stops in a box."""

    _told = Signal(object, object)
    #: the state or what came last is told otherwise: `words`, `colour`, `why`, `news`
    changed = Signal()

    def __init__(self, desk: Any) -> None:
        """`desk`: the desk it is a part of (ui.desk.Desk, which imports this)."""
        super().__init__(desk)
        self._desk = desk
        self.worker: Worker | None = None
        self.subscriber: Subscriber | None = None
        #: what came and is not booked yet
        self.waiting = list[Any]()
        self._booking: Ticket | None = None
        #: the state of the connection in a word, '' while it is off; its colour; why it is so; what became of what came last
        self.words, self.colour, self.why, self.news = "", "", "", ""
        self._told.connect(self._heard)

    # -- on and off

    def begin(self) -> None:
        """A ledger was opened, or its settings are others: listen from now on, if they say so."""
        self.stop()
        ledger = self._desk.ledger

        def job(opened: Any) -> Listening | None:
            from gridapp.work import subscriptions

            return subscriptions.listening(opened)

        def told(listening: Listening | None) -> None:
            if listening is not None and self._desk.ledger is ledger and self.subscriber is None:
                self._listen(listening)

        if ledger is not None and self._desk.may(("register",)):
            self._desk.call(job, told, lambda _refused: None, lane="alarm post")

    def _listen(self, told: Listening) -> None:
        from gridapp.devices.subscriber import Subscriber

        def tell(news: State | Came) -> None:
            if self.subscriber is made:  # a thread that was left behind tells nothing any more
                self._told.emit(made, news)

        made = self.subscriber = Subscriber(told, tell)
        self._say(_("连接中"), "grey")
        self._run(made.run, lambda _ended: None, lambda _failure: None)

    def stop(self) -> None:
        """Listen no more. What was not booked is not acknowledged: it comes again when somebody listens."""
        subscriber, self.subscriber = self.subscriber, None
        if subscriber is not None:
            subscriber.stop()
        if self.worker is not None:
            self.worker.leave()
            self.worker = None
        self.waiting.clear()
        self._booking, self.news = None, ""
        self._say("", "")

    def _run(self, job: Any, then: Then, fail: Fail) -> None:
        if self.worker is None:
            self.worker = Worker(self)
            self.worker.crashed.connect(self._desk.worker.crashed)
        self.worker.submit(job, then, fail)

    # -- what the network tells

    def _heard(self, subscriber: Subscriber, news: State | Came) -> None:
        if subscriber is not self.subscriber:
            return
        from gridapp.devices.subscriber import State

        if not isinstance(news, State):
            self.waiting.append(news)
            self._book()
        elif news.on:
            self._say(_("已连接"), "green")
        elif news.again:
            self._say(_("断开"), "yellow", _("{0}，{1:.0f} 秒后重连").format(news.words, news.again))
        elif self.colour == "yellow":
            self._say(_("重连中"), "yellow", self.why)
        else:
            self._say(_("连接中"), "grey")

    def _say(self, words: str, colour: str, why: str = "") -> None:
        self.words, self.colour, self.why = words, colour, why
        self.changed.emit()

    # -- booking

    def _book(self) -> None:
        """All that came meanwhile as one act; then, and only then, their receipts."""
        subscriber = self.subscriber
        if self._booking is not None or not self.waiting or subscriber is None:
            return
        batch, self.waiting = self.waiting[:MOST_AT_ONCE], self.waiting[MOST_AT_ONCE:]

        def job(ledger: Any) -> Any:
            from gridapp.work import alarmletters

            return alarmletters.book(ledger, [came.letter for came in batch])

        def saved(done: Any) -> None:
            if subscriber is self.subscriber:
                for came in batch:
                    subscriber.saved(came)
                self._booking = None
                self._tell(done)
                self._book()

        def failed(failure: Sorted) -> None:
            """The letters come again; what kept them from being booked is told on the screen, a full disk also above it."""
            if subscriber is self.subscriber:
                self.waiting.clear()
                self._booking = None
                self.news = failure.text
                self.changed.emit()
                subscriber.not_saved()

        self._booking = self._desk.call(job, saved, failed)

    def _tell(self, done: Any) -> None:
        self.news = summary(done.result)
        self.changed.emit()
        if done.touched:
            self._desk.touched.emit(done.touched)
        if self.news:
            self._desk.saved.emit(self.news)

    # -- trying

    def try_out(self, told: Subscription, same_password: bool, then: Then, fail: Fail) -> None:
        """One sentence that says whether it works; beside the work, under a name of its own."""
        def job(ledger: Any) -> Listening:
            from gridapp.work import subscriptions

            return subscriptions.to_try(ledger, told, same_password)

        def tried(listening: Listening) -> None:
            from gridapp.devices.subscriber import try_out

            worker = Worker(self)
            worker.crashed.connect(self._desk.worker.crashed)

            def over(words: str) -> None:
                worker.leave()
                worker.deleteLater()
                answer(then, words)

            worker.submit(lambda: try_out(listening), over, fail)

        self._desk.call(job, tried, fail)


def summary(booked: Any) -> str:
    """What became of what came, in words: how many, devices nobody registered, what cannot be read."""
    words = [_("收到告警 {0} 条").format(booked.new)] if booked.new else []
    if booked.unknown:
        named = "、".join(booked.unknown[:NAMED])
        words.append(_("设备 {0} 没有登记").format(named + (_(" 等") if len(booked.unknown) > NAMED else "")))
    if booked.unread:
        words.append(_("有 {0} 条看不懂（{1}），原文已留下").format(len(booked.unread), booked.unread[0]))
    return "，".join(words)
