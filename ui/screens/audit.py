"""审计: what was done and looked at, newest first, by kind, person and days; on paper (A01). For whoever checks; names are masked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QComboBox

from gridapp.errors import Sorted
from gridapp.settings import Settings
from gridapp.texts import N_, _
from gridapp.work import audit
from gridapp.work.audit import Wish
from ui.desk import Desk
from ui.lists.browse import Browse
from ui.lists.model import Column
from ui.lists.record import show_time
from ui.screens.pages import Pages
from ui.widgets import bar, button, column, label, page

#: days back from today → title; None: from the beginning
SPANS: tuple[tuple[int | None, str], ...] = ((None, N_("全部日期")), (0, N_("今天")), (6, N_("最近 7 天")), (29, N_("最近 30 天")))


def columns() -> list[Column]:
    return [Column(_("时间"), lambda line: show_time(line.at), 150, strong=True), Column(_("人员"), lambda line: line.officer, 110),
            Column(_("事项"), lambda line: line.title, 150), Column(_("对象"), lambda line: line.about, 180), Column(_("说明"), lambda line: line.why),
            Column(_("结果"), lambda line: _(audit.RESULTS.get(line.result, line.result)), 90, pill=lambda line: "green" if line.result == "ok" else "red"),
            Column(_("审计号"), lambda line: line.where, 120, rank=1)]


class AuditScreen(Pages):
    """One list; what is asked for stands above it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.record: Any = None
        home = page()
        whole = column(home)
        header, top = bar("header")
        self.who, self.span = QComboBox(), QComboBox()
        self.who.setAccessibleName(_("人员"))
        self.span.setAccessibleName(_("日期"))
        self.who.addItem(_("所有人员"), None)
        for days, title in SPANS:
            self.span.addItem(_(title), days)
        self._about = label(_("审计只能增加，不能修改。姓名、号码遮住一部分。"), "muted", wrap=True)
        top.addWidget(self.who)
        top.addWidget(self.span)
        top.addWidget(self._about, 1)
        whole.addWidget(header)
        self.list = Browse(columns(), {key: _(title) for key, title in audit.FILTERS.items()}, [
            button(_("只看这条记录（F2）"), self.narrow, icon="search", role="tight", key="F2"),
            button(_("打印（F7）"), self.on_paper, icon="printer", role="tight", key="F7")], None, _("↑↓ 选择"))
        self.list.filter_changed.connect(lambda _key: self.refresh())
        whole.addWidget(self.list, 1)
        self.set_home(home)
        self.setFocusProxy(self.list)
        self.who.activated.connect(lambda _place: self.refresh())
        self.span.activated.connect(lambda _place: self.refresh())

    @property
    def wish(self) -> Wish:
        """What is asked for."""
        days = self.span.currentData()
        since = None if days is None else self.desk.today - timedelta(days)
        return Wish(since, None, self.who.currentData(), self.list.which, self.record)

    def narrow(self) -> None:
        """Only the looks at the record of the chosen line; once more: all again."""
        line = self.list.row
        self.record = None if self.record is not None or line is None else line.record
        self.refresh()

    def refresh(self) -> None:
        self.desk.ask(audit.officers, then=self._know, fail=self._refused, lane="audit people")
        wish = self.wish
        self.desk.ask(audit.count, wish, then=lambda total: self._load(wish, total), fail=self._refused, lane="audit")

    def _refused(self, failure: Sorted) -> None:
        """Nobody but whoever checks is led here; whoever comes all the same reads why there is nothing."""
        self.list.load(0, lambda _offset, _limit, then: then([]), "", failure.text)

    def _know(self, officers: Sequence[tuple[int, str]]) -> None:
        chosen = self.who.currentData()
        self.who.clear()
        self.who.addItem(_("所有人员"), None)
        for number, name in officers:
            self.who.addItem(name, number)
        self.who.setCurrentIndex(max(0, self.who.findData(chosen)))

    def _load(self, wish: Wish, total: int) -> None:
        def fetch(offset: int, limit: int, then: Any) -> None:
            self.desk.ask(audit.lines, wish, limit, offset, then=then, lane=f"audit rows {offset // limit % 2}")

        words = _("这条记录共 {0:,} 次").format(total) if wish.record is not None else _("共 {0:,} 条").format(total)
        self.list.load(total, fetch, words, _("没有记录。"))

    def on_paper(self) -> None:
        """The part that is shown, as A01."""
        wish = self.wish

        def make(ledger: Any, progress: Any) -> bytes:
            from gridapp import printing

            made: tuple[Any, bytes] = ledger.ask(printing.make_audit, wish, progress)
            return made[1]

        self.show_made("A01", _("审计记录"), make)


def build(desk: Desk, _settings: Settings) -> AuditScreen:
    return AuditScreen(desk)
