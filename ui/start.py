"""The first page: open the ledger with its password, or begin a new one. Nothing here stops in a box."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from gridapp import places
from gridapp.errors import Sorted
from gridapp.texts import _
from ui import files, theme
from ui.beginnings import EXAMPLE_VILLAGE, JoinCard, TownCard, fresh_path
from ui.desk import Desk
from ui.flow import Flow
from ui.onpaper import EscrowCard
from ui.rescuing import RescueCard
from ui.widgets import PAGE_MARGIN, answer, button, card, column, entry, label, page, row_of, say, scrolled

WIDTH = 560


class StartPage(QWidget):
    """Password for the known ledger, the form of a new one, a new PC that joins a village, a town's ledger and its escrow key."""

    #: path and where we are (village, grid, officer)
    opened = Signal(object, object)

    def __init__(self, desk: Desk, ledger: Path | str | None) -> None:
        super().__init__()
        page(self)
        self._desk, self.path, self._keys_lost = desk, ledger, False
        self._middle = QWidget()
        self.join_card, self.town_card, self.escrow_card = JoinCard(desk), TownCard(desk), EscrowCard(desk)
        self.rescue_card = RescueCard(desk)
        self._cards = [self._open_card(), self._new_card(), self.join_card, self.town_card, self.escrow_card, self.rescue_card]
        self.rescue_card.restored.connect(self._restored)
        self.rescue_card.left.connect(lambda: self._show_known() if self.path is not None else self._show_new())
        self.join_card.begun.connect(self._opened)
        self.town_card.founded.connect(self._show_escrow)
        self.escrow_card.written.connect(self._opened)
        for beginning in (self.join_card, self.town_card):
            beginning.left.connect(self._show_new)
        cards = column(self._middle)
        for made in self._cards:
            cards.addWidget(made)
        inside = page()
        outer = QHBoxLayout(inside)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addStretch(1)
        middle = QVBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._middle)
        middle.addStretch(2)
        outer.addLayout(middle)
        outer.addStretch(1)
        column(self).addWidget(scrolled(inside))
        self._fit()
        known = isinstance(ledger, str) or ledger is not None and ledger.exists()
        self._show_known() if known else self._show_new()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A card is no wider than the window, however large the type."""
        self._middle.setFixedWidth(min(theme.look.px(WIDTH), max(self.width() - 2 * theme.look.px(PAGE_MARGIN), theme.look.px(240))))

    # -- cards

    def _open_card(self) -> QFrame:
        made, inside = card()
        inside.addWidget(label(_("平安网格"), "title"))
        inside.addWidget(label(_("流动人口和出租房屋台账"), "muted"))
        self._known = label(wrap=True)
        self.password = entry(_("密码"), secret=True)
        self.password.returnPressed.connect(self.open)
        self._open_alert = answer("alert")
        self.open_button = button(_("打开（Enter）"), self.open, role="primary")
        for widget in (self._known, self.password, self._open_alert, self.open_button):
            inside.addWidget(widget)
        inside.addLayout(row_of(button(_("打开别的台账…"), self._choose), button(_("新建台账…"), self._show_new),
                                button(_("从备份恢复…"), self.show_rescue)))
        inside.addStretch(1)
        return made

    def _new_card(self) -> QFrame:
        made, inside = card()
        inside.addWidget(label(_("新建台账"), "title"))
        inside.addWidget(label(_("台账是一个加密文件，只有密码能打开。密码请记牢，忘记了谁也打不开。"), "muted", wrap=True))
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        form.setVerticalSpacing(theme.look.px(10))
        self.code = entry(text=EXAMPLE_VILLAGE)
        self.code.textChanged.connect(self._name_village)
        self._village = label("", "muted", wrap=True)
        self.grid = entry(text=_("第一网格"))
        self.officer = entry(_("您的姓名"))
        self.new_password = entry(_("至少 15 个字符，汉字算两个，建议一句好记的话"), secret=True)
        self.again = entry(secret=True)
        self.again.returnPressed.connect(self.begin)
        typed = (self.code, self.grid, self.officer, self.new_password, self.again)
        for here, following in pairwise(typed):
            here.returnPressed.connect(following.setFocus)
        for words, widget in ((_("村代码"), self.code), ("", self._village), (_("网格名称"), self.grid), (_("网格员"), self.officer),
                              (_("密码"), self.new_password), (_("再输一遍"), self.again)):
            form.addRow(label(words, "label"), widget)
            widget.setAccessibleName(words)
        inside.addLayout(form)
        self._new_alert = answer("alert")
        self.create_button = button(_("新建"), self.begin, role="primary")
        inside.addWidget(self._new_alert)
        inside.addWidget(self.create_button)
        inside.addLayout(Flow(button(_("打开已有的台账…"), self._choose), button(_("加入已有的村…"), self.show_join),
                              button(_("建立镇级台账…"), self.show_town), button(_("从备份恢复…"), self.show_rescue)))
        inside.addStretch(1)
        self._name_village(EXAMPLE_VILLAGE)
        return made

    def _name_village(self, code: str) -> None:
        from gridapp.fields import codes

        found = codes.village(code.strip())
        self._village.setText(f"{found.county}{found.town}{found.display_name}" if found else _("代码表里没有这个村，请核对 12 位代码"))

    # -- doing

    def _turn(self, index: int) -> None:
        """Show one of the cards, no higher than it needs to be (a stack would be as high as the highest)."""
        for place, made in enumerate(self._cards):
            made.setVisible(place == index)

    def _show_known(self) -> None:
        assert self.path is not None
        shown = self.path.rpartition("@")[2] if isinstance(self.path, str) else self.path  # never who logs in, or with what
        self._known.setText(_("台账：{0}").format(shown))
        self._turn(0)
        self._first(self.password)

    def _show_new(self) -> None:
        self._turn(1)
        self._first(self.officer)

    def show_join(self) -> None:
        """A new PC for a village that has a register."""
        self._turn(self._cards.index(self.join_card))
        self._first(self.join_card.first())

    def show_town(self) -> None:
        """The town's first PC."""
        self._turn(self._cards.index(self.town_card))
        self._first(self.town_card.first())

    def show_rescue(self) -> None:
        """A ledger that is damaged, incomplete or on a broken PC comes back from a backup."""
        self.rescue_card.begin(self.path if isinstance(self.path, Path) else None, self._keys_lost)
        self._turn(self._cards.index(self.rescue_card))
        self._first(self.rescue_card.password)

    def _restored(self, path: Path) -> None:
        """It is opened as any other: with the password of its time."""
        self.path, self._keys_lost = path, False
        self._show_known()
        say(self._open_alert, _("✓ 已从备份恢复。请用做这个备份时的密码打开。"))

    def _show_escrow(self, ledger: Any, lines: Sequence[str]) -> None:
        self._turn(self._cards.index(self.escrow_card))
        self.escrow_card.show_key(ledger, lines)

    def _first(self, field: QLineEdit) -> None:
        """The keyboard goes here."""
        self._begin_at = field
        field.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Only a page that is shown can hold the keyboard; the window would begin at its first field."""
        super().showEvent(event)
        self._begin_at.setFocus()

    def _choose(self) -> None:
        chosen = files.to_read(self, _("打开台账"), _("台账 (*.grid);;所有文件 (*)"), places.data_dir())
        if chosen is not None:
            self.path = chosen
            self._open_alert.hide()
            self._show_known()

    def open(self) -> None:
        """Try the password; a refusal is said under the field."""
        if self.path is not None and self.open_button.isEnabled():
            self._open_alert.hide()
            self._enable(False)
            self._desk.open(self.path, self.password.text(), self._opened, lambda f: self._refused(self._open_alert, f))

    def begin(self) -> None:
        """Begin a new ledger in this user's data folder, named after the village."""
        self._new_alert.hide()
        problem = self._problem()
        if problem:
            self._refused(self._new_alert, Sorted(problem))
            return
        self.path = fresh_path(self.code.text().strip())
        self._enable(False)
        self._desk.create(self.path, self.new_password.text(), self.code.text().strip(), self.grid.text().strip(),
                          self.officer.text().strip(), self._opened, lambda f: self._refused(self._new_alert, f))

    def _problem(self) -> str:
        if not self.officer.text().strip() or not self.grid.text().strip():
            return _("请填写网格名称和您的姓名。")
        if self.new_password.text() != self.again.text():
            return _("两次输入的密码不一样，请重新输入。")
        return ""

    def _opened(self, ledger: Any) -> None:
        from gridapp.work import village

        self._desk.ask(village.desk, then=lambda told: self.opened.emit(ledger.place, told))
        self._enable(True)
        for field in (self.password, self.new_password, self.again):
            field.clear()

    def _refused(self, where: QLabel, failure: Sorted) -> None:
        self._enable(True)
        self._keys_lost = type(failure).__name__ == "KeysMissing"  # the class is not loaded before it is raised
        say(where, failure.text)
        if where is self._open_alert:
            self.password.setFocus()
            self.password.selectAll()

    def _enable(self, yes: bool) -> None:
        for widget in (self.open_button, self.create_button, self.password):
            widget.setEnabled(yes)
