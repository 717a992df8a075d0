"""The numbered list of the fields of a form (F2): a number or pinyin initials and Enter, or the arrows, lead to one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QWidget

from gridapp.fields.width import half_width
from gridapp.texts import _
from ui import theme
from ui.forms.choices import initials
from ui.widgets import column, is_enter, label

SHOWN = 14


class GoTo(QFrame):
    """Pops up over `page` with the words of the fields; `taken` hears the place of the one that is meant."""

    def __init__(self, page: QWidget, words: Sequence[str], taken: Callable[[int], None]) -> None:
        super().__init__(page, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._words, self._taken, self._typed = words, taken, ""
        inside = column(self, 10, 6)
        self._head = label(_("到哪一项？输序号或拼音首字母"), "muted")
        self.list = QListWidget()
        self.list.addItems([f"{number}  {word}" for number, word in enumerate(words, 1)])
        self.list.setAccessibleName(_("到哪一项"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda item: self._take(self.list.row(item)))
        self.list.setFixedHeight(self.list.sizeHintForRow(0) * min(len(words), SHOWN) + theme.look.px(8))
        self.list.setCurrentRow(0)
        inside.addWidget(self._head)
        inside.addWidget(self.list)
        self.adjustSize()
        self.move(page.mapToGlobal(QPoint((page.width() - self.width()) // 2, theme.look.px(60))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: SHOWN, Qt.Key.Key_PageUp: -SHOWN}
        text = half_width(event.text()).strip().lower()
        if is_enter(event):
            self._take(self.list.currentRow())
        elif event.key() in steps:
            row = self.list.currentRow() + steps[Qt.Key(event.key())]
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))
        elif event.key() == Qt.Key.Key_Backspace:
            self._look(self._typed[:-1])
        elif text.isalnum():
            self._look(self._typed + text)
        else:
            super().keyPressEvent(event)  # Esc closes it

    def _look(self, typed: str) -> None:
        """The first field that is meant; a number that cannot grow any more is meant at once."""
        self._typed = typed
        self._head.setText(typed or _("到哪一项？输序号或拼音首字母"))
        if typed.isdigit() and 0 < int(typed) <= len(self._words):
            self.list.setCurrentRow(int(typed) - 1)
            if int(typed) * 10 > len(self._words):
                self._take(int(typed) - 1)
        elif typed:
            row = next((n for n, word in enumerate(self._words) if initials(word).startswith(typed)), None)
            if row is not None:
                self.list.setCurrentRow(row)

    def _take(self, row: int) -> None:
        self.close()
        self._taken(row)
