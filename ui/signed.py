"""The part of the desk that knows who sits here, and asks for the password once more where the ledger wants it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from gridapp.errors import Sorted
from gridapp.texts import _
from ui.jobs import Fail, Steps, Then, Ticket, Worker, answer

if TYPE_CHECKING:
    from gridapp.ledger import Ledger

NOT_PROVED = _("没有再输一次密码，这一步没有做，什么也没有改。")


class Signed:
    """Who sits here; questions and acts go through `_submit`."""

    worker: Worker
    tell: Fail
    where: Any
    seat: Any
    prover: Callable[[Callable[[], Any], Callable[[], Any]], None] | None
    ledger: Ledger | None
    call: Callable[..., Ticket]

    @property
    def _open(self) -> Ledger:
        assert self.ledger is not None, "no ledger is open"
        return self.ledger

    def ask_seat(self, then: Then) -> None:
        """Ask anew who sits here and what they may; `then` gets the Seat."""
        def told(seat: Any) -> None:
            self.seat = seat
            answer(then, seat)

        self.call(lambda ledger: ledger.seat, told, lane="seat")

    def may(self, permits: Collection[str]) -> bool:
        """Whether whoever sits here has one of these permits, by their names; nobody in particular asks for nothing. The ledger decides anyhow."""
        return not permits or self.seat is None or self.seat.officer == 0 or not self.seat.permits.isdisjoint(permits)

    def can(self, *functions: Callable[..., Any]) -> bool:
        """Whether whoever sits here may run every one of these, by what each declares (gridapp.ledger.permits): what they may not is not offered."""
        if self.seat is None or not functions:
            return True
        from gridapp.ledger.permits import needed

        asked = [needed(function) for function in functions]
        return all(needs is not None and self.seat.may(needs.any_of) for needs in asked)

    @property
    def officer(self) -> int:
        """The number of whoever signed in."""
        return self._open.officer

    @property
    def signed(self) -> str:
        """Who sits here; whoever registers and manages accounts in one is told so (兼任)."""
        name: str = self.where.officer if self.where is not None else ""
        joint = self.seat is not None and {"grid", "manage"} <= self.seat.roles
        return _("{0}（兼任）").format(name) if joint and name else name

    # -- showing once more who sits here

    def _submit(self, job: Callable[..., Any], then: Then | None = None, fail: Fail | None = None, *, lane: str = "",
                steps: Steps | None = None) -> Ticket:
        """Queue it; where the ledger wants the password again, ask for it and do the very same once more."""
        told = fail or self.tell

        def heard(failure: Sorted) -> None:
            if type(failure).__name__ != "PasswordAgain" or self.prover is None:  # the class is not loaded before it is raised
                answer(told, failure)
                return
            self.prover(lambda: self.worker.submit(again, then, told, lane=lane, steps=steps), lambda: told(Sorted(NOT_PROVED)))

        def again(*progress: Any) -> Any:
            """Cancelling the first ticket cancels this one, too."""
            return job(*(lambda done, total, p=p: p(done, total) and not ticket.cancelled for p in progress))

        ticket = self.worker.submit(job, then, heard, lane=lane, steps=steps)
        return ticket

    def prove(self, password: str, then: Then, fail: Fail) -> None:
        """Whether it is the password of the officer who sits here."""
        ledger = self._open
        self.worker.submit(lambda: ledger.prove(password), then, fail)
