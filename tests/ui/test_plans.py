"""走访计划 in the window: the riskiest first with the reasons, limited to a grid, some rows become a route by one key, the plan on paper."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gridapp.work import hazards, plans, routes
from tests import ledgers
from tests.ui.test_campaigns import rows
from tests.ui.test_screens import clipped, too_wide

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def screen(office: Any) -> Any:
    ledger = office.desk.ledger
    for n in range(1, 5):
        house = ledgers.a_house(ledger, f"QHY{n:04d}", address=f"永康市古山镇青后叶村祠堂路{n}号")
        if n > 2:
            ledger.do(hazards.raise_hazard, house=house, place=f"祠堂路{n}号", content="堵塞通道", degree="02" if n == 4 else "01")
    office.show("patrols")
    office.press(Qt.Key.Key_F9)
    return office.window.screens["plans"]


def test_the_riskiest_stand_first_and_say_why(office: Any, screen: Any) -> None:
    assert [(row.label, row.reasons[0]) for row in rows(screen)] == [("QHY0004", "有严重隐患"), ("QHY0003", "还没有查过"), ("QHY0001", "还没有查过"), ("QHY0002", "还没有查过")]
    assert not clipped(screen) and not too_wide(screen) and not office.told
    office.press(Qt.Key.Key_F3, widget=screen.list.table)
    assert office.window.screens["inspections"].filling, "what stands first is inspected"


def test_two_rows_become_a_route_that_is_then_walked(office: Any, screen: Any) -> None:
    QTest.keyClick(screen.list.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    office.press(Qt.Key.Key_F7, widget=screen.list.table)
    page = screen.currentWidget()
    assert page.form.editor("many").text() == "2" and page.form.editor("team").text() == "王建国" and not clipped(page) and not too_wide(page)
    office.press(Qt.Key.Key_S, CONTROL)
    shown = office.window.screens["routes"]
    assert routes.points_of(shown.card.record) == ["QHY0004 祠堂路4号", "QHY0003 祠堂路3号"] and not office.told
    office.press(Qt.Key.Key_F3)
    assert office.window.screens["patrols"].currentWidget().form.editor("route").text() == "QHY0004 祠堂路4号—QHY0003 祠堂路3号"


def test_of_one_row_as_many_are_taken_as_a_shift_goes_to(office: Any, screen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "in_one_shift", lambda: 3)
    office.press(Qt.Key.Key_F7, widget=screen.list.table)
    form = screen.currentWidget().form
    assert form.editor("many").text() == "3"
    form.editor("many").set_text("1")
    office.press(Qt.Key.Key_S, CONTROL)
    assert routes.points_of(office.window.screens["routes"].card.record) == ["QHY0004 祠堂路4号"]


def test_one_route_alone_and_back(office: Any, screen: Any) -> None:
    route = office.desk.ledger.do(routes.lay_route, name="东线", points="祠堂路2号").result
    office.press(Qt.Key.Key_F, CONTROL)
    screen.currentWidget().form.editor("route").set_text(str(route))
    office.press(Qt.Key.Key_S, CONTROL)
    assert [row.label for row in rows(screen)] == ["QHY0002"]
    office.press(Qt.Key.Key_F, CONTROL)
    screen.currentWidget().form.editor("route").set_text("")
    office.press(Qt.Key.Key_S, CONTROL)
    assert len(rows(screen)) == 4 and not office.told


def test_nothing_to_visit_makes_no_route(office: Any) -> None:
    screen = office.show("plans")
    office.press(Qt.Key.Key_F7, widget=screen.list.table)
    assert not screen.filling and [type(told) for told in office.told] == [plans.NobodyToVisit]


def test_the_plan_goes_on_paper(office: Any, screen: Any) -> None:
    office.press(Qt.Key.Key_P, CONTROL)
    assert screen.currentWidget() is screen._preview and not office.told
