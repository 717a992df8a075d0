"""To a printer (打印机): the system's dialog, then page by page between two events of the window; what was stopped or broke goes on from the page it reached."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QMarginsF, QObject, QProcess, QRectF, QSizeF, QTimer, Signal
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtWidgets import QWidget

from gridapp.errors import Mistake, Sorted, Trouble
from gridapp.printing.pieces import Job, Piece, Sides, command, cut, pieces, sizes, upright
from gridapp.settings import Settings
from gridapp.texts import _
from ui.paged import Document

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

#: a page is drawn for a printer of Qt's at least this fine, and at less than twice (measured: docs/adr/0028)
PRINTER_DPI = 300
#: and in strips of so many lines, so that the window answers between two of them
STRIP = 600
MM_PER_INCH = 25.4


class NoPrinter(Trouble):
    """This PC has no printer."""

    def __init__(self) -> None:
        super().__init__(_("这台电脑还没有装打印机，没有打印。请先在系统里添加打印机；急用时可以“保存为 PDF”，拿到别的电脑上打印。"))


class PrinterAway(Trouble):
    """It takes no page (any more); `why` as far as the system says it."""

    def __init__(self, printed: int, page: int, why: str = "") -> None:
        because = _("（{0}）").format(why) if why else ""
        super().__init__(_("打印机没有接收{0}，已打印 {1} 页，第 {2} 页还没有打印。请检查打印机的电源、连线和纸，再点“接着打印”。").format(because, printed, page))


class PrintStopped(Mistake):
    """The officer stopped it."""

    def __init__(self, printed: int, page: int) -> None:
        super().__init__(_("已停止打印：打印了 {0} 页，第 {1} 页还没有打印。点“接着打印”从这一页继续。").format(printed, page))


class Run(QObject):
    """One job under way; subclasses say how a step is made. Nothing of it blocks the window."""

    #: so many pages are printed, of so many
    went = Signal(int, int)
    #: None, or why it did not come to its end
    ended = Signal(object)

    def __init__(self, document: Document, job: Job) -> None:
        super().__init__()
        self.document, self.job = document, job
        self.done, self.running = 0, False

    @property
    def plan(self) -> tuple[int, ...]:
        """The pages that come out, one after another."""
        return self.job.plan

    @property
    def next_page(self) -> int:
        """Number from 1 of the page it goes on from."""
        return self.plan[self.done] + 1

    def begin(self) -> None:
        """Start, or go on from the page that was reached."""
        self.running = True
        self.went.emit(self.done, len(self.plan))
        QTimer.singleShot(0, self, self.step)

    def step(self) -> None:
        raise AssertionError("a subclass knows how")

    def stop(self) -> None:
        """No further page."""
        if self.running:
            self.end(PrintStopped(self.done, self.next_page))

    def end(self, failure: Sorted | None) -> None:
        self.running = False
        self.ended.emit(failure)

    def told(self) -> str:
        """What is said when all of it is done."""
        return _("✓ 已打印 {0} 页。").format(len(self.plan))


class Spooled(Run):
    """The finished PDF goes to the system's print command (lp of CUPS), through its standard input: nothing lies on the disk in the clear."""

    def __init__(self, document: Document, job: Job) -> None:
        super().__init__(document, job)
        self._process: QProcess | None = None
        self._pieces = pieces(document.data, job)

    @property
    def plan(self) -> tuple[int, ...]:
        return tuple(page for piece in self._pieces for page in replace(self.job, pages=piece.pages, copies=piece.copies).plan)

    def _piece(self) -> Piece:
        """The one that comes next; a piece is taken whole or not at all."""
        before = 0
        for piece in self._pieces:
            if before == self.done:
                return piece
            before += piece.sides
        raise AssertionError("all of it is printed")

    def step(self) -> None:
        if not self.running:
            return
        piece = self._piece()
        process = self._process = QProcess(self)
        process.finished.connect(lambda code, _status: self._finished(piece, code))
        process.errorOccurred.connect(self._broke)
        process.start("lp", command(self.job, piece))
        process.write(cut(self.document.data, piece.pages, self.job.across, self.job.down))
        process.closeWriteChannel()

    def _finished(self, piece: Piece, code: int) -> None:
        process, self._process = self._process, None
        if process is None:  # stopped meanwhile
            return
        if code:
            said = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip()
            self.end(PrinterAway(self.done, self.next_page, said.splitlines()[0] if said else ""))
            return
        self.done += piece.sides
        self.went.emit(self.done, len(self.plan))
        self.step() if self.done < len(self.plan) else self.end(None)

    def _broke(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self.running:
            self._process = None
            self.end(PrinterAway(self.done, self.next_page))

    def stop(self) -> None:
        process, self._process = self._process, None
        super().stop()
        if process is not None:
            process.kill()

    def told(self) -> str:
        return _("✓ 已交给打印机“{0}”，共 {1} 页。").format(self.job.printer, len(self.plan))


class Rastered(Run):
    """Every page as a picture on a printer of Qt's, strip by strip: where there is no print command that takes a PDF (Windows)."""

    def __init__(self, document: Document, job: Job, printer: QPrinter) -> None:
        super().__init__(document, job)
        self.printer = printer
        self._painter: QPainter | None = None
        self._line = 0
        self._sizes = sizes(document.data)

    def begin(self) -> None:
        self.printer.setFullPage(True)
        self._line = 0
        super().begin()

    def step(self) -> None:
        """One strip of the page."""
        if not self.running:
            return
        page = self.plan[self.done]
        if self._line == 0 and not self._turn(page):
            self._close()
            self.end(PrinterAway(self.done, self.next_page))
            return
        painter = cast(QPainter, self._painter)
        dpi = self.printer.resolution() // max(1, self.printer.resolution() // PRINTER_DPI)
        picture, left = self.document.strip(page, dpi, self._line, STRIP)
        scale, per_mm = self.printer.resolution() / dpi, self.printer.resolution() / MM_PER_INCH
        x, y = round(self.job.across * per_mm), round(self.job.down * per_mm) + self._line * scale
        painter.drawImage(QRectF(x, y, picture.width() * scale, picture.height() * scale), picture)
        self._line = self._line + STRIP if left else 0
        if not left:
            self.done += 1
            self.went.emit(self.done, len(self.plan))
        if self.done == len(self.plan):
            failed = not self._close()
            self.done -= failed
            self.end(PrinterAway(self.done, self.next_page) if failed else None)
        else:
            QTimer.singleShot(0, self, self.step)

    def _turn(self, page: int) -> bool:
        """A fresh page of the size the layout has; False when the printer takes none."""
        narrow, high = upright(self._sizes[page])
        paper = QPageSize(QSizeF(narrow, high), QPageSize.Unit.Millimeter, f"{narrow}×{high}", QPageSize.SizeMatchPolicy.FuzzyMatch)
        lies = self._sizes[page][0] > self._sizes[page][1]
        layout = QPageLayout(paper, QPageLayout.Orientation.Landscape if lies else QPageLayout.Orientation.Portrait, QMarginsF())
        layout.setMode(QPageLayout.Mode.FullPageMode)
        self.printer.setPageLayout(layout)
        if self._painter is not None:
            return self.printer.newPage()
        self._painter = QPainter()
        return self._painter.begin(self.printer)

    def _close(self) -> bool:
        painter, self._painter = self._painter, None
        return painter.end() if painter is not None and painter.isActive() else False

    def stop(self) -> None:
        if self.running:
            super().stop()
            self._close()


class Filed(Run):
    """The dialog's own “print to a file”: the pages as they are, no pictures of them."""

    def __init__(self, document: Document, job: Job, path: Path) -> None:
        super().__init__(document, job)
        self._path = path

    def step(self) -> None:
        from gridapp import printing

        try:
            printing.keep(cut(self.document.data, self.plan, self.job.across, self.job.down), self._path)
        except Sorted as failure:
            self.end(failure)
        else:
            self.done = len(self.plan)
            self.end(None)

    def told(self) -> str:
        return _("✓ 已保存：{0}").format(self._path)


# ---------------------------------------------------------------- the system's dialog

def send(document: Document, parent: QWidget, tell: Callable[[str], None], printer: str = "", moved: bool = True) -> None:
    """Ask which printer (`printer` is proposed), print, and tell what came of it: a sheet or two, without a page of progress."""
    try:
        run = asked(document, parent, printer=printer)
    except Sorted as failure:
        tell(failure.text)
        return
    if run is not None:
        if not moved:
            run.job = replace(run.job, across=0.0, down=0.0)
        run.setParent(parent)
        run.ended.connect(lambda failure: tell(run.told() if failure is None else failure.text))
        run.begin()


def asked(document: Document, parent: QWidget, page: int = 1, printer: str = "") -> Run | None:
    """Ask which printer, which pages, how many copies; None when nobody wants to. Raises NoPrinter."""
    from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter, QPrinterInfo

    if not QPrinterInfo.availablePrinterNames():
        raise NoPrinter
    device = QPrinter(QPrinter.PrinterMode.HighResolution)
    if printer:
        device.setPrinterName(printer)
    dialog = QPrintDialog(device, parent)
    dialog.setMinMax(1, len(document))
    dialog.setFromTo(1, len(document))
    for option in (QAbstractPrintDialog.PrintDialogOption.PrintPageRange, QAbstractPrintDialog.PrintDialogOption.PrintCurrentPage,
                   QAbstractPrintDialog.PrintDialogOption.PrintCollateCopies):
        dialog.setOption(option, True)
    return run_of(document, device, page) if dialog.exec() else None


def run_of(document: Document, printer: QPrinter, page: int = 1) -> Run:
    """The way a document takes to what was chosen: a file, the print command, or Qt's own printing."""
    job = job_of(document, printer, page)
    if printer.outputFileName():
        return Filed(document, job, Path(printer.outputFileName()))
    if job.printer and shutil.which("lp"):
        return Spooled(document, job)
    if printer.supportsMultipleCopies():
        job = replace(job, copies=1)  # the printer makes them
    else:
        printer.setCopyCount(1)
    return Rastered(document, job, printer)


def job_of(document: Document, printer: QPrinter, page: int = 1) -> Job:
    """What the dialog left in the printer; `page` (from 1) is the one being looked at."""
    from PySide6.QtPrintSupport import QPrinter

    chosen = range(len(document))
    if printer.printRange() == QPrinter.PrintRange.CurrentPage:
        chosen = range(page - 1, page)
    elif printer.printRange() == QPrinter.PrintRange.PageRange:
        chosen = range(max(printer.fromPage(), 1) - 1, min(printer.toPage() or len(document), len(document)))
    pages = tuple(reversed(chosen)) if printer.pageOrder() == QPrinter.PageOrder.LastPageFirst else tuple(chosen)
    across, down = Settings.load().offset(printer.printerName())
    return Job(pages or (page - 1,), printer.printerName(), printer.copyCount(), printer.collateCopies(), sides_of(printer.duplex(), sizes(document.data)[0]),
               printer.colorMode() == QPrinter.ColorMode.GrayScale, across, down)


def sides_of(chosen: QPrinter.DuplexMode, size: tuple[float, float]) -> Sides:
    """Both sides as CUPS calls it; what turns by itself turns like a book, a page that lies over its short edge."""
    from PySide6.QtPrintSupport import QPrinter

    mode = QPrinter.DuplexMode
    told: dict[QPrinter.DuplexMode, Sides] = {
        mode.DuplexNone: "one-sided", mode.DuplexLongSide: "two-sided-long-edge", mode.DuplexShortSide: "two-sided-short-edge",
        mode.DuplexAuto: "two-sided-short-edge" if size[0] > size[1] else "two-sided-long-edge"}
    return told[chosen]
