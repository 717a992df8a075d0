"""The one worker thread: it owns the ledger; plain functions go in, answers come back into the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from gridapp.errors import Sorted, Unwanted

Then = Callable[[Any], None]
Fail = Callable[[Sorted], None]
Steps = Callable[[int, int], None]
#: how long a thread is waited for that may hang in the network, and those that were left there
LEAVING_SECONDS = 0.5
_left: list[QObject] = []


def stands(call: Callable[..., Any]) -> bool:
    """Whether what an answer is for is still there: the widget whose method it is, and those the function holds on to.

    A screen that was thrown away (another look, a page that was left) cannot take back what it asked.
    """
    if isinstance(call, partial):
        return stands(call.func) and all(isValid(x) for x in call.args if isinstance(x, QObject))
    held = [getattr(call, "__self__", None)]
    for cell in getattr(call, "__closure__", None) or ():
        with suppress(ValueError):  # nothing was put into it yet
            held.append(cell.cell_contents)
    return all(isValid(x) for x in held if isinstance(x, QObject))


def answer(call: Callable[..., Any] | None, *told: Any) -> None:
    """Give an answer to whoever asked, if they are still there."""
    if call is not None and stands(call):
        call(*told)


class Ticket:
    """One job on its way. Cancelling drops its answer; a job that reports progress stops at its next step."""

    def __init__(self, lane: str, then: Then | None, fail: Fail | None, steps: Steps | None) -> None:
        self.lane, self.then, self.fail, self.steps = lane, then, fail, steps
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Worker(QObject):
    """Runs jobs one after another in a thread of its own; call it and hear from it in the window's thread only."""

    _came = Signal(object, object, object)
    _stepped = Signal(object, int, int)
    #: a failure nobody sorted: our bug
    crashed = Signal(object)
    #: a Mistake or Trouble, whoever hears of it besides: a full disk concerns more than one form
    failed = Signal(object)
    busy = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: SimpleQueue[tuple[Ticket, Callable[..., Any], bool] | None] = SimpleQueue()
        self._newest: dict[str, Ticket] = {}
        self._long: set[Ticket] = set()
        self._open, self._stopped = 0, False
        self._running: Ticket | None = None
        self._came.connect(self._deliver)
        self._stepped.connect(self._step)
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[..., Any], then: Then | None = None, fail: Fail | None = None, *, lane: str = "",
               steps: Steps | None = None) -> Ticket:
        """Queue `job`. Of jobs in one lane only the newest answers (typing in a search box).

        With `steps`, the job is called with `progress(done, total) -> bool`; it returns False once the ticket is cancelled.
        """
        ticket = Ticket(lane, then, fail, steps)
        if lane:
            older = self._newest.get(lane)
            if older is not None:
                older.cancel()
            self._newest[lane] = ticket
        if steps is not None:
            self._long.add(ticket)
        self._open += 1
        self.busy.emit(True)
        self._queue.put((ticket, job, steps is not None))
        return ticket

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            ticket, job, reports = item
            self._running = ticket
            if ticket.cancelled and not reports:
                self._came.emit(ticket, None, None)
                continue
            try:
                result = job(lambda done, total, t=ticket: self._report(t, done, total)) if reports else job()
            except Unwanted:
                self._came.emit(ticket, None, None)
            except Sorted as failure:
                self._came.emit(ticket, None, failure)
            except Exception as bug:  # the worker must go on; the window shows the crash box
                self._came.emit(ticket, None, bug)
            else:
                self._came.emit(ticket, result, None)

    def wanted(self) -> bool:
        """Whether somebody waits for the answer to what is being done; asked in the worker's thread."""
        return not (self._stopped or self._running is not None and self._running.cancelled)

    def _report(self, ticket: Ticket, done: int, total: int) -> bool:
        self._stepped.emit(ticket, done, total)
        return not ticket.cancelled

    @Slot(object, int, int)
    def _step(self, ticket: Ticket, done: int, total: int) -> None:
        if not ticket.cancelled and not self._stopped:
            answer(ticket.steps, done, total)

    @Slot(object, object, object)
    def _deliver(self, ticket: Ticket, result: Any, failure: object) -> None:
        self._long.discard(ticket)
        if self._stopped:
            return
        self._open -= 1
        if self._open == 0:
            self.busy.emit(False)
        if isinstance(failure, Sorted):
            self.failed.emit(failure)
            if not ticket.cancelled or ticket.steps is not None:
                answer(ticket.fail, failure)
        elif failure is not None:
            self.crashed.emit(failure)
        elif not ticket.cancelled:
            answer(ticket.then, result)

    @property
    def idle(self) -> bool:
        """Whether every job has been answered."""
        return self._open == 0

    def leave(self) -> None:
        """End the thread without waiting for a network that does not answer; answers that come now are for nobody."""
        self._stopped = True
        self._queue.put(None)
        self._thread.join(LEAVING_SECONDS)
        if self._thread.is_alive():
            self.setParent(None)
            _left.append(self)  # what its thread still tells must find it alive

    def stop(self) -> None:
        """Finish what is queued (long work ends at its next step) and end the thread; answers that come now are for nobody."""
        for ticket in self._long:
            ticket.cancel()
        self._stopped = True
        self._queue.put(None)
        self._thread.join()
