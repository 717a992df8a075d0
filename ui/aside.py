"""Questions that take long, beside the others: how a million rows stand is told while the list is read and its records are opened."""

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

    def ask(self, question: Callable[..., Any], *args: Any, then: Then, lane: str, **kwargs: Any) -> None:
        """Run `question(read, *args, **kwargs)`; of those in one lane only the newest is answered."""
        if self.worker is None:
            self.worker = Worker()
            self.worker.crashed.connect(self._crashed)
        ledger = self._ledger()
        self.worker.submit(lambda: ledger.ask(question, *args, **kwargs), then, self._tell, lane=lane)

    @property
    def idle(self) -> bool:
        """Whether everything is answered."""
        return self.worker is None or self.worker.idle

    def stop(self) -> None:
        """Finish what is asked; its answers are for nobody."""
        worker, self.worker = self.worker, None
        if worker is not None:
            worker.stop()
