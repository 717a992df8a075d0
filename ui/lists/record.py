"""One record on a page of its own: everything it holds, what belongs to it, and its story (来历) from the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gridapp.fields.kinds import BEIJING, Link
from gridapp.texts import _
from ui import theme
from ui.lists.facts import Action, Actions, Facts, Row, rows_grid
from ui.widgets import PAGE_MARGIN, back, bar, card, column, empty, label, line, page, pill, scrolled

TWO_COLUMNS_FROM = 800
#: longer values get the whole width
LONGEST_SHORT = 34


class RecordPage(QWidget):
    """Head, cards, actions. Esc goes back."""

    left = Signal()

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        page(self)
        self.card: Any = None
        self._actions = Actions(self, actions, lambda: self.card)
        whole = column(self)
        header, top = bar("header", back(self.left.emit))
        self._names = QHBoxLayout()
        top.addLayout(self._names)
        top.addStretch(1)
        inside = page()
        self._cards = column(inside, PAGE_MARGIN, PAGE_MARGIN)
        self._area = scrolled(inside)
        footer, self._buttons = bar("footer")
        whole.addWidget(header)
        whole.addWidget(self._area, 1)
        whole.addWidget(footer)

    def show_record(self, told: Any, facts: Facts, groups: Sequence[tuple[str, Sequence[Row]]], story: Sequence[Any]) -> None:
        """`groups` are further cards (heading, rows); `story` the steps of the journal, newest first."""
        self.card = told
        empty(self._names)
        self._names.addWidget(label(facts.title, "title", wrap=True), 1)
        if facts.under and facts.under != facts.title:
            self._names.addWidget(label(facts.under, "muted", wrap=True))
        for words, colour in facts.pills:
            self._names.addWidget(pill(words, colour))
        empty(self._cards)
        columns = 2 if self.width() >= theme.look.px(TWO_COLUMNS_FROM) else 1
        for heading, rows in groups:
            if rows:
                short = all(len(value) <= LONGEST_SHORT for _name, value in rows)
                self._cards.addWidget(self._card(heading, rows, columns if short else 1))
        if story:
            self._cards.addWidget(self._story(story))
        self._cards.addStretch(1)
        self._actions.fill(self._buttons, told)
        self._buttons.addStretch(1)
        self._area.verticalScrollBar().setValue(0)

    @staticmethod
    def _card(heading: str, rows: Sequence[Row], columns: int) -> QFrame:
        frame, inside = card(heading)
        inside.addLayout(rows_grid(rows, columns))
        return frame

    @staticmethod
    def _story(story: Sequence[Any]) -> QFrame:
        frame, inside = card(_("来历（谁、何时、改了什么）"))
        for number, step in enumerate(story):
            if number:
                inside.addWidget(line())
            inside.addWidget(label(f"{show_time(step.at)}   {step.officer}   {step.title}"))
            told = "；".join(_("{0}：{1} → {2}").format(c.label, c.old or _("（空）"), c.new or _("（空）")) for c in step.changes)
            if told:
                inside.addWidget(label(told, "muted", wrap=True))
        return frame


def show_time(at: datetime) -> str:
    """A moment in Beijing time, to the minute."""
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def all_fields(record: Any) -> list[Row]:
    """(label, value in words) of every field that is set, links left out (the screen says what they point at)."""
    from gridapp.fields.field import fields_of

    return [(f.label, f.kind.show(getattr(record, n))) for n, f in fields_of(type(record)).items()
            if getattr(record, n) not in (None, "") and not isinstance(f.kind, Link)]
