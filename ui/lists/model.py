"""A list of any length: rows come in pages through the worker, a few pages are kept, the scroll bar is true."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from ui.widgets import tip

PAGE, KEPT = 200, 60
LOADING = "…"
PILL = Qt.ItemDataRole.UserRole + 1
STRONG = Qt.ItemDataRole.UserRole + 2
Index = QModelIndex | QPersistentModelIndex
#: fetch(offset, limit, then): `then` gets the rows
Fetch = Callable[[int, int, Callable[[Sequence[Any]], None]], None]


@dataclass(frozen=True)
class Column:
    """A column: title, text of a row, width in design pixels (0 = takes the rest), the colour of its pill if it is one.

    `rank` says which columns go first when the window is narrow (0 stays always).
    """

    title: str
    text: Callable[[Any], str]
    width: int = 0
    pill: Callable[[Any], str] | None = None
    strong: bool = False
    rank: int = 0


class PagedModel(QAbstractTableModel):
    """Rows by number; a page is fetched when a row of it is first shown."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = columns
        self._total = 0
        self._pages: OrderedDict[int, Sequence[Any]] = OrderedDict()
        #: the page on its way among the even ones and among the odd ones; whoever fetches may drop an older one (see Listed._rows)
        self._asked: dict[int, int] = {}
        self._fetch: Fetch | None = None
        self._turn = 0

    def load(self, total: int, fetch: Fetch) -> None:
        """Show `total` rows that `fetch` gets; answers to older loads are dropped."""
        self.beginResetModel()
        self._turn += 1
        self._total, self._fetch = total, fetch
        self._pages.clear()
        self._asked.clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.columns[index.column()]
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole, PILL, STRONG):
            return None
        if role == STRONG:
            return column.strong
        row = self.row_at(index.row())
        if row is None:
            return LOADING if role == Qt.ItemDataRole.DisplayRole else None
        if role == PILL:
            return column.pill(row) if column.pill else None
        return tip(column.text(row)) if role == Qt.ItemDataRole.ToolTipRole else column.text(row)

    def row_at(self, number: int) -> Any | None:
        """The row, or None while it is on its way."""
        page = number // PAGE
        rows = self._pages.get(page)
        if rows is None:
            self._ask(page)
            return None
        self._pages.move_to_end(page)
        return rows[number % PAGE] if number % PAGE < len(rows) else None

    def find(self, record_id: Any) -> int | None:
        """The row number of a record among the rows that are loaded."""
        return next((page * PAGE + place for page, rows in self._pages.items() for place, row in enumerate(rows)
                     if getattr(row, "id", None) == record_id), None)

    def _ask(self, page: int) -> None:
        if self._fetch is None or self._asked.get(page % 2) == page:
            return
        self._asked[page % 2] = page
        turn = self._turn

        def came(rows: Sequence[Any]) -> None:
            if turn == self._turn:
                self._keep(page, rows)

        self._fetch(page * PAGE, PAGE, came)

    def _keep(self, page: int, rows: Sequence[Any]) -> None:
        if self._asked.get(page % 2) == page:
            del self._asked[page % 2]
        self._pages[page] = rows
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        first = self.index(page * PAGE, 0)
        last = self.index(min(page * PAGE + PAGE, self._total) - 1, len(self.columns) - 1)
        self.dataChanged.emit(first, last)
