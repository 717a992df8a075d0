"""Chosen rows of the list of people in full: for a reason, with the password again, each look written down, for a minute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from gridapp.fields.ids import new_id
from gridapp.ledger import REGISTER, Acting, Ledger, needs
from gridapp.ledger.looks import REVEALED
from gridapp.ledger.tables import LOOKS
from gridapp.records import Officer, Person
from gridapp.work.revealing import MOST
from tests import ledgers, permissions
from tests.ui.looking import everything
from ui.revealing import SECONDS

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PHONES = [f"1395795000{n}" for n in range(4)]


@needs(REGISTER)
def _many(act: Acting, count: int) -> list[UUID]:
    people = [Person(id=new_id(), name=f"某甲{n}", id_kind="111", phone=f"139{n:08}", registered_on=ledgers.TODAY) for n in range(count)]
    for person in people:
        act.add(person)
    return [person.id for person in people]


@pytest.fixture
def people(ledger: Ledger) -> list[UUID]:
    """Four of them, the newest above."""
    return [ledgers.a_person(ledger, f"某乙{n}", ledgers.NUMBERS[n], phone=PHONES[n]) for n in range(4)]


def the_list(office: Any) -> Any:
    screen = office.show("people")
    screen.list.choose("all")
    office.settle()
    screen.rows_veil.clock = lambda: office.seconds
    office.seconds = 0.0
    return screen


@pytest.fixture
def screen(open_office: Callable[..., Any], ledger: Ledger, people: list[UUID]) -> Any:
    office = open_office(ledger)
    made = the_list(office)
    made.office = office
    return made


def choose(screen: Any, down: int) -> None:
    """The first row and so many below it, by keyboard."""
    screen.list.table.selectRow(0)
    for _row in range(down):
        screen.office.press(Qt.Key.Key_Down, SHIFT, widget=screen.list.table)


def shown(screen: Any) -> list[str]:
    """The telephones of the list that can be read, in every role of its model and everywhere else in the window."""
    said = everything(screen.office)
    return [phone for phone in PHONES if phone in said]


def looks(ledger: Ledger) -> list[tuple[Any, ...]]:
    with ledger.home.engine.connect() as session:
        rows = session.execute(sa.select(LOOKS).where(LOOKS.c.what == REVEALED).order_by(LOOKS.c.seq)).all()
    return [(UUID(bytes=r.record), r.field, r.why) for r in rows]


def reveal(screen: Any) -> None:
    screen.office.press(Qt.Key.Key_F11)
    screen.office.press(Qt.Key.Key_Return)  # the first reason has the keyboard


def test_chosen_rows_are_shown_for_a_reason_and_for_a_minute(screen: Any, people: list[UUID]) -> None:
    veil, office = screen.rows_veil, screen.office
    assert not veil.isVisible() and shown(screen) == []
    choose(screen, 2)
    office.press(Qt.Key.Key_F11)
    assert veil.isVisible() and veil.reasons["paper"].hasFocus() and shown(screen) == [], "asking shows nothing"
    office.press(Qt.Key.Key_Return)
    assert shown(screen) == PHONES[1:] and "选中的 3 条" in veil._words.text()
    assert ledgers.NUMBERS[3] in everything(office) and ledgers.NUMBERS[0] not in everything(office)
    assert sorted(looks(office.desk.ledger)) == sorted((person, "id_no,phone", "核对证件") for person in people[1:])
    office.seconds = SECONDS
    veil.tick()
    office.settle()
    assert shown(screen) == [] and not veil.isVisible() and not office.told
    assert screen.list.table.hasFocus(), "the keyboard goes on in the list"


def test_all_of_a_filter_is_chosen_by_one_key_and_masked_by_the_same_that_shows(screen: Any) -> None:
    screen.office.press(Qt.Key.Key_A, CONTROL, widget=screen.list.table)
    reveal(screen)
    assert shown(screen) == PHONES
    screen.office.press(Qt.Key.Key_F11)
    assert shown(screen) == []


def test_another_screen_in_front_masks(screen: Any) -> None:
    choose(screen, 1)
    reveal(screen)
    assert shown(screen)
    screen.office.show("houses")
    assert shown(screen) == []
    screen.office.show("people")
    assert not screen.rows_veil.isVisible()


def test_not_looking_after_all_shows_and_writes_down_nothing(screen: Any) -> None:
    choose(screen, 1)
    screen.office.press(Qt.Key.Key_F11)
    screen.rows_veil._cancel.click()
    screen.office.settle()
    assert not screen.rows_veil.isVisible() and screen.list.table.hasFocus() and looks(screen.office.desk.ledger) == []


def test_a6_the_password_is_asked_for_again(screen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    office = screen.office
    ledger = office.desk.ledger
    monkeypatch.setattr(ledger, "_proved_at", None)
    choose(screen, 1)
    reveal(screen)
    bar = office.desk.prover.__self__
    assert bar.isVisible() and shown(screen) == [] and looks(ledger) == []
    bar.password.setText("不是这个")
    bar.prove()
    office.settle()
    assert shown(screen) == [] and looks(ledger) == []
    bar.password.setText(ledgers.PASSWORD)
    bar.prove()
    office.settle()
    assert shown(screen) == PHONES[2:] and len(looks(ledger)) == 2


def test_a_whole_village_is_refused(open_office: Callable[..., Any], ledger: Ledger) -> None:
    ledger.do(_many, MOST + 1)
    office = open_office(ledger)
    screen = the_list(office)
    office.press(Qt.Key.Key_A, CONTROL, widget=screen.list.table)
    office.press(Qt.Key.Key_F11)
    assert f"现在选了 {MOST + 1} 条" in screen.rows_veil._alert.text() and screen.rows_veil._alert.isVisible()
    assert not any(b.isVisible() for b in screen.rows_veil.reasons.values()) and looks(ledger) == []
    screen.list.table.selectRow(0)
    office.press(Qt.Key.Key_F11)
    assert screen.rows_veil.reasons["paper"].isVisible() and not screen.rows_veil._alert.isVisible()


@needs()
def _of_no_role(act: Acting, number: int) -> None:
    officer = next(iter(act.records(sa.select(Officer).where(Officer.number == number))))
    act.change(officer, role="audit")


def test_r1_a_role_taken_away_meanwhile_shows_nothing(screen: Any) -> None:
    office, ledger = screen.office, screen.office.desk.ledger
    choose(screen, 1)
    screen.office.press(Qt.Key.Key_F11)
    ledger.sign_in(0)
    ledger.do(_of_no_role, 1)
    ledger.sign_in(1)
    screen.rows_veil.reasons["paper"].click()
    office.settle()
    assert shown(screen) == [] and "没有" in screen.rows_veil._alert.text() and looks(ledger) == []


def test_the_button_is_there_for_whoever_may(open_office: Callable[..., Any], ledger: Ledger) -> None:
    ledger.sign_in(permissions.with_roles(ledger)["grid"])
    screen = the_list(open_office(ledger))
    assert any("显示号码" in b.text() for b in screen.list.findChildren(QPushButton) if b.isVisible())
