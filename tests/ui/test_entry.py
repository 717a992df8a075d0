"""Entry by keyboard alone: to any field and back, the last values again, the same house and room, numbers for choices, what is carried on."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodQueryEvent, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from gridapp.fields.kinds import Clock, Code, Day, IdNumber, Kind, Name, Phone, Place, Text, Whole, Yes
from gridapp.settings import Settings
from gridapp.work import houses, tenancies
from tests.ui.typist import Typist
from ui import messages
from ui.forms import lines
from ui.forms.editors import EDITORS, editor_for
from ui.forms.form import Form
from ui.screens import SCREENS

Key = Qt.Key
NEVER_ISSUED = "510185199205173627"


@pytest.fixture
def typist(busy: Any) -> Typist:
    busy.show("people")
    return Typist(busy)


@pytest.fixture
def form(typist: Typist) -> Any:
    """The form of a new tenant; the keyboard is in its first field."""
    typist.press("Ctrl+N")
    return typist.office.window.screens["people"]._new.form


# ---------------------------------------------------------------- from field to field

def test_enter_goes_on_and_shift_enter_back(typist: Typist, form: Form) -> None:
    typist.press("Enter")
    assert form.here == "name"
    typist.press("Shift+Enter")
    assert form.here == "id_no"
    typist.press("Shift+Enter")
    assert form.here == "id_no", "before the first field there is none"


def test_from_the_last_field_enter_leads_to_saving(typist: Typist, form: Any) -> None:
    typist.type(NEVER_ISSUED).press("Enter").compose("李晓梅", "lixiaomei ")
    form.focus("room")
    typist.type("qhy0002 103").press("Enter")
    form.focus(form.open_fields[-1])
    typist.press("Enter").press("Enter")
    screen = typist.office.window.screens["people"]
    assert screen.currentWidget() is screen.page and screen.card.record.name == "李晓梅"


@pytest.mark.qt_log_level_fail("CRITICAL")  # without a screen a pop-up cannot be raised, Qt says
@pytest.mark.parametrize(("typed", "field"), [("2", "id_kind"), ("12", "ethnic"), ("lxdh", "phone")])
def test_f2_leads_to_a_field_by_number_or_letters(typist: Typist, form: Form, typed: str, field: str) -> None:
    typist.press("F2")
    words = [QApplication.activePopupWidget().list.item(n).text() for n in range(len(form.open_fields))]  # type: ignore[union-attr]
    assert words[0] == "1  证件号码" and words[1].startswith("2  ")
    number = str(form.open_fields.index(field) + 1) if typed.isdigit() else typed
    typist.type(number)
    if QApplication.activePopupWidget() is not None:
        typist.press("Enter")
    assert form.here == field and QApplication.activePopupWidget() is None


@pytest.mark.qt_log_level_fail("CRITICAL")  # without a screen a pop-up cannot be raised, Qt says
def test_esc_leaves_the_list_of_fields_and_not_the_form(typist: Typist, form: Form) -> None:
    form.focus("phone")
    typist.press("F2").press("Esc")
    assert QApplication.activePopupWidget() is None and form.here == "phone" and form.isVisible()


def keys_in_sight(window: QWidget) -> list[str]:
    """Every key that does something while this is shown."""
    buttons = [b.shortcut().toString() for b in window.findChildren(QAbstractButton) if b.isVisible() and b.isEnabled()]
    others = [k.key().toString() for k in window.findChildren(QShortcut) if k.isEnabled() and reaches(k, window)]
    return [key for key in (*buttons, *others) if key]


def reaches(key: QShortcut, window: QWidget) -> bool:
    holder = key.parent()
    inside = key.context() in (Qt.ShortcutContext.WidgetWithChildrenShortcut, Qt.ShortcutContext.WidgetShortcut)
    assert isinstance(holder, QWidget)
    return not inside or holder is window or holder.isVisible() and holder.isAncestorOf(window.focusWidget())


def test_no_key_of_a_form_means_two_things(busy: Any) -> None:
    looked = 0
    for entry in SCREENS:
        screen = busy.show(entry.key)
        if not hasattr(screen, "register"):
            continue
        screen.register()
        busy.settle()
        keys = keys_in_sight(busy.window)
        if hasattr(screen.currentWidget(), "keys"):
            looked += 1
            assert {"F2", "F7"} <= set(keys), entry.key
        assert sorted(set(keys)) == sorted(keys), entry.key
        screen.back()
    assert looked >= 12


# ---------------------------------------------------------------- choices, days, width

@pytest.mark.parametrize(("field", "typed", "meant"), [
    ("sex", "2", "女"), ("sex", "１", "男"), ("ethnic", "1", "汉族"), ("ethnic", "01", "汉族"), ("ethnic", "56", "基诺族"), ("ethnic", "mz", "苗族"),
    ("reason", "1", "务工"), ("relation", "2", "配偶"), ("education", "71", "初中毕业"), ("id_kind", "414", "普通护照"), ("social_security", "1", "是"),
    ("social_security", "2", "否")])
def test_a_choice_is_a_number_or_letters(typist: Typist, form: Form, field: str, typed: str, meant: str) -> None:
    form.focus(field)
    typist.type(typed).press("Enter")
    assert form.editor(field).text() == meant and form.here != field


def test_the_list_below_a_choice_has_the_numbers(typist: Typist, form: Any) -> None:
    form.focus("sex")
    typist.press("Down")
    offers = form.editor("sex").offers
    assert [offers.list.item(n).text() for n in range(offers.list.count())][:3] == ["0  未知性别", "1  男", "2  女"]
    typist.press("Esc")
    assert not offers.shown and form.isVisible(), "Esc closed the list only"
    typist.press("Down").press("Down").press("Down").press("Down").press("Enter")
    assert form.editor("sex").text() == "女"


def test_one_enter_takes_a_room_and_goes_on(typist: Typist, form: Any) -> None:
    form.focus("room")
    typist.type("qhy0002 103")
    offers = form.editor("room").offers
    assert offers.shown and offers.chosen == 0
    typist.press("Enter")
    assert form.here == "start" and form.editor("room").chosen[1].endswith("103") and not offers.shown


def test_a_house_taken_with_enter_tells_its_address(busy: Any) -> None:
    screen = busy.show("hazards")
    typist = Typist(busy).press("Ctrl+N")
    form = screen._new.form
    form.focus("house")
    typist.type("qhy0002").press("Enter")
    assert form.editor("place").text() == "永康市古山镇青后叶村方岩大道12号"


def test_a_room_typed_in_full_is_meant_though_others_begin_so(typist: Typist, form: Any) -> None:
    ledger = typist.office.desk.ledger
    house = next(r.id for r in ledger.ask(houses.list_houses) if r.house_no == "QHY0002")
    ledger.do(houses.add_rooms, house, [("10", 1)])
    form.focus("room")
    typist.type("qhy0002 10")
    assert form.editor("room").offers.list.count() > 1
    typist.press("Enter")
    assert form.editor("room").chosen[1].endswith(" 10")


def test_a_room_typed_faster_than_it_is_found_is_taken_when_it_is(typist: Typist, form: Any) -> None:
    form.focus("room")
    line = form.editor("room").target
    QTest.keyClicks(line, "QHY0002 103")
    QTest.keyClick(line, Key.Key_Return)
    assert form.editor("room").chosen is None, "nobody has answered yet"
    typist.office.settle()
    assert form.editor("room").chosen[1].endswith("103") and form.here == "start"


@pytest.mark.parametrize(("typed", "day"), [("t", "2026-11-24"), ("-3", "2026-11-21"), ("1123", "2026-11-23"), ("20261123", "2026-11-23"), ("2026.11.23", "2026-11-23"),
                                             ("2026 11 23", "2026-11-23"), ("２０２６１１２３", "2026-11-23"), ("11-23", "2026-11-23")])
def test_a_day_is_typed_as_it_is_shortest(typist: Typist, form: Form, typed: str, day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "today", lambda: typist.office.desk.today)
    form.focus("start")
    typist.type(typed).press("Enter")
    assert form.editor("start").text() == day


@pytest.mark.parametrize(("field", "typed", "meant"), [("phone", "１３８００００", "1380000"), ("id_no", "ｅ１２", "E12"), ("start", "２０２６－１１", "2026-11")])
def test_full_width_is_put_right_while_it_is_typed_and_pasted(typist: Typist, form: Form, field: str, typed: str, meant: str) -> None:
    form.focus(field)
    line = form.editor(field).target
    assert isinstance(line, QLineEdit)
    line.clear()
    typist.type(typed)
    assert line.text() == meant
    line.clear()
    QApplication.clipboard().setText(typed)
    typist.press("Ctrl+V")
    assert line.text() == meant


# ---------------------------------------------------------------- the input method

WITHOUT: tuple[Kind, ...] = (IdNumber(), Phone(), Code("sex"), Day(), Clock(), Whole(), Yes())
WITH: tuple[Kind, ...] = (Text(), Name(), Place())


@pytest.mark.parametrize(("kind", "on"), [*((kind, False) for kind in WITHOUT), *((kind, True) for kind in WITH)])
def test_the_input_method_is_off_where_no_chinese_is_typed(qapp: Any, kind: Kind, on: bool) -> None:
    editor = editor_for(kind)
    asked = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
    QApplication.sendEvent(editor.target, asked)
    assert bool(asked.value(Qt.InputMethodQuery.ImEnabled)) is on
    assert type(kind) in EDITORS


# ---------------------------------------------------------------- again and again

def register(typist: Typist, name: str, pinyin: str, number: str) -> Any:
    """Somebody in room 103, with telephone and trade."""
    form = typist.office.window.screens["people"]._new.form
    typist.type(number).press("Enter").compose(name, pinyin)
    if not form.editor("room").chosen:
        form.focus("room")
        typist.type("qhy0002 103").press("Enter")
    form.focus("workplace")
    typist.compose("永康五金厂", "yongkangwujinchang ")
    return form


def test_f7_puts_the_last_value_in_again(typist: Typist, form: Any) -> None:
    register(typist, "李晓梅", "lixiaomei ", NEVER_ISSUED)
    form.focus("phone")
    typist.press("F7")
    assert "上次没有" in form.slots["phone"].mark.text(), "nothing was said there yet"
    typist.press("Ctrl+Enter")
    assert form.editor("workplace").text() == ""
    form.focus("workplace")
    typist.press("F7")
    assert form.editor("workplace").text() == "永康五金厂" and form.here == "workplace"


def test_f7_begins_an_address_with_the_county_the_number_tells(typist: Typist, form: Any) -> None:
    typist.type(NEVER_ISSUED)
    form.focus("hukou_addr")
    typist.press("F7")
    assert form.editor("hukou_addr").text() == "四川省成都市简阳市"


def test_f8_is_the_house_of_the_last_one(typist: Typist, form: Any) -> None:
    form.focus("phone")
    typist.press("F8")
    assert form.here == "room" and "还没有登记过" in form.slots["room"].mark.text()
    form.focus("id_no")
    register(typist, "李晓梅", "lixiaomei ", NEVER_ISSUED)
    typist.press("Ctrl+Enter")
    form.focus("phone")
    typist.press("F8")
    assert form.here == "room" and form.editor("room").line.text() == "QHY0002 " and form.editor("room").offers.shown
    typist.type("102").press("Enter")
    assert form.editor("room").chosen[1].endswith(" 102")


def test_f3_saves_and_begins_with_somebody_in_the_same_room(typist: Typist, form: Any) -> None:
    register(typist, "李晓梅", "lixiaomei ", NEVER_ISSUED)
    room = form.editor("room").chosen
    typist.press("F3")
    screen = typist.office.window.screens["people"]
    assert screen.currentWidget() is screen._new and form.editor("room").chosen == room and form.editor("relation").text() == "同住"
    assert form.here == "id_no" and form.editor("id_no").text() == "" and form.editor("workplace").text() == ""


@pytest.mark.parametrize("key", [Key.Key_F10, Key.Key_F3])
def test_a_key_pressed_twice_saves_once(typist: Typist, form: Any, key: Qt.Key, monkeypatch: pytest.MonkeyPatch) -> None:
    register(typist, "李晓梅", "lixiaomei ", NEVER_ISSUED)
    page, done, asked = typist.office.window.screens["people"]._new, typist.office.desk.do, list[Any]()
    monkeypatch.setattr(typist.office.desk, "do", lambda verb, *told, **more: asked.append(verb) or done(verb, *told, **more))
    QTest.keyClick(typist.hand, key)
    page.cancel_button.setFocus()  # all else is closed while it is saved
    QTest.keyClick(typist.hand, key)
    typist.office.settle()
    assert asked == [tenancies.register_tenant]


def test_f9_carries_a_field_on_and_this_pc_remembers_it(typist: Typist, form: Any) -> None:
    form.focus("workplace")
    typist.press("F9")
    assert "固定" in form.slots["workplace"].label.text() and "固定" in form.editor("workplace").target.accessibleDescription()
    form.focus("room")
    typist.press("F9")
    assert "固定" not in form.slots["room"].label.text(), "room was carried on before anybody chose"
    form.focus("id_no")
    register(typist, "李晓梅", "lixiaomei ", NEVER_ISSUED)
    typist.press("Ctrl+Enter")
    assert form.editor("workplace").text() == "永康五金厂" and form.editor("room").chosen is None
    assert "workplace" in Settings.load().pins["person"] and "room" not in Settings.load().pins["person"]


def test_what_is_each_ones_own_is_not_carried_on(typist: Typist, form: Form) -> None:
    for field in ("id_no", "name"):
        form.focus(field)
        typist.press("F9")
        assert "不能固定" in form.slots[field].mark.text() and not form.slots[field].pinned


def test_the_last_values_are_forgotten_with_the_ledger(typist: Typist, form: Any) -> None:
    register(typist, "李晓梅", "lixiaomei ", NEVER_ISSUED)
    typist.press("Ctrl+Enter")
    assert typist.office.desk.entered
    typist.office.desk.let_go(lambda _closed: None)
    assert not typist.office.desk.entered


# ---------------------------------------------------------------- without looking

def test_a_field_says_its_error_and_keeps_the_keyboard(typist: Typist, form: Form) -> None:
    typist.type(NEVER_ISSUED[:-1] + "8")
    line = form.editor("id_no").target
    assert form.slots["id_no"].mark.text().startswith("✕") and line.accessibleDescription().startswith(form.slots["id_no"].mark.text())
    assert form.here == "id_no" and line.accessibleName() == "证件号码"
    typist.press("Backspace").type("7")
    assert "校验通过" in line.accessibleDescription() and form.here == "id_no"


def test_a_field_says_that_it_must_be_filled_in(typist: Typist, form: Form) -> None:
    typist.type(NEVER_ISSUED).press("Ctrl+S")
    assert form.here == "name", "the first field that is wrong, and only because somebody saved"
    said = form.editor("name").target.accessibleDescription()
    assert "请填写" in said and "必填" in said


@pytest.mark.parametrize("on", [False, True])
def test_a_sound_is_heard_where_it_was_chosen(typist: Typist, form: Form, monkeypatch: pytest.MonkeyPatch, on: bool) -> None:
    heard, asked = list[int](), list[int]()
    monkeypatch.setattr(messages, "beep", lambda: heard.append(1))
    typist.office.window.settings.sound = on
    page = typist.office.window.screens["people"]._new
    page._sound.timeout.connect(lambda: asked.append(1))
    typist.type(NEVER_ISSUED[:-1] + "8")
    typist.office.qtbot.waitUntil(lambda: bool(asked))
    assert heard == [1] * on, "once, though fifteen digits were wrong for a moment too"


def test_the_sound_is_chosen_in_the_settings(typist: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = list[int]()
    monkeypatch.setattr(messages, "beep", lambda: heard.append(1))
    screen = typist.office.show("settings")
    next(b for b in screen.findChildren(QAbstractButton) if b.text() == "有声").setFocus()
    typist.press("Enter")
    assert heard == [1] and Settings.load().sound and typist.office.desk.settings.sound
