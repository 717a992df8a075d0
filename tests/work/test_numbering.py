"""Doors numbered by a rule: floors, numbers on each floor, what is skipped; what is there is left alone; one act, one undo."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.ledger import Ledger
from gridapp.work import houses, numbering
from gridapp.work.numbering import FOUR_FLOORS, FOURS, LETTER, ONE, STROKE, THROUGH, TWO, Rule, doors
from tests import ledgers


def _numbers(rule: Rule) -> list[str]:
    return [number for number, _floor in doors(rule)]


def test_six_floors_of_eight_rooms_are_forty_eight_doors_by_the_rule_too() -> None:
    assert doors(Rule(1, 6, 1, 8)) == houses.numbered(6, 8)


def test_numbers_with_a_four_are_skipped_and_floors_if_that_is_wanted() -> None:
    assert _numbers(Rule(3, 4, 3, 5, skip=FOURS)) == ["303", "305", "403", "405"]
    assert _numbers(Rule(3, 5, 3, 5, skip=FOUR_FLOORS)) == ["303", "305", "503", "505"]


def test_doors_are_written_as_the_house_writes_them() -> None:
    assert _numbers(Rule(1, 2, 1, 2, LETTER)) == ["1A", "1B", "2A", "2B"]
    assert _numbers(Rule(1, 2, 1, 2, STROKE, "东")) == ["东1-1", "东1-2", "东2-1", "东2-2"]
    assert _numbers(Rule(1, 1, 8, 9, ONE)) == ["18", "19"]
    assert doors(Rule(1, 2, 3, 4, THROUGH, skip=FOURS)) == [("3", 1), ("5", 1), ("6", 2), ("7", 2)], "two on each floor, however many numbers are left out"


def test_under_the_ground_there_is_no_floor_nought() -> None:
    assert doors(Rule(-1, 1, 1, 1)) == [("B101", -1), ("101", 1)]


@pytest.mark.parametrize("rule", [Rule(2, 1, 1, 8), Rule(1, 2, 8, 1), Rule(1, 1, 1, 27, LETTER), Rule(1, 1, 1, 10, ONE), Rule(4, 4, 1, 9, skip=FOUR_FLOORS),
                                  Rule(1, 99, 1, 99), Rule(1, 1, 1, 1, prefix="长" * 20), Rule(1, 3, 1, 4, LETTER, skip=FOUR_FLOORS, prefix="很长" * 10)])
def test_a_rule_that_gives_no_doors_is_told(rule: Rule) -> None:
    with pytest.raises(numbering.NoSuchDoors):
        doors(rule)


@given(first=st.integers(-3, 30), floors=st.integers(0, 30), start=st.integers(1, 60), many=st.integers(0, 30), style=st.sampled_from([TWO, STROKE, LETTER, THROUGH]),
       skip=st.sampled_from(list(numbering.SKIPS)))
def test_no_door_is_given_twice_and_all_are_on_a_floor_that_was_told(first: int, floors: int, start: int, many: int, style: str, skip: str) -> None:
    try:
        found = doors(Rule(first, first + floors, start, start + many, style, skip=skip))
    except numbering.NoSuchDoors:
        return
    assert len({number for number, _floor in found}) == len(found)
    assert all(first <= floor <= first + floors and floor for _number, floor in found)


def test_what_is_there_is_left_alone_and_told_and_all_is_one_act(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)  # 101–103, 201–203
    kept = ledgers.rooms_of(ledger, house)
    ledger.do(houses.correct_room, kept[0], max_people=1)
    done = ledger.do(numbering.number_rooms, house, doors(Rule(1, 6, 1, 8)), max_people=4)
    assert done.result == (42, 6) and [m.text for m in done.marks] == ["已有的 6 间没有动：101、102、103、201、202、203。"]
    rooms = ledger.ask(houses.house_card, house).rooms
    assert len(rooms) == 48 and [r.id for r in rooms if r.id in kept] == kept
    assert ledger.ask(houses.room_record, kept[0]).max_people == 1 and ledger.ask(houses.room_record, rooms[-1].id).max_people == 4
    ledger.undo()
    assert ledgers.rooms_of(ledger, house) == kept


def test_nothing_new_and_one_number_twice_are_refused(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    told: list[Any] = [("101", 1), ("301", 3), ("301", 3)]
    with pytest.raises(houses.RoomNumberTaken, match="301"):
        ledger.do(numbering.number_rooms, house, told)
    with pytest.raises(numbering.AllThere):
        ledger.do(numbering.number_rooms, house, told[:1])
    assert len(ledgers.rooms_of(ledger, house)) == 6
