"""A pane with filters, a long list and the card of the chosen row beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QItemSelection, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (QAbstractItemView, QFrame, QHBoxLayout, QHeaderView, QLabel, QPushButton, QStyle, QStyledItemDelegate,
                               QStyleOptionViewItem, QTableView, QVBoxLayout, QWidget)

from gridapp.texts import _
from ui import theme
from ui.lists.model import PILL, STRONG, Column, Fetch, PagedModel

ROW_HEIGHT, DETAIL_WIDTH, WIDE = 46, 330, 1000


class Painter(QStyledItemDelegate):
    """Draws names bold and states as pills (colour and word)."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        pill = index.data(PILL)
        self.initStyleOption(option, index)
        if index.data(STRONG):
            option.font.setWeight(QFont.Weight.DemiBold)  # type: ignore[attr-defined]
        if not pill or not option.text:  # type: ignore[attr-defined]
            super().paint(painter, option, index)
            return
        text = option.text  # type: ignore[attr-defined]
        option.text = ""  # type: ignore[attr-defined]
        style = option.widget.style()  # type: ignore[attr-defined]
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)  # type: ignore[attr-defined]
        self._pill(painter, option, text, str(pill))

    def _pill(self, painter: QPainter, option: QStyleOptionViewItem, text: str, token: str) -> None:
        metrics = option.fontMetrics  # type: ignore[attr-defined]
        rect = option.rect  # type: ignore[attr-defined]
        width, height = metrics.horizontalAdvance(text) + theme.look.px(18), metrics.height() + theme.look.px(4)
        box = QRectF(rect.x() + theme.look.px(8), rect.center().y() - height / 2 + 0.5, width, height)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(f"{token}_bg"))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(theme.colour(token))
        painter.setFont(option.font)  # type: ignore[attr-defined]
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


class Table(QTableView):
    """The list itself: Enter opens, whole rows, no grid."""

    opened = Signal(object)

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.rows = PagedModel(columns)
        self.setModel(self.rows)
        self.setItemDelegate(Painter(self))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
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
    selected = Signal(object)
    opened = Signal(object)

    def __init__(self, columns: Sequence[Column], filters: Mapping[str, str], actions: Sequence[QPushButton],
                 detail: QWidget | None = None, hint: str = "") -> None:
        super().__init__()
        self.filters = dict(filters)
        self.which = next(iter(filters), "")
        self.chips: dict[str, QPushButton] = {}
        self.table = Table(columns)
        self.table.opened.connect(self.opened)
        self.table.selectionModel().selectionChanged.connect(self._chosen)
        self.table.rows.dataChanged.connect(self._arrived)
        self.detail = detail
        self._build(actions, hint)

    def _build(self, actions: Sequence[QPushButton], hint: str) -> None:
        row = QHBoxLayout(self)
        gap = theme.look.px(16)
        row.setContentsMargins(gap, gap, gap, gap)
        row.setSpacing(gap)
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.addLayout(self._top(actions))
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        self.footer = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.footer.setProperty("role", "muted")
        keys = QLabel(hint or _("↑↓ 选择   Enter 打开"), textFormat=Qt.TextFormat.PlainText)
        keys.setProperty("role", "muted")
        foot.addWidget(self.footer)
        foot.addStretch(1)
        foot.addWidget(keys)
        column.addLayout(foot)
        row.addWidget(card, 1)
        if self.detail is not None:
            self.detail.setFixedWidth(theme.look.px(DETAIL_WIDTH))
            row.addWidget(self.detail)

    def _top(self, actions: Sequence[QPushButton]) -> QHBoxLayout:
        top = QHBoxLayout()
        for number, (key, title) in enumerate(self.filters.items(), 1):
            chip = self.chips[key] = QPushButton(title, checkable=True, shortcut=f"Alt+{number}")
            chip.setProperty("role", "chip")
            chip.clicked.connect(lambda _on, key=key: self.choose(key))
            top.addWidget(chip)
        top.addStretch(1)
        for action in actions:
            top.addWidget(action)
        self._mark_chips()
        return top

    def _mark_chips(self) -> None:
        for key, chip in self.chips.items():
            chip.setChecked(key == self.which)

    def choose(self, key: str) -> None:
        """Another filter."""
        self.which = key
        self._mark_chips()
        self.filter_changed.emit(key)

    def counts(self, counted: Mapping[str, int]) -> None:
        """The number behind each filter."""
        for key, chip in self.chips.items():
            if key in counted:
                chip.setText(f"{self.filters[key]} {counted[key]:,}")

    def load(self, total: int, fetch: Fetch, footer: str) -> None:
        self.table.rows.load(total, fetch)
        self.footer.setText(footer)
        if total:
            self.table.selectRow(0)

    def _chosen(self, _new: QItemSelection, _old: QItemSelection) -> None:
        self._tell()

    def _arrived(self, _first: QModelIndex, _last: QModelIndex) -> None:
        self._tell()

    def _tell(self) -> None:
        index = self.table.currentIndex()
        row = self.table.rows.row_at(index.row()) if index.isValid() else None
        if row is not None:
            self.selected.emit(row)

    @property
    def row(self) -> Any | None:
        """The chosen row."""
        index = self.table.currentIndex()
        return self.table.rows.row_at(index.row()) if index.isValid() else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.detail is not None:
            self.detail.setVisible(event.size().width() >= theme.look.px(WIDE))

    def sizeHint(self) -> QSize:
        return QSize(900, 560)
