"""备份: what there is, taking one now, the second place, a trial, and the way to restoring; reached from 设置."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from gridapp.errors import Sorted
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import keeping, rescue
from ui import files
from ui.desk import Desk
from ui.flow import Flow
from ui.lists.record import show_time
from ui.rescuing import in_words
from ui.screens.pages import Pages
from ui.widgets import PAGE_MARGIN, answer, back, button, card, column, empty, entry, label, line, page, row_of, say, scrolled

SHOWN = 40


class BackupsScreen(Pages):
    """Three cards; nothing here stops in a box."""

    #: the ledger is to be closed and restored
    rescue_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        inside = page()
        whole = column(inside, PAGE_MARGIN, PAGE_MARGIN)
        whole.addLayout(row_of(back(self.leave)))
        trial = [self._trial_card()] if desk.can(rescue.drill) else []
        for made in (self._now_card(), self._second_card(), *trial, self._list_card()):
            whole.addWidget(made)
        whole.addStretch(1)
        self.set_home(scrolled(inside))
        desk.copies.changed.connect(self._ask)

    def leave(self) -> None:
        self.go.emit("settings", "", ())

    def _now_card(self) -> QFrame:
        made, inside = card(_("备份"), _("关闭程序时、每工作 4 小时、导入和接收以前，程序自动备份，并打开副本逐页核对。留 12 天、10 周、9 个月的，最新 5 个永远保留。"))
        self._state = label(wrap=True)
        self._told = answer()
        self._take = button(_("现在备份（F2）"), self.take, icon="save", role="primary", key="F2")
        inside.addWidget(self._state)
        inside.addWidget(self._told)
        inside.addLayout(Flow(self._take, *([button(_("从备份恢复…"), self.restore, icon="rotate-ccw")] if self.desk.can(rescue.may_restore) else [])))
        return made

    def _second_card(self) -> QFrame:
        made, inside = card(_("第二个位置"), _("放在U盘或另一块磁盘上，电脑坏了、丢了也找得回来。文件是加密的，捡到的人打不开。"))
        self._second = label(wrap=True)
        self._sent = answer()
        inside.addWidget(self._second)
        inside.addWidget(self._sent)
        ways = [button(_("复制到第二个位置（F4）"), self.send, icon="usb", role="tight", key="F4")]
        if self.desk.can(keeping.set_second):
            ways.append(button(_("选择位置…"), self.choose, icon="folder-open", role="tight"))
        inside.addLayout(Flow(*ways))
        return made

    def _trial_card(self) -> QFrame:
        made, inside = card(_("试恢复"), _("没有试过的备份不算备份。用最新的备份恢复到一个临时文件夹，逐页核对后删除；现在的台账不动。"))
        self.password = entry(_("您的密码"), secret=True)
        self.password.returnPressed.connect(self.drill)
        self._tried = answer()
        inside.addWidget(self.password)
        inside.addWidget(self._tried)
        inside.addLayout(row_of(button(_("试恢复"), self.drill, icon="shield-check", role="tight")))
        return made

    def _list_card(self) -> QFrame:
        made, inside = card(_("已有的备份"))
        self._place = label("", "muted", wrap=True)
        self._rows = QVBoxLayout()
        inside.addWidget(self._place)
        inside.addLayout(self._rows)
        return made

    # -- doing

    def take(self) -> None:
        self._take.setEnabled(False)
        say(self._told, _("正在备份，您可以继续工作……"))
        self.desk.copies.take(lambda kept: self._took(_("✓ 已备份并核对：{0}").format(in_words(kept)) if kept else _("镇数据库由服务器备份。")),
                              lambda failure: self._took(failure.text))

    def _took(self, words: str) -> None:
        self._take.setEnabled(True)
        say(self._told, words)
        self._ask()

    def choose(self) -> None:
        chosen = files.to_folder(self, _("选择放备份的U盘或文件夹"))
        if chosen is not None:
            self.send(chosen)

    def send(self, folder: Any = None) -> None:
        """Take one if something changed, and copy it there."""
        say(self._sent, _("正在复制并核对，请不要拔出U盘……"))
        self.desk.copies.send(folder, self._was_sent, lambda failure: say(self._sent, failure.text))

    def _was_sent(self, kept: Any) -> None:
        say(self._sent, _("✓ 已复制并核对，可以拔出：{0}").format(kept.path) if kept else _("请先选择位置。"))

    def drill(self) -> None:
        say(self._tried, _("正在试恢复……"))
        self.desk.copies.drill(self.password.text(), self._was_tried, lambda failure: say(self._tried, failure.text))

    def _was_tried(self, kept: Any) -> None:
        self.password.clear()
        say(self._tried, _("✓ 用得上：{0}").format(in_words(kept)))

    def restore(self) -> None:
        """Whoever manages the ledger closes it and chooses a backup on the first page."""
        self.desk.call(rescue.may_restore, lambda _path: self.rescue_asked.emit(), self._refused)

    def _refused(self, failure: Sorted) -> None:
        say(self._told, failure.text)

    # -- showing

    def refresh(self) -> None:
        self._ask()

    def _ask(self) -> None:
        if self.desk.ledger is not None:
            self.desk.call(told_of, self._show, lane="backups")

    def _show(self, told: Any) -> None:
        if told is None:
            self._state.setText(_("镇数据库由服务器备份。"))
            return
        newest = told.sets[0] if told.sets else None
        words = [_("最新：{0}").format(in_words(newest)) if newest else _("还没有备份。")]
        words += [_("有 {0} 个读不出来。").format(len(told.bad))] if told.bad else []
        words += [_("曾发现损坏，现在不做备份。")] if told.marked else []
        words += [_("磁盘剩余空间不到 500 MB。")] if told.low else []
        self._state.setText("　".join(words))
        self._second.setText(_("{0}　上次复制：{1}").format(told.second, show_time(told.copied) if told.copied else _("还没有")) if told.second
                             else _("还没有选择。"))
        self._place.setText(_("位置：{0}").format(told.place))
        empty(self._rows)
        for kept in told.sets[:SHOWN]:
            self._rows.addWidget(line())
            self._rows.addWidget(label(in_words(kept), wrap=True))
        for path in told.bad:
            self._rows.addWidget(line())
            self._rows.addWidget(label(_("✕ 读不出来：{0}").format(path.name), "alert", wrap=True))


def told_of(ledger: Any) -> Any:
    """None for a town's database, which its server saves."""
    return None if ledger.home.shared else keeping.overview(ledger)


def build(desk: Desk, _settings: Settings) -> BackupsScreen:
    return BackupsScreen(desk)
