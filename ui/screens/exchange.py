"""交接: where the hand-over to the town stands; the stick in, one button out, one button in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout

from gridapp.errors import Sorted
from gridapp.settings import Settings
from gridapp.texts import _
from ui import theme
from ui.desk import Desk
from ui.flow import Flow
from ui.screens.exchange_book import BookPage
from ui.screens.exchange_held import HeldPage
from ui.screens.exchange_out import HandOverCard
from ui.screens.exchange_preview import PreviewPage
from ui.screens.exchange_rows import at
from ui.screens.exchange_sticks import Place, SticksCard
from ui.screens.pages import Pages
from ui.widgets import PAGE_MARGIN, answer, button, card, column, empty, label, page, pill, row_of, say, scrolled

POLL_MS = 2000
SLIP = "F27"
TWO_ACROSS_FROM = 760


class ExchangeScreen(Pages):
    """Cards: standing, the stick, handing over, taking in; pages in front: the preview, the book, what waits."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.told: Any = None
        self._to = b""
        inside = page()
        whole = column(inside, PAGE_MARGIN, PAGE_MARGIN)
        made, self._standing = card()
        whole.addWidget(made)
        self._paired = page()
        below = column(self._paired, 0, PAGE_MARGIN)
        self.sticks = SticksCard()
        self.sticks.changed.connect(self._place_chosen)
        self.out = HandOverCard(desk)
        self.out.done.connect(self.refresh)
        self.out.chose.connect(self._hand_over_to)
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._cards.setSpacing(theme.look.px(PAGE_MARGIN))
        self._cards.addWidget(self.out, 1)
        self._cards.addWidget(self._in_card(), 1)
        below.addWidget(self.sticks)
        below.addLayout(self._cards)
        whole.addWidget(self._paired)
        whole.addStretch(1)
        self._paired.hide()
        self.set_home(scrolled(inside, name=_("交接")))
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.look_for_sticks)
        self._asking = False

    def _in_card(self) -> Any:
        made, inside = card(_("接收"), _("先看里面有什么，您同意了才写进台账；看不懂的先不接收，U盘上的文件不会少。"))
        self.look_button = button(_("看看里面有什么（F4）"), self.look_inside, icon="inbox", key="F4")
        self.look_button.setEnabled(False)
        self.undo_button = button(_("撤销这次接收（F9）"), self.undo_merge, icon="undo-2", key="F9")
        self._last = label("", "muted", wrap=True)
        self._in_told = answer("notice")
        inside.addLayout(Flow(self.look_button))
        inside.addWidget(self._in_told)
        inside.addWidget(self._last)
        inside.addLayout(Flow(self.undo_button))
        inside.addStretch(1)
        return made

    # -- asking

    def refresh(self) -> None:
        def job(ledger: Any) -> Any:
            from gridapp.exchange import overview

            return overview.overview(ledger, self._to)

        self.desk.call(job, self._show, lane="exchange")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look_for_sticks()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def look_for_sticks(self) -> None:
        """Once at a time: a long job before it must not pile them up."""
        if self._asking or self.desk.ledger is None:
            return
        self._asking = True

        def job() -> Any:
            from gridapp.exchange.carriers import sticks

            return sticks.plugged_in()

        def came(found: Any) -> None:
            self._asking = False
            self.sticks.show_sticks(found)

        self.desk.worker.submit(job, came)

    def keep_now(self) -> None:
        """The window closes: what was copied from the stick to be looked at is forgotten."""
        super().keep_now()
        for front in self.findChildren(PreviewPage):
            front.forget()

    # -- showing

    def _show(self, told: Any) -> None:
        self.told = told
        empty(self._standing)
        (self._show_paired if told.receivers or told.standing.paired else self._show_unpaired)(told)
        self._paired.setVisible(bool(told.receivers))
        self.out.show_plan(told)
        self._show_last(told.last)

    def _show_unpaired(self, told: Any) -> None:
        self._standing.addWidget(label(_("还没有和镇里配对"), "subtitle"))
        if told.town:
            words = _("镇级台账建好以后，请在“镇”里批准各村的配对申请；批准后就能在这里和各村交接。")
        elif told.asked:
            words = _("配对申请已经写好。请把申请文件交给镇里；拿到镇里的回复文件后，再回到“配对”里导入。")
        else:
            words = _("配对以后，插上U盘就能把本村的登记交给镇里，镇里的更正也会带回来；内容全程加密，只有镇里打得开。"
                      "配对只做一次：写一个申请文件交给镇里，再导入镇里的回复。")
        self._standing.addWidget(label(words, wrap=True))
        if told.town:
            if self.reaches("town"):
                self._standing.addLayout(row_of(button(_("到“镇”里批准（F2）"), lambda: self.go.emit("town", "", ()), icon="check", role="primary", key="F2")))
        elif self.reaches("joining"):
            pairing = _("继续配对（F2）") if told.asked else _("申请配对（F2）")
            self._standing.addLayout(row_of(button(pairing, lambda: self.go.emit("joining", "", ()), icon="key-round", role="primary", key="F2")))

    def _show_paired(self, told: Any) -> None:
        from gridapp.exchange.overview import lateness

        standing = told.standing
        head = [label(standing.town or _("和各村的交接"), "subtitle")]
        if standing.town:
            head.append(pill(days_words(standing), lateness(standing)))
        self._standing.addLayout(Flow(*head))
        if standing.town:
            words = waiting_words(standing) + _("。")
            if standing.waiting and standing.handed is not None:
                words += _("丢了U盘也不要紧，下次会再交一遍。")
        else:
            words = _("这台电脑是镇里的：插上各村的U盘接收，再把镇里的更正交给各村带回去。")
        self._standing.addWidget(label(words, wrap=True))
        ways = [
            button(_("往来记录（F6）"), self.show_book, icon="history", key="F6", role="tight"),
            button(_("暂存 {0:,}（F7）").format(standing.held), self.show_held, icon="hourglass", key="F7", role="tight")]
        if self.reaches("clashes"):
            ways.append(button(_("冲突 {0:,}（F8）").format(told.open), lambda: self.go.emit("clashes", "", ()), icon="triangle-alert", key="F8", role="tight"))
        self._standing.addLayout(Flow(*ways))

    def _show_last(self, line: Any) -> None:
        from gridapp.exchange import incoming

        theirs = self.desk.can(incoming.undo_merge)
        self.undo_button.setVisible(line is not None and theirs)
        if line is None:
            self._last.setText(_("还没有接收过，或者最近一次已经撤销。"))
            return
        from gridapp.exchange.overview import in_words

        words = _("最近一次接收：{0}，{1}，{2}。").format(at(line.parcel.at), line.station, in_words(line.parcel.counts) or _("没有新内容"))
        self._last.setText(words + (_("不对的话可以整个撤销，直到下一次接收为止；也可以在“往来记录”里逐条退回。") if theirs else
                                    _("不对的话，请网格长在下一次接收以前撤销。")))

    # -- the stick

    @property
    def place(self) -> Place | None:
        return self.sticks.place

    def _place_chosen(self) -> None:
        self.out.place = self.place
        self.out.ready()
        self.look_button.setEnabled(self.place is not None)

    def _hand_over_to(self, device: object) -> None:
        self._to = bytes(device) if isinstance(device, bytes) else b""
        self.refresh()

    # -- taking in

    def look_inside(self) -> None:
        """Open everything on the stick that is for this station and show it before anything is written."""
        place = self.place
        if place is not None:
            self._in_told.hide()
            front = PreviewPage(self.desk)
            front.left.connect(self.back)
            self.show_page(front, passing=True)
            front.begin(place)

    def undo_merge(self) -> None:
        """Take the newest taking-in back as one act."""
        def job(ledger: Any) -> Any:
            from gridapp.exchange import incoming

            return incoming.undo_merge(ledger)

        def failed(failure: Sorted) -> None:
            say(self._in_told, failure.text)

        def done(_parcel: Any) -> None:
            say(self._in_told, _("✓ 已撤销这次接收，台账回到接收以前的样子。要恢复，请马上按“重做”（Ctrl+Y）：U盘上的这个交接包算已经收过。"))
            self.say(_("撤销接收"))

        self.desk.call(job, done, failed, acts=True)

    # -- pages

    def back(self) -> None:
        super().back()
        self.refresh()

    def show_book(self) -> None:
        def on_paper(parcel: UUID) -> None:
            self.back()
            self.show_paper(SLIP, _("数据交接单"), record=parcel)

        front = BookPage(self.desk)
        front.left.connect(self.back)
        front.slip.connect(on_paper)
        self.show_page(front, passing=True)
        front.refresh()

    def show_held(self) -> None:
        front = HeldPage(self.desk)
        front.left.connect(self.back)
        self.show_page(front, passing=True)
        front.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Handing over and taking in beside each other, or one above the other where the window is narrow."""
        super().resizeEvent(event)
        wide = event.size().width() >= theme.look.px(TWO_ACROSS_FROM)
        self._cards.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)


def days_words(standing: Any) -> str:
    """How long ago the town was last heard; its answer at pairing is no receipt for anything."""
    if standing.days is None:
        return _("还没有交过") if standing.handed is None else _("还没有收到过镇里的回执")
    return _("今天收到镇里的回执") if standing.days == 0 else _("上次收到镇里的回执是 {0:,} 天前").format(standing.days)


def waiting_words(standing: Any) -> str:
    """How much the town has not been heard to hold, without a full stop."""
    if standing.days is None and standing.handed is None:
        return _("本村有 {0:,} 条改动还没有交给镇里").format(standing.waiting) if standing.waiting else _("没有要交给镇里的改动")
    if not standing.waiting:
        return _("镇里已经回执，本村的改动都收到了")
    return _("还有 {0:,} 条改动没有得到镇里的回执").format(standing.waiting)


def build(desk: Desk, _settings: Settings) -> ExchangeScreen:
    return ExchangeScreen(desk)
