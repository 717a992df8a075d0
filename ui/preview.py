"""Print preview inside the window: shows the very PDF, from memory; saves it or sends it to a printer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QProgressBar, QSpinBox, QWidget

from gridapp.errors import Sorted
from gridapp.settings import Settings
from gridapp.texts import _
from ui import files, theme
from ui.covering import CoverBar
from ui.desk import Desk
from ui.flow import Flow
from ui.jobs import Ticket
from ui.paged import Document
from ui.widgets import answer, back, bar, button, column, label, page, row_of, say, scrolled

if TYPE_CHECKING:
    from ui.printers import Run

#: a page is never drawn wider than this on screen, in design pixels
WIDEST = 1200
#: so many marked characters are named
_NAMED = 5


class Preview(QWidget):
    """A page with one paper: made in the worker with progress, then shown page by page."""

    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        page(self)
        self._desk, self._document, self._ticket = desk, None, None  # type: Desk, Document | None, Ticket | None
        self._name = ""
        self._run: Run | None = None
        #: what press told of the paper that is shown
        self._about: list[Any] = []
        self._shown: tuple[str, str, dict[str, Any]] = "", "", {}
        self._build()

    def _build(self) -> None:
        self._title = label("", "title", wrap=True)
        self._page = QSpinBox()
        self._page.setMinimum(1)
        self._page.setAccessibleName(_("页码"))
        self._page.setFixedWidth(theme.look.px(70))
        self._page.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._page.valueChanged.connect(self._show_page)
        self._of = label()
        self._before = button("", lambda: self._page.stepDown(), icon="chevron-left", role="tight", key="PgUp", name=_("上一页（PgUp）"))
        self._after = button("", lambda: self._page.stepUp(), icon="chevron-right", role="tight", key="PgDown", name=_("下一页（PgDn）"))
        self._save = button(_("保存为 PDF（Ctrl+S）"), self._save_as, icon="file-down", key="Ctrl+S")
        self._print = button(_("打印（Ctrl+P）"), self._send, icon="printer", role="primary", key="Ctrl+P")
        self._stop = button(_("停止打印（F9）"), self._stop_printing, icon="x", key="F9")
        self._on = button(_("接着打印（F6）"), self._go_on, icon="printer", role="primary", key="F6")
        header, row = bar("header", back(self.leave))
        row.addWidget(self._title, 1)
        row.addLayout(Flow(self._before, self._page, self._of, self._after, self._save, self._print, self._stop, self._on, to_right=True), 3)
        self._progress = QProgressBar()
        self._printing = QProgressBar()
        self._printing.setFormat(_("正在打印 %v / %m 页"))
        self.mark = button(_("标出这些字，照样排版（F7）"), self._mark, icon="printer", key="F7")
        for hidden in (self._progress, self._printing, self._stop, self._on, self.mark):
            hidden.hide()
        self._told = answer("notice")
        self.cover = CoverBar()
        self.cover.chosen.connect(self._other_copy)
        self._sheet = label()
        self._sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._sheet.setContentsMargins(0, theme.look.px(12), 0, theme.look.px(12))
        self._area = scrolled(page(self._sheet), name=_("表单"))
        self.setFocusProxy(self._area)  # arrows scroll
        whole = column(self)
        for part in (header, self.cover, self._told, self._progress, self._printing):
            whole.addWidget(part)
        whole.addLayout(row_of(self.mark))
        whole.addWidget(self._area, 1)

    # -- making

    def show_paper(self, number: str, title: str, **wish: Any) -> None:
        """Make paper `number` in the worker (one `house`, one `record`, `since` and `until`: see press.make) and show it. A missing glyph is told in words and nothing is shown."""
        from gridapp import printing

        paper = printing.paper(number)

        def job(ledger: Any, progress: Any) -> bytes:
            from gridapp.exchange import pictures

            album = {"photo": pictures.album(ledger).get} if paper.photos else {}
            made: tuple[Any, bytes] = ledger.ask(printing.make, number, **{"watermark": Settings.load().watermark} | wish, **album, progress=progress)
            about.append(made[0])
            return made[1]

        about = list[Any]()
        self.show_made(number, title, job)
        self._about = about
        self._shown = number, title, wish
        self.cover.stand_over(paper.maskable, paper.posted, wish.get("masked", paper.posted))

    def _other_copy(self, masked: bool, why: str) -> None:
        """The same paper with names and numbers masked, or in full."""
        number, title, wish = self._shown
        self.show_paper(number, title, **wish | {"masked": masked, "why": why})

    def _mark(self) -> None:
        """The same paper, with a mark in the place of every character no font has."""
        number, title, wish = self._shown
        self.show_paper(number, title, **wish | {"mark_missing": True})

    def show_made(self, number: str, title: str, job: Callable[[Any, Any], bytes]) -> None:
        """The same of a paper that is made another way: `job(ledger, progress)` gives the PDF."""
        self.cover.hide()
        self.mark.hide()
        self._about = []
        self._name = f"{number} {title}"
        self._title.setText(title)
        self._ready(False)
        self._of.clear()
        self._told.hide()
        if self.printing:
            say(self._told, _("上一份还在打印，打完以后再打这一份。"))
        else:
            self._run = None
            self._on.hide()
        self._progress.setRange(0, 0)
        self._progress.setFormat(_("正在排版 %p%"))
        self._progress.show()
        self._ticket = self._desk.long(job, self._made, self._step, self._failed)

    def _step(self, done: int, total: int) -> None:
        self._progress.setRange(0, total)
        self._progress.setValue(done)

    def _made(self, data: bytes) -> None:
        self._progress.hide()
        self._document = Document(data)
        self._page.setMaximum(len(self._document))
        self._of.setText(_("共 {0} 页").format(len(self._document)))
        self._ready(True)
        self._page.setValue(1)
        self._show_page(1)
        marked = [told for about in self._about for told in about.missing]
        if marked:
            say(self._told, _("字库中没有的字用〓标出，请手写补上：{0}").format("；".join(marked[:_NAMED]) + (_(" 等 {0} 处").format(len(marked)) if len(marked) > _NAMED else "")))

    def _failed(self, failure: Sorted) -> None:
        from gridapp.printing import NoGlyph

        self._progress.hide()
        say(self._told, failure.text)
        self.mark.setVisible(isinstance(failure, NoGlyph))

    def _ready(self, yes: bool) -> None:
        for widget in (self._page, self._before, self._after, self._save):
            widget.setEnabled(yes)
        self._print.setEnabled(yes and not self.printing)
        if not yes:
            self._sheet.clear()

    def _show_page(self, number: int) -> None:
        """Draw a page as wide as there is room."""
        if self._document is not None:
            ratio = self.devicePixelRatioF()
            width = min(self._area.viewport().width() - theme.look.px(24), theme.look.px(WIDEST))
            picture = QPixmap.fromImage(self._document.image(number - 1, width=round(max(width, 200) * ratio)))
            picture.setDevicePixelRatio(ratio)
            self._sheet.setPixmap(picture)
            self._area.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_page(self._page.value())

    # -- leaving it

    def _save_as(self) -> None:
        chosen = files.to_write(self, _("保存为 PDF"), f"{self._name}.pdf", "PDF (*.pdf)")
        if chosen is not None and self._document is not None:
            self.save(chosen)

    def save(self, path: Path) -> None:
        """Write the very bytes that are shown."""
        from gridapp import printing

        assert self._document is not None
        try:
            printing.keep(self._document.data, path)
        except Sorted as failure:
            self._failed(failure)
        else:
            say(self._told, _("✓ 已保存：{0}").format(path))

    # -- printing

    def _send(self) -> None:
        from ui import printers

        if self._document is None or self.printing:
            return
        try:
            run = printers.asked(self._document, self, self._page.value())
        except Sorted as failure:
            self._failed(failure)
        else:
            if run is not None:
                self.print_with(run)

    @property
    def printing(self) -> bool:
        """Whether a document is on its way; it goes on when the page is left."""
        return self._run is not None and self._run.running

    def print_with(self, run: Run) -> None:
        """Print, with progress; what is stopped or breaks can go on."""
        self._run = run
        run.went.connect(self._printed)
        run.ended.connect(self._ended)
        self._go_on()

    def _go_on(self) -> None:
        run = self._run
        if run is None or run.running:
            return
        self._told.hide()
        self._on.hide()
        self._stop.show()
        self._print.setEnabled(False)
        self._printing.show()
        run.begin()

    def _printed(self, done: int, total: int) -> None:
        self._printing.setRange(0, total)
        self._printing.setValue(done)

    def _stop_printing(self) -> None:
        if self._run is not None:
            self._run.stop()

    def _ended(self, failure: Sorted | None) -> None:
        run = self._run
        assert run is not None
        self._printing.hide()
        self._stop.hide()
        self._print.setEnabled(self._document is not None)
        words = run.told() if failure is None else failure.text
        self._on.setVisible(failure is not None)
        say(self._told, words)
        if not self.isVisible():
            self._desk.saved.emit(words)
        if failure is None:
            self._run = None

    def leave(self) -> None:
        """Stop making it, forget the document, go back; what is being printed is printed."""
        if self._ticket is not None:
            self._ticket.cancel()
        self._document = None
        self._sheet.clear()
        QTimer.singleShot(0, self.closed.emit)
