"""One record on a page of its own: everything it holds, what belongs to it, and its story (来历) from the journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gridapp.fields.kinds import BEIJING, Link
from gridapp.texts import _
from ui import theme
from ui.flow import Flow
from ui.lists.facts import Action, Actions, Facts, Row, rows_grid
from ui.widgets import GAP, PAGE_MARGIN, answer, back, button, card, column, empty, label, line, page, pill, row_of, scrolled

TWO_COLUMNS_FROM = 800
#: steps of a story that are told at first, and how many times as many are told when further ones are wanted
STORY, FURTHER = 40, 5
#: longer values get the whole width
LONGEST_SHORT = 34


class Heading(QFrame):
    """The way back, what record it is, and its states."""

    def __init__(self, leave: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("role", "header")
        row = QHBoxLayout(self)
        around = theme.look.px(PAGE_MARGIN)
        row.setContentsMargins(around, theme.look.px(GAP), around, theme.look.px(GAP))
        row.setSpacing(around)
        row.addWidget(back(leave), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(theme.look.px(4))
        self.title = label("", "title", wrap=True)
        self._states = Flow()
        self._under = answer()
        words.addWidget(self.title)
        words.addWidget(self._under)
        words.addLayout(self._states)
        row.addLayout(words, 1)

    def show_facts(self, facts: Facts) -> None:
        self.title.setText(facts.title)
        empty(self._states)
        long = len(facts.under) > LONGEST_SHORT and facts.under != facts.title
        self._under.setText(facts.under)
        self._under.setVisible(long)
        if facts.under and not long:
            self._states.addWidget(label(facts.under, "muted"))
        for words, colour in facts.pills:
            self._states.addWidget(pill(words, colour))


class Foot(QFrame):
    """The buttons under a record, in as many lines as they need."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "footer")
        self._row = Flow()
        around = theme.look.px(PAGE_MARGIN)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(around, theme.look.px(GAP), around, theme.look.px(GAP))
        inside.addLayout(self._row)

    def show_buttons(self, buttons: Sequence[QPushButton]) -> None:
        empty(self._row)
        for made in buttons:
            self._row.addWidget(made)


class RecordPage(QWidget):
    """Head, cards, actions. Esc goes back."""

    left = Signal()
    #: more of the story is wanted
    earlier = Signal()

    def __init__(self, actions: Sequence[Action], veil: QWidget | None = None) -> None:
        super().__init__()
        page(self)
        self.card: Any = None
        self._actions = Actions(self, actions, lambda: self.card)
        whole = column(self)
        self._head = Heading(self.left.emit)
        inside = page()
        self._cards = column(inside, PAGE_MARGIN, PAGE_MARGIN)
        self._area = scrolled(inside, name=_("登记内容"))
        self.setFocusProxy(self._area)  # arrows and Page keys scroll
        self._foot = Foot()
        whole.addWidget(self._head)
        if veil is not None:
            whole.addWidget(veil)
        whole.addWidget(self._area, 1)
        whole.addWidget(self._foot)

    def show_record(self, told: Any, facts: Facts, groups: Sequence[tuple[str, Sequence[Row]]], story: Sequence[Any], more: bool = False) -> None:
        """`groups` are further cards (heading, rows); `story` the steps of the journal, newest first, `more`: there are earlier ones. The same record stays where it is read."""
        same = self.card is not None and _id_of(self.card) == _id_of(told)
        place = self._area.verticalScrollBar().value() if same else 0
        self.card = told
        self._head.show_facts(facts)
        empty(self._cards)
        columns = 2 if self.width() >= theme.look.px(TWO_COLUMNS_FROM) else 1
        for heading, rows in groups:
            if rows:
                short = all(len(value) <= LONGEST_SHORT for _name, value in rows)
                self._cards.addWidget(self._card(heading, rows, columns if short else 1))
        if story:
            self._cards.addWidget(self._story(story, more))
        self._cards.addStretch(1)
        self._foot.show_buttons(self._actions.buttons(told))
        self._area.verticalScrollBar().setValue(place)

    @staticmethod
    def _card(heading: str, rows: Sequence[Row], columns: int) -> QFrame:
        frame, inside = card(heading)
        inside.addLayout(rows_grid(rows, columns))
        return frame

    def _story(self, story: Sequence[Any], more: bool) -> QFrame:
        frame, inside = card(_("来历（谁、何时、改了什么）"))
        for number, step in enumerate(story):
            if number:
                inside.addWidget(line())
            inside.addWidget(label(f"{show_time(step.at)}   {step.officer}   {step.title}"))
            told = "；".join(_change(c) for c in step.changes)
            if told:
                inside.addWidget(label(told, "muted", wrap=True))
        if more:
            inside.addLayout(row_of(button(_("更早的"), self.earlier.emit, icon="history", role="tight", name=_("列出更早的改动"))))
        return frame


def _id_of(told: Any) -> Any:
    """A card holds its record; a station and a code table are what they are."""
    return getattr(told, "record", told).id


def _change(change: Any) -> str:
    """What a field was and is; where there was nothing before, what it is."""
    if not change.old:
        return _("{0}：{1}").format(change.label, change.new or _("（空）"))
    return _("{0}：{1} → {2}").format(change.label, change.old, change.new or _("（空）"))


def show_time(at: datetime) -> str:
    """A moment in Beijing time, to the minute."""
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def in_words(field: Any, value: Any) -> str:
    """A value of a card: what stands for a private one is words already."""
    from gridapp.fields.masked import Masked

    return value if isinstance(value, Masked) else str(field.kind.show(value))


def all_fields(record: Any) -> list[Row]:
    """(label, value in words) of every field that is set, links left out (the screen says what they point at); masked ones as they are."""
    from gridapp.fields.field import fields_of

    return [(f.label, in_words(f, getattr(record, n))) for n, f in fields_of(record.__class__).items()
            if getattr(record, n) not in (None, "") and not isinstance(f.kind, Link)]
