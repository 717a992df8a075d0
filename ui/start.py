"""The first page: open the ledger with one's password, or begin a new one. Nothing here stops in a box."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gridapp import places
from gridapp.texts import _
from ui import files, theme
from ui.beginnings import JoinCard, TownCard
from ui.bysheet import BySheetCard
from ui.desk import Desk
from ui.firstledger import NewCard
from ui.login import LastingCard, LoginCard
from ui.onpaper import EscrowCard, SheetCard
from ui.rescuing import RescueCard
from ui.widgets import PAGE_MARGIN, column, page, say, scrolled

WIDTH = 560
Card = TypeVar("Card", bound=QWidget)


class StartPage(QWidget):
    """Password for the known ledger, the form of a new one with its sheet of paper, a new PC that joins a village, a town's ledger."""

    #: path and where we are (village, grid, officer)
    opened = Signal(object, object)

    def __init__(self, desk: Desk, ledger: Path | str | None, seen: Callable[[object], Sequence[tuple[int, str]]] = lambda _ledger: ()) -> None:
        """`seen` tells who signed in to a ledger on this PC."""
        super().__init__()
        page(self)
        self._desk, self.path, self._seen, self._keys_lost = desk, ledger, seen, False
        self._middle = QWidget()
        self.login = LoginCard(desk, (_("打开别的台账…"), self._choose), (_("新建台账…"), self._show_new), (_("从备份恢复…"), self.show_rescue),
                               (_("用恢复纸…"), self.show_by_sheet))
        self.new_card = NewCard(desk, (_("打开已有的台账…"), self._choose), (_("加入已有的村…"), self.show_join), (_("建立镇级台账…"), self.show_town),
                                (_("从备份恢复…"), self.show_rescue))
        self._cards: list[QWidget] = [self.login, self.new_card]
        self._name_parts()
        self._connect()
        self._lay()
        known = isinstance(ledger, str) or ledger is not None and ledger.exists()
        self._show_known() if known else self._show_new()

    def _name_parts(self) -> None:
        """What whoever drives the window without a person types into."""
        self.password, self.open_button, self.open, self._open_alert = self.login.password, self.login.open_button, self.login.open, self.login.alert
        new = self.new_card
        self.code, self.officer, self.new_password, self.again, self.create_button = (new.code, new.officer, new.new_password, new.again,
                                                                                       new.create_button)
        self._new_alert, self._village, self.begin = new.alert, new.village, new.begin

    def _connect(self) -> None:
        self.login.opened.connect(self._opened)
        self.login.keys_lost.connect(self._lost)
        self.new_card.begun.connect(self._show_sheet)

    # -- the cards few come to, made when somebody does

    @cached_property
    def join_card(self) -> JoinCard:
        return self._put(JoinCard(self._desk), "begun", self._opened, self._show_new)

    @cached_property
    def town_card(self) -> TownCard:
        return self._put(TownCard(self._desk), "founded", self._show_escrow, self._show_new)

    @cached_property
    def escrow_card(self) -> EscrowCard:
        return self._put(EscrowCard(self._desk), "written", self._opened)

    @cached_property
    def rescue_card(self) -> RescueCard:
        return self._put(RescueCard(self._desk), "restored", self._restored, self._turn_back)

    @cached_property
    def sheet_card(self) -> SheetCard:
        return self._put(SheetCard(self._desk), "written", self._opened)

    @cached_property
    def lasting_card(self) -> LastingCard:
        return self._put(LastingCard(self._desk), "chosen", self._opened, self._turn_back)

    @cached_property
    def by_sheet_card(self) -> BySheetCard:
        return self._put(BySheetCard(self._desk), "opened", self._opened, self._turn_back)

    def _put(self, card: Card, done: str, then: Callable[..., object], left: Callable[[], object] | None = None) -> Card:
        """One more card, unseen until it is turned to: what follows its signal `done`, and where one goes who leaves it (a card that holds a secret is not left)."""
        for signal, run in {done: then, **({"left": left} if left else {})}.items():
            getattr(card, signal).connect(run)
        card.hide()
        self._column.addWidget(card)
        self._cards.append(card)
        return card

    def _lay(self) -> None:
        self._column = column(self._middle)
        for made in self._cards:
            self._column.addWidget(made)
        inside = page()
        outer = QHBoxLayout(inside)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addStretch(1)
        middle = QVBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self._middle)
        middle.addStretch(2)
        outer.addLayout(middle)
        outer.addStretch(1)
        column(self).addWidget(scrolled(inside))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A card is no wider than the window, however large the type."""
        self._middle.setFixedWidth(min(theme.look.px(WIDTH), max(self.width() - 2 * theme.look.px(PAGE_MARGIN), theme.look.px(240))))

    # -- one card at a time

    def _turn(self, card: QWidget, first: QLineEdit | None = None) -> None:
        """Show one of the cards, no higher than it needs to be (a stack would be as high as the highest)."""
        for made in self._cards:
            made.setVisible(made is card)
        if first is not None:
            self._begin_at = first
            first.setFocus()

    def _turn_back(self) -> None:
        """To what this page began with."""
        self._show_known() if self.path is not None else self._show_new()

    def _show_known(self) -> None:
        assert self.path is not None
        self.login.begin(self.path, self._seen(self.path))
        self._turn(self.login, self.login.first())

    def _show_new(self) -> None:
        self._turn(self.new_card, self.new_card.first())

    def show_join(self) -> None:
        """A new PC for a village that has a register."""
        self._turn(self.join_card, self.join_card.first())

    def show_town(self) -> None:
        """The town's first PC."""
        self._turn(self.town_card, self.town_card.first())

    def show_rescue(self) -> None:
        """A ledger that is damaged, incomplete or on a broken PC comes back from a backup."""
        self.rescue_card.begin(self.path if isinstance(self.path, Path) else None, self._keys_lost)
        self._turn(self.rescue_card, self.rescue_card.password)

    def show_by_sheet(self) -> None:
        """The administrator forgot the password."""
        if not isinstance(self.path, Path):
            say(self.login.alert, _("镇数据库没有恢复纸。忘了密码，请找数据库管理员。"))
            return
        self.by_sheet_card.begin(self.path)
        self._turn(self.by_sheet_card, self.by_sheet_card.groups)

    def _lost(self) -> None:
        self._keys_lost = True

    def _restored(self, path: Path) -> None:
        """It is opened as any other: with the password of its time."""
        self.path, self._keys_lost = path, False
        self._show_known()
        say(self.login.alert, _("✓ 已从备份恢复。请用做这个备份时的密码打开。"))

    def _show_escrow(self, ledger: Any, lines: Sequence[str]) -> None:
        self._turn(self.escrow_card)
        self.escrow_card.show_key(ledger, lines)

    def _show_sheet(self, ledger: Any, groups: Sequence[str]) -> None:
        """The new ledger opens when its sheet of paper was typed back."""
        self.path = ledger.path
        self._turn(self.sheet_card)
        self.sheet_card.show_key(ledger, groups)

    def showEvent(self, event: QShowEvent) -> None:
        """Only a page that is shown can hold the keyboard; the window would begin at its first field."""
        super().showEvent(event)
        self._begin_at.setFocus()

    def _choose(self) -> None:
        chosen = files.to_read(self, _("打开台账"), _("台账 (*.grid);;所有文件 (*)"), places.data_dir())
        if chosen is not None:
            self.path, self._keys_lost = chosen, False
            self._show_known()

    def _opened(self, ledger: Any) -> None:
        """What is good once opens nothing but the card of a lasting password."""
        if ledger.must_change:
            self.lasting_card.begin(ledger)
            self._turn(self.lasting_card, self.lasting_card.new)
            return
        from gridapp.work import village

        self._desk.ask(village.desk, then=lambda told: self.opened.emit(ledger.place, told))
