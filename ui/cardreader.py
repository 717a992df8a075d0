"""The ID-card reader of this PC, beside the work: its line has a thread of its own; what it reads comes into the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gridapp.settings import Settings
from gridapp.texts import _
from ui.jobs import Fail, Then, Worker, answer

if TYPE_CHECKING:
    from gridapp.devices.idreader.reader import Reader


class CardReader(QObject):
    """Runs while a ledger is open, this PC's settings say so and somebody sits there who may register; nothing here stops in a box."""

    _told = Signal(object, object)
    #: a card was laid there (gridapp.devices.idreader.cards.Card)
    came = Signal(object)
    #: the state, or what is to be said, is another: `words`, `colour`, `why`
    changed = Signal()

    def __init__(self, desk: Any) -> None:
        """`desk`: the desk it is a part of (ui.desk.Desk, which imports this)."""
        super().__init__(desk)
        self._desk = desk
        self.reader: Reader | None = None
        self.worker: Worker | None = None
        self._aside: Worker | None = None
        #: the state in a word, '' while it is off; its colour; why no card was read, '' when all is well
        self.words, self.colour, self.why = "", "", ""
        self._told.connect(self._heard)

    # -- on and off

    def begin(self, settings: Settings) -> None:
        """A ledger was opened, or the settings are others: wait for cards from now on, if they say so."""
        self.stop()
        if not settings.reader_on or self._desk.ledger is None or not self._desk.may(("register",)):
            return
        from gridapp.devices.idreader.reader import Reader, Wanted

        def tell(news: Any) -> None:
            if self.reader is made:  # a thread that was left behind tells nothing any more
                self._told.emit(made, news)

        made = self.reader = Reader(Wanted(settings.reader_port, settings.reader_baud), tell)
        self._say(_("连接中"), "grey")
        self.worker = self._new_worker()
        self.worker.submit(made.run, lambda _ended: None, lambda _failure: None)

    def stop(self) -> None:
        """Close the line; a card that is just being read is for nobody."""
        reader, self.reader = self.reader, None
        if reader is not None:
            reader.stop()
        if self.worker is not None:
            self.worker.leave()
            self.worker = None
        self._say("", "")

    def end(self) -> None:
        """The ledger is closed: nothing of this goes on."""
        self.stop()
        if self._aside is not None:
            self._aside.leave()
            self._aside = None

    def _new_worker(self) -> Worker:
        made = Worker(self)
        made.crashed.connect(self._desk.worker.crashed)
        return made

    # -- what the reader tells

    def _heard(self, reader: Reader, news: Any) -> None:
        if reader is not self.reader:
            return
        from gridapp.devices.idreader.reader import Failed, State

        if isinstance(news, Failed):
            self.say(news.words)
        elif not isinstance(news, State):
            self.say("")
            self.came.emit(news)
        elif news.on:
            self._say(_("已连接"), "green")
        else:
            self._say(_("没有连上"), "yellow", news.words)

    def say(self, why: str) -> None:
        """A sentence about the card that lies there; '' takes the last one away."""
        self._say(self.words, self.colour, why)

    def _say(self, words: str, colour: str, why: str = "") -> None:
        if (words, colour, why) != (self.words, self.colour, self.why):
            self.words, self.colour, self.why = words, colour, why
            self.changed.emit()

    # -- for the settings

    def ports(self, then: Then, fail: Fail) -> None:
        """The serial ports of this PC: list[line.Port]."""
        def job() -> Any:
            from gridapp.devices.idreader.line import ports

            return ports()

        self._apart(job, then, fail)

    def try_out(self, settings: Settings, then: Then, fail: Fail) -> None:
        """One sentence that says who the reader is or what is wrong; a reader that is waiting for cards gives up the line meanwhile."""
        port, baud = settings.reader_port, settings.reader_baud
        self.stop()

        def job() -> str:
            from gridapp.devices.idreader.reader import Wanted, try_out

            return try_out(Wanted(port, baud))

        def tried(words: str) -> None:
            self.begin(settings)
            answer(then, words)

        self._apart(job, tried, fail)

    def _apart(self, job: Callable[[], Any], then: Then, fail: Fail) -> None:
        if self._aside is None:
            self._aside = self._new_worker()
        self._aside.submit(job, then, fail)
