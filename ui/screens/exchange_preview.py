"""Before a parcel is taken in: who made it and when, every change in a row, and only then 接收 or 不接收; one parcel after another."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from gridapp.errors import Sorted
from gridapp.texts import _
from ui import theme
from ui.desk import Desk
from ui.jobs import Ticket
from ui.screens.exchange_rows import Rows, at
from ui.screens.exchange_sticks import Place
from ui.widgets import answer, back, bar, button, column, label, page, say

class PreviewPage(QWidget):
    """Esc leaves at any time: nothing is written before 接收."""

    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        page(self)
        from gridapp.exchange.previewing import KINDS

        self._desk, self._tray = desk, None  # type: Desk, Any
        self._ticket: Ticket | None = None
        self._preview: Any = None
        self._total = 0
        whole = column(self)
        header, top = bar("header", back(self.leave), label(_("接收"), "title"))
        self._where = label("", "muted", wrap=True)
        top.addWidget(self._where, 1)
        self.told, self.refused = answer("notice"), answer("alert")
        self.refused.setContentsMargins(theme.look.px(16), theme.look.px(8), theme.look.px(16), 0)
        self.progress = QProgressBar()
        self.progress.hide()
        self.rows = Rows(desk, list(KINDS), _("↑↓ 查看"))
        for part in (header, self.told, self.refused, self.progress):
            whole.addWidget(part)
        whole.addWidget(self.rows, 1)
        whole.addWidget(self._footer())
        self.setFocusProxy(self.rows)
        self._ready(False)

    def _footer(self) -> QFrame:
        self.cancel = button(_("停止"), self.stop)
        self.leave_out = button(_("不接收（F8）"), self.pass_over, icon="ban", key="F8")
        self.take = button(_("接收（Ctrl+S）"), self.take_in, icon="check", role="primary", key="Ctrl+S")
        footer, row = bar("footer", self.cancel)
        row.addStretch(1)
        row.addWidget(self.leave_out)
        row.addWidget(self.take)
        return footer

    # -- looking

    def begin(self, place: Place) -> None:
        """Open everything new on this stick or folder."""
        self._where.setText(_("先看，不写入。U盘上的文件已经复制过来看，不用一直插着。"))

        def job(ledger: Any, progress: Any) -> Any:
            from gridapp.exchange import tray

            return tray.look(ledger, place.carrier(), progress)

        self._working(_("正在打开“{0}”里的交接包……").format(place.name), stoppable=True)
        self._ticket = self._desk.long(job, self._looked, self._step, self._failed)

    def _looked(self, tray: Any) -> None:
        self._tray, self._total = tray, len(tray.ready)
        if tray.refused:
            say(self.refused, "\n".join(tray.refused))
        if tray.others:
            self._where.setText(_("另有 {0:,} 个交接包是交给别人的，本机打不开，请原样保留。").format(tray.others))
        self._next("")

    def _next(self, before: str) -> None:
        """Weigh the first parcel that is left, or say that there is none."""
        self._preview = None
        tray = self._tray
        if not tray.ready:
            self._ready(False)
            self.rows.show_rows((), {})
            say(self.told, before or nothing_words(tray))
            self.rows.setFocus()
            return

        def job(ledger: Any) -> Any:
            from gridapp.exchange import incoming, previewing

            seen = incoming.preview(ledger, tray.ready[0])
            return seen, previewing.tell(ledger, seen) if self._desk.can(previewing.tell) else previewing.Told((), {}, False)

        self._working(before + _("正在比对第 {0} 个交接包……").format(self._total - len(tray.ready) + 1))
        self._desk.call(job, lambda told: self._weighed(before, *told), self._bad)

    def _weighed(self, before: str, preview: Any, told: Any) -> None:
        self._preview = preview
        self._ready(True)
        say(self.told, before + preview_words(preview, told, self._total - len(self._tray.ready) + 1, self._total))
        self.rows.show_rows(told.rows, dict(told.counts))
        self.rows.setFocus()

    # -- deciding

    def take_in(self) -> None:
        """One transaction, one act; it can be undone until the next one."""
        tray, sender = self._tray, self._preview.sender

        def job(ledger: Any) -> Any:
            from gridapp.exchange import incoming
            from gridapp.work import keeping

            keeping.take_and_send(ledger, "merge")
            taken = incoming.take_in(ledger, tray.ready[0])
            tray.drop()
            return taken

        def done(taken: Any) -> None:
            self._desk.saved.emit(_("接收交接包"))
            self._next(taken_words(sender, taken))

        self._working(_("正在接收“{0}”的交接包，请稍等……").format(sender))
        self._desk.call(job, done, self._bad, acts=True)

    def pass_over(self) -> None:
        """It stays on the stick; nothing of it is written."""
        tray = self._tray
        words = _("没有接收“{0}”的交接包，它还在U盘上，以后可以再看。").format(self._preview.sender) if self._preview else _("这个交接包没有接收。")
        self._working(words)
        self._desk.call(lambda _ledger: tray.drop(), lambda _done: self._next(words))

    # -- progress

    def _working(self, words: str, stoppable: bool = False) -> None:
        self._ready(False)
        say(self.told, words)
        self.progress.setRange(0, 0)
        self.progress.show()
        self.cancel.setEnabled(stoppable)

    def _step(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def _failed(self, failure: Sorted) -> None:
        self._ready(False)
        say(self.told, failure.text)

    def _bad(self, failure: Sorted) -> None:
        """This one cannot be taken in; the others may be."""
        self._failed(failure)
        self.leave_out.setEnabled(True)

    def _ready(self, yes: bool) -> None:
        self.progress.hide()
        self.cancel.setEnabled(False)
        self.take.setEnabled(yes)
        self.leave_out.setEnabled(yes)

    def stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()

    def forget(self) -> None:
        """Close what was copied, after whatever is under way."""
        self.stop()
        tray, self._tray = self._tray, None
        if tray is not None:
            self._desk.worker.submit(tray.close)

    def leave(self) -> None:
        self.forget()
        self.left.emit()


def nothing_words(tray: Any) -> str:
    """What lies there when there is nothing to look at."""
    told = [_("没有交给本机的新交接包。")]
    if tray.known:
        told.append(_("有 {0:,} 个以前已经接收过。").format(tray.known))
    if tray.others:
        told.append(_("有 {0:,} 个是交给别人的，本机打不开，请原样保留。").format(tray.others))
    return "".join(told)


def preview_words(preview: Any, told: Any, number: int, total: int) -> str:
    from gridapp.exchange.previewing import KINDS

    which = _("第 {0} 个，共 {1} 个：").format(number, total) if total > 1 else ""
    counts = "、".join(f"{_(title)} {told.counts.get(kind, 0):,}" for kind, title in KINDS.items())
    words = _("{0}“{1}”{2} 做的交接包。").format(which, preview.sender, at(preview.made_at))
    unseen = _("共 {0:,} 条改动。您的角色不看登记内容，可以接收，接收后由网格员查看。") if preview.weighed is not None else _(
        "共 {0:,} 条改动，太多了，不逐条列出。")
    words += _("{0}。").format(counts) if told.whole else unseen.format(preview.entries)
    words += _("照片 {0:,} 张。").format(preview.photos) if preview.photos else ""
    return words + "".join(preview.notes)


def taken_words(sender: str, taken: Any) -> str:
    from gridapp.exchange import incoming

    words = _("✓ 已接收“{0}”的交接包：{1:,} 条记录。").format(sender, incoming.records_in(taken.admitted))
    if taken.admitted.clashes:
        words += _("有 {0:,} 条两边都改过，已放进“冲突”，等您决定。").format(taken.admitted.clashes)
    if taken.tidied:
        words += _("完全相同的重复登记已自动合并（{0:,} 条），合并错了可以拆开。").format(taken.tidied)
    if taken.held:
        words += _("暂存 {0:,} 批，原因见“暂存”。").format(taken.held)
    if taken.wanted:
        words += _("还缺 {0:,} 张照片，下次交接会向对方要。").format(taken.wanted)
    return words + "".join(taken.notes) + _("不对的话，可以在“交接”里撤销这次接收。")
