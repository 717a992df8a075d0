"""Import of a workbook: dry run first, every refused or doubtful row with its reason, then all of it as one act that can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from gridapp.errors import Sorted
from gridapp.texts import _
from ui import files
from ui.desk import Desk
from ui.jobs import Ticket
from ui.lists.browse import Browse
from ui.lists.model import Column
from ui.widgets import answer, back, bar, button, column, label, page, say

REFUSED, DOUBTFUL, ALL = "refused", "warned", "all"


def columns() -> list[Column]:
    return [Column(_("结果"), lambda r: _("拒绝") if r[0] == REFUSED else _("疑问"), 76, pill=lambda r: "red" if r[0] == REFUSED else "yellow"),
            Column(_("工作表"), lambda r: r[1]["sheet"], 96, rank=2), Column(_("行"), lambda r: str(r[1]["row"]), 64),
            Column(_("列"), lambda r: r[1]["column"], 120, rank=1), Column(_("原因"), lambda r: r[1]["text"])]


class IntakePage(QWidget):
    """Choose a file, look at what would happen, import."""

    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        page(self)
        self._desk, self._plan, self._reported = desk, None, None  # type: Desk, Any, Any
        self._outline: dict[str, Any] = {}
        self._ticket: Ticket | None = None
        whole = column(self)
        header, top = bar("header", back(self.leave), label(_("导入表格"), "title"))
        top.addWidget(label(_("先检查，不写入；看过结果再导入。列的顺序不限，表头可以不在第一行。"), "muted", wrap=True), 1)
        self.told = answer("notice")
        self.progress = QProgressBar()
        self.progress.hide()
        self.list = Browse(columns(), {ALL: _("全部"), REFUSED: _("拒绝"), DOUBTFUL: _("有疑问")}, [], None, _("↑↓ 查看"))
        self.list.filter_changed.connect(lambda _key: self._fill())
        self.list.selected.connect(lambda row: self.list.footer.setText(row[1]["text"]))
        for part in (header, self.told, self.progress):
            whole.addWidget(part)
        whole.addWidget(self.list, 1)
        whole.addWidget(self._footer())
        self._ready(False)

    def _footer(self) -> QFrame:
        self.other = button(_("换一个文件…（F2）"), self.choose, icon="file-up", key="F2")
        self.cancel = button(_("停止"), self.stop)
        self.keep = button(_("保存检查结果…（F4）"), self._keep, icon="save", key="F4")
        self.go = button(_("导入（Ctrl+S）"), self.take_in, icon="check", role="primary", key="Ctrl+S")
        footer, row = bar("footer", self.other, self.cancel)
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.go)
        return footer

    # -- checking

    def choose(self) -> None:
        chosen = files.to_read(self, _("选择要导入的表格"), _("表格 (*.xlsx *.xls *.csv);;所有文件 (*)"))
        if chosen is not None:
            self.check(chosen)

    def check(self, path: Path) -> None:
        """The dry run: nothing is written."""
        self._begin(_("正在检查“{0}”……").format(path.name))

        def job(ledger: Any, progress: Any) -> Any:
            from gridapp import spreadsheet
            from gridapp.work import intake

            plan = ledger.ask(intake.weigh, spreadsheet.read_rows(path, progress), progress)
            return plan, intake.outline(plan)

        self._ticket = self._desk.long(job, self._checked, self._step, self._failed)

    def _checked(self, told: tuple[Any, dict[str, Any]]) -> None:
        self._plan, self._outline = told
        self._ready(True)
        created, updated = self._outline["created"], self._outline["updated"]
        new = created["person"] + created["house"]
        say(self.told, _("新建：{0:,} 人、{1:,} 处房屋、{2:,} 个房间、{3:,} 条租住；更新：{4:,} 人、{5:,} 处房屋；拒绝 {6:,} 行，有疑问 {7:,} 行。").format(
            created["person"], created["house"], created["room"], created["tenancy"], updated["person"], updated["house"],
            len(self._outline["refused"]), len(self._outline["warned"])))
        changes = new + updated["person"] + updated["house"] + created["tenancy"]
        self.go.setEnabled(changes > 0)
        self.list.setFocus()
        self.list.counts({REFUSED: len(self._outline["refused"]), DOUBTFUL: len(self._outline["warned"]), ALL: len(self._rows(ALL))})
        self._fill()

    def _rows(self, which: str) -> Sequence[tuple[str, dict[str, Any]]]:
        return [(kind, row) for kind in (REFUSED, DOUBTFUL) if which in (ALL, kind) for row in self._outline.get(kind, [])]

    def _fill(self) -> None:
        rows = self._rows(self.list.which)
        self.list.load(len(rows), lambda offset, limit, then: then(rows[offset:offset + limit]),
                       _("{0:,} 行需要看一看").format(len(rows)) if rows else "", _("没有被拒绝或有疑问的行"))

    # -- writing

    def take_in(self) -> None:
        """All of it as one act."""
        plan = self._plan
        self._begin(_("正在导入……"))

        def job(ledger: Any, progress: Any) -> Any:
            from gridapp.work import choosing, intake, keeping

            keeping.take_and_send(ledger, "import")
            return choosing.chosen(ledger).do(intake.take_in, plan, progress)

        self._ticket = self._desk.long(job, self._taken, self._step, self._failed, acts=True)

    def _taken(self, done: Any) -> None:
        self._ready(False)
        self._plan = None
        say(self.told, _("✓ 已导入 {0:,} 行，是一次完整的操作：如果不对，按 Ctrl+Z 就能全部撤销。被拒绝的行请改正表格后再导入一次。").format(done.result))
        self._desk.saved.emit(_("导入表格"))
        self.keep.setEnabled(True)

    def _keep(self) -> None:
        chosen = files.to_write(self, _("保存检查结果"), _("导入检查结果.xlsx"), "Excel (*.xlsx)")
        if chosen is not None:
            self.save_report(chosen)

    def save_report(self, path: Path) -> None:
        """The dry run as a workbook for whoever keeps the original."""
        from gridapp import spreadsheet

        try:
            spreadsheet.write_report(path, self._reported)
        except Sorted as failure:
            say(self.told, failure.text)
        else:
            say(self.told, _("已保存：{0}").format(path))

    # -- progress

    def _begin(self, text: str) -> None:
        self._ready(False)
        self.other.setEnabled(False)
        self.cancel.setEnabled(True)
        say(self.told, text)
        self.progress.setRange(0, 0)
        self.progress.show()

    def _step(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def _failed(self, failure: Sorted) -> None:
        self._ready(self._plan is not None)
        say(self.told, failure.text)

    def _ready(self, yes: bool) -> None:
        if self._plan is not None:
            self._reported = self._plan
        self.progress.hide()
        self.cancel.setEnabled(False)
        self.other.setEnabled(True)
        self.keep.setEnabled(yes)
        self.go.setEnabled(yes)

    def stop(self) -> None:
        """Stop at the next step; nothing is written then."""
        if self._ticket is not None:
            self._ticket.cancel()

    def leave(self) -> None:
        self.stop()
        self.left.emit()
