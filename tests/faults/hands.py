"""Random hands on a real window: which keys, words and clicks, drawn by lot from a seed, and how each of them is done."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QInputMethodEvent, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

KEYS = ("Tab", "Tab", "Tab", "Shift+Tab", "Return", "Return", "Esc", "Space", "Up", "Down", "Down", "Left", "Right", "PgUp", "PgDown", "Home", "End",
        "Backspace", "Del", "Ctrl+A", "Ctrl+Home", "Ctrl+End", "Alt+Down", "Ctrl+Tab")
SHORTCUTS = (*(f"F{number}" for number in range(1, 13)), *(f"Ctrl+{number}" for number in range(1, 10)),
             "Ctrl+K", "Ctrl+Z", "Ctrl+Y", "Ctrl+N", "Ctrl+N", "Ctrl+S", "Ctrl+S", "Ctrl+P", "Ctrl+O", "Ctrl+Return", "Ctrl+F", "Ctrl+W", "F5", "F5")
#: what gets typed besides: true, half true, and what might break something
WORDS = ("李晓梅", "510185199205173627", "510185199205173628", "51018519", "13800001111", "138", "0", "-1", "99999999999", "2026-11-24", "20261124", "2026-13-45",
         "0001-01-01", "9999-12-31", "1", "3", "12.5", "祠堂路1号", "QHY0001", "QHY0002 103", "王", "wjg", "pb", "%", "'", "\"", "<b>粗</b>", "<img src=x>",
         "=1+1", "\u202e倒", "𬱟", "👨‍👩‍👧", "\u0000", "长" * 300, "  ", "x" * 60, "20:00", "25:61", "{0}", "{name}", "&amp", "护照", "无证件", "是", "否", "/", "\\", ";")
SIZES = ((800, 560), (900, 600), (1024, 768), (1366, 728), (1600, 1000), (2400, 700))
#: kind → how often, of a thousand
SHARES = {"press": 300, "click": 150, "twice": 25, "right": 12, "key": 180, "word": 120, "shortcut": 110, "wheel": 30, "size": 12, "wait": 45, "paste": 10, "choose": 12,
          "lock": 1, "screen": 33}
_KINDS, _WEIGHTS = tuple(SHARES), tuple(SHARES.values())


class Event(NamedTuple):
    """One movement: its kind, where among all that can be reached (0 to 1), and what."""

    kind: str
    where: float
    what: Any


def drawn(seed: int, words: Sequence[str] = ()) -> Iterator[Event]:
    """Events without end, the same for the same seed; `words` may be typed besides (a password)."""
    chance = random.Random(seed)
    texts = (*WORDS, *words)
    of: dict[str, Callable[[], Any]] = {
        "key": lambda: chance.choice(KEYS), "shortcut": lambda: chance.choice(SHORTCUTS), "word": lambda: chance.choice(texts),
        "paste": lambda: chance.choice(texts), "size": lambda: chance.choice(SIZES), "wheel": lambda: chance.choice((-120, 120, -1200, 1200)),
        "click": lambda: (chance.random(), chance.random()), "twice": lambda: (chance.random(), chance.random()),
        "right": lambda: (chance.random(), chance.random())}
    while True:
        kind = chance.choices(_KINDS, _WEIGHTS)[0]
        yield Event(kind, chance.random(), of.get(kind, lambda: None)())


class Hands:
    """Does an event to whatever window is in front; tells in words what it did."""

    def __init__(self, window: Any) -> None:
        self.window = window

    def do(self, event: Event) -> str:
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window
        told: str = getattr(self, f"_{event.kind}")(front, event)
        return f"{event.kind} {told}"

    # -- what can be reached

    @staticmethod
    def _one(front: QWidget, where: float, kind: type[QWidget]) -> Any:
        found = [w for w in front.findChildren(kind) if w.isVisible() and w.isEnabled() and not w.visibleRegion().isEmpty()]
        return found[int(where * len(found))] if found else None

    @staticmethod
    def _name(widget: QWidget) -> str:
        words = getattr(widget, "text", None) or widget.accessibleName
        return f"{type(widget).__name__} “{str(words())[:20]}”"

    @staticmethod
    def _hand(front: QWidget) -> QWidget:
        """Keys reach what has the keyboard, if it can be seen and used."""
        hand = front.focusWidget()
        return hand if hand is not None and hand.isVisible() and hand.isEnabled() else front

    # -- doing it

    def _press(self, front: QWidget, event: Event) -> str:
        found = self._one(front, event.where, QAbstractButton)
        if found is None or found is getattr(getattr(self.window, "header", None), "lock", None):
            return "nothing"
        told = self._name(found)
        QTest.mouseClick(found, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, found.visibleRegion().boundingRect().center())
        return told

    def _at(self, front: QWidget, event: Event) -> tuple[Any, QPoint]:
        found = self._one(front, event.where, QWidget) or front
        seen = found.visibleRegion().boundingRect()
        across, down = event.what
        return found, QPoint(seen.x() + int(across * max(seen.width() - 1, 0)), seen.y() + int(down * max(seen.height() - 1, 0)))

    def _click(self, front: QWidget, event: Event) -> str:
        found, place = self._at(front, event)
        told = self._name(found)
        QTest.mouseClick(found, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        return told

    def _twice(self, front: QWidget, event: Event) -> str:
        found, place = self._at(front, event)
        told = self._name(found)
        QTest.mouseDClick(found, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        return told

    def _right(self, front: QWidget, event: Event) -> str:
        found, place = self._at(front, event)
        told = self._name(found)
        QApplication.sendEvent(found, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, found.mapToGlobal(place)))
        return told

    def _typed(self, front: QWidget, keys: str) -> str:
        pressed = QKeySequence(keys)[0]
        QTest.keyClick(self._hand(front), pressed.key(), pressed.keyboardModifiers())
        return keys

    def _key(self, front: QWidget, event: Event) -> str:
        return self._typed(front, event.what)

    _shortcut = _key

    def _word(self, front: QWidget, event: Event) -> str:
        """Into where the keyboard is; where nothing can be typed, into some field."""
        hand = self._hand(front)
        if not isinstance(hand, QLineEdit | QPlainTextEdit | QComboBox):
            hand = self._one(front, event.where, QLineEdit) or hand
            hand.setFocus()
        if event.what.isascii() and event.what.isprintable():
            QTest.keyClicks(hand, event.what)
        else:  # no keyboard has these: they come from an input method
            typed = QInputMethodEvent()
            typed.setCommitString(event.what)
            QApplication.sendEvent(hand, typed)
        return f"{event.what[:20]!r} into {type(hand).__name__}"

    def _paste(self, front: QWidget, event: Event) -> str:
        QApplication.clipboard().setText(event.what)
        return self._typed(front, "Ctrl+V")

    def _choose(self, front: QWidget, event: Event) -> str:
        found = self._one(front, event.where, QComboBox)
        if found is None:
            return "nothing"
        found.showPopup()
        return self._name(found)

    def _wheel(self, front: QWidget, event: Event) -> str:
        found = self._one(front, event.where, QWidget) or front
        middle = QPointF(found.rect().center())
        QApplication.sendEvent(found, QWheelEvent(middle, QPointF(found.mapToGlobal(found.rect().center())), QPoint(), QPoint(0, event.what),
                                                  Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False))
        return self._name(found)

    def _size(self, _front: QWidget, event: Event) -> str:
        self.window.resize(*event.what)
        return str(event.what)

    def _screen(self, _front: QWidget, event: Event) -> str:
        """One of the ways of the navigation, or a screen another one leads to."""
        if self.window.desk.ledger is None or not getattr(self.window, "screens", None):
            return "nothing"
        usable = self.window.usable
        entry = usable[int(event.where * len(usable))]
        self.window.show_screen(entry.key)
        return str(entry.key)

    def _wait(self, _front: QWidget, _event: Event) -> str:
        return "until all is answered"

    def _lock(self, _front: QWidget, _event: Event) -> str:
        self.window.lock()
        return ""
