"""批量打印: one paper of every house into one file or a file each; pause, go on later, print some pages once more."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QFrame, QProgressBar, QVBoxLayout

from gridapp.errors import Sorted
from gridapp.settings import Settings
from gridapp.texts import _
from ui import files
from ui.desk import Desk
from ui.flow import Flow
from ui.screens.pages import Pages
from ui.widgets import PAGE_MARGIN, answer, back, button, card, column, empty, entry, label, line, page, row_of, say, scrolled

#: so many changed houses are named
NAMED = 8
_SPAN = re.compile(r"\s*(\d{1,6})\s*(?:[-–—~～至到]\s*(\d{1,6}))?\s*")
PDF = "PDF (*.pdf)"


class BatchesScreen(Pages):
    """A card to begin a batch, one that shows it on its way, and the batches there are."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.batch: Any = None
        self._running = False
        inside = page()
        whole = column(inside, PAGE_MARGIN, PAGE_MARGIN)
        whole.addLayout(row_of(back(self.leave)))
        for made in (self._new_card(), self._way_card(), self._list_card()):
            whole.addWidget(made)
        whole.addStretch(1)
        self.set_home(scrolled(inside))

    def leave(self) -> None:
        self.go.emit("houses", "", ())

    # -- the cards

    def _new_card(self) -> QFrame:
        from gridapp.printing import PAPERS
        from gridapp.printing.batches import batchable

        made, inside = card(_("开始一批"), _("给每户出租房屋各印一份。写出的 PDF 不加密，拿到的人都能看：用完请删除，U盘随身保管。"))
        self.paper, self.range = QComboBox(), QComboBox()
        self.paper.setAccessibleName(_("表单"))
        self.range.setAccessibleName(_("范围"))
        for number, paper in PAPERS.items():
            if batchable(paper):
                self.paper.addItem(f"{number} {paper.title}", number)
        self.paper.setCurrentIndex(max(0, self.paper.findData("F04")))
        inside.addLayout(Flow(label(_("表单"), "label"), self.paper, label(_("范围"), "label"), self.range))
        self.masked = button(_("遮住姓名和号码"), role="chip", checkable=True)
        inside.addLayout(Flow(self.masked))
        self.paper.currentIndexChanged.connect(self._paper_changed)
        self._paper_changed()
        self.one_file = button(_("印成一个文件（F2）"), partial(self.begin, True), icon="file-down", role="primary", key="F2")
        self.many_files = button(_("每户一个文件（F4）"), partial(self.begin, False), icon="folder-open", role="tight", key="F4")
        inside.addLayout(Flow(self.one_file, self.many_files))
        self._refused = answer("alert")
        inside.addWidget(self._refused)
        return made

    def _paper_changed(self) -> None:
        """Only a list is there with names masked."""
        from gridapp.printing import PAPERS

        self.masked.setChecked(False)
        self.masked.setVisible(PAPERS[self.paper.currentData()].maskable)

    def _way_card(self) -> QFrame:
        self._way, inside = card()
        self._title = label("", "subtitle", wrap=True)
        self.bar = QProgressBar()
        self.told, self.news = answer("notice"), answer("alert")
        self.turn = button("", self._turn, role="primary", key="F8")
        self.mark = button(_("缺字处印上〓，接着打印"), self._mark, role="tight")
        for part in (self._title, self.bar, self.told, self.news):
            inside.addWidget(part)
        inside.addLayout(Flow(self.turn, self.mark))
        self._way.hide()
        self.mark.hide()
        return self._way

    def _list_card(self) -> QFrame:
        made, inside = card(_("我的各批"), _("没印完的随时可以接着印，从停下的那一户开始；印完的可以重印其中几页，页码不变。"))
        self._rows = QVBoxLayout()
        inside.addLayout(self._rows)
        return made

    # -- beginning

    def begin(self, one_file: bool) -> None:
        """Ask where to, and begin."""
        name = self.paper.currentText()
        if one_file:
            chosen = files.to_write(self, _("印成一个文件"), f"{name} {self.range.currentText()}.pdf", PDF)
        else:
            chosen = files.to_folder(self, _("选择放各户文件的文件夹"))
        if chosen is not None:
            self.begin_at(chosen, one_file)

    def begin_at(self, out: Path, one_file: bool) -> None:
        """Make the list in the worker and go on by itself."""
        number, where, masked = self.paper.currentData(), self.range.currentData(), self.masked.isChecked()

        def job(ledger: Any) -> Any:
            from gridapp.printing import batches

            return batches.begin(ledger, number, out, where, one_file=one_file, masked=masked, watermark=Settings.load().watermark)

        self._refused.hide()
        self.desk.call(job, self.take_up, lambda failure: say(self._refused, failure.text))

    def take_up(self, batch: Any) -> None:
        """Go on with a batch."""
        self.batch = batch
        self._title.setText(_("{0}：{1} 户").format(title_of(batch), len(batch.plan.items)))
        self.news.hide()
        self._way.show()
        self._go_on()

    # -- going on, step by step: between two of them everybody else is answered

    def _go_on(self) -> None:
        self._running = True
        self.mark.hide()
        say(self.told, _("正在打印，可以去做别的事……"))
        self._show_way(self.batch.done, len(self.batch.plan.items))
        self._step()

    def _step(self) -> None:
        batch = self.batch

        def job(ledger: Any) -> Any:
            from gridapp.printing import batches

            return batches.go_on(ledger, batch)

        if self.desk.ledger is not None:
            self.desk.call(job, self._went, self._failed)

    def _went(self, told: Any) -> None:
        self._show_way(told.done, told.total)
        if told.changed or told.gone:
            say(self.news, news_words(told))
        if told.finished:
            self._running = False
            say(self.told, _("✓ 已印完 {0} 户，{1} 页：{2}").format(told.total, told.pages, self.batch.plan.out))
            self._show_way(told.done, told.total)
            self.refresh()
        elif self._running:
            self._step()
        else:
            say(self.told, _("已暂停，印好 {0} 户、{1} 页。关了程序也可以以后接着印。").format(told.done, told.pages))
            self.refresh()

    def _failed(self, failure: Sorted) -> None:
        from gridapp.printing import NoGlyph

        self._running = False
        say(self.told, failure.text + _("已印好的都在，处理好以后按 F8 接着印。"))
        self.mark.setVisible(isinstance(failure, NoGlyph))
        self._show_way(self.batch.done, len(self.batch.plan.items))
        self.refresh()

    def _turn(self) -> None:
        """Pause, or go on."""
        if self._running:
            self._running = False
            self._show_way(self.batch.done, len(self.batch.plan.items))
        else:
            self._go_on()

    def _mark(self) -> None:
        self.batch.mark_missing()
        self._go_on()

    def _show_way(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.bar.setFormat(_("{0} / {1} 户").format(done, total))
        self.turn.setText(_("暂停（F8）") if self._running else _("接着打印（F8）"))
        self.turn.setShortcut("F8")  # a button forgets its key with its words
        self.turn.setVisible(not self.batch.plan.finished)
        self.bar.setVisible(not self.batch.plan.finished)
        for begin in (self.one_file, self.many_files):
            begin.setEnabled(not self._running)

    # -- once more, or not at all

    def reprint(self, batch: Any, words: str) -> None:
        """Some pages in the preview; `words` as they were typed: '37-52'."""
        span = _SPAN.fullmatch(words)
        first, last = (int(span[1]), int(span[2] or span[1])) if span else (0, 0)

        def job(ledger: Any, _progress: Any) -> bytes:
            from gridapp.printing import batches

            _printed, data, other = batches.reprint(ledger, batch, first, last)
            self._other = other
            return data

        preview = self.show_made(batch.plan.number, _("重印第 {0} 页").format(words.strip()), job)
        preview.closed.connect(self._told_other)

    _other: tuple[str, ...] = ()

    def _told_other(self) -> None:
        if self._other:
            say(self._refused, _("{0} 现在的页数和这一批里不一样，请把整户重新打印。").format("、".join(self._other[:NAMED])))
        self._other = ()

    def give_up(self, batch: Any) -> None:
        """Forget it."""
        def job(ledger: Any) -> None:
            from gridapp.printing import batches

            batches.give_up(ledger, batch)

        if self.batch is batch:
            self.batch, self._running = None, False
            self._way.hide()
        self.desk.call(job, lambda _none: self.refresh())

    # -- showing

    def refresh(self) -> None:
        if self.desk.ledger is None:
            return

        def job(ledger: Any) -> Any:
            from gridapp.printing import batches, batchhouses

            return batches.batches(ledger), ledger.ask(batchhouses.ranges)

        self.desk.call(job, self._show, lane="batches")

    def _show(self, told: Any) -> None:
        found, ranges = told
        if [self.range.itemData(place) for place in range(self.range.count())] != [where for _name, where in ranges]:
            self.range.clear()
            for name, where in ranges:
                self.range.addItem(name, where)
        empty(self._rows)
        if not found:
            self._rows.addWidget(label(_("还没有。"), "muted"))
        for batch in found:
            self._rows.addWidget(line())
            self._rows.addWidget(label(state_words(batch), wrap=True))
            self._rows.addLayout(self._ways(batch))

    def _ways(self, batch: Any) -> Flow:
        drop = button(_("从这里去掉") if batch.plan.finished else _("不印了"), partial(self.give_up, batch), icon="x", role="tight")
        if not batch.plan.finished:
            mine = self.batch is not None and self.batch.remains.folder == batch.remains.folder
            return Flow(*([] if mine else [button(_("接着打印"), partial(self.take_up, batch), icon="printer", role="tight")]), drop)
        pages = entry(_("页码，如 37-52"))
        pages.returnPressed.connect(lambda: self.reprint(batch, pages.text()))
        return Flow(pages, button(_("重印这几页"), lambda: self.reprint(batch, pages.text()), icon="printer", role="tight"), drop)


def title_of(batch: Any) -> str:
    """'F04 出租房屋承租人员登记簿'."""
    from gridapp.printing import PAPERS

    return f"{batch.plan.number} {PAPERS[batch.plan.number].title}"


def state_words(batch: Any) -> str:
    """What it is, under which number, and how far."""
    from gridapp.printing.batches import number_in

    far = _("已印完，{0} 页").format(batch.pages) if batch.plan.finished else _("没印完，印好 {0} 户").format(batch.done)
    return _("{0}　{1}　{2} 户　编号 {3}　{4}　{5}").format(batch.plan.day, title_of(batch), len(batch.plan.items), number_in(batch.plan.trace), far, batch.plan.out)


def news_words(told: Any) -> str:
    """Which houses were changed since the batch was begun, and which are no more."""
    def named(names: tuple[str, ...]) -> str:
        return "、".join(names[:NAMED]) + (_("等 {0} 户").format(len(names)) if len(names) > NAMED else "")

    parts = []
    if told.changed:
        parts.append(_("停下以后有改动：{0}。还没印的按现在的内容印，已印好的请核对后重印。").format(named(told.changed)))
    if told.gone:
        parts.append(_("停下以后已注销：{0}。").format(named(told.gone)))
    return "".join(parts)


def build(desk: Desk, _settings: Settings) -> BatchesScreen:
    return BatchesScreen(desk)
