"""What a record looks like beside its list and on a page of its own: plain values a screen gathers, and the actions it offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui import theme

Row = tuple[str, str]


@dataclass(frozen=True)
class Facts:
    """A record in words: heading, pills (words, colour), rows of label and value, and a short list under a heading."""

    title: str
    under: str = ""
    pills: Sequence[Row] = ()
    rows: Sequence[Row] = ()
    head: str = ""
    lines: Sequence[Row] = ()


@dataclass(frozen=True)
class Action:
    """Something to do with the chosen record. `when` says whether it makes sense for this one; `key` works with the pane hidden too."""

    title: str
    icon: str
    key: str
    run: Callable[[Any], None]
    when: Callable[[Any], bool] = field(default=lambda _card: True)
    primary: bool = False

    @property
    def words(self) -> str:
        return f"{self.title}（{self.key}）"


def label(text: str, role: str, wrap: bool = False) -> QLabel:
    """A label that shows plain text only, in one of the roles of the style sheet."""
    made = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=wrap)
    made.setProperty("role", role)
    return made


def pill(text: str, colour: str) -> QLabel:
    made = QLabel(text, textFormat=Qt.TextFormat.PlainText)
    made.setProperty("pill", colour)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return made


def line() -> QFrame:
    made = QFrame()
    made.setProperty("role", "line")
    return made


def empty(layout: Any) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if item.widget() is not None:
            item.widget().hide()
            item.widget().deleteLater()
        elif item.layout() is not None:
            empty(item.layout())


def rows_grid(rows: Iterable[Row], columns: int = 1) -> QGridLayout:
    """Labels and values, in one or more columns side by side."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.look.px(12))
    grid.setVerticalSpacing(theme.look.px(7))
    for place, (name, value) in enumerate(rows):
        row, column = divmod(place, columns)
        told = label(value, "", wrap=True)
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(label(name, "label"), row, column * 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(told, row, column * 2 + 1)
        grid.setColumnStretch(column * 2 + 1, 1)
    return grid


class Actions:
    """The buttons of a record, shown when they make sense; their keys work on the whole `page`."""

    def __init__(self, page: QWidget, actions: Sequence[Action], chosen: Callable[[], Any]) -> None:
        self._actions, self._chosen = actions, chosen
        for action in actions:
            QShortcut(QKeySequence(action.key), page, activated=lambda action=action: self._start(action),
                      context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _start(self, action: Action) -> None:
        card = self._chosen()
        if card is not None and action.when(card):
            action.run(card)

    def fill(self, layout: QGridLayout | QHBoxLayout, card: Any, columns: int = 2) -> None:
        """Put the buttons that fit this record into a layout."""
        empty(layout)
        shown = [a for a in self._actions if a.when(card)]
        for place, action in enumerate(shown):
            button = QPushButton(theme.icon(action.icon, "primary_text" if action.primary else "text"), action.words)
            button.setProperty("role", "primary" if action.primary else "tight")
            button.clicked.connect(lambda _on, action=action: self._start(action))
            if isinstance(layout, QGridLayout):
                layout.addWidget(button, place // columns, place % columns)
            else:
                layout.addWidget(button)


class Detail(QFrame):
    """The card beside a list: who or what is chosen, and what can be done with it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        margin = theme.look.px(18)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.look.px(10))
        self._body = QVBoxLayout()
        self._body.setSpacing(theme.look.px(10))
        self.buttons = QGridLayout()
        self.buttons.setSpacing(theme.look.px(8))
        column.addLayout(self._body)
        column.addStretch(1)
        column.addLayout(self.buttons)

    def show_facts(self, facts: Facts | None) -> None:
        """Show a record; nothing when none is chosen."""
        empty(self._body)
        if facts is None:
            empty(self.buttons)
            return
        self._head(facts)
        self._body.addWidget(line())
        self._body.addLayout(rows_grid(facts.rows))
        if facts.lines:
            self._body.addWidget(line())
            self._body.addWidget(label(facts.head, "subtitle"))
            self._body.addLayout(rows_grid(facts.lines))

    def _head(self, facts: Facts) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.look.px(12))
        size = theme.look.px(52)
        initial = QLabel(facts.title[:1], textFormat=Qt.TextFormat.PlainText, alignment=Qt.AlignmentFlag.AlignCenter)
        initial.setProperty("role", "initial")
        initial.setFixedSize(size, size)
        initial.setStyleSheet(f"border-radius: {size // 2}px;")
        row.addWidget(initial)
        words = QVBoxLayout()
        words.setSpacing(theme.look.px(2))
        words.addWidget(label(facts.title, "title", wrap=True))
        words.addWidget(label(facts.under, "label", wrap=True))
        row.addLayout(words, 1)
        self._body.addLayout(row)
        if facts.pills:
            pills = QHBoxLayout()
            for words_, colour in facts.pills:
                pills.addWidget(pill(words_, colour))
            pills.addStretch(1)
            self._body.addLayout(pills)
