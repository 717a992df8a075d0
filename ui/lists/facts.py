"""What a record looks like beside its list and on a page of its own: plain values a screen gathers, and the actions it offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gridapp.texts import _
from ui import theme
from ui.widgets import button, column, empty, label, line, pill, row_of, scrolled, shortcut

if TYPE_CHECKING:
    from ui.desk import Desk

Row = tuple[str, str]
Call = Callable[..., Any]
#: longer labels stand above their values
LONGEST_SIDE_LABEL = 12


@dataclass(frozen=True)
class Facts:
    """A record in words: heading, pills (words, colour), rows of label and value, and a short list under a heading."""

    title: str
    under: str = ""
    pills: Sequence[Row] = ()
    rows: Sequence[Row] = ()
    head: str = ""
    lines: Sequence[Row] = ()
    #: what kind of thing it is; without one the first character of the title stands there
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Something a window offers: an action, or a button above a list."""

    #: the function of the ledger it comes to; whoever may not run that does not see it
    calls: Call | None = None


O = TypeVar("O", bound=Offer)


@dataclass(frozen=True)
class ForChosen(Offer):
    """Something to do with all chosen rows of a list; `words` with '{0:,}' for how many."""

    words: str
    run: Callable[[list[Any]], object]


@dataclass(frozen=True)
class Action(Offer):
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


def allowed(desk: Desk, offers: Iterable[O]) -> list[O]:
    """Those that whoever sits here may use."""
    return [offer for offer in offers if offer.calls is None or desk.can(offer.calls)]


def rows_grid(rows: Iterable[Row], columns: int = 1) -> QGridLayout:
    """Labels and values, in one or more columns side by side."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.look.px(12))
    grid.setVerticalSpacing(theme.look.px(7))
    for place, (name, value) in enumerate(rows):
        row, column = divmod(place, columns)
        told = label(value, wrap=True)
        told.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(label(name, "label"), row, column * 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(told, row, column * 2 + 1)
        grid.setColumnStretch(column * 2 + 1, 1)
    return grid


def stacked(rows: Iterable[Row]) -> QVBoxLayout:
    """Value under its label: for lines whose labels are long."""
    made = QVBoxLayout()
    made.setSpacing(theme.look.px(2))
    for name, value in rows:
        made.addWidget(label(name, "muted", wrap=True))
        made.addWidget(label(value, wrap=True))
    return made


class Actions:
    """What can be done with the chosen record; the keys work on the whole `page`."""

    def __init__(self, page: QWidget, actions: Sequence[Action], chosen: Callable[[], Any]) -> None:
        self._actions, self._chosen = actions, chosen
        for key in dict.fromkeys(a.key for a in actions):
            shortcut(page, key, partial(self._pressed, key))

    def _pressed(self, key: str) -> None:
        """A key may stand for several actions (退租, 取消退租): the one that makes sense is meant."""
        card = self._chosen()
        meant = next((a for a in self._actions if a.key == key and card is not None and a.when(card)), None)
        if meant is not None:
            meant.run(card)

    def _start(self, action: Action) -> None:
        card = self._chosen()
        if card is not None and action.when(card):
            action.run(card)

    def buttons(self, card: Any) -> list[QPushButton]:
        """The buttons that make sense for this record, the usual one first."""
        shown = sorted((a for a in self._actions if a.when(card)), key=lambda a: not a.primary)
        return [button(a.words, partial(self._start, a), icon=a.icon, role="primary" if a.primary else "tight") for a in shown]


def _wide(made: QPushButton, half: int) -> bool:
    """Whether it takes a whole line beside a list; four characters and their key do not."""
    if made.property("role") == "primary":
        return True
    made.setProperty("beside", True)
    made.ensurePolished()
    return made.sizeHint().width() > half


class Detail(QFrame):
    """The card beside a list: who or what is chosen, and what can be done with it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        whole = column(self, 18, 10)
        inside = QWidget()
        self._body = column(inside, 0, 10)
        self._body.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._buttons = QGridLayout()
        self._buttons.setSpacing(theme.look.px(8))
        whole.addWidget(scrolled(inside, on_card=True), 1)
        whole.addLayout(self._buttons)

    def show_facts(self, facts: Facts | None) -> None:
        """Show a record; nothing when none is chosen."""
        empty(self._body)
        if facts is None:
            empty(self._buttons)
            self._body.addWidget(label(_("选中一行，这里就显示它的内容。"), "muted", wrap=True))
            return
        self._head(facts)
        self._body.addWidget(line())
        self._body.addLayout(rows_grid(facts.rows))
        if facts.lines:
            self._body.addWidget(line())
            self._body.addWidget(label(facts.head, "subtitle"))
            short = all(len(name) <= LONGEST_SIDE_LABEL for name, _value in facts.lines)
            self._body.addLayout(rows_grid(facts.lines) if short else stacked(facts.lines))

    def show_buttons(self, buttons: Sequence[QPushButton]) -> None:
        """Two beside each other; the usual one, and one with long words, over the whole width: those stand first and last, so that no place is left empty."""
        empty(self._buttons)
        place, half = 0, (self.width() - theme.look.px(18 * 2 + 8)) // 2
        for made, wide in sorted(((b, _wide(b, half)) for b in buttons), key=lambda told: told[1] and told[0].property("role") != "primary"):
            place += place % 2 if wide else 0
            self._buttons.addWidget(made, place // 2, place % 2, 1, 2 if wide else 1)
            place += 2 if wide else 1

    def _head(self, facts: Facts) -> None:
        size = theme.look.px(48)
        initial = label("" if facts.icon else facts.title[:1], "initial")
        initial.setAlignment(Qt.AlignmentFlag.AlignCenter)
        initial.setFixedSize(size, size)
        initial.setStyleSheet(f"border-radius: {size // 2}px;")
        if facts.icon:
            initial.setPixmap(theme.icon(facts.icon, "blue", 22).pixmap(theme.look.px(22)))
        words = QVBoxLayout()
        words.setSpacing(theme.look.px(2))
        words.addWidget(label(facts.title, "title", wrap=True))
        if facts.under:
            words.addWidget(label(facts.under, "label", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(theme.look.px(12))
        row.addWidget(initial, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self._body.addLayout(row)
        if facts.pills:
            self._body.addLayout(row_of(*(pill(words_, colour) for words_, colour in facts.pills)))
