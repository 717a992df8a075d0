"""A page with one form: head, fields, foot; keeps a draft while typing, shows marks, saves by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from gridapp.errors import Mark, Sorted
from gridapp.ledger.meanwhile import ChangedMeanwhile
from gridapp.texts import _
from ui import messages
from ui.desk import Desk
from ui.flow import Flow
from ui.forms.form import Form
from ui.forms.keys import EntryKeys
from ui.lists.record import show_time
from ui.revealing import Veil
from ui.widgets import bar, button, column, column_of, label, page, pill

DRAFT_MS = 400
#: a number is wrong for a moment at its fifteenth digit: only where typing stops there it is heard
SOUND_MS = 400
#: the keys of the two answers of the bar
BAR_KEYS = ("Alt+Y", "Alt+N")
#: save(values, next_one) starts the act; it calls `page.done` or `page.failed`
Save = Callable[[dict[str, Any], bool], object]


class FormPage(QWidget):
    """One form on a page of its own. The screen gives `save`; `before` may add marks of the whole record before saving."""

    left = Signal()

    def __init__(self, desk: Desk, form: Form, key: str, save: Save, *, next_text: str = "",
                 before: Callable[[dict[str, Any]], Sequence[Mark]] | None = None) -> None:
        super().__init__()
        self.desk, self.form, self.key = desk, form, key
        self._save, self._before, self._agreed = save, before, False
        self._next = next_text
        self._hand: QWidget | None = None
        #: fill the draft in without asking
        self.wants_draft = False
        #: whether what comes next is somebody in the same room; what was said in the form when it was saved
        self.beside, self.sent = False, dict[str, str]()
        self._begun = False
        self.keys = EntryKeys(self, self, bool(next_text))
        self._build()
        self._timer = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._timer.timeout.connect(self._keep)
        form.edited.connect(lambda _name: self._was_edited())
        form.entered.connect(self._moved)
        self._sound = QTimer(self, singleShot=True, interval=SOUND_MS)
        self._sound.timeout.connect(self._warn)
        form.wrong.connect(self._sound.start)
        form.finished.connect(self.save_button.setFocus)

    def _build(self) -> None:
        page(self)
        whole = column(self)
        self.title = label("", "title")
        self.pill = pill(_("✓ 草稿已自动保存"), "green")
        self.pill.hide()
        header, row = bar("header", self.title)
        told = column_of(Flow(*(label(words, "muted") for words in self.keys.words)))
        row.addLayout(told, 1)
        row.addWidget(self.pill)
        self._bar_text = label("", wrap=True)
        self._answers: dict[QPushButton, Callable[[], None] | None] = {}
        self._bar_yes, self._bar_no = (button("", partial(self._answered, which)) for which in range(len(BAR_KEYS)))
        self.bar, asked = bar("bar")
        asked.addWidget(self._bar_text, 1)
        asked.addWidget(self._bar_yes)
        asked.addWidget(self._bar_no)
        self.bar.hide()
        self.veil = Veil(self.desk)
        self.veil.revealed.connect(self._reveal)
        self.veil.covered.connect(self.form.cover)
        whole.addWidget(header)
        whole.addWidget(self.veil)
        whole.addWidget(self.bar)
        whole.addWidget(self.form, 1)
        whole.addWidget(self._footer())

    def _footer(self) -> QFrame:
        self.cancel_button = button(_("取消（Esc）"), self.cancel, key="Esc")
        footer, row = bar("footer", self.cancel_button)
        if self._next:
            self.next_button = button(self._next, lambda: self.save(True), key="Ctrl+Return")
        self.save_button = button(_("保存（Ctrl+S）"), lambda: self.save(False), icon="check", role="primary", key="Ctrl+S")
        saving = [*([self.next_button] if self._next else []), self.save_button]
        row.addLayout(Flow(*saving, to_right=True), 1)
        self._busy_parts = [self.form, *saving]
        return footer

    # -- the bar: questions without a box

    def say(self, text: str, yes: str, on_yes: Callable[[], None], no: str, on_no: Callable[[], None] | None = None) -> None:
        """Ask inside the page; the form stays usable."""
        self._bar_text.setText(text)
        self._answers = {self._bar_yes: on_yes, self._bar_no: on_no}
        for way, words, key in zip((self._bar_yes, self._bar_no), (yes, no), BAR_KEYS, strict=True):
            way.setText(f"{words}（{key}）")
            way.setShortcut(key)  # a new text takes the old one away
            way.setVisible(bool(words))
        self.bar.show()

    def _answered(self, which: int) -> None:
        self.bar.hide()
        chosen = self._answers.get((self._bar_yes, self._bar_no)[which])
        if chosen is not None:
            chosen()

    # -- beginning

    def begin(self, title: str, record: Any = None, *, drafts: bool = True) -> None:
        """Show the form for a new record, or for this one, whose version is remembered: saving over something newer is refused."""
        self.title.setText(title)
        self.seen: bytes | None = getattr(record, "ver", None)
        self.bar.hide()
        self.pill.hide()
        self._agreed = self.wants_draft = self._begun = False
        self.form.fill(record if record is not None else {})
        self._stand_over(record)
        self.form.focus_first()
        if drafts:
            self.desk.drafts(self._offer)

    def _stand_over(self, record: Any) -> None:
        """Masked fields of a record are locked until somebody says why they are looked at."""
        hidden = [slot.told.label for slot in self.form.slots.values() if slot.locked]
        if hidden:
            self.veil.stand_for(record.__tablename__, [record.id], hidden, ver=record.ver,
                                words=_("遮住的项目不能修改，也不会被改掉：{0}。要改请先显示。").format("、".join(hidden)))
        else:
            self.veil.stand_aside()

    def _reveal(self) -> None:
        for values in self.veil.values.values():
            self.form.reveal(values)

    def _offer(self, drafts: Sequence[Any]) -> None:
        found = next((d for d in drafts if d.form == self.key and d.values), None)
        if found is not None and not self.form.texts().keys() - found.values.keys():
            if self.wants_draft:
                self._take_up(found)
                return
            when = show_time(found.at)
            self.say(_("有一份没有保存的草稿（{0}）。").format(when), _("继续填写"), lambda: self._take_up(found),
                     _("丢弃"), lambda: self.desk.drop_draft(self.key))

    def _take_up(self, draft: Any) -> None:
        """Go on where it was left: the values, and the cursor in the same field and place."""
        self.form.fill_texts(draft.values)
        self.form.put_hand(draft.hand)
        self._begun = True

    # -- typing

    def _was_edited(self) -> None:
        self._agreed, self._begun = False, True
        self.pill.hide()
        self._keep_soon()

    def _moved(self) -> None:
        """Where the keyboard is belongs to the draft, once there is one."""
        if self._begun:
            self._keep_soon()

    def _keep_soon(self) -> None:
        """Whoever types without a pause is not kept waiting: it is kept so long after the first key, not after the last."""
        if not self._timer.isActive():
            self._timer.start()

    def _warn(self) -> None:
        """What is marked with ✕ is heard too, where that was chosen."""
        if self.desk.settings.sound and self.isVisible() and self.form.is_wrong:
            messages.beep()

    def keep_now(self) -> None:
        """The window closes: what was typed in the last moment is kept too."""
        if self._timer.isActive():
            self._timer.stop()
            self._keep()

    def _keep(self) -> None:
        if self.key and self.desk.ledger is not None:
            self.desk.keep_draft(self.key, self.form.texts(), self.form.hand)
            self.pill.show()

    # -- saving

    def save(self, next_one: bool, beside: bool = False) -> None:
        """Collect, mark, ask once about contradictions, then save; `beside`: the next one is somebody in the same room."""
        if not self.form.isEnabled():  # it is being saved already
            return
        self.beside = beside
        values, marks = self.form.collect()
        if not marks and self._before is not None:
            marks = list(self._before(values))
        loose = self.form.show_marks(marks)
        blocked = [m for m in marks if m.level == "block"]
        if blocked:
            self._point_at(blocked, loose)
            return
        doubts = [m for m in marks if m.level == "warn"]
        if doubts and not self._agreed:
            self._agreed = True
            self.say(_("请核对：{0}").format(" ".join(m.text for m in doubts)), _("核对无误，仍要保存"), lambda: self.save(next_one, beside), _("返回修改"))
            return
        self._timer.stop()
        self.sent = self.form.said()
        self._enable(False)
        self._save(values, next_one)

    def _point_at(self, blocked: Sequence[Mark], loose: Sequence[Mark]) -> None:
        first = next((m.field for m in blocked if m.field in self.form.slots), None)
        if first is not None:
            self.form.focus(first)
        told = [m.text for m in loose if m.level == "block"]
        if told:
            self.say(" ".join(told), "", lambda: None, _("知道了"))

    def _enable(self, yes: bool) -> None:
        """While an act is under way nothing can be typed; the keyboard comes back to where it was."""
        if not yes:
            self._hand = self.focusWidget()
        for part in self._busy_parts:
            part.setEnabled(yes)
        if yes and self._hand is not None and self.isVisible():
            self._hand.setFocus()
            self._hand = None

    def done(self) -> None:
        """The act was saved: the draft is no longer needed."""
        self._enable(True)
        self.bar.hide()
        self.pill.hide()
        self._agreed = self._begun = False
        self.keys.keep()
        if self.key:
            self.desk.drop_draft(self.key)

    def failed(self, failure: Sorted) -> None:
        """The act was refused: nothing is lost, the form still holds everything.

        What somebody changed meanwhile is marked beside its field; having looked at it, the officer saves again.
        """
        if isinstance(failure, ChangedMeanwhile):
            self.seen = failure.ver
        self._enable(True)
        loose = self.form.show_marks(failure.marks)
        blocked = [m for m in failure.marks if m.level == "block"]
        self._point_at(blocked, [])
        if not blocked or loose:
            self.say(failure.text, "", lambda: None, _("知道了"))

    def cancel(self) -> None:
        """Leave; what was typed stays as a draft until it is saved or thrown away."""
        self.keep_now()
        self.left.emit()
