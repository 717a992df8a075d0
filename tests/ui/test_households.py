"""户: from a person's page another head, a split, a merge, a birth and a death, by keys alone; every member's page tells it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gridapp.work import households, kinship, people, tenancies

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def screen(busy: Any) -> Any:
    """The page of 彭兵, with whom his wife and son live."""
    ledger = busy.desk.ledger
    head = ledger.search("彭兵")[0].id
    room = ledger.ask(people.person_card, head).now.room
    for name, relation in (("吴丽", "配偶"), ("彭小", "子女")):
        person = ledger.do(people.register_person, name=name).result
        ledger.do(tenancies.move_in, person, room, busy.desk.today, kinship.code_of(relation))
    screen = busy.show("people")
    screen.open_card(head)
    busy.settle()
    return screen


def are(busy: Any, name: str) -> dict[str, str]:
    ledger = busy.desk.ledger
    return {m.name: kinship.name_of(m.relation) for m in ledger.ask(households.household, ledger.search(name)[0].id).members}


def words(screen: Any) -> str:
    return "\n".join(label.text() for label in screen.page.findChildren(QLabel))


def at(busy: Any, screen: Any, name: str) -> None:
    screen.open_card(busy.desk.ledger.search(name)[0].id)
    busy.settle()


def test_the_page_tells_who_lives_there(busy: Any, screen: Any) -> None:
    assert "这一户（3 人）" in words(screen) and "吴丽" in words(screen) and "户内变动" not in words(screen)


def test_another_head_by_two_keys(busy: Any, screen: Any) -> None:
    at(busy, screen, "吴丽")
    busy.press(Qt.Key.Key_F4)
    form = screen.currentWidget().form
    assert {slot.told.label: slot.editor.text() for slot in form.slots.values()} == {"变更日期": "2026-11-24", "彭兵 与户主关系": "配偶", "彭小 与户主关系": "子女"}
    busy.press(Qt.Key.Key_S, CONTROL)
    assert are(busy, "彭兵") == {"吴丽": "承租人", "彭兵": "配偶", "彭小": "子女"}
    at(busy, screen, "彭小")
    assert "户内变动" in words(screen) and "变更户主   子女   王建国" in words(screen)
    busy.press(Qt.Key.Key_Z, CONTROL)
    assert are(busy, "彭兵")["彭兵"] == "" and "户内变动" not in words(screen)


def test_a_split_and_the_way_back(busy: Any, screen: Any) -> None:
    at(busy, screen, "吴丽")
    busy.press(Qt.Key.Key_F6, SHIFT)
    page = screen.currentWidget()
    room = next(r for r in busy.desk.ledger.search("QHY0002 202", 20) if r.entity == "room")
    page.form.editor("room").set_value((room.id, "QHY0002 202"))
    along = page.form.editor("along")
    along.set_text(str(busy.desk.ledger.search("彭小")[0].id))
    busy.press(Qt.Key.Key_S, CONTROL)
    assert are(busy, "彭小") == {"吴丽": "承租人", "彭小": "子女"} and are(busy, "彭兵") == {"彭兵": ""}
    busy.press(Qt.Key.Key_F6, CONTROL)
    page = screen.currentWidget()
    page.form.editor("room").set_value((busy.desk.ledger.ask(people.person_card, busy.desk.ledger.search("彭兵")[0].id).now.room, "102"))
    busy.type(page.form, **{str(busy.desk.ledger.search("吴丽")[0].id): "配偶"})
    busy.press(Qt.Key.Key_S, CONTROL)
    assert are(busy, "彭兵") == {"彭兵": "", "吴丽": "配偶", "彭小": "同住"}


def test_a_child_is_born_and_its_page_is_shown(busy: Any, screen: Any) -> None:
    busy.press(Qt.Key.Key_F3, SHIFT)
    busy.type(screen.currentWidget().form, name="彭宝", birth="2026-11-20")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.card.record.name == "彭宝" and "这一户（4 人）" in words(screen) and "出生   子女" in words(screen)


def test_of_a_head_who_died_the_next_one_is_asked_for(busy: Any, screen: Any) -> None:
    busy.press(Qt.Key.Key_F9, SHIFT)
    page = screen.currentWidget()
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is page, "a head must be told"
    busy.type(page.form, head="吴丽 配偶")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.card.record.closed_on == busy.desk.today and are(busy, "吴丽") == {"吴丽": "承租人", "彭小": "子女"}
