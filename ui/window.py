"""The window: navigation at the left, title and search above, one screen at a time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (QApplication, QButtonGroup, QFrame, QHBoxLayout, QLabel, QMainWindow, QPushButton, QScrollArea,
                               QStackedWidget, QToolButton, QVBoxLayout, QWidget)

from gridapp.settings import Settings
from gridapp.texts import _
from ui import theme
from ui.desk import Desk
from ui.screens import SCREENS, Entry
from ui.searchbox import SearchBox
from ui.start import StartPage

SLIM_BELOW, SMALLEST = 1000, QSize(800, 560)


class Window(QMainWindow):
    """The main window. Before a ledger is open it shows the page that opens one."""

    def __init__(self, desk: Desk, settings: Settings, ledger: Path | None) -> None:
        super().__init__()
        self.desk, self.settings = desk, settings
        self.screens: dict[str, QWidget] = {}
        self.stale: set[str] = set()
        self.setWindowTitle(_("平安网格"))
        self.setMinimumSize(SMALLEST)
        self.resize(1366, 728)
        self._outer = QStackedWidget()
        self.start = StartPage(desk, ledger)
        self.start.opened.connect(self._opened)
        self._outer.addWidget(self.start)
        self.setCentralWidget(self._outer)
        desk.touched.connect(self._touched)
        desk.saved.connect(self._saved)
        desk.worker.busy.connect(self._busy)

    # -- the frame around the screens

    def _opened(self, path: Path, where: Any) -> None:
        self.settings.ledger = str(path)
        self.settings.save()
        self._where = where
        self._build()
        self.show_screen(SCREENS[0].key)

    def _build(self) -> None:
        frame = QWidget()
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._nav = self._navigation()
        row.addWidget(self._nav)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._header())
        self.stack = QStackedWidget()
        right.addWidget(self.stack, 1)
        row.addLayout(right, 1)
        self._outer.addWidget(frame)
        self._outer.setCurrentWidget(frame)
        self._fit()
        for keys, action in (("Ctrl+K", self.search.begin), ("Ctrl+Z", self._undo), ("Ctrl+Y", self._redo), ("F5", self._refresh)):
            QShortcut(QKeySequence(keys), self, activated=action)
        for number, entry in enumerate(SCREENS, 1):
            QShortcut(QKeySequence(f"Ctrl+{number}"), self, activated=lambda key=entry.key: self.show_screen(key))

    def _navigation(self) -> QFrame:
        nav = QFrame()
        nav.setProperty("role", "nav")
        column = QVBoxLayout(nav)
        self._brand = QLabel(_("平安网格"), textFormat=Qt.TextFormat.PlainText)
        self._brand.setProperty("role", "brand")
        self._place = QLabel(f"{self._where.village} · {self._where.grid}", textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        column.addWidget(self._brand)
        column.addWidget(self._place)
        area = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        self._buttons_column = QVBoxLayout(inner)
        self._buttons_column.setContentsMargins(0, theme.look.px(8), 0, 0)
        self._group = QButtonGroup(self, exclusive=True)
        self._nav_buttons: dict[str, QToolButton] = {}
        for entry in SCREENS:
            self._buttons_column.addWidget(self._nav_button(entry))
        self._buttons_column.addStretch(1)
        area.setWidget(inner)
        column.addWidget(area, 1)
        return nav

    def _nav_button(self, entry: Entry) -> QToolButton:
        button = self._nav_buttons[entry.key] = QToolButton(text=_(entry.title), checkable=True)
        button.setProperty("role", "nav")
        button.setToolTip(f"{_(entry.title)}（Ctrl+{len(self._nav_buttons)}）")
        button.clicked.connect(lambda: self.show_screen(entry.key))
        self._group.addButton(button)
        return button

    def _header(self) -> QFrame:
        header = QFrame()
        header.setProperty("role", "header")
        row = QHBoxLayout(header)
        row.setContentsMargins(theme.look.px(20), theme.look.px(10), theme.look.px(20), theme.look.px(10))
        row.setSpacing(theme.look.px(10))
        self.title = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.title.setProperty("role", "title")
        self.search = SearchBox(self.desk)
        self.search.chosen.connect(self.open_record)
        self._keycap = QLabel("Ctrl+K", textFormat=Qt.TextFormat.PlainText)
        self._keycap.setProperty("role", "keycap")
        self.pill = QLabel(_("✓ 已打开"), textFormat=Qt.TextFormat.PlainText)
        self.pill.setProperty("pill", "green")
        self.undo_button = self._quiet("undo-2", _("撤销（Ctrl+Z）"), self._undo)
        self.redo_button = self._quiet("redo-2", _("重做（Ctrl+Y）"), self._redo)
        self._who = QLabel(self._where.officer, textFormat=Qt.TextFormat.PlainText)
        self._who.setProperty("role", "subtitle")
        row.addWidget(self.title)
        row.addStretch(1)
        row.addWidget(self.search, 4)
        row.addWidget(self._keycap)
        row.addStretch(1)
        for widget in (self.undo_button, self.redo_button, self.pill, self._who):
            row.addWidget(widget)
        return header

    def _quiet(self, icon: str, name: str, action: Any) -> QPushButton:
        button = QPushButton(theme.icon(icon, "text2"), "", toolTip=name, accessibleName=name)
        button.setProperty("role", "quiet")
        button.setProperty("icon", icon)
        button.clicked.connect(action)
        return button

    # -- screens

    def show_screen(self, key: str) -> QWidget:
        """Show a screen, building it the first time and refreshing it when records were touched since."""
        entry = next(e for e in SCREENS if e.key == key)
        screen = self.screens.get(key)
        if screen is None:
            screen = self.screens[key] = entry.build(self.desk, self.settings)
            self.stack.addWidget(screen)
            self._connect(screen)
            self.stale.add(key)
        self.title.setText(_(entry.title))
        self._nav_buttons[key].setChecked(True)
        self.stack.setCurrentWidget(screen)
        if key in self.stale:
            self.stale.discard(key)
            screen.refresh()  # type: ignore[attr-defined]
        return screen

    def _connect(self, screen: QWidget) -> None:
        """A screen may ask for another one, and 设置 for another look."""
        if hasattr(screen, "go"):
            screen.go.connect(self.go)
        if hasattr(screen, "look_changed"):
            screen.look_changed.connect(self._restyle)

    def go(self, key: str, action: str, told: tuple[Any, ...] = ()) -> None:
        """Show a screen and start one of its actions by name ('register', 'take_in' …), or nothing for ''."""
        screen = self.show_screen(key)
        if action:
            getattr(screen, action)(*told)

    def open_record(self, entity: str, record_id: object) -> None:
        """Show one record in the screen it belongs to."""
        entry = next((e for e in SCREENS if entity in e.entities), None)
        if entry is not None:
            self.show_screen(entry.key).open(entity, record_id)  # type: ignore[attr-defined]

    def _touched(self, _records: object) -> None:
        self.stale = set(self.screens)
        self._refresh()

    def _refresh(self) -> None:
        shown = self.stack.currentWidget()
        key = next((k for k, s in self.screens.items() if s is shown), None)
        if key is not None:
            self.stale.discard(key)
            shown.refresh()  # type: ignore[attr-defined]

    # -- status

    def _saved(self, title: str) -> None:
        self.pill.setText(_("✓ {0} {1}").format(title, datetime.now().strftime("%H:%M")))

    def _busy(self, busy: bool) -> None:
        QApplication.restoreOverrideCursor()
        if busy:
            QApplication.setOverrideCursor(Qt.CursorShape.BusyCursor)

    def _undo(self) -> None:
        self.desk.undo()

    def _redo(self) -> None:
        self.desk.redo()

    # -- size and look

    def _restyle(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, self.settings.dark, self.settings.factor)
        self.settings.save()
        shown = next((k for k, s in self.screens.items() if s is self.stack.currentWidget()), SCREENS[0].key)
        for screen in self.screens.values():
            self.stack.removeWidget(screen)
            screen.deleteLater()
        self.screens.clear()
        old = self._outer.currentWidget()
        self._build_again(old)
        self.show_screen(shown)

    def _build_again(self, old: QWidget) -> None:
        for shortcut in self.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly):
            shortcut.deleteLater()
        self._build()
        self._outer.removeWidget(old)
        old.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A narrow window or very large type: icons over words, no brand."""
        if not hasattr(self, "_nav"):
            return
        slim = self.width() < theme.look.px(SLIM_BELOW)
        self._nav.setFixedWidth(theme.look.px(92 if slim else 180))
        self._brand.setVisible(not slim)
        self._place.setVisible(not slim)
        self._keycap.setVisible(not slim)
        under, beside = Qt.ToolButtonStyle.ToolButtonTextUnderIcon, Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for entry in SCREENS:
            button = self._nav_buttons[entry.key]
            button.setToolButtonStyle(under if slim else beside)
            button.setIconSize(QSize(theme.look.px(20), theme.look.px(20)))
            button.setIcon(theme.icon(entry.icon, "nav_text"))
            button.setFixedWidth(theme.look.px(72 if slim else 160))

    def closeEvent(self, event: QCloseEvent) -> None:
        QApplication.restoreOverrideCursor()
        super().closeEvent(event)
