"""改版式: the form is drawn anew as one types, a wrong line is shown, nothing half is kept, nothing unsaved is lost without a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gridapp.ledger import Ledger
from gridapp.printing import editing
from tests.permissions import with_roles
from ui import messages
from ui.screens.layouts import LayoutPage, open_layout

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def shown(busy: Any) -> Any:
    screen = busy.show("papers")
    assert screen.list.select("F04")
    busy.press(Qt.Key.Key_F7, widget=screen.list.table)
    assert isinstance(screen.currentWidget(), LayoutPage)
    return screen.currentWidget()


def put(busy: Any, shown: Any, was: str, now: str) -> None:
    """Type `now` where `was` stands, and wait until the pause is over and the form is drawn."""
    at = shown.text.toPlainText().index(was)
    cursor = shown.text.textCursor()
    cursor.setPosition(at)
    cursor.setPosition(at + len(was), cursor.MoveMode.KeepAnchor)
    shown.text.setTextCursor(cursor)
    shown.text.insertPlainText(now)
    busy.qtbot.waitUntil(lambda: not shown._pause.isActive())
    busy.settle()


def test_the_form_is_drawn_anew_as_one_types(busy: Any, shown: Any) -> None:
    before = shown._picture.pixmap().toImage()
    assert not before.isNull() and not shown.alert.isVisible()
    put(busy, shown, "rows_per_page = 16", "rows_per_page = 8")
    assert shown._picture.pixmap().toImage() != before
    assert not editing.changed("F04"), "nothing is kept before it is saved"


def test_a_wrong_line_is_told_the_last_form_stays_and_saving_goes_to_the_line(busy: Any, shown: Any) -> None:
    before = shown._picture.pixmap().toImage()
    put(busy, shown, "rows_per_page = 16", 'rows_per_page = "多"')
    line = next(n for n, told in enumerate(shown.text.toPlainText().splitlines(), 1) if "多" in told)
    assert f"第 {line} 行" in shown.alert.text() and shown.alert.isVisible()
    assert shown._picture.pixmap().toImage() == before
    shown.text.moveCursor(shown.text.textCursor().MoveOperation.Start)
    busy.press(Qt.Key.Key_S, CONTROL)
    assert not editing.changed("F04") and shown.text.textCursor().blockNumber() + 1 == line


def test_what_is_saved_prints_and_is_put_back_by_a_key(busy: Any, shown: Any, boxes: list[str]) -> None:
    put(busy, shown, 'title = "出租房屋承租人员登记簿"', 'title = "本县登记簿"')
    busy.press(Qt.Key.Key_S, CONTROL)
    assert "已保存" in shown.told.text() and 'title = "本县登记簿"' in editing.text_of("F04") and not shown.unsaved
    busy.press(Qt.Key.Key_F6)
    assert shown.changes.isVisible() and '＋ title = "本县登记簿"' in shown.changes.toPlainText()
    busy.press(Qt.Key.Key_F9)
    assert len(boxes) == 1 and not editing.changed("F04") and shown.text.toPlainText() == editing.text_of("F04", shipped=True)
    assert "一样" in shown.changes.toPlainText()


def test_the_list_says_whose_layout_was_changed(busy: Any, shown: Any) -> None:
    screen = busy.window.screens["papers"]
    put(busy, shown, 'title = "出租房屋承租人员登记簿"', 'title = "本县登记簿"')
    busy.press(Qt.Key.Key_S, CONTROL)
    busy.press(Qt.Key.Key_Escape)
    assert screen.card.title == "本县登记簿" and any("改过" in told for _name, told in screen.facts(screen.card).rows)


def test_leaving_asks_only_about_what_is_not_saved(busy: Any, shown: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    said, screen = list[str](), busy.window.screens["papers"]
    monkeypatch.setattr(messages, "ask", lambda text, _yes, _no: said.append(text))
    put(busy, shown, "rows_per_page = 16", "rows_per_page = 8")
    busy.press(Qt.Key.Key_Escape)
    assert len(said) == 1 and screen.currentWidget() is shown, "who does not agree stays"
    put(busy, shown, "rows_per_page = 8", "rows_per_page = 16")
    busy.press(Qt.Key.Key_Escape)
    assert len(said) == 1 and screen.currentWidget() is not shown


def test_whoever_may_not_keep_it_may_look(open_office: Callable[..., Any], village: Ledger) -> None:
    number = with_roles(village)["grid"]
    village.sign_in(number)
    village.officer = number
    office = open_office(village)
    made = open_layout(office.show("houses"), "F04")
    office.settle()
    assert made.text.isReadOnly() and not made.save_button.isVisible() and not made._picture.pixmap().isNull()
    before = made.text.toPlainText()
    QTest.keyClicks(made.text, "x")
    assert made.text.toPlainText() == before
