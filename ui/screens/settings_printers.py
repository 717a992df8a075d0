"""The card of 设置 that puts a printer right: how many mm everything moves on it, and a page that tells how far it is off."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFrame

from gridapp.errors import Sorted
from gridapp.settings import FARTHEST, Settings
from gridapp.texts import _
from ui import theme
from ui.widgets import CARD_MARGIN, GAP, answer, button, column, label, row_of, say


def installed() -> tuple[list[str], str]:
    """The printers of this PC and the usual one."""
    from PySide6.QtPrintSupport import QPrinterInfo

    return QPrinterInfo.availablePrinterNames(), QPrinterInfo.defaultPrinterName()


class PrintersCard(QFrame):
    """Kept on this PC by the printer's name."""

    def __init__(self, settings: Settings, today: Any) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._settings, self._today = settings, today
        inside = column(self, CARD_MARGIN, GAP)
        inside.addWidget(label(_("打印机校准"), "subtitle"))
        inside.addWidget(label(_("印出来的位置偏了，就打印一张校准页，照页上的说明读出两个数，填在这里。每台打印机各填各的。"), "muted", wrap=True))
        self.printer = QComboBox()
        self.printer.setAccessibleName(_("打印机"))
        self.printer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.across, self.down = _millimetres(_("左右，毫米")), _millimetres(_("上下，毫米"))
        self.told = answer()
        self.page_button = button(_("打印校准页"), self.print_page, icon="printer", role="tight")
        inside.addWidget(self.printer)
        inside.addLayout(row_of(label(_("左右"), "label"), self.across, label(_("上下"), "label"), self.down, label(_("毫米"), "label")))
        inside.addWidget(self.told)
        inside.addLayout(row_of(self.page_button))
        inside.addStretch(1)
        self.printer.currentTextChanged.connect(self._show)
        for field in (self.across, self.down):
            field.valueChanged.connect(self._keep)

    def refresh(self) -> None:
        """Ask the system which printers there are; those put right before stay in the list."""
        names, usual = installed()
        offered = [*names, *(name for name in self._settings.printers if name not in names)]
        now = self.printer.currentText() or usual
        if offered != [self.printer.itemText(place) for place in range(self.printer.count())]:
            self.printer.blockSignals(True)
            self.printer.clear()
            self.printer.addItems(offered)
            self.printer.setCurrentText(now if now in offered else "")
            self.printer.blockSignals(False)
        for widget in (self.printer, self.across, self.down, self.page_button):
            widget.setEnabled(bool(offered))
        if not offered:
            say(self.told, _("这台电脑还没有装打印机。装好以后再打开这一页。"))
        self._show(self.printer.currentText())

    def _show(self, printer: str) -> None:
        for field, value in zip((self.across, self.down), self._settings.offset(printer), strict=True):
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)

    def _keep(self, _value: float) -> None:
        self._settings.shift(self.printer.currentText(), self.across.value(), self.down.value())
        try:
            self._settings.save()
        except Sorted as failure:
            say(self.told, failure.text)
        else:
            say(self.told, _("✓ 已记住，下次在“{0}”上打印时移动。").format(self.printer.currentText()))

    def print_page(self) -> None:
        """Without any offset, so that the numbers read off are the ones to type in."""
        from gridapp.printing import ruler
        from ui import printers
        from ui.paged import Document

        today: date = self._today()
        printers.send(Document(ruler.drawn(self.printer.currentText(), today)), self, lambda words: say(self.told, words), self.printer.currentText(), moved=False)


def _millimetres(words: str) -> QDoubleSpinBox:
    made = QDoubleSpinBox()
    made.setRange(-FARTHEST, FARTHEST)
    made.setDecimals(1)
    made.setSingleStep(0.5)
    made.setAccessibleName(words)
    made.setFixedWidth(theme.look.px(84))
    made.lineEdit().setTextMargins(theme.look.px(8), 0, 0, 0)  # as in the card of locking
    return made
