"""The search box by keyboard: whatever kind of record is found, its name says what it is and Enter opens it where it belongs."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from gridapp.fields.ids import code_of
from gridapp.ledger.findable import SOUGHT
from gridapp.settings import Settings
from tests import ledgers
from tests.ledger.test_search_cases import a_campaign, an_event
from tests.work.cases import ZHANG, a_dispute, a_petition
from ui.screens import SCREENS
from ui.searchbox import KIND


def chip(screen: Any, words: str) -> QPushButton:
    return next(found for found in screen.findChildren(QPushButton) if found.text() == words)


def sought(office: Any, text: str) -> list[str]:
    """The answers after Ctrl+K and some words."""
    office.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = office.window.search
    box.setText(text)
    box.textEdited.emit(text)
    office.settle()
    return [box.answers.item(n).text() for n in range(box.answers.count())]


@pytest.mark.parametrize(("begin", "text", "word", "key"), [
    (a_dispute, "排水沟", "纠纷", "disputes"), (a_petition, "夜间施工", "信访", "petitions"),
    (an_event, "〔２０２６〕第1号", "事件", "events"), (a_campaign, "充电整治", "专项", "campaigns")])
def test_enter_opens_a_case_in_its_own_screen(office: Any, begin: Any, text: str, word: str, key: str) -> None:
    case = begin(office.desk.ledger)
    told = sought(office, text)
    assert told[0] == f"{word} 1" and "〔" in told[1] and ZHANG not in told[1]
    office.press(Qt.Key.Key_Return)
    screen = office.window.screens[key]
    assert screen.isVisible() and screen.currentWidget() is screen.page and screen.card.record.id == case


def test_a_scanner_types_and_presses_enter_before_anything_is_found(office: Any) -> None:
    case = a_dispute(office.desk.ledger)
    office.show("today")
    sought(office, "没有的事")
    box = office.window.search
    box.setText(code_of(case))
    box.textEdited.emit(code_of(case))
    office.press(Qt.Key.Key_Return, widget=box)
    screen = office.window.screens["disputes"]
    assert screen.isVisible() and screen.card.record.id == case and not box.text()


def test_enter_in_haste_opens_nothing_that_was_not_meant(office: Any) -> None:
    a_dispute(office.desk.ledger)
    sought(office, "排水沟")
    box = office.window.search
    box.setText("没有的事")
    box.textEdited.emit("没有的事")
    office.press(Qt.Key.Key_Return, widget=box)
    assert "disputes" not in office.window.screens and box.text() == "没有的事"


def test_nothing_found_says_what_else_to_try(office: Any) -> None:
    told = sought(office, "没有的事")
    assert len(told) == 1 and "编号" in told[0]


def test_answers_stand_in_groups_and_the_keys_step_over_their_names(office: Any) -> None:
    ledger = office.desk.ledger
    house = ledgers.a_house(ledger, "QHY0009", owner_name="彭大")
    ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, house)[0], "彭大山")
    told = sought(office, "彭大")
    assert [line for line in told if not line.startswith(" ")] == ["房 1", "人 1"]
    box, chosen = office.window.search, []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        office.press(key)
        chosen.append(box.answers.currentRow())
    assert chosen == [1, 3, 3, 3, 1]


def test_what_sounds_alike_is_a_setting(office: Any) -> None:
    ledgers.a_person(office.desk.ledger, "张三", ledgers.NUMBERS[2])
    assert any("张三" in line for line in sought(office, "zangshan"))
    settings = office.window.show_screen("settings")
    chip(settings, "严格").click()
    assert Settings.load().alike is False and len(sought(office, "zangshan")) == 1
    chip(settings, "模糊").click()
    assert Settings.load().alike is True and len(sought(office, "zangshan")) == 2


def test_every_kind_that_is_found_has_a_word_and_a_screen() -> None:
    kinds = {found.entity.__tablename__ for found in SOUGHT}
    assert kinds <= set(KIND) <= {entity for entry in SCREENS for entity in entry.entities}
    assert len(set(KIND.values())) == len(KIND)
