"""The registers as papers print them: F02 of any day, F04 of one house and of all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gridapp.ledger import Ledger
from gridapp.work import houses, people, registers, tenancies
from tests import ledgers
from tests.ledgers import NUMBERS, TODAY

YESTERDAY = TODAY - timedelta(days=1)


def names(ledger: Ledger, day: date | None = None) -> list[str]:
    return [r.name for r in ledger.ask(registers.register_rows, day)]


def test_the_register_holds_who_lives_here_by_house_and_room(village: Ledger) -> None:
    assert [(r.name, r.place[-3:], r.id_no) for r in village.ask(registers.register_rows)] == [
        ("彭兵", "102", NUMBERS[0]), ("扎西·多吉", "102", NUMBERS[2])]


def test_the_register_of_a_past_day_holds_who_lived_here_then(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0], start=date(2026, 3, 1))
    ledger.do(tenancies.change_room, person, rooms[1], date(2026, 6, 1))
    ledger.do(tenancies.move_out, ledger.ask(people.person_card, person).stays[0].id, date(2026, 9, 1))
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1), date(2026, 8, 31), date(2026, 9, 1), TODAY]

    def places() -> list[list[str]]:
        return [[r.place[-3:] for r in ledger.ask(registers.register_rows, day)] for day in days]

    lived = [[], ["101"], ["101"], ["102"], ["102"], [], []]
    assert places() == lived
    ledger.do(people.close_person, person, TODAY, "01")
    assert places() == lived, "closing today does not change who lived here in summer"
    assert names(ledger) == []


def test_a_withdrawn_stay_is_in_no_register(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    ledgers.a_tenant(ledger, rooms[0], start=YESTERDAY)
    ledger.undo()
    assert names(ledger) == [] == names(ledger, YESTERDAY)


def test_the_roster_lists_who_lives_and_on_wish_who_lived_in_the_house(village: Ledger) -> None:
    def told(gone_too: bool) -> list[tuple[str, str, date | None]]:
        return [(r.room_no, r.name, r.end) for r in village.ask(registers.rosters, "QHY0002", gone_too)[0].rows]

    assert told(gone_too=False) == [("102", "扎西·多吉", None)]
    assert told(gone_too=True) == [("101", "王𬱟", TODAY), ("102", "扎西·多吉", None)]
    row = village.ask(registers.rosters, "QHY0002")[0].rows[0]
    assert (row.registrar, row.start, row.sex, row.id_no) == ("王建国", TODAY, "2", NUMBERS[2])


def test_all_rosters_are_those_of_the_houses_that_are_let(village: Ledger) -> None:
    empty = ledgers.a_house(village, "QHY0003")
    village.do(houses.close_house, ledgers.a_house(village, "QHY0004"), TODAY, "01")
    found = village.ask(registers.rosters)
    assert [(r.house.house_no, len(r.rows)) for r in found] == [("QHY0001", 1), ("QHY0002", 1), ("QHY0003", 0)]
    assert found[2].house.id == empty
    assert [r.house.house_no for r in village.ask(registers.rosters, "QHY0004")] == ["QHY0004"]
    with pytest.raises(houses.NoSuchHouse):
        village.ask(registers.rosters, "QHY0009")


def test_the_tenth_floor_comes_after_the_ninth(ledger: Ledger) -> None:
    house = ledger.do(houses.register_house, [("1001", 10), ("901", 9)], house_no="QHY0001", address="祠堂路1号", owner_name="张浩").result
    for room, name, number in zip(ledgers.rooms_of(ledger, house), ("九楼", "十楼"), NUMBERS, strict=False):
        ledgers.a_tenant(ledger, room, name, number)
    assert names(ledger) == ["九楼", "十楼"] == [r.name for r in ledger.ask(registers.rosters)[0].rows]


def test_the_county_of_the_number_stands_in_for_an_address_nobody_gave(village: Ledger) -> None:
    told = {row.name: row.hukou_addr for row in village.ask(registers.register_rows)}
    assert told["彭兵"] == "四川省成都市简阳市"
    roster = village.ask(registers.rosters, "QHY0001")[0]
    assert {row.hukou_addr for row in roster.rows} == {"四川省成都市简阳市"}
