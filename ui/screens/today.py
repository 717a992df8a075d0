"""今日: what is due by law and by notice, how much the register holds, and the ways into a day's work."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout

from gridapp.exchange import stations
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import deadlines, hazards, houses, intake, patrols, tenancies, waiting
from ui import theme
from ui.desk import Desk
from ui.flow import Flow
from ui.forms.form import Cell
from ui.forms.told import told_day, told_text
from ui.lists.facts import Call, allowed
from ui.lists.record import show_time
from ui.screens import today_restored, today_tasks, today_waiting
from ui.screens.listed import Way
from ui.screens.pages import Pages, days_word
from ui.widgets import PAGE_MARGIN, bar, button, card, column, empty, label, line, page, pill, row_of, scrolled

#: figure → (words, screen, filter of its list)
FIGURES = {"people": ("在住流动人口", "people", "living"), "houses": ("在租房屋", "houses", "open"), "rooms": ("房间", "houses", "open"),
           "unreported": ("未报送公安", "people", "unreported"), "hazards": ("未销号隐患", "hazards", "open"),
           "patrols": ("巡查次数", "patrols", "all")}
#: rules whose things are handed to the police in one batch
REPORTED_TOGETHER = ("landlord_report_start", "landlord_report_end", "foreigner_24h")
SHOWN, HEAD_ROWS, ACROSS_FROM, LONGEST_NAME, LONGEST_WHEN_NARROW = 6, 3, 980, 14, 9
SCREEN_OF = {"tenancy": "people", "person": "people", "hazard": "hazards", "dispute": "disputes", "petition": "petitions"}
#: form of a draft → (words, screen, action)
DRAFTS = {"person": ("登记租客", "people", "resume"), "house": ("登记房屋", "houses", "resume"),
          "patrol": ("登记巡查", "patrols", "resume"), "hazard": ("登记隐患", "hazards", "resume"),
          "dispute": ("登记纠纷", "disputes", "resume"), "petition": ("登记信访", "petitions", "resume"),
          "event": ("登记事件", "events", "resume"), "alarm": ("登记告警", "alarms", "resume"), "sensor": ("登记智能设备", "sensors", "resume"),
          "site": ("登记场所", "sites", "resume"), "route": ("登记路线", "routes", "resume"), "duty": ("登记交通劝导", "duties", "resume"),
          "campaign": ("建立专项", "campaigns", "resume"), "outreach": ("登记宣传活动", "outreach", "resume"), "meeting": ("登记会议", "meetings", "resume"),
          "listing": ("登记约谈挂牌", "listings", "resume")}


class TodayScreen(Pages):
    """Figures above, what is due below, drafts that wait."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._told: Any = None
        self._due: Sequence[Any] = ()
        self._asked: Any = ({}, ())
        self._wide = False
        inside = page()
        whole = column(inside, PAGE_MARGIN, PAGE_MARGIN)
        whole.addLayout(Flow(*self._ways_in()))
        self._figures = QGridLayout()
        self._figures.setSpacing(theme.look.px(12))
        self._exchange, self._questions, self._restored, self._backups, self._accounts = (QVBoxLayout() for _part in range(5))
        self._drafts, self._tasks, self._over, self._waiting = QVBoxLayout(), QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self._groups = QHBoxLayout()
        self._groups.setSpacing(theme.look.px(PAGE_MARGIN))
        for part in (self._figures, self._restored, self._accounts, self._backups, self._questions, self._exchange, self._drafts, self._waiting, self._tasks, self._groups, self._over):
            whole.addLayout(part)
        whole.addStretch(1)
        self.set_home(scrolled(inside, name=_("今日")))

    def _ways_in(self) -> list[QPushButton]:
        def way(icon: str, words: str, key: str, screen: str, action: str, calls: Call) -> Way:
            return Way(icon, words, partial(self.go.emit, screen, action, ()), key, primary=key == "F2", calls=calls)

        return [made.button() for made in allowed(self.desk, [
            way("user-plus", _("登记租客（F2）"), "F2", "people", "register", tenancies.register_tenant),
            way("building-2", _("登记房屋（F3）"), "F3", "houses", "register", houses.register_house),
            way("footprints", _("登记巡查（F4）"), "F4", "patrols", "register", patrols.log_patrol),
            way("triangle-alert", _("登记隐患（F6）"), "F6", "hazards", "register", hazards.raise_hazard),
            way("file-up", _("导入表格（F7）"), "F7", "people", "take_in", intake.take_in)])]

    # -- asking

    def refresh(self) -> None:
        """Everything that is counted is counted beside the work: whoever looks for somebody meanwhile waits for nothing."""
        aside = self.desk.aside
        aside.ask(today_tasks.asked, then=self._show_tasks, fail=lambda _not_theirs: empty(self._tasks), lane="tasks")
        aside.ask(waiting.waiting, then=self._show_waiting, lane="waiting")
        aside.ask(deadlines.figures, then=self._show_figures, lane="figures")
        self.desk.due(self._show_due)
        if self.desk.may(("review",)):
            aside.call(overdue, self._show_overdue, lane="overdue")
        self._ask_what_is_no_act()

    def showEvent(self, event: QShowEvent) -> None:
        """A form left half-filled a moment ago is offered here at once, and what was handed over is told."""
        super().showEvent(event)
        self._ask_what_is_no_act()

    def _ask_what_is_no_act(self) -> None:
        """Drafts and hand-overs: nothing else tells of them."""
        self.desk.drafts(self._show_drafts)
        self.desk.call(standing, self._show_exchange, lane="standing")
        self.desk.aside.call(open_questions, self._show_questions, lane="questions")
        self.desk.call(today_restored.asked, lambda words: today_restored.show(self.desk, self._restored, words), lane="restored")
        self.desk.call(backup_reminders, lambda told: self._remind(self._backups, told, _("备份…"), "backups"), lane="reminders")
        self.desk.call(account_reminders, lambda told: self._remind(self._accounts, told, _("账号…"), "officers"), lane="accounts")

    def open(self, entity: str, record_id: Any) -> None:
        """Records live on their own screens."""
        self.go.emit(SCREEN_OF[entity], "open", (entity, record_id))

    # -- showing

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may mean another number of columns."""
        super().resizeEvent(event)
        if self._wide != (self.width() >= theme.look.px(ACROSS_FROM)) and self._told:
            self._show_figures(self._told)
            self._show_due(self._due)
            self._show_tasks(self._asked)

    def _show_figures(self, told: Any) -> None:
        empty(self._figures)
        self._told, self._wide = told, self.width() >= theme.look.px(ACROSS_FROM)
        across = 6 if self._wide else 3
        for place, (name, (words, screen, which)) in enumerate(FIGURES.items()):
            tile = button("", partial(self.go.emit, screen, "choose", (which,)), role="figure")
            tile.setAccessibleName(f"{_(words)} {getattr(told, name)}")
            inside = column(tile, 6, 0)
            inside.addWidget(label(f"{getattr(told, name):,}", "big"))
            inside.addWidget(label(_(words), "label"))
            self._figures.addWidget(tile, place // across, place % across)

    def _show_exchange(self, told: Any) -> None:
        """How long the town has not been heard, where this PC has a town."""
        empty(self._exchange)
        if told is None or not told.town:
            return
        from gridapp.exchange.overview import lateness
        from ui.screens.exchange import days_words, waiting_words

        made, inside = card()
        inside.addLayout(Flow(label(_("交接"), "subtitle"), pill(days_words(told), lateness(told)), label(waiting_words(told), "label"),
                              button(_("去交接（F8）"), partial(self.go.emit, "exchange", "", ()), icon="arrow-right-left", key="F8", role="tight")))
        self._exchange.addWidget(made)

    def _show_waiting(self, told: Sequence[Any]) -> None:
        """Every kind of work that waits, a button each."""
        empty(self._waiting)
        if told:
            self._waiting.addWidget(today_waiting.built(told, self.reaches, self.go.emit))

    def _show_tasks(self, told: Any) -> None:
        """What the town asked for, while something waits."""
        empty(self._tasks)
        self._asked = told
        if told[1]:
            self._tasks.addWidget(today_tasks.built(told, self.desk, self.width() >= theme.look.px(ACROSS_FROM), self.go.emit))

    def _show_questions(self, found: tuple[int, int, bool]) -> None:
        """What a person must decide, and that a town looking at all villages registers in none of them."""
        empty(self._questions)
        count, tasks, villages = found
        if self.desk.scope.startswith("t:") and not villages:
            self._ask(_("还没有村的电脑加入。请先批准各村的配对申请，以后在这里看各村的台账。"), _("批准新电脑…"), "town", "admit")
        elif self.desk.scope.startswith("t:") and self.desk.working is None:
            self._ask(_("现在看的是全镇。要登记或修改，请先到“镇”里选一个村。"), _("去选村"), "town")
        if count:
            self._ask(_("有 {0:,} 处冲突等您处理，不影响继续工作。").format(count), _("看冲突"), "clashes")
        if tasks:
            self._ask(_("有 {0:,} 处登记要核对：疑似重复、两处在住、房已注销还住着人，或者编号要更换。").format(tasks), _("去核对"), "clashes")

    def _ask(self, words: str, way: str, screen: str, action: str = "") -> None:
        told, row = bar("bar")
        row.addWidget(label(words, wrap=True), 1)
        if self.reaches(screen) and (action != "admit" or self.desk.can(stations.certify)):
            row.addWidget(button(way, partial(self.go.emit, screen, action, ())))
        self._questions.addWidget(told)

    def _show_drafts(self, drafts: Sequence[Any]) -> None:
        empty(self._drafts)
        for draft in [d for d in drafts if d.form in DRAFTS and d.values]:
            words, screen, action = DRAFTS[draft.form]
            told, row = bar("bar")
            row.addWidget(label(_("“{0}”还有一份没有保存的草稿（{1}）。").format(_(words), show_time(draft.at))), 1)
            row.addWidget(button(_("继续填写"), partial(self.go.emit, screen, action, ())))
            self._drafts.addWidget(told)

    def _remind(self, where: QVBoxLayout, reminders: Sequence[str], way: str, screen: str) -> None:
        empty(where)
        for words in reminders:
            told, row = bar("bar")
            row.addWidget(label(words, wrap=True), 1)
            if self.reaches(screen):
                row.addWidget(button(way, partial(self.go.emit, screen, "", ())))
            where.addWidget(told)

    def _show_overdue(self, count: int) -> None:
        """What has been kept long enough: said to whoever may go through it, below everything that presses."""
        told = [_("有 {0:,} 条登记保存期已满，可以逐条核对后依法删除；不会自动删除。").format(count)] if count else []
        self._remind(self._over, told, _("去核对"), "overdue")

    def _show_due(self, groups: Sequence[Any]) -> None:
        empty(self._groups)
        self._due = groups
        self._wide = self.width() >= theme.look.px(ACROSS_FROM)
        across = 2 if self._wide and len(groups) > 1 else 1
        sides = [QVBoxLayout() for _side in range(across)]
        heights = [0] * across
        for side in sides:
            side.setSpacing(theme.look.px(PAGE_MARGIN))
            self._groups.addLayout(side, 1)
        for group in groups:  # each where there is least so far
            lowest = heights.index(min(heights))
            sides[lowest].addWidget(self._card(group))
            heights[lowest] += HEAD_ROWS + min(group.count, SHOWN)
        if not groups:
            sides[0].addWidget(self._nothing())
        for side in sides:
            side.addStretch(1)

    @staticmethod
    def _nothing() -> QFrame:
        return card(_("今天没有到期的事项。"), _("新入住和退租 3 个工作日内要报送公安；整改期限、居住证签注到期也会列在这里。"))[0]

    def _card(self, group: Any) -> QFrame:
        frame, inside = card()
        pills = [pill(_("{0:,} 项").format(group.count), "blue")]
        if group.late:
            pills.append(pill(_("{0:,} 项逾期").format(group.late), "red"))
        head = Flow(label(_(group.title), "subtitle"), *pills)
        if group.rule in REPORTED_TOGETHER and self.desk.can(tenancies.mark_reported):
            head.addWidget(button(_("标记已报送…"), lambda: self._report(group), icon="check", role="tight"))
        inside.addLayout(head)
        inside.addWidget(label(_(group.basis), "muted", wrap=True))
        for due in group.first[:SHOWN]:
            inside.addWidget(line())
            inside.addLayout(self._row(due))
        if group.count > SHOWN:
            inside.addWidget(label(_("还有 {0:,} 项，按期限先后列出前 {1} 项。").format(group.count - SHOWN, SHOWN), "muted", wrap=True))
        return frame

    def _row(self, due: Any) -> QHBoxLayout:
        longest = LONGEST_NAME if self._wide else LONGEST_WHEN_NARROW
        name = due.label if len(due.label) <= longest else due.label[:longest] + "…"
        row = row_of(button(name, lambda: self.open(due.entity, due.id), role="link", name=due.label), stretch=False)
        place = label(self.desk.short(due.place), "muted")
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


def standing(ledger: Any) -> Any:
    """Where the hand-over stands; nothing (and nothing loaded) where this PC was never paired."""
    if not ledger.secret("town"):
        return None
    from gridapp.exchange import booked

    return booked.standing(ledger)


def backup_reminders(ledger: Any) -> Sequence[str]:
    """What is amiss with the backups."""
    from gridapp.work import keeping

    return keeping.reminders(ledger)


def account_reminders(ledger: Any) -> Sequence[str]:
    """That there is no recovery sheet, to whoever manages the accounts."""
    from gridapp.work import recovery

    return recovery.reminders(ledger)


def overdue(ledger: Any) -> int:
    """How many records have been kept long enough."""
    from gridapp.work import retention

    return len(retention.propose(ledger).over)


def open_questions(ledger: Any) -> tuple[int, int, bool]:
    """How many fields two PCs wrote differently, how many entries must be put right, and whether there is a village at all."""
    from gridapp.ledger import questions
    from gridapp.work import mending

    return int(ledger.ask(questions.count)), int(ledger.ask(mending.count)), any(s.startswith("v:") for s in ledger.scopes())


def build(desk: Desk, _settings: Settings) -> TodayScreen:
    return TodayScreen(desk)
