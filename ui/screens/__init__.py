"""The screens of the window, one file each; SCREENS lists them in the order of the navigation.

They are imported when the window first shows them: nothing here may load SQLAlchemy before the first paint.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from gridapp.settings import Settings
from gridapp.texts import N_
from ui.desk import Desk

if TYPE_CHECKING:
    from ui.screens.pages import Pages


@dataclass(frozen=True)
class Entry:
    """One line of the navigation: `module` is imported on first use and must have `build(desk, settings) -> Pages`."""

    key: str
    title: str
    icon: str
    module: str
    entities: tuple[str, ...] = ()
    #: whose navigation has a line for it: v a village's ledger, t a town's; '' where other screens lead to it
    stands_in: str = "vt"
    #: the line that is marked while it is shown, where it has none
    within: str = ""
    #: one of these is needed to see it (names of gridapp.ledger.permits.Permit, which is not loaded before the first paint); () for everybody
    permits: tuple[str, ...] = ()

    def build(self, desk: Desk, settings: Settings) -> Pages:
        built: Pages = import_module(self.module).build(desk, settings)
        return built


SCREENS: tuple[Entry, ...] = (
    Entry("today", N_("今日"), "house", "ui.screens.today", permits=("look",)),
    Entry("people", N_("人口"), "users", "ui.screens.people", ("person", "tenancy"), permits=("look",)),
    Entry("houses", N_("房屋"), "building-2", "ui.screens.houses", ("house", "room"), permits=("look",)),
    Entry("sites", N_("场所"), "store", "ui.screens.sites", ("site",), permits=("look",)),
    Entry("patrols", N_("巡查"), "footprints", "ui.screens.patrols", ("patrol", "finding"), permits=("look",)),
    Entry("hazards", N_("隐患"), "triangle-alert", "ui.screens.hazards", ("hazard",), permits=("look",)),
    Entry("events", N_("事件"), "send", "ui.screens.events", ("event", "push"), permits=("look",)),
    Entry("disputes", N_("纠纷"), "messages-square", "ui.screens.disputes", ("dispute", "party", "sitting"), permits=("look",)),
    Entry("campaigns", N_("专项"), "clipboard-list", "ui.screens.campaigns", ("campaign",), permits=("look",)),
    Entry("scores", N_("考核"), "shield-check", "ui.screens.scores", permits=("plain",)),
    Entry("exchange", N_("交接"), "arrow-right-left", "ui.screens.exchange", permits=("hand",)),
    Entry("clashes", N_("冲突"), "scale", "ui.screens.clashes", permits=("look",)),
    Entry("town", N_("镇"), "landmark", "ui.screens.town", stands_in="t", permits=("look", "manage")),
    Entry("audit", N_("审计"), "shield-check", "ui.screens.audit", permits=("audit",)),
    Entry("settings", N_("设置"), "settings", "ui.screens.settings"),
    Entry("backups", N_("备份"), "save", "ui.screens.backups", stands_in="", within="settings"),
    Entry("tasks", N_("任务"), "clipboard-list", "ui.screens.tasks", ("task",), stands_in="", within="today", permits=("look",)),
    Entry("alarms", N_("告警"), "triangle-alert", "ui.screens.alarms", ("alarm",), stands_in="", within="events", permits=("look",)),
    Entry("sensors", N_("设备"), "inbox", "ui.screens.sensors", ("sensor",), stands_in="", within="events", permits=("look",)),
    Entry("petitions", N_("信访"), "inbox", "ui.screens.petitions", ("petition",), stands_in="", within="disputes", permits=("look",)),
    Entry("routes", N_("路线"), "footprints", "ui.screens.routes", ("route",), stands_in="", within="patrols", permits=("look",)),
    Entry("duties", N_("劝导"), "users", "ui.screens.duties", ("duty", "offender"), stands_in="", within="patrols", permits=("look",)),
    Entry("targets", N_("对象"), "clipboard-list", "ui.screens.targets", stands_in="", within="campaigns", permits=("look",)),
    Entry("shares", N_("各村"), "landmark", "ui.screens.shares", stands_in="", within="campaigns", permits=("look",)),
    Entry("outreach", N_("宣传"), "users", "ui.screens.outreach", ("outreach",), stands_in="", within="campaigns", permits=("look",)),
    Entry("meetings", N_("会议"), "users", "ui.screens.meetings", ("meeting",), stands_in="", within="campaigns", permits=("look",)),
    Entry("listings", N_("约谈"), "triangle-alert", "ui.screens.listings", ("listing",), stands_in="", within="campaigns", permits=("look",)),
    Entry("ranking", N_("排名"), "landmark", "ui.screens.ranking", stands_in="", within="scores", permits=("plain",)),
    Entry("sheets", N_("考核表"), "file-text", "ui.screens.scoresheets", stands_in="", within="scores", permits=("plain",)),
    Entry("appeals", N_("申诉"), "inbox", "ui.screens.appeals", stands_in="", within="scores", permits=("look",)),
    Entry("figures", N_("数字"), "landmark", "ui.screens.figures", stands_in="", within="scores", permits=("plain",)),
    Entry("behind", N_("明细"), "eye", "ui.screens.behind", stands_in="", within="scores", permits=("look",)),
    Entry("inspections", N_("检查"), "clipboard-list", "ui.screens.inspections", ("inspection",), stands_in="", within="sites", permits=("look",)),
    Entry("visits", N_("该走访"), "hourglass", "ui.screens.visits", stands_in="", within="sites", permits=("look",)),
    Entry("rounds", N_("走访单"), "footprints", "ui.screens.rounds", stands_in="", within="patrols", permits=("look",)),
    Entry("plans", N_("计划"), "footprints", "ui.screens.plans", stands_in="", within="patrols", permits=("look",)),
    Entry("overdue", N_("期满"), "hourglass", "ui.screens.overdue", stands_in="", within="today", permits=("review",)),
    Entry("batches", N_("批量"), "printer", "ui.screens.batches", stands_in="", within="houses", permits=("print",)),
    Entry("codes", N_("代码表"), "file-text", "ui.screens.codetables", stands_in="", within="town"),
    Entry("papers", N_("表单"), "printer", "ui.screens.papers", stands_in="", within="settings", permits=("print",)),
    Entry("officers", N_("账号"), "users", "ui.screens.officers", stands_in="", within="settings", permits=("manage",)),
    Entry("joining", N_("配对"), "link", "ui.screens.joining", stands_in="", within="exchange", permits=("manage",)),
)


def navigation(scope: str, may: Callable[[tuple[str, ...]], bool] = lambda _permits: True) -> list[Entry]:
    """The lines of the navigation in a ledger of this scope ('v:…', 't:…') for whoever `may`, in the order of Ctrl+1, Ctrl+2 …"""
    return [entry for entry in SCREENS if scope[:1] in entry.stands_in and may(entry.permits)]
