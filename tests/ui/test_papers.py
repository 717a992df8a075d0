"""表单: every paper is listed with the place its filled form comes from; Enter, F8 and Ctrl+P make empty ones."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from gridapp.printing import PAPERS
from ui.preview import Preview
from ui.screens import SCREENS
from ui.screens.papers import WHERE

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def screen(busy: Any) -> Any:
    return busy.show("papers")


def test_every_paper_is_listed_with_where_it_is_filled(screen: Any) -> None:
    assert [row.id for row in screen.rows] == list(PAPERS) == list(WHERE)
    assert all(row.title == PAPERS[row.id].title and "：" in row.where for row in screen.rows)


@pytest.mark.parametrize("number", WHERE)
def test_the_screen_that_is_named_prints_that_paper(number: str) -> None:
    """The screen's own file, or one that belongs to it, names the number; so does each key the list tells."""
    entry = next(entry for entry in SCREENS if entry.key == WHERE[number][0])
    folder = Path(__file__).parent.parent.parent / "ui" / "screens"
    source = "".join(path.read_text("utf-8") for path in sorted(folder.glob(f"{entry.module.rpartition('.')[2]}*.py")))
    assert f'"{number}"' in source, number
    pressed = re.findall(r"Ctrl\+F?\w|F\d+", WHERE[number][1])
    assert pressed and all(f'"{key}"' in source for key in pressed), pressed


def test_enter_and_f8_make_the_empty_form(busy: Any, screen: Any) -> None:
    for key in (Key.Key_Return, Key.Key_F8):
        assert screen.list.select("F09")
        busy.press(key, widget=screen.list.table)
        assert isinstance(screen.currentWidget(), Preview) and screen._preview._document is not None and len(screen._preview._document) == 3
        assert screen._preview._title.text() == "空表：安全隐患整改通知书" and not busy.told
        busy.press(Key.Key_Escape)
        assert screen.currentWidget() is screen.home and screen.card.id == "F09"


def test_all_empty_forms_are_one_document(busy: Any, screen: Any) -> None:
    busy.press(Key.Key_P, CONTROL, widget=screen.list.table)
    assert screen._preview._document is not None and len(screen._preview._document) > len(PAPERS)


def test_f6_leads_to_where_the_filled_form_is_printed(busy: Any, screen: Any) -> None:
    screen.list.select("F03")
    busy.press(Key.Key_F6, widget=screen.list.table)
    assert busy.window.screens["houses"].isVisible()


def test_from_here_many_are_printed_at_once(busy: Any, screen: Any) -> None:
    busy.press(Key.Key_B, CONTROL, widget=screen.list.table)
    assert busy.window.screens["batches"].isVisible()


def test_the_settings_lead_here_whoever_may_print(busy: Any) -> None:
    from PySide6.QtWidgets import QPushButton

    settings = busy.show("settings")
    [way] = [one for one in settings.findChildren(QPushButton) if one.text() == "表单…"]
    way.click()
    busy.settle()
    assert busy.window.screens["papers"].isVisible()
