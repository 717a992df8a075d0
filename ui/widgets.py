"""The small parts every page is made of: labels, pills, buttons with their keys, cards, bars, scrolled pages."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import (QFrame, QHBoxLayout, QLabel, QLayout, QLineEdit, QPushButton, QScrollArea, QSizePolicy,
                               QVBoxLayout, QWidget)

from gridapp.texts import _
from ui import theme

CARD_MARGIN, PAGE_MARGIN, GAP = 18, 16, 10
ICON = QSize(24, 18)


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label that shows plain text only, in one of the roles of the style sheet."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    made.setProperty("role", role)
    return made


def tip(text: str) -> str:
    """A tool tip that shows its text as typed: Qt takes what looks like HTML for HTML and loads the pictures it names (reliability.md I6)."""
    return f"<span style='white-space:pre-wrap'>{escape(text)}</span>" if GuiQt.mightBeRichText(text) else text


def answer(role: str = "muted") -> QLabel:
    """A label that is hidden until there is something to say."""
    made = label("", role, wrap=True)
    made.hide()
    return made


def say(where: QLabel, text: str) -> None:
    where.setText(text)
    where.show()


def pill(text: str, colour: str) -> QLabel:
    """A state in words on a coloured ground."""
    made = label(text)
    made.setProperty("pill", colour)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return made


def button(words: str, run: Callable[[], object] | None = None, *, icon: str = "", role: str = "", key: str = "",
           name: str = "", checkable: bool = False) -> QPushButton:
    """A button; `key` works while it is visible, `name` is read out where there are no words."""
    made = QPushButton(words)
    made.setProperty("role", role)
    made.setCheckable(checkable)
    made.setAutoDefault(True)  # Enter presses it, as Space does; without this only in dialogs
    if icon:
        made.setIcon(_icon(icon, "primary_text" if role == "primary" else "text2" if role == "quiet" else "text", gap=bool(words)))
        made.setIconSize(theme.look.size(ICON) if words else theme.look.size(QSize(20, 20)))
    if key:
        made.setShortcut(key)
    if name:
        made.setAccessibleName(name)
        made.setToolTip(tip(name))
    if run is not None:
        made.clicked.connect(lambda _on: run())
    return made


def _icon(name: str, token: str, gap: bool) -> QIcon:
    """An icon that is as faint as its words while the button cannot be pressed: Qt leaves a white one white, on a ground that is light then."""
    made, faint = theme.icon(name, token, gap=gap), theme.icon(name, "text3", gap=gap)
    size = faint.availableSizes()[0]
    made.addPixmap(faint.pixmap(size), QIcon.Mode.Disabled)
    return made


def shortcut(page: QWidget, key: str, run: Callable[[], object]) -> None:
    """A key that works on this page and nowhere else."""
    made = QShortcut(QKeySequence(key), page)
    made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.activated.connect(lambda: run())


def back(run: Callable[[], object]) -> QPushButton:
    """The way back to where one came from."""
    return button(_("返回（Esc）"), run, icon="arrow-left", key="Esc")


def is_enter(event: QKeyEvent) -> bool:
    """Enter alone, on either side of the keyboard."""
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def enter_back(event: QKeyEvent) -> bool:
    """Enter with Shift, on either side of the keyboard."""
    return (event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.ShiftModifier)


def line() -> QFrame:
    return frame("line")


def frame(role: str) -> QFrame:
    """A card, header, footer, bar or line."""
    made = QFrame()
    made.setProperty("role", role)
    return made


def column(holder: QWidget, margin: int = 0, gap: int = 0) -> QVBoxLayout:
    """A column in `holder`, lengths in design pixels."""
    made = QVBoxLayout(holder)
    around = theme.look.px(margin)
    made.setContentsMargins(around, around, around, around)
    made.setSpacing(theme.look.px(gap))
    return made


def card(title: str = "", under: str = "") -> tuple[QFrame, QVBoxLayout]:
    """A card with a heading and a line of explanation."""
    made = frame("card")
    inside = column(made, CARD_MARGIN, GAP)
    if title:
        inside.addWidget(label(title, "subtitle"))
    if under:
        inside.addWidget(label(under, "muted", wrap=True))
    return made, inside


def bar(role: str, *widgets: QWidget) -> tuple[QFrame, QHBoxLayout]:
    """A header or footer with widgets from the left."""
    made = frame(role)
    row = QHBoxLayout(made)
    around = theme.look.px(PAGE_MARGIN)
    row.setContentsMargins(around, theme.look.px(GAP), around, theme.look.px(GAP))
    row.setSpacing(theme.look.px(GAP))
    for widget in widgets:
        row.addWidget(widget)
    return made, row


def page(holder: QWidget | None = None) -> QWidget:
    """A plain ground for cards."""
    made = holder if holder is not None else QWidget()
    made.setProperty("role", "page")
    return made


def scrolled(inside: QWidget, *, on_card: bool = False, across: bool = False, name: str = "") -> QScrollArea:
    """`inside` with a scroll bar when it is too high; on a card it lets the card's ground through.

    With a `name` Tab stops here and the arrows scroll; what holds only fields and buttons follows them by itself.
    """
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus if name else Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    if not across:
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    if on_card:
        inside.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
    return area


def entry(words: str = "", *, secret: bool = False, text: str = "") -> QLineEdit:
    """A line to type into, `words` as its faint hint and its spoken name."""
    made = QLineEdit(text)
    made.setPlaceholderText(words)
    made.setAccessibleName(words)
    if secret:
        made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def row_of(*widgets: QWidget, stretch: bool = True) -> QHBoxLayout:
    """Widgets side by side, to the left."""
    row = QHBoxLayout()
    row.setSpacing(theme.look.px(GAP))
    for widget in widgets:
        row.addWidget(widget)
    if stretch:
        row.addStretch(1)
    return row


def column_of(inside: QLayout) -> QVBoxLayout:
    """A layout in the middle of the height there is."""
    made = QVBoxLayout()
    made.addStretch(1)
    made.addLayout(inside)
    made.addStretch(1)
    return made


def empty(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while layout.count():
        item: Any = layout.takeAt(0)
        if item.widget() is not None:
            item.widget().hide()
            item.widget().deleteLater()
        elif item.layout() is not None:
            empty(item.layout())

