"""Who may be registered already is found while somebody new is typed, with the reason; who plainly is somebody else is not."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from gridapp.ledger import Ledger
from gridapp.work import likely, people, tenancies
from tests import ledgers
from tests.ledgers import NUMBERS

BORN = date(1990, 5, 6)


@pytest.fixture
def rooms(ledger: Ledger) -> list[UUID]:
    return ledgers.rooms_of(ledger, ledgers.a_house(ledger))


def without_number(ledger: Ledger, name: str, **values: Any) -> UUID:
    """Registered with a passport, so that no number decides."""
    count = len(ledger.search("E", 100))
    return ledger.do(people.register_person, **{"name": name, "id_kind": "414", "id_no": f"E1234{count:04}", "birth": BORN} | values).result


def reasons(ledger: Ledger, **told: Any) -> list[tuple[str, str]]:
    return [(one.name, one.why) for one in ledger.ask(likely.likely, **told)]


def test_the_same_name_and_day_of_birth(ledger: Ledger) -> None:
    without_number(ledger, "王小明")
    assert reasons(ledger, name="王小明", birth=BORN) == [("王小明", "姓名、出生日期相同")]
    assert reasons(ledger, name="王小明", birth=date(1990, 5, 7)) == reasons(ledger, name="王小明") == []


@pytest.mark.parametrize("typed", ["王晓明", "王小朋", "王小明"])
def test_a_name_like_it_and_the_same_day_of_birth(ledger: Ledger, typed: str) -> None:
    without_number(ledger, "王小明" if typed != "王小明" else "王曉明")
    assert [why for _name, why in reasons(ledger, name=typed, birth=BORN)] == ["姓名相近、出生日期相同"]


def test_another_name_on_the_same_day_is_somebody_else(ledger: Ledger) -> None:
    without_number(ledger, "王大力")
    assert reasons(ledger, name="王小明", birth=BORN) == []


def test_the_same_phone_whatever_the_name(ledger: Ledger) -> None:
    without_number(ledger, "王小明", phone="13857912345")
    assert reasons(ledger, name="李四", phone="13857912345") == [("王小明", "电话相同")]


def test_a_name_like_it_in_the_same_room(ledger: Ledger, rooms: list[UUID]) -> None:
    person = without_number(ledger, "王小明", birth=None)
    ledger.do(tenancies.move_in, person, rooms[0], ledger.today)
    [found] = ledger.ask(likely.likely, name="王小民", room=rooms[0])
    assert found.why == "住在同一间房、姓名相近" and found.place.endswith("101") and "*" in found.number
    assert reasons(ledger, name="王小民", room=rooms[1]) == reasons(ledger, name="李四", room=rooms[0]) == []


def test_each_is_told_once_with_the_surest_reason_and_not_who_has_another_valid_number(ledger: Ledger) -> None:
    ledgers.a_person(ledger, "王小明", NUMBERS[0], phone="13857912345")
    told: dict[str, Any] = {"name": "王小明", "birth": date(1967, 7, 11), "phone": "13857912345"}  # as NUMBERS[0] says
    assert reasons(ledger, **told) == [("王小明", "姓名、出生日期相同")]
    assert reasons(ledger, **told, id_no=NUMBERS[1]) == []
    assert reasons(ledger, **told, id_no=NUMBERS[1][:10]) == [("王小明", "姓名、出生日期相同")]
