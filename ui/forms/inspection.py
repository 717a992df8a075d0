"""The form of an inspection: every item of the list a line that is answered with one key; ↑↓ go from item to item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from gridapp.errors import Mark
from gridapp.fields.checklists import ANSWERS, BAD, GOOD, LONGEST_NOTE, unpack
from gridapp.records import Inspection
from gridapp.texts import _
from ui import theme
from ui.forms.form import MARGIN_ABOVE, Cell, Form, Section, fields_of
from ui.widgets import button, card, column, is_enter, label, pill, row_of

SEVERITY = {"严重": "red", "一般": "yellow", "提示": "grey"}
KEYS = {Qt.Key.Key_1: 1, Qt.Key.Key_2: 2, Qt.Key.Key_3: 3}
#: so many items that were left open are named
NAMED = 6


class ItemLine(QFrame):
    """One item: what to look at, its answer, and a note on what is not in order."""

    answered = Signal()
    #: +1 on to the next line, -1 back to the one before, 0: it became higher
    moved = Signal(int)

    def __init__(self, item: Any, open_already: bool) -> None:
        super().__init__()
        self.item, self.answer = item, 0
        self.setProperty("role", "item")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        whole = column(self, 8, 6)
        row = QHBoxLayout()
        row.setSpacing(theme.look.px(10))
        row.addLayout(_words(item), 1)
        if open_already:
            row.addWidget(pill(_("有未销号隐患"), "red"), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(pill(item.severity, SEVERITY.get(item.severity, "grey")), 0, Qt.AlignmentFlag.AlignVCenter)
        self.chips: dict[int, QPushButton] = {}
        for number, word in ANSWERS.items():
            chip = self.chips[number] = button(f"{number} {_(word)}", partial(self.choose, number), role="chip", checkable=True)
            chip.setProperty("answer", number)
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(chip, 0, Qt.AlignmentFlag.AlignVCenter)
        whole.addLayout(row)
        self.note = QLineEdit()
        self.note.setMaxLength(LONGEST_NOTE)
        self.note.setPlaceholderText(_("看到了什么，在哪里（可以不写），按 Enter 到下一项"))
        self.note.setAccessibleName(_("{0} 的说明").format(item.text))
        self.note.textEdited.connect(lambda _text: self.answered.emit())
        self.note.hide()
        whole.addWidget(self.note)
        self._tell()

    def choose(self, answer: int) -> None:
        """Answer it; 不合格 asks for a note, everything else goes on to the next line."""
        self.set_answer(answer)
        self.answered.emit()
        if answer == BAD:
            self.note.setFocus(Qt.FocusReason.TabFocusReason)
            self.moved.emit(0)
        else:
            self.moved.emit(1)

    def set_answer(self, answer: int) -> None:
        """0 takes the answer back."""
        self.answer = answer
        for number, chip in self.chips.items():
            chip.setChecked(number == answer)
        self.note.setVisible(answer == BAD)
        self._tell()

    def _tell(self) -> None:
        said = _(ANSWERS[self.answer]) if self.answer else _("还没有填")
        self.setAccessibleName(f"{self.item.text}：{said}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and key in KEYS:
            self.choose(KEYS[key])
        elif plain and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_0):
            self.set_answer(0)
            self.answered.emit()
        elif plain and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        elif is_enter(event):
            self.moved.emit(1)
        else:
            super().keyPressEvent(event)


def _words(item: Any) -> QVBoxLayout:
    """Number and text of an item over its standard."""
    words = QVBoxLayout()
    words.setSpacing(theme.look.px(2))
    words.addWidget(label(f"{item.id}  {item.text}", wrap=True))
    if item.standard:
        words.addWidget(label(item.standard, "muted", wrap=True))
    return words


class InspectionForm(Form):
    """Day and people above, the items below; a draft holds them as 'item.R01' and 'note.R01'."""

    def __init__(self, checklist: Any, standing: Mapping[str, Any]) -> None:
        told = fields_of(Inspection, "day", "start", "kind", "people", "with_whom", "nobody_home", "on_paper", "remark")
        self.lines: dict[str, ItemLine] = {}
        super().__init__(told, [Section(_("谁、什么时候"), [
            [Cell("day", 3), Cell("start", 2), Cell("people", 4), Cell("with_whom", 3)],
            [Cell("kind", 2), Cell("nobody_home", 2), Cell("on_paper", 2), Cell("remark", 5)]])])
        self.checklist = checklist
        self.add_widget(self._items(standing))
        self.edited.connect(lambda name: self._nobody() if name == "nobody_home" else None)

    def _items(self, standing: Mapping[str, Any]) -> QFrame:
        edition = _("第 {0} 版").format(self.checklist.edition) if self.checklist.edition else _("随程序的版次")
        made, inside = card(f"{self.checklist.title}（{edition}）", _("1 合格　2 不合格　3 不适用　0 清空　↑↓ 换一项；不合格的会自动登记隐患"))
        self._count = label("", "label")
        self._rest = button(_("其余都合格（F6）"), self.rest_is_good, icon="check", key="F6")
        inside.addLayout(row_of(self._rest, self._count))
        category = ""
        for item in self.checklist.items:
            if item.category != category:
                category = item.category
                inside.addWidget(label(category, "subtitle"))
            line = self.lines[item.id] = ItemLine(item, item.id in standing)
            line.answered.connect(self._was_answered)
            line.moved.connect(partial(self._move, item.id))
            line.note.installEventFilter(self)
            inside.addWidget(line)
        self._tell()
        self._made = made
        return made

    # -- typing

    def _was_answered(self) -> None:
        self._tell()
        self.edited.emit("")

    def _tell(self) -> None:
        given = [line.answer for line in self.lines.values() if line.answer]
        self._count.setText(_("已填 {0} / {1} 项，不合格 {2} 项").format(len(given), len(self.lines), given.count(BAD)))

    def _nobody(self) -> None:
        """Nobody was home: nothing can be answered."""
        self._made.setEnabled(not self.nobody_home)

    @property
    def nobody_home(self) -> bool:
        """Whether that is chosen."""
        slot = self.slots["nobody_home"]
        return bool(slot.editor.text() == slot.told.kind.words[0])

    def rest_is_good(self) -> None:
        """Everything that was not answered yet is in order; saving is next."""
        for line in self.lines.values():
            if not line.answer:
                line.set_answer(GOOD)
        self._was_answered()
        self.finished.emit()

    def _move(self, item: str, by: int) -> None:
        names = list(self.lines)
        place = names.index(item) + by
        if not by:
            self._bring_into_view(self.lines[item])
        elif place >= len(names):
            self.finished.emit()
        elif place < 0:
            self.focus([n for n, s in self.slots.items() if not s.still][-1])
        else:
            self.focus_item(names[place])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        note = next((item for item, line in self.lines.items() if line.note is watched), None) if event.type() == QEvent.Type.KeyPress else None
        if note is not None and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._move(note, 1 if event.key() == Qt.Key.Key_Down else -1)
            return True
        return bool(super().eventFilter(watched, event))

    def _enter(self, watched: Any, step: int) -> None:
        """Enter in a note goes to the next item; in the last field above to the first item."""
        note = next((item for item, line in self.lines.items() if line.note is watched), None)
        names = [n for n, s in self.slots.items() if not s.still]
        if note is not None:
            self._move(note, 1)
        elif watched in self.slots[names[-1]].editor.parts and self.lines and not self.nobody_home:
            self.focus_item(next(iter(self.lines)))
        else:
            super()._enter(watched, step)

    def focus_item(self, item: str) -> None:
        """Put the keyboard on an item and bring it into view."""
        line = self.lines[item]
        line.setFocus(Qt.FocusReason.TabFocusReason)
        self._bring_into_view(line)

    def _bring_into_view(self, line: ItemLine) -> None:
        QTimer.singleShot(0, self, partial(self.ensureWidgetVisible, line, 0, theme.look.px(MARGIN_ABOVE)))

    def focus_first(self) -> None:
        """The first item without an answer: day and people are filled in already."""
        waiting = next((item for item, line in self.lines.items() if not line.answer), None)
        if waiting is None or self.nobody_home:
            super().focus_first()
        else:
            self.focus_item(waiting)

    # -- values

    def fill(self, record: Any) -> None:
        super().fill(record)
        packed = record.get("answers") if isinstance(record, Mapping) else getattr(record, "answers", None)
        self._show_answers(*unpack(packed))

    def _show_answers(self, answers: Mapping[str, int], notes: Mapping[str, str]) -> None:
        for item, line in self.lines.items():
            line.set_answer(answers.get(item, 0))
            line.note.setText(notes.get(item, ""))
        self._tell()
        self._nobody()

    def collect(self) -> tuple[dict[str, Any], list[Mark]]:
        """Values of the inspection; `answers` and `notes` by item."""
        values, marks = super().collect()
        lines = {} if self.nobody_home else {item: line for item, line in self.lines.items() if line.answer}
        values["answers"] = {item: line.answer for item, line in lines.items()}
        values["notes"] = {item: line.note.text() for item, line in lines.items() if line.answer == BAD and line.note.text().strip()}
        marks += self._left_open(values["answers"])
        return values, marks

    def _left_open(self, answers: Mapping[str, int]) -> Sequence[Mark]:
        left = [line.item.text for item, line in self.lines.items() if item not in answers]
        if self.nobody_home or not left:
            return []
        if not answers:
            return [Mark(None, "block", "nothing-checked", _("还没有填任何一项结果。没有人开门的，请选“无人在家”。"))]
        more = _("等 {0} 项").format(len(left)) if len(left) > NAMED else ""
        return [Mark(None, "warn", "left-open", _("还有 {0} 项没有填：{1}{2}。").format(len(left), "、".join(left[:NAMED]), more))]

    def texts(self) -> dict[str, str]:
        told = super().texts()
        told |= {f"item.{item}": str(line.answer) for item, line in self.lines.items() if line.answer}
        return told | {f"note.{item}": line.note.text() for item, line in self.lines.items() if line.note.text()}

    def fill_texts(self, texts: Mapping[str, str]) -> None:
        super().fill_texts({n: t for n, t in texts.items() if n in self.slots})
        answers = {n.removeprefix("item."): int(t) for n, t in texts.items() if n.startswith("item.") and t.isdecimal()}
        self._show_answers(answers, {n.removeprefix("note."): t for n, t in texts.items() if n.startswith("note.")})
