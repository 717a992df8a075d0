"""Print preview inside the window: shows the very PDF, from memory; saves it or sends it to a printer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QProgressBar, QSpinBox, QWidget

from gridapp.errors import Sorted
from gridapp.settings import Settings
from gridapp.texts import _
from ui import files, theme
from ui.covering import CoverBar
from ui.desk import Desk
from ui.flow import Flow
from ui.jobs import Ticket
from ui.widgets import answer, back, bar, button, column, label, page, say, scrolled

PRINTER_DPI = 300
#: a page is never drawn wider than this on screen, in design pixels
WIDEST = 1200
POINTS = 72


class Document:
    """A PDF in memory, drawn page by page by pdfium; nothing stays open between pages."""

    def __init__(self, data: bytes) -> None:
        import pypdfium2

        self.data = data
        with pypdfium2.PdfDocument(data) as pdf:
            self._pages = len(pdf)

    def __len__(self) -> int:
        return self._pages

    def image(self, number: int, *, dpi: int = 0, width: int = 0) -> QImage:
        """Page `number` from 0, at `dpi` or `width` pixels wide, on white (pdfium's ground is transparent: black when saved or printed)."""
        import pypdfium2

        with pypdfium2.PdfDocument(self.data) as pdf:
            page = pdf[number]
            scale = dpi / POINTS if dpi else width / page.get_width()
            bitmap = page.render(scale=scale, fill_color=(255, 255, 255, 255), rev_byteorder=True, prefer_bgrx=True)
            image = QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888).copy()
            bitmap.close()
            page.close()
        return image


class Preview(QWidget):
    """A page with one paper: made in the worker with progress, then shown page by page."""

    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        page(self)
        self._desk, self._document, self._ticket = desk, None, None  # type: Desk, Document | None, Ticket | None
        self._name = ""
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
        header, row = bar("header", back(self.leave))
        row.addWidget(self._title, 1)
        row.addLayout(Flow(self._before, self._page, self._of, self._after, self._save, self._print, to_right=True), 3)
        self._progress = QProgressBar()
        self._progress.hide()
        self._told = answer("notice")
        self.cover = CoverBar()
        self.cover.chosen.connect(self._other_copy)
        self._sheet = label()
        self._sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._sheet.setContentsMargins(0, theme.look.px(12), 0, theme.look.px(12))
        self._area = scrolled(page(self._sheet), name=_("表单"))
        self.setFocusProxy(self._area)  # arrows scroll
        whole = column(self)
        for part in (header, self.cover, self._told, self._progress):
            whole.addWidget(part)
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
            return made[1]

        self.show_made(number, title, job)
        self._shown = number, title, wish
        self.cover.stand_over(paper.maskable, paper.posted, wish.get("masked", paper.posted))

    def _other_copy(self, masked: bool, why: str) -> None:
        """The same paper with names and numbers masked, or in full."""
        number, title, wish = self._shown
        self.show_paper(number, title, **wish | {"masked": masked, "why": why})

    def show_made(self, number: str, title: str, job: Callable[[Any, Any], bytes]) -> None:
        """The same of a paper that is made another way: `job(ledger, progress)` gives the PDF."""
        self.cover.hide()
        self._name = f"{number} {title}"
        self._title.setText(title)
        self._ready(False)
        self._of.clear()
        self._told.hide()
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

    def _failed(self, failure: Sorted) -> None:
        self._progress.hide()
        say(self._told, failure.text)

    def _ready(self, yes: bool) -> None:
        for widget in (self._page, self._before, self._after, self._save, self._print):
            widget.setEnabled(yes)
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

    def _send(self) -> None:
        if self._document is not None:
            send(self._document, self)

    def leave(self) -> None:
        """Stop making it, forget the document, go back."""
        if self._ticket is not None:
            self._ticket.cancel()
        self._document = None
        self._sheet.clear()
        QTimer.singleShot(0, self.closed.emit)


def send(document: Document, parent: QWidget) -> None:
    """Ask which printer, and print."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if QPrintDialog(printer, parent).exec():
        paint(document, printer)


def paint(document: Document, printer: Any) -> None:
    """Paint every page on a printer of Qt's; the paper's own size and orientation."""
    from PySide6.QtGui import QPageLayout, QPageSize

    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    first = document.image(0, dpi=POINTS).size()
    wide = first.width() > first.height()
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    painter = QPainter(printer)
    for number in range(len(document)):
        if number:
            printer.newPage()
        image = document.image(number, dpi=PRINTER_DPI)
        size = image.size().scaled(QSize(painter.viewport().width(), painter.viewport().height()), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRectF(0, 0, size.width(), size.height()), image)
    painter.end()
