"""A pane with filters, a long list and the card of the chosen row beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QBoxLayout, QHBoxLayout, QPushButton, QWidget

from gridapp.texts import _
from ui import theme
from ui.flow import Flow
from ui.lists.model import Column, Fetch
from ui.lists.remembered import Saved
from ui.lists.table import Table
from ui.widgets import PAGE_MARGIN, button, card, label, row_of

DETAIL_WIDTH, WIDE = 350, 1000
#: from this width there is room for the keys beside the number of rows
HINT_FROM = 640


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
        self._saved: list[tuple[Saved, QPushButton]] = []
        self._counted: dict[str, int] = {}
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
        #: what stands at the right of the line under the rows
        self.foot = foot
        self.hint = label(hint or _("↑↓ 选择   Enter 打开"), "muted")
        foot.addWidget(self.hint)
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
        self._chips = chips
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
        self.hint.setVisible(room >= theme.look.px(HINT_FROM))
        needed = sum(part.sizeHint().width() for part in self._parts) + theme.look.px(24)
        wide = QBoxLayout.Direction.LeftToRight if needed <= room else QBoxLayout.Direction.BottomToTop
        if self._bar.direction() != wide:
            self._bar.setDirection(wide)

    def _mark_chips(self) -> None:
        for key, chip in self.chips.items():
            chip.setChecked(key == self.which)
        for saved, chip in self._saved:
            chip.setChecked((saved.which, saved.sort) == (self.which, self.sort))

    def show_saved(self, saved: Sequence[Saved]) -> None:
        """The filters an officer saved, after the fixed ones."""
        for _saved, chip in self._saved:
            self._chips.removeWidget(chip)
            chip.deleteLater()
        self._saved = [(one, button(one.name, partial(self._choose_saved, one), role="chip", checkable=True)) for one in saved]
        for _saved, chip in self._saved:
            self._chips.addWidget(chip)
        self._mark_chips()
        self.counts(self._counted)

    def _choose_saved(self, saved: Saved) -> None:
        self.table.rows.order = saved.sort
        self.heads_changed()
        self.choose(saved.which)

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
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())
        self.heads_changed()
        self._mark_chips()
        self.sort_changed.emit(sort)

    def heads_changed(self) -> None:
        """The heads say another order."""
        self.table.rows.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.table.rows.columnCount() - 1)

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
        self._counted = dict(counted)
        for saved, chip in self._saved:
            if saved.which in counted:
                chip.setText(f"{saved.name} {counted[saved.which]:,}")
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
        if first and self._again is not None:
            self._arrived(self.table.rows.index(0, 0), self.table.rows.index(len(first) - 1, 0))

    def expect(self, record_id: Any) -> None:
        """The next load chooses this record instead of the one that is chosen now."""
        self._told_id = record_id

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
        return [self.table.rows.row_at(number) for run in self.table.runs() for number in run]

    @property
    def many(self) -> int:
        """How many rows are chosen."""
        return sum(map(len, self.table.runs()))

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
