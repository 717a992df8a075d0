"""Backups beside the work: a worker of their own copies and checks while the ledger's worker goes on answering."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from gridapp.errors import Sorted
from ui.jobs import Fail, Then, Worker, answer

if TYPE_CHECKING:
    from gridapp.ledger import Ledger

#: how often it is looked whether four hours are over, in milliseconds
LOOK_EVERY = 600_000
#: how long after opening an old backup is read through, in milliseconds: the first minute belongs to whoever signed in
REREAD_AFTER = 60_000


class Copies(QObject):
    """Takes backups of the open ledger. Nothing here makes the window or a question wait; two reads of one file do not disturb each other."""

    #: nobody asked for this backup, and it could not be taken: a Sorted
    failed = Signal(object)
    #: a backup was taken, sent or read through
    changed = Signal()

    def __init__(self, desk: QObject, ledger: Callable[[], Ledger | None], crashed: Callable[[BaseException], Any]) -> None:
        super().__init__(desk)
        self._ledger = ledger
        self.worker: Worker | None = None
        self._crashed = crashed
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        self._later = QTimer(self, singleShot=True, interval=REREAD_AFTER)
        self._later.timeout.connect(self._reread)

    def begin(self, ledger: Ledger) -> None:
        """A ledger was opened: keep a reserve beside it, take a backup where the newest is too old, and in a while read one old backup through."""
        if ledger.home.shared:
            return

        def job() -> None:
            from gridapp.store import reserve

            reserve.keep(ledger.path)

        self._timer.start()
        self._later.start()
        self.run(job, lambda _done: self.look(), self.failed.emit)

    def _reread(self) -> None:
        """One old backup, from end to end."""
        ledger = self._ledger()
        if ledger is None:
            return

        def job() -> None:
            from gridapp.work import keeping

            keeping.reread(ledger)

        self.run(job, lambda _done: None, self.failed.emit)

    def look(self) -> None:
        """Every four hours of work."""
        ledger = self._ledger()
        if ledger is None:
            return

        def job() -> Any:
            from gridapp.work import backups, keeping

            return keeping.take_and_send(ledger, "hours") if backups.is_due(ledger) else None

        self.run(job, lambda _kept: None, self.failed.emit)

    def take(self, then: Then, fail: Fail) -> None:
        """Now, because the officer asks."""
        ledger = self._ledger()
        assert ledger is not None

        def job() -> Any:
            from gridapp.work import backups, keeping

            return keeping.take_and_send(ledger, backups.ASKED)

        self.run(job, then, fail)

    def send(self, folder: Path | None, then: Then, fail: Fail) -> None:
        """To the second place; with a folder, that is the second place from now on."""
        ledger = self._ledger()
        assert ledger is not None

        def job() -> Any:
            from gridapp.work import backups, keeping

            if folder is not None:
                keeping.set_second(ledger, folder)
            backups.take(ledger, "hours")
            return keeping.send(ledger)

        self.run(job, then, fail)

    def drill(self, password: str, then: Then, fail: Fail) -> None:
        """Restore the newest one for a trial."""
        ledger = self._ledger()
        assert ledger is not None

        def job() -> Any:
            from gridapp.work import rescue

            return rescue.drill(ledger, rescue.by_password(password))

        self.run(job, then, fail)

    # -- rescue, while no ledger is open

    def offers(self, path: Path, then: Then) -> None:
        """The backups there are of the ledger at `path`: list[Kept], newest first."""
        def job() -> Any:
            from gridapp.work import rescue

            return rescue.offers(path)

        self.run(job, then, self.failed.emit)

    def look_at(self, file: Path, then: Then, fail: Fail) -> None:
        """Read a backup through: Kept."""
        def job() -> Any:
            from gridapp.store import backup

            return backup.examined(file)

        self.run(job, then, fail)

    def restore(self, file: Path, to: Path, typed: str, sheet: bool, then: Then, fail: Fail) -> None:
        """Put the ledger of a backup at `to`, with the password or the paper sheet of its time: Restored."""
        def job() -> Any:
            from gridapp.work import rescue

            return rescue.restore(file, to, rescue.by_sheet(typed) if sheet else rescue.by_password(typed))

        self.run(job, then, fail)

    def bring_back_keys(self, path: Path, then: Then, fail: Fail) -> None:
        """Only the keys, from the newest good backup: Kept."""
        def job() -> Any:
            from gridapp.work import rescue

            return rescue.bring_back_keys(path)

        self.run(job, then, fail)

    def release_reserve(self, then: Then) -> None:
        """Give back the room kept for a full disk: the bytes gained."""
        ledger = self._ledger()
        assert ledger is not None
        path = ledger.path

        def job() -> int:
            from gridapp.store import reserve

            return reserve.release(path)

        self.run(job, then, self.failed.emit)

    # -- the worker

    def run(self, job: Callable[[], Any], then: Then, fail: Callable[[Sorted], Any]) -> None:
        """Beside the work."""
        if self.worker is None:
            self.worker = Worker(self)
            self.worker.crashed.connect(self._crashed)

        def done(result: Any) -> None:
            answer(then, result)
            self.changed.emit()

        self.worker.submit(job, done, fail)

    @property
    def idle(self) -> bool:
        return self.worker is None or self.worker.idle

    def stop(self) -> None:
        """Finish what was begun; the ledger may be closed afterwards."""
        self._timer.stop()
        self._later.stop()
        if self.worker is not None:
            self.worker.stop()
            self.worker = None


def at_close(ledger: Ledger) -> None:
    """The last backup of the day; where it fails nobody sits there any more, and the reminder tells in time."""
    from contextlib import suppress

    from gridapp.work import keeping

    with suppress(Sorted):
        keeping.take_and_send(ledger, "close")
