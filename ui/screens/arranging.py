"""The menu of a list (排列): its order by any column, filters the officer saves, copying and exporting chosen rows, and everything as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from gridapp.texts import _
from gridapp.work import exporting
from ui import files
from ui.forms.form import Cell
from ui.forms.told import told_text
from ui.lists import remembered
from ui.lists.browse import Browse
from ui.lists.facts import ForChosen, allowed
from ui.lists.remembered import MOST, Remembered, Saved
from ui.screens.pages import Pages
from ui.widgets import button

KEY = "Ctrl+Shift+S"
#: longest name of a saved filter
LONGEST = 12


class Arranging:
    """How an officer wants one list, on this PC: said by menu, mouse or key, remembered at once."""

    def __init__(self, screen: Pages, browse: Browse, name: str, for_chosen: Sequence[ForChosen] = ()) -> None:
        """`for_chosen`: what else can be done with chosen rows."""
        self._for_chosen = allowed(screen.desk, for_chosen)
        self._screen, self._list, self._desk = screen, browse, screen.desk
        self._titles = [column.title for column in browse.table.rows.columns]
        self._key = f"{self._desk.settings.ledger if self._desk.settings else ''} {self._desk.officer} {name}"
        self.now = remembered.read(self._desk.settings, self._key, self._titles, list(browse.filters))
        self.button = button(_("排列（{0}）").format(KEY), self.show_menu, role="quiet", key=KEY)
        browse.foot.addWidget(self.button)
        self._put()
        browse.table.arranged.connect(self._arranged)
        browse.sort_changed.connect(self._sorted)
        browse.table.refused.connect(screen.say)
        browse.table.selectionModel().selectionChanged.connect(self._chosen)

    def _put(self) -> None:
        keys = {column.key for column in self._list.table.rows.columns}
        self._list.table.put(self.now.widths, self.now.order)
        self._list.table.rows.order = self.now.sort if self.now.sort.removeprefix("-") in keys else ""
        self._list.heads_changed()
        self._list.show_saved(self.now.saved)

    def _keep(self) -> None:
        remembered.keep(self._desk.settings, self._key, self.now)

    def _arranged(self) -> None:
        order = self._list.table.order
        self.now.widths, self.now.order = dict(self._list.table.widths), order if order != self._titles else []
        self._keep()

    def _sorted(self, sort: str) -> None:
        self.now.sort = sort
        self._keep()

    def _chosen(self, *_changed: Any) -> None:
        """The way to what is done with several rows, while several are chosen."""
        many = self._list.many
        self.button.setText(_("选中 {0:,} 行，办理（{1}）").format(many, KEY) if many > 1 else _("排列（{0}）").format(KEY))

    # -- the menu

    def menu(self) -> QMenu:
        """What can be done to the list at the moment."""
        made = QMenu(self._list)
        for column in self._list.table.rows.columns:
            if column.key:
                entry = made.addAction(_("按“{0}”排序").format(column.title), partial(self._list.sort_by, column.key))
                entry.setCheckable(True)
                entry.setChecked(self._list.sort.removeprefix("-") == column.key)
        made.addSeparator()
        entries: list[tuple[str, Callable[[], object], bool]] = [
            (_("保存这个筛选…"), self.save_filter, len(self.now.saved) < MOST),
            *((_("删除筛选“{0}”").format(saved.name), partial(self.drop_filter, saved), True) for saved in self.now.saved),
            (_("复制选中的行（Ctrl+C）"), self._list.table.copy, self._list.row is not None),
            (_("导出选中的行…"), self.export, self._list.row is not None and self._desk.can(exporting.note_export)),
            *((one.words.format(self._list.many), partial(self._list.table.with_chosen, one.run), self._list.many > 0) for one in self._for_chosen),
            (_("恢复默认"), self.restore, self.now != Remembered())]
        for words, run, there in entries:
            made.addAction(words, run).setEnabled(there)
        return made

    def show_menu(self) -> None:
        """Above its button, the first line chosen."""
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
        menu.setActiveAction(menu.actions()[0])

    def restore(self) -> None:
        """Columns and order as they usually are; saved filters stay, they are taken away one by one."""
        self.now = Remembered(saved=self.now.saved)
        self._keep()
        self._put()
        self._list.sort_as("")

    # -- saved filters

    def save_filter(self) -> None:
        """What is filtered and how it is sorted, under a name."""
        def save(values: dict[str, Any], then: Callable[[Any], None], _fail: Any) -> None:
            self.add_filter(values["name"])
            then(None)

        told = {"name": told_text("name", _("筛选的名称"), LONGEST, required=True)}
        self._screen.task(_("保存这个筛选"), told, [[Cell("name")]], save,
                          words=_("名称只留在本机，不要写姓名和号码"))

    def add_filter(self, name: str) -> None:
        """One of the same name is replaced."""
        self.now.saved = [*(s for s in self.now.saved if s.name != name), Saved(name, self._list.which, self._list.sort)]
        self._keep()
        self._list.show_saved(self.now.saved)

    def drop_filter(self, saved: Saved) -> None:
        self.now.saved = [s for s in self.now.saved if s != saved]
        self._keep()
        self._list.show_saved(self.now.saved)

    # -- export

    def export(self) -> None:
        """The chosen rows as a table, numbers masked."""
        def write(rows: list[Any]) -> None:
            path = files.to_write(self._list, _("导出选中的行"), _("选中的行.xlsx"), _("工作簿 (*.xlsx)"))
            if path is not None:
                self.export_to(path, self._list.table.told(rows))

        self._list.table.with_chosen(write)

    def export_to(self, path: Path, rows: list[list[str]]) -> None:
        """Written down in the audit before anything is written to the file."""
        title = self._list.filters.get(self._list.which, "") or _("列表")
        columns = [(name, max(8, width // 7)) for name, width in self._columns()]

        def job(ledger: Any) -> None:
            from gridapp.spreadsheet.writing import write_table

            ledger.ask(exporting.note_export, title, len(rows))
            write_table(path, title, columns, rows)

        self._desk.call(job, lambda _done: self._screen.say(_("已导出 {0} 行到 {1}，号码是遮住的。").format(len(rows), path.name)))

    def _columns(self) -> list[tuple[str, int]]:
        told = {column.title: column.width or 210 for column in self._list.table.rows.columns}
        return [(title, told[title]) for title in self._list.table.order]
