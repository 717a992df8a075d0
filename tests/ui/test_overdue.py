"""保存期满 in the window: said on 今日 to whoever may go through it, looked at, forgotten one by one with a ground; nothing goes by itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp.work import tasks
from tests import ledgers
from tests.work.test_retention import gone
from ui.forms.page import FormPage

YEARS = 40 * 366 * 86_400_000


def years_go_by(ledger: Any) -> None:
    """And somebody registers somebody, so that nobody doubts the clock."""
    ledger._wall.ms += YEARS
    ledgers.a_person(ledger, "李晓梅", "510185199205173627")


def lines(root: Any) -> list[str]:
    return [w.text() for kind in (QLabel, QPushButton) for w in root.findChildren(kind) if w.isVisible()]


def test_today_leads_to_what_was_kept_long_enough_and_one_person_is_forgotten(office: Any, boxes: list[str]) -> None:
    ledger = office.desk.ledger
    people = [gone(ledger, name, number, place) for place, (name, number) in enumerate(zip(("彭兵", "王𬱟"), ledgers.NUMBERS, strict=False))]
    today = office.show("today")
    today.refresh()
    office.settle()
    assert not any("保存期已满" in words for words in lines(today)), "they left today"
    years_go_by(ledger)
    today.refresh()
    office.settle()
    assert any("有 2 条登记保存期已满" in words for words in lines(today))
    next(b for b in today.findChildren(QPushButton) if b.isVisible() and b.text() == "去核对").click()
    office.settle()
    screen = office.window.screens["overdue"]
    assert screen.isVisible() and {r.id for r in screen.shown()} == set(people) and screen.card is not None
    first = screen.card
    office.press(Qt.Key.Key_Return, widget=screen.list.table)
    assert office.window.screens["people"].isVisible()
    office.press(Qt.Key.Key_Escape)
    assert screen.isVisible()
    office.press(Qt.Key.Key_F12, widget=screen.list.table)
    page = screen.currentWidget()
    assert isinstance(page, FormPage) and len(ledger.search(first.label)) == 1, "asked for the ground first"
    office.type(page.form, basis="保存期已满，第四十七条")
    page.save(False)
    office.settle()
    assert ledger.search(first.label) == [] and [r.id for r in screen.shown()] == [p for p in people if p != first.id]
    assert "已删除" in boxes[-1] and not office.told


def test_what_an_open_task_is_about_is_kept_and_no_way_forgets_it(office: Any, boxes: list[str]) -> None:
    ledger = office.desk.ledger
    person = gone(ledger, "彭兵", ledgers.NUMBERS[0])
    ledger.do(tasks.set_task, title="核实去向", set_on=ledgers.TODAY, about="person", subject=person)
    years_go_by(ledger)
    screen = office.show("overdue")
    assert screen.shown() == []
    screen.list.choose("held")
    office.settle()
    assert screen.card.id == person and "核实去向" in dict(screen.facts(screen.card).rows)["依法保留"]
    office.press(Qt.Key.Key_F12, widget=screen.list.table)
    assert screen.currentWidget() is screen.list and boxes == []


def test_with_a_clock_in_doubt_nothing_is_proposed_and_it_says_why(office: Any) -> None:
    gone(office.desk.ledger, "彭兵", ledgers.NUMBERS[0])
    office.desk.ledger._wall.ms += YEARS
    screen = office.show("overdue")
    assert screen.rows == [] and "请核对电脑的日期和时间" in screen.list.table.nothing
