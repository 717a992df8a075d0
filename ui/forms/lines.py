"""Editors that are a line or a few: text, numbers, days, and other records found by typing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QListView, QPlainTextEdit, QWidget

from gridapp.fields import days
from gridapp.fields import kinds as k
from gridapp.texts import _
from ui.forms.calendar import Calendar, today
from ui.widgets import button, shortcut

#: longer texts get more lines
TALL_FROM = 2000
Finder = Callable[[str, Callable[[list[tuple[Any, str]]], None]], object]


class Line(QLineEdit):
    """A line that may refuse the input method: numbers, phones, codes and days are typed in plain ASCII (fcitx and ibus obey)."""

    def __init__(self, plain: bool = False) -> None:
        super().__init__()
        self._plain = plain
        if plain:
            self.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers | Qt.InputMethodHint.ImhNoPredictiveText)

    def inputMethodQuery(self, query: Qt.InputMethodQuery, argument: Any = None) -> Any:
        if self._plain and query == Qt.InputMethodQuery.ImEnabled:
            return False
        return super().inputMethodQuery(query) if argument is None else super().inputMethodQuery(query, argument)


class Editor(QObject):
    """One field on screen. `text` is what stands there (for drafts), `value` what it means (raises Mistake)."""

    edited = Signal()
    #: something to say beside the field while it is filled in; '' takes it back
    noted = Signal(str)

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind
        self.widget: QWidget = self.build()

    def build(self) -> QWidget:
        raise TypeError("an editor says how it is built")

    @property
    def target(self) -> QWidget:
        """The widget that takes the keyboard."""
        return self.widget

    @property
    def parts(self) -> list[QWidget]:
        """Everything in it that takes the keyboard."""
        return [self.target]

    def text(self) -> str:
        return ""

    def set_text(self, text: str) -> None:
        """Put a text in as if typed, without telling `edited`."""

    def value(self) -> Any:
        return self.kind.parse(self.text())

    def set_value(self, value: Any) -> None:
        self.set_text(self.kind.show(value))

    def set_still(self, still: bool) -> None:
        """A field that fills itself: shown, not typed into, skipped by Tab."""
        self.target.setFocusPolicy(Qt.FocusPolicy.NoFocus if still else Qt.FocusPolicy.StrongFocus)
        self.target.setProperty("still", still)


class LineEditor(Editor):
    """Text of one line."""

    plain = False

    def build(self) -> QWidget:
        self.line = Line(self.plain)
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        return self.line

    def text(self) -> str:
        return self.line.text()

    def set_text(self, text: str) -> None:
        self.line.setText(text)

    def set_still(self, still: bool) -> None:
        super().set_still(still)
        self.line.setReadOnly(still)


class PlainEditor(LineEditor):
    """A line without input method."""

    plain = True


class NumberEditor(PlainEditor):
    """The number of an identity paper: upper case."""

    def build(self) -> QWidget:
        widget = super().build()
        self.line.textEdited.connect(self._upper)
        return widget

    def _upper(self, text: str) -> None:
        if text != text.upper():
            place = self.line.cursorPosition()
            self.line.setText(text.upper())
            self.line.setCursorPosition(place)


class LongEditor(Editor):
    """Several lines. Enter goes on as everywhere and Shift+Enter begins a new line; in a tall one (a list) Enter begins a new line."""

    def build(self) -> QWidget:
        self.area = QPlainTextEdit(tabChangesFocus=True)
        tall = self.kind.longest >= TALL_FROM
        self.area.setProperty("role", "tall" if tall else "")
        self.area.setPlaceholderText(_("Enter 换行，Tab 到下一项") if tall else _("Shift+Enter 换行"))
        self.area.textChanged.connect(self.edited.emit)
        return self.area

    def text(self) -> str:
        return self.area.toPlainText()

    def set_text(self, text: str) -> None:
        self.area.blockSignals(True)
        self.area.setPlainText(text)
        self.area.blockSignals(False)


class DayEditor(PlainEditor):
    """A day: typed in any usual way, t for today, -3 for three days ago, or picked from a calendar (F4)."""

    def build(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(super().build(), 1)
        self.line.setPlaceholderText(_("年-月-日，t 为今天"))
        self.line.editingFinished.connect(self._settle)
        self.button = button("", self._pick, icon="calendar", role="quiet", name=_("选日期（F4）"))
        shortcut(holder, "F4", self._pick)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row.addWidget(self.button)
        return holder

    @property
    def target(self) -> QWidget:
        return self.line

    def value(self) -> Any:
        return days.parse_day(self.text(), today=today())

    def _settle(self) -> None:
        try:
            day = self.value()
        except days.BadDay:
            return
        self.line.setText(days.show_day(day) if day else "")

    def set_still(self, still: bool) -> None:
        super().set_still(still)
        self.button.setVisible(not still)

    def _pick(self) -> None:
        def picked(day: date) -> None:
            self.line.setText(days.show_day(day))
            self.edited.emit()

        try:
            shown = self.value() or today()
        except days.BadDay:
            shown = today()
        Calendar(self.line, shown, picked).show()


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
        self._labels = QStringListModel(self.line)
        self.completer = QCompleter(self._labels, self.line)
        self.completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer.activated.connect(self._picked)
        self.completer.setWidget(self.line)
        self.popup = QListView()
        self.popup.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.completer.setPopup(self.popup)
        return self.line

    def _typed(self, text: str) -> None:
        self.edited.emit()
        self._seek(text)

    def _seek(self, text: str) -> None:
        self.chosen = None
        if self.finder is not None and text.strip():
            self.finder(text.strip(), self._came)
        else:
            self.popup.hide()

    def _came(self, found: list[tuple[Any, str]]) -> None:
        self.found = found
        self._labels.setStringList([label for _id, label in found])
        self.noted.emit("" if found else _("没有找到，请换个编号、地址或房号再找。"))
        if found and self.line.hasFocus():
            self.completer.complete()
        else:
            self.popup.hide()

    def _settle(self) -> None:
        """Leaving the field with only one answer left means that one."""
        if self.chosen is None and len(self.found) == 1 and self.line.text().strip():
            self.choose(*self.found[0])

    def _picked(self, label: str) -> None:
        self.chosen = next((one for one in self.found if one[1] == label), None)
        self._write(label)
        self.edited.emit()

    def _write(self, label: str) -> None:
        """A narrow field shows the beginning, where the number is."""
        self.line.setText(label)
        self.line.setCursorPosition(0)

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
