"""The line above every screen: its title, the search box, undo and redo, what was saved last, and who sits here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gridapp.fields.kinds import BEIJING
from gridapp.texts import _
from ui import theme
from ui.desk import Desk
from ui.searchbox import SearchBox
from ui.widgets import button, label, pill

#: what is given up, one after another, until all fits: characters of a saved act's title, least width of the search box
#: (in design pixels), whether the officer's name is shown, and the button that locks (Ctrl+L does it too)
TRIES = ((16, 220, True, True), (6, 220, True, True), (6, 120, True, True), (6, 60, False, True), (2, 60, False, True), (2, 60, False, False))


class Header(QFrame):
    """Its parts never lie over each other: a narrow line shortens what was saved, then the search box, then leaves the officer's name out."""

    def __init__(self, desk: Desk, undo: Callable[[], object], redo: Callable[[], object], lock: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("role", "header")
        self._saved: tuple[str, str] | None = None
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(theme.look.px(20), theme.look.px(10), theme.look.px(20), theme.look.px(10))
        row.setSpacing(theme.look.px(8))
        self.title = label("", "title")
        self.search = SearchBox(desk)
        self.keycap = label("Ctrl+K", "keycap")
        self.keycap.setFixedHeight(theme.look.px(24))
        self.pill = pill(_("✓ 已打开"), "green")
        self.undo = button(_("撤销"), undo, icon="undo-2", role="quiet", name=_("撤销最近一次操作（Ctrl+Z）"))
        self.redo = button(_("重做"), redo, icon="redo-2", role="quiet", name=_("重做刚撤销的操作（Ctrl+Y）"))
        self.who = label(desk.signed, "subtitle")
        self.lock = button("", lock, icon="lock", role="quiet", name=_("锁定：关闭台账，回到输密码的地方（Ctrl+L）"))
        self._parts = (self.title, self.search, self.keycap, self.undo, self.redo, self.pill, self.who, self.lock)
        row.addWidget(self.title)
        row.addStretch(1)
        row.addWidget(self.search, 4)
        row.addWidget(self.keycap)
        row.addStretch(1)
        for widget in (self.undo, self.redo, self.pill, self.who, self.lock):
            row.addWidget(widget)

    def saved(self, title: str) -> None:
        """An act was saved, now."""
        self._saved = (title, datetime.now(BEIJING).strftime("%H:%M"))
        self._fit()

    def say(self, text: str) -> None:
        """A short word in the place of what was saved."""
        self._saved = None
        self.pill.setText(text)
        self._fit()

    def show_reversible(self, told: tuple[bool, bool]) -> None:
        """Whether whoever sits here may undo, and redo, what comes next (Ledger.reversible)."""
        for made, may in zip((self.undo, self.redo), told, strict=True):
            made.setHidden(not may)
        self._fit()

    def _fit(self) -> None:
        """Decide first, then show and hide: a part hidden while it is being shown would stay on the screen all the same."""
        for longest, search, named, lockable in TRIES:
            if self._saved is not None:
                title, at = self._saved
                self.pill.setText(_("✓ {0} {1}").format(title if len(title) <= longest else title[:longest] + "…", at))
            given_up = {part for part, kept in ((self.who, named), (self.lock, lockable)) if not kept}
            if self._needed(theme.look.px(search), given_up) <= self.width():
                break
        self.search.setMinimumWidth(theme.look.px(search))
        for part in (self.who, self.lock):
            if part.isHidden() != (part in given_up):
                part.setHidden(part in given_up)

    def _needed(self, search: int, given_up: Collection[QWidget]) -> int:
        """The width at which nothing is squeezed; a part that was never shown has not the style sheet's type yet."""
        around, gone = self._row.contentsMargins(), {*given_up, *(part for part in (self.keycap, self.undo, self.redo) if part.isHidden())}
        kept = [part for part in self._parts if part not in gone]
        for part in kept:
            part.ensurePolished()
        widths = [search if part is self.search else part.sizeHint().width() for part in kept]
        return around.left() + around.right() + sum(widths) + self._row.spacing() * (len(widths) - 1)

    def slim(self, yes: bool) -> None:
        """A narrow window: the keys of search and undo stand in their hints only."""
        self.keycap.setVisible(not yes)
        for made, words in ((self.undo, _("撤销")), (self.redo, _("重做"))):
            made.setText("" if yes else words)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
