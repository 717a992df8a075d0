"""Editors that choose: one of a code table, several of one, yes or no."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QWidget

from gridapp.fields import codes, pinyin
from gridapp.fields.width import half_width
from ui.forms.lines import Editor
from ui.forms.offers import Offers


class Box(QComboBox):
    """A drop-down that the mouse wheel does not change by accident."""

    #: it comes into sight (again): what it offers may have changed meanwhile
    shown = Signal()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def inputMethodQuery(self, query: Qt.InputMethodQuery, argument: Any = None) -> Any:
        """Choices are typed as numbers or letters: no input method."""
        if query == Qt.InputMethodQuery.ImEnabled:
            return False
        return super().inputMethodQuery(query) if argument is None else super().inputMethodQuery(query, argument)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()


@cache
def initials(text: str) -> str:
    """'汉族' → 'hz': what people type to find a choice without switching the input method."""
    readings = pinyin.readings(text)
    return "".join(s[0] for s in readings[0]) if readings else ""


class CodeEditor(Editor):
    """One of a code table: by number, by words or by pinyin initials; what is typed narrows the list below, where each has its number before it."""

    def build(self) -> QWidget:
        self.box = Box()
        self.box.setEditable(True)
        self.box.setCompleter(None)  # type: ignore[arg-type]  # says the stub
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setMinimumContentsLength(3)
        line = self.box.lineEdit()
        assert line is not None
        self._offered: list[tuple[str, str]] = []
        self._fitting: list[str] = []
        self.offers = Offers(self.box)
        self._offer()
        self.box.setCurrentIndex(0)
        self.box.shown.connect(self._offer)
        line.textEdited.connect(lambda _text: self._typed())
        line.editingFinished.connect(self._settle)
        self.box.activated.connect(lambda _index: self.edited.emit())
        self.offers.clicked.connect(self._pick)
        self.offers.wanted.connect(lambda: self._show(""))
        self.offers.leaving.connect(lambda: self.take() if self.offers.moved else self._settle())
        return self.box

    @property
    def _table(self) -> Any:
        """What is chosen from: a code table, or what a kind of its own knows just now."""
        return getattr(self.kind, "known", None) or codes.table(self.kind.table)

    def _offer(self) -> None:
        """What the table offers now: the town may have published another since the form was made. What stands there stays."""
        offered = self._table.choices()
        if offered == self._offered:
            return
        text, self._offered = self.box.currentText(), offered
        self.box.clear()
        self.box.addItem("", "")
        for code, name in offered:
            self.box.addItem(name, code)
        self.set_text(text)

    # -- typing

    def _numbered(self) -> list[tuple[str, str, str]]:
        """(number, code, name) of all that is offered: the code where the table has numbers, else 1, 2, 3 …"""
        choices = self._table.choices()
        own = all(code.isdigit() for code, _name in choices)
        return [(code if own else str(place), code, name) for place, (code, name) in enumerate(choices, 1)]

    def _typed(self) -> None:
        line, place = self.box.lineEdit(), self.place
        if line is not None and not line.text().isascii() and line.text() != half_width(line.text()):
            line.setText(half_width(line.text()))
            line.setCursorPosition(place)
        self.edited.emit()
        text = self.box.currentText().strip()
        if text:
            self._show(text)
        else:
            self.offers.hide()

    def _show(self, text: str) -> None:
        """Everything that fits what is typed; what Enter would take is chosen."""
        meant = self._meant(text) or ""
        fits = [(number, code, name) for number, code, name in self._numbered() if code == meant or _fits(text, number, name)]
        self._fitting = [code for _number, code, _name in fits]
        chosen = self._fitting.index(meant) if meant in self._fitting else -1
        self.offers.show([f"{number}  {name}" for number, _code, name in fits], chosen)

    def _pick(self, place: int) -> None:
        self.set_value(self._fitting[place])
        self.offers.hide()
        self.edited.emit()

    def take(self) -> None:
        """What is chosen in the list; else 'hz', '1', '01' or '汉' is turned into 汉族."""
        chosen = self.offers.chosen
        if chosen is not None:
            self._pick(chosen)
        else:
            self._settle()

    def _settle(self) -> None:
        text = self.box.currentText().strip()
        code = self._meant(text)
        if code:
            self.set_value(code)
        elif not text:
            self.box.setCurrentIndex(0)

    def _meant(self, text: str) -> str | None:
        """The code of what was typed: its number; its pinyin initials in full, else a code or words, else the beginning of the initials."""
        table = self._table
        if text.isascii() and text.isdigit():
            return self._by_number(text) or table.find(text)
        if not text.isascii() or not text.isalpha():
            return table.find(text) if text else None
        named = [(initials(name), code) for code, name in table.choices()]
        exact = next((code for short, code in named if short == text.lower()), None)
        return exact or table.find(text) or next((code for short, code in named if short.startswith(text.lower())), None)

    def _by_number(self, text: str) -> str | None:
        """The number as it stands; then without the zeros before it; then the only one that begins so."""
        numbered = self._numbered()
        ways = ([code for number, code, _name in numbered if number == text],
                [code for number, code, _name in numbered if int(number) == int(text)],
                [code for number, code, _name in numbered if number.startswith(text)])
        return next((found[0] for found in ways if len(found) == 1), None)

    def text(self) -> str:
        return self.box.currentText()

    def set_still(self, still: bool) -> None:
        super().set_still(still)
        self.box.setEnabled(not still)

    def set_text(self, text: str) -> None:
        index = self.box.findText(text)
        self.box.setCurrentIndex(index)
        if index < 0:
            self.box.setEditText(text)

    @property
    def place(self) -> int:
        line = self.box.lineEdit()
        return line.cursorPosition() if line is not None else 0

    def put_cursor(self, place: int) -> None:
        line = self.box.lineEdit()
        if line is not None:
            line.setCursorPosition(place)

    def value(self) -> Any:
        text = self.text().strip()
        return self._meant(text) or self.kind.parse(text)


def _fits(text: str, number: str, name: str) -> bool:
    """Whether something typed may become this choice."""
    if text.isascii() and text.isdigit():
        return number.startswith(text) or number.lstrip("0").startswith(text)
    return codes.folded(text) in codes.folded(name) or initials(name).startswith(text.lower())


class CodesEditor(Editor):
    """Several of a code table: tick boxes."""

    across = 3

    def build(self) -> QWidget:
        holder = QWidget()
        self._grid = QGridLayout(holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.boxes: dict[str, QCheckBox] = {}
        self._offer(())
        return holder

    def _offer(self, chosen: Iterable[str]) -> None:
        """A box for all that is offered now, and for what is chosen though it is offered no more, or not known here yet."""
        offered = dict(self.kind.choices())
        for code in (*offered, *chosen):
            if code and code not in self.boxes:
                place, box = len(self.boxes), QCheckBox(self.kind.label(code))
                box.clicked.connect(lambda _on: self.edited.emit())
                self.boxes[code] = box
                self._grid.addWidget(box, place // self.across, place % self.across)
        for code, box in self.boxes.items():
            box.setText(self.kind.label(code))
            box.setVisible(code in offered or code in chosen)

    @property
    def target(self) -> QWidget:
        return next((box for box in self.boxes.values() if not box.isHidden()), self.widget)

    @property
    def parts(self) -> list[QWidget]:
        return list(self.boxes.values())

    def text(self) -> str:
        """Codes; one this PC does not know as it is shown, which is read back."""
        words = {code: self.kind.label(code) for code, box in self.boxes.items() if box.isChecked()}
        return ",".join(word if word.startswith(codes.NEW) else code for code, word in words.items())

    def set_text(self, text: str) -> None:
        chosen = (self.kind.parse(text) or "").split(",")
        self._offer(chosen)
        for code, box in self.boxes.items():
            box.setChecked(code in chosen)


class YesBox(Box):
    """1 or y is yes, 2, 0 or n is no; Backspace takes it back."""

    keys = {"1": 1, "y": 1, "2": 2, "0": 2, "n": 2}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        empty = event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
        place = 0 if empty else self.keys.get(half_width(event.text()).lower())
        if place is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        self.setCurrentIndex(place)
        self.activated.emit(place)


class YesEditor(Editor):
    """Yes, no or not said."""

    def build(self) -> QWidget:
        self.box = YesBox()
        for word in ("", *self.kind.words):
            self.box.addItem(word)
        self.box.activated.connect(lambda _index: self.edited.emit())
        return self.box

    def text(self) -> str:
        return self.box.currentText()

    def set_text(self, text: str) -> None:
        self.box.setCurrentIndex(max(0, self.box.findText(text)))
