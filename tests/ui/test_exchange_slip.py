"""数据交接单: what both sign when the stick changes hands is printed from the book of parcels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from tests.ui.test_exchange import corrected, desk, plugged, stick, town, village_pc

__all__ = ["corrected", "desk", "plugged", "stick", "town", "village_pc"]


def test_the_slip_that_goes_with_the_stick_is_printed_from_the_book(corrected: Any, stick: Path) -> None:
    corrected.press(Qt.Key.Key_F4)
    corrected.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    corrected.press(Qt.Key.Key_Escape)
    corrected.press(Qt.Key.Key_F6)
    book, screen = corrected.screen.currentWidget(), corrected.screen
    ways = [row.parcel.way for row in book._lines]
    book.rows.table.selectRow(ways.index("in"))
    corrected.press(Qt.Key.Key_F8, widget=book.rows.table)
    assert "请选一次“交出”" in book.told.text() and screen.currentWidget() is book
    book.rows.table.selectRow(ways.index("out"))
    corrected.press(Qt.Key.Key_F8, widget=book.rows.table)
    assert screen._preview._name == "F27 数据交接单" and len(screen._preview._document) == 2 and not corrected.told
