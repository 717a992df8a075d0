"""今日: what is due by law and by notice, how much the register holds, and the ways into a day's work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import deadlines, tenancies
from ui import theme
from ui.desk import Desk
from ui.forms.form import Cell
from ui.lists.facts import empty, label, line, pill
from ui.screens.pages import Pages, days_word, told_day, told_text

#: figure → (words, screen, filter of its list)
FIGURES = {"people": ("在住流动人口", "people", "living"), "houses": ("在租房屋", "houses", "open"), "rooms": ("房间", "houses", "open"),
           "unreported": ("未报送公安", "people", "unreported"), "hazards": ("未销号隐患", "hazards", "open"),
           "patrols": ("巡查次数", "patrols", "all")}
#: rules whose things are handed to the police in one batch
REPORTED_TOGETHER = ("landlord_report_start", "landlord_report_end", "foreigner_24h")
SHOWN, ACROSS_FROM = 6, 980
SCREEN_OF = {"tenancy": "people", "person": "people", "hazard": "hazards"}
#: form of a draft → (words, screen, action)
DRAFTS = {"person": ("登记租客", "people", "register"), "house": ("登记房屋", "houses", "register"),
          "patrol": ("登记巡查", "patrols", "register"), "hazard": ("登记隐患", "hazards", "register")}


class TodayScreen(Pages):
    """Figures above, what is due below, drafts that wait."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        page = QWidget()
        page.setProperty("role", "page")
        self._column = QVBoxLayout(page)
        gap = theme.look.px(16)
        self._column.setContentsMargins(gap, gap, gap, gap)
        self._column.setSpacing(gap)
        self._column.addLayout(self._ways_in())
        self._figures = QGridLayout()
        self._figures.setSpacing(theme.look.px(12))
        self._column.addLayout(self._figures)
        self._drafts = QVBoxLayout()
        self._column.addLayout(self._drafts)
        self._groups = QGridLayout()
        self._groups.setSpacing(gap)
        self._column.addLayout(self._groups)
        self._column.addStretch(1)
        area = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        self.set_home(area)

    def _ways_in(self) -> QHBoxLayout:
        row = QHBoxLayout()
        for icon, words, screen, action, key, role in (
                ("user-plus", _("登记租客（F2）"), "people", "register", "F2", "primary"),
                ("building-2", _("登记房屋（F3）"), "houses", "register", "F3", ""),
                ("footprints", _("登记巡查（F4）"), "patrols", "register", "F4", ""),
                ("triangle-alert", _("登记隐患（F6）"), "hazards", "register", "F6", ""),
                ("file-up", _("导入表格（F7）"), "people", "take_in", "F7", "")):
            button = QPushButton(theme.icon(icon, "primary_text" if role else "text"), words, shortcut=key)
            button.setProperty("role", role or "tight")
            button.clicked.connect(lambda _on, screen=screen, action=action: self.go.emit(screen, action, ()))
            row.addWidget(button)
        row.addStretch(1)
        return row

    # -- asking

    def refresh(self) -> None:
        self.desk.ask(deadlines.figures, then=self._show_figures, lane="figures")
        self.desk.due(self._show_due)
        self.desk.drafts(self._show_drafts)

    def open(self, entity: str, record_id: Any) -> None:
        """Records live on their own screens."""
        self.go.emit(SCREEN_OF[entity], "open", (entity, record_id))

    # -- showing

    def _show_figures(self, told: Any) -> None:
        empty(self._figures)
        across = 6 if self.width() >= theme.look.px(ACROSS_FROM) else 3
        for place, (name, (words, screen, which)) in enumerate(FIGURES.items()):
            tile = QPushButton()
            tile.setProperty("role", "figure")
            tile.setAccessibleName(f"{_(words)} {getattr(told, name)}")
            column = QVBoxLayout(tile)
            column.addWidget(label(f"{getattr(told, name):,}", "big"))
            column.addWidget(label(_(words), "label"))
            tile.setFixedHeight(theme.look.px(92))
            tile.clicked.connect(lambda _on, screen=screen, which=which: self.go.emit(screen, "choose", (which,)))
            self._figures.addWidget(tile, place // across, place % across)

    def _show_drafts(self, drafts: Sequence[Any]) -> None:
        empty(self._drafts)
        for draft in [d for d in drafts if d.form in DRAFTS and d.values]:
            words, screen, action = DRAFTS[draft.form]
            bar = QFrame()
            bar.setProperty("role", "bar")
            row = QHBoxLayout(bar)
            row.addWidget(label(_("“{0}”还有一份没有保存的草稿（{1}）。").format(_(words), draft.at.astimezone().strftime("%m-%d %H:%M")), ""), 1)
            go_on = QPushButton(_("继续填写"))
            go_on.clicked.connect(lambda _on, screen=screen, action=action: self.go.emit(screen, action, ()))
            row.addWidget(go_on)
            self._drafts.addWidget(bar)

    def _show_due(self, groups: Sequence[Any]) -> None:
        empty(self._groups)
        if not groups:
            self._groups.addWidget(self._nothing(), 0, 0)
            return
        across = 2 if self.width() >= theme.look.px(ACROSS_FROM) else 1
        for place, group in enumerate(groups):
            self._groups.addWidget(self._card(group), place // across, place % across, Qt.AlignmentFlag.AlignTop)
        for column in range(2):
            self._groups.setColumnStretch(column, 1 if column < across else 0)

    @staticmethod
    def _nothing() -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.addWidget(label(_("今天没有到期的事项。"), "subtitle"))
        column.addWidget(label(_("新入住和退租 3 个工作日内要报送公安；整改期限、居住证签注到期也会列在这里。"), "muted", wrap=True))
        return card

    def _card(self, group: Any) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        head = QHBoxLayout()
        head.addWidget(label(_(group.title), "subtitle"))
        head.addWidget(pill(_("{0:,} 项").format(group.count), "blue"))
        if group.late:
            head.addWidget(pill(_("{0:,} 项逾期").format(group.late), "red"))
        head.addStretch(1)
        if group.rule in REPORTED_TOGETHER:
            button = QPushButton(theme.icon("check"), _("标记已报送…"))
            button.setProperty("role", "tight")
            button.clicked.connect(lambda: self._report(group))
            head.addWidget(button)
        column.addLayout(head)
        column.addWidget(label(_(group.basis), "muted"))
        for due in group.first[:SHOWN]:
            column.addWidget(line())
            column.addLayout(self._row(due))
        if group.count > SHOWN:
            column.addWidget(label(_("还有 {0:,} 项，按期限先后列出前 {1} 项。").format(group.count - SHOWN, SHOWN), "muted"))
        return card

    def _row(self, due: Any) -> QHBoxLayout:
        row = QHBoxLayout()
        button = QPushButton(due.label)
        button.setProperty("role", "link")
        button.clicked.connect(lambda: self.open(due.entity, due.id))
        row.addWidget(button)
        place = label(due.place, "muted")
        place.setMinimumWidth(theme.look.px(60))
        row.addWidget(place, 1)
        row.addWidget(pill(*days_word(due.left)))
        return row

    def _report(self, group: Any) -> None:
        """Hand everything of this rule to the police in one batch."""
        told = {"day": told_day("day", _("报送日期")), "batch": told_text("batch", _("报送批次"), 40, required=True)}
        self.task(_("标记已报送公安"), told, [[Cell("day"), Cell("batch", 2)]],
                  lambda v, then, fail: self.desk.do(tenancies.mark_reported, [d.id for d in group.first], v["day"], v["batch"], then=then,
                                                     fail=fail), given={"day": self.desk.today, "batch": f"{self.desk.today:%Y%m%d}"},
                  words=_("{0}：{1} 项").format(_(group.title), len(group.first)))


def build(desk: Desk, _settings: Settings) -> TodayScreen:
    return TodayScreen(desk)
