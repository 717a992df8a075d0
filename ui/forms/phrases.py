"""Wordings offered below a text while it is typed (常用语): letters or words narrow them, ↓ and Enter put one in, F4 shows all."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QPlainTextEdit

from gridapp.fields import phrases
from gridapp.fields.phrases import Phrase
from gridapp.texts import _
from ui import theme
from ui.forms.lines import LongEditor
from ui.widgets import column, is_enter

SHOWN = 7
STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class Phrases(QObject):
    """`find` tells what fits what is typed, `took` hears which one was put in.

    The first one is chosen at once only where letters were typed: whoever writes a sentence of their own goes on with Enter.
    """

    def __init__(self, editor: LongEditor, find: Callable[[str], Sequence[Phrase]], took: Callable[[Phrase], object]) -> None:
        super().__init__(editor)
        self._find, self._took, self._found = find, took, list[Phrase]()
        #: what a chosen one stands in the place of
        self._said = ""
        self.area: QPlainTextEdit = editor.area
        self.area.setPlaceholderText(_("输几个字或拼音首字母，按 F4 选常用语；Shift+Enter 换行"))
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda item: self._take(self.list.row(item)))
        # a child of the window, not a window of its own: those cannot be raised everywhere
        self.panel = QFrame(self.area)
        column(self.panel).addWidget(self.list)
        self._close()
        self.area.textChanged.connect(self._typed)
        self.area.installEventFilter(self)

    # -- showing

    def _before(self) -> str:
        """The text up to the cursor."""
        return self.area.toPlainText()[:self.area.textCursor().position()]

    def _typed(self) -> None:
        said = phrases.last_of(self._before())
        if said and self.area.hasFocus():
            self._show(said)
        else:
            self._close()

    def _show(self, said: str) -> None:
        self._said, self._found = said, list(self._find(said))
        self.list.clear()
        for phrase in self._found:
            self.list.addItem(QListWidgetItem(phrase.words))
        self.list.setCurrentRow(0 if said.isascii() and said else -1)
        if self._found:
            self._place()
        self.panel.setVisible(bool(self._found))

    def _place(self) -> None:
        """Below the text; above it where the window ends."""
        window = self.area.window()
        self.panel.setParent(window)
        self.panel.resize(self.area.width(), self.list.sizeHintForRow(0) * min(len(self._found), SHOWN) + theme.look.px(8))
        below = self.area.mapTo(window, QPoint(0, self.area.height() + 3))
        above = self.area.mapTo(window, QPoint(0, -self.panel.height() - 3))
        self.panel.move(below if below.y() + self.panel.height() <= window.height() else above)
        self.panel.raise_()

    def _close(self) -> None:
        """Back below the text, so that it goes when the form goes."""
        self.panel.hide()
        self.panel.setParent(self.area)

    # -- choosing

    def _take(self, row: int) -> None:
        """Put a wording where what was typed stands."""
        chosen, cursor = self._found[row], self.area.textCursor()
        if self._before().endswith(self._said):
            cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(self._said))
        cursor.insertText(chosen.words)
        self.area.setTextCursor(cursor)
        self._close()
        self._took(chosen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide, QEvent.Type.Resize):
            self._close()
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_mine(event):
            event.accept()  # Esc closes the list before it leaves the form
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._is_mine(event):
            self._press(event)
            return True
        return super().eventFilter(watched, event)

    def _is_mine(self, event: QKeyEvent) -> bool:
        shown, key = self.panel.isVisible(), event.key()
        if is_enter(event):
            return shown and self.list.currentRow() >= 0
        return key == Qt.Key.Key_F4 or shown and (key in STEPS or key == Qt.Key.Key_Escape) or key == Qt.Key.Key_Down and not self.area.toPlainText()

    def _press(self, event: QKeyEvent) -> None:
        shown, step = self.panel.isVisible(), STEPS.get(Qt.Key(event.key()))
        if is_enter(event):
            self._take(self.list.currentRow())
        elif event.key() == Qt.Key.Key_Escape or event.key() == Qt.Key.Key_F4 and shown:
            self._close()
        elif step is not None and shown:
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
        else:
            self._show(phrases.last_of(self._before()))
            if not self._found:
                self._show("")
            self.list.setCurrentRow(0 if self._found else -1)
