"""A character no font has stops the print and is named with its record and page; whoever wants to goes on with a mark and a note."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from gridapp.work import tenancies
from tests import ledgers
from ui.preview import Preview


def test_it_is_named_and_f7_goes_on_with_a_mark(busy: Any) -> None:
    ledger = busy.desk.ledger
    room = ledgers.rooms_of(ledger, ledgers.a_house(ledger, "QHY0077"))[0]
    person = ledgers.a_person(ledger, "王\U00033479", "E12345678", id_kind="414")
    ledger.do(tenancies.move_in, person, room, ledger.today)
    screen = busy.show("people")
    screen.print_register()
    busy.settle()
    preview = screen.currentWidget()
    assert isinstance(preview, Preview) and preview._document is None and preview.mark.isVisible()
    assert "没有打印" in preview._told.text() and "U+33479" in preview._told.text() and "王\U00033479" in preview._told.text() and "第 1 页" in preview._told.text()
    busy.press(Qt.Key.Key_F7, widget=preview)
    assert preview._document is not None and not preview.mark.isVisible()
    assert "请手写补上" in preview._told.text() and "U+33479" in preview._told.text()
    busy.press(Qt.Key.Key_Escape)
    screen.show_paper("F04", "登记簿", house="QHY0001")
    busy.settle()
    assert preview._document is not None and not preview._told.isVisible() and not preview.mark.isVisible()
