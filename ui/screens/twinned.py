"""Pages for people registered twice: a guided merge field by field, and what was written on a registration after it had been merged."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QGridLayout, QPushButton, QVBoxLayout, QWidget

from gridapp.errors import Sorted
from gridapp.exchange.inbox import KINDS, Matter, Pair
from gridapp.fields.field import fields_of
from gridapp.records import Person
from gridapp.texts import _
from gridapp.work.twins import NUMBER
from ui import theme
from ui.desk import Desk
from ui.lists.facts import Facts, rows_grid
from ui.lists.record import Foot, Heading, show_time
from ui.revealing import Veil
from ui.widgets import PAGE_MARGIN, answer, button, card, column, empty, label, page, say, scrolled


class Sheet(QWidget):
    """A page with a head, cards and buttons."""

    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        page(self)
        self.matter: Matter | None = None
        whole = self._whole = column(self)
        self.head = Heading(self.left.emit)
        whole.addWidget(self.head)
        inside = page()
        outer = column(inside, PAGE_MARGIN, PAGE_MARGIN)
        self.alert = answer("alert")
        outer.addWidget(self.alert)
        self.cards = QVBoxLayout()
        self.cards.setSpacing(theme.look.px(PAGE_MARGIN))
        outer.addLayout(self.cards)
        outer.addStretch(1)
        area = scrolled(inside, name=name)
        self.setFocusProxy(area)
        whole.addWidget(area, 1)
        self.foot = Foot()
        whole.addWidget(self.foot)

    def over(self, veil: QWidget) -> None:
        """A line between head and cards."""
        self._whole.insertWidget(1, veil)

    def begin(self, matter: Matter, title: str) -> None:
        self.matter = matter
        self.alert.hide()
        self.head.show_facts(Facts(title, pills=[(_(KINDS[matter.kind]), "yellow")]))
        empty(self.cards)

    def failed(self, failure: Sorted) -> None:
        say(self.alert, failure.text)


def full(pair: Pair) -> tuple[str, str]:
    """Both values as they are kept."""
    show = fields_of(Person)[pair.field].kind.show
    return show(pair.values[0]), show(pair.values[1])


class MergePage(Sheet):
    """Two registrations of perhaps one person. Fields that differ are chosen; the others are taken as they are."""

    #: matter, {field: value} of what was chosen from the second registration
    merge = Signal(object, object)
    #: matter: they are two people
    two = Signal(object)
    #: id of a person
    record = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("两条登记"))
        self.veil = Veil(desk)
        self.veil.revealed.connect(self._draw)
        self.veil.covered.connect(self._draw)
        self.over(self.veil)
        self._pairs: Sequence[Pair] = ()
        #: field → 0 or 1
        self.taken: dict[str, int] = {}
        self.choices: dict[str, list[QPushButton]] = {}

    def show_twin(self, matter: Matter, pairs: Sequence[Pair]) -> None:
        self.begin(matter, _("{0}：是同一个人吗？").format(matter.title))
        self._pairs, self.taken = pairs, {p.field: 0 for p in pairs if p.differ}
        self.veil.stand_for("person", [matter.told.keep, matter.told.away], [p.field for p in pairs if full(p) != p.words], ver=tuple(pairs))
        self._draw()
        self._show_ways(matter)
        first = next(iter(self.choices.values()), None)
        first[0].setFocus() if first else self.setFocus()

    def _words(self, pair: Pair) -> tuple[str, str]:
        return full(pair) if self.veil.values else pair.words

    def _draw(self) -> None:
        """Both registrations, in full while that is revealed; what was chosen stays chosen."""
        if self.matter is None:
            return
        empty(self.cards)
        self.choices = {}
        self._show_differing([p for p in self._pairs if p.differ], across=self.matter.told.across)
        same = [(p.label, self._words(p)[0] or self._words(p)[1]) for p in self._pairs if not p.differ]
        made, inside = card(_("合并后保留的其他内容"), _("两条一样的，或只有一条填写了的。"))
        inside.addLayout(rows_grid(same, 2 if self.width() >= theme.look.px(800) else 1))
        self.cards.addWidget(made)

    def _show_ways(self, matter: Matter) -> None:
        merging = [] if matter.told.across else [
            button(_("合并为一个人（Ctrl+S）"), self._merge, icon="combine", role="primary", key="Ctrl+S")]
        if matter.told.reason != NUMBER:
            merging.append(button(_("确认是两个人（F9）"), partial(self.two.emit, matter), icon="split", key="F9"))
        self.foot.show_buttons([*merging, *(button(words, partial(self.record.emit, person), icon="eye", role="tight", key=key)
                                            for words, person, key in ((_("看第一条（F6）"), matter.told.keep, "F6"),
                                                                       (_("看第二条（F7）"), matter.told.away, "F7")))])

    def _show_differing(self, pairs: Sequence[Pair], across: bool) -> None:
        made, inside = card(_("两条不一样的内容"), _("属于不同的村，不能合并：请核对人住在哪个村，另一边办理退租。") if across else
                            _("每一项选一个，选中的留下来，另一个在“来历”里还能查到。租住和巡查等记录都会归到合并后的人名下；合并错了可以拆开。"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.look.px(12))
        grid.setVerticalSpacing(theme.look.px(8))
        for row, told in enumerate(pairs):
            grid.addWidget(label(told.label, "label"), row, 0)
            group = QButtonGroup(made)
            for which, words in enumerate(self._words(told)):
                chip = button(words, partial(self.taken.__setitem__, told.field, which), role="chip", checkable=True,
                              name=_("{0}：{1}").format(told.label, words))
                chip.setChecked(which == self.taken[told.field])
                chip.setEnabled(not across)
                group.addButton(chip)
                self.choices.setdefault(told.field, []).append(chip)
                grid.addWidget(chip, row, 1 + which)
        for column_ in (1, 2):
            grid.setColumnStretch(column_, 1)
        if pairs:
            inside.addLayout(grid)
        else:
            inside.addWidget(label(_("没有不一样的内容。"), "muted"))
        self.cards.addWidget(made)

    def _merge(self) -> None:
        if self.matter is not None:
            self.alert.hide()
            self.merge.emit(self.matter, {p.field: p.values[self.taken[p.field]] for p in self._pairs if p.differ})


class LatePage(Sheet):
    """What somebody wrote on a merged registration without knowing: each field goes over to the person, or not."""

    #: matter, fields that go over
    carry = Signal(object, object)

    def __init__(self) -> None:
        super().__init__(_("后来的修改"))
        self.ticks: dict[str, QCheckBox] = {}

    def show_late(self, matter: Matter) -> None:
        self.begin(matter, matter.title)
        self.ticks = {}
        made, inside = card(_("合并以后又改的内容"), _("勾选的转到合并后的人名下；没有勾选的保持现在的样子，原来的话留在“来历”里。"))
        for stray in matter.told:
            tick = QCheckBox(_("{0}：改为“{1}”，现在是“{2}”").format(stray.field_label, stray.said or _("（空）"), stray.now or _("（空）")))
            tick.setChecked(stray.plain)
            inside.addWidget(tick)
            inside.addWidget(label(show_time(stray.at), "muted"))
            self.ticks[stray.field] = tick
        self.cards.addWidget(made)
        self.foot.show_buttons([button(_("确定（Ctrl+S）"), self._carry, icon="check", role="primary", key="Ctrl+S")])
        next(iter(self.ticks.values())).setFocus()

    def _carry(self) -> None:
        if self.matter is not None:
            self.alert.hide()
            self.carry.emit(self.matter, [field for field, tick in self.ticks.items() if tick.isChecked()])

