"""设置: the village on the papers, the look of the window, holidays, password, and proving that the ledger is whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QHBoxLayout, QSpinBox, QVBoxLayout

from gridapp import __version__, places
from gridapp.errors import Mistake, Sorted
from gridapp.fields.workdays import Calendar
from gridapp.records import Village
from gridapp.settings import LOCK_AFTER, Settings
from gridapp.texts import _
from gridapp.work import accounts, subscriptions, village
from ui import files, messages, theme
from ui.desk import Desk
from ui.forms.form import Cell, fields_of
from ui.forms.told import told_text
from ui.lists.record import show_time
from ui.screens import SCREENS, settings_platforms, settings_reader, settings_watermark
from ui.screens.pages import Pages
from ui.screens.settings_post import PostCard
from ui.screens.settings_printers import PrintersCard
from ui.screens.settings_rules import RulesCard
from ui.widgets import PAGE_MARGIN, answer, button, card, empty, entry, label, line, page, row_of, say, scrolled

ACTS_SHOWN, TWO_ACROSS_FROM = 12, 640
LOOKS = ((False, "浅色"), (True, "深色"))
SOUNDS = ((False, "无声"), (True, "有声"))
TYPE_SIZES = ((1.0, "标准"), (1.25, "大字"), (1.5, "特大字"))
ALIKE = ((True, "模糊"), (False, "严格"))


class SettingsScreen(Pages):
    """Cards; nothing here stops in a box."""

    #: another look was chosen
    look_changed = Signal()

    def __init__(self, desk: Desk, settings: Settings) -> None:
        super().__init__(desk)
        self.settings = settings
        inside = page()
        grid = QGridLayout(inside)
        gap = theme.look.px(PAGE_MARGIN)
        grid.setContentsMargins(gap, gap, gap, gap)
        grid.setSpacing(gap)
        self._grid, self._across = grid, 0
        self.rules = [RulesCard(desk)] if desk.can(accounts.set_password_rules) else []
        self.post = [PostCard(desk)] if desk.scope.startswith("v:") and desk.can(subscriptions.keep_subscription) else []
        self.printers = PrintersCard(settings, lambda: desk.today)
        self.reader = settings_reader.built(desk, settings)
        self._cards = [self._look_card(), self._village_card(), self._password_card(), *self.rules, self._lock_card(), self.printers, self._holidays_card(),
                       self._proof_card(), self._backups_card(), *([self._papers_card()] if self.reaches("papers") else []), settings_watermark.built(settings),
                       *([settings_platforms.built(settings)] if desk.scope.startswith("v:") else []), *self.post, *self.reader,
                       *([self._accounts_card()] if self.reaches("officers") else []), self._about_card()]
        self._last_card = self._acts_card()
        self._lay(2)
        self.set_home(scrolled(inside))

    def _lay(self, across: int) -> None:
        """Two cards side by side, or one where the window is narrow."""
        if across == self._across:
            return
        self._across = across
        for place, made in enumerate(self._cards):
            self._grid.addWidget(made, place // across, place % across)
        self._grid.addWidget(self._last_card, len(self._cards), 0, 1, across)
        for column in range(2):
            self._grid.setColumnStretch(column, int(column < across))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay(2 if event.size().width() >= theme.look.px(TWO_ACROSS_FROM) else 1)

    # -- look

    def _look_card(self) -> QFrame:
        made, inside = card(_("界面"))
        inside.addLayout(self._choices(_("颜色"), LOOKS, self.settings.dark, lambda value: self._change_look(dark=value)))
        inside.addLayout(self._choices(_("字号"), TYPE_SIZES, self.settings.factor, lambda value: self._change_look(factor=value)))
        inside.addLayout(self._choices(_("拼音"), ALIKE, self.settings.alike, self._hear))
        inside.addWidget(label(_("模糊：查找时不分 z 和 zh、c 和 ch、s 和 sh、n 和 l、in 和 ing。"), "muted", wrap=True))
        inside.addLayout(self._choices(_("填错时"), SOUNDS, self.settings.sound, self._change_sound))
        self._look_told = answer()
        inside.addWidget(self._look_told)
        inside.addStretch(1)
        return made

    def _choices(self, title: str, choices: Sequence[tuple[Any, str]], now: Any, chosen: Callable[[Any], None]) -> QHBoxLayout:
        group = QButtonGroup(self)
        chips = []
        for value, words in choices:
            chip = button(_(words), partial(chosen, value), role="chip", checkable=True)
            chip.setChecked(value == now)
            group.addButton(chip)
            chips.append(chip)
        return row_of(label(title, "label"), *chips)

    def _change_look(self, **changes: Any) -> None:
        changed = [name for name, value in changes.items() if getattr(self.settings, name) != value]
        for name in changed:
            setattr(self.settings, name, changes[name])
        if changed:
            self.look_changed.emit()

    def _hear(self, alike: bool) -> None:
        """Letters that sound alike may stand for each other, or not."""
        self.settings.alike = alike
        self._keep_look()

    def _change_sound(self, sound: bool) -> None:
        """Whether a field that is wrong is heard; it is, once, where that is chosen."""
        self.settings.sound = sound
        if sound:
            messages.beep()
        self._keep_look()

    def _keep_look(self) -> None:
        try:
            self.settings.save()
        except Sorted as failure:
            say(self._look_told, failure.text)

    # -- village

    def _village_card(self) -> QFrame:
        made, inside = card(_("村和表单"), _("整改通知书的文号、表单上的单位和电话从这里来。"))
        self._village = label(wrap=True)
        inside.addWidget(self._village)
        if self.desk.can(village.correct_village):
            inside.addLayout(row_of(button(_("修改"), self.correct_village, icon="pencil", role="tight")))
        inside.addStretch(1)
        return made

    def correct_village(self) -> None:
        """文号代字, telephone, and who is chief of the grid."""
        told = fields_of(Village, "name", "issuer", "phone") | {"chief": told_text("chief", _("网格长"), 50)}

        def begin(given: dict[str, Any]) -> None:
            self.task(_("修改村和表单"), told, [[Cell("name", 2), Cell("issuer", 2)], [Cell("phone"), Cell("chief")]],
                      lambda v, then, fail: self.desk.do(village.correct_village, then=then, fail=fail, **v), given=given)

        self.desk.ask(village.papers, then=begin)

    # -- password

    def _password_card(self) -> QFrame:
        made, inside = card(_("修改密码"), _("忘了密码请找管理员重设；管理员用恢复纸。"))
        self.old, self.new, self.again = (entry(words, secret=True) for words in (_("现在的密码"), _("新密码，至少 12 个字符，汉字算两个"), _("再输一遍新密码")))
        for field in (self.old, self.new, self.again):
            inside.addWidget(field)
        self.old.returnPressed.connect(self.new.setFocus)
        self.new.returnPressed.connect(self.again.setFocus)
        self.again.returnPressed.connect(self.change_password)
        self._password_told = answer()
        inside.addWidget(self._password_told)
        inside.addLayout(row_of(button(_("修改密码"), self.change_password, icon="key-round", role="tight")))
        return made

    def change_password(self) -> None:
        """Wrap the key anew; the ledger itself stays as it is."""
        if self.new.text() != self.again.text():
            say(self._password_told, _("两次输入的新密码不一样，请重新输入。"))
            return
        self.desk.change_password(self.old.text(), self.new.text(), self._password_changed,
                                  lambda failure: say(self._password_told, failure.text))

    def _password_changed(self, _answer: Any) -> None:
        for field in (self.old, self.new, self.again):
            field.clear()
        say(self._password_told, _("✓ 密码已修改，下次用新密码打开。"))

    # -- locking, accounts

    def _lock_card(self) -> QFrame:
        made, inside = card(_("自动锁定"), _("没动键盘鼠标就关闭台账，没填完的存成草稿。离座请按 Ctrl+L。"))
        self.minutes = QSpinBox()
        self.minutes.setRange(LOCK_AFTER[0], LOCK_AFTER[2])
        self.minutes.setValue(self.settings.lock_after)
        self.minutes.setAccessibleName(_("分钟"))
        self.minutes.setFixedWidth(theme.look.px(70))
        self.minutes.lineEdit().setTextMargins(theme.look.px(8), 0, 0, 0)  # the style sheet's padding does not reach the line inside
        self.minutes.valueChanged.connect(self._lock_after)
        self._lock_told = answer()
        inside.addLayout(row_of(self.minutes, label(_("分钟（1 到 15）"), "label")))
        inside.addWidget(self._lock_told)
        inside.addStretch(1)
        return made

    def _lock_after(self, minutes: int) -> None:
        self.settings.lock_after = minutes
        try:
            self.settings.save()
        except Sorted as failure:
            say(self._lock_told, failure.text)

    def _accounts_card(self) -> QFrame:
        return self._way_card(_("账号"), _("谁能打开台账、各有什么角色；恢复纸和镇应急也在这里。"), "officers", "users")

    # -- holidays

    def _holidays_card(self) -> QFrame:
        made, inside = card(_("节假日"), _("3 个工作日的期限按国务院公布的放假和调休日计算；新一年的安排公布后，可用文件更新。"))
        self._covered = label(wrap=True)
        inside.addWidget(self._covered)
        inside.addLayout(row_of(button(_("用文件更新…"), self.choose_holidays, icon="file-up", role="tight")))
        inside.addStretch(1)
        return made

    def choose_holidays(self) -> None:
        chosen = files.to_read(self, _("选择节假日文件"), _("节假日 (*.tsv *.txt);;所有文件 (*)"))
        if chosen is not None:
            self.take_holidays(chosen)

    def take_holidays(self, path: Path) -> None:
        """Read the file as a whole first; only a good one replaces what is there."""
        try:
            Calendar.load(path)
            shutil.copyfile(path, places.own_holidays())
        except Mistake as mistake:
            self._covered.setText(mistake.text)
            return
        except OSError:
            self._covered.setText(_("没能保存这个文件。请检查磁盘空间和U盘后再试。"))
            return
        self._show_covered()
        self.desk.touched.emit(frozenset({("*", None)}))

    def _show_covered(self) -> None:
        try:
            calendar = self.desk.calendar()
        except Mistake as mistake:
            self._covered.setText(mistake.text)
            return
        years = [y for y in range(self.desk.today.year - 1, self.desk.today.year + 3) if calendar.covers(y)]
        words = _("已有 {0} 年的安排。").format("、".join(map(str, years))) if years else ""
        lacking = [y for y in (self.desk.today.year, self.desk.today.year + 1) if y not in years]
        if lacking:
            words += _("{0} 年的还没有，先只按周末计算；国务院公布后请更新。").format("、".join(map(str, lacking)))
        self._covered.setText(words)

    # -- proof

    def _proof_card(self) -> QFrame:
        made, inside = card(_("检查台账"), _("核对每一页、每一条日志的签名，并由日志重建全部内容比对。"))
        self._where = label("", "muted", wrap=True)
        inside.addWidget(self._where)
        self._proof_told = answer()
        inside.addWidget(self._proof_told)
        self._proof_button = button(_("开始检查"), self.verify, icon="shield-check", role="tight")
        inside.addLayout(row_of(self._proof_button))
        inside.addStretch(1)
        return made

    def verify(self) -> None:
        self._proof_button.setEnabled(False)
        say(self._proof_told, _("正在检查……"))
        self.desk.verify(self._verified, self._not_verified)

    def _verified(self, report: Any) -> None:
        self._proof_button.setEnabled(True)
        say(self._proof_told, _("✓ 台账完好，共 {0:,} 条记录。").format(report.records) if not report.faults else
                   _("发现问题，请保留台账文件并联系维护人员：{0}").format("；".join(report.faults[:5])))

    def _not_verified(self, failure: Sorted) -> None:
        self._proof_button.setEnabled(True)
        say(self._proof_told, failure.text)

    def _backups_card(self) -> QFrame:
        return self._way_card(_("备份与恢复"), _("程序自动备份并核对；U盘上再放一份，半年试恢复一次。"), "backups", "save")

    def _papers_card(self) -> QFrame:
        return self._way_card(_("表单"), _("每一种表单、填好的在哪里打印；电脑坏了那天用的空表。"), "papers", "printer")

    def _way_card(self, title: str, words: str, key: str, icon: str) -> QFrame:
        """A way to a screen that has no line in the navigation."""
        made, inside = card(title, words)
        name = next(_(entry.title) for entry in SCREENS if entry.key == key)
        inside.addLayout(row_of(button(_("{0}…").format(name), lambda: self.go.emit(key, "", ()), icon=icon, role="tight")))
        inside.addStretch(1)
        return made

    # -- about and acts

    def _about_card(self) -> QFrame:
        made, inside = card(_("平安网格"), _("版本 {0}。村里只协助采集并报送公安机关，由公安机关办理居住登记（浙江省流动人口居住登记条例第五条、第九条）。").format(
            __version__))
        inside.addStretch(1)
        return made

    def _acts_card(self) -> QFrame:
        made, inside = card(_("最近的操作"), _("每次操作都记在日志里，不会消失。撤销最近一次：Ctrl+Z；重做：Ctrl+Y。"))
        self._acts = QVBoxLayout()
        inside.addLayout(self._acts)
        return made

    def _show_acts(self, acts: Sequence[Any]) -> None:
        empty(self._acts)
        for act in acts:
            self._acts.addWidget(line())
            words = f"{show_time(act.at)}   {act.officer}   {act.title}   " + _("{0:,} 条记录").format(act.touched)
            self._acts.addWidget(label(words if act.standing else words + "   " + _("（已撤销）"), "" if act.standing else "muted", wrap=True))

    def refresh(self) -> None:
        self.desk.ask(village.papers, then=self._show_village, lane="papers")
        self.desk.acts(self._show_acts, ACTS_SHOWN)
        self._show_covered()
        self.printers.refresh()
        for rules in self.rules:
            rules.refresh()
        for post in self.post:
            post.refresh()
        self._where.setText(_("台账文件：{0}").format(self.settings.ledger))

    def _show_village(self, told: dict[str, Any]) -> None:
        self._village.setText(_("{0}　文号代字：{1}　电话：{2}　网格长：{3}").format(
            told["name"], told["issuer"] or _("未填"), told["phone"] or _("未填"), told["chief"] or _("未填")))


def build(desk: Desk, settings: Settings) -> SettingsScreen:
    return SettingsScreen(desk, settings)
