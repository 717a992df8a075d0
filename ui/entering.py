"""The part of the desk that opens ledgers: known ones, new ones, those of a PC that joins, a town's."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.copying import Copies
from ui.jobs import Fail, Then, Worker

if TYPE_CHECKING:
    from gridapp.ledger import Ledger

#: what is loaded while somebody types the password: in the worker what knows nothing of windows, then in the window's thread the first screens
NEEDED, SCREENS = ("gridapp.work.opening", "gridapp.work.village", "gridapp.printing"), ("ui.screens.today", "ui.screens.people", "ui.screens.houses")


class Entering:
    """Ways in; each runs in the worker, and what it opens is the desk's ledger from then on."""

    worker: Worker
    tell: Fail
    copies: Copies
    ledger: Ledger | None

    def get_ready(self) -> None:
        """Load what opening a ledger and the first screens need while the password is typed: half a second the officer does not wait for afterwards.

        What is loaded stays to the end: Python need not look through it for what is not needed any more (each time the window stood still for 120 ms).
        """
        def load(names: Sequence[str]) -> None:
            for name in names:
                import_module(name)

        def screens(_loaded: None) -> None:
            load(SCREENS)
            gc.freeze()

        self.worker.submit(lambda: load(NEEDED), screens)

    def open(self, place: Path | str, password: str, then: Then, fail: Fail | None = None, *, officer: int | str | None = None) -> None:
        """Open a ledger, or the town's database, in the worker and sign in whose password it is; `officer`: who it must be."""
        def job() -> Ledger:
            from gridapp.work import opening

            return opening.open_ledger(place, password, officer)

        self._take(job, then, fail)

    def begin(self, path: Path, password: str, code: str, grid: str, name: str, manager: tuple[str, str] | None,
              then: Callable[[Ledger, Sequence[str]], None], fail: Fail) -> None:
        """A new ledger for the village with this twelve-digit code; `then` gets it and the groups of its recovery sheet."""
        begun = list[Sequence[str]]()

        def job() -> Ledger:
            from gridapp.work import recovery

            ledger, groups = recovery.begin(path, password, code, grid, name, manager)
            begun.append(groups)
            return ledger

        self._take(job, lambda ledger: then(ledger, begun.pop()), fail)

    def enter_by_sheet(self, path: Path, groups: str, new: str, then: Then, fail: Fail, *, town: bool = False) -> None:
        """Open with the recovery sheet, or with the town's paper; the administrator has a new password from then on."""
        def job() -> Ledger:
            from gridapp.exchange import lent
            from gridapp.work import recovery

            return lent.enter(path, groups, new) if town else recovery.enter_by(path, groups, new)

        self._take(job, then, fail)

    def is_lent(self, path: Path, then: Then) -> None:
        """Whether the town's paper opens this ledger; nobody hears of a key file that is not there."""
        def job() -> bool:
            from gridapp.exchange import lent

            return lent.is_lent(path)

        self.worker.submit(job, then, lambda _lost: None)

    def join(self, path: Path, password: str, code: str, then: Then, fail: Fail | None = None) -> None:
        """An empty ledger for a PC that joins the village with this code, or the one begun before."""
        def job() -> Ledger:
            from gridapp.exchange import founding

            return founding.joining_ledger(path, password, code)

        self._take(job, then, fail)

    def found_town(self, path: Path, password: str, code: str, name: str, clerk: str, then: Callable[[Ledger, Any], None],
                   fail: Fail) -> None:
        """A town's ledger with its keys; `then` gets it and its Founded (the escrow key is in there and nowhere else)."""
        founded = list[Any]()

        def job() -> Ledger:
            from gridapp.exchange import founding

            ledger, told = founding.new_town(path, password, code, name, clerk)
            founded.append(told)
            return ledger

        self._take(job, lambda ledger: then(ledger, founded.pop()), fail)

    def _take(self, job: Callable[[], Ledger], then: Then, fail: Fail | None) -> None:
        def took(ledger: Ledger) -> None:
            self.ledger = ledger
            self.copies.begin(ledger)
            then(ledger)

        self.worker.submit(job, took, fail or self.tell)
