"""What is masked and how it is revealed in the window: one record, for a reason, for a minute; a form never saves stars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from gridapp.ledger import REGISTER, Acting, Ledger, needs
from gridapp.records import Officer
from gridapp.work import houses, people
from tests import ledgers
from tests.ui.looking import everything
from ui.revealing import SECONDS

PHONE, ADDRESS = "13957950003", "河南省商丘市梁园区双八镇朱楼村十七号"
NUMBER = ledgers.NUMBERS[0]


@pytest.fixture
def person(ledger: Ledger) -> UUID:
    room = ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0]
    found = ledgers.a_tenant(ledger, room)
    ledger.do(people.correct_person, found, phone=PHONE, hukou_addr=ADDRESS)
    return found


@pytest.fixture
def office(open_office: Callable[..., Any], ledger: Ledger, person: UUID) -> Any:
    made = open_office(ledger)
    made.seconds = 0.0
    return made


def open_person(office: Any, person: UUID) -> Any:
    office.window.open_record("person", person)
    office.settle()
    screen = office.window.screens["people"]
    screen.veil.clock = lambda: office.seconds
    return screen


def reveal(office: Any, veil: Any, reason: str = "paper") -> None:
    veil.show_button.click()
    veil.reasons[reason].click()
    office.settle()


def shows(office: Any, *values: str) -> list[str]:
    said = everything(office)
    return [value for value in values if value in said]


def test_a_page_shows_stars_until_a_reason_is_given_and_again_after_a_minute(office: Any, person: UUID) -> None:
    screen = open_person(office, person)
    assert shows(office, NUMBER, PHONE, ADDRESS, "1967-07-11") == [] and "510185********9619" in everything(office)
    office.press(Qt.Key.Key_F11)
    assert screen.veil.reasons["paper"].hasFocus() and shows(office, NUMBER) == [], "asking shows nothing"
    office.press(Qt.Key.Key_Return)
    assert shows(office, NUMBER, PHONE, ADDRESS, "1967-07-11") == [NUMBER, PHONE, ADDRESS, "1967-07-11"]
    office.seconds = SECONDS - 1
    screen.veil.tick()
    assert "还有 1 秒" in screen.veil.hide_button.text() and shows(office, NUMBER) == [NUMBER]
    office.seconds = SECONDS
    screen.veil.tick()
    assert shows(office, NUMBER, PHONE, ADDRESS, "1967-07-11") == [] and not office.told
    assert screen.veil.show_button.hasFocus(), "the keyboard stays on the page"


def test_other_asks_for_words(office: Any, person: UUID) -> None:
    veil = open_person(office, person).veil
    reveal(office, veil, "other")
    assert shows(office, NUMBER) == [] and veil._other.hasFocus()
    office.press(Qt.Key.Key_Return, widget=veil._other)
    assert shows(office, NUMBER) == [] and "写明做什么用" in veil._alert.text()
    veil._other.setText("核对租赁合同")
    office.press(Qt.Key.Key_Return, widget=veil._other)
    assert shows(office, NUMBER) == [NUMBER]


@pytest.mark.parametrize("way", ["f11", "list", "another record", "another screen", "another version", "another program"])
def test_it_is_masked_again_when_one_goes_on(office: Any, ledger: Ledger, person: UUID, way: str) -> None:
    screen = open_person(office, person)
    reveal(office, screen.veil)
    assert shows(office, NUMBER) == [NUMBER]
    if way == "f11":
        office.press(Qt.Key.Key_F11)
    elif way == "list":
        office.press(Qt.Key.Key_Escape)
    elif way == "another record":
        screen.open_card(ledgers.a_person(ledger, "王𬱟", ledgers.NUMBERS[1]))
    elif way == "another screen":
        office.show("houses")
        office.show("people")
    elif way == "another version":
        ledger.do(people.correct_person, person, remark="二楼")
        screen.refresh()
    else:
        QGuiApplication.instance().applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)  # type: ignore[union-attr]
        assert screen.veil._away.isActive() and screen.veil._away.interval() <= 10_000
        screen.veil._away.timeout.emit()
    office.settle()
    assert shows(office, NUMBER, PHONE) == [] and screen.veil.values == {}


def test_a_masked_field_is_locked_and_saving_keeps_what_it_hides(office: Any, ledger: Ledger, person: UUID) -> None:
    screen = open_person(office, person)
    office.press(Qt.Key.Key_F2)
    form = screen._old.form
    assert {n for n, s in form.slots.items() if s.locked} == {"id_no", "phone", "birth", "hukou_addr"}
    assert shows(office, NUMBER, PHONE, ADDRESS) == [] and form.editor("id_no").target.isReadOnly()
    office.type(form, workplace="世雅铸造厂")
    office.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    kept = ledgers.whole(ledger, person)
    assert (kept.id_no, kept.phone, kept.hukou_addr, kept.workplace) == (NUMBER, PHONE, ADDRESS, "世雅铸造厂") and not office.told
    assert kept.birth is not None and kept.birth.isoformat() == "1967-07-11" and kept.sex == "1" and kept.hukou_code == "510185"


def test_what_was_revealed_in_a_form_can_be_changed_and_what_was_typed_stays(office: Any, ledger: Ledger, person: UUID) -> None:
    screen = open_person(office, person)
    office.press(Qt.Key.Key_F2)
    page = screen._old
    page.veil.clock = lambda: office.seconds
    reveal(office, page.veil, "form")
    assert page.form.editor("id_no").text() == NUMBER and page.form.slots["birth"].still and not page.form.slots["phone"].still
    page.form.editor("phone").target.clear()
    office.type(page.form, phone="13800001111")
    office.seconds = SECONDS
    page.veil.tick()
    assert page.form.slots["id_no"].locked and not page.form.slots["phone"].locked
    assert shows(office, NUMBER, ADDRESS, PHONE) == []
    office.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert ledgers.whole(ledger, person).phone == "13800001111" and ledgers.whole(ledger, person).id_no == NUMBER


def test_a_page_revealed_stays_so_in_its_form_and_not_a_second_longer(office: Any, person: UUID) -> None:
    screen = open_person(office, person)
    reveal(office, screen.veil)
    office.seconds = 50
    screen._old = screen._form_page("", new=False)
    screen._old.veil.clock = lambda: office.seconds
    office.press(Qt.Key.Key_F2)
    assert screen._old.form.editor("phone").text() == PHONE
    office.seconds = SECONDS
    screen._old.veil.tick()
    assert shows(office, PHONE, NUMBER) == []


def test_a_draft_of_a_masked_field_waits_until_it_is_revealed(office: Any, ledger: Ledger, person: UUID) -> None:
    ledger.keep_draft(f"person {person}", {n: "x" for n in ("name", "id_kind", "sex", "ethnic")} | {"phone": "13800002222", "workplace": "世雅铸造厂"})
    screen = open_person(office, person)
    office.press(Qt.Key.Key_F2)
    form = screen._old.form
    form.fill_texts({"phone": "13800002222", "workplace": "世雅铸造厂"})
    assert form.slots["phone"].locked and form.texts()["phone"] == "13800002222" and shows(office, "13800002222") == []
    reveal(office, screen._old.veil)
    assert form.editor("phone").text() == "13800002222"


def test_whom_to_call_stands_over_the_doors_of_a_house(office: Any, ledger: Ledger) -> None:
    house = ledger.ask(houses.list_houses)[0].id
    office.window.open_record("house", house)
    office.settle()
    screen = office.window.screens["houses"]
    assert "189****9790" in screen.veil._words.text() and shows(office, "18957709790") == []
    reveal(office, screen.veil, "call")
    assert "18957709790" in screen.veil._words.text()


def test_whoever_may_not_reveal_hears_so_and_sees_nothing(open_office: Callable[..., Any], ledger: Ledger, person: UUID) -> None:
    office = open_office(ledger)
    office.seconds = 0.0
    screen = open_person(office, person)
    ledger.do(_demote, ledger.officer)
    reveal(office, screen.veil)
    assert shows(office, NUMBER) == [] and "没有“" in screen.veil._alert.text()


@needs(REGISTER)
def _demote(act: Acting, number: int) -> None:
    officer = act.one(sa.select(Officer).where(Officer.number == number))
    assert officer is not None
    act.change(officer, role="manage")
