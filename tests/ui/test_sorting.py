"""Lists in the order of a column: a click on its head, the first page at once and the rest behind it, told in the head and to screen readers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gridapp.ledger import Ledger
from gridapp.work import invent, people
from ui.lists.model import PAGE

MANY = 2 * PAGE + 50
HEAD, SAID = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole


@pytest.fixture
def crowded(open_office: Callable[..., Any], village: Ledger) -> Any:
    """A window on a village of several pages."""
    village.do(invent.invent, MANY)
    return open_office(village)


def click(office: Any, screen: Any, title: str) -> None:
    """The head of a column, with the mouse."""
    head = screen.list.table.horizontalHeader()
    place = next(n for n, column in enumerate(screen.subject.columns) if column.title == title)
    at = head.viewport().rect().center()
    at.setX(head.sectionViewportPosition(place) + 10)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    office.settle()


def shown(office: Any, screen: Any) -> list[Any]:
    """Every row, as somebody sees them who scrolls through the list."""
    rows, found = screen.list.table.rows, []
    for number in range(rows.rowCount()):
        if rows.row_at(number) is None:
            office.settle()
        found.append(rows.row_at(number))
    return found


def head(screen: Any, place: int, role: Qt.ItemDataRole = HEAD) -> str:
    told: str = screen.list.table.rows.headerData(place, Qt.Orientation.Horizontal, role)
    return told


def test_a_click_on_a_head_sorts_up_then_down_then_as_usual(crowded: Any) -> None:
    screen = crowded.show("people")
    usual = shown(crowded, screen)
    assert len(usual) > MANY and len({r.id for r in usual}) == len(usual)
    click(crowded, screen, "姓名")
    up = shown(crowded, screen)
    assert up == sorted(up, key=lambda r: r.name.encode()) and {r.id for r in up} == {r.id for r in usual}
    assert head(screen, 0) == "姓名 ↑" and head(screen, 0, SAID) == "姓名，升序"
    click(crowded, screen, "姓名")
    assert shown(crowded, screen) == up[::-1] and head(screen, 0) == "姓名 ↓" and head(screen, 0, SAID) == "姓名，降序"
    click(crowded, screen, "姓名")
    assert shown(crowded, screen) == usual and head(screen, 0) == "姓名" == head(screen, 0, SAID)


def test_a_masked_number_is_not_sorted_by_and_says_why(crowded: Any) -> None:
    screen = crowded.show("people")
    usual = shown(crowded, screen)
    for place, title in ((1, "证件号码"), (2, "联系电话")):
        click(crowded, screen, title)
        assert shown(crowded, screen) == usual and head(screen, place) == title
        assert "遮住的号码不能排序" in head(screen, place, Qt.ItemDataRole.ToolTipRole)


def test_the_first_page_stands_before_it_is_known_how_many_there_are(crowded: Any) -> None:
    screen = crowded.show("people")
    footer = screen.list.footer.text()
    held: list[Any] = []
    ask, crowded.desk.aside.ask = crowded.desk.aside.ask, lambda *told, **more: held.append((told, more))
    click(crowded, screen, "现住址")
    first = [screen.list.table.rows.row_at(number) for number in range(PAGE)]
    assert screen.list.table.rows.rowCount() == PAGE and None not in first and screen.list.row == first[0]
    assert "正在数" in screen.list.footer.text() and screen.card.record.id == first[0].id
    crowded.desk.aside.ask = ask
    for told, more in held:
        ask(*told, **more)
    crowded.settle()
    assert screen.list.footer.text() == footer and screen.list.table.rows.rowCount() == MANY + 2
    whole = shown(crowded, screen)
    assert whole[:PAGE] == first and whole == sorted(whole, key=lambda r: r.place.encode())


def test_an_act_leaves_the_list_where_it_was_read(crowded: Any) -> None:
    screen = crowded.show("people")
    click(crowded, screen, "姓名")
    shown(crowded, screen)
    screen.list.table.selectRow(MANY - 30)
    crowded.settle()
    chosen = screen.list.row
    crowded.desk.do(people.correct_person, chosen.id, workplace="快递网点")
    crowded.settle()
    assert screen.list.row.id == chosen.id and screen.list.table.currentIndex().row() == MANY - 30


def test_a_long_list_keeps_only_a_few_pages(crowded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.lists.model.KEPT", 2)
    screen = crowded.show("people")
    click(crowded, screen, "状态")
    for _time in range(2):
        assert len(shown(crowded, screen)) == MANY + 2
        assert len(screen.list.table.rows._pages) == 2
