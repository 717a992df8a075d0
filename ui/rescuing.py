"""恢复: a backup, the password or the paper sheet of its time, and the ledger is back; what was there is moved aside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QListWidget

from gridapp import places
from gridapp.errors import Sorted
from gridapp.fields.kinds import BEIJING
from gridapp.texts import _
from ui import files, theme
from ui.desk import Desk
from ui.flow import Flow
from ui.widgets import CARD_MARGIN, GAP, answer, button, column, entry, label, row_of, say

KINDS, SHOWN = "备份 (*.gridbak);;所有文件 (*)", 5


def in_words(kept: Any) -> str:
    """'2026-11-24 12:00　关闭时　8.5 MB　第 12 个'."""
    from gridapp.work.backups import REASONS

    told = kept.manifest
    return _("{0}　{1}　{2:,.1f} MB　第 {3} 个").format(f"{told.moment.astimezone(BEIJING):%Y-%m-%d %H:%M}",
                                                   _(REASONS.get(told.reason, told.reason)), kept.size / 2**20, told.seq)


class RescueCard(QFrame):
    """Choose a backup, show who you are, restore."""

    #: the ledger that stands there now
    restored = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._desk = desk
        self._path: Path | None = None
        self._offers: Sequence[Any] = ()
        inside = column(self, CARD_MARGIN, GAP)
        inside.addWidget(label(_("从备份恢复"), "title"))
        self._about = label("", "muted", wrap=True)
        inside.addWidget(self._about)
        self.list = QListWidget()
        self.list.setAccessibleName(_("备份"))
        self.list.setFixedHeight(theme.look.px(28 * SHOWN))
        inside.addWidget(self.list)
        inside.addLayout(row_of(button(_("选择备份文件…"), self.choose, icon="folder-open", role="tight")))
        self.password = entry(_("做这个备份时的密码"), secret=True)
        self.password.returnPressed.connect(self.restore)
        inside.addWidget(self.password)
        self.sheet = button(_("用恢复纸"), self._turn, role="chip", checkable=True)
        inside.addLayout(row_of(self.sheet))
        self.alert = answer("alert")
        inside.addWidget(self.alert)
        self.go_button = button(_("恢复"), self.restore, role="primary")
        self.keys_button = button(_("只放回密钥文件"), self.bring_back_keys, icon="key-round")
        inside.addLayout(Flow(self.go_button, self.keys_button, button(_("返回"), self.left.emit)))
        inside.addStretch(1)

    def _turn(self) -> None:
        self.password.setPlaceholderText(_("恢复纸上的各组字符") if self.sheet.isChecked() else _("做这个备份时的密码"))
        self.password.setAccessibleName(self.password.placeholderText())
        self.password.setFocus()

    def begin(self, path: Path | None, keys_lost: bool = False) -> None:
        """For the ledger at `path`; None: on a PC that has none."""
        self._path = path
        self.alert.hide()
        self.password.clear()
        self.keys_button.setVisible(keys_lost)
        self._about.setText(_("现在的“{0}”会整个移到旁边的文件夹里，不会覆盖，也不会删除。").format(path.name) if path is not None else
                            _("插上放备份的U盘，选择里面以 .gridbak 结尾的文件。"))
        self._show([])
        if path is not None:
            self._desk.copies.offers(path, self._show)

    def _show(self, offers: Sequence[Any]) -> None:
        self._offers = list(offers)
        self.list.clear()
        self.list.addItems([in_words(kept) for kept in self._offers])
        self.list.setVisible(bool(self._offers))
        self.list.setCurrentRow(0)

    def choose(self) -> None:
        chosen = files.to_read(self, _("选择备份文件"), _(KINDS))
        if chosen is not None:
            self.take(chosen)

    def take(self, file: Path) -> None:
        """A file of one's choosing, before those that were found."""
        def told(kept: Any) -> None:
            self.alert.hide()
            self._show([kept, *(k for k in self._offers if k.path != kept.path)])
            self.password.setFocus()

        self._desk.copies.look_at(file, told, self._failed)

    @property
    def chosen(self) -> Any:
        row = self.list.currentRow()
        return self._offers[row] if 0 <= row < len(self._offers) else None

    def restore(self) -> None:
        """All of it is checked first; a wrong password or a damaged backup changes nothing."""
        kept = self.chosen
        if kept is None:
            say(self.alert, _("请先选择一个备份。"))
            return
        if not self.go_button.isEnabled():
            return
        self._enable(False)
        say(self.alert, _("正在核对备份并恢复，请稍等……"))
        to = self._path or places.data_dir() / kept.manifest.name
        self._desk.copies.restore(kept.path, to, self.password.text(), self.sheet.isChecked(), self._done, self._failed)

    def bring_back_keys(self) -> None:
        """The ledger stays as it is."""
        assert self._path is not None
        self._desk.copies.bring_back_keys(self._path, lambda _kept: self.restored.emit(self._path), self._failed)

    def _done(self, restored: Any) -> None:
        self._enable(True)
        self.alert.hide()
        self.password.clear()
        self.restored.emit(restored.path)

    def _failed(self, failure: Sorted) -> None:
        self._enable(True)
        say(self.alert, failure.text)

    def _enable(self, yes: bool) -> None:
        for widget in (self.go_button, self.list, self.password):
            widget.setEnabled(yes)
