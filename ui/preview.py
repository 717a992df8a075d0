"""Print preview inside the window: shows the very PDF, from memory; saves it or sends it to a printer."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import (QFileDialog, QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QScrollArea, QSpinBox,
                               QVBoxLayout, QWidget)

from gridapp.errors import Sorted
from gridapp.texts import _
from ui.desk import Desk
from ui.jobs import Ticket

SCREEN_DPI, PRINTER_DPI = 110, 300
POINTS = 72


class Document:
    """A PDF in memory, drawn page by page by pdfium."""

    def __init__(self, data: bytes) -> None:
        import pypdfium2

        self.data = data
        self._pdf = pypdfium2.PdfDocument(data)

    def __len__(self) -> int:
        return len(self._pdf)

    def image(self, number: int, dpi: int) -> QImage:
        """Page `number` from 0, on white (pdfium's ground is transparent: black when saved or printed)."""
        page = self._pdf[number]
        bitmap = page.render(scale=dpi / POINTS, fill_color=(255, 255, 255, 255), rev_byteorder=True, prefer_bgrx=True)
        image = QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888).copy()
        bitmap.close()
        page.close()
        return image

    def close(self) -> None:
        self._pdf.close()


class Preview(QWidget):
    """A page with one paper: made in the worker with progress, then shown page by page."""

    closed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._document, self._ticket = desk, None, None  # type: Desk, Document | None, Ticket | None
        self._name = ""
        self._build()

    def _build(self) -> None:
        self._title = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._title.setProperty("role", "title")
        self._page = QSpinBox(minimum=1, accessibleName=_("页码"))
        self._page.valueChanged.connect(self._show_page)
        self._of = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._save = QPushButton(_("保存为 PDF（Ctrl+S）"), shortcut="Ctrl+S")
        self._save.clicked.connect(self._save_as)
        self._print = QPushButton(_("打印（Ctrl+P）"), shortcut="Ctrl+P")
        self._print.setProperty("role", "primary")
        self._print.clicked.connect(self._send)
        back = QPushButton(_("返回（Esc）"), shortcut="Esc")
        back.clicked.connect(self.leave)
        bar = QHBoxLayout()
        for widget in (back, self._title):
            bar.addWidget(widget)
        bar.addStretch(1)
        for widget in (self._page, self._of, self._save, self._print):
            bar.addWidget(widget)
        self._progress = QProgressBar(textVisible=True, visible=False)
        self._told = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText, visible=False)
        self._told.setProperty("role", "alert")
        self._sheet = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        area = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        area.setWidget(self._sheet)
        layout = QVBoxLayout(self)
        layout.addLayout(bar)
        layout.addWidget(self._told)
        layout.addWidget(self._progress)
        layout.addWidget(area, 1)

    # -- making

    def show_paper(self, number: str, title: str, *, house: str | None = None, record: UUID | None = None) -> None:
        """Make paper `number` in the worker and show it. A missing glyph is told in words and nothing is shown."""
        self._name = f"{number} {title}"
        self._title.setText(title)
        self._ready(False)
        self._told.hide()
        self._progress.setRange(0, 0)
        self._progress.show()

        def job(ledger: Any, progress: Any) -> bytes:
            from gridapp import printing

            with ledger.read() as read:
                _printed, data = printing.make(read, number, house=house, record=record, progress=progress)
            return data

        self._ticket = self._desk.long(job, self._made, self._step, self._failed)

    def _step(self, done: int, total: int) -> None:
        self._progress.setRange(0, total)
        self._progress.setFormat(_("正在排版 第 {0} 页，共 {1} 页").format(done, total))
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
        self._told.setText(failure.text)
        self._told.show()

    def _ready(self, yes: bool) -> None:
        for widget in (self._page, self._save, self._print):
            widget.setEnabled(yes)
        if not yes:
            self._sheet.clear()

    def _show_page(self, number: int) -> None:
        if self._document is not None:
            ratio = self.devicePixelRatioF()
            picture = QPixmap.fromImage(self._document.image(number - 1, int(SCREEN_DPI * ratio)))
            picture.setDevicePixelRatio(ratio)
            self._sheet.setPixmap(picture)

    # -- leaving it

    def _save_as(self) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(self, _("保存为 PDF"), f"{self._name}.pdf", "PDF (*.pdf)")
        if chosen and self._document is not None:
            self.save(Path(chosen))

    def save(self, path: Path) -> None:
        """Write the very bytes that are shown."""
        from gridapp import printing

        assert self._document is not None
        try:
            printing.keep(self._document.data, path)
        except Sorted as failure:
            self._failed(failure)
        else:
            self._failed(Sorted(_("已保存：{0}").format(path)))

    def _send(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if self._document is not None and QPrintDialog(printer, self).exec():
            self.draw_on(printer)

    def draw_on(self, printer: Any) -> None:
        """Paint every page on a printer of Qt's; the paper's own size and orientation."""
        from PySide6.QtGui import QPageLayout

        assert self._document is not None
        first = self._document.image(0, POINTS).size()
        wide = first.width() > first.height()
        printer.setPageOrientation(QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait)
        printer.setFullPage(True)
        painter = QPainter(printer)
        for number in range(len(self._document)):
            if number:
                printer.newPage()
            image = self._document.image(number, PRINTER_DPI)
            size = image.size().scaled(QSize(painter.viewport().width(), painter.viewport().height()),
                                       Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawImage(QRectF(0, 0, size.width(), size.height()), image)
        painter.end()

    def leave(self) -> None:
        """Stop making it, forget the document, go back."""
        if self._ticket is not None:
            self._ticket.cancel()
        if self._document is not None:
            self._document.close()
            self._document = None
        self._sheet.clear()
        QTimer.singleShot(0, self.closed.emit)
