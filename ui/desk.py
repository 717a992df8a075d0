"""The desk: the screens' only way to the ledger. Questions and acts go through the worker; answers come back as plain things."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from gridapp import places
from gridapp.errors import Sorted
from gridapp.fields.workdays import Calendar
from gridapp.settings import Settings
from ui.alarmpost import AlarmPost
from ui.aside import Aside
from ui.cardreader import CardReader
from ui.copying import Copies, at_close
from ui.entering import Entering
from ui.jobs import Fail, Steps, Then, Ticket, Worker, answer
from ui.signed import Signed

if TYPE_CHECKING:
    from gridapp.ledger import Ledger

#: of one rule at most so many things are handed out (and reported in one batch)
MOST_DUE = 1000
#: how long a step waits that must be alone with the ledger, before it looks again
AGAIN_MS = 100


class Desk(Entering, Signed, QObject):
    """Ask, do, search, undo. `fail` hears Mistake and Trouble; without it they are told in a box."""

    #: frozenset of (entity, id) after an act: each screen refreshes or not
    touched = Signal(object)
    #: another village, or another officer than before: `where` was asked anew
    moved = Signal()
    #: an act was saved; its Chinese title, for the status pill
    saved = Signal(str)

    def __init__(self, worker: Worker, tell: Fail, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker, self.tell = worker, tell
        self.ledger: Ledger | None = None
        #: the village, grid and officer of the open ledger (gridapp.work.village.Desk)
        self.where: Any = None
        #: backups, beside the work
        self.copies = Copies(self, lambda: self.ledger, worker.crashed.emit)
        #: questions that take long, beside the work
        self.aside = Aside(lambda: self._open, tell, worker.crashed.emit)
        #: alarms that are sent to us, beside the work
        self.post = AlarmPost(self)
        #: the reader of ID cards, beside the work
        self.reader = CardReader(self)
        #: who sits here and what they may (gridapp.ledger.permits.Seat)
        self.seat: Any = None
        #: what this PC remembers; the window puts its own here
        self.settings = Settings()
        #: kind of form → what was said in the last one that was saved, newest last; forgotten with the ledger
        self.entered: dict[str, dict[str, str]] = {}
        #: asks for the password once more: what to do then, and what when nobody typed it (ui/proving.py)
        self.prover: Callable[[Callable[[], Any], Callable[[], Any]], None] | None = None

    # -- the ledger itself

    def close(self, backup: bool = False) -> None:
        """Close the ledger after everything queued is done (long work stops at its next step), and end the worker; `backup`: one is taken first."""
        ledger, self.ledger = self.ledger, None
        self.entered.clear()
        self.post.stop()
        self.reader.end()
        self.copies.stop()
        self.aside.stop()
        if ledger is not None:
            if backup:
                self.worker.submit(lambda: at_close(ledger))
            self.worker.submit(ledger.close)
        self.worker.stop()

    def let_go(self, then: Then) -> None:
        """Close the ledger and stay: another one may be opened, or this one restored."""
        ledger, self.ledger = self._open, None
        self.entered.clear()
        self.post.stop()
        self.reader.end()
        self.copies.stop()
        self.aside.stop()
        self.worker.submit(ledger.close, then, self.tell)

    @property
    def scope(self) -> str:
        """Whose ledger is open: 'v:330784108238' a village's, 't:330784108' a town's."""
        return self._open.scope

    @property
    def working(self) -> str | None:
        """The village a town's ledger shows and acts in at the moment; None: all of them."""
        return self._open.working

    def work_in(self, scope: str | None) -> None:
        """Show, search and act in one village of a town only; None: show all, act in the town's own register."""
        self.call(lambda ledger: ledger.work_in(scope), acts=True)

    def look_around(self, fail: Fail | None = None) -> None:
        """Ask anew where we are and who sits here; every screen refreshes when that is elsewhere (addresses begin otherwise)."""
        from gridapp.work import village

        def told(where: Any) -> None:
            before, self.where = self.where, where
            self.moved.emit()
            if before is not None and before != where:
                self.touched.emit(frozenset({("*", None)}))

        self.ask(village.desk, then=told, fail=fail)

    @property
    def place(self) -> str:
        """'青后叶村 · 第一网格'; a town's ledger, and one that waits for its first parcel, by the table of codes."""
        from gridapp.fields import codes

        if self.scope.startswith("t:"):
            return codes.named(self.scope[2:]) + (f" · {codes.named(self.working[2:])}" if self.working else "")
        if not self.where.village:
            return codes.named(self.scope[2:])
        return f"{self.where.village} · {self.where.grid}"

    @property
    def home(self) -> str:
        """'永康市古山镇青后叶村': what every address here begins with; where a town shows all its villages, '永康市古山镇'."""
        return str(self.where.home(self.working or self.scope)) if self.where is not None else ""

    def short(self, place: str) -> str:
        """An address without the county, town and village everybody here knows: '祠堂路106号 302'."""
        return place.removeprefix(self.home)

    # -- reading

    def ask(self, question: Callable[..., Any], *args: Any, then: Then, fail: Fail | None = None, lane: str = "",
            **kwargs: Any) -> Ticket:
        """Run `question(read, *args, **kwargs)`; of questions in one lane only the newest is answered."""
        ledger = self._open
        return self._submit(lambda: ledger.ask(question, *args, **kwargs), then, fail or self.tell, lane=lane)

    def call(self, job: Callable[[Ledger], Any], then: Then | None = None, fail: Fail | None = None, lane: str = "", acts: bool = False) -> Ticket:
        """Run `job(ledger)`, for what is no question of one record and no verb; with `acts` every screen refreshes afterwards."""
        ledger = self._open

        def done(result: Any) -> None:
            if acts:
                self.touched.emit(frozenset({("*", None)}))
            answer(then, result)
            if acts and self.ledger is ledger and self.where is not None:  # a first parcel brings the village
                self.look_around(lambda _nobody: None)

        return self._submit(lambda: job(ledger), done, fail or self.tell, lane=lane)

    def search(self, text: str, then: Then, limit: int = 20) -> Ticket:
        """What the search box finds: list[Hit]."""
        return self.call(lambda ledger: ledger.search(text, limit, self.settings.alike), then, lane="search")

    def history(self, records: Sequence[UUID], then: Then, newest: int) -> Ticket:
        """The newest steps of one or more records as one story: list[Step], newest first."""
        ledger = self._open

        def job() -> list[Any]:
            return sorted((step for record in records for step in ledger.history(record, newest)), key=lambda s: s.at)[::-1][:newest]

        return self._submit(job, then, self.tell, lane="history")

    @property
    def today(self) -> date:
        """The calendar day by the ledger's clock."""
        day: date = self._open.today
        return day

    def acts(self, then: Then, limit: int = 50) -> Ticket:
        """The newest acts: list[ActLine]."""
        return self.call(lambda ledger: ledger.acts(limit), then)

    @staticmethod
    def calendar() -> Calendar:
        """Working days, with this PC's own holiday table if there is one. Raises BadHolidayFile."""
        own = places.own_holidays()
        return Calendar.load(own if own.exists() else None)

    def due(self, then: Then) -> None:
        """What is due today: list[Group]; counted aside."""
        def job(ledger: Ledger) -> Any:
            from gridapp.work import deadlines

            return ledger.ask(deadlines.due, self.calendar(), MOST_DUE)

        self.aside.call(job, then, "due")

    def verify(self, then: Then, fail: Fail) -> Ticket:
        """Look at every page, seal and row, and hold the audit against the newest backup: proof.Report."""
        def job(ledger: Ledger) -> Any:
            from gridapp.work import audit

            return audit.prove(ledger)

        return self.call(job, then, fail)

    def change_password(self, old: str, new: str, then: Then, fail: Fail) -> Ticket:
        """Another password for whoever sits here."""
        def job(ledger: Ledger) -> None:
            from gridapp.work import accounts

            accounts.change_password(ledger, old, new)

        return self.call(job, then, fail)

    def alone(self, job: Callable[[Ledger], Any], then: Then, fail: Fail) -> None:
        """Run `job(ledger)` while nothing else is under way in the ledger, no backup either; every screen refreshes afterwards."""
        ledger = self._open
        if not (self.copies.idle and self.aside.idle):  # whoever locks meanwhile wants it no more
            QTimer.singleShot(AGAIN_MS, self, lambda: self.alone(job, then, fail) if self.ledger is ledger else None)
            return
        self.copies.stop()

        def begin_again() -> None:
            if self.ledger is ledger:
                self.copies.begin(ledger)

        def done(result: Any) -> None:
            begin_again()
            answer(then, result)

        def failed(failure: Sorted) -> None:
            begin_again()
            answer(fail, failure)

        self.call(job, done, failed, acts=True)

    # -- acting

    def do(self, verb: Callable[..., Any], *args: Any, then: Then | None = None, fail: Fail | None = None,
           **kwargs: Any) -> Ticket:
        """Run a verb; `then` gets Done (result, touched, marks, act). `fail` hears WholeTown, too."""
        from gridapp.work import choosing

        ledger = self._open
        return self._act(lambda: choosing.chosen(ledger).do(verb, *args, **kwargs), then, fail)

    def do_in(self, scope: str, verb: Callable[..., Any], *args: Any, then: Then | None = None, fail: Fail | None = None,
              **kwargs: Any) -> Ticket:
        """The same in another scope of this ledger: a village's record at the town, the configuration."""
        ledger = self._open
        return self._act(lambda: ledger.do_in(scope, verb, *args, **kwargs), then, fail)

    def undo(self, then: Then | None = None, fail: Fail | None = None) -> Ticket:
        ledger = self._open
        return self._act(ledger.undo, then, fail)

    def redo(self, then: Then | None = None, fail: Fail | None = None) -> Ticket:
        ledger = self._open
        return self._act(ledger.redo, then, fail)

    def _act(self, job: Callable[[], Any], then: Then | None, fail: Fail | None) -> Ticket:
        ledger = self._open

        def both() -> tuple[Any, str]:
            return job(), next((a.title for a in ledger.acts(1)), "")

        def done(told: tuple[Any, str]) -> None:
            self.saved.emit(told[1])
            self.touched.emit(told[0].touched)
            answer(then, told[0])

        return self._submit(both, done, fail or self.tell)

    def long(self, job: Callable[..., Any], then: Then, steps: Steps, fail: Fail | None = None, acts: bool = False) -> Ticket:
        """Import, printing: `job(ledger, progress)` with progress(done, total) -> bool; cancel through the ticket."""
        ledger = self._open

        def done(result: Any) -> None:
            if acts:
                self.touched.emit(frozenset({("*", None)}))
            answer(then, result)

        return self._submit(lambda progress: job(ledger, progress), done, fail or self.tell, steps=steps)

    # -- drafts

    def keep_draft(self, form: str, values: Mapping[str, str], hand: tuple[str, int] | None = None) -> None:
        """Keep what is typed so far (form key, {field: text}) and where the cursor stands (field, place); newest wins."""
        ledger, told = self._open, dict(values)
        self.worker.submit(lambda: ledger.keep_draft(form, told, hand), None, self.tell, lane=f"draft {form}")

    def drop_draft(self, form: str) -> None:
        ledger = self._open
        self.worker.submit(lambda: ledger.drop_draft(form), None, self.tell)

    def drafts(self, then: Then) -> None:
        """list[Draft], newest first."""
        ledger = self._open
        self.worker.submit(ledger.drafts, then, self.tell)
