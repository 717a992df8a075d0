"""配对: how a village's PC gets acquainted with its town: a request on a stick, the town's answer, digits compared both ways."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame

from gridapp.errors import Sorted
from gridapp.exchange import founding, joining, pairing
from gridapp.exchange.incoming import TakenIn
from gridapp.fields import codes
from gridapp.ledger import Ledger
from gridapp.records import ENTITIES, Act, Lease, Station
from gridapp.settings import Settings
from gridapp.texts import _
from gridapp.work import village
from ui import files
from ui.comparing import Compare, spaced
from ui.desk import Desk
from ui.flow import Flow
from ui.lists.record import Heading
from ui.screens import SCREENS
from ui.screens.pages import Pages
from ui.widgets import PAGE_MARGIN, answer, button, card, column, empty, entry, label, page, pill, say, scrolled

REQUEST, ANSWER = ".wsq", ".wsb"
#: what the configuration brings beside the village's records
OFFICIAL = (Act, Station, Lease)


@dataclass(frozen=True)
class Standing:
    """How far this PC is: what it is called, what it asked last, which town it is paired with."""

    called: str
    asked: str
    digits: str
    towns: tuple[str, ...]


def standing(ledger: Ledger) -> Standing:
    """Where the pairing of this PC stands."""
    told, request = pairing.answered(ledger), pairing.asked(ledger)
    code = ledger.scope[2:]
    called = (request.name if request else told.certificate.name if told else
              founding.default_name(ledger).replace(code, codes.named(code)))
    return Standing(called, request.name if request else "", request.digits if request else "",
                    tuple(t.name for t in told.towns) if told else ())


def finish(ledger: Ledger, path: Path, heard: str | None) -> TakenIn:
    """Believe the town, take its first parcel in, and sign in the officer that came with it."""
    taken = joining.finish(ledger, path, heard)
    if not ledger.officer:
        ledger.sign_in(ledger.ask(village.first_officer))
    return taken


def came(taken: TakenIn) -> str:
    """What a first parcel brought, in a sentence."""
    counted = Counter(code for code, _id in taken.admitted.touched if code in ENTITIES and ENTITIES[code] not in OFFICIAL)
    kinds = "、".join(f"{ENTITIES[code].TITLE} {count:,}" for code, count in sorted(counted.items()))
    words = _("收到 {0:,} 条记录（{1}）。").format(counted.total(), kinds) if kinds else _("没有新的记录：本机都有了，或者镇里还没有本村的台账。")
    if taken.held:
        words += _("有 {0:,} 段还不能用，先暂存，补齐后会自动导入。").format(taken.held)
    return words + (_("还差 {0:,} 张照片，下次交接会带来。").format(taken.wanted) if taken.wanted else "")


class JoiningScreen(Pages):
    """Two steps on cards; nothing here stops in a box."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._path: Path | None = None
        self._typed = False
        holder = page()
        whole = column(holder)
        head = Heading(self.leave)
        head.title.setText(_("和镇里配对"))
        whole.addWidget(head)
        inside = page()
        cards = column(inside, PAGE_MARGIN, PAGE_MARGIN)
        for made in (self._state_card(), self._ask_card(), self._answer_card()):
            cards.addWidget(made)
        cards.addStretch(1)
        self._area = scrolled(inside)
        whole.addWidget(self._area, 1)
        self.set_home(holder)

    def leave(self) -> None:
        """Back to where parcels are; the town's own ledger has nobody to ask."""
        for key in ("town" if self.desk.scope.startswith("t:") else "exchange", "today"):
            if any(entry.key == key for entry in SCREENS):
                self.go.emit(key, "", ())
                return

    # -- the cards

    def _state_card(self) -> QFrame:
        made, inside = card()
        self._state = Flow()
        inside.addLayout(self._state)
        self._words = label("", wrap=True)
        inside.addWidget(self._words)
        return made

    def _ask_card(self) -> QFrame:
        made, inside = card(_("第一步　把申请交给镇里"), _("插上U盘，写一份申请。申请里没有居民信息，只有这台电脑的名称和公开的编号。"))
        self.name = entry(_("如“青后叶村一号机”"))
        self.name.setAccessibleName(_("这台电脑的名称"))
        self.name.textEdited.connect(lambda _text: self._name_typed())
        self.name.returnPressed.connect(self.ask)
        inside.addWidget(label(_("这台电脑的名称（镇里看到的就是它）"), "label", wrap=True))
        inside.addWidget(self.name)
        self.ask_button = button(_("把申请写到U盘…（F2）"), self.ask, icon="usb", role="primary", key="F2")
        inside.addLayout(Flow(self.ask_button))
        self._ask_told = answer("alert")
        inside.addWidget(self._ask_told)
        self.digits = label("", "digits")
        self._call = answer("")
        inside.addWidget(self.digits)
        inside.addWidget(self._call)
        self.digits.hide()
        return made

    def _answer_card(self) -> QFrame:
        made, inside = card(_("第二步　导入镇里的回复"), _("镇里批准后会在U盘里写一份回复。选好文件，再和镇里核对数字，核对过才会采用。"))
        self.answer_button = button(_("选择镇里的回复…（F3）"), self.choose_answer, icon="folder-open", key="F3")
        inside.addLayout(Flow(self.answer_button))
        self.compare = Compare(_("请打电话给镇里，输入镇里念的两组数字"), _("当面核对，数字一样（勾选后显示）"))
        self.compare.changed.connect(self._compared)
        self.compare.entered.connect(self.finish)
        inside.addWidget(self.compare)
        self.compare.hide()
        self.finish_button = button(_("核对好了，完成配对（F4）"), self.finish, icon="check", role="primary", key="F4")
        inside.addLayout(Flow(self.finish_button))
        self.finish_button.hide()
        self._answer_told = answer("alert")
        self._result = answer("")
        inside.addWidget(self._answer_told)
        inside.addWidget(self._result)
        self.work_button = button(_("开始工作"), lambda: self.go.emit("today", "", ()), icon="house", role="primary")
        inside.addLayout(Flow(self.work_button))
        self.work_button.hide()
        return made

    # -- showing

    def refresh(self) -> None:
        self.desk.call(standing, self._show, lane="joining")

    def _show(self, told: Standing) -> None:
        empty(self._state)
        if told.digits:
            words, colour, more = _("已申请，等镇里的回复"), "blue", _("申请已经写好。请和镇里核对数字；镇里批准后，导入它的回复（第二步）。")
        elif told.towns:
            words, colour = _("✓ 已配对"), "green"
            more = _("这台电脑叫“{0}”，和“{1}”互相认识，可以交接。只有换了镇，或台账被复制到另一台电脑时，才需要重新申请。").format(
                told.called, "、".join(told.towns))
        else:
            words, colour = _("还没有配对"), "yellow"
            more = _("配对以后，U盘上的内容才知道交给谁、谁能打开。只做一次，分两步。")
        self._state.addWidget(pill(words, colour))
        self._words.setText(more)
        if not self._typed:
            self.name.setText(told.called)
        self._show_digits(told.digits)

    def _show_digits(self, digits: str) -> None:
        self.digits.setText(spaced(digits))
        self.digits.setVisible(bool(digits))
        self._call.setText(_("请打电话给镇里管台账的人（用您平时打的号码），把这两组数字念给对方；对方电脑上的必须一样。然后把U盘交给镇里。"))
        self._call.setVisible(bool(digits))

    def _name_typed(self) -> None:
        self._typed = True

    # -- first step

    def ask(self) -> None:
        """Where to write the request: a stick as a rule."""
        name = self.name.text().strip()
        chosen = files.to_write(self, _("把申请写到U盘"), f"{name or _('申请')}{REQUEST}", _("配对申请 (*{0})").format(REQUEST))
        if chosen is not None:
            self.write_request(chosen)

    def write_request(self, path: Path) -> None:
        self._ask_told.hide()
        name = self.name.text().strip()

        def written(_request: Any) -> None:
            self._typed = False
            self._result.hide()
            self.desk.call(standing, shown, lane="joining")

        def shown(told: Standing) -> None:
            self._show(told)
            QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(self._call))  # once the digits have their place

        self.desk.call(lambda ledger: joining.write_request(ledger, path, name), written, lambda failure: say(self._ask_told, failure.text))

    # -- second step

    def choose_answer(self) -> None:
        chosen = files.to_read(self, _("选择镇里的回复"), _("镇里的回复 (*{0});;所有文件 (*)").format(ANSWER))
        if chosen is not None:
            self.look_at(chosen)

    def look_at(self, path: Path) -> None:
        """Open an answer, to compare its digits."""
        self._answer_told.hide()
        self._result.hide()
        self.work_button.hide()

        def seen(digits: str) -> None:
            self._path = path
            self.compare.begin(digits)
            self.compare.show()
            self.finish_button.show()
            self._compared()
            self.compare.field.setFocus()
            QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(self.finish_button))

        self.desk.call(lambda ledger: joining.look(ledger, path).digits, seen, self._refused)

    def _compared(self) -> None:
        self.finish_button.setEnabled(self.compare.ready)

    def _refused(self, failure: Sorted) -> None:
        say(self._answer_told, failure.text)
        self._compared()

    def finish(self) -> None:
        path, heard = self._path, self.compare.heard
        if path is None or not self.compare.ready or not self.finish_button.isEnabled():
            return
        self._answer_told.hide()
        self.finish_button.setEnabled(False)
        self.desk.call(lambda ledger: finish(ledger, path, heard), self._finished, self._refused, acts=True)

    def _finished(self, taken: TakenIn) -> None:
        self._path = None
        self.compare.hide()
        self.finish_button.hide()
        say(self._result, _("✓ 配对完成。{0}").format(came(taken)))
        self.work_button.show()
        self.work_button.setFocus()
        self.refresh()
        self.desk.look_around()  # the first parcel brought village and officers


def build(desk: Desk, _settings: Settings) -> JoiningScreen:
    return JoiningScreen(desk)
