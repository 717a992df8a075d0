"""数字背后的记录: the records one figure counts, or those a rate lacks; Enter opens the record on its own screen."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from gridapp.exchange import rollcall
from gridapp.records import BY_NAME
from gridapp.settings import Settings
from gridapp.texts import N_, _
from gridapp.work import figures
from gridapp.work.figures import FIGURES, Window
from ui.desk import Desk
from ui.lists.browse import Browse
from ui.lists.model import Column
from ui.screens.pages import Pages
from ui.widgets import back, bar, column, label, page

WHICH = {figures.COUNTED: N_("算在内的"), figures.LACKING: N_("缺的"), figures.EVERY: N_("全部")}


def columns(desk: Desk) -> list[Column]:
    village = [Column(_("村"), lambda r: rollcall.place(r.village), 130, rank=1)] if desk.scope.startswith("t:") else []
    return [Column(_("类别"), lambda r: BY_NAME[r.entity].TITLE, 104, pill=lambda _r: "grey"), Column(_("日期"), lambda r: str(r.day or ""), 112, rank=1),
            Column(_("记录"), lambda r: r.label, strong=True), Column(_("地点"), lambda r: desk.short(r.place), rank=2), *village]


class BehindScreen(Pages):
    """One list of any length."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._figure, self._window, self._village, self._origin = "people", figures.of(figures.MONTH, desk.today), "", "figures"
        home = page()
        whole = column(home)
        self._title = label("", "title", wrap=True)
        self._words = label("", "muted", wrap=True)
        header, row = bar("header", back(self.back))
        words = QVBoxLayout()
        words.addWidget(self._title)
        words.addWidget(self._words)
        row.addLayout(words, 1)
        whole.addWidget(header)
        self.list = Browse(columns(desk), {key: _(title) for key, title in WHICH.items()}, [], None)
        self.list.filter_changed.connect(lambda _key: self.refresh())
        self.list.opened.connect(self.open_row)
        whole.addWidget(self.list, 1)
        home.setFocusProxy(self.list)
        self.set_home(home)

    def show_figure(self, key: str, window: Window, which: str = figures.COUNTED, village: str = "", origin: str = "figures") -> None:
        """The records behind this figure, of one village if told; leaving leads to `origin`."""
        self._figure, self._window, self._village, self._origin = key, window, village, origin
        self.list.choose(which)

    def refresh(self) -> None:
        figure, key, window, which = FIGURES[self._figure], self._figure, self._window, self.list.which
        place = rollcall.place(self._village) if self._village else ""
        self._title.setText("　".join(filter(None, (figure.title, window.title, place))))
        self._words.setText(figure.words)
        village = self._village or None

        def fetch(offset: int, limit: int, then: Any) -> None:
            self.desk.ask(figures.behind, key, window, offset, limit, which, village, then=then, lane=f"behind {offset // limit % 2}")

        def counted(total: int) -> None:
            self.list.load(total, fetch, _("{0} {1:,} 条").format(_(WHICH[which]), total), _("没有这样的记录。"))

        self.desk.ask(figures.count_behind, key, window, which, village, then=counted, lane="behind")

    def open_row(self, row: Any) -> None:
        """The record on its own screen; Esc leads back here."""
        from ui.screens import SCREENS

        key = next((entry.key for entry in SCREENS if row.entity in entry.entities), None)
        if key is not None:
            self.go.emit(key, "open", (row.entity, row.id))

    def back(self) -> None:
        """The number one came from."""
        self.go.emit(self._origin, "", ())


def build(desk: Desk, _settings: Settings) -> BehindScreen:
    return BehindScreen(desk)
