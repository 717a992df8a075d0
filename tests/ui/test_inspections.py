"""检查: a whole checklist with the keyboard alone, what it leads to, corrections, the paper afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gridapp.work import checklists, hazards, houses, inspected, inspections, sites, visits
from tests.ledgers import TODAY
from ui.forms.inspection import ItemLine

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def house(busy: Any) -> UUID:
    found: UUID = busy.desk.ledger.ask(houses.list_houses)[0].id
    return found


@pytest.fixture
def form(busy: Any, house: UUID) -> Any:
    """The form of a house, opened from its page with one key."""
    screen = busy.show("houses")
    screen.open_card(house)
    busy.settle()
    busy.press(Qt.Key.Key_F12)
    return busy.window.screens["inspections"].currentWidget().form


def screen_of(busy: Any) -> Any:
    return busy.window.screens["inspections"]


def item(busy: Any) -> str:
    """The item that has the keyboard."""
    here = busy.window.focusWidget()
    assert isinstance(here, ItemLine), here
    return str(here.item.id)


def words(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_a_house_is_inspected_without_the_mouse(busy: Any, house: UUID, form: Any) -> None:
    assert item(busy) == "R01", "day and people are filled in already"
    assert form.editor("day").text() == "2026-11-24" and form.editor("people").text() == "王建国"
    for key in (Qt.Key.Key_1, Qt.Key.Key_3):
        busy.press(key)
    assert item(busy) == "R03"
    busy.press(Qt.Key.Key_2)
    note = form.lines["R03"].note
    assert note.hasFocus() and note.isVisible(), "what is not in order asks for a note"
    QTest.keyClicks(note, "expired")
    busy.press(Qt.Key.Key_Return)
    assert item(busy) == "R04"
    busy.press(Qt.Key.Key_Up)
    busy.press(Qt.Key.Key_Up)
    assert item(busy) == "R02"
    busy.press(Qt.Key.Key_1)
    busy.press(Qt.Key.Key_F6)
    assert form._count.text() == "已填 31 / 31 项，不合格 1 项" and busy.window.focusWidget() is screen_of(busy).currentWidget().save_button
    busy.press(Qt.Key.Key_S, CONTROL)
    assert not busy.told
    [row] = busy.desk.ledger.ask(inspected.list_inspections)
    card = busy.desk.ledger.ask(inspected.inspection_card, row.id)
    assert card.record.house == house and [(a.item.id, a.note) for a in card.bad] == [("R03", "expired")]
    assert {a.answer for a in card.answered} == {1, 2}
    page = screen_of(busy).page
    assert screen_of(busy).currentWidget() is page and "新登记隐患 R03" in words(page)
    assert any(h.content == "未签订治安（消防）责任书或已过期（expired）" for h in busy.desk.ledger.ask(hazards.list_hazards))


def test_enter_and_arrows_go_through_the_items_to_the_button(busy: Any, form: Any) -> None:
    names = list(form.lines)
    for expected in names[1:]:
        busy.press(Qt.Key.Key_Return)
        assert item(busy) == expected
    busy.press(Qt.Key.Key_Down)
    assert busy.window.focusWidget() is screen_of(busy).currentWidget().save_button
    form.focus_item(names[0])
    busy.press(Qt.Key.Key_Up)
    assert busy.window.focusWidget() is form.editor("remark").target
    busy.press(Qt.Key.Key_Return)
    assert item(busy) == names[0], "from the last field above to the first item"


def test_an_answer_is_taken_back_and_arrows_leave_a_note(busy: Any, form: Any) -> None:
    busy.press(Qt.Key.Key_2)
    busy.press(Qt.Key.Key_Down)
    assert item(busy) == "R02"
    busy.press(Qt.Key.Key_Up)
    busy.press(Qt.Key.Key_0)
    assert form.lines["R01"].answer == 0 and not form.lines["R01"].note.isVisible()
    assert form.lines["R01"].accessibleName() == "居住房屋出租登记：还没有填"


def test_items_left_open_are_named_before_saving(busy: Any, form: Any) -> None:
    busy.press(Qt.Key.Key_S, CONTROL)
    page = screen_of(busy).currentWidget()
    assert page._bar_text.text() == "还没有填任何一项结果。没有人开门的，请选“无人在家”。"
    form.lines["R01"].choose(1)
    busy.press(Qt.Key.Key_S, CONTROL)
    assert "还有 30 项没有填：承租人员登记簿、" in page._bar_text.text() and "等 30 项" in page._bar_text.text()
    busy.press(Qt.Key.Key_S, CONTROL)
    assert len(busy.desk.ledger.ask(inspected.list_inspections)) == 1, "saving again means it"


def test_nobody_home_needs_no_answers(busy: Any, form: Any) -> None:
    busy.press(Qt.Key.Key_1)
    form.editor("nobody_home").set_text("是")
    form.editor("nobody_home").edited.emit()
    busy.settle()
    assert not form.lines["R02"].isEnabled()
    busy.press(Qt.Key.Key_S, CONTROL)
    [row] = busy.desk.ledger.ask(inspected.list_inspections)
    assert row.nobody_home and "无人在家" in words(screen_of(busy).page)
    assert busy.desk.ledger.ask(visits.count_due)["houses"] == 2, "it stays due"


def test_what_stands_open_is_marked_and_told_afterwards(busy: Any, house: UUID) -> None:
    busy.desk.ledger.do(inspections.inspect, house=house, day=TODAY - timedelta(9), answers={"R10": 2, "R14": 2})
    busy.show("inspections").inspect_house(house)
    busy.settle()
    form = screen_of(busy).currentWidget().form
    assert [item for item, line in form.lines.items() if "有未销号隐患" in words(line)] == ["R10", "R14"]
    form.lines["R10"].choose(2)
    form.rest_is_good()
    busy.press(Qt.Key.Key_S, CONTROL)
    told = words(screen_of(busy).page)
    assert "已有未销号隐患 R10，没有重复登记" in told and "这次合格 R14，请办理复查销号" in told


def test_half_an_inspection_is_a_draft(busy: Any, house: UUID, form: Any) -> None:
    busy.press(Qt.Key.Key_1)
    busy.press(Qt.Key.Key_2)
    QTest.keyClicks(form.lines["R02"].note, "two missing")
    page = screen_of(busy).currentWidget()
    page.cancel()
    busy.settle()
    busy.show("inspections").inspect_house(house)
    busy.settle()
    again = screen_of(busy).currentWidget()
    assert "草稿" in again._bar_text.text()
    busy.press(Qt.Key.Key_Y, Qt.KeyboardModifier.AltModifier)
    lines = again.form.lines
    assert (lines["R01"].answer, lines["R02"].answer, lines["R02"].note.text()) == (1, 2, "two missing")
    assert again.form._count.text() == "已填 2 / 31 项，不合格 1 项"


@pytest.mark.parametrize("of", ["houses", "sites"])
def test_another_list_than_its_own(busy: Any, house: UUID, of: str) -> None:
    place = house if of == "houses" else busy.desk.ledger.do(sites.register_site, kind="01", name="方岩五金店", address="方岩大道3号").result
    screen = busy.show(of)
    screen.open_card(place)
    busy.settle()
    busy.press(Qt.Key.Key_F12 if of == "houses" else Qt.Key.Key_F3, CONTROL, widget=screen.page)
    assert screen.currentWidget().form.editor("list").text() == checklists.ZONE
    busy.press(Qt.Key.Key_S, CONTROL)
    form = screen_of(busy).currentWidget().form
    form.rest_is_good()
    busy.press(Qt.Key.Key_S, CONTROL)
    kept = screen_of(busy).card.record
    assert kept.checklist == checklists.ZONE and place in (kept.house, kept.site) and not busy.told


def test_from_the_paper_afterwards_the_day_is_asked_first(busy: Any, house: UUID) -> None:
    screen = busy.show("houses")
    screen.open_card(house)
    busy.settle()
    busy.press(Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
    form = screen_of(busy).currentWidget().form
    assert busy.window.focusWidget() is form.editor("day").target
    QTest.keyClicks(form.editor("day").target, "2026-11-21")
    form.rest_is_good()
    busy.press(Qt.Key.Key_S, CONTROL)
    [row] = busy.desk.ledger.ask(inspected.list_inspections)
    assert row.on_paper and row.day == TODAY - timedelta(3)


def test_a_day_after_today_is_refused_and_nothing_is_lost(busy: Any, form: Any) -> None:
    form.editor("day").set_text("2026-11-30")
    form.rest_is_good()
    busy.press(Qt.Key.Key_S, CONTROL)
    assert "今天以后" in form.slots["day"].mark.text() and form.lines["R31"].answer == 1
    assert busy.desk.ledger.ask(inspected.list_inspections) == []


def test_correcting_shows_what_was_answered(busy: Any, house: UUID) -> None:
    done = busy.desk.ledger.do(inspections.inspect, house=house, answers={"R10": 1, "R14": 2}, notes={"R14": "过期"}).result
    screen = busy.show("inspections")
    screen.open_card(done.id)
    busy.settle()
    busy.press(Qt.Key.Key_F2)
    form = screen.currentWidget().form
    assert form.lines["R14"].answer == 2 and form.lines["R14"].note.text() == "过期"
    form.lines["R10"].choose(2)
    form.rest_is_good()
    busy.press(Qt.Key.Key_S, CONTROL)
    assert "新登记隐患 R10" in words(screen.page)
    assert [a.item.id for a in screen.card.bad] == ["R10", "R14"]


def test_from_an_inspection_to_its_place_its_hazard_and_the_next_one(busy: Any, house: UUID) -> None:
    done = busy.desk.ledger.do(inspections.inspect, house=house, answers={"R10": 2}).result
    screen = busy.show("inspections")
    screen.open_card(done.id)
    busy.settle()
    busy.press(Qt.Key.Key_F7)
    assert busy.window.screens["hazards"].card.record.id == done.opened[0].id
    busy.show("inspections").open_card(done.id)
    busy.settle()
    busy.press(Qt.Key.Key_F4)
    assert busy.window.screens["houses"].card.record.id == house
    busy.show("inspections").open_card(done.id)
    busy.settle()
    busy.press(Qt.Key.Key_F3)
    assert "QHY0001" in screen.currentWidget().title.text()


def test_grade_and_last_visit_stand_in_the_list_of_houses(busy: Any, house: UUID) -> None:
    busy.desk.ledger.do(inspections.inspect, house=house, answers={"R14": 2})
    screen = busy.show("houses")
    row = screen.list.table.rows.row_at(0)
    assert (row.grade, row.last) == ("red", TODAY), "the hazard of the patrol is grave"
    assert "红" in words(screen.detail) and "2026-11-24" in words(screen.detail)
    assert screen.list.table.rows.row_at(1).grade == "grey"


def test_forms_do_not_heap_up(busy: Any, house: UUID) -> None:
    screen = busy.show("inspections")
    before = screen.count()
    for _time in range(3):
        screen.inspect_house(house)
        busy.settle()
        screen.currentWidget().form.rest_is_good()
        busy.press(Qt.Key.Key_S, CONTROL)
        assert screen.currentWidget() is screen.page and screen.count() == before
    screen.inspect_house(house)
    busy.settle()
    screen.currentWidget().form.lines["R05"].choose(2)
    screen.inspect_house(house)
    busy.settle()
    assert screen.count() == before + 1 and "草稿" in screen.currentWidget()._bar_text.text(), "what was half filled in is a draft"


# ---------------------------------------------------------------- due visits

def test_due_visits_are_gone_through_with_the_keyboard(busy: Any, house: UUID) -> None:
    site = busy.desk.ledger.do(sites.register_site, kind="01", name="老王五金店", address="祠堂路8号").result
    screen = busy.show("visits")
    told = [screen.list.table.rows.row_at(n).label for n in range(screen.list.table.rows.rowCount())]
    assert told == ["QHY0001", "QHY0002", "老王五金店"], "red first"
    busy.press(Qt.Key.Key_F3)
    form = screen_of(busy).currentWidget().form
    form.rest_is_good()
    busy.press(Qt.Key.Key_S, CONTROL)
    screen = busy.show("visits")
    told = [screen.list.table.rows.row_at(n).label for n in range(screen.list.table.rows.rowCount())]
    assert told == ["QHY0002", "老王五金店"]
    screen.list.choose("sites")
    busy.settle()
    busy.press(Qt.Key.Key_F4)
    assert busy.window.screens["sites"].card.record.id == site


def test_coverage_is_told_by_grid(busy: Any, house: UUID) -> None:
    busy.desk.ledger.do(inspections.inspect, house=house, answers={"R14": 1})
    screen = busy.show("visits")
    busy.press(Qt.Key.Key_F2)
    busy.press(Qt.Key.Key_S, CONTROL)
    assert "第一网格　检查 1 / 2 处（50%）" in words(screen.currentWidget())
    busy.press(Qt.Key.Key_Escape)
    assert screen.currentWidget() is screen.list


def test_an_empty_list_says_where_a_check_begins(office: Any) -> None:
    screen = office.show("inspections")
    assert not screen.list.table.rows.rowCount() and "按 F3" in screen.nothing("全部") and "按 F12" in screen.nothing("全部")
    targets = office.show("targets")
    office.press(Qt.Key.Key_F4)
    assert office.window.screens["campaigns"].isVisible() and not targets.isVisible()
