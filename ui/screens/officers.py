"""账号: who works with this ledger, in which roles, with which way in on this PC; the recovery sheet and the town's slot; reached from 设置."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from gridapp.errors import Sorted
from gridapp.settings import Settings
from gridapp.texts import N_, _
from gridapp.work import accounts, recovery
from gridapp.work.accounts import Account
from ui.desk import Desk
from ui.flow import Flow
from ui.forms.form import Cell
from ui.forms.told import told_day
from ui.lists.facts import Action, Facts, Row
from ui.lists.model import Column
from ui.lists.record import show_time
from ui.onpaper import SheetCard
from ui.screens.account import AccountPage, ToldPage
from ui.screens.gathered import Gathered, Sort
from ui.screens.listed import Way
from ui.widgets import GAP, PAGE_MARGIN, back, button, column, frame, label, page, scrolled

WAYS = {accounts.LASTING: (N_("有密码"), "green"), accounts.ONCE: (N_("一次性密码"), "yellow"), accounts.NONE: (N_("本机没有"), "grey")}


@dataclass(frozen=True)
class Line:
    """An account as a row of the list."""

    account: Account
    own: bool
    in_town: bool

    @property
    def id(self) -> UUID:
        return self.account.officer.id

    @property
    def works(self) -> bool:
        return self.account.officer.left_on is None


SORTS = {"all": Sort(N_("使用中"), lambda n: n.works), "left": Sort(N_("已停用"), lambda n: not n.works)}


def columns() -> list[Column]:
    return [Column(_("姓名"), lambda n: n.account.officer.name, 130, strong=True), Column(_("角色"), lambda n: n.account.officer.titles),
            Column(_("网格"), where, 120, rank=2),
            Column(_("本机的密码"), lambda n: way(n)[0], 130, pill=lambda n: way(n)[1]), Column(_("设于"), since, 150, rank=1)]


def where(line: Line) -> str:
    """The grid they work in; without one the whole village, at the town all of them."""
    return line.account.officer.grid or (_("全镇") if line.in_town else _("全村"))


def way(line: Line) -> Row:
    words, colour = WAYS[line.account.way]
    return _(words), colour


def since(line: Line) -> str:
    return show_time(line.account.since) if line.account.since else ""


class OfficersScreen(Gathered):
    """List, detail, pages for one account, the sheet, what to hand over."""

    footer = N_("{0} {1:,} 个账号")

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._told: Any = None
        self._settings = settings
        super().__init__(desk, columns(), SORTS, self._actions(), [Way("user-plus", _("新增账号（Ctrl+N）"), self.add, "Ctrl+N", primary=True)])
        self._account = AccountPage(desk)
        self._said = ToldPage()
        for made in (self._account, self._said):
            made.left.connect(self.back)
            self.addWidget(made)
        self._account.done.connect(self._welcome)
        self.sheet = SheetCard(desk)
        self.sheet.written.connect(lambda _ledger: self._sheet_done())
        self._sheet_page = page()
        column(self._sheet_page, PAGE_MARGIN).addWidget(scrolled(self.sheet))
        self.addWidget(self._sheet_page)

    def set_home(self, home: QWidget) -> None:
        """The list, under what there is for the day when every password is forgotten."""
        whole = page()
        inside = column(whole)
        self.words = label(wrap=True)
        self._sheet_button = button(_("恢复纸…（F6）"), self.new_sheet, icon="printer", role="tight", key="F6")
        self._key_button = button(_("换密钥（F10）"), self.rotate, icon="key-round", role="tight", key="F10")
        self._town_button = button(_("镇应急…（F8）"), self.town, icon="landmark", role="tight", key="F8")
        top = frame("header")
        above = column(top, GAP, GAP)
        above.addLayout(Flow(back(self.leave), self._sheet_button, self._town_button, self._key_button))
        above.addWidget(self.words)
        inside.addWidget(top)
        inside.addWidget(home, 1)
        whole.setFocusProxy(home)
        super().set_home(whole)

    def leave(self) -> None:
        self.go.emit("settings", "", ())

    def _actions(self) -> list[Action]:
        return [
            Action(_("改角色"), "pencil", "F2", self.change, lambda n: n.works),
            Action(_("重设密码"), "key-round", "F4", self.reset, lambda n: n.works and not n.own),
            Action(_("停用"), "ban", "F9", self.dismiss, lambda n: n.works and not n.own),
            Action(_("恢复账号"), "rotate-ccw", "F7", self.take_back, lambda n: not n.works),
        ]

    # -- the list

    def gather(self, ledger: Any) -> Sequence[Line]:
        self._told = accounts.overview(ledger)
        return [Line(account, account.officer.number == self._told.own, ledger.scope.startswith("t:")) for account in self._told.rows]

    def _came(self, rows: Sequence[Any]) -> None:
        super()._came(rows)
        told = self._told
        sheet = _("没有，密码都忘了就打不开") if told.sheet is None else _("{0} 打印{1}").format(
            show_time(told.sheet), "" if told.sheet_checked else _("，没有核对过"))
        town = _("能打开（{0} 起）").format(show_time(told.town)) if told.town else _("打不开")
        self.words.setText(_("恢复纸：{0}　　镇里的应急密钥：{1}").format(sheet, town))

    def facts(self, row: Line) -> Facts:
        officer = row.account.officer
        return Facts(officer.name, _("编号 {0}").format(officer.number), [way(row)] + ([(_("您自己"), "blue")] if row.own else []),
                     [(_("角色"), officer.titles or _("没有")), (_("网格"), where(row)), (_("密码设于"), since(row) or _("本机没有")),
                      *([(_("停用日期"), f"{officer.left_on:%Y-%m-%d}")] if officer.left_on else [])])

    def open_row(self, row: Line) -> None:
        if row.works:
            self.change(row)

    # -- accounts

    def add(self) -> None:
        self._account.begin_new()
        self.show_page(self._account)

    def change(self, line: Line) -> None:
        self._account.begin(line.account.officer)
        self.show_page(self._account)

    def reset(self, line: Line) -> None:
        self.desk.call(lambda ledger: accounts.reset(ledger, line.id), self._welcome, self._refused, acts=True)

    def take_back(self, line: Line) -> None:
        self.desk.call(lambda ledger: accounts.take_back(ledger, line.id), self._welcome, self._refused, acts=True)

    def _welcome(self, told: Any) -> None:
        """Shown once: it is kept nowhere."""
        if told is None:
            self.back()
            return
        if not told.password:
            self._said.show_told(_("已登记{0}").format(told.name), "", _("这是这个台账的第一个账号：建立台账时的密码就是本人的，下次打开时用它。"))
            self.show_page(self._said)
            return
        self._said.show_told(_("{0}的一次性密码").format(told.name), told.password, _(
            "请抄下来当面交给本人。只显示这一次；24 小时内、只能用一次。本人在第一页选自己的名字（或点“其他…”输入姓名），用它打开，程序会马上请本人设一个只有自己知道的密码。"))
        self.show_page(self._said)

    def dismiss(self, line: Line) -> None:
        """Asks for the day; the ledger gets another key."""
        name = line.account.officer.name
        self.task(_("停用账号"), {"day": told_day("day", _("停用日期"))}, [[Cell("day")]],
                  lambda v, then, fail: self.desk.alone(lambda ledger: accounts.dismiss(ledger, line.id, v["day"]), then, fail),
                  given={"day": self.desk.today}, then=lambda told: self._farewell(told, line.account.officer.number),
                  words=_("停用“{0}”：不能再登录，登记过的内容都在；台账会换一把新密钥，请稍等。").format(name))

    def _farewell(self, told: Any, number: int) -> None:
        self._offer_no_more(number)
        old = len(told.old_backups)
        words = [_("账号已停用。") + (_("台账已换了新密钥。") if told.rotated else _("此人在本机没有密码。")),
                 _("此人若知道恢复纸上的内容，请再打印一张新的恢复纸。")]
        if old:
            words.append(_("下面 {0} 个以前的备份，此人用旧密码还能打开。请看好放备份的U盘；不再需要的请删除：").format(old))
        self._said.show_told(_("已停用：{0}").format(told.name), "", "\n".join(words + [str(p) for p in told.old_backups]))
        self.show_page(self._said)

    def _offer_no_more(self, number: int) -> None:
        """The first page of this PC offers their name no more."""
        self._settings.forget_officer(self._settings.ledger, number)
        try:
            self._settings.save()
        except Sorted as failure:
            self.say(failure.text)

    # -- the sheet, the town

    def new_sheet(self) -> None:
        """Another one; the one before opens nothing from then on."""
        def came(told: tuple[Any, Sequence[str]]) -> None:
            self.show_page(self._sheet_page)
            self.sheet.show_key(*told)

        self.desk.call(lambda ledger: (ledger, recovery.sheet(ledger)), came, self._refused)

    def _sheet_done(self) -> None:
        self.back()
        self.say(_("恢复纸已核对"))
        self.refresh()

    def town(self) -> None:
        """Let the town's emergency key open this ledger, or take that away."""
        def turn(ledger: Any) -> str:
            from gridapp.exchange import lent

            if accounts.overview(ledger).town is not None:
                recovery.without_town(ledger)
                return _("镇应急已取消")
            lent.lend(ledger)
            return _("镇应急已开通")

        self.desk.alone(turn, self.say, self._refused)

    def rotate(self) -> None:
        """Paper or key file may have been seen by somebody: everybody stays, and what was copied opens nothing written from now on."""
        self.desk.alone(accounts.rotate, lambda _done: self.say(_("台账已换新密钥，大家的密码不变")), self._refused)

    def _refused(self, failure: Sorted) -> None:
        self.words.setText(failure.text)


def build(desk: Desk, settings: Settings) -> OfficersScreen:
    return OfficersScreen(desk, settings)
