"""Tenancies: who lived where on which day, never overwritten; the verbs an officer uses at the counter."""

from __future__ import annotations

from datetime import date

import pytest

from gridapp.ledger import Ledger
from gridapp.ledger.reader import Refused
from gridapp.work import houses, people, tenancies
from tests import ledgers
from tests.ledgers import TODAY


def test_changing_rooms_ends_one_stay_and_begins_another(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0], start=date(2026, 3, 1))
    ledger.do(tenancies.change_room, person, rooms[4], TODAY)
    stays = ledger.ask(people.person_card, person).stays
    assert [(s.place[-3:], s.start, s.end) for s in stays] == [("202", TODAY, None), ("101", date(2026, 3, 1), TODAY)]


def test_nobody_lives_in_two_rooms_at_once(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0])
    with pytest.raises(tenancies.LivesElsewhere) as told:
        ledger.do(tenancies.move_in, person, rooms[1], TODAY)
    assert "祠堂路1号 101" in told.value.text and "换房" in told.value.text


def test_moving_out_can_be_taken_back(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0])
    stay = ledger.ask(people.person_card, person).stays[0].id
    ledger.do(tenancies.move_out, stay, TODAY)
    with pytest.raises(tenancies.Ended):
        ledger.do(tenancies.move_out, stay, TODAY)
    ledger.do(tenancies.cancel_move_out, stay)
    assert ledger.ask(people.person_card, person).now is not None


def test_an_end_before_the_beginning_is_refused(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0])
    stay = ledger.ask(people.person_card, person).stays[0].id
    with pytest.raises(Refused, match="离开日期早于入住日期"):
        ledger.do(tenancies.move_out, stay, date(2020, 1, 1))


def test_a_crowded_room_is_a_warning_not_a_wall(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    ledger.do(houses.correct_room, rooms[0], max_people=1)
    ledgers.a_tenant(ledger, rooms[0])
    second = ledgers.a_person(ledger, "吴丽", ledgers.NUMBERS[1])
    done = ledger.do(tenancies.move_in, second, rooms[0], TODAY)
    assert [m.code for m in done.marks] == ["crowded"]


def test_somebody_living_here_is_not_closed(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0])
    with pytest.raises(people.StillLiving):
        ledger.do(people.close_person, person, TODAY, "其他")
    ledger.do(tenancies.move_out, ledger.ask(people.person_card, person).stays[0].id, TODAY)
    ledger.do(people.close_person, person, TODAY, "其他")
    assert ledger.ask(people.count_people)["closed"] == 1
    ledger.do(people.reopen_person, person)
    assert ledger.ask(people.count_people)["closed"] == 0


def test_reporting_to_the_police_marks_beginning_end_and_person(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0])
    stay = ledger.ask(people.person_card, person).stays[0].id
    ledger.do(tenancies.mark_reported, [stay], TODAY, "2026-47")
    card = ledger.ask(people.person_card, person)
    assert (card.record.reported_on, card.record.reported_batch, card.stays[0].reported_on) == (TODAY, "2026-47", TODAY)


def test_six_floors_of_eight_rooms_are_forty_eight_doors(ledger: Ledger) -> None:
    house = ledger.do(houses.register_house, houses.numbered(6, 8), house_no="QHY0009", address="祠堂路9号", owner_name="张浩").result
    numbers = [r.room_no for r in ledger.ask(houses.house_card, house).rooms]
    assert len(numbers) == 48 and numbers[0] == "101" and numbers[-1] == "608"


def test_a_house_number_is_given_once(ledger: Ledger) -> None:
    ledgers.a_house(ledger)
    with pytest.raises(houses.HouseNumberTaken):
        ledgers.a_house(ledger)


def test_the_same_paper_is_registered_once(ledger: Ledger) -> None:
    ledgers.a_person(ledger)
    with pytest.raises(people.AlreadyRegistered) as told:
        ledgers.a_person(ledger, "别人")
    assert "彭兵" in told.value.text


def test_the_number_fills_in_sex_birth_and_home(ledger: Ledger) -> None:
    card = ledger.ask(people.person_card, ledgers.a_person(ledger)).record
    assert (card.sex, card.birth, card.hukou_code) == ("1", date(1967, 7, 11), "510185")


def test_a_contradiction_is_told_and_saved(ledger: Ledger) -> None:
    done = ledger.do(people.register_person, name="彭兵", id_no=ledgers.NUMBERS[0], sex="2")
    assert "sex-differs" in {m.code for m in done.marks}


def test_one_wrong_digit_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Refused) as told:
        ledgers.a_person(ledger, id_no="510185196707119618")
    assert [m.code for m in told.value.marks if m.level == "block"] == ["check-digit"]
