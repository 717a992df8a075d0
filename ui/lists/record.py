"""One record on a page of its own: everything it holds, what belongs to it, and its story (来历) from the journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gridapp.texts import _
from ui import theme
from ui.lists.facts import Action, Actions, Facts, Row, empty, label, line, pill, rows_grid

TWO_COLUMNS_FROM = 800


class RecordPage(QWidget):
    """Head, cards, actions. Esc goes back."""

    left = Signal()

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.card: Any = None
        self._told: tuple[Facts, Sequence[tuple[str, Sequence[Row]]], Sequence[Any]] | None = None
        self._actions = Actions(self, actions, lambda: self.card)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        page = QWidget()
        page.setProperty("role", "page")
        self._cards = QVBoxLayout(page)
        self._cards.setSpacing(theme.look.px(14))
        self._area = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self._area.setWidget(page)
        column.addWidget(self._area, 1)
        footer = QFrame()
        footer.setProperty("role", "footer")
        self._buttons = QHBoxLayout(footer)
        column.addWidget(footer)

    def _header(self) -> QFrame:
        header = QFrame()
        header.setProperty("role", "header")
        self._top = QHBoxLayout(header)
        self.back = QPushButton(theme.icon("arrow-left"), _("返回（Esc）"), shortcut="Esc")
        self.back.clicked.connect(self.left)
        self._top.addWidget(self.back)
        self._names = QHBoxLayout()
        self._top.addLayout(self._names)
        self._top.addStretch(1)
        return header

    def show_record(self, card: Any, facts: Facts, groups: Sequence[tuple[str, Sequence[Row]]], story: Sequence[Any]) -> None:
        """`groups` are further cards (heading, rows); `story` the steps of the journal, newest first."""
        self.card = card
        empty(self._names)
        self._names.addWidget(label(facts.title, "title"))
        self._names.addWidget(label(facts.under, "muted"))
        for words, colour in facts.pills:
            self._names.addWidget(pill(words, colour))
        empty(self._cards)
        columns = 2 if self.width() >= theme.look.px(TWO_COLUMNS_FROM) else 1
        for heading, rows in groups:
            if rows:
                self._cards.addWidget(self._card(heading, rows, columns))
        if story:
            self._cards.addWidget(self._story(story))
        self._cards.addStretch(1)
        self._actions.fill(self._buttons, card)
        self._buttons.addStretch(1)
        self._area.verticalScrollBar().setValue(0)

    @staticmethod
    def _frame(heading: str) -> tuple[QFrame, QVBoxLayout]:
        frame = QFrame()
        frame.setProperty("role", "card")
        column = QVBoxLayout(frame)
        margin = theme.look.px(18)
        column.setContentsMargins(margin, margin * 3 // 4, margin, margin * 3 // 4)
        column.addWidget(label(heading, "subtitle"))
        return frame, column

    def _card(self, heading: str, rows: Sequence[Row], columns: int) -> QFrame:
        frame, column = self._frame(heading)
        column.addLayout(rows_grid(rows, columns))
        return frame

    def _story(self, story: Sequence[Any]) -> QFrame:
        frame, column = self._frame(_("来历（谁、何时、改了什么）"))
        for number, step in enumerate(story):
            if number:
                column.addWidget(line())
            column.addWidget(label(f"{step.at.astimezone():%Y-%m-%d %H:%M}   {step.officer}   {step.title}", ""))
            told = "；".join(_("{0}：{1} → {2}").format(c.label, c.old or _("（空）"), c.new or _("（空）")) for c in step.changes)
            if told:
                column.addWidget(label(told, "muted", wrap=True))
        return frame


def all_fields(record: Any) -> list[Row]:
    """(label, value in words) of every field that is set, links left out (the screen says what they point at)."""
    from gridapp.fields.field import fields_of
    from gridapp.fields.kinds import Link

    return [(f.label, f.kind.show(getattr(record, n))) for n, f in fields_of(type(record)).items()
            if getattr(record, n) not in (None, "") and not isinstance(f.kind, Link)]
