"""Somebody at the keyboard of the real window: every key goes where the window system would send it, and is counted."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

NAMES = {"Enter": "Return"}


class Typist:
    """`keys` counts every key that went down: one for each of a chord's, Ctrl and Shift too, and each letter an input method turns into Chinese."""

    def __init__(self, office: Any) -> None:
        self.office, self.keys = office, 0

    @property
    def hand(self) -> QWidget:
        """Where the window system sends a key: into the pop-up that is open, else to whoever has the keyboard."""
        popup = QApplication.activePopupWidget()
        found = (popup.focusWidget() or popup) if popup is not None else self.office.window.focusWidget()
        assert found is not None, "the keyboard is nowhere"
        return found

    def press(self, chord: str) -> Typist:
        """'Enter', 'Ctrl+S', 'F7'."""
        parts = chord.split("+")
        parts[-1] = NAMES.get(parts[-1], parts[-1])
        keys = QKeySequence("+".join(parts))[0]
        self.keys += len(parts)
        QTest.keyClick(self.hand, keys.key(), keys.keyboardModifiers())
        self.office.let_go()
        return self

    def type(self, text: str) -> Typist:
        """Letters and digits as they stand on the keys; capitals need Shift, full-width ones come from an input method."""
        for one in text:
            self.keys += 1 + one.isupper()
            if one.isascii():
                QTest.keyClick(self.hand, one)
            else:
                self._commit(one)
            self.office.settle()
        return self

    def compose(self, text: str, letters: str) -> Typist:
        """Chinese from an input method: its pinyin and the blank that takes it are the keys."""
        self.keys += len(letters)
        self._commit(text)
        self.office.settle()
        return self

    def _commit(self, text: str) -> None:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(self.hand, event)
