"""A record with a long story opens with the newest of it; the earlier is one press away."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLabel, QPushButton

from gridapp.work import people
from tests import ledgers
from ui.lists.record import STORY


def told(screen: Any) -> list[str]:
    return [label.text() for label in screen.page.findChildren(QLabel) if "修改人员" in label.text() or "登记人员" in label.text()]


def earlier(screen: Any) -> list[QPushButton]:
    return [button for button in screen.page.findChildren(QPushButton) if button.text() == "更早的" and button.isVisible()]


def test_the_newest_is_shown_and_the_earlier_when_it_is_wanted(busy: Any) -> None:
    ledger = busy.desk.ledger
    person = ledgers.a_person(ledger, "故事长", "E7654321", id_kind="414")
    for turn in range(STORY + 4):
        ledger.do(people.correct_person, person, phone=f"1380000{turn:04}")
    screen = busy.show("people")
    screen.open_card(person)
    busy.settle()
    assert len(told(screen)) == STORY and not any("登记人员" in line for line in told(screen))
    [more] = earlier(screen)
    more.click()
    busy.settle()
    assert len(told(screen)) == STORY + 5 and "登记人员" in told(screen)[-1] and not earlier(screen)
    screen.open_card(person)
    busy.settle()
    assert len(told(screen)) == STORY


def test_the_newest_of_a_story_are_the_end_of_all_of_it(busy: Any) -> None:
    ledger = busy.desk.ledger
    person = ledger.search("彭兵")[0].id
    ledger.do(people.correct_person, person, phone="13800001111")
    ledger.undo()
    whole = ledger.history(person)
    assert len(whole) >= 3 and whole[-1].title.startswith("撤销")
    for newest in range(1, len(whole) + 2):
        assert ledger.history(person, newest) == whole[-newest:]
