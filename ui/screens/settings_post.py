"""The card of 设置 for alarms a maker's server sends (厂家推送): where it is, who we are there, and whether it works; off until it is turned on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit

from gridapp.errors import Sorted
from gridapp.texts import _
from ui import files, theme
from ui.desk import Desk
from ui.flow import Flow
from ui.widgets import CARD_MARGIN, GAP, answer, button, column, entry, label, say

#: bytes of the longest CA file
LONGEST_CA = 1 << 20


class PostCard(QFrame):
    """What is typed counts when it is saved; the password is never shown, an empty field keeps it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._desk, self._ca, self._has_password = desk, "", False
        inside = column(self, CARD_MARGIN, GAP)
        inside.addWidget(label(_("厂家推送（MQTT）"), "subtitle"))
        inside.addWidget(label(_("烟感、智安小区的告警由厂家的服务器直接送来。不用就关着，一个村只在一台电脑上开；密码加密存在台账里。"), "muted", wrap=True))
        self.on, self.off = (button(words, icon="", role="chip", checkable=True) for words in (_("开"), _("关")))
        self.host, self.port = entry(_("服务器地址，如 mqtt.example.com")), entry(_("端口"))
        self.topics = entry(_("主题，几个的用空格隔开"))
        self.user, self.password = entry(_("用户名")), entry(_("密码"), secret=True)
        self.tls = button(_("加密（TLS）"), self._show_ca, role="chip", checkable=True)
        self.ca_button = button(_("CA 文件…"), self.choose_ca, icon="file-up", role="tight")
        self.ca = label("", "muted", wrap=True)
        for chip, other in ((self.on, self.off), (self.off, self.on)):
            chip.clicked.connect(lambda _on, c=chip, o=other: (c.setChecked(True), o.setChecked(False)))
        for field in self._fields():
            field.returnPressed.connect(self.save)
        grid = QGridLayout()
        grid.setSpacing(theme.look.px(GAP))
        grid.addWidget(self.host, 0, 0)
        grid.addWidget(self.port, 0, 1)
        grid.addWidget(self.topics, 1, 0, 1, 2)
        grid.addWidget(self.user, 2, 0)
        grid.addWidget(self.password, 2, 1)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        inside.addLayout(grid)
        inside.addLayout(Flow(self.tls, self.ca_button))
        inside.addWidget(self.ca)
        self.told = answer()
        inside.addWidget(self.told)
        self.try_button = button(_("试一下"), self.try_out, icon="refresh-cw", role="tight")
        self.save_button = button(_("保存"), self.save, icon="check", role="tight")
        inside.addLayout(Flow(self.on, self.off, self.try_button, self.save_button))
        inside.addStretch(1)

    def refresh(self) -> None:
        """Show what is kept, unless somebody is typing here."""
        def job(ledger: Any) -> Any:
            from gridapp.work import subscriptions

            return subscriptions.subscription(ledger)

        if not any(field.isModified() for field in self._fields()):
            self._desk.call(job, self._show, lane="alarm settings")

    def _fields(self) -> tuple[QLineEdit, ...]:
        return self.host, self.port, self.topics, self.user, self.password

    def _show(self, told: tuple[Any, bool]) -> None:
        kept, self._has_password = told
        for field, text in zip(self._fields(), (kept.host, str(kept.port), " ".join(kept.topics), kept.user, ""), strict=True):
            field.setText(text)
        self.password.setPlaceholderText(_("密码已保存，不改就空着") if self._has_password else _("密码"))
        self.on.setChecked(kept.on)
        self.off.setChecked(not kept.on)
        self.tls.setChecked(kept.tls)
        self._ca = kept.ca
        self._show_ca()

    def _show_ca(self) -> None:
        on = self.tls.isChecked()
        self.ca_button.setEnabled(on)
        self.ca.setText((_("用选定的 CA 文件核对服务器。") if self._ca else _("用系统自带的证书核对服务器；厂家给了 CA 文件的请选上。")) if on else
                        _("不加密的连接，密码和告警在网上看得见；只在厂家没有加密、网络可信时用。"))

    def choose_ca(self) -> None:
        """The maker's authority is read now and kept with the settings; the file may go."""
        chosen = files.to_read(self, _("选择厂家给的 CA 文件"), _("证书 (*.pem *.crt *.cer);;所有文件 (*)"))
        if chosen is not None:
            self.take_ca(chosen)

    def take_ca(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                text = file.read(LONGEST_CA).decode("ascii", "ignore")
        except OSError:
            text = ""
        if "BEGIN CERTIFICATE" not in text:
            say(self.told, _("“{0}”里没有证书，没有换。请选厂家给的 PEM 格式的 CA 文件。").format(path.name))
            return
        self._ca = text
        self._show_ca()
        say(self.told, _("CA 文件已选好，保存后起作用。"))

    # -- doing

    def _typed(self) -> tuple[Any, bool]:
        from gridapp.work.subscriptions import Subscription

        port = self.port.text().strip()
        told = Subscription(self.on.isChecked(), self.host.text(), int(port) if port.isascii() and port.isdecimal() and len(port) < 6 else 0,
                            tuple(self.topics.text().split()), self.user.text().strip(), self.password.text(), self.tls.isChecked(), self._ca)
        return told, self._has_password and not self.password.text()

    def save(self) -> None:
        """From now on this counts; the connection is made anew, or ended."""
        told, same = self._typed()

        def job(ledger: Any) -> None:
            from gridapp.work import subscriptions

            subscriptions.keep_subscription(ledger, told, same)

        self._desk.call(job, self._saved, self._refused)

    def _saved(self, _done: Any) -> None:
        for field in self._fields():
            field.setModified(False)
        from gridapp.work import alarmletters

        heard = _("✓ 已保存。连没连上，看“告警”页上边。") if self._desk.can(alarmletters.book) else _("✓ 已保存。网格员打开台账的时候收。")
        say(self.told, heard if self.on.isChecked() else _("✓ 已保存，现在不收推送。"))
        self._desk.post.begin()
        self.refresh()

    def _refused(self, failure: Sorted) -> None:
        self.try_button.setEnabled(True)
        say(self.told, failure.text)

    def try_out(self) -> None:
        """One sentence; nothing is saved by it."""
        self.try_button.setEnabled(False)
        say(self.told, _("正在连接，最多十秒……"))
        self._desk.post.try_out(*self._typed(), self._tried, self._refused)

    def _tried(self, words: str) -> None:
        self.try_button.setEnabled(True)
        say(self.told, words)
