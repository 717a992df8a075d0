"""Editors that choose: one of a code table, several of one, yes or no."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QGridLayout, QWidget

from gridapp.fields import codes, pinyin
from ui.forms.lines import Editor


class Box(QComboBox):
    """A drop-down that the mouse wheel does not change by accident."""

    #: it comes into sight (again): what it offers may have changed meanwhile
    shown = Signal()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()


def initials(text: str) -> str:
    """'汉族' → 'hz': what people type to find a choice without switching the input method."""
    readings = pinyin.readings(text)
    return "".join(s[0] for s in readings[0]) if readings else ""


class CodeEditor(Editor):
    """One of a code table: by code, by words or by pinyin initials; what is typed narrows the list."""

    def build(self) -> QWidget:
        self.box = Box()
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setMinimumContentsLength(3)
        self._offered: list[tuple[str, str]] = []
        self._offer()
        self.box.setCurrentIndex(0)
        self.box.shown.connect(self._offer)
        line = self.box.lineEdit()
        assert line is not None
        line.textEdited.connect(lambda _text: self.edited.emit())
        line.editingFinished.connect(self._settle)
        self.box.activated.connect(lambda _index: self.edited.emit())
        completer = self.box.completer()
        assert completer is not None
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
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

    def _settle(self) -> None:
        """Leaving the field turns 'hz', '01' or '汉' into 汉族."""
        text = self.box.currentText().strip()
        code = self._meant(text)
        if code:
            self.set_value(code)
        elif not text:
            self.box.setCurrentIndex(0)

    def _meant(self, text: str) -> str | None:
        """The code of what was typed: its pinyin initials in full, else a code or words, else the beginning of the initials."""
        table = self._table
        if not text.isascii() or not text.isalpha():
            return table.find(text) if text else None
        named = [(initials(name), code) for code, name in table.choices()]
        exact = next((code for short, code in named if short == text.lower()), None)
        return exact or table.find(text) or next((code for short, code in named if short.startswith(text.lower())), None)

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

    def value(self) -> Any:
        text = self.text().strip()
        return self._meant(text) or self.kind.parse(text)


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


class YesEditor(Editor):
    """Yes, no or not said."""

    def build(self) -> QWidget:
        self.box = Box()
        for word in ("", *self.kind.words):
            self.box.addItem(word)
        self.box.activated.connect(lambda _index: self.edited.emit())
        return self.box

    def text(self) -> str:
        return self.box.currentText()

    def set_text(self, text: str) -> None:
        self.box.setCurrentIndex(max(0, self.box.findText(text)))
