"""A new ledger on the first page: the village, the first officer, their password, and who manages the accounts."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QFrame, QLineEdit

from gridapp.errors import Sorted
from gridapp.texts import _
from ui import theme
from ui.beginnings import EXAMPLE_VILLAGE, fresh_path
from ui.desk import Desk
from ui.flow import Flow
from ui.widgets import CARD_MARGIN, GAP, answer, button, column, entry, label, say


class NewCard(QFrame):
    """Ends with a ledger and the groups of its recovery sheet."""

    #: the ledger, and the groups to write down
    begun = Signal(object, object)

    def __init__(self, desk: Desk, *others: tuple[str, Any]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._desk = desk
        inside = column(self, CARD_MARGIN, GAP)
        inside.addWidget(label(_("新建台账"), "title"))
        inside.addWidget(label(_("台账是一个加密文件，只有密码和下一步打印的恢复纸能打开。密码请记牢。"), "muted", wrap=True))
        self._fields()
        self._form = QFormLayout()
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        self._form.setVerticalSpacing(theme.look.px(10))
        self._rows()
        inside.addLayout(self._form)
        self.alert = answer("alert")
        self.create_button = button(_("新建"), self.begin, role="primary")
        inside.addWidget(self.alert)
        inside.addWidget(self.create_button)
        inside.addLayout(Flow(*(button(words, run) for words, run in others)))
        inside.addStretch(1)
        self._name_village(EXAMPLE_VILLAGE)
        self._shared()

    def _fields(self) -> None:
        self.code = entry(text=EXAMPLE_VILLAGE)
        self.code.textChanged.connect(self._name_village)
        self.village = label("", "muted", wrap=True)
        self.grid = entry(text=_("第一网格"))
        self.officer = entry(_("您的姓名"))
        self.new_password = entry(_("至少 15 个字符，汉字算两个"), secret=True)
        self.again = entry(secret=True)
        self.alone = QCheckBox(_("村里暂时只有我一个人：我也管理账号"))
        self.alone.setChecked(True)
        self.alone.toggled.connect(self._shared)
        self.manager = entry(_("管理员的姓名"))
        self.manager_password = entry(_("请管理员自己来输，您不要看"), secret=True)
        self.manager_again = entry(secret=True)
        self._others = (self.manager, self.manager_password, self.manager_again)

    def _rows(self) -> None:
        typed: tuple[QLineEdit, ...] = (self.code, self.grid, self.officer, self.new_password, self.again)
        told = ((_("村代码"), self.code), ("", self.village), (_("网格名称"), self.grid), (_("网格员"), self.officer), (_("密码"), self.new_password),
                (_("再输一遍"), self.again), ("", self.alone), (_("管理员"), self.manager), (_("管理员的密码"), self.manager_password),
                (_("再输一遍"), self.manager_again))
        for words, widget in told:
            self._form.addRow(label(words, "label"), widget)
            if words:
                widget.setAccessibleName(words)
        for here, following in (*pairwise(typed), *pairwise(self._others)):
            here.returnPressed.connect(following.setFocus)
        self.again.returnPressed.connect(lambda: self.begin() if self.alone.isChecked() else self.manager.setFocus())
        self.manager_again.returnPressed.connect(self.begin)

    def _shared(self) -> None:
        """Somebody else manages the accounts: their name and password are asked too."""
        for field in self._others:
            self._form.setRowVisible(field, not self.alone.isChecked())

    def first(self) -> QLineEdit:
        return self.officer

    def _name_village(self, code: str) -> None:
        from gridapp.fields import codes

        found = codes.village(code.strip())
        self.village.setText(f"{found.county}{found.town}{found.display_name}" if found else _("代码表里没有这个村，请核对 12 位代码"))

    # -- beginning

    def begin(self) -> None:
        """Begin a new ledger in this user's data folder, named after the village."""
        self.alert.hide()
        problem = self._problem()
        if problem:
            say(self.alert, problem)
            return
        if not self.create_button.isEnabled():
            return
        self.create_button.setEnabled(False)
        manager = None if self.alone.isChecked() else (self.manager.text().strip(), self.manager_password.text())
        code = self.code.text().strip()
        self._desk.begin(fresh_path(code), self.new_password.text(), code, self.grid.text().strip(), self.officer.text().strip(), manager,
                         self._begun, self._refused)

    def _problem(self) -> str:
        alone = self.alone.isChecked()
        if not self.officer.text().strip() or not self.grid.text().strip():
            return _("请填写网格名称和您的姓名。")
        if self.new_password.text() != self.again.text():
            return _("两次输入的密码不一样，请重新输入。")
        if not alone and not self.manager.text().strip():
            return _("请填写管理员的姓名；没有别人时，请勾上“我也管理账号”。")
        if not alone and self.manager_password.text() != self.manager_again.text():
            return _("管理员两次输入的密码不一样，请重新输入。")
        return ""

    def _begun(self, ledger: Any, groups: Any) -> None:
        self.create_button.setEnabled(True)
        for field in (self.new_password, self.again, self.manager_password, self.manager_again):
            field.clear()
        self.begun.emit(ledger, groups)

    def _refused(self, failure: Sorted) -> None:
        self.create_button.setEnabled(True)
        say(self.alert, failure.text)
