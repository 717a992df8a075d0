"""Editors that choose: one of a code table, several of one, yes or no."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QCompleter, QGridLayout, QWidget

from gridapp.fields import codes, pinyin
from ui.forms.lines import Editor


class Box(QComboBox):
    """A drop-down that the mouse wheel does not change by accident."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


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
        self.box.addItem("", "")
        for code, name in codes.table(self.kind.table).choices():
            self.box.addItem(name, code)
        self.box.setCurrentIndex(0)
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
        table = codes.table(self.kind.table)
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
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        self.boxes: dict[str, QCheckBox] = {}
        for place, (code, name) in enumerate(codes.table(self.kind.table).choices()):
            box = self.boxes[code] = QCheckBox(name)
            box.clicked.connect(lambda _on: self.edited.emit())
            grid.addWidget(box, place // self.across, place % self.across)
        return holder

    @property
    def target(self) -> QWidget:
        return next(iter(self.boxes.values()))

    @property
    def parts(self) -> list[QWidget]:
        return list(self.boxes.values())

    def text(self) -> str:
        return ",".join(code for code, box in self.boxes.items() if box.isChecked())

    def set_text(self, text: str) -> None:
        chosen = self.kind.parse(text) or ""
        for code, box in self.boxes.items():
            box.setChecked(code in chosen.split(","))


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
