"""The editor of a link: another record, found by typing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from gridapp.fields import kinds as k
from gridapp.texts import _
from ui.forms.lines import Editor, Line
from ui.forms.offers import Offers

Finder = Callable[[str, Callable[[list[tuple[Any, str]]], None]], object]


class LinkEditor(Editor):
    """Another record, found by typing: house number and room, part of an address. The screen gives it a `finder`."""

    def build(self) -> QWidget:
        self.finder: Finder | None = None
        #: (id, then): asks for the words of a record of which only the id is known
        self.namer: Callable[[Any, Callable[[str], None]], object] | None = None
        self.found: list[tuple[Any, str]] = []
        self.chosen: tuple[Any, str] | None = None
        self.line = Line()
        self.line.setPlaceholderText(_("输入编号、地址或房号查找"))
        self.line.textEdited.connect(self._typed)
        self.line.editingFinished.connect(self._settle)
        self.offers = Offers(self.line)
        self.offers.clicked.connect(self._pick)
        self.offers.wanted.connect(lambda: self._seek(self.line.text()))
        self.offers.leaving.connect(lambda: self.take() if self.offers.moved else self._settle())
        return self.line

    def _typed(self, text: str) -> None:
        self.edited.emit()
        self._seek(text)

    def _seek(self, text: str) -> None:
        self.chosen, self.found = None, []  # what was found for less is no answer to this
        if self.finder is not None and text.strip():
            self.finder(text.strip(), self._came)
        else:
            self.offers.hide()

    def _came(self, found: list[tuple[Any, str]]) -> None:
        self.found = found
        self.noted.emit("" if found else _("没有找到，请换个编号、地址或房号再找。"))
        meant = self._meant()
        self.offers.show([label for _id, label in found], found.index(meant) if meant else -1)
        if not self.line.hasFocus():  # whoever types fast has gone on before the answer came
            self._settle()

    def _meant(self) -> tuple[Any, str] | None:
        """The only answer left; of several rooms, the only one whose number was typed in full: room 1 among 1, 101 and 102."""
        typed = self.line.text().split()
        exact = [one for one in self.found if self.kind.to == "room" and one[1].split()[-1:] == typed[-1:]]
        return next((few[0] for few in (self.found, exact) if typed and len(few) == 1), None)

    def _settle(self) -> None:
        """Leaving the field: what is chosen in the list, or the only answer that can be meant."""
        chosen = self.offers.chosen
        meant = self.found[chosen] if chosen is not None else self._meant()
        if self.chosen is None and meant is not None:
            self.choose(*meant)
        self.offers.hide()

    def take(self) -> None:
        chosen = self.offers.chosen
        if chosen is not None:
            self._pick(chosen)
        self._settle()

    def _pick(self, place: int) -> None:
        self.choose(*self.found[place])
        self.offers.hide()
        self.edited.emit()

    def _write(self, label: str) -> None:
        """A narrow field shows the beginning, where the number is."""
        self.line.setText(label)
        self.line.setCursorPosition(0)

    def begin(self, words: str) -> None:
        """The beginning of what is looked for, ready to be typed on."""
        self.line.setText(words)
        self._typed(words)

    def choose(self, record_id: Any, label: str) -> None:
        """Fill it in by code: the room somebody is registered from."""
        self.chosen = (record_id, label)
        self._write(label)

    def text(self) -> str:
        return f"{self.chosen[0]} {self.chosen[1]}".strip() if self.chosen else self.line.text()

    def set_text(self, text: str) -> None:
        head, _blank, label = text.partition(" ")
        try:
            self.set_value((self.kind.parse(head), label) if label else self.kind.parse(head))
        except k.BadValue:
            self._retype(text)

    def _retype(self, text: str) -> None:
        """Words of a draft: sought again, so that one answer left is enough."""
        self.line.setText(text)
        self._seek(text)

    def set_value(self, value: Any) -> None:
        """The pair (id, label), or an id alone: its words come in a moment, and until then it stays what is chosen."""
        if isinstance(value, tuple):
            self.choose(*value)
            return
        self.chosen = (value, "") if value is not None else None
        self.line.clear()
        if value is not None and self.namer is not None:
            self.namer(value, lambda words: self._named(value, words))

    def _named(self, value: Any, words: str) -> None:
        if self.chosen == (value, ""):
            self.choose(value, words or _("查不到的登记"))

    def value(self) -> Any:
        text = self.line.text().strip()
        self._settle()
        if self.chosen is None and text:
            raise k.BadValue(_("请从下面的列表里选一个（输入编号、地址或房号）。"))
        return self.chosen[0] if self.chosen and (text or not self.chosen[1]) else None
