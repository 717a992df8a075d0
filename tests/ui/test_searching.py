"""The search box by keyboard: whatever kind of record is found, its name says what it is and Enter opens it where it belongs."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from gridapp.fields.ids import code_of
from gridapp.ledger.findable import SOUGHT
from tests.ledger.test_search_cases import a_campaign, an_event
from tests.work.cases import ZHANG, a_dispute, a_petition
from ui.screens import SCREENS
from ui.searchbox import KIND


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
    assert told[0].startswith(word) and "〔" in told[0] and ZHANG not in told[0]
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


def test_every_kind_that_is_found_has_a_word_and_a_screen() -> None:
    kinds = {found.entity.__tablename__ for found in SOUGHT}
    assert kinds <= set(KIND) <= {entity for entry in SCREENS for entity in entry.entities}
    assert len(set(KIND.values())) == len(KIND)
