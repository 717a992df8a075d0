"""The small parts every page is made of."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon

from ui import theme
from ui.widgets import button


def inks(icon: QIcon, mode: QIcon.Mode) -> set[str]:
    """The colours it is drawn in, edges left out."""
    picture = icon.pixmap(QSize(54, 54), mode).toImage()
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height()) if picture.pixelColor(x, y).alpha() == 255}


@pytest.mark.parametrize("role", ["primary", "tight", "quiet"])
@pytest.mark.parametrize("dark", [False, True])
def test_the_icon_of_a_button_that_cannot_be_pressed_is_as_faint_as_its_words(office: Any, monkeypatch: pytest.MonkeyPatch, role: str, dark: bool) -> None:
    monkeypatch.setattr(theme.look, "dark", dark)
    made = button("交出", icon="send", role=role)
    faint, plain = theme.colour("text3").name(), theme.colour({"primary": "primary_text", "quiet": "text2"}.get(role, "text")).name()
    assert faint in inks(made.icon(), QIcon.Mode.Disabled) and plain not in inks(made.icon(), QIcon.Mode.Disabled)
    assert plain in inks(made.icon(), QIcon.Mode.Normal)
