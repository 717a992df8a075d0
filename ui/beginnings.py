"""Ledgers that begin with the exchange, on the first page: a new PC that joins a village, and a town's ledger."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QLineEdit

from gridapp import places
from gridapp.errors import Sorted
from gridapp.texts import _
from ui import theme
from ui.desk import Desk
from ui.widgets import CARD_MARGIN, GAP, answer, button, column, entry, label, row_of, say

ENDING = ".grid"
EXAMPLE_VILLAGE, EXAMPLE_TOWN = "330784108238", "330784108"


def fresh_path(code: str) -> Path:
    """A file in this user's data folder that does not exist yet, named after the village or town."""
    from gridapp.fields import codes

    named = codes.named(code)
    stem, number = named if named != code else _("台账"), 1
    path = places.data_dir() / f"{stem}{ENDING}"
    while path.exists():
        number += 1
        path = places.data_dir() / f"{stem}-{number}{ENDING}"
    return path


class Beginning(QFrame):
    """A card that asks for a code, perhaps for names, and the password twice; Enter goes on to the next line."""

    #: the ledger that was begun
    begun = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, title: str, under: str, code: tuple[str, str], go: str, *names: tuple[str, str]) -> None:
        """`code` is (label, example), each of `names` (label, hint)."""
        super().__init__()
        self.setProperty("role", "card")
        self._desk = desk
        inside = column(self, CARD_MARGIN, GAP)
        inside.addWidget(label(title, "title"))
        inside.addWidget(label(under, "muted", wrap=True))
        self.code = entry(text=code[1])
        self._called = label("", "muted", wrap=True)
        self.names = [entry(hint) for _words, hint in names]
        self.password = entry(_("至少 15 个字符，汉字算两个，建议一句好记的话"), secret=True)
        self.again = entry(secret=True)
        inside.addLayout(self._lines(code[0], [words for words, _hint in names]))
        self.alert = answer("alert")
        self.go_button = button(go, self.begin, role="primary")
        inside.addWidget(self.alert)
        inside.addWidget(self.go_button)
        inside.addLayout(row_of(button(_("返回"), self.left.emit, icon="arrow-left")))
        inside.addStretch(1)
        self._typed()

    def _lines(self, code: str, names: Sequence[str]) -> QFormLayout:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
        form.setVerticalSpacing(theme.look.px(10))
        told = [(code, self.code), ("", self._called), *zip(names, self.names, strict=True), (_("密码"), self.password),
                (_("再输一遍"), self.again)]
        for words, widget in told:
            form.addRow(label(words, "label"), widget)
            widget.setAccessibleName(words)
        return form

    def _typed(self) -> None:
        for here, following in pairwise([self.code, *self.names, self.password, self.again]):
            here.returnPressed.connect(following.setFocus)
        self.again.returnPressed.connect(self.begin)
        self.code.textChanged.connect(self._show_called)
        self._show_called(self.code.text())

    def first(self) -> QLineEdit:
        """Where typing begins."""
        return next(iter(self.names), self.password)

    def called(self, code: str) -> str:
        """The place of this code in words, '' when the tables lack it."""
        from gridapp.fields import codes

        return codes.named(code).replace(code, "")

    def _show_called(self, code: str) -> None:
        self._called.setText(self.called(code.strip()) or _("代码表里没有，请核对代码"))

    def begin(self) -> None:
        self.alert.hide()
        if self.password.text() != self.again.text():
            say(self.alert, _("两次输入的密码不一样，请重新输入。"))
            return
        self._enable(False)
        self.start(fresh_path(self.code.text().strip()), self.code.text().strip(), self.password.text())

    def start(self, path: Path, code: str, password: str) -> None:
        """Begin the ledger through the desk."""

    def failed(self, failure: Sorted) -> None:
        self._enable(True)
        say(self.alert, failure.text)

    def forget(self) -> None:
        """Passwords do not stay on the page."""
        self._enable(True)
        self.password.clear()
        self.again.clear()

    def _enable(self, yes: bool) -> None:
        self.go_button.setEnabled(yes)


class JoinCard(Beginning):
    """A new PC for a village that has a register already."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("新电脑加入已有的村"), _("村里已经有台账时用：先在本机建一个空台账，再向镇里申请配对，"
                         "镇里的回复会把村里的全部记录带过来。这台电脑的密码可以和别的电脑不同。镇里再加一台电脑也在这里，填 9 位镇代码。"),
                         (_("村代码"), EXAMPLE_VILLAGE), _("建立空台账，去申请配对"))

    def called(self, code: str) -> str:
        from gridapp.fields import codes

        found, town = codes.village(code), codes.town(code)
        return f"{found.county}{found.town}{found.display_name}" if found else f"{town[1]}{town[0]}" if town else ""

    def start(self, path: Path, code: str, password: str) -> None:
        def came(ledger: Any) -> None:
            self.forget()
            self.begun.emit(ledger)

        self._desk.join(path, password, code, came, self.failed)


class TownCard(Beginning):
    """A town's own ledger: the office that approves stations."""

    #: ledger, lines of the escrow key
    founded = Signal(object, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("建立镇级台账"), _("只在镇（街道）的第一台电脑上做一次：以后各村的电脑都由它批准。村里的电脑请返回，选“加入已有的村”或新建台账。"),
                         (_("镇（街道）代码"), EXAMPLE_TOWN), _("建立镇级台账"), (_("本机名称"), _("如“古山镇一号机”")), (_("工作人员"), _("您的姓名")))

    def called(self, code: str) -> str:
        from gridapp.fields import codes

        found = codes.town(code)
        return f"{found[1]}{found[0]}" if found else ""

    def start(self, path: Path, code: str, password: str) -> None:
        def came(ledger: Any, founded: Any) -> None:
            from gridapp.exchange import escrow

            self.forget()
            self.founded.emit(ledger, escrow.on_paper(founded.escrow))

        name, clerk = (field.text().strip() for field in self.names)
        if not clerk:
            self.failed(Sorted(_("请填写您的姓名，以后每次操作都记在您的名下。")))
            return
        self._desk.found_town(path, password, code, name, clerk, came, self.failed)
