"""Editors that are a line or a few: text, numbers, days."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from gridapp.fields import days
from gridapp.fields.width import half_width
from gridapp.texts import _
from ui.forms.calendar import Calendar, today
from ui.widgets import button, shortcut

#: longer texts get more lines
TALL_FROM = 2000


class Line(QLineEdit):
    """A line that may refuse the input method: numbers, phones, codes and days are typed in plain ASCII (fcitx and ibus obey)."""

    def __init__(self, plain: bool = False) -> None:
        super().__init__()
        self._plain = plain
        if plain:
            self.textEdited.connect(self._put_right)
            self.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers | Qt.InputMethodHint.ImhNoPredictiveText)

    def right(self, text: str) -> str:
        """What was typed or pasted, as it must stand here: １２３ is 123."""
        return half_width(text)

    def _put_right(self, text: str) -> None:
        meant = self.right(text)
        if meant != text:
            place = self.cursorPosition()
            self.setText(meant)
            self.setCursorPosition(place)

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

    def take(self) -> None:
        """Enter leaves the field: what is chosen in a list below it is meant."""

    @property
    def place(self) -> int:
        """Where in the text the cursor stands."""
        return self.target.cursorPosition() if isinstance(self.target, QLineEdit) else 0

    def put_cursor(self, place: int) -> None:
        """The cursor back where it stood, nothing selected: typing goes on there."""
        if isinstance(self.target, QLineEdit):
            self.target.setCursorPosition(place)

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
        self.line = self.make_line()
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        return self.line

    def make_line(self) -> Line:
        return Line(self.plain)

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


class CapitalLine(Line):
    """A line in upper case."""

    def right(self, text: str) -> str:
        return super().right(text).upper()


class NumberEditor(PlainEditor):
    """The number of an identity paper: upper case."""

    def make_line(self) -> Line:
        return CapitalLine(plain=True)


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

    @property
    def place(self) -> int:
        return self.area.textCursor().position()

    def put_cursor(self, place: int) -> None:
        cursor = self.area.textCursor()
        cursor.setPosition(min(place, self.area.document().characterCount() - 1))
        self.area.setTextCursor(cursor)


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
