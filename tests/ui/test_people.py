"""人口 by keyboard: register from a number, the same room again, move, leave, close, undo; drafts; contradictions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gridapp.ledger import Ledger
from gridapp.work import people, tenancies
from tests import ledgers

CONTROL = Qt.KeyboardModifier.ControlModifier
NEVER_ISSUED = "510185199205173627"


@pytest.fixture
def screen(busy: Any) -> Any:
    return busy.show("people")


def begin(busy: Any, screen: Any) -> Any:
    """Ctrl+N, and the form that comes."""
    busy.press(Qt.Key.Key_N, CONTROL)
    assert screen.currentWidget() is screen._new
    return screen._new.form


def living(busy: Any) -> list[str]:
    return [row.name for row in busy.desk.ledger.ask(people.list_people)]


def test_the_number_fills_the_rest(busy: Any, screen: Any) -> None:
    form = begin(busy, screen)
    busy.type(form, id_no=NEVER_ISSUED)
    assert {n: form.slots[n].editor.text() for n in ("sex", "birth", "age", "hukou_code", "id_kind")} == {
        "sex": "女", "birth": "1992-05-17", "age": "34 岁", "hukou_code": "四川省成都市简阳市", "id_kind": "居民身份证"}
    assert form.slots["id_no"].mark.text() == "✓ 校验通过"
    QTest.keyClick(form.slots["id_no"].editor.target, Qt.Key.Key_Backspace)
    assert form.slots["birth"].editor.text() == "" and not form.slots["birth"].still


def test_nobody_is_born_tomorrow(busy: Any, screen: Any) -> None:
    form = begin(busy, screen)
    for birth, age in (("2026-11-25", ""), ("2026-11-24", "0 岁")):
        form.editor("birth").target.clear()
        busy.type(form, birth=birth)
        assert form.slots["age"].editor.text() == age


@pytest.mark.parametrize(("field", "stars"), [("phone", "139****0000"), ("id_no", "510185********3627")])
def test_a_masked_number_typed_in_is_refused_beside_its_field(busy: Any, screen: Any, field: str, stars: str) -> None:
    form = begin(busy, screen)
    busy.type(form, **{"id_no": "510185199205173627", "name": "李晓梅", "room": "QHY0002 103"} | {field: stars})
    busy.press(Qt.Key.Key_S, CONTROL)
    assert "请填完整的号码" in form.slots[field].mark.text() and "李晓梅" not in living(busy)


def test_one_wrong_digit_is_said_beside_the_field_and_not_saved(busy: Any, screen: Any) -> None:
    form = begin(busy, screen)
    busy.type(form, id_no="510185199205173628", name="李晓梅", room="QHY0002 103")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert form.slots["id_no"].mark.text().startswith("✕ ") and "校验" in form.slots["id_no"].mark.text()
    assert screen.currentWidget() is screen._new and "李晓梅" not in living(busy)
    assert form.slots["name"].editor.text() == "李晓梅", "nothing typed is lost"


def test_enter_goes_from_field_to_field_and_saves_in_the_end(busy: Any, screen: Any) -> None:
    form = begin(busy, screen)
    busy.type(form, id_no=NEVER_ISSUED, name="李晓梅", room="QHY0002 103")
    names = [n for n, s in form.slots.items() if not s.still]
    form.focus(names[0])
    for here, there in zip(names, names[1:], strict=False):
        busy.press(Qt.Key.Key_Return, widget=form.slots[here].editor.target)
        assert form.slots[there].editor.target.hasFocus() or form.slots[here].told.kind.__class__.__name__ == "LongText", there
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is screen.page and screen.card.record.name == "李晓梅"
    assert screen.card.now.place.endswith("方岩大道12号 103")


def test_save_and_next_keeps_the_room(busy: Any, screen: Any) -> None:
    form = begin(busy, screen)
    busy.type(form, id_no=NEVER_ISSUED, name="李晓梅", room="QHY0002 103", phone="13800001111")
    busy.press(Qt.Key.Key_Return, CONTROL)
    assert screen.currentWidget() is screen._new and form.slots["id_no"].editor.target.hasFocus()
    kept = {n: form.slots[n].editor.text() for n in ("id_no", "name", "phone", "start")}
    assert kept == {"id_no": "", "name": "", "phone": "", "start": "2026-11-24"}
    busy.type(form, name="李小妹")
    form.slots["id_kind"].editor.set_text("无证件")
    form.slots["id_kind"].editor.edited.emit()
    busy.press(Qt.Key.Key_S, CONTROL)
    if screen.currentWidget() is screen._new:  # somebody without papers is asked about once
        screen._new._bar_yes.click()
        busy.settle()
    assert screen.card.record.name == "李小妹" and screen.card.now.place.endswith("方岩大道12号 103")


def test_one_key_for_another_person_in_this_room(busy: Any, screen: Any) -> None:
    place = screen.card.now.place
    busy.press(Qt.Key.Key_F3, widget=screen.list.table)
    form = screen._new.form
    assert form.slots["room"].editor.line.text().endswith(place) and form.slots["relation"].editor.text() == "同住"


def test_a_number_that_is_known_leads_to_its_person(busy: Any, screen: Any) -> None:
    form = begin(busy, screen)
    busy.type(form, id_no=ledgers.NUMBERS[0])
    bar = screen._new.bar
    assert bar.isVisible() and "彭兵" in screen._new._bar_text.text() and "祠堂路1号 102" in screen._new._bar_text.text()
    screen._new._bar_yes.click()
    busy.settle()
    assert screen.currentWidget() is screen.page and screen.card.record.name == "彭兵"


def test_a_contradiction_is_asked_about_once_never_silent(busy: Any, screen: Any) -> None:
    form = begin(busy, screen)
    form.slots["id_kind"].editor.set_text("护照")
    form.slots["id_kind"].editor.edited.emit()
    busy.type(form, id_no="E12345678", name="陈强", room="QHY0002 103", phone="123")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen._new.bar.isVisible() and "请核对" in screen._new._bar_text.text() and "陈强" not in living(busy)
    screen._new._bar_yes.click()
    busy.settle()
    assert "陈强" in living(busy)


def test_moving_leaving_and_taking_it_back(busy: Any, screen: Any) -> None:
    name, person = screen.card.record.name, screen.card.record.id
    busy.press(Qt.Key.Key_F6, widget=screen.list.table)
    task = screen.currentWidget()
    busy.type(task.form, room="QHY0001 203")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is screen.list and screen.card.now.place.endswith("祠堂路1号 203")
    busy.press(Qt.Key.Key_F7, widget=screen.list.table)
    busy.press(Qt.Key.Key_S, CONTROL)
    assert name not in living(busy) and screen.card.record.id == person, "who left stays beside the list"
    assert screen.list.row is None, "no other line may look chosen: the keys still mean who left"
    busy.press(Qt.Key.Key_F7, widget=screen.list.table)
    assert name in living(busy)
    for _act in range(3):
        busy.press(Qt.Key.Key_Z, CONTROL, widget=screen.list.table)
    assert busy.desk.ledger.ask(people.person_card, person).now.place.endswith("方岩大道12号 102")


def test_closing_and_opening_again(busy: Any, screen: Any) -> None:
    screen.choose("left")
    busy.settle()
    assert screen.card.record.name == "王𬱟"
    busy.press(Qt.Key.Key_F9, widget=screen.list.table)
    form = screen.currentWidget().form
    busy.press(Qt.Key.Key_S, CONTROL)
    assert "请填写注销原因" in form.slots["why"].mark.text()
    busy.type(form, why="离开本地")
    busy.press(Qt.Key.Key_S, CONTROL)
    closed = busy.desk.ledger.ask(people.list_people, people.CLOSED)
    assert {row.name for row in closed} == {"王𬱟", "赵小妹"}
    screen.choose("closed")
    busy.settle()
    name = screen.card.record.name
    busy.press(Qt.Key.Key_F9, widget=screen.list.table)
    assert name not in {row.name for row in busy.desk.ledger.ask(people.list_people, people.CLOSED)}


def test_marking_as_reported_to_the_police(busy: Any, screen: Any) -> None:
    busy.press(Qt.Key.Key_F8, widget=screen.list.table)
    form = screen.currentWidget().form
    assert form.slots["batch"].editor.text() == "20261124"
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.card.record.reported_batch == "20261124" and all(s.reported_on for s in screen.card.stays)


def test_half_a_form_is_offered_again_in_the_next_window(open_office: Callable[..., Any], village: Ledger) -> None:
    office = open_office(village)
    screen = office.show("people")
    form = begin(office, screen)
    office.type(form, id_no=NEVER_ISSUED, name="李晓梅", room="QHY0002 103")
    office.window.close()
    office.settle()
    assert [d.values["name"] for d in village.drafts()] == ["李晓梅"]
    office.desk.ledger = None  # the ledger goes on to the next window
    again = open_office(village)
    later = again.show("people")
    begin(again, later)
    assert later._new.bar.isVisible() and "草稿" in later._new._bar_text.text()
    later._new._bar_yes.click()
    again.settle()
    assert later._new.form.slots["birth"].editor.text() == "1992-05-17"
    again.press(Qt.Key.Key_S, CONTROL)
    assert later.card.record.name == "李晓梅" and later.card.now.place.endswith("方岩大道12号 103") and village.drafts() == []


def test_saving_over_something_newer_is_refused_once(busy: Any, screen: Any) -> None:
    person = screen.card.record.id
    busy.press(Qt.Key.Key_F2, widget=screen.list.table)
    page = screen._old
    busy.desk.ledger.do(people.correct_person, person, workplace="世雅铸造厂")
    busy.type(page.form, workplace="快递网点")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is page and "世雅铸造厂" in page.form.slots["workplace"].mark.text()
    busy.press(Qt.Key.Key_S, CONTROL)
    assert busy.desk.ledger.ask(people.person_card, person).record.workplace == "快递网点"


def test_the_story_of_a_person_tells_every_step(busy: Any, screen: Any) -> None:
    mover = next(row for row in busy.desk.ledger.ask(people.list_people) if row.name == "彭兵")
    screen.open_card(mover.id)
    busy.settle()
    from PySide6.QtWidgets import QLabel

    words = [label.text() for label in screen.page.findChildren(QLabel)]
    assert any("换房" in w for w in words) and any("办理入住" in w for w in words) and any("登记人员" in w for w in words)
    busy.press(Qt.Key.Key_Escape)
    assert screen.currentWidget() is screen.list


def test_undoing_a_registration_empties_the_page_it_stood_on(busy: Any, screen: Any) -> None:
    form = begin(busy, screen)
    busy.type(form, id_no=NEVER_ISSUED, name="李晓梅", room="QHY0002 103")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is screen.page
    busy.press(Qt.Key.Key_Z, CONTROL, widget=screen.page)
    assert screen.currentWidget() is screen.list and "李晓梅" not in living(busy) and not busy.told


def test_somebody_who_left_is_moved_in_again_as_the_same_person(busy: Any, screen: Any) -> None:
    screen.choose("left")
    busy.settle()
    person = screen.card.record.id
    busy.press(Qt.Key.Key_F3, widget=screen.list.table)
    busy.type(screen.currentWidget().form, room="QHY0001 201")
    busy.press(Qt.Key.Key_S, CONTROL)
    card = busy.desk.ledger.ask(people.person_card, person)
    assert card.now.place.endswith("祠堂路1号 201") and len(card.stays) == 2
    assert busy.desk.ledger.ask(tenancies.person_of, card.now.id) == person


def test_undo_waits_while_a_form_is_filled_in(busy: Any, screen: Any) -> None:
    """With a tick box or a button focused Ctrl+Z would reach the ledger: what was saved last is not undone unseen."""
    before = busy.desk.ledger.digest()
    begin(busy, screen)
    busy.press(Qt.Key.Key_Z, CONTROL, widget=screen._new.save_button)
    busy.window.header.undo.click()
    busy.settle()
    assert busy.desk.ledger.digest() == before and "先保存或取消" in busy.window.pill.text()
    busy.press(Qt.Key.Key_Escape)
    busy.press(Qt.Key.Key_Z, CONTROL, widget=screen.list.table)
    assert busy.desk.ledger.digest() != before
