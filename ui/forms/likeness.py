"""What looks like the record being typed: a card below the form, a key to link each; hidden while there is nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gridapp.texts import _
from ui.widgets import answer, button, card, column, empty, label, row_of

SHOWN = 3


class Likeness(QWidget):
    """`words` tells what is said of one of them, `link` is called with the one that is chosen; `act` is the word on its button, '' for 关联."""

    def __init__(self, title: str, words: Callable[[Any], Iterable[object]], link: Callable[[Any], object], act: str = "") -> None:
        super().__init__()
        self._words, self._link, self._act = words, link, act or _("关联")
        made, inside = card(title)
        column(self).addWidget(made)
        self._rows = QVBoxLayout()
        inside.addLayout(self._rows)
        self._linked = answer("notice")
        inside.addWidget(self._linked)
        self.forget()

    def forget(self) -> None:
        """Nothing is like what was not typed yet."""
        self.show_found(())
        self._linked.hide()

    def show_found(self, found: Sequence[Any]) -> int:
        """Show the first of them; returns how many stand there."""
        empty(self._rows)
        for place, other in enumerate(found[:SHOWN], 1):
            row = row_of(stretch=False)
            row.addWidget(label("   ".join(str(word) for word in self._words(other) if word), wrap=True), 1)
            row.addWidget(button(_("{0}（Alt+{1}）").format(self._act, place), partial(self._link, other), icon="link", role="tight", key=f"Alt+{place}"))
            self._rows.addLayout(row)
        self.setVisible(bool(found))
        return len(found[:SHOWN])

    def tell(self, words: str) -> None:
        """What will be linked when the form is saved."""
        self._linked.setText(_("保存时关联：{0}").format(words))
        self._linked.show()
