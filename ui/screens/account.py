"""One account on a page: name, roles, grid; and a page that says something once, a password to write down among it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QWidget

from gridapp.errors import Sorted
from gridapp.texts import N_, _
from gridapp.work import accounts, officers
from ui import theme
from ui.desk import Desk
from ui.lists.record import Heading
from ui.widgets import PAGE_MARGIN, answer, button, card, column, entry, label, page, row_of, say, scrolled

#: what a role may, in the officer's words
ROLES = {"grid": N_("网格员：登记、巡查、打印、交接"), "chief": N_("网格长：网格员的事，加上复核、销号、裁决冲突"),
         "manage": N_("管理员：账号、备份、配对；看不到个人信息"),
         "town": N_("镇工作人员：各村的登记、复核和裁决，配对、账号、审计"), "audit": N_("审计员：只看审计，什么也不能改")}


class AccountPage(QWidget):
    """A new account, or other roles for one."""

    left = Signal()
    #: a Welcome for a new account, None where only the roles changed
    done = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        page(self)
        self._desk = desk
        self._officer: UUID | None = None
        self._grids: Sequence[tuple[UUID, str]] = ()
        self._head = Heading(self.left.emit)
        whole = column(self)
        whole.addWidget(self._head)
        made, inside = card()
        self._form = QFormLayout()
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        self._form.setVerticalSpacing(theme.look.px(10))
        self.name, self.phone = entry(_("姓名")), entry(_("电话（可以不填）"))
        self.name.returnPressed.connect(self.phone.setFocus)
        self.roles = {role: QCheckBox(_(words)) for role, words in ROLES.items()}
        self.grid = QComboBox()
        self.grid.setAccessibleName(_("网格"))
        self._form.addRow(label(_("姓名"), "label"), self.name)
        self._form.addRow(label(_("电话"), "label"), self.phone)
        for box in self.roles.values():
            self._form.addRow(label("", "label"), box)
        self._form.addRow(label(_("网格"), "label"), self.grid)
        inside.addLayout(self._form)
        self.alert = answer("alert")
        inside.addWidget(self.alert)
        self.save_button = button(_("保存（Ctrl+S）"), self.save, icon="check", role="primary", key="Ctrl+S")
        inside.addLayout(row_of(self.save_button))
        ground = page()
        cards = column(ground, PAGE_MARGIN, PAGE_MARGIN)
        cards.addWidget(made)
        cards.addStretch(1)
        whole.addWidget(scrolled(ground), 1)

    @property
    def _in_town(self) -> bool:
        return self._desk.scope.startswith("t:")

    @property
    def _given(self) -> tuple[str, ...]:
        return officers.GIVEN_IN_TOWN if self._in_town else officers.GIVEN

    def begin_new(self) -> None:
        self._begin(_("新增账号"), None, "", frozenset(self._given[:1]), "")

    def begin(self, officer: Any) -> None:
        """An OfficerRow."""
        self._begin(_("改角色"), officer.id, officer.name, officer.roles, officer.grid)

    def _begin(self, title: str, officer: UUID | None, name: str, roles: frozenset[str], grid: str) -> None:
        self._officer = officer
        self._head.title.setText(title)
        self.alert.hide()
        self.name.setText(name)
        self.name.setReadOnly(officer is not None)
        self.phone.clear()
        self._form.setRowVisible(self.phone, officer is None)
        for role, box in self.roles.items():
            self._form.setRowVisible(box, role in self._given)
            beside = self._form.labelForField(box)
            assert isinstance(beside, QLabel)
            beside.setText(_("角色") if role == self._given[0] else "")
            box.setChecked(role in roles)
        self._form.setRowVisible(self.grid, not self._in_town)  # a clerk works in all villages

        def came(grids: Sequence[tuple[UUID, str]]) -> None:
            self._grids = grids
            self.grid.clear()
            self.grid.addItems([_("全村"), *(told for _id, told in grids)])
            self.grid.setCurrentText(grid or _("全村"))

        self._desk.ask(officers.grids, then=came)
        self.setFocusProxy(self.name if officer is None else self.roles[self._given[0]])  # the page is shown next, and given the keyboard

    def save(self) -> None:
        name, roles = self.name.text().strip(), [role for role, box in self.roles.items() if box.isChecked()]
        if not name:
            say(self.alert, _("请填写姓名。"))
            return
        if not self.save_button.isEnabled():
            return
        self.save_button.setEnabled(False)
        at = self.grid.currentIndex()
        grid, phone, officer = self._grids[at - 1][0] if at > 0 else None, self.phone.text().strip() or None, self._officer
        if officer is None:
            self._desk.call(lambda ledger: accounts.add_officer(ledger, name, roles, grid, phone), self._saved, self._refused, acts=True)
        else:
            self._desk.call(lambda ledger: accounts.change_roles(ledger, officer, roles, grid), lambda _id: self._saved(None), self._refused, acts=True)

    def _saved(self, told: Any) -> None:
        self.save_button.setEnabled(True)
        self.done.emit(told)

    def _refused(self, failure: Sorted) -> None:
        self.save_button.setEnabled(True)
        say(self.alert, failure.text)


class ToldPage(QWidget):
    """A heading, something large to write down, and what to do with it; forgotten when left."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        page(self)
        whole = column(self)
        self.head = Heading(self.leave)
        whole.addWidget(self.head)
        made, inside = card()
        self.large, self.words = label("", "paper"), label("", wrap=True)
        self.large.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.close_button = button(_("抄好了"), self.leave, role="primary")
        for widget in (self.large, self.words):
            inside.addWidget(widget)
        inside.addLayout(row_of(self.close_button))
        ground = page()
        cards = column(ground, PAGE_MARGIN, PAGE_MARGIN)
        cards.addWidget(made)
        cards.addStretch(1)
        whole.addWidget(scrolled(ground), 1)

    def show_told(self, title: str, large: str, words: str) -> None:
        self.head.title.setText(title)
        self.large.setText(large)
        self.large.setVisible(bool(large))
        self.words.setText(words)
        self.close_button.setText(_("抄好了") if large else _("知道了"))
        self.close_button.setFocus()

    def leave(self) -> None:
        self.large.clear()
        self.words.clear()
        self.left.emit()
