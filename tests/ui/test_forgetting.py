"""Forgetting a person at the window: nothing goes before it was asked and a ground was given; afterwards it says what is left."""

from __future__ import annotations

from typing import Any

import pytest

from gridapp.work import people
from tests import ledgers
from ui import messages
from ui.forms.page import FormPage


def someone(office: Any) -> Any:
    """Somebody registered who lives nowhere, on their page."""
    person = ledgers.a_person(office.desk.ledger, "司徒美兰花")
    screen = office.show("people")
    screen.open_card(person)
    office.settle()
    return screen


def forget(office: Any, screen: Any) -> None:
    action = next(a for a in screen.offers if a.title == "依法删除")
    assert action.when(screen.card)
    action.run(screen.card)
    office.settle()


def test_asked_twice_and_then_gone(office: Any, boxes: list[str]) -> None:
    screen = someone(office)
    forget(office, screen)
    page = screen.currentWidget()
    assert isinstance(page, FormPage) and "不能撤销" in boxes[0] and office.desk.ledger.search("司徒美兰花")
    page.save(False)
    office.settle()
    assert office.desk.ledger.search("司徒美兰花"), "without a ground nothing goes"
    office.type(page.form, basis="本人申请，第四十七条")
    page.save(False)
    office.settle()
    assert office.desk.ledger.search("司徒美兰花") == [] and not office.told
    assert "已删除 1 条登记" in boxes[-1] and "U盘" in boxes[-1] and "密钥" in boxes[-1]


def test_who_says_no_deletes_nothing(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "ask", lambda *_told: False)
    screen = someone(office)
    forget(office, screen)
    assert not isinstance(screen.currentWidget(), FormPage) and office.desk.ledger.search("司徒美兰花")


def test_who_lives_here_is_not_offered(office: Any) -> None:
    room = ledgers.rooms_of(office.desk.ledger, ledgers.a_house(office.desk.ledger))[0]
    card = office.desk.ledger.ask(people.person_card, ledgers.a_tenant(office.desk.ledger, room))
    screen = office.show("people")
    assert not next(a for a in screen.offers if a.title == "依法删除").when(card)
