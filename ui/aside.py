"""Questions that take long, beside the others: what 今日 counts and how a million rows stand is told while lists are read and records are opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ui.jobs import Fail, Then, Worker

if TYPE_CHECKING:
    from gridapp.ledger import Ledger


class Aside:
    """A worker of its own, begun when first asked; two reads of one file do not disturb each other."""

    def __init__(self, ledger: Callable[[], Ledger], tell: Fail, crashed: Callable[[BaseException], Any]) -> None:
        self._ledger, self._tell, self._crashed = ledger, tell, crashed
        self.worker: Worker | None = None

    def ask(self, question: Callable[..., Any], *args: Any, then: Then, lane: str, fail: Fail | None = None, **kwargs: Any) -> None:
        """Run `question(read, *args, **kwargs)`; of those in one lane only the newest is answered, an older one is broken off."""
        self.call(lambda ledger: ledger.ask(question, *args, **kwargs), then, lane, fail)

    def call(self, job: Callable[[Ledger], Any], then: Then, lane: str, fail: Fail | None = None) -> None:
        """The same with `job(ledger)`, which asks several things."""
        ledger, worker = self._ledger(), self._begun()

        def while_wanted() -> Any:
            with ledger.while_wanted(worker.wanted):
                return job(ledger)

        worker.submit(while_wanted, then, fail or self._tell, lane=lane)

    def _begun(self) -> Worker:
        if self.worker is None:
            self.worker = Worker()
            self.worker.crashed.connect(self._crashed)
        return self.worker

    @property
    def idle(self) -> bool:
        """Whether everything is answered."""
        return self.worker is None or self.worker.idle

    def stop(self) -> None:
        """Break off what is asked; its answers are for nobody."""
        worker, self.worker = self.worker, None
        if worker is not None:
            worker.stop()
