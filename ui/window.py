"""The window: navigation at the left, title and search above, one screen at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gridapp.settings import Settings
from gridapp.texts import _
from ui import theme
from ui.clockbar import ClockBar
from ui.desk import Desk
from ui.desktop import Desktop
from ui.header import Header
from ui.leaving import Leaving
from ui.locking import Watch, begin_anew
from ui.navigation import KEYS, Navigation
from ui.proving import ProvingBar
from ui.readerbar import ReaderBar
from ui.scanner import Scanner
from ui.screens import SCREENS, Entry
from ui.stack import Stack
from ui.start import StartPage
from ui.troubled import TroubleBar

if TYPE_CHECKING:
    from ui.screens.pages import Pages

#: screens on which a card that is laid on the reader is taken
CARDS_ON = ("people", "today")
SLIM_BELOW, SMALLEST = 1000, QSize(800, 560)


class Window(Leaving):
    """The main window. Before a ledger is open it shows the page that opens one."""

    def __init__(self, desk: Desk, settings: Settings, ledger: Path | str | None, at: str = "", anew: Callable[[str], object] = begin_anew) -> None:
        """`at`: the screen to go to, and perhaps ':' and an action of it, where it was locked; `anew` begins the program again there."""
        super().__init__()
        self._at, self._anew, self._locking = at, anew, False
        self.desk, self.settings = desk, settings
        desk.settings = settings
        self.screens: dict[str, Pages] = {}
        self.stale: set[str] = set()
        self.setWindowTitle(_("平安网格"))
        self.setMinimumSize(SMALLEST)
        self.resize(1366, 728)
        self._outer = Stack()
        self.start = StartPage(desk, ledger, settings.seen)
        self.start.opened.connect(self._opened)
        self._outer.addWidget(self.start)
        self.setCentralWidget(self._outer)
        desk.touched.connect(self._touched)
        desk.saved.connect(self._saved)
        desk.moved.connect(self._moved)
        desk.reader.came.connect(self._card_came)
        desk.worker.busy.connect(self._busy)
        self.idle = Watch(settings, self)
        self.idle.due.connect(self.lock)
        self.scanner = Scanner(self)
        self.scanner.scanned.connect(self._scanned)
        self.desktop = Desktop(self)
        self.desktop.left.connect(self.lock)

    # -- the frame around the screens

    def _opened(self, place: Path | str, where: Any) -> None:
        self.settings.ledger = str(place)
        if where.officer:
            self.settings.saw(place, self.desk.officer, where.officer)
        self.settings.save()
        self.desk.where = where
        self.desk.ask_seat(self._seated)

    def _seated(self, _seat: Any) -> None:
        """Who sits here is known: the screens they may use are built, and the one shown where it was locked, or the first."""
        self._build()
        self.desk.post.begin()
        self.desk.reader.begin(self.settings)
        self.idle.watch(self.windowHandle())
        self.scanner.watch(self.windowHandle())
        self.idle.begin()
        self.desktop.begin()
        waits = self.desk.scope.startswith("v:") and not self.desk.where.village
        at, (key, _colon, action) = self._at, self._at.partition(":")
        self._at = ""
        if at and not waits and any(e.key == key for e in self.usable):
            self.go(key, action)
        else:
            self.show_screen("joining" if waits else self._nav.lines[0].key)

    def _build(self) -> None:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._nav = Navigation(self.desk, self.show_screen)
        row.addWidget(self._nav)
        right = QVBoxLayout()
        right.setSpacing(0)
        self.header = Header(self.desk, self._undo, self._redo, self.lock)
        self.search, self.pill = self.header.search, self.header.pill
        self.search.chosen.connect(self.open_record)
        right.addWidget(self.header)
        right.addWidget(ClockBar(self.desk))
        right.addWidget(ProvingBar(self.desk))
        right.addWidget(TroubleBar(self.desk))
        right.addWidget(ReaderBar(self.desk))
        self.stack = Stack()
        right.addWidget(self.stack, 1)
        row.addLayout(right, 1)
        self._outer.addWidget(whole)
        self._outer.setCurrentWidget(whole)
        self._fit()
        for keys, action in (("Ctrl+K", self.search.begin), ("Ctrl+Z", self._undo), ("Ctrl+Y", self._redo), ("F5", self._refresh), ("Ctrl+L", self.lock)):
            self._key(keys, action)
        for number, entry in enumerate(self._nav.lines[:KEYS], 1):
            self._key(f"Ctrl+{number}", partial(self.show_screen, entry.key))
        self._ask_reversible()

    @property
    def usable(self) -> list[Entry]:
        """The screens whoever sits here may use, with or without a line of the navigation."""
        return [entry for entry in SCREENS if self.desk.may(entry.permits)]

    def _key(self, keys: str, run: Callable[[], object]) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(lambda: run())

    # -- screens

    def show_screen(self, key: str) -> Pages:
        """Show a screen, building it the first time and refreshing it when records were touched since."""
        entry = next(e for e in SCREENS if e.key == key)
        screen = self.screens.get(key)
        if screen is None:
            screen = self.screens[key] = entry.build(self.desk, self.settings)
            self.stack.addWidget(screen)
            self._connect(screen)
            self.stale.add(key)
        screen.came_from = ""
        self.header.title.setText(_(entry.title))
        self._nav.mark(entry.within or key)
        self.stack.setCurrentWidget(screen)
        screen.setFocus(Qt.FocusReason.OtherFocusReason)
        if key in self.stale:
            self.stale.discard(key)
            screen.refresh()
        return screen

    def _connect(self, screen: Pages) -> None:
        """A screen may ask for another one, and 设置 for another look."""
        screen.go.connect(self.go)
        if hasattr(screen, "look_changed"):
            screen.look_changed.connect(self._restyle, Qt.ConnectionType.QueuedConnection)  # the button pressed is made anew

        if hasattr(screen, "rescue_asked"):
            screen.rescue_asked.connect(self._to_rescue, Qt.ConnectionType.QueuedConnection)  # the button pressed goes with its screen

    def _moved(self) -> None:
        """Another village, or the first parcel brought village and officers."""
        self._nav.place.setText(self.desk.place)
        self.header.who.setText(self.desk.signed)

    def go(self, key: str, action: str, told: tuple[Any, ...] = ()) -> None:
        """Show a screen and start one of its actions by name ('register', 'take_in' …), or nothing for ''; one nobody here may use is not shown."""
        if not any(entry.key == key for entry in self.usable):
            self.header.say(_("您的账号没有这个权限"))
            return
        before = self._shown_key()
        screen = self.show_screen(key)
        if action:
            self._sent(screen, key, before)
            getattr(screen, action)(*told)

    @staticmethod
    def _sent(screen: Pages, key: str, before: str) -> None:
        """Leaving what another screen opened leads back there."""
        if before != key:
            screen.came_from = before

    def _shown_key(self) -> str:
        return next((k for k, s in self.screens.items() if s is self.stack.currentWidget()), "")

    def open_record(self, entity: str, record_id: object) -> None:
        """Show one record in the screen it belongs to."""
        entry = next((e for e in SCREENS if entity in e.entities), None)
        if entry is not None:
            before = self._shown_key()
            screen = self.show_screen(entry.key)
            self._sent(screen, entry.key, before)
            screen.open(entity, record_id)

    def _card_came(self, card: object) -> None:
        """An ID card goes to the screen of people, from there and from 今日; anywhere else nobody asked for one."""
        if self._shown_key() in CARDS_ON:
            self.go("people", "take_card", (card,))
        else:
            self.desk.reader.say(_("读到一张证件，没有填到哪里。请到“人口”或“今日”，再放一次卡。"))

    def _scanned(self, code: str) -> None:
        if self.desk.ledger is not None and not self._locking and self.search.isVisible():
            self.search.scan(code)

    def _touched(self, _records: object) -> None:
        self.stale = set(self.screens)
        self._refresh()
        self._ask_reversible()

    def _refresh(self) -> None:
        key = self._shown_key()
        if key:
            self.stale.discard(key)
            self.screens[key].refresh()

    # -- status

    def _saved(self, title: str) -> None:
        self.header.saved(title)

    def _busy(self, busy: bool) -> None:
        QApplication.restoreOverrideCursor()
        if busy:
            QApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)

    def _ask_reversible(self) -> None:
        """Undo and redo are shown to whoever may take back what comes next: it may be an act of somebody with another role."""
        if self.desk.ledger is not None:
            self.desk.call(lambda ledger: ledger.reversible(), self.header.show_reversible, lambda _nobody: None, lane="reversible")

    def _undo(self) -> None:
        if not self.header.undo.isHidden() and not self._filling():
            self.desk.undo()

    def _redo(self) -> None:
        if not self.header.redo.isHidden() and not self._filling():
            self.desk.redo()

    def _filling(self) -> bool:
        """In a half-filled form Ctrl+Z is meant for the typing, not for what was saved before: nothing is undone unseen."""
        filling = bool(getattr(self.stack.currentWidget(), "filling", False))
        if filling:
            self.header.say(_("请先保存或取消这张表"))
        return filling

    # -- size and look

    def _restyle(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, self.settings.dark, self.settings.factor)
        self.settings.save()
        shown = self._shown_key() or SCREENS[0].key
        hand = self.focusWidget()
        words = hand.text() if isinstance(hand, QPushButton) else ""
        for screen in self.screens.values():
            self.stack.removeWidget(screen)
            screen.deleteLater()
        self.screens.clear()
        self._build_again()
        screen = self.show_screen(shown)
        again = next((b for b in screen.findChildren(QPushButton) if words and b.text() == words), None)
        if again is not None:  # everything is made anew; the keyboard goes to what it had chosen
            again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build_again(self) -> None:
        old = self._outer.currentWidget()
        for shortcut in self.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly):
            shortcut.deleteLater()
        self._build()
        if old is not None:
            self._outer.removeWidget(old)
            old.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A narrow window or very large type: icons over words, no brand, the keys of search and undo in their hints only."""
        if not hasattr(self, "_nav"):
            return
        slim = self.width() < theme.look.px(SLIM_BELOW)
        self._nav.fit(slim)
        self.header.slim(slim)

    def closeEvent(self, event: QCloseEvent) -> None:
        for screen in self.screens.values():
            screen.keep_now()
        QApplication.restoreOverrideCursor()
        super().closeEvent(event)
