"""A form from an outline: cards of rows of fields, labels above, marks in words below; Enter goes on, Shift+Enter back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QPlainTextEdit, QScrollArea, QWidget

from gridapp.errors import Level, Mark, Mistake
from gridapp.fields.masked import Masked
from gridapp.texts import _
from ui import theme
from ui.forms.editors import editor_for
from ui.forms.lines import Editor
from ui.forms.rows import NARROW, Row
from ui.widgets import card, column, enter_back, is_enter, label, page

#: how much of the form stays in view above and below the field that has the keyboard
MARGIN_ABOVE = 90
SIGNS: dict[str, str] = {"ok": "✓ ", "warn": "! ", "block": "✕ ", "note": ""}


@dataclass(frozen=True)
class Told:
    """What a form needs to know of a field; records' Fields and loose ones (a number of floors) both give it."""

    name: str
    kind: Any
    label: str
    required: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Cell:
    """One field in a row: how wide it is beside its neighbours, whether it fills itself."""

    field: str
    width: int = 1
    still: bool = False


@dataclass(frozen=True)
class Section:
    """One card of the form."""

    title: str
    rows: Sequence[Sequence[Cell]]


def fields_of(entity: Any, *names: str) -> dict[str, Told]:
    """The fields of a record for a form; all of them when none is named."""
    from gridapp.fields import field

    known = field.fields_of(entity)
    return {n: Told(n, known[n].kind, known[n].label, known[n].required, known[n].hint) for n in names or known}


class Slot(QWidget):
    """A label, an editor and the line of its mark; what is wrong with the field is also its accessible description."""

    #: it was said that the value cannot stay so
    wrong = Signal()

    def __init__(self, told: Told, still: bool) -> None:
        super().__init__()
        self.told, self.editor = told, editor_for(told.kind)
        self.pinned = self.is_wrong = False
        #: what stands here in the place of a private value, and what was typed in a draft for the time when it is revealed
        self.masked: Masked | None = None
        self.waiting: str | None = None
        self._revealed = ""
        self.label = label("", "label")
        self.label.setBuddy(self.editor.target)
        self.editor.target.setAccessibleName(told.label)
        self.mark = label(told.hint, "mark", wrap=True)
        self.editor.noted.connect(lambda text: self.show_mark("note", text))
        layout = column(self, 0, 4)
        for widget in (self.label, self.editor.widget, self.mark):
            layout.addWidget(widget)
        layout.addStretch(1)
        self._name()
        self._describe()
        self.mark.setVisible(bool(told.hint))  # only now that it has a parent: it would flash up as a window of its own
        self.set_still(still)

    def set_still(self, still: bool) -> None:
        """A field that fills itself is shown, not typed into."""
        self.still = still
        self.editor.set_still(still)
        theme.restyle(self.editor.target, "still", still)

    def pin(self, pinned: bool) -> None:
        """Whether the value is carried on to the next one."""
        self.pinned = pinned
        self._name()
        self._describe()

    def _name(self) -> None:
        """A narrow field says in two lines that it is carried on."""
        self.label.setWordWrap(self.pinned)
        self.label.setText(self.told.label + (" *" if self.told.required else "") + (_("（固定）") if self.pinned else ""))

    def _describe(self) -> None:
        """What a screen reader says beside the name: what is seen beside the field, and whether it must be filled in."""
        said = (self.mark.text(), _("必填") if self.told.required else "", _("固定") if self.pinned else "")
        self.editor.target.setAccessibleDescription("，".join(filter(None, said)))

    # -- private values

    @property
    def locked(self) -> bool:
        """Whether a masked value stands here: nothing can be typed over it and nothing of it is saved."""
        return self.masked is not None

    def put(self, value: Any) -> None:
        """Show a value; one that is masked locks the field."""
        self.waiting = None
        if isinstance(value, Masked):
            self.lock(value)
            return
        if self.locked:
            self.masked = None
            self.set_still(False)
        self.editor.set_value(value)

    def lock(self, words: Masked) -> None:
        self.masked = words
        self.editor.set_text(words)
        self.set_still(True)

    def open(self, value: Any) -> None:
        """Show the value that was revealed, or what a draft says instead."""
        self.masked = None
        self.set_still(False)
        self.editor.set_value(value)
        self._revealed = self.editor.text()
        if self.waiting is not None:
            self.editor.set_text(self.waiting)
            self.waiting = None

    @property
    def as_opened(self) -> bool:
        """Whether nothing was typed since the value was revealed."""
        return self.editor.text() == self._revealed

    def show_mark(self, level: str, text: str) -> None:
        """'' clears; the words carry a sign, the border a colour: never colour alone."""
        self.mark.setText((SIGNS.get(level, "") + text) if text else self.told.hint)
        self.mark.setVisible(bool(self.mark.text()))
        shown = level if text and level != "note" else ""
        theme.restyle(self.mark, "mark", shown)
        theme.restyle(self.editor.target, "mark", shown)
        self._describe()
        self.is_wrong = shown == "block"
        if self.is_wrong:
            self.wrong.emit()


class Form(QScrollArea):
    """Fields on cards. It knows no ledger: a screen fills it, hears `edited`, and collects what was typed."""

    edited = Signal(str)
    #: Enter in the last field
    finished = Signal()
    #: the keyboard came into a field
    entered = Signal()
    #: something is wrong with a field
    wrong = Signal()
    #: fields that are carried on to the next one until somebody chooses others
    usual_pins: Sequence[str] = ()

    def __init__(self, fields: Mapping[str, Told], outline: Sequence[Section], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slots: dict[str, Slot] = {}
        #: fields whose values were revealed, and what stood for them
        self._opened: dict[str, Masked] = {}
        self._rows_of_slots: list[Row] = []
        self.on_edit: Callable[[str], None] | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows its fields
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = page()
        self._column = column(inside, 12, 14)
        for section in outline:
            self._column.addWidget(self._card(fields, section))
        self._column.addStretch(1)
        self.setWidget(inside)

    def _card(self, fields: Mapping[str, Told], section: Section) -> QFrame:
        made, inside = card(section.title)
        for row in section.rows:
            inside.addLayout(self.row([(self._slot(fields[cell.field], cell.still), cell.width) for cell in row]))
        return made

    def row(self, slots: Sequence[tuple[Slot, int]]) -> Row:
        """Fields (and how wide each is) that stand side by side while there is room."""
        made = Row(slots)
        made.fit(self.width() < theme.look.px(NARROW))
        self._rows_of_slots.append(made)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for row in self._rows_of_slots:
            row.fit(event.size().width() < theme.look.px(NARROW))

    def _slot(self, told: Told, still: bool) -> Slot:
        slot = self.slots[told.name] = Slot(told, still)
        slot.editor.edited.connect(lambda name=told.name: self._was_edited(name))
        slot.wrong.connect(self.wrong)
        for part in slot.editor.parts:
            part.installEventFilter(self)
        return slot

    def add_widget(self, widget: QWidget) -> None:
        """Something of the screen's own under the cards (findings of a patrol)."""
        self._column.insertWidget(self._column.count() - 1, widget)

    # -- typing

    def _was_edited(self, name: str) -> None:
        self.slots[name].show_mark("", "")
        if self.on_edit is not None:
            self.on_edit(name)
        self.edited.emit(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and (is_enter(event) or enter_back(event)):
            if isinstance(watched, QPlainTextEdit) and (watched.property("role") == "tall" or enter_back(event)):
                return False
            if isinstance(watched, QComboBox) and watched.view().isVisible():
                return False
            self._enter(watched, -1 if enter_back(event) else 1)
            return True
        return super().eventFilter(watched, event)

    def _enter(self, watched: QObject, step: int) -> None:
        """On to the next field, or back; what is chosen below this one is taken."""
        names = self.open_fields
        here = next((n for n in names if watched in self.slots[n].editor.parts), names[0])
        self.slots[here].editor.take()
        names = self.open_fields  # what was taken may have filled others
        place = names.index(here) + step
        if place < len(names):
            self.focus(names[max(place, 0)])
        else:
            self.finished.emit()

    @property
    def open_fields(self) -> list[str]:
        """The fields the keyboard can go into, in order."""
        return [n for n, s in self.slots.items() if not s.still]

    @property
    def is_wrong(self) -> bool:
        """Whether some field is marked with ✕."""
        return any(slot.is_wrong for slot in self.slots.values())

    @property
    def here(self) -> str:
        """The field that has the keyboard, '' for none."""
        hand = self.window().focusWidget()
        parts = ((name, part) for name, slot in self.slots.items() for part in slot.editor.parts)
        return next((name for name, part in parts if hand is not None and (part is hand or part.isAncestorOf(hand))), "")

    @property
    def hand(self) -> tuple[str, int] | None:
        """The field that has the keyboard, and where in its text the cursor stands."""
        name = self.here
        return (name, self.slots[name].editor.place) if name else None

    def put_hand(self, hand: tuple[str, int] | None) -> None:
        """The keyboard back where it was, if there is such a field still."""
        if hand is not None and hand[0] in self.open_fields:
            self.focus(hand[0])
            self.slots[hand[0]].editor.put_cursor(hand[1])

    def put_typed(self, name: str, text: str) -> None:
        """Put a text into a field as if it were typed there."""
        self.slots[name].editor.set_text(text)
        self._was_edited(name)

    def proposed(self, name: str, last: str) -> list[str]:
        """What may be put into a field by one key, the likeliest first; `last`: what stood there in the last form that was saved."""
        return [last] if last else []

    def focus(self, name: str) -> None:
        """Put the keyboard into a field, its text selected, and bring it into view."""
        target = self.slots[name].editor.target
        target.setFocus(Qt.FocusReason.TabFocusReason)
        # only after the layout has found its place: a form that was just filled may still have the old one
        QTimer.singleShot(0, self, partial(self.ensureWidgetVisible, self.slots[name], 0, theme.look.px(MARGIN_ABOVE)))

    def focus_first(self) -> None:
        self.focus(self.open_fields[0])

    # -- values

    def editor(self, name: str) -> Editor:
        return self.slots[name].editor

    def fill(self, record: Any) -> None:
        """Show the values of a record or of a mapping; fields it lacks are emptied, masked ones are locked."""
        self._opened = {}
        for name, slot in self.slots.items():
            slot.put(record.get(name) if isinstance(record, Mapping) else getattr(record, name, None))
            slot.show_mark("", "")

    def reveal(self, values: Mapping[str, Any]) -> None:
        """Show what was revealed; it can be changed from now on."""
        for name, value in values.items():
            slot = self.slots.get(name)
            if slot is not None and slot.masked is not None:
                self._opened[name] = slot.masked
                slot.open(value)

    def cover(self) -> None:
        """Mask again what was revealed; what was typed meanwhile stays, it is the officer's own."""
        for name, words in self._opened.items():
            if self.slots[name].as_opened:
                self.slots[name].lock(words)
        self._opened = {}

    def clear(self, keep: Sequence[str] = ()) -> None:
        """Empty all fields but those carried on."""
        for name, slot in self.slots.items():
            if name not in keep:
                slot.put(None)
            slot.show_mark("", "")

    def carried(self, names: Iterable[str]) -> dict[str, Any]:
        """What the next form starts with; links as (id, label)."""
        return {n: getattr(self.editor(n), "chosen", None) or self.editor(n).value() for n in names}

    def said(self) -> dict[str, str]:
        """What stands in the fields, but for what was only revealed."""
        return {name: text for name, text in self.texts().items() if name not in self._opened}

    def texts(self) -> dict[str, str]:
        """What stands in the fields, for a draft."""
        said = {n: s.waiting if s.locked else "" if s.still else s.editor.text() for n, s in self.slots.items()}
        return {n: t for n, t in said.items() if t}

    def fill_texts(self, texts: Mapping[str, str]) -> None:
        for name, text in texts.items():
            slot = self.slots.get(name)
            if slot is not None and slot.locked:
                slot.waiting = text
            elif slot is not None:
                slot.editor.set_text(text)
        if self.on_edit is not None:
            for name in texts:
                self.on_edit(name)

    def collect(self) -> tuple[dict[str, Any], list[Mark]]:
        """(values by field, marks of what cannot be read); fields that fill themselves are left to the record."""
        values: dict[str, Any] = {}
        marks: list[Mark] = []
        for name, slot in self.slots.items():
            if slot.still:
                continue
            try:
                values[name] = slot.editor.value()
            except Mistake as mistake:
                marks.append(Mark(name, "block", "bad-value", mistake.text))
                continue
            if slot.told.required and values[name] is None:
                marks.append(Mark(name, "block", f"no-{name}", _("请填写{0}。").format(slot.told.label)))
        return values, marks

    def show_marks(self, marks: Sequence[Mark]) -> list[Mark]:
        """Put marks beside their fields, the gravest per field; returns those that belong to no field here."""
        order: dict[Level, int] = {"block": 0, "warn": 1, "note": 2}
        for slot in self.slots.values():
            slot.show_mark("", "")
        shown: set[str] = set()
        loose = []
        for mark in sorted(marks, key=lambda m: order[m.level]):
            if mark.field not in self.slots:
                loose.append(mark)
            elif mark.field not in shown:
                shown.add(mark.field)
                self.slots[mark.field].show_mark(mark.level, mark.text)
        return loose
