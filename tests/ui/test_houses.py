"""房屋: a house with all its doors in one dialog, who lives behind each, arrow keys from door to door."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gridapp.work import houses, people, tenancies

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def screen(busy: Any) -> Any:
    return busy.show("houses")


def test_six_floors_of_eight_rooms_in_one_dialog(busy: Any, screen: Any) -> None:
    busy.press(Qt.Key.Key_N, CONTROL)
    form = screen._new.form
    assert form.slots["house_no"].editor.text() == "QHY0003", "the number after the highest one"
    form.slots["floors"].editor.target.clear()
    busy.type(form, address="永康市古山镇青后叶村祠堂路3号", owner_name="张浩", floors="6", per_floor="8")
    assert form.slots["rooms"].mark.text() == "✓ 共 48 间"
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is screen.rooms
    doors = {d.room.room_no: d.room.floor for d in screen.rooms.doors}
    assert len(doors) == 48 and doors["101"] == 1 and doors["608"] == 6


def test_doors_may_be_numbered_otherwise(busy: Any, screen: Any) -> None:
    screen.register()
    form = screen._new.form
    busy.settle()
    busy.type(form, address="永康市古山镇青后叶村祠堂路5号", owner_name="张浩")
    form.slots["rooms"].editor.area.setPlainText("A1 A2\n201，202、203")
    assert form.slots["rooms"].mark.text() == "✓ 共 5 间"
    busy.press(Qt.Key.Key_S, CONTROL)
    assert {(d.room.room_no, d.room.floor) for d in screen.rooms.doors} == {
        ("A1", 1), ("A2", 1), ("201", 2), ("202", 2), ("203", 2)}


def test_a_number_in_use_is_refused_and_nothing_typed_is_lost(busy: Any, screen: Any) -> None:
    screen.register()
    form = screen._new.form
    busy.settle()
    form.slots["house_no"].editor.target.clear()
    busy.type(form, house_no="QHY0001", address="永康市古山镇青后叶村祠堂路7号", owner_name="张浩")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert "已用于" in screen._new._bar_text.text() and form.slots["address"].editor.text().endswith("祠堂路7号")
    assert busy.desk.ledger.ask(houses.count_houses)["open"] == 2


def test_the_doors_tell_who_lives_behind_them(busy: Any, screen: Any) -> None:
    screen.open_card(screen.list.row.id)
    busy.settle()
    taken = {d.room.room_no: d.text() for d in screen.rooms.doors if d.room.lodgers}
    assert list(taken) == ["102"] and "彭兵" in taken["102"] and "1 人" in taken["102"]
    doors = {d.room.room_no: d for d in screen.rooms.doors}
    doors["203"].setFocus()
    for key, there in ((Qt.Key.Key_Left, "202"), (Qt.Key.Key_Down, "102"), (Qt.Key.Key_Right, "103"), (Qt.Key.Key_Up, "203")):
        QTest.keyClick(busy.window.focusWidget(), key)
        busy.settle()
        assert doors[there].hasFocus() and doors[there].isChecked(), there
    doors["102"].click()
    busy.settle()
    side = [label.text() for label in screen.rooms.findChildren(QLabel)]
    assert "102 室" in side and "彭兵" in side


def test_one_key_registers_somebody_in_the_chosen_room(busy: Any, screen: Any) -> None:
    screen.open_card(screen.list.row.id)
    busy.settle()
    door = next(d for d in screen.rooms.doors if d.room.room_no == "203")
    door.click()
    busy.press(Qt.Key.Key_F3, widget=door)
    people = busy.window.screens["people"]
    assert people.isVisible() and people._new.form.slots["room"].editor.line.text() == "QHY0001 永康市古山镇青后叶村祠堂路1号 203"


def test_who_comes_first_rents_the_room(busy: Any, screen: Any) -> None:
    screen.open_card(screen.list.row.id)
    busy.settle()
    people = busy.show("people")
    for lived_in, relation in ((False, "承租人"), (True, "同住")):
        busy.show("houses")
        door = next(d for d in screen.rooms.doors if bool(d.room.lodgers) is lived_in)
        door.click()
        busy.press(Qt.Key.Key_F3, widget=door)
        assert people._new.form.slots["relation"].editor.text() == relation
        people.back()


def test_down_goes_to_the_door_below(busy: Any, screen: Any) -> None:
    busy.press(Qt.Key.Key_N, CONTROL)
    screen._new.form.slots["floors"].editor.target.clear()
    busy.type(screen._new.form, address="永康市古山镇青后叶村祠堂路3号", owner_name="张浩", floors="2", per_floor="8")
    busy.press(Qt.Key.Key_S, CONTROL)
    doors = {d.room.room_no: d for d in screen.rooms.doors}
    below = doors["201"].neighbours[Qt.Key.Key_Down]
    assert below.x() == doors["201"].x() and below.y() > doors["201"].y() and below.room.room_no.startswith("2")


def test_a_room_found_by_the_search_box_is_chosen_in_its_house(busy: Any) -> None:
    hit = next(h for h in busy.desk.ledger.search("QHY0002 202", 20) if h.entity == "room")
    busy.window.open_record("room", hit.id)
    busy.settle()
    rooms = busy.window.screens["houses"].rooms
    assert rooms.isVisible() and next(d for d in rooms.doors if d.isChecked()).room.room_no == "202"


def test_a_house_with_people_is_not_closed(busy: Any, screen: Any) -> None:
    busy.press(Qt.Key.Key_F9, widget=screen.list.table)
    page = screen.currentWidget()
    busy.type(page.form, why="不再出租")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is page and "请先办理退租" in page._bar_text.text()


def test_a_house_is_marked_as_reported_to_the_police(busy: Any, screen: Any) -> None:
    busy.press(Qt.Key.Key_F10, widget=screen.list.table)
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.card.record.reported_batch == "20261124"
    busy.press(Qt.Key.Key_F10, widget=screen.list.table)
    assert screen.currentWidget() is screen.list, "once is enough"


def test_more_rooms_and_a_full_house_is_seen(busy: Any, screen: Any) -> None:
    busy.press(Qt.Key.Key_F6, widget=screen.list.table)
    page = screen.currentWidget()
    page.form.slots["rooms"].editor.area.setPlainText("301 302")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert len(screen.card.rooms) == 8
    screen.choose("all")
    assert busy.desk.ledger.ask(houses.count_houses)["full"] == 0


def test_a_room_gets_its_size_and_a_crowd_is_warned_of(busy: Any, screen: Any) -> None:
    screen.open_card(screen.list.row.id)
    busy.settle()
    next(d for d in screen.rooms.doors if d.room.room_no == "102").click()
    busy.press(Qt.Key.Key_E, CONTROL)
    task = screen.currentWidget()
    busy.type(task.form, area="8.5", max_people="1")
    busy.press(Qt.Key.Key_S, CONTROL)
    room = next(r for r in screen.card.rooms if r.room_no == "102")
    kept = busy.desk.ledger.ask(houses.room_record, room.id)
    assert (kept.area, kept.max_people) == (850, 1)
    done = busy.desk.ledger.do(people.register_person, name="李晓梅", id_no="510185199205173627")
    marks = busy.desk.ledger.do(tenancies.move_in, done.result, room.id, busy.desk.today).marks
    assert [m.code for m in marks if m.level == "warn"] == ["crowded"]


def test_forty_eight_doors_by_a_rule_are_seen_before_they_are_kept(busy: Any, screen: Any) -> None:
    busy.press(Qt.Key.Key_F6, widget=screen.list.table)
    page = screen.currentWidget()
    busy.type(page.form, last_floor="6", last="8", max_people="4")
    assert page.form.slots["rooms"].mark.text() == "! 共 48 间，新增 42 间；已有 6 间，不动：101、102、103、201、202、203"
    busy.type(page.form, skip="跳过带 4 的序号")
    assert page.form.editor("rooms").text().splitlines()[2] == "301 302 303 305 306 307 308"
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is screen.list and len(screen.card.rooms) == 42 and {r.floor for r in screen.card.rooms} == set(range(1, 7))
    busy.press(Qt.Key.Key_Z, CONTROL)
    assert len(screen.card.rooms) == 6


def test_doors_written_by_hand_are_not_overwritten_by_the_rule(busy: Any, screen: Any) -> None:
    busy.press(Qt.Key.Key_F6, widget=screen.list.table)
    form = screen.currentWidget().form
    form.slots["rooms"].editor.area.setPlainText("阁楼")
    busy.type(form, last_floor="6", last="8")
    assert form.editor("rooms").text() == "阁楼" and form.rooms() == [("阁楼", 1)]
    form.slots["rooms"].editor.area.setPlainText("")
    busy.type(form, prefix="A")
    assert form.editor("rooms").text().startswith("A101 A102")


def shown(browse: Any) -> list[Any]:
    return [browse.table.rows.row_at(number) for number in range(browse.table.rows.rowCount())]


def test_who_lived_here_on_a_day_is_asked_from_the_house(busy: Any, screen: Any) -> None:
    screen.open_card(screen.list.row.id)
    busy.settle()
    busy.press(Qt.Key.Key_F4, SHIFT)
    busy.press(Qt.Key.Key_S, CONTROL)
    page = screen.currentWidget()
    assert [(row.name, row.room_no, row.leaving) for row in shown(page.list)] == [("彭兵", "101", True), ("彭兵", "102", False)], "moved that day"
    busy.press(Qt.Key.Key_F2)
    busy.type(screen.currentWidget().form, day="2020-01-01")
    busy.press(Qt.Key.Key_S, CONTROL)
    page = screen.currentWidget()
    assert not shown(page.list) and "2020-01-01" in "".join(w.text() for w in page.findChildren(QLabel))
    busy.press(Qt.Key.Key_Escape)
    assert screen.currentWidget() is screen.rooms


def test_all_houses_of_a_landlord_and_back_to_all(busy: Any, screen: Any) -> None:
    ledger = busy.desk.ledger
    ledger.do(houses.register_house, house_no="ZZ1", address="外村1号", owner_name="李红", owner_phone="13857900066")
    screen.open_card(next(h.id for h in ledger.ask(houses.list_houses) if h.house_no == "ZZ1"))
    busy.settle()
    busy.press(Qt.Key.Key_F2, SHIFT)
    assert [row.house_no for row in shown(screen.list)] == ["ZZ1"]
    busy.press(Qt.Key.Key_F2, SHIFT)
    assert len(shown(screen.list)) == 3 and screen.only is None


def test_a_door_tells_its_beds(busy: Any, screen: Any) -> None:
    ledger, house = busy.desk.ledger, screen.list.row.id
    for room in ledger.ask(houses.house_card, house).rooms[1:3]:
        ledger.do(houses.correct_room, room.id, max_people=8)
    screen.open_card(house)
    busy.settle()
    doors = {d.room.room_no: d.text().splitlines()[0] for d in screen.rooms.doors}
    assert (doors["101"], doors["102"], doors["103"]) == ("101   空", "102   1/8 人", "103   空（8 床）")
