"""The search box (Ctrl+K): answers while typing, each saying why it matched; the newest question wins."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gridapp.texts import _
from ui import theme
from ui.desk import Desk

KIND = {"person": "人", "house": "房", "room": "室", "hazard": "隐患", "site": "场所", "dispute": "纠纷", "petition": "信访", "event": "事件", "campaign": "专项",
        "patrol": "巡查", "inspection": "检查", "outreach": "宣传", "meeting": "会议", "listing": "约谈"}
SHOWN = 12
#: so many answers are looked through for what a scanner read: people and rooms of a house are found by its number, too, and come first
MOST_SCANNED = 500
#: what is found by the number of its house, not by one of its own
OF_A_HOUSE = ("person", "room")


class SearchBox(QLineEdit):
    """Type anything: name, pinyin, number or its tail, phone, address, room, the number or title of a case."""

    chosen = Signal(str, object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        #: the text the answers are for, and whether Enter came before them: a scanner types faster than anything is found
        self._answered, self._hurried = "", False
        self.setProperty("role", "search")
        self.setPlaceholderText(_("搜姓名、拼音、证件号（后几位）、电话、住址、房号"))
        self.setAccessibleName(_("查找"))
        self.addAction(theme.icon("search", "text3"), QLineEdit.ActionPosition.LeadingPosition)
        self.setMinimumWidth(theme.look.px(220))
        self.setMaximumWidth(theme.look.px(520))
        self.textEdited.connect(self._typed)
        self.answers = QListWidget()
        self.answers.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.answers.itemClicked.connect(self._take)
        self.answers.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.answers.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # a long address: the room stands at its end
        # a child of the window, not a window of its own: those cannot be raised everywhere
        self.panel = QFrame(self)
        self.panel.hide()
        layout = QVBoxLayout(self.panel)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.answers)
        self.installEventFilter(self)

    def begin(self) -> None:
        """Put the keyboard here, what stands there selected."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def scan(self, code: str) -> None:
        """Look up what a scanner read; the one thing that has this number is opened, several (or none) are shown to choose from."""
        self.begin()
        self.setText(code)
        self._desk.search(code.strip(), partial(self._scanned, code), MOST_SCANNED)

    def _scanned(self, code: str, hits: Sequence[Any]) -> None:
        self._came(code, hits[:SHOWN])
        own = hits if len(hits) == 1 else [hit for hit in hits if hit.entity not in OF_A_HOUSE]
        if len(own) == 1:
            self.panel.hide()
            self.clear()
            self.chosen.emit(own[0].entity, own[0].id)

    def _typed(self, text: str) -> None:
        self._hurried = False
        if text.strip():
            self._desk.search(text.strip(), partial(self._came, text), SHOWN)
        else:
            self.panel.hide()

    def _came(self, text: str, hits: Sequence[Any]) -> None:
        self._answered = text
        self.answers.clear()
        groups: dict[str, list[Any]] = {}
        for hit in hits:
            groups.setdefault(hit.entity, []).append(hit)
        for entity, some in groups.items():  # the best answer's kind first
            self._say(f"{_(KIND.get(entity, entity))} {len(some)}")
            for hit in some:
                item = QListWidgetItem(f"    {hit.label.replace(self._desk.home, '')}    〔{hit.why}〕")
                item.setData(Qt.ItemDataRole.UserRole, (hit.entity, hit.id))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{_(KIND.get(entity, entity))} {item.text().strip()}")
                self.answers.addItem(item)
        if not hits:
            self._say(_("没有找到。可以试试姓名的一部分、证件号后四位、房号或编号。"))
        self.answers.setCurrentRow(1 if hits else -1)
        self._show_panel()
        if self._hurried and text == self.text():
            self._hurried = False
            self._take(self.answers.currentItem())

    def _say(self, text: str) -> None:
        """A line that cannot be chosen: what follows it, or that there is nothing."""
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.answers.addItem(item)

    def _go(self, step: int) -> None:
        """To the next answer up or down, past the names of the groups."""
        place = self.answers.currentRow() + step
        while 0 <= place < self.answers.count() and not self.answers.item(place).flags():
            place += step
        if 0 <= place < self.answers.count():
            self.answers.setCurrentRow(place)

    def _show_panel(self) -> None:
        row = self.answers.sizeHintForRow(0)
        width = max(self.width(), theme.look.px(620))
        self.panel.resize(width, row * min(self.answers.count(), SHOWN + 2) + 6)
        self.panel.setParent(self.window())
        self.panel.move(self.mapTo(self.window(), QPoint(0, self.height() + 3)))
        self.panel.show()
        self.panel.raise_()

    def _enter(self) -> None:
        """Open what is marked; while the answers to what stands there are still looked for, what will be."""
        self._hurried = self._answered != self.text() and bool(self.text().strip())
        if not self._hurried:
            self._take(self.answers.currentItem())

    def _take(self, item: QListWidgetItem | None) -> None:
        told = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if told is not None:
            self.panel.hide()
            self.clear()
            self.chosen.emit(*told)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.panel.hide()
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if self.panel.isVisible():  # Esc closes the answers before it leads back from a page
                event.accept()
                return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self._go(step)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._enter()
                return True
            if event.key() == Qt.Key.Key_Escape and self.panel.isVisible():
                self.panel.hide()
                return True
        return super().eventFilter(watched, event)
