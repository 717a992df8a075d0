"""暂存: what came and may not be taken in yet, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gridapp.fields import codes
from gridapp.texts import N_, _
from ui.desk import Desk
from ui.lists.browse import Browse
from ui.lists.facts import Detail, Facts
from ui.lists.model import Column
from ui.screens.exchange_rows import at
from ui.widgets import answer, back, bar, button, column, label, page, say

WHY = {"E_UNKNOWN_DEVICE": N_("电脑没有登记"), "E_REVOKED": N_("电脑已停用"), "E_SCOPE": N_("无权写这里"), "E_GAP": N_("前面的还没到"),
       "E_CLOCK": N_("时钟不对")}


def scope_words(scope: str) -> str:
    """'永康市古山镇青后叶村' of 'v:330784108238'."""
    return codes.named(scope[2:]) or scope[2:]


class HeldPage(QWidget):
    """By reason and station; it waits in the ledger, not on the stick."""

    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        page(self)
        self._desk = desk
        whole = column(self)
        header, top = bar("header", back(self.left.emit), label(_("暂存"), "title"))
        top.addWidget(label(_("这些内容已经安全存在台账里，原因消除后会自动接收；每次接收交接包都会再试。"), "muted", wrap=True), 1)
        self.told = answer("notice")
        self._beside = Detail()
        self.rows = Browse([Column(_("原因"), lambda g: _(WHY[g.reason.value]), 140, pill=lambda _g: "yellow"),
                            Column(_("写的电脑"), lambda g: g.station, strong=True), Column(_("范围"), lambda g: scope_words(g.scope), 190, rank=1),
                            Column(_("改动"), lambda g: f"{g.entries:,}", 72), Column(_("暂存时间"), lambda g: at(g.since), 156, rank=2)], {},
                           [button(_("再试一次（F2）"), self.try_again, icon="refresh-cw", role="primary", key="F2")], self._beside, _("↑↓ 查看"))
        self.rows.selected.connect(self._tell)
        for part in (header, self.told):
            whole.addWidget(part)
        whole.addWidget(self.rows, 1)
        self.setFocusProxy(self.rows)

    def refresh(self) -> None:
        def job(ledger: Any) -> Any:
            from gridapp.exchange import waiting

            return waiting.groups(ledger)

        self._desk.call(job, self._show, lane="held")

    def _show(self, groups: Sequence[Any]) -> None:
        if not groups:
            self._beside.show_facts(None)
        self.rows.load(len(groups), lambda offset, limit, then: then(groups[offset:offset + limit]), "", _("没有暂存的内容。"))

    def _tell(self, group: Any) -> None:
        self.rows.footer.setText(group.reason.text)
        self._beside.show_facts(Facts(_(WHY[group.reason.value]), group.station, rows=[
            (_("怎么办"), group.reason.text), (_("范围"), scope_words(group.scope)), (_("改动"), f"{group.entries:,}"), (_("暂存时间"), at(group.since))],
            icon="hourglass"))

    def try_again(self) -> None:
        """Judge everything anew."""
        def job(ledger: Any) -> Any:
            from gridapp.exchange import incoming, waiting

            taken = waiting.try_again(ledger)
            return taken, incoming.records_in(taken), waiting.groups(ledger)

        def done(told: Any) -> None:
            taken, records, left = told
            say(self.told, _("✓ 已接收 {0:,} 条记录。").format(records) if taken.taken else
                _("现在还不能接收，原因没有变。请按“怎么办”里说的处理以后再试。") if left else _("没有暂存的内容。"))
            self._show(left)

        self._desk.call(job, done, lambda failure: say(self.told, failure.text), acts=True)
