"""Chosen rows of a list with their numbers in full (显示号码): for a reason, with the password again, for a minute; hidden until somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QHideEvent

from gridapp.texts import _
from ui.lists.browse import Browse
from ui.revealing import Veil
from ui.widgets import say

if TYPE_CHECKING:
    from ui.desk import Desk


class RowsVeil(Veil):
    """Stands over the rows of a list; which ones, is decided by how many the ledger shows at once (gridapp.work.revealing.MOST)."""

    key = ""

    def __init__(self, desk: Desk, entity: str, shown: Mapping[str, str]) -> None:
        """`shown`: part of a row → the field of the record it shows masked."""
        super().__init__(desk)
        self._entity, self._shown = entity, shown
        self.list: Browse | None = None
        self.covered.connect(self.hide)

    def over(self, browse: Browse) -> None:
        """Stand above this list and redraw it."""
        self.list = browse
        browse.stand_over(self)
        self.revealed.connect(browse.table.viewport().update)
        self.covered.connect(browse.table.viewport().update)

    def turn(self) -> None:
        """Ask why the chosen rows are to be seen; while some are seen, mask them."""
        if self.values:
            self.cover()
            return
        assert self.list is not None
        from gridapp.work.revealing import MOST, TooMany

        many = self.list.many
        if not many:
            return
        chosen = self.list.chosen if many <= MOST else []
        loaded = [row.id for row in chosen if row is not None]
        self.stand_for(self._entity, loaded, self._shown, ver=object(), fields=list(self._shown.values()),
                       words=_("选中的 {0:,} 条内容完整显示，请不要让旁人看到。").format(many))
        if many > MOST:
            self._only_say(TooMany(many).text)
        elif len(loaded) < many:
            self._only_say(_("选中的内容还没有全部读出来，请稍等再试。"))
        else:
            self.ask()

    def look(self, ledger: Any, entity: str, records: Any, fields: Any, reason: str, words: str) -> Any:
        from gridapp.work.revealing import reveal_many

        return reveal_many(ledger, entity, records, fields, reason=reason, words=words)

    def seen(self, row: Any) -> Any:
        """The row as it may be shown at the moment."""
        values = self.values_of(row.id)
        return replace(row, **{part: values[name] for part, name in self._shown.items() if values.get(name)}) if values else row

    def _only_say(self, text: str) -> None:
        self._words.setText("")
        self.show_button.hide()
        say(self._alert, text)

    def cover(self) -> None:
        """Mask again; the keyboard goes on in the list."""
        hand = self.window().focusWidget()
        super().cover()
        if self.list is not None and hand is not None and self.isAncestorOf(hand):
            self.list.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Another page in front: whoever comes back finds the list as it is without the line."""
        super().hideEvent(event)
        self.hide()

    def _quiet(self) -> None:
        self.stand_aside()
