"""A pane with filters, a long list and the card of the chosen row beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (QAbstractItemView, QBoxLayout, QHBoxLayout, QHeaderView, QPushButton, QStyle, QStyledItemDelegate,
                               QStyleOptionViewItem, QTableView, QWidget)

from gridapp.texts import _
from ui import theme
from ui.flow import Flow
from ui.lists.model import PILL, STRONG, Column, Fetch, PagedModel
from ui.widgets import PAGE_MARGIN, button, card, label, row_of

ROW_HEIGHT, DETAIL_WIDTH, WIDE = 46, 350, 1000


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

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
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
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self.fit()

    def fit(self) -> None:
        """Row height and column widths at the present type size."""
        self.verticalHeader().setDefaultSectionSize(theme.look.px(ROW_HEIGHT))
        for place, column in enumerate(self.rows.columns):
            mode = QHeaderView.ResizeMode.Fixed if column.width else QHeaderView.ResizeMode.Stretch
            self.horizontalHeader().setSectionResizeMode(place, mode)
            if column.width:
                self.setColumnWidth(place, theme.look.px(column.width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hide_columns()

    def _hide_columns(self) -> None:
        """Leave out the columns of the highest rank until what stays fits."""
        room = self.viewport().width()
        ranks = sorted({c.rank for c in self.rows.columns}, reverse=True)
        shown = set(range(len(self.rows.columns)))
        for rank in ranks:
            needed = sum(theme.look.px(self.rows.columns[p].width or 150) for p in shown)
            if needed <= room or rank == 0:
                break
            shown = {p for p in shown if self.rows.columns[p].rank < rank}
        for place in range(len(self.rows.columns)):
            self.setColumnHidden(place, place not in shown)

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
        super().keyPressEvent(event)

    def _open(self, number: int) -> None:
        row = self.rows.row_at(number)
        if row is not None:
            self.opened.emit(row)


class Browse(QWidget):
    """Filters above, list below, detail beside it when there is room. The screen fills `detail` and hears the signals."""

    filter_changed = Signal(str)
    #: 'name', '-name' or '': another order is wanted
    sort_changed = Signal(str)
    selected = Signal(object)
    opened = Signal(object)

    def __init__(self, columns: Sequence[Column], filters: Mapping[str, str], actions: Sequence[QPushButton],
                 detail: QWidget | None = None, hint: str = "", several: bool = False) -> None:
        """`several`: more than one row can be chosen (Shift, Ctrl)."""
        super().__init__()
        self.filters = dict(filters)
        self.which = next(iter(filters), "")
        self.chips: dict[str, QPushButton] = {}
        self.table = Table(columns)
        self.table.setAccessibleName(_("列表"))
        if several:
            self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.opened.connect(self.opened)
        self.table.selectionModel().selectionChanged.connect(self._chosen)
        self.table.rows.dataChanged.connect(self._arrived)
        self.table.horizontalHeader().sectionClicked.connect(lambda place: self.sort_by(columns[place].key))
        self.detail = detail
        self._again: tuple[Any, int] | None = None
        #: id of the record that was chosen last
        self._told_id: Any = None
        self.setFocusProxy(self.table)
        self._build(actions, hint)

    def _build(self, actions: Sequence[QPushButton], hint: str) -> None:
        row = QHBoxLayout(self)
        gap = theme.look.px(PAGE_MARGIN)
        row.setContentsMargins(gap, gap, gap, gap)
        row.setSpacing(gap)
        made, self._inside = card()
        inside = self._inside
        inside.addLayout(self._top(actions))
        inside.addWidget(self.table, 1)
        self.footer = label("", "muted", wrap=True)
        foot = row_of(stretch=False)
        foot.addWidget(self.footer, 1)
        foot.addWidget(label(hint or _("↑↓ 选择   Enter 打开"), "muted"))
        inside.addLayout(foot)
        row.addWidget(made, 1)
        if self.detail is not None:
            self.detail.setFixedWidth(theme.look.px(DETAIL_WIDTH))
            row.addWidget(self.detail)

    def _top(self, actions: Sequence[QPushButton]) -> QBoxLayout:
        """Filters at the left, actions at the right; one above the other when the window is narrow."""
        chips, buttons = Flow(), Flow(to_right=True)
        for number, (key, title) in enumerate(self.filters.items(), 1):
            chip = self.chips[key] = button(title, partial(self.choose, key), role="chip", key=f"Alt+{number}", checkable=True)
            chips.addWidget(chip)
        for action in actions:
            buttons.addWidget(action)
        self._bar, self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight), (chips, buttons)
        self._bar.setSpacing(theme.look.px(8))
        self._bar.addLayout(chips, 1)
        self._bar.addLayout(buttons, 0)
        self._mark_chips()
        return self._bar

    def _fit_top(self) -> None:
        room = self.table.width()
        needed = sum(part.sizeHint().width() for part in self._parts) + theme.look.px(24)
        wide = QBoxLayout.Direction.LeftToRight if needed <= room else QBoxLayout.Direction.BottomToTop
        if self._bar.direction() != wide:
            self._bar.setDirection(wide)

    def _mark_chips(self) -> None:
        for key, chip in self.chips.items():
            chip.setChecked(key == self.which)

    def choose(self, key: str) -> None:
        """Another filter: from its first row."""
        self.which, self._told_id = key, None
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())
        self._mark_chips()
        self.filter_changed.emit(key)

    @property
    def sort(self) -> str:
        """'name' upwards, '-name' downwards, '' as the list usually stands."""
        return self.table.rows.order

    def sort_by(self, key: str) -> None:
        """By this column: upwards, then downwards, then as the list usually stands."""
        if key:
            self.sort_as({key: f"-{key}", f"-{key}": ""}.get(self.sort, key))

    def sort_as(self, sort: str) -> None:
        """In this order, from its first row."""
        self.table.rows.order, self._told_id = sort, None
        self.table.rows.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.table.rows.columnCount() - 1)
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())
        self.sort_changed.emit(sort)

    def begin(self, first: Sequence[Any], fetch: Fetch, footer: str) -> None:
        """Show the first page of a list, choose its first row; how many more there are comes later (`grow`)."""
        self._again, self.table.nothing = None, ""
        self.table.setAccessibleDescription("")
        self.table.rows.load(len(first), fetch, first)
        self.footer.setText(footer)
        self.table.scrollToTop()
        self._stand_at(0)

    def grow(self, total: int, fetch: Fetch, footer: str) -> None:
        """All of the list whose first page is shown."""
        self.table.rows.grow(total, fetch)
        self.footer.setText(footer)

    def counts(self, counted: Mapping[str, int]) -> None:
        """The number behind each filter."""
        for number, (key, chip) in enumerate(self.chips.items(), 1):
            if key in counted:
                chip.setText(f"{self.filters[key]} {counted[key]:,}")
                chip.setShortcut(f"Alt+{number}")  # a button forgets its key with its words (QAbstractButton::setText)
        self._fit_top()

    def load(self, total: int, fetch: Fetch, footer: str, nothing: str = "", first: Sequence[Any] = ()) -> None:
        """Show these rows, or why there are none; the chosen record stays chosen where it still stands near its place."""
        place = self.table.currentIndex().row()
        self._again = (self._told_id, place) if self._told_id is not None else None
        self.table.nothing = nothing
        self.table.setAccessibleDescription("" if total else nothing)
        self.table.rows.load(total, fetch, first)
        self.footer.setText(footer)
        if total:
            self._stand_at(min(max(place, 0), total - 1))

    def _stand_at(self, place: int) -> None:
        """Choose this row; while a chosen record is looked for, only stand there."""
        if self._again is None:
            self.table.selectRow(place)
            return
        index = self.table.rows.index(place, 0)
        self.table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.table.rows.row_at(place)

    def select(self, record_id: Any) -> bool:
        """Choose the row of this record if it is loaded."""
        found = self.table.rows.find(record_id)
        if found is not None:
            self.table.selectRow(found)
        return found is not None

    def _chosen(self, _new: QItemSelection, _old: QItemSelection) -> None:
        self._tell()

    def _arrived(self, first: QModelIndex, last: QModelIndex) -> None:
        if self._again is not None:
            wanted, place = self._again
            near = sorted(range(first.row(), last.row() + 1), key=lambda number: abs(number - place))
            found = next((n for n in near if getattr(self.table.rows.row_at(n), "id", None) == wanted), None)
            if found is None and not first.row() <= place <= last.row():
                return
            self._again = None
            if found is not None:
                self.table.selectRow(found)
                return
            # it left the list: nothing is chosen, what is beside the list stays; ↓ goes on with the row that took its place
            index = self.table.rows.index(place - 1, 0)
            self.table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.Clear)
            return
        self._tell()

    def _tell(self) -> None:
        row = self.row
        if row is not None:
            self._told_id = getattr(row, "id", None)
            self.selected.emit(row)

    @property
    def row(self) -> Any | None:
        """The chosen row."""
        index = self.table.currentIndex()
        chosen = index.isValid() and self.table.selectionModel().isRowSelected(index.row())
        return self.table.rows.row_at(index.row()) if chosen else None

    @property
    def chosen(self) -> list[Any | None]:
        """All chosen rows from above; None for one that is on its way."""
        return [self.table.rows.row_at(number) for number in sorted(index.row() for index in self.table.selectionModel().selectedRows())]

    def stand_over(self, line: QWidget) -> None:
        """Something that belongs between the buttons and the rows."""
        self._inside.insertWidget(1, line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_top()
        if self.detail is not None:
            self.detail.setVisible(event.size().width() >= theme.look.px(WIDE))

    def sizeHint(self) -> QSize:
        return QSize(900, 560)
