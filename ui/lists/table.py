"""The list itself: whole rows, names bold, states as pills; columns as the officer left them, and what of the rows goes to the clipboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from gridapp.texts import _
from ui import theme
from ui.lists.model import PILL, STRONG, Column, PagedModel
from ui.lists.remembered import NARROWEST

ROW_HEIGHT = 46
#: so many chosen rows are read for one thing that is done with them
MOST_CHOSEN = 5_000


class Painter(QStyledItemDelegate):
    """Draws names bold and states as pills (colour and word)."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if index.data(STRONG):
            option.font.setWeight(QFont.Weight.Bold)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        pill = index.data(PILL)
        self.initStyleOption(option, index)
        if not pill or not option.text:
            super().paint(painter, option, index)
            return
        text = option.text
        option.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        self._pill(painter, option, text, str(pill))

    def _pill(self, painter: QPainter, option: QStyleOptionViewItem, text: str, token: str) -> None:
        metrics = option.fontMetrics
        rect = option.rect
        width, height = metrics.horizontalAdvance(text) + theme.look.px(18), metrics.height() + theme.look.px(4)
        box = QRectF(rect.x() + theme.look.px(8), rect.center().y() - height / 2 + 0.5, width, height)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setBrush(theme.colour("card" if chosen else f"{token}_bg"))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(theme.colour(token))
        painter.setFont(option.font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


class Table(QTableView):
    """The list itself: Enter opens, whole rows, no grid."""

    opened = Signal(object)
    #: the officer made a column wider or put it elsewhere
    arranged = Signal()
    #: why nothing is done with the chosen rows, in words
    refused = Signal(str)

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        #: title → design pixels, where an officer wanted another width than the column's own
        self.widths: dict[str, int] = {}
        self._fitting = False
        self.rows = PagedModel(columns)
        #: what stands here while there are no rows
        self.nothing = ""
        self.setModel(self.rows)
        self.setItemDelegate(Painter(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().setSectionsMovable(True)
        self.horizontalHeader().sectionResized.connect(self._widened)
        self.horizontalHeader().sectionMoved.connect(self._moved)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self.fit()

    def fit(self) -> None:
        """Row height and column widths at the present type size."""
        self.verticalHeader().setDefaultSectionSize(theme.look.px(ROW_HEIGHT))
        self._fitting = True
        for place, column in enumerate(self.rows.columns):
            mode = QHeaderView.ResizeMode.Interactive if column.width else QHeaderView.ResizeMode.Stretch
            self.horizontalHeader().setSectionResizeMode(place, mode)
            if column.width:
                self.setColumnWidth(place, theme.look.px(self._width(column)))
        self._fitting = False

    def _width(self, column: Column) -> int:
        return self.widths.get(column.title, column.width)

    def _widened(self, place: int, _before: int, now: int) -> None:
        column = self.rows.columns[place]
        if self._fitting or not column.width or not now:
            return
        self.widths[column.title] = max(NARROWEST, round(now / theme.look.factor))
        self.arranged.emit()

    def _moved(self, *_places: int) -> None:
        if not self._fitting:
            self.arranged.emit()

    @property
    def order(self) -> list[str]:
        """The titles as the columns stand, from the left."""
        head = self.horizontalHeader()
        return [self.rows.columns[head.logicalIndex(place)].title for place in range(head.count())]

    def put(self, widths: Mapping[str, int], order: Sequence[str]) -> None:
        """Columns as an officer left them; nothing told: as they usually are."""
        self.widths, self._fitting = dict(widths), True
        head, titles = self.horizontalHeader(), [column.title for column in self.rows.columns]
        for place, title in enumerate(order or titles):
            head.moveSection(head.visualIndex(titles.index(title)), place)
        self.fit()
        self._hide_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hide_columns()

    def _hide_columns(self) -> None:
        """Leave out the columns of the highest rank until what stays fits."""
        room = self.viewport().width()
        ranks = sorted({c.rank for c in self.rows.columns}, reverse=True)
        shown = set(range(len(self.rows.columns)))
        for rank in ranks:
            needed = sum(theme.look.px(self._width(self.rows.columns[p]) or 150) for p in shown)
            if needed <= room or rank == 0:
                break
            shown = {p for p in shown if self.rows.columns[p].rank < rank}
        self._fitting = True
        for place in range(len(self.rows.columns)):
            self.setColumnHidden(place, place not in shown)
        self._fitting = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.nothing and not self.rows.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(theme.colour("text3"))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.nothing)
            painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selectionModel().isRowSelected(self.currentIndex().row()):
            self._open(self.currentIndex().row())
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        super().keyPressEvent(event)

    def selectRow(self, row: int) -> None:
        """This row alone, whatever keys are down: Ctrl is, when Ctrl+3 shows the list, and Qt's own would then choose nothing."""
        flag = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(self.rows.index(row, 0), flag.ClearAndSelect | flag.Rows)

    def runs(self) -> list[range]:
        """The chosen rows as runs of numbers: of a million that are chosen none is read for it."""
        told = self.selectionModel().selection()
        return sorted((range(told.at(n).top(), told.at(n).bottom() + 1) for n in range(told.count())), key=lambda run: run.start)

    def with_chosen(self, then: Callable[[list[Any]], object]) -> None:
        """Read the chosen rows, those on pages not shown yet too; of too many nothing is read (`refused` says so)."""
        self._with(self.runs(), then)

    def with_all(self, then: Callable[[list[Any]], object]) -> None:
        """The same of every row there is."""
        self._with([range(self.rows.rowCount())], then)

    def _with(self, runs: Sequence[range], then: Callable[[list[Any]], object]) -> None:
        many = sum(map(len, runs))
        if many > MOST_CHOSEN:
            self.refused.emit(_("一共 {0:,} 行，一次最多办 {1:,} 行。请用 Shift+↑↓ 少选一些再试。").format(many, MOST_CHOSEN))
        else:
            self.rows.gather(sorted({number for run in runs for number in run}), then)

    def told(self, rows: Sequence[Any]) -> list[list[str]]:
        """Rows as they may leave the window, numbers masked, columns as they stand."""
        head = self.horizontalHeader()
        columns = [self.rows.columns[at] for at in map(head.logicalIndex, range(head.count()))]
        return [[column.copied(row) for column in columns] for row in rows]

    def copy(self) -> None:
        """Ctrl+C: the chosen rows as text, tab separated."""
        def put(rows: list[Any]) -> None:
            from gridapp.spreadsheet.copied import as_text

            if rows:
                QGuiApplication.clipboard().setText(as_text(self.told(rows)))

        self.with_chosen(put)

    def _open(self, number: int) -> None:
        row = self.rows.row_at(number)
        if row is not None:
            self.opened.emit(row)
