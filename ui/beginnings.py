"""Ledgers that begin with the exchange, on the first page: a new PC that joins a village, and a town's ledger with its escrow key."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from gridapp import places
from gridapp.errors import Sorted
from gridapp.texts import _
from ui import theme
from ui.desk import Desk
from ui.widgets import CARD_MARGIN, GAP, answer, button, column, empty, entry, label, row_of, say

ENDING = ".grid"
EXAMPLE_VILLAGE, EXAMPLE_TOWN = "330784108238", "330784108"
#: how many groups of the escrow key are asked back from the paper
ASKED_BACK = 2


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
                         "镇里的回复会把村里的全部记录带过来。这台电脑的密码可以和别的电脑不同。"),
                         (_("村代码"), EXAMPLE_VILLAGE), _("建立空台账，去申请配对"))

    def called(self, code: str) -> str:
        from gridapp.fields import codes

        found = codes.village(code)
        return f"{found.county}{found.town}{found.display_name}" if found else ""

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


def _written(ledger: Any) -> None:
    from gridapp.exchange import founding

    founding.escrow_written(ledger)


def _groups(lines: Sequence[str]) -> QWidget:
    """The lines of the key, group under group, so that the eye does not slip while copying."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.look.px(24))
    grid.setVerticalSpacing(theme.look.px(6))
    last = max(len(told.split()) for told in lines) - 1
    for row, told in enumerate(lines):
        *parts, check = told.split()
        for place, part in (*enumerate(parts), (last, check)):
            grid.addWidget(label(part, "paper"), row, place)
    grid.setColumnStretch(last, 1)
    return made


class EscrowCard(QFrame):
    """The escrow key, shown once: written down by hand, then two groups are asked back; only then the ledger opens."""

    #: the ledger
    written = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._desk = desk
        self._ledger: Any = None
        self._lines: Sequence[str] = ()
        self.asked: list[tuple[str, QLineEdit]] = []
        inside = column(self, CARD_MARGIN, GAP)
        inside.addWidget(label(_("把应急密钥抄在纸上"), "title"))
        self._under = label("", "muted", wrap=True)
        inside.addWidget(self._under)
        self._middle = QVBoxLayout()
        self._middle.setSpacing(theme.look.px(6))
        inside.addLayout(self._middle)
        self.alert = answer("alert")
        inside.addWidget(self.alert)
        self.next_button = button("", self._next, role="primary")
        self.back_button = button(_("再看一遍"), self._show_lines, icon="arrow-left")
        inside.addWidget(self.next_button)
        inside.addLayout(row_of(self.back_button))
        inside.addStretch(1)

    def show_key(self, ledger: Any, lines: Sequence[str]) -> None:
        self._ledger, self._lines = ledger, lines
        self._show_lines()

    def _show_lines(self) -> None:
        self.asked = []
        empty(self._middle)
        self.alert.hide()
        self._under.setText(_("镇里的电脑万一全坏了，只有这张纸能打开交接包。它只在这里显示一次，程序不保存。请连行号和末尾的校验字母一起抄，"
                              "抄两份分两处锁好，不要拍照。里面没有字母 B、I、O，也没有数字 1，像 O 的都是零。"))
        self._middle.addWidget(_groups(self._lines))
        self.next_button.setText(_("抄好了，核对一下"))
        self.back_button.hide()
        self.next_button.setFocus()

    def _next(self) -> None:
        self._check() if self.asked else self._ask_back()

    def _ask_back(self) -> None:
        empty(self._middle)
        self._under.setText(_("请看着纸，输入下面这几组字母。"))
        chance = random.SystemRandom()
        for number, told in sorted(chance.sample(list(enumerate(self._lines, 1)), ASKED_BACK)):  # of different lines
            group, text = chance.choice(list(enumerate(told.split()[1:-1], 1)))
            words = _("第 {0} 行第 {1} 组").format(number, group)
            field = entry(words)
            self._middle.addWidget(label(words, "label"))
            self._middle.addWidget(field)
            self.asked.append((text, field))
        for (_t, here), (_u, following) in pairwise(self.asked):
            here.returnPressed.connect(following.setFocus)
        self.asked[-1][1].returnPressed.connect(self._check)
        self.next_button.setText(_("核对"))
        self.back_button.show()
        self.asked[0][1].setFocus()

    def _check(self) -> None:
        wrong = [field for text, field in self.asked if "".join(field.text().split()).upper() != text]
        if wrong:
            say(self.alert, _("{0} 和屏幕上显示过的不一样。请对照纸再输一次；纸上抄错了就点“再看一遍”改正。").format(wrong[0].placeholderText()))
            wrong[0].setFocus()
            wrong[0].selectAll()
            return
        ledger, self._ledger, self._lines, self.asked = self._ledger, None, (), []
        empty(self._middle)
        self._desk.call(_written, lambda _answer: self.written.emit(ledger))
