"""A bar-code scanner (扫码枪) that types into the window: known by how fast it types, whatever has the keyboard; what it typed is looked up, not left there.

It is told from people by the times of the keys themselves: a scanner sends a key every few milliseconds and Enter at the end; the fastest typists need
60 ms for a key, and two keys rolled over each other are two, not eight. The times are those of the system, so a window that was busy changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from ui.widgets import is_enter

#: the longest time between two keys of a scanner, Enter included, and how many come at least before it; slow scanners take 20 ms, and Windows
#: tells the time of a key to 16 ms only
GAP_MS, LEAST = 35, 6
_TYPED = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.KeypadModifier)
_NO_KEYS = (Qt.Key.Key_Shift, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock)


class Scanner(QObject):
    """Listens to the keys of one window, before any field gets them."""

    scanned = Signal(str)

    def __init__(self, window: QObject) -> None:
        super().__init__(window)
        self._window: QWindow | None = None
        self._typed, self._last = "", 0
        self._put_back: Callable[[], None] = _nothing

    def watch(self, window: QWindow | None) -> None:
        """From now on; a second time changes nothing."""
        if window is not None and window is not self._window:
            self._window = window
            window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        return event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._key(event)

    def _key(self, event: QKeyEvent) -> bool:
        """Whether this key is the Enter of a scanner, which then nobody else gets."""
        if event.key() in _NO_KEYS:
            return False
        quick = 0 <= event.timestamp() - self._last <= GAP_MS and bool(self._typed)
        self._last = event.timestamp()
        if is_enter(event):
            typed, self._typed = self._typed, ""
            if quick and len(typed) >= LEAST:
                self._put_back()
                self.scanned.emit(typed)
                return True
            return False
        text = event.text()
        if not text or not text.isprintable() or event.modifiers() not in _TYPED or event.isAutoRepeat():
            self._typed = ""
        elif quick:
            self._typed += text
        else:
            self._typed, self._put_back = self._first(text)
        return False

    @staticmethod
    def _first(text: str) -> tuple[str, Callable[[], None]]:
        """The first key may be a scanner's: how the field stood before it. What is typed into a password is never looked up."""
        hand = QApplication.focusWidget()
        if isinstance(hand, QLineEdit) and hand.echoMode() != QLineEdit.EchoMode.Normal:
            return "", _nothing
        return text, _as_it_stands(hand)


def _nothing() -> None:
    return


def _as_it_stands(hand: QWidget | None) -> Callable[[], None]:
    """What puts a field back to how it stands now: its text, the cursor and what is selected, and whoever listens hears of it."""
    line = hand.lineEdit() if isinstance(hand, QComboBox) else hand
    if isinstance(line, QLineEdit):
        text, cursor, begin, long = line.text(), line.cursorPosition(), line.selectionStart(), len(line.selectedText())

        def put_back(line: QLineEdit = line) -> None:
            if line.text() != text:
                line.setText(text)
                line.textEdited.emit(text)
            line.setCursorPosition(cursor)
            if begin >= 0:
                line.setSelection(begin, long)

        return put_back
    if isinstance(hand, QPlainTextEdit):
        words, at = hand.toPlainText(), hand.textCursor().position()

        def put_words_back(hand: QPlainTextEdit = hand) -> None:
            if hand.toPlainText() != words:
                hand.setPlainText(words)
            cursor = hand.textCursor()
            cursor.setPosition(at)
            hand.setTextCursor(cursor)

        return put_words_back
    return _nothing
