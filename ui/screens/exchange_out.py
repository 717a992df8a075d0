"""插上U盘，交给镇里: what would go in words, one big button, progress, and whether the stick may be pulled out."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QProgressBar

from gridapp.errors import Sorted
from gridapp.texts import _
from ui.desk import Desk
from ui.flow import Flow
from ui.jobs import Ticket
from ui.screens.exchange_sticks import Place
from ui.widgets import CARD_MARGIN, GAP, answer, button, column, label, say


class HandOverCard(QFrame):
    """Nothing here stops in a box: every trouble stands in the card with the way to try again."""

    #: something went out
    done = Signal()
    #: the device of another receiver
    chose = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._desk, self.place, self._told = desk, None, None  # type: Desk, Place | None, Any
        self._ticket: Ticket | None = None
        self._working = False
        #: what went out last, in the words of the plan; '' until the plan comes that holds for it, None when nothing is said
        self._handed: str | None = None
        inside = column(self, CARD_MARGIN, GAP)
        self._title = label(_("交给镇里"), "subtitle")
        self.to = QComboBox()
        self.to.setAccessibleName(_("交给谁"))
        self.to.activated.connect(lambda place: self.chose.emit(self.to.itemData(place)))
        self.plan = label("", wrap=True)
        self.go = button("", self.hand_over, icon="send", role="primary", key="F2")
        self.go.setProperty("big", True)
        self.progress = QProgressBar()
        self.progress.hide()
        self.cancel = button(_("停止"), self.stop, icon="x", role="tight")
        self.result = answer("notice")
        self.clear = button(_("删掉旧交接包，再交一次"), self.clear_old, icon="rotate-ccw", role="tight")
        for part in (self._title, self.to, self.plan, self.go, self.progress, self.result):
            inside.addWidget(part)
        inside.addLayout(Flow(self.cancel, self.clear))
        inside.addStretch(1)
        for hidden in (self.cancel, self.clear):
            hidden.hide()

    # -- what would go

    def show_plan(self, told: Any) -> None:
        """A plan of gridapp.exchange.overview."""
        self._told = told
        self.to.clear()
        for receiver in told.receivers:
            self.to.addItem(receiver.name, receiver.device)
        if told.plan is not None:
            self.to.setCurrentIndex(max(0, self.to.findData(told.plan.to.device)))
            self._title.setText(_("交给{0}").format(told.plan.to.name))
            self.plan.setText(plan_words(told.plan))
        self.to.setVisible(len(told.receivers) > 1)
        self._no_more_said()
        self.ready()

    def _no_more_said(self) -> None:
        """«Written» is true of what was there then: when something was registered since, it is said no longer."""
        if self._handed == "":
            self._handed = self.plan.text()
        elif self._handed is not None and self._handed != self.plan.text():
            self._handed = None
            self.result.hide()

    def ready(self) -> None:
        """The button says what it needs where it cannot be pressed."""
        readable = self.place is not None and not self.place.read_only
        self.go.setEnabled(readable and not self._working and self._told is not None and self._told.plan is not None)
        self.go.setText(_("请先插上U盘") if self.place is None else _("这个U盘是只读的，换一个") if not readable else
                        _("正在交出……") if self._working else _("写到U盘，交出（F2）") if self.place.stick is not None else _("写到文件夹，交出（F2）"))
        self.go.setShortcut("F2")  # a button loses its key with its words

    # -- going

    def hand_over(self) -> None:
        """Write what the other lacks and read it back."""
        place, plan = self.place, self._told.plan
        assert place is not None

        def job(ledger: Any, progress: Any) -> Any:
            from gridapp.exchange import outgoing

            return outgoing.hand_over(ledger, plan.to, place.carrier(), progress=progress)

        self._begin(_("正在写出并核对，请不要拔U盘……"))
        self._ticket = self._desk.long(job, self._went, self._step, self._failed)

    def _begin(self, words: str) -> None:
        self._working, self._handed = True, None
        self.clear.hide()
        say(self.result, words)
        self.progress.setRange(0, 0)
        self.progress.show()
        self.cancel.show()
        self.cancel.setEnabled(True)
        self.ready()

    def _end(self) -> None:
        self._working = False
        self.progress.hide()
        self.cancel.hide()
        self.ready()
        self.go.setFocus()

    def _step(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def _went(self, handed: Any) -> None:
        from gridapp.exchange.carriers.troubles import in_words

        words = [_("✓ {0}").format(handed.settled.text), _("交接包 {0}。").format(in_words(handed.written.bytes))]
        if handed.photos_left:
            words.append(_("U盘放不下照片，{0:,} 张留到下次；数据都在里面了。").format(handed.photos_left))
        self._end()
        self._handed = ""
        say(self.result, " ".join(words))
        self._desk.saved.emit(_("已交出"))
        self.done.emit()

    def _failed(self, failure: Sorted) -> None:
        from gridapp.exchange.carriers.troubles import NoSpace

        self._end()
        say(self.result, failure.text)
        if isinstance(failure, NoSpace):
            self._offer_room()

    def stop(self) -> None:
        """Between two pieces; nothing half-written stays."""
        if self._ticket is not None:
            self._ticket.cancel()
            self.cancel.setEnabled(False)

    # -- a full stick

    def _offer_room(self) -> None:
        """Earlier parcels of ours for the same station may go: the new one holds what they held."""
        place, to = self.place, self._told.plan.to
        assert place is not None

        def job(ledger: Any) -> Any:
            from gridapp.exchange import clearing

            return clearing.old_bytes(ledger, to, place.carrier())

        def told(size: int) -> None:
            from gridapp.exchange.carriers.troubles import in_words

            self.clear.setVisible(size > 0)
            self.clear.setText(_("删掉U盘上我方的旧交接包（{0}），再交一次").format(in_words(size)))

        self._desk.call(job, told, lambda failure: say(self.result, failure.text))

    def clear_old(self) -> None:
        """The officer has agreed by pressing it."""
        place, to = self.place, self._told.plan.to
        assert place is not None

        def job(ledger: Any) -> Any:
            from gridapp.exchange import clearing

            return clearing.clear_old(ledger, to, place.carrier())

        self.clear.hide()
        self._desk.call(job, lambda _freed: self.hand_over(), lambda failure: say(self.result, failure.text))


def plan_words(plan: Any) -> str:
    """'流动人口 4、出租房屋 2、照片 3 张，约 12.0 KB。'"""
    from gridapp.exchange.carriers.troubles import in_words
    from gridapp.exchange.overview import in_words as kinds

    if plan.empty:
        return _("没有新内容；交出的只是一张回执，告诉对方我们收到了什么。")
    counts = {name: n for name, n in plan.counts.items() if name != "photo"}
    photos = [_("照片 {0:,} 张").format(len(plan.photos))] if plan.photos else []
    return _("这次会交出：{0}，约 {1}。").format("、".join(filter(None, [kinds(counts), *photos])) or _("操作记录"), in_words(plan.bytes))
