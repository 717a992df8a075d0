"""The navigation at the left (导航): a line for each screen whoever sits here may use, under the name of the place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QWidget

from gridapp.texts import _
from ui import theme
from ui.desk import Desk
from ui.screens import Entry, navigation
from ui.widgets import column, is_enter, label, scrolled, tip

WIDE, SLIM = 180, 98


#: so many lines have a key of their own, Ctrl+1 to Ctrl+9
KEYS = 9


class NavButton(QToolButton):
    """A way to a screen: Enter goes there, as Space does."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            self.click()
        else:
            super().keyPressEvent(event)


class Navigation(QFrame):
    """Lines from above, in the order of Ctrl+1, Ctrl+2 …; in a narrow window icons over words."""

    def __init__(self, desk: Desk, show: Callable[[str], object]) -> None:
        super().__init__()
        self.setProperty("role", "nav")
        self._show = show
        whole = column(self, 10, 6)
        self._brand = label(_("平安网格"), "brand")
        self.place = label(desk.place, wrap=True)
        whole.addWidget(self._brand)
        whole.addWidget(self.place)
        inside = QWidget()
        buttons = column(inside, 0, 3)
        buttons.setContentsMargins(0, theme.look.px(8), 0, 0)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        self.lines = navigation(desk.scope, desk.may)
        for entry in self.lines:
            buttons.addWidget(self._button(entry))
        buttons.addStretch(1)
        self._area = scrolled(inside)
        whole.addWidget(self._area, 1)

    def _button(self, entry: Entry) -> QToolButton:
        made = self.buttons[entry.key] = NavButton()
        made.setText(_(entry.title))
        made.setCheckable(True)
        made.setProperty("role", "nav")
        made.setToolTip(tip(f"{_(entry.title)}（Ctrl+{len(self.buttons)}）" if len(self.buttons) <= KEYS else _(entry.title)))
        made.clicked.connect(lambda: self._show(entry.key))
        self._group.addButton(made)
        return made

    def mark(self, key: str) -> None:
        """The line of what is shown, which can be seen however low the window; a screen may have none."""
        if key in self.buttons:
            self.buttons[key].setChecked(True)
            QTimer.singleShot(0, self, self._show_line)  # once all is laid out

    def _show_line(self) -> None:
        marked = self._group.checkedButton()
        if marked is not None:
            self._area.ensureWidgetVisible(marked)

    def fit(self, slim: bool) -> None:
        """A narrow window or very large type: icons over words, no brand."""
        self.setFixedWidth(theme.look.px(SLIM if slim else WIDE))
        for widget in (self._brand, self.place):
            widget.setVisible(not slim)
        under, beside = Qt.ToolButtonStyle.ToolButtonTextUnderIcon, Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        for entry in self.lines:
            way = self.buttons[entry.key]
            way.setToolButtonStyle(under if slim else beside)
            way.setIconSize(theme.look.size(QSize(20, 20) if slim else QSize(28, 20)))
            way.setIcon(theme.icon(entry.icon, "nav_text", 20, gap=not slim))
            way.setFixedWidth(theme.look.px(64 if slim else 160))
