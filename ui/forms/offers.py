"""What a field offers below it while something is typed: ↓ ↑ choose, Enter takes it and goes on, Esc closes the list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QWidget

from ui import theme
from ui.widgets import column

SHOWN, FEWEST = 8, 4
#: the keyboard is lent to another window or to a menu: nothing was meant by it
ELSEWHERE = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: SHOWN, Qt.Key.Key_PageUp: -SHOWN}


class Offers(QObject):
    """A list below `field`; the keyboard stays in the field. A child of the window: a pop-up would take the keys, and Enter would be needed twice."""

    #: the place of the one that was clicked
    clicked = Signal(int)
    #: ↓ or F4 while nothing is shown
    wanted = Signal()
    #: the keyboard goes elsewhere while the list is shown
    leaving = Signal()

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self.field = field
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.itemClicked.connect(lambda item: self.clicked.emit(self.list.row(item)))
        self._said = ""
        #: whether somebody chose another one than what typing chose
        self.moved = False
        self.panel = QFrame(field)
        column(self.panel).addWidget(self.list)
        self.hide()
        field.installEventFilter(self)

    @property
    def shown(self) -> bool:
        return not self.panel.isHidden()

    @property
    def chosen(self) -> int | None:
        """The place of the one that is chosen in the list, while it is shown."""
        row = self.list.currentRow()
        return row if self.shown and row >= 0 else None

    def show(self, words: Sequence[str], chosen: int = -1) -> None:
        """Offer these; `chosen`: the one that Enter takes."""
        if not self.shown:
            self._said = self.field.accessibleDescription()
        self.moved = False
        self.list.clear()
        self.list.addItems(list(words))
        self.list.setCurrentRow(chosen)
        if words and self.field.hasFocus():
            self._lay()
            self._say()
        else:
            self.hide()

    def _lay(self) -> None:
        """Below the field, if need be with fewer lines; above it where the window ends."""
        window = self.field.window()
        self.panel.setParent(window)
        row, edge = self.list.sizeHintForRow(0), theme.look.px(8)
        below = self.field.mapTo(window, QPoint(0, self.field.height() + 3))
        under = (window.height() - below.y() - edge) // row
        wanted = min(self.list.count(), SHOWN)
        lines = min(wanted, under) if under >= min(wanted, FEWEST) else wanted
        wide = min(max(self.field.width(), self.list.sizeHintForColumn(0) + theme.look.px(40)), window.width())
        self.panel.resize(wide, row * lines + edge)
        above = self.field.mapTo(window, QPoint(0, -self.panel.height() - 3))
        at = below if below.y() + self.panel.height() <= window.height() else above
        at.setX(max(0, min(at.x(), window.width() - wide)))
        self.panel.move(at)
        self.panel.show()
        self.panel.raise_()

    def hide(self) -> None:
        """Back below the field, so that it goes when the form goes."""
        if self.shown and self.field.accessibleDescription() == self._chosen_words():
            self.field.setAccessibleDescription(self._said)
        self.panel.hide()
        self.panel.setParent(self.field)

    def _say(self) -> None:
        """Whoever does not see the list hears what is chosen in it."""
        self.field.setAccessibleDescription(self._chosen_words() or self._said)

    def _chosen_words(self) -> str:
        item = self.list.currentItem()
        return item.text() if item is not None else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.field:
            return False
        if event.type() in (QEvent.Type.Hide, QEvent.Type.Resize):
            self.hide()
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent) and self.shown:
            if event.reason() not in ELSEWHERE:
                self.leaving.emit()
            self.hide()
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_mine(event):
            event.accept()  # Esc closes the list before it leaves the form
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._is_mine(event):
            self._press(Qt.Key(event.key()))
            return True
        return False

    def _is_mine(self, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        key = event.key()
        return self.shown and (key in STEPS or key == Qt.Key.Key_Escape) or key == Qt.Key.Key_F4 or not self.shown and key == Qt.Key.Key_Down

    def _press(self, key: Qt.Key) -> None:
        if not self.shown:
            self.wanted.emit()
        elif key in STEPS:
            self.moved = True
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + STEPS[key])))
            self._say()
        else:
            self.hide()
