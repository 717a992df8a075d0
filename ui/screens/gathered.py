"""A screen around a list that one job gathers as a whole (stations, questions): filters, rows, the chosen one beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget

from gridapp.texts import N_, _
from ui.desk import Desk
from ui.lists.browse import Browse
from ui.lists.facts import Action, Actions, Detail, Facts, allowed
from ui.lists.model import Column
from ui.screens.listed import Way
from ui.screens.pages import Pages
from ui.widgets import column, page


@dataclass(frozen=True)
class Sort:
    """A filter: its title, and which rows it keeps."""

    title: str
    keeps: Callable[[Any], bool]


class Gathered(Pages):
    """Subclasses say what to gather and how a row looks; every row has an `id`."""

    #: '{0} {1:,} 台': filter title and count
    footer = N_("{0} {1:,}")

    def __init__(self, desk: Desk, columns: Sequence[Column], sorts: Mapping[str, Sort], actions: Sequence[Action], ways: Sequence[Way],
                 above: QWidget | None = None) -> None:
        super().__init__(desk)
        self.sorts, self.rows = sorts, list[Any]()
        #: the chosen row
        self.card: Any = None
        self.detail = Detail()
        self.detail.show_facts(None)
        self.list = Browse(columns, {k: _(s.title) for k, s in sorts.items()}, [w.button() for w in allowed(desk, ways)], self.detail)
        self.list.filter_changed.connect(lambda _key: self._show_rows())
        self.list.selected.connect(self._selected)
        self.list.opened.connect(self.open_row)
        self.offers = actions = allowed(desk, actions)
        self._offered = Actions(self.list, actions, lambda: self.card)
        self.set_home(self.list if above is None else _under(above, self.list))

    # -- what subclasses say

    def gather(self, ledger: Any) -> Sequence[Any]:
        """Everything, in the worker."""
        del ledger
        return ()

    def facts(self, row: Any) -> Facts:
        """A row beside the list."""
        return Facts(str(row.id))

    def open_row(self, row: Any) -> None:
        """Show one on a page of its own."""

    def open_card(self, row_id: Any) -> None:
        """The same by its id."""
        self.open_row(next(r for r in self.rows if r.id == row_id))

    def nothing(self, title: str) -> str:
        """What stands in an empty list."""
        return _("“{0}”里现在没有内容。").format(title)

    # -- the list

    def refresh(self) -> None:
        self.desk.call(self.gather, self._came, lane=f"gather {id(self)}")

    def _came(self, rows: Sequence[Any]) -> None:
        self.rows = list(rows)
        had, place = self.card is not None, self.list.table.currentIndex().row()
        if had:
            self.card = next((r for r in rows if r.id == self.card.id), None)
            self._show_card()
        self._show_rows()
        if had and self.card is None and place >= 0 and self.shown():  # it is settled: go on with the row that took its place
            self.list.table.selectRow(min(place, len(self.shown()) - 1))

    def shown(self) -> list[Any]:
        """The rows the filter keeps."""
        return [r for r in self.rows if self.sorts[self.list.which].keeps(r)]

    def _show_rows(self) -> None:
        self.list.counts({key: sum(map(sort.keeps, self.rows)) for key, sort in self.sorts.items()})
        rows, title = self.shown(), _(self.sorts[self.list.which].title)
        if not rows and self.currentWidget() is self.home:
            self.card = None
            self._show_card()
        self.list.load(len(rows), lambda offset, limit, then: then(rows[offset:offset + limit]), _(self.footer).format(title, len(rows)),
                       self.nothing(title))

    def _selected(self, row: Any) -> None:
        if self.currentWidget() is self.home:
            self.card = row
            self._show_card()

    def _show_card(self) -> None:
        self.detail.show_facts(self.facts(self.card) if self.card is not None else None)
        if self.card is not None:
            self.detail.show_buttons(self._offered.buttons(self.card))

    def back(self) -> None:
        super().back()
        if self.currentWidget() is self.home and (self.card is None or not self.list.select(self.card.id)):
            self._selected(self.list.row)


def _under(above: QWidget, shown: QWidget) -> QWidget:
    """The list with a bar above it that says of what it is."""
    home = page()
    whole = column(home)
    whole.addWidget(above)
    whole.addWidget(shown, 1)
    home.setFocusProxy(shown)
    return home
