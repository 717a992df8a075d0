"""往来记录: every parcel that went and came, whether it arrived, and what a taking-in brought, record by record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gridapp.errors import Sorted
from gridapp.texts import N_, _
from ui.desk import Desk
from ui.lists.browse import Browse
from ui.lists.model import Column
from ui.screens.exchange_rows import Rows, at
from ui.stack import Stack
from ui.widgets import answer, back, bar, button, column, label, page, say

ALL, OUT, IN = "all", "out", "in"
STATES = {"written": (N_("已写出，等回执"), "yellow"), "partly": (N_("部分收到"), "yellow"), "received": (N_("对方已收到"), "green"),
          "merged": (N_("已接收"), "blue"), "undone": (N_("已撤销"), "grey")}


def columns() -> list[Column]:
    from gridapp.exchange.carriers.troubles import in_words as size
    from gridapp.exchange.overview import in_words

    return [Column(_("时间"), lambda r: at(r.parcel.at), 156, strong=True),
            Column(_("方向"), lambda r: _("交出") if r.parcel.way == OUT else _("接收"), 80, pill=lambda r: "grey" if r.parcel.way == OUT else "blue"),
            Column(_("对方"), lambda r: r.station, 140), Column(_("内容"), lambda r: in_words(r.parcel.counts) or _("只有回执")),
            Column(_("大小"), lambda r: size(r.parcel.size) if r.parcel.size else _("暂存"), 90, rank=1),
            Column(_("状态"), lambda r: _(STATES[r.state][0]), 150, pill=lambda r: STATES[r.state][1])]


class BookPage(Stack):
    """The book; Enter on a taking-in shows what it brought."""

    left = Signal()
    #: the id of a parcel that went out, to be signed for on paper
    slip = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._lines = desk, ()  # type: Desk, Sequence[Any]
        from gridapp.exchange import previewing
        from gridapp.printing import press

        self._looks = desk.can(previewing.brought)
        self._home = page()
        whole = column(self._home)
        header, top = bar("header", back(self.left.emit), label(_("往来记录"), "title"))
        top.addWidget(label(_("交出的要等对方的回执才算收到；没有回执也不会丢，下次会再交一遍。"), "muted", wrap=True), 1)
        self.told = answer("notice")
        self.rows = Browse(columns(), {ALL: _("全部"), OUT: _("交出"), IN: _("接收")},
                           [*([button(_("打印交接单（F8）"), self.print_slip, icon="printer", role="tight", key="F8")] if desk.can(press.make) else []),
                            *([button(_("逐条查看（F2）"), self.show_brought, icon="eye", role="tight", key="F2")] if self._looks else [])], None)
        self.rows.filter_changed.connect(lambda _key: self._fill())
        self.rows.opened.connect(lambda _row: self.show_brought())
        self.rows.selected.connect(self._tell)
        for part in (header, self.told):
            whole.addWidget(part)
        whole.addWidget(self.rows, 1)
        self.addWidget(self._home)
        self.setFocusProxy(self.rows)

    def refresh(self) -> None:
        def job(ledger: Any) -> Any:
            from gridapp.exchange import booked

            return booked.book(ledger)

        self._desk.call(job, self._show, lane="book")

    def _show(self, lines: Sequence[Any]) -> None:
        self._lines = lines
        self.rows.counts({ALL: len(lines), OUT: sum(r.parcel.way == OUT for r in lines), IN: sum(r.parcel.way == IN for r in lines)})
        self._fill()

    def _fill(self) -> None:
        rows = [r for r in self._lines if self.rows.which in (ALL, r.parcel.way)]
        self.rows.load(len(rows), lambda offset, limit, then: then(rows[offset:offset + limit]), _("共 {0:,} 次").format(len(rows)), _("还没有往来。"))

    def _tell(self, row: Any) -> None:
        """What does not fit into the list."""
        from gridapp.exchange.overview import in_words

        self.rows.footer.setText(in_words(row.parcel.counts) or _("只有回执"))

    def print_slip(self) -> None:
        """What both sign when the stick changes hands."""
        row = self.rows.row
        if row is None or row.parcel.way != OUT:
            say(self.told, _("请选一次“交出”再打印交接单；接收的，交接单由交出的一方打印。"))
            return
        self.slip.emit(UUID(bytes=row.parcel.id))

    def show_brought(self) -> None:
        """What the chosen taking-in brought, to put single records back."""
        row = self.rows.row
        if not self._looks:
            return
        if row is None or not row.parcel.taken or row.state != "merged":
            say(self.told, _("这一条没有可以逐条退回的内容：只有接收进来、还没有撤销的才有。"))
            return
        self.told.hide()
        front = BroughtPage(self._desk, row)
        front.left.connect(self._back)
        self.addWidget(front)
        self.setCurrentWidget(front)
        front.setFocus()
        front.refresh()

    def _back(self) -> None:
        front = self.currentWidget()
        self.setCurrentWidget(self._home)
        self.rows.setFocus()
        if front is not None:
            self.removeWidget(front)
            front.deleteLater()
        self.refresh()


class BroughtPage(QWidget):
    """One taking-in, record by record."""

    left = Signal()

    def __init__(self, desk: Desk, line: Any) -> None:
        super().__init__()
        page(self)
        from gridapp.exchange.previewing import CHANGED, NEW, put_back

        self._desk, self._line = desk, line
        whole = column(self)
        header, top = bar("header", back(self.left.emit), label(_("这次接收了什么"), "title"))
        top.addWidget(label(f"{at(line.parcel.at)}　{line.station}", "muted", wrap=True), 1)
        self.told = answer("notice")
        self.rows = Rows(desk, [NEW, CHANGED], _("↑↓ 查看"), [
            button(_("退回这一条（F8）"), self.put_back, icon="rotate-ccw", role="tight", key="F8")] if desk.can(put_back) else [])
        for part in (header, self.told):
            whole.addWidget(part)
        whole.addWidget(self.rows, 1)
        self.setFocusProxy(self.rows)

    def refresh(self) -> None:
        parcel = self._line.parcel

        def job(ledger: Any) -> Any:
            from gridapp.exchange import previewing

            return previewing.brought(ledger, parcel)

        def came(rows: Sequence[Any]) -> None:
            self.rows.show_rows(rows, {kind: len({r.id for r in rows if r.kind == kind}) for kind in ("new", "changed")})

        self._desk.call(job, came, lambda failure: say(self.told, failure.text), lane="brought")

    def put_back(self) -> None:
        """The chosen record as it was before; all else stays."""
        row, parcel = self.rows.row, self._line.parcel
        if row is None:
            return

        def job(ledger: Any) -> Any:
            from gridapp.exchange import previewing

            previewing.put_back(ledger, parcel, row)

        def done(_nothing: Any) -> None:
            say(self.told, _("✓ 已退回“{0}”，其余的不变。退回错了可以按 Ctrl+Z。").format(row.label))
            self._desk.saved.emit(_("退回一条"))

        def failed(failure: Sorted) -> None:
            say(self.told, failure.text)

        self._desk.call(job, done, failed, acts=True)
