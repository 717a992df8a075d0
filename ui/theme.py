"""How the window looks: colours for light and dark, type size, style sheet, tinted icons.

Conventions for screens (see resources/style/app.qss, where @icon(name, token) is a tinted icon): QPushButton[role=primary|tight|chip|quiet|link|figure|room], QLabel[role=title|subtitle|label|
muted|alert|big], QLabel[pill=green|yellow|red|blue|grey], QFrame[role=card], editors carry [mark=ok|warn|block].
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from gridapp import places

LIGHT = {
    "bg": "#f1f4f9", "card": "#ffffff", "line": "#dbe2ec", "text": "#17202e", "text2": "#4a5568", "text3": "#66738a",
    "nav": "#17355f", "nav_on": "#25507f", "nav_text": "#dfe8f5", "primary": "#1f5dae", "primary_on": "#184c91",
    "primary_text": "#ffffff", "input": "#ffffff", "input_line": "#8b97aa", "head": "#f6f8fb", "select": "#e6eefa",
    "hover": "#eef3fa", "focus": "#1f5dae", "read": "#f3f6fa", "ok": "#15803d", "warn": "#9a5b00", "block": "#b42318",
    "green_bg": "#e2f4e8", "green": "#166534", "yellow_bg": "#fdf0d5", "yellow": "#8a4f00", "red_bg": "#fde5e3", "red": "#a11c12",
    "blue_bg": "#e4eefb", "blue": "#1a4f94", "grey_bg": "#eceff4", "grey": "#4a5568",
}
DARK = {
    "bg": "#12171f", "card": "#1b222d", "line": "#313b4a", "text": "#eef2f8", "text2": "#b9c4d4", "text3": "#94a2b8",
    "nav": "#0d1c33", "nav_on": "#1d3d66", "nav_text": "#d5e1f2", "primary": "#3a7bd5", "primary_on": "#4c8ae0",
    "primary_text": "#ffffff", "input": "#141a23", "input_line": "#6b7a90", "head": "#202937", "select": "#223a5c",
    "hover": "#232d3b", "focus": "#6aa5f5", "read": "#202937", "ok": "#6fd08c", "warn": "#f0b95b", "block": "#ff8d83",
    "green_bg": "#17402a", "green": "#a9ecc0", "yellow_bg": "#4a3710", "yellow": "#f8d58d", "red_bg": "#53211d", "red": "#ffbdb6",
    "blue_bg": "#1d3d66", "blue": "#bcd7fb", "grey_bg": "#2b3442", "grey": "#c3cddb",
}
FAMILIES = ["Form Hei", "Form Song", "Form Rare A", "Form Rare B", "Form Latin"]
BODY = 15


@dataclass
class Look:
    """What is chosen now."""

    dark: bool = False
    factor: float = 1.0

    @property
    def colours(self) -> dict[str, str]:
        return DARK if self.dark else LIGHT

    def px(self, size: float) -> int:
        """A length of the design in pixels at the chosen type size."""
        return round(size * self.factor)

    def size(self, size: QSize) -> QSize:
        return QSize(self.px(size.width()), self.px(size.height()))


look = Look()


def colour(token: str) -> QColor:
    return QColor(look.colours[token])


def sheet() -> str:
    """The style sheet with @tokens and lengths such as 12u filled in."""
    raw = places.resource("style", "app.qss").read_text("utf-8")
    raw = re.sub(r"/\*.*?\*/", "", raw, flags=re.S)
    raw = re.sub(r"@icon\(([\w-]+), (\w+)\)", lambda m: f"url({_tinted(m[1], m[2])})", raw)
    raw = re.sub(r"@(\w+)", lambda m: look.colours[m[1]], raw)
    return re.sub(r"\b(\d+(?:\.\d+)?)u\b", lambda m: f"{look.px(float(m[1]))}px", raw)


def _tinted(name: str, token: str) -> str:
    """The path of an icon in the colour of a token: style sheets cannot tint what they load."""
    tint = look.colours[token]
    made = places.cache_dir() / f"{name}-{tint.removeprefix('#')}.svg"
    if not made.exists():
        made.write_text(_svg(name, tint), "utf-8")
    return made.as_posix()


def _svg(name: str, tint: str) -> str:
    return places.resource("icons", f"{name}.svg").read_text("utf-8").replace("currentColor", tint)


def apply(app: QApplication, dark: bool, factor: float) -> None:
    """Switch the whole program to this look; windows restyle themselves at once."""
    look.dark, look.factor = dark, factor
    made = sheet()
    if app.styleSheet() == made:
        return
    font = app.font()
    font.setFamilies(FAMILIES)
    font.setPixelSize(look.px(BODY))
    app.setFont(font)
    app.setPalette(_palette())
    app.setStyleSheet(made)


def _palette() -> QPalette:
    roles = {
        QPalette.ColorRole.Window: "bg", QPalette.ColorRole.Base: "input", QPalette.ColorRole.AlternateBase: "head",
        QPalette.ColorRole.Text: "text", QPalette.ColorRole.WindowText: "text", QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.Button: "card", QPalette.ColorRole.Highlight: "primary", QPalette.ColorRole.ToolTipBase: "card",
        QPalette.ColorRole.HighlightedText: "primary_text", QPalette.ColorRole.ToolTipText: "text",
        QPalette.ColorRole.PlaceholderText: "text3", QPalette.ColorRole.Link: "primary",
    }
    palette = QPalette()
    for role, token in roles.items():
        palette.setColor(role, colour(token))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, colour("text3"))
    return palette


def icon(name: str, token: str = "text", size: int = 18, *, gap: bool = False) -> QIcon:
    """A Lucide icon in the colour of a token; with a `gap` at its right, for words beside it (style sheets know no such space)."""
    return QIcon(QPixmap.fromImage(_picture(name, look.colours[token], look.px(size), look.px(6) if gap else 0)))


@cache
def _picture(name: str, tint: str, side: int, gap: int) -> QImage:
    """Drawn once: a window has a hundred of them, most in several places. No pixmap: it must not outlive the application."""
    from PySide6.QtSvg import QSvgRenderer

    scale, renderer = 3, QSvgRenderer(QByteArray(_svg(name, tint).encode()))
    picture = QImage(QSize(side + gap, side) * scale, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, side * scale, side * scale))
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property the style sheet looks at; Qt notices it only after polishing anew."""
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
