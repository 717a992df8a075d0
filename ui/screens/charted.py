"""A chart in front of a list: the very drawing that goes on paper, turned into a picture; Esc leads back."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from gridapp.errors import Sorted
from gridapp.texts import _
from gridapp.work.figures import Window
from ui import theme
from ui.desk import Desk
from ui.paged import Document
from ui.widgets import CARD_MARGIN, PAGE_MARGIN, answer, back, bar, card, column, label, page, say, scrolled

#: the chart's width on paper in points, and on the screen in design pixels at most
WIDE, WIDEST = 500, 820


class ChartPage(QWidget):
    """How a figure stands place by place, and how it went over the last periods."""

    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        page(self)
        self._desk = desk
        self._documents: list[Document] = []
        self._title = label("", "title", wrap=True)
        header, row = bar("header", back(self.left.emit))
        row.addWidget(self._title, 1)
        self._told = answer("notice")
        self.sheets = (label(""), label(""))
        frame, inside = card()
        for sheet in self.sheets:
            sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            inside.addWidget(sheet)
        inside.addStretch(1)
        ground = column(page(holder := QWidget()), PAGE_MARGIN)
        ground.addWidget(frame, 1)
        self._area = scrolled(holder, name=_("统计图"))
        self.setFocusProxy(self._area)  # arrows scroll
        whole = column(self)
        for part in (header, self._told):
            whole.addWidget(part)
        whole.addWidget(self._area, 1)

    def show_figure(self, key: str, window: Window) -> None:
        """Draw it in the worker."""
        from gridapp.work.figures import FIGURES

        self._title.setText(_("{0}　{1}").format(FIGURES[key].title, window.title))
        self._show([])
        self.sheets[0].setAccessibleName(FIGURES[key].words)

        def job(ledger: Any) -> list[bytes]:
            from gridapp.printing import charts
            from gridapp.printing.papers import f30

            told = [ledger.ask(f30.by_place, key, window), *([] if FIGURES[key].standing else [ledger.ask(f30.over_time, key, window)])]
            return [charts.picture(chart, WIDE, chart.high) for chart in told]

        self._desk.call(job, self._show, self._failed, lane="chart")

    def _failed(self, failure: Sorted) -> None:
        say(self._told, failure.text)

    def _show(self, drawn: list[bytes]) -> None:
        self._told.hide()
        self._documents = [Document(data) for data in drawn]
        self._paint()

    def _paint(self) -> None:
        """As wide as there is room, at most as wide as is good to look at."""
        ratio = self.devicePixelRatioF()
        room = max(200, min(self._area.viewport().width() - theme.look.px(2 * PAGE_MARGIN + 2 * CARD_MARGIN), theme.look.px(WIDEST)))
        for place, where in enumerate(self.sheets):
            where.setVisible(place < len(self._documents))
            if place < len(self._documents):
                picture = QPixmap.fromImage(self._documents[place].image(0, width=round(room * ratio)))
                picture.setDevicePixelRatio(ratio)
                where.setPixmap(picture)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._paint()
