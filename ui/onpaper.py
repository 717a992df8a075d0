"""Secrets that stand on paper only (恢复纸, 应急密钥): shown once, then two groups are asked back from the paper; only then it goes on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gridapp.errors import Sorted
from gridapp.texts import _
from ui import files, theme
from ui.desk import Desk
from ui.flow import Flow
from ui.paged import Document
from ui.widgets import CARD_MARGIN, GAP, answer, button, column, empty, entry, label, row_of, say

#: how many groups are asked back from the paper
ASKED_BACK = 2
#: the QR code on the screen, in design pixels
QR_SIDE = 168


class OnPaper(QFrame):
    """A card for one secret; what it is, how it is shown and what is asked back say the subclasses."""

    #: the ledger
    written = Signal(object)

    def __init__(self, desk: Desk, title: str, advice: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._desk, self._advice = desk, advice
        self._ledger: Any = None
        self._lines: Sequence[str] = ()
        self.asked: list[tuple[str, QLineEdit]] = []
        inside = column(self, CARD_MARGIN, GAP)
        inside.addWidget(label(title, "title"))
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

    # -- what the subclasses say

    def shown(self) -> QWidget:
        """The secret, to be read."""
        raise AssertionError("a subclass shows it")

    def groups(self) -> Sequence[tuple[str, str]]:
        """Groups at random: how each is called and what it is."""
        raise AssertionError("a subclass knows its groups")

    def keep(self, ledger: Any) -> None:
        """It stands on paper: in the worker."""

    # -- showing, asking back

    def show_key(self, ledger: Any, lines: Sequence[str]) -> None:
        self._ledger, self._lines = ledger, lines
        self._show_lines()

    def forget(self) -> None:
        """Nothing of it stays in the window."""
        self._ledger, self._lines, self.asked = None, (), []
        empty(self._middle)

    def _show_lines(self) -> None:
        self.asked = []
        empty(self._middle)
        self.alert.hide()
        self._under.setText(self._advice)
        self._middle.addWidget(self.shown())
        self.next_button.setText(_("抄好了，核对一下"))
        self.back_button.hide()
        self.next_button.setFocus()

    def _next(self) -> None:
        self._check() if self.asked else self._ask_back()

    def _ask_back(self) -> None:
        empty(self._middle)
        self._under.setText(_("请看着纸，输入下面这几组字母。"))
        for words, text in self.groups():
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
        ledger = self._ledger
        self.forget()
        self._desk.call(self.keep, lambda _answer: self.written.emit(ledger))


class EscrowCard(OnPaper):
    """The town's escrow key, written down by hand."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("把应急密钥抄在纸上"), _(
            "镇里的电脑万一全坏了，只有这张纸能打开交接包。它只在这里显示一次，程序不保存。请连行号和末尾的校验字母一起抄，"
            "抄两份分两处锁好，不要拍照。里面没有字母 B、I、O，也没有数字 1，像 O 的都是零。"))

    def shown(self) -> QWidget:
        return _table([told.split() for told in self._lines])

    def groups(self) -> Sequence[tuple[str, str]]:
        chance = random.SystemRandom()
        found = []
        for number, told in sorted(chance.sample(list(enumerate(self._lines, 1)), ASKED_BACK)):  # of different lines
            group, text = chance.choice(list(enumerate(told.split()[1:-1], 1)))
            found.append((_("第 {0} 行第 {1} 组").format(number, group), text))
        return found

    def keep(self, ledger: Any) -> None:
        from gridapp.exchange import founding

        founding.escrow_written(ledger)


class SheetCard(OnPaper):
    """The recovery sheet of a ledger, printed or written down."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("恢复纸：忘了密码时只有它能打开"), _(
            "请打印或抄下来，锁在村委会的柜子里；不要拍照，不要和电脑放在一起。它只在这里显示一次，程序不保存，谁拿到都能打开台账。"
            "里面没有字母 B、I、O，也没有数字 1，像 O 的都是零。"))

    def shown(self) -> QWidget:
        made = QWidget()
        whole = column(made, 0, GAP)
        across = QHBoxLayout()
        across.addWidget(_table([[_("第 {0} 组").format(number), group] for number, group in enumerate(self._lines, 1)]), 1)
        code = label()
        code.setPixmap(qr(" ".join(self._lines), theme.look.px(QR_SIDE)))
        code.setAccessibleName(_("二维码"))
        across.addWidget(code)
        whole.addLayout(across)
        whole.addLayout(Flow(button(_("打印（Ctrl+P）"), self.print, icon="printer", key="Ctrl+P"),
                             button(_("保存为 PDF…"), self._save_as, icon="file-down")))
        self.saved = answer("muted")
        whole.addWidget(self.saved)
        return made

    def groups(self) -> Sequence[tuple[str, str]]:
        chance = random.SystemRandom()
        return [(_("第 {0} 组").format(number), text) for number, text in sorted(chance.sample(list(enumerate(self._lines, 1)), ASKED_BACK))]

    def keep(self, ledger: Any) -> None:
        from gridapp.work import recovery

        recovery.sheet_checked(ledger)

    def pdf(self) -> bytes:
        """The sheet to print."""
        from gridapp.printing.papers import k01
        from gridapp.work import village

        where = self._ledger.ask(village.desk)
        today: date = self._ledger.today
        return k01.drawn(where.home(self._ledger.scope), self._lines, today)

    def print(self) -> None:
        from ui import printers

        self._desk.call(lambda _ledger: self.pdf(), lambda data: printers.send(Document(data), self, lambda words: say(self.saved, words)))

    def _save_as(self) -> None:
        chosen = files.to_write(self, _("保存为 PDF"), f"K01 {_('恢复纸')}.pdf", "PDF (*.pdf)")
        if chosen is not None:
            self.save(chosen)

    def save(self, path: Path) -> None:
        """On a stick that is locked away with the paper; never beside the ledger."""
        def job(_ledger: Any) -> None:
            from gridapp import printing

            printing.keep(self.pdf(), path)

        self._desk.call(job, lambda _answer: say(self.saved, _("✓ 已保存：{0}。打印以后请删除这个文件。").format(path)), self._not_saved)

    def _not_saved(self, failure: Sorted) -> None:
        say(self.saved, failure.text)


def _table(rows: Sequence[Sequence[str]]) -> QWidget:
    """Group under group, so that the eye does not slip while copying; the last of each row stands under the last."""
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.look.px(24))
    grid.setVerticalSpacing(theme.look.px(6))
    last = max(len(told) for told in rows) - 1
    for row, told in enumerate(rows):
        *parts, check = told
        for place, part in (*enumerate(parts), (last, check)):
            grid.addWidget(label(part, "paper"), row, place)
    grid.setColumnStretch(last, 1)
    return made


def qr(payload: str, side: int) -> QPixmap:
    """A QR code on white, whatever the look: a scanner wants dark on light."""
    import segno

    rows = segno.make(payload, error="m", micro=False).matrix
    quiet = 4
    image = QImage(len(rows) + 2 * quiet, len(rows) + 2 * quiet, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                image.setPixel(across + quiet, down + quiet, 0xFF000000)
    return QPixmap.fromImage(image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation))

