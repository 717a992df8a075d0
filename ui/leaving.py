"""The window lets go of its ledger (离开): locked, after which the program begins anew, or closed to be restored from a backup."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow
from shiboken6 import delete

from gridapp import logs, places
from gridapp.settings import Settings
from ui.desk import Desk
from ui.desktop import Desktop
from ui.locking import Cover, Watch, forget_clipboard
from ui.navigation import Navigation
from ui.stack import Stack
from ui.start import StartPage

if TYPE_CHECKING:
    from ui.screens.pages import Pages

#: how often it is looked whether long work is done, before it locks
LOOK_AGAIN_MS = 100


class Leaving(QMainWindow):
    """The part of the window that gives the ledger up; `Window` is the whole."""

    desk: Desk
    settings: Settings
    screens: dict[str, Pages]
    start: StartPage
    idle: Watch
    desktop: Desktop
    _outer: Stack
    _nav: Navigation
    _anew: Callable[[str], object]
    _locking: bool
    _shown_key: Callable[[], str]

    # -- restoring

    def _to_rescue(self) -> None:
        """Close the ledger and go to the page that restores it; nothing that asks the ledger stays in reach while it is closed."""
        for screen in self.screens.values():
            screen.keep_now()
        old = self._outer.currentWidget()
        for shortcut in self.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly):
            delete(shortcut)
        self.screens.clear()
        del self._nav
        self.start.setEnabled(False)
        self._outer.setCurrentWidget(self.start)
        if old is not None:
            self._outer.removeWidget(old)
            old.deleteLater()
        self.idle.end()
        self.desktop.end()
        self._let_go_when_done()

    def _let_go_when_done(self) -> None:
        """A backup under way is finished first, and the window goes on moving meanwhile."""
        if self.desk.ledger is None:  # the window was closed meanwhile
            return
        if self.desk.copies.idle:
            self.desk.let_go(lambda _closed: self._at_the_start())
        else:
            QTimer.singleShot(LOOK_AGAIN_MS, self, self._let_go_when_done)

    def _at_the_start(self) -> None:
        self.start.setEnabled(True)
        self.start.path = places.place_of(self.settings.ledger)
        self.start.show_rescue()

    # -- locking

    def lock(self) -> None:
        """Half-filled forms become drafts, what is shown disappears; when long work is done the ledger is closed and the program begins anew."""
        if self._locking or self.desk.ledger is None:
            return
        self._locking, shown = True, self._shown_key()
        self.desk.post.stop()
        self.desk.reader.end()
        for shortcut in self.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly):
            shortcut.setEnabled(False)  # behind the cover a screen would be built that asks a ledger about to be closed
        screen = self.screens.get(shown)
        resume = screen is not None and screen.filling and hasattr(screen, "resume")
        for made in self.screens.values():
            made.keep_now()
        cover = Cover()
        self._outer.addWidget(cover)
        self._outer.setCurrentWidget(cover)
        self.idle.end()
        self._lock_when_done(f"{shown}:resume" if resume else shown)

    def _lock_when_done(self, at: str) -> None:
        if not (self.desk.worker.idle and self.desk.copies.idle):
            QTimer.singleShot(LOOK_AGAIN_MS, self, lambda: self._lock_when_done(at))
            return
        forget_clipboard()
        logs.note("locked")
        self.desk.close()
        self.desktop.end()  # not sooner: sleep waits until the ledger is closed
        self._anew(at)
        QApplication.quit()  # where the new program did not take this one's place
