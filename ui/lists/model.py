"""A list of any length: rows come in pages through the worker, a few pages are kept, the scroll bar is true."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from gridapp.texts import N_, _
from ui.widgets import tip

PAGE, KEPT = 200, 60
LOADING = "…"
#: why a column is nothing to sort by
MASKED = N_("遮住的号码不能排序：排在谁的前后就会说出号码。")
PILL = Qt.ItemDataRole.UserRole + 1
STRONG = Qt.ItemDataRole.UserRole + 2
Index = QModelIndex | QPersistentModelIndex
#: fetch(offset, limit, then): `then` gets the rows
Fetch = Callable[[int, int, Callable[[Sequence[Any]], None]], None]


@dataclass(frozen=True)
class Column:
    """A column: title, text of a row, width in design pixels (0 = takes the rest), the colour of its pill if it is one.

    `rank` says which columns go first when the window is narrow (0 stays always); `key` is what the list is sorted by ('' where it cannot be, `why` says why).
    """

    title: str
    text: Callable[[Any], str]
    width: int = 0
    pill: Callable[[Any], str] | None = None
    strong: bool = False
    rank: int = 0
    key: str = ""
    why: str = ""
    #: told of other records for each row: the first page in this order is known only once all stand
    reckoned: bool = False
    #: what is copied and exported in the place of the text where that may show a number in full
    masked: Callable[[Any], str] | None = None

    def copied(self, row: Any) -> str:
        """The text as it may leave the window."""
        return (self.masked or self.text)(row)


def _sorted(column: Column, sort: str) -> str:
    """'↑' or '↓' behind the title of the column the list is sorted by."""
    return {column.key: "↑", f"-{column.key}": "↓"}.get(sort, "") if column.key else ""


def _in_words(column: Column, sort: str) -> str:
    told = {"↑": _("升序"), "↓": _("降序")}.get(_sorted(column, sort))
    return _("{0}，{1}").format(column.title, told) if told else column.title


#: what a head says, shows and explains
_HEAD: dict[int, Callable[[Column, str], str]] = {
    Qt.ItemDataRole.DisplayRole: lambda column, sort: f"{column.title} {_sorted(column, sort)}".strip(), Qt.ItemDataRole.AccessibleTextRole: _in_words,
    Qt.ItemDataRole.ToolTipRole: lambda column, _sort: tip(_("点一下按“{0}”排序，再点倒过来。").format(column.title)) if column.key else tip(column.why)}


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
        #: 'name' upwards, '-name' downwards, '' as the list usually stands
        self.order = ""

    def load(self, total: int, fetch: Fetch, first: Sequence[Any] = ()) -> None:
        """Show `total` rows that `fetch` gets, the `first` ones are there already; answers to older loads are dropped."""
        self.beginResetModel()
        self._turn += 1
        self._total, self._fetch = total, fetch
        self._pages.clear()
        self._asked.clear()
        if first:
            self._pages[0] = first
        self.endResetModel()

    def grow(self, total: int, fetch: Fetch) -> None:
        """There are more rows than the first page that is shown; it is got once more, so that it goes with those after it."""
        self._turn += 1
        self._fetch = fetch
        self._asked.clear()
        self.beginInsertRows(QModelIndex(), self._total, total - 1)
        self._total = total
        self.endInsertRows()
        self._ask(0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role in _HEAD:
            return _HEAD[role](self.columns[section], self.order)
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

    def gather(self, numbers: Sequence[int], then: Callable[[list[Any]], object]) -> None:
        """Rows by number, page after page, in this order; nothing comes when the list is another one meanwhile."""
        turn, found = self._turn, dict[int, Any]()
        waiting = sorted({number // PAGE for number in numbers}, reverse=True)

        def take(*_changed: Any) -> None:
            while waiting and turn == self._turn:
                rows = self._pages.get(waiting[-1])
                if rows is None:
                    self._ask(waiting[-1])
                    return
                page = waiting.pop() * PAGE
                found.update((page + place, row) for place, row in enumerate(rows))
            self.dataChanged.disconnect(take)
            if turn == self._turn:
                then([found[number] for number in numbers if number in found])

        self.dataChanged.connect(take)
        take()

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
