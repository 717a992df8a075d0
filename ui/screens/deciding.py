"""The page of one clash (冲突): 之前, 我方 and 对方 side by side, a suggestion in words; chosen by key, or a third value typed."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLineEdit, QVBoxLayout, QWidget

from gridapp.errors import Mistake, Sorted
from gridapp.exchange import inbox
from gridapp.exchange.clashes import ENDED, Clash, Side, in_full
from gridapp.exchange.inbox import KINDS, Matter
from gridapp.texts import _
from ui import theme
from ui.desk import Desk
from ui.flow import Flow
from ui.forms.form import Slot, Told
from ui.lists.facts import Facts
from ui.lists.record import Foot, Heading, show_time
from ui.revealing import Veil
from ui.widgets import GAP, PAGE_MARGIN, answer, bar, button, card, column, empty, label, page, scrolled, shortcut

#: below this width the sides stand under each other
BESIDE_FROM = 620


class DecidePage(QWidget):
    """One clash. `chosen` says what was decided; the screen acts and comes back with the next one or with why not."""

    left = Signal()
    #: matter, value
    chosen = Signal(object, object)
    #: matter: print the slip, look at the record
    slip = Signal(object)
    record = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        page(self)
        self.matter: Matter | None = None
        self.slot: Slot | None = None
        #: the doubtful value that was asked about once
        self._agreed: Any = None
        self.choices: list[Any] = []
        whole = column(self)
        self._head = Heading(self.left.emit)
        whole.addWidget(self._head)
        self.veil = Veil(desk)
        self.veil.revealed.connect(self._draw_again)
        self.veil.covered.connect(self._draw_again)
        whole.addWidget(self.veil)
        inside = page()
        cards = column(inside, PAGE_MARGIN, PAGE_MARGIN)
        self._advice, row = bar("bar")
        self._advice_words = label("", wrap=True)
        row.addWidget(self._advice_words, 1)
        self.advice_button = button(_("采用建议（Alt+Y）"), self._take_advice, key="Alt+Y")
        row.addWidget(self.advice_button)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(theme.look.px(PAGE_MARGIN))
        self.alert = answer("alert")
        self._third = QVBoxLayout()
        cards.addWidget(self._advice)
        cards.addWidget(self.alert)
        cards.addLayout(self._sides)
        cards.addLayout(self._third)
        cards.addStretch(1)
        self._area = scrolled(inside, name=_("冲突的内容"))
        self.setFocusProxy(self._area)
        whole.addWidget(self._area, 1)
        foot = Foot()
        foot.show_buttons([button(_("打印核对单（F8）"), lambda: self.slip.emit(self.matter), icon="printer", role="tight", key="F8"),
                           button(_("打开这条记录（F6）"), lambda: self.record.emit(self.matter), icon="eye", role="tight", key="F6")])
        whole.addWidget(foot)
        for number in range(1, 10):
            shortcut(self, str(number), partial(self._by_key, number))

    # -- showing

    def show_matter(self, matter: Matter, place: int, total: int) -> None:
        """`place` of `total` in the list behind."""
        self.matter, told = matter, matter.told
        self._head.show_facts(Facts(f"{matter.title}　{told.field_label}", pills=[
            (_(KINDS[matter.kind]), "yellow" if matter.kind == ENDED else "blue"), (told.title, "grey"),
            (_("第 {0} 项，共 {1} 项").format(place, total), "grey")]))
        self.alert.hide()
        hidden = [w for value, w in [*((s.value, s.words) for s in told.sides), (told.before, told.before_words)] if in_full(told, value, w) != w]
        self.veil.stand_for(told.entity, [told.id], hidden, ver=told.ver, fields=[told.field])
        self._draw(matter)
        self._show_third(told)
        self.setFocus()

    def _draw(self, matter: Matter) -> None:
        """The sides, in full while that is revealed."""
        told = matter.told
        self._advice.setVisible(matter.advice is not None)
        if matter.advice is not None:
            taken = "" if told.kind == ENDED else _("采用“{0}”。").format(self._said(told, matter.advice.value, matter.advice_words))
            self._advice_words.setText(_("建议：{0}").format(matter.advice.why) + taken)
        empty(self._sides)
        self.choices = []
        ended = told.kind == ENDED
        for side in (told.sides[:1] if ended else (told.ours, *told.theirs)):
            self._sides.addWidget(self._side(told, side), 1)
        if ended:
            self._sides.addWidget(self._edits(told), 1)
        else:
            self._sides.addWidget(self._before(told), 1)
        self._lay()

    def _draw_again(self) -> None:
        if self.matter is not None and self.matter.told.id in self.veil.stands_over:
            self._draw(self.matter)

    def _said(self, told: Clash, value: Any, words: str) -> str:
        return in_full(told, value, words) if self.veil.values else words

    def _choice(self, words: str, value: Any) -> QWidget:
        self.choices.append(value)
        advised = self.matter is not None and self.matter.advice is not None and self.matter.advice.value == value
        return button(_("{0}（{1}）").format(words, len(self.choices)), partial(self._choose, value), role="primary" if advised else "")

    def _side(self, told: Clash, side: Side) -> QFrame:
        """One value, who wrote it, when and where."""
        ended = told.kind == ENDED
        heading = told.field_label if ended else _("我方") if side is told.ours else _("对方")
        made, inside = card(heading)
        self._words(inside, self._said(told, side.value, side.words))
        self._who(inside, side)
        inside.addStretch(1)
        inside.addLayout(Flow(self._choice(_("保持不变") if ended else _("采用这个"), side.value)))
        return made

    def _edits(self, told: Clash) -> QFrame:
        """What somebody who did not know of the ending wrote."""
        made, inside = card(_("后来的修改"))
        for side in told.sides[1:]:
            self._words(inside, side.words)
            self._who(inside, side)
        inside.addStretch(1)
        inside.addLayout(Flow(self._choice(_("恢复这条记录"), None)))
        return made

    def _before(self, told: Clash) -> QFrame:
        made, inside = card(_("之前"))
        self._words(inside, self._said(told, told.before, told.before_words) or _("（空）"))
        inside.addWidget(label(_("两边修改以前的内容"), "muted", wrap=True))
        inside.addStretch(1)
        return made

    @staticmethod
    def _words(inside: QVBoxLayout, words: str) -> None:
        told = label(words, "value", wrap=True)
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inside.addWidget(told)

    @staticmethod
    def _who(inside: QVBoxLayout, side: Side) -> None:
        inside.addWidget(label(_("{0}　{1}").format(side.officer, side.station), "label", wrap=True))
        inside.addWidget(label(show_time(side.at), "muted"))

    def _show_third(self, told: Clash) -> None:
        empty(self._third)
        self.slot = self._agreed = None
        if not inbox.typable(told):
            return
        field = inbox.field_of(told)
        made, inside = card(_("都不对？填写正确的内容"))
        self.slot = Slot(Told(field.name, field.kind, field.label), still=False)
        inside.addWidget(self.slot)
        self.third_button = button(_("采用填写的内容（Ctrl+S）"), self.take_third, icon="check", role="tight", key="Ctrl+S")
        inside.addLayout(Flow(self.third_button))
        self._third.addWidget(made)
        if isinstance(self.slot.editor.target, QLineEdit):
            self.slot.editor.target.returnPressed.connect(self.take_third)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()

    def _lay(self) -> None:
        wide = self.width() >= theme.look.px(BESIDE_FROM)
        self._sides.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._sides.setSpacing(theme.look.px(PAGE_MARGIN if wide else GAP))

    # -- choosing

    def _by_key(self, number: int) -> None:
        if number <= len(self.choices):
            self._choose(self.choices[number - 1])

    def _take_advice(self) -> None:
        if self.matter is not None and self.matter.advice is not None:
            self._choose(self.matter.advice.value)

    def take_third(self) -> None:
        """What was typed, if it can be read."""
        if self.slot is None:
            return
        try:
            value = self.slot.editor.value()
        except Mistake as mistake:
            self.slot.show_mark("block", mistake.text)
            return
        if value is None and not self.slot.editor.text().strip():
            self.slot.show_mark("block", _("请先填写；要清空这一项，请在记录里修改。"))
            return
        doubts = [m for m in self.slot.told.kind.remarks(value) if m.level != "note"] if value is not None else []
        if doubts and self._agreed != value:
            self._agreed = value
            self.slot.show_mark("warn", _("{0}核对无误的话，再按一次采用。").format(doubts[0].text))
            return
        self._choose(value)

    def _choose(self, value: Any) -> None:
        matter, self.matter = self.matter, None  # a second press while the first is under way does nothing
        if matter is not None:
            self.chosen.emit(matter, value)

    def failed(self, matter: Matter, failure: Sorted) -> None:
        """Nothing was decided; the page stands as before."""
        self.matter = matter
        self.alert.setText(failure.text)
        self.alert.show()
