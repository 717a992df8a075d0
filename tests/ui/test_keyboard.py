"""Everything without the mouse: where the keyboard is after each step, what Enter does, and that nothing has no name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCalendarWidget, QCheckBox, QComboBox, QLabel, QPushButton, QWidget

from gridapp.fields.kinds import LongText, Name, Text
from gridapp.store import vault
from tests import ledgers
from ui.forms.page import FormPage
from ui.lists.record import show_time
from ui.screens import SCREENS
from ui.screens.listed import Listed
from ui.screens.today import DRAFTS

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
NEVER_ISSUED = "510185199205173627"


def hand(busy: Any) -> QWidget:
    """The widget that has the keyboard."""
    found: QWidget | None = busy.window.focusWidget()
    assert found is not None, "the keyboard is nowhere"
    return found


def test_a_new_ledger_is_begun_with_enter_alone(open_office: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "ARGON2", ledgers.CHEAP)
    office = open_office()
    office.settle()
    start = office.window.start
    assert hand(office) is start.officer, "what must be typed, not what is filled in already"
    start.officer.setText("王建国")
    for typed in ("", "hao ji de yi ju hua", "hao ji de yi ju hua"):
        QTest.keyClicks(hand(office), typed)
        QTest.keyClick(hand(office), Qt.Key.Key_Return)
    office.settle()
    office.press(Qt.Key.Key_Return)  # the sheet is written down
    for text, _field in list(start.sheet_card.asked):
        QTest.keyClicks(hand(office), text)
        QTest.keyClick(hand(office), Qt.Key.Key_Return)
    office.settle()
    assert office.window.screens["today"].isVisible()


def test_enter_presses_a_button_and_goes_to_a_screen(busy: Any) -> None:
    screen = busy.show("people")
    screen.list.chips["all"].setFocus()
    busy.press(Qt.Key.Key_Return)
    assert screen.list.which == "all"
    busy.window._nav.buttons["houses"].setFocus()
    busy.press(Qt.Key.Key_Return)
    assert busy.window.screens["houses"].isVisible()


def test_a_saved_tenant_can_be_acted_on_at_once(busy: Any) -> None:
    screen = busy.show("people")
    busy.press(Qt.Key.Key_N, CONTROL)
    busy.type(screen._new.form, id_no=NEVER_ISSUED, name="李晓梅", room="QHY0002 103")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is screen.page and hand(busy) is screen.page._area
    busy.press(Qt.Key.Key_F3)
    assert screen.currentWidget() is screen._new and hand(busy) is screen._new.form.editor("id_no").target


def test_a_room_that_is_not_found_is_said_while_it_is_typed(busy: Any) -> None:
    screen = busy.show("people")
    busy.press(Qt.Key.Key_N, CONTROL)
    form = screen._new.form
    busy.type(form, room="QHY0002 909")
    assert "没有找到" in form.slots["room"].mark.text()
    form.editor("room").target.clear()
    busy.type(form, room="QHY0002 103")
    assert form.slots["room"].mark.text() == ""


def test_a_refused_form_keeps_the_keyboard(busy: Any) -> None:
    screen = busy.show("houses")
    busy.press(Qt.Key.Key_N, CONTROL)
    form = screen._new.form
    busy.type(form, house_no="QHY0001", address="永康市古山镇青后叶村祠堂路7号", owner_name="张浩", floors="1", per_floor="1")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is screen._new and screen._new.form.isAncestorOf(hand(busy))


def test_the_bar_is_answered_by_key(busy: Any) -> None:
    screen = busy.show("people")
    busy.press(Qt.Key.Key_N, CONTROL)
    busy.type(screen._new.form, name="李晓梅")
    screen._new.cancel()
    busy.settle()
    draft = busy.desk.ledger.drafts()[0]
    for key, name in ((Qt.Key.Key_Y, "李晓梅"), (Qt.Key.Key_N, "")):
        busy.press(Qt.Key.Key_N, CONTROL)
        assert show_time(draft.at) in screen._new._bar_text.text(), "the clock of China, as everywhere"
        busy.press(key, ALT)
        assert screen._new.form.editor("name").text() == name and not screen._new.bar.isVisible()
        busy.press(Qt.Key.Key_Escape)
    assert busy.desk.ledger.drafts() == [], "thrown away"


@pytest.mark.qt_log_level_fail("CRITICAL")  # without a screen a pop-up cannot be raised, Qt says
def test_a_day_is_picked_by_keyboard(busy: Any) -> None:
    screen = busy.show("people")
    busy.press(Qt.Key.Key_N, CONTROL)
    form = screen._new.form
    busy.type(form, start="2026-11-20")
    busy.press(Qt.Key.Key_F4)
    calendar = QApplication.activePopupWidget()
    days = calendar.findChild(QCalendarWidget)
    assert days.selectedDate() == QDate(2026, 11, 20), "it opens where the field is"
    QTest.keyClick(days.focusWidget() or days, Qt.Key.Key_Right)
    QTest.keyClick(days.focusWidget() or days, Qt.Key.Key_Return)
    assert form.editor("start").text() == "2026-11-21" and QApplication.activePopupWidget() is None
    busy.press(Qt.Key.Key_F4)
    QTest.keyClick(QApplication.activePopupWidget().focusWidget(), Qt.Key.Key_Escape)
    assert form.editor("start").text() == "2026-11-21" and QApplication.activePopupWidget() is None
    assert screen.currentWidget() is screen._new, "Esc closed the calendar only"


@pytest.mark.qt_log_level_fail("CRITICAL")  # without a screen a pop-up cannot be raised, Qt says
def test_no_day_before_our_era_is_picked(busy: Any) -> None:
    """Qt's calendar goes back to 4714 BC, Python's dates do not: found by the monkey."""
    screen = busy.show("people")
    busy.press(Qt.Key.Key_N, CONTROL)
    form = screen._new.form
    busy.type(form, start="2026-11-20")
    busy.press(Qt.Key.Key_F4)
    days = QApplication.activePopupWidget().findChild(QCalendarWidget)
    days.setSelectedDate(QDate(-4714, 11, 24))
    QTest.keyClick(days.focusWidget() or days, Qt.Key.Key_Return)
    assert form.editor("start").text() == "0001-01-01"


def test_the_look_is_chosen_by_keyboard(busy: Any) -> None:
    screen = busy.show("settings")
    busy.press(Qt.Key.Key_Tab)
    assert hand(busy).text() == "浅色"
    busy.press(Qt.Key.Key_Return)
    assert busy.window.screens["settings"] is screen, "nothing is made anew for what is chosen already"
    busy.press(Qt.Key.Key_Right)
    assert busy.window.settings.dark and busy.window.screens["settings"] is not screen and hand(busy).text() == "深色"


def test_a_list_has_the_keyboard_when_it_is_shown(busy: Any) -> None:
    for key in ("people", "houses", "patrols", "hazards", "people"):
        screen = busy.show(key)
        assert hand(busy) is screen.list.table, key


def test_every_form_begins_with_the_keyboard_in_a_field(busy: Any) -> None:
    for entry in SCREENS:
        screen = busy.show(entry.key)
        if hasattr(screen, "register"):
            screen.register()
            busy.settle()
            page = screen.currentWidget()
            assert hand(busy) in [slot.editor.target for slot in page.form.slots.values()], entry.key
            screen.back()
        for action in getattr(screen, "offers", ()):
            if screen.card is not None and action.when(screen.card):
                action.run(screen.card)
                busy.settle()
                page = screen.currentWidget()
                if screen.isVisible() and hasattr(page, "form"):
                    assert hand(busy) in [slot.editor.target for slot in page.form.slots.values()], action.title
                busy.show(entry.key)
                screen.choose("") if hasattr(screen, "choose") else screen.back()


def test_an_act_from_a_record_leads_back_to_it(busy: Any) -> None:
    screen = busy.show("people")
    busy.press(Qt.Key.Key_Return)
    for leave in (lambda: busy.press(Qt.Key.Key_Escape), lambda: busy.press(Qt.Key.Key_S, CONTROL)):
        busy.press(Qt.Key.Key_F7)
        assert screen.currentWidget() not in (screen.page, screen.list)
        leave()
        assert screen.currentWidget() is screen.page and hand(busy) is screen.page._area
    assert screen.page.card.now is None, "the page shows the new state"
    busy.press(Qt.Key.Key_Escape)
    assert screen.currentWidget() is screen.list


def test_a_person_opened_from_a_house_leads_back_to_the_house(busy: Any) -> None:
    houses = busy.show("houses")
    houses.open_card(next(r.id for r in houses.list.table.rows._pages[0] if r.house_no == "QHY0002"))
    busy.settle()
    door = next(d for d in houses.rooms.doors if d.room.lodgers)
    door.click()
    busy.press(Qt.Key.Key_Return)
    busy.press(Qt.Key.Key_Return)
    people = busy.window.screens["people"]
    assert people.isVisible() and people.card.record.name == door.room.lodgers[0].name
    busy.press(Qt.Key.Key_Escape)
    assert houses.rooms.isVisible() and houses.rooms.card is not None
    busy.press(Qt.Key.Key_Escape)
    assert houses.currentWidget() is houses.list
    busy.press(Qt.Key.Key_2, CONTROL)
    assert people.currentWidget() is people.list


def test_down_goes_on_where_somebody_left_the_list(busy: Any) -> None:
    screen = busy.show("people")
    rows = screen.list.table.rows
    names = [rows.row_at(n).name for n in range(2)]
    busy.press(Qt.Key.Key_F7)
    busy.press(Qt.Key.Key_S, CONTROL)
    assert screen.card.record.name == names[0] and screen.card.now is None and screen.list.row is None
    busy.press(Qt.Key.Key_Down)
    assert screen.card.record.name == names[1]


def test_enter_leaves_a_remark_and_shift_enter_begins_a_line(busy: Any) -> None:
    screen = busy.show("patrols")
    busy.press(Qt.Key.Key_N, CONTROL)
    form = screen._new.form
    busy.type(form, remark="one")
    busy.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    busy.press(Qt.Key.Key_Return)
    assert form.editor("remark").text() == "one\n" and hand(busy) is form.editor("finding.0.place").target


def test_a_list_of_rooms_is_typed_line_by_line(busy: Any) -> None:
    screen = busy.show("houses")
    busy.press(Qt.Key.Key_F6)
    rooms = screen.currentWidget().form.editor("rooms")
    screen.currentWidget().form.focus("rooms")  # the rule stands before it
    for key in (Qt.Key.Key_1, Qt.Key.Key_Return, Qt.Key.Key_2):
        busy.press(key)
    assert rooms.text() == "1\n2" and hand(busy) is rooms.target


def test_a_draft_is_taken_up_from_the_first_screen_without_asking_twice(busy: Any) -> None:
    screen = busy.show("houses")
    busy.press(Qt.Key.Key_N, CONTROL)
    busy.type(screen._new.form, owner_name="Zhang")
    busy.press(Qt.Key.Key_Escape)
    today = busy.show("today")
    next(b for b in today.findChildren(QPushButton) if b.text() == "继续填写" and b.isVisible()).setFocus()
    busy.press(Qt.Key.Key_Return)
    assert screen._new.isVisible() and screen._new.form.editor("owner_name").text() == "Zhang" and not screen._new.bar.isVisible()


def test_enter_leaves_tick_boxes_too(busy: Any) -> None:
    screen = busy.show("patrols")
    busy.press(Qt.Key.Key_N, CONTROL)
    form = screen._new.form
    last = form.slots["contents"].findChildren(QCheckBox)[-1]
    last.setFocus()
    busy.press(Qt.Key.Key_Return)
    assert hand(busy) is form.editor("checked").target


def test_tab_leaves_the_doors_and_enter_goes_in(busy: Any) -> None:
    screen = busy.show("houses")
    screen.open_card(next(r.id for r in screen.list.table.rows._pages[0] if r.house_no == "QHY0002"))
    busy.settle()
    rooms = screen.rooms
    door = next(d for d in rooms.doors if d.room.lodgers)
    assert sum(d.focusPolicy() == Qt.FocusPolicy.StrongFocus for d in rooms.doors) == 1
    door.setFocus()
    door.click()
    busy.press(Qt.Key.Key_Return)
    assert hand(busy).accessibleName().startswith("打开 ")
    empty = next(d for d in rooms.doors if not d.room.lodgers)
    empty.setFocus()
    empty.click()
    busy.press(Qt.Key.Key_Return)
    assert hand(busy) is rooms.add_button


def test_an_empty_list_says_what_to_do(office: Any) -> None:
    screen = office.show("people")
    assert "Ctrl+N" in screen.list.table.nothing and screen.list.table.accessibleDescription() == screen.list.table.nothing
    assert any("选中一行" in label.text() for label in screen.detail.findChildren(QLabel) if label.isVisible())


def nameless(root: QWidget) -> list[str]:
    """What Tab can reach and a screen reader cannot name."""
    named = {label.buddy() for label in root.findChildren(QLabel) if label.buddy()}
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or widget in named:
            continue
        words = widget.accessibleName() or getattr(widget, "text", str)()
        inside = isinstance(widget.parent(), QComboBox) or widget.focusProxy() is not None
        if not words and not inside:
            found.append(f"{type(widget).__name__} {widget.property('role')} in {type(widget.parent()).__name__}")
    return found


def test_everything_the_keyboard_reaches_has_a_name(busy: Any) -> None:
    found = {}
    for entry in SCREENS:
        screen = busy.show(entry.key)
        found[entry.key] = nameless(busy.window)
        for name in ("register", "take_in_page", "print_register", "print_all"):
            if hasattr(screen, name):
                getattr(screen, name)()
                busy.settle()
                found[f"{entry.key} {name}"] = nameless(busy.window)
                screen.back()
        for action in getattr(screen, "offers", ()):
            if screen.card is not None and action.when(screen.card):
                action.run(screen.card)
                busy.settle()
                found[f"{entry.key} {action.title}"] = nameless(busy.window)
                if screen.isVisible():
                    screen.back()
                busy.show(entry.key)
    assert {name: n for name, n in found.items() if n} == {} and len(found) > 20


def test_every_form_of_something_new_is_taken_up_again_from_today(busy: Any) -> None:
    """What is half filled in when the ledger closes is kept, and offered where the day begins."""
    begun = 0
    for entry in SCREENS:
        screen = busy.show(entry.key)
        if not isinstance(screen, Listed) or not hasattr(screen, "register"):
            continue
        screen.register()
        busy.settle()
        form = screen.currentWidget()
        assert isinstance(form, FormPage), entry.key
        if not form.key:  # a short one: nothing of it is kept
            screen.back()
            continue
        name = next(n for n, s in form.form.slots.items() if type(s.told.kind) in (Text, LongText, Name))
        busy.type(form.form, **{name: "写到一半"})
        form.keep_now()
        assert form.key in DRAFTS, (entry.key, form.key)
        assert DRAFTS[form.key][1:] == (entry.key, "resume"), entry.key
        screen.back()
        busy.settle()
        screen.resume()
        busy.settle()
        again = screen.currentWidget()
        assert isinstance(again, FormPage) and again.form.slots[name].editor.text() == "写到一半", entry.key
        screen.back()
        begun += 1
    assert begun >= 12
