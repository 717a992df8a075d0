"""The papers of a person, a house and the patrols are chosen from a list and lead back to where they were asked for."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from ui.preview import Preview

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def offered(page: Any) -> list[str]:
    return [part.id for part in page._parts]


@pytest.mark.parametrize(("key", "pressed", "numbers"), [
    ("people", (Key.Key_F8, CONTROL), ["F01", "F26"]), ("houses", (Key.Key_F8,), ["F04", "F03", "F22", "F05", "F06"])])
def test_each_paper_is_chosen_with_the_keyboard_and_made(busy: Any, key: str, pressed: Any, numbers: list[str]) -> None:
    screen = busy.show(key)
    for place, number in enumerate(numbers):
        busy.press(*pressed, widget=screen.list.table)
        page = screen.currentWidget()
        assert offered(page) == numbers
        page.list.table.selectRow(place)
        busy.press(Key.Key_Return, widget=page.list.table)
        assert isinstance(screen.currentWidget(), Preview) and screen._preview._document is not None, number
        assert screen._preview._name.startswith(number) and not busy.told
        busy.press(Key.Key_Escape)
        assert screen.currentWidget() is screen.list


def test_leaving_the_choice_goes_back_to_the_house_and_prints_nothing(busy: Any) -> None:
    screen = busy.show("houses")
    screen.open_card(screen.list.row.id)
    busy.settle()
    busy.press(Key.Key_F8, widget=screen.page)
    busy.press(Key.Key_Escape)
    assert screen.currentWidget() is screen.page and screen._preview is None


def test_the_book_of_patrols_asks_for_its_days_and_proposes_this_month(busy: Any) -> None:
    screen = busy.show("patrols")
    busy.press(Key.Key_P, CONTROL, widget=screen.list.table)
    form = screen.currentWidget().form
    assert [form.editor(name).text() for name in ("since", "until")] == [str(busy.desk.today.replace(day=1)), str(busy.desk.today)]
    busy.press(Key.Key_S, CONTROL)
    assert screen._preview._name.startswith("F08") and screen._preview._document is not None
