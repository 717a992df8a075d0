"""Several rows of a list: chosen with the keyboard, told how many, and printed, reported or given to a campaign in one go; taken back with one Ctrl+Z."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from gridapp.ledger import Ledger
from gridapp.work import campaigns, houses, invent, people, progress
from ui.lists import table
from ui.lists.model import PAGE

SHIFT = Qt.KeyboardModifier.ShiftModifier


def choose(office: Any, screen: Any, many: int) -> None:
    """The first rows, with Shift and the arrow."""
    screen.list.table.selectRow(0)
    screen.list.setFocus()
    for _row in range(many - 1):
        office.press(Qt.Key.Key_Down, SHIFT)


def entry(screen: Any, beginning: str) -> Any:
    menu = screen.arranging.menu()
    found = next(action for action in menu.actions() if action.text().startswith(beginning))
    assert found.isEnabled()
    return found


def test_chosen_people_are_printed_and_nobody_else(busy: Any) -> None:
    screen = busy.show("people")
    choose(busy, screen, 2)
    names = [row.name for row in screen.list.chosen]
    assert screen.arranging.button.text() == "选中 2 行，办理（Ctrl+Shift+S）"
    entry(screen, "打印选中的 2 行").trigger()
    busy.settle()
    preview = screen._preview
    assert screen.currentWidget() is preview and preview._shown[0] == "F02" and len(preview._shown[2]["records"]) == len(names) == 2
    assert preview._document is not None


def test_chosen_people_are_marked_as_reported_in_one_act(busy: Any) -> None:
    screen = busy.show("people")
    screen.list.choose(people.UNREPORTED)
    busy.settle()
    before = screen.list.table.rows.rowCount()
    choose(busy, screen, 2)
    entry(screen, "标记 2 人已报送公安").trigger()
    busy.settle()
    busy.press(Qt.Key.Key_F10)
    assert screen.list.table.rows.rowCount() == before - 2
    busy.window._undo()
    busy.settle()
    assert screen.list.table.rows.rowCount() == before


def test_chosen_houses_join_a_campaign_once(busy: Any) -> None:
    ledger = busy.desk.ledger
    campaign = ledger.do(campaigns.begin_campaign, campaigns.Choice(rooms=1), title="电动自行车整治", start=date(2026, 11, 1), end=date(2026, 12, 31)).result
    targets = len(ledger.ask(progress.targets, campaign=campaign))
    fresh = ledger.do(houses.register_house, owner_name="张浩", owner_phone="13800001111", address="永康市古山镇青后叶村新路1号", house_no="QHY9001").result
    screen = busy.show("houses")
    screen.list.table.selectAll()
    busy.settle()
    entry(screen, f"{screen.list.many} 处加入专项").trigger()
    busy.settle()
    busy.press(Qt.Key.Key_F10)
    found = ledger.ask(progress.targets, campaign=campaign)
    assert fresh in {t.house for t in found} and len({t.house for t in found}) == len(found) > targets
    assert len(found) == screen.list.table.rows.rowCount()


def test_rows_on_pages_nobody_has_seen_are_read_for_copying(open_office: Callable[..., Any], village: Ledger) -> None:
    village.do(invent.invent, 2 * PAGE + 50)
    office = open_office(village)
    screen = office.show("people")
    screen.list.table.selectAll()
    QApplication.clipboard().clear()
    screen.list.table.copy()
    office.settle()
    lines = QApplication.clipboard().text().split("\n")
    assert len(lines) == screen.list.table.rows.rowCount() > 2 * PAGE and len(set(lines)) > 2 * PAGE - 5


def test_of_too_many_nothing_is_read_and_it_is_said(busy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_CHOSEN", 1)
    said = list[str]()
    busy.desk.saved.connect(said.append)
    screen = busy.show("people")
    QApplication.clipboard().setText("old")
    choose(busy, screen, 2)
    screen.list.table.copy()
    busy.settle()
    assert QApplication.clipboard().text() == "old" and said[-1].startswith("一共 2 行，一次最多办 1 行")


@pytest.mark.parametrize("key", [Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier])
def test_a_list_shown_while_another_key_is_down_has_its_first_row_chosen(busy: Any, key: Qt.KeyboardModifier) -> None:
    busy.press(Qt.Key.Key_F2, key)  # Qt goes on believing that it is down
    assert QApplication.keyboardModifiers() == key
    screen = busy.show("houses")
    assert screen.list.row is not None and screen.list.many == 1


def test_the_places_of_a_round_are_printed_as_one_walks(busy: Any) -> None:
    screen = busy.show("rounds")
    shown = [row.id for row in screen.list.table.rows._pages[0]]
    busy.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert screen.currentWidget() is screen._preview and screen._preview._shown[2]["records"] == shown and screen._preview._document is not None
