"""Who lived here on that day: on random stays the ledger answers as somebody who leafs through them one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridapp.ledger import REGISTER, Acting, Ledger, needs
from gridapp.ledger.reader import Gone
from gridapp.records import Tenancy
from gridapp.work import houses, numbering, people, residence, tenancies
from tests import ledgers
from tests.ledgers import TODAY

BEGIN = date(2026, 1, 1)


@dataclass(frozen=True)
class Stay:
    """Which person in which room, from which day on and for how many days; None: still."""

    who: int
    room: int
    start: int
    length: int | None
    withdrawn: bool

    @property
    def days(self) -> tuple[date, date | None]:
        start = BEGIN + timedelta(self.start)
        return start, None if self.length is None else start + timedelta(self.length)


STAYS = st.lists(st.builds(Stay, st.integers(0, 3), st.integers(0, 5), st.integers(0, 40), st.none() | st.integers(0, 20), st.booleans()), max_size=12)


@needs(REGISTER)
def let(act: Acting, who: list[UUID], rooms: list[UUID], stays: list[Stay]) -> None:
    for stay in stays:
        start, end = stay.days
        act.add(Tenancy(person=who[stay.who], room=rooms[stay.room], start=start, end=end, deleted=True if stay.withdrawn else None))


def leafed(stays: list[Stay], day: date, room: int | None = None) -> list[tuple[int, int, bool]]:
    """(room, person, leaving) of everybody whose days hold this one, one after the other."""
    found = []
    for stay in stays:
        if stay.withdrawn or room not in (None, stay.room):
            continue
        first, last = stay.days
        days = [first + timedelta(n) for n in range(120)]
        if day in [d for d in days if last is None or d <= last]:
            found.append((stay.room, stay.who, day == last))
    return sorted(found)


def told(found: list[residence.Resident], rooms: list[UUID], who: list[UUID]) -> list[tuple[int, int, bool]]:
    return sorted((rooms.index(r.room), who.index(r.person), r.leaving) for r in found)


@pytest.fixture
def place(ledger: Ledger) -> tuple[UUID, list[UUID], list[UUID], list[UUID]]:
    """A house, its rooms, those of another house, and four people."""
    who = [ledger.do(people.register_person, name=name).result for name in "甲乙丙丁"]
    house = ledgers.a_house(ledger)
    return house, ledgers.rooms_of(ledger, house), ledgers.rooms_of(ledger, ledgers.a_house(ledger, "QHY0002")), who


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stays=STAYS, elsewhere=STAYS, days=st.lists(st.integers(-5, 70), min_size=1, max_size=5))
def test_who_lived_here_is_whoever_one_would_find_by_leafing(ledger: Ledger, place: tuple[UUID, list[UUID], list[UUID], list[UUID]], stays: list[Stay],
                                                             elsewhere: list[Stay], days: list[int]) -> None:
    house, first, second, who = place
    act = ledger.do(let, who, first + second, stays + [replace(stay, room=stay.room + 6) for stay in elsewhere]).act
    edges = {edge for stay in (stays + elsewhere)[:6] for edge in stay.days if edge is not None}
    for day in edges | {BEGIN + timedelta(n) for n in days}:
        assert told(ledger.ask(residence.lived_in_house, house, day), first, who) == leafed(stays, day)
        assert told(ledger.ask(residence.lived_in_room, second[2], day), second, who) == leafed(elsewhere, day, 2)
    if act is not None:
        ledger.undo(act)


def test_changing_rooms_and_leaving_are_seen_on_their_days(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    rooms = ledgers.rooms_of(ledger, house)
    person = ledgers.a_tenant(ledger, rooms[0], start=date(2026, 3, 1))
    ledger.do(tenancies.change_room, person, rooms[4], date(2026, 5, 1))

    def lived(day: date) -> list[tuple[str, bool]]:
        return [(r.room_no, r.leaving) for r in ledger.ask(residence.lived_in_house, house, day)]

    assert lived(date(2026, 2, 28)) == [] and lived(date(2026, 3, 1)) == [("101", False)] and lived(TODAY) == [("202", False)]
    assert lived(date(2026, 5, 1)) == [("101", True), ("202", False)]
    ledger.undo()
    assert lived(TODAY) == [("101", False)]
    with pytest.raises(Gone):
        ledger.ask(residence.lived_in_house, person, TODAY)


def test_a_person_whose_registration_was_taken_back_lived_nowhere(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    ledger.do(tenancies.register_tenant, ledgers.rooms_of(ledger, house)[0], TODAY, name="甲")
    assert len(ledger.ask(residence.lived_in_house, house, TODAY)) == 1
    ledger.undo()
    assert ledger.ask(residence.lived_in_house, house, TODAY) == []


# ---------------------------------------------------------------- landlords, dormitories

OWNER: dict[str, Any] = {"owner_name": "张浩", "owner_phone": "18957709790", "owner_id_no": "510185196707119619"}


def _houses(ledger: Ledger, same_as: UUID | None, whose: str = houses.OWNER) -> list[str]:
    found = [row.house_no for row in ledger.ask(houses.list_houses, houses.ALL, same_as=same_as, whose=whose)]
    assert ledger.ask(houses.count_houses, same_as=same_as, whose=whose)[houses.ALL] == len(found)
    return found


def test_the_houses_of_one_landlord_are_found_by_number_or_phone(ledger: Ledger) -> None:
    first = ledgers.a_house(ledger, "A1", **OWNER)
    ledgers.a_house(ledger, "A2", owner_name="张浩", owner_phone="13857900055", owner_id_no=OWNER["owner_id_no"])
    ledgers.a_house(ledger, "A3", owner_name="浩浩", owner_phone=OWNER["owner_phone"])
    ledgers.a_house(ledger, "A4", owner_name="李红", owner_phone="13857900066", manager_name="张浩", manager_phone=OWNER["owner_phone"])
    other = ledgers.a_house(ledger, "B1", owner_name="张浩", owner_phone="13857900077")
    assert _houses(ledger, first) == ["A1", "A2", "A3", "A4"], "a name alone is no proof"
    assert _houses(ledger, other) == ["B1"] and len(_houses(ledger, None)) == 5


def test_the_houses_a_sub_landlord_manages_are_found_by_the_phone(ledger: Ledger) -> None:
    first = ledgers.a_house(ledger, "A1", manager_name="孙二", manager_phone="13857900055")
    ledgers.a_house(ledger, "A2", owner_name="李红", owner_phone="13857900066", manager_phone="13857900055")
    ledgers.a_house(ledger, "A3")
    nobody = ledgers.a_house(ledger, "A4", owner_phone=None, owner_name="钱")
    assert _houses(ledger, first, houses.MANAGER) == ["A1", "A2"]
    assert _houses(ledger, nobody, houses.MANAGER) == ["A4"] == _houses(ledger, nobody)


def test_a_dormitory_tells_how_many_beds_it_has(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    ledger.do(numbering.number_rooms, house, numbering.doors(numbering.Rule(3, 3, 1, 4)), 8)
    card = ledger.ask(houses.house_card, house)
    assert card.beds == 32 and [r.max_people for r in card.rooms][-4:] == [8] * 4
