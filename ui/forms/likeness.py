"""What looks like the record being typed: a card below the form, a key to use each; hidden while there is nothing. And the form that asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gridapp.errors import Mistake
from gridapp.texts import _
from ui.forms.form import Form, Section, Told
from ui.widgets import answer, button, card, column, empty, label, row_of

SHOWN = 3
#: what is told so far, and who hears what looks like it
Find = Callable[[dict[str, Any], Callable[[Sequence[Any]], object]], object]


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


class SeekingForm(Form):
    """A form that knows where something is, and asks for what looks like it while it is typed; without `find` (something is corrected) nothing is sought and the card below it is not `made`."""

    #: typing here may find something; which of these are words ('' for none) and which are links (None)
    telling: tuple[str, ...] = ()
    words: tuple[str, ...] = ("place",)

    def __init__(self, told: Mapping[str, Told], outline: Sequence[Section], find: Find | None, made: Callable[[], Likeness]) -> None:
        super().__init__(told, outline)
        self._find = find
        if find is not None:
            self.like = made()
            self.add_widget(self.like)
        self.on_edit = self._edited

    def fill(self, record: Any) -> None:
        """The values; nothing is like what was not typed yet."""
        super().fill(record)
        if self._find is not None:
            self.like.forget()

    def _edited(self, name: str) -> None:
        if name in ("house", "site"):
            self._take_place(name)
        if name in self.telling and self._find is not None:
            self._find({n: said(self, n) or ("" if n in self.words else None) for n in self.telling}, self.like.show_found)

    def _take_place(self, name: str) -> None:
        """Where nothing is said of the place yet, it is the address of what was chosen."""
        chosen = getattr(self.editor(name), "chosen", None)
        if chosen and not self.editor("place").text():
            self.editor("place").set_text(str(chosen[1]).partition(" ")[2] or str(chosen[1]))


def said(form: Form, name: str) -> Any:
    """What a field holds so far, None while it cannot be read."""
    try:
        return form.editor(name).value()
    except Mistake:
        return None
