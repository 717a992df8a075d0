"""Approving a PC at the town (批准): its request, the digits compared, whom it replaces, and the answer written for its stick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gridapp.errors import Sorted
from gridapp.exchange import joining, rollcall
from gridapp.exchange.joining import Accepted
from gridapp.exchange.rollcall import Line
from gridapp.exchange.slips import Request, refuse_other_digits
from gridapp.ledger import Ledger
from gridapp.texts import _
from ui import files
from ui.comparing import Compare, spaced
from ui.desk import Desk
from ui.flow import Flow
from ui.forms.choices import Box
from ui.lists.facts import rows_grid
from ui.lists.record import Heading, show_time
from ui.widgets import PAGE_MARGIN, answer, button, card, column, empty, label, page, say, scrolled

ANSWER = ".wsb"


@dataclass(frozen=True)
class Asked:
    """A request, with its digits reckoned in the worker."""

    request: Request
    digits: str


def read(ledger: Ledger, path: Path) -> Asked:
    """The request in a file."""
    del ledger
    request = joining.read(path)
    return Asked(request, request.digits)


def admit(ledger: Ledger, request: Request, heard: str | None, target: Path, replaces: UUID | None) -> tuple[Accepted, str]:
    """Approve and write the answer; also the digits to read out. Raises DigitsDiffer and what joining.accept raises."""
    if heard is not None:
        refuse_other_digits(request.digits, heard)
    done = joining.accept(ledger, request, target, replaces=replaces)
    return done, done.answer.digits


def _whose(scope: str) -> str:
    """'青后叶村（330784108238）'; a village the tables lack by its code alone."""
    named = rollcall.place(scope)
    return named if named == scope[2:] else _("{0}（{1}）").format(named, scope[2:])


class AdmitPage(QWidget):
    """One request."""

    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        page(self)
        self._desk, self._asked = desk, None  # type: tuple[Desk, Asked | None]
        whole = column(self)
        head = Heading(self.left.emit)
        head.title.setText(_("批准一台电脑"))
        whole.addWidget(head)
        inside = page()
        cards = column(inside, PAGE_MARGIN, PAGE_MARGIN)
        for made in (self._request_card(), self._compare_card(), self._answer_card()):
            cards.addWidget(made)
        cards.addStretch(1)
        self._area = scrolled(inside)
        whole.addWidget(self._area, 1)

    def _request_card(self) -> QFrame:
        self._request_frame, inside = card(_("谁在申请"))
        self._rows = QVBoxLayout()
        inside.addLayout(self._rows)
        self.replaces = Box()
        self.replaces.setAccessibleName(_("新增还是换下旧电脑"))
        inside.addWidget(label(_("新增还是换下旧电脑（换下的旧电脑随即停用）"), "label", wrap=True))
        inside.addWidget(self.replaces)
        return self._request_frame

    def _compare_card(self) -> QFrame:
        self._compare_frame, inside = card(_("第一步　核对数字"), _("请他们打电话来，念出那台电脑屏幕上的两组数字。不一致就是文件拿错或被调换过，不能批准。"))
        self.compare = Compare(_("输入对方念的两组数字"), _("当面核对，数字一样（勾选后显示）"))
        self.compare.changed.connect(self._compared)
        self.compare.entered.connect(self.choose_target)
        inside.addWidget(self.compare)
        self.admit_button = button(_("批准，把回复写到U盘…（Ctrl+S）"), self.choose_target, icon="check", role="primary", key="Ctrl+S")
        inside.addLayout(Flow(self.admit_button))
        self._alert = answer("alert")
        inside.addWidget(self._alert)
        return self._compare_frame

    def _answer_card(self) -> QFrame:
        self._answer_frame, inside = card(_("第二步　把回复交给他们"))
        self._written = label("", wrap=True)
        self.digits = label("", "digits")
        inside.addWidget(self._written)
        inside.addWidget(self.digits)
        inside.addWidget(label(_("他们导入时会打电话来，请把这两组数字念给他们。离开以后也能再看：在“镇”里选中这台电脑，按“再看核对数字”。"), "muted", wrap=True))
        self.done_button = button(_("念完了（Enter）"), self.left.emit, icon="check", role="primary")
        inside.addLayout(Flow(self.done_button))
        self._answer_frame.hide()
        return self._answer_frame

    # -- showing

    def show_request(self, asked: Asked, stations: Sequence[Line], replaces: UUID | None) -> None:
        """Begin with a request; `replaces` is the station whose PC is exchanged, if that is meant."""
        self._asked = asked
        told = asked.request
        empty(self._rows)
        made = datetime.fromtimestamp(told.made_at / 1000, UTC)
        self._rows.addLayout(rows_grid([(_("名称"), told.name), (_("哪个村"), _whose(told.scope)),
                                        (_("申请时间"), show_time(made))]))
        self.replaces.clear()
        self.replaces.addItem(_("新增一台"), None)
        for line in stations:
            if told.scope in line.scopes and not line.own and line.state != "replaced":
                self.replaces.addItem(_("换下“{0}”").format(line.name), line.id)
        self.replaces.setCurrentIndex(max(0, self.replaces.findData(replaces)))
        self.compare.begin(asked.digits)
        self._compared()
        self._alert.hide()
        self._answer_frame.hide()
        self._compare_frame.show()
        self._request_frame.show()
        self.replaces.setEnabled(True)
        self.compare.field.setFocus()

    def _compared(self) -> None:
        self.admit_button.setEnabled(self.compare.ready)

    # -- approving

    def choose_target(self) -> None:
        """Where to write the answer: the stick the request came on, as a rule."""
        if self._asked is None or not self.admit_button.isEnabled():
            return
        chosen = files.to_write(self, _("把回复写到U盘"), _("给{0}的回复").format(self._asked.request.name) + ANSWER, _("镇里的回复 (*{0})").format(ANSWER))
        if chosen is not None:
            self.admit(chosen)

    def admit(self, target: Path) -> None:
        assert self._asked is not None
        request, heard, replaces = self._asked.request, self.compare.heard, self.replaces.currentData()
        self._alert.hide()
        self.admit_button.setEnabled(False)
        self._desk.call(lambda ledger: admit(ledger, request, heard, target, replaces), self._admitted, self._refused, acts=True)

    def _refused(self, failure: Sorted) -> None:
        self._compared()
        say(self._alert, failure.text)

    def _admitted(self, told: tuple[Accepted, str]) -> None:
        done, digits = told
        self.replaces.setEnabled(False)
        self._show_digits(_("已批准“{0}”，回复写进了 {1}。").format(done.request.name, "、".join(done.handed.names)), digits)

    def show_answer(self, words: str, digits: str) -> None:
        """The digits of an answer that was written before."""
        self._request_frame.hide()
        self._show_digits(words, digits)

    def _show_digits(self, words: str, digits: str) -> None:
        self._asked = None
        self._written.setText(words)
        self.digits.setText(spaced(digits))
        self._compare_frame.hide()
        self._answer_frame.show()
        self.done_button.setFocus()
        QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(self.done_button))  # once the digits have their place
