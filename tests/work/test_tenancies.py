"""Tenancies: who lived where on which day, never overwritten; the verbs an officer uses at the counter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from gridapp.fields.ids import new_id
from gridapp.ledger import Ledger
from gridapp.ledger.reader import Gone, Refused
from gridapp.records import Tenancy
from gridapp.work import houses, people, registers, tenancies
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
    card = ledgers.whole(ledger, ledgers.a_person(ledger))
    assert (card.sex, card.birth, card.hukou_code) == ("1", date(1967, 7, 11), "510185")


def test_a_contradiction_is_told_and_saved(ledger: Ledger) -> None:
    done = ledger.do(people.register_person, name="彭兵", id_no=ledgers.NUMBERS[0], sex="2")
    assert "sex-differs" in {m.code for m in done.marks}


def test_one_wrong_digit_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Refused) as told:
        ledgers.a_person(ledger, id_no="510185196707119618")
    assert [m.code for m in told.value.marks if m.level == "block"] == ["check-digit"]


# ---------------------------------------------------------------- what is refused, and its sentence

def _stays(ledger: Ledger, person: UUID) -> tuple[people.Stay, ...]:
    return ledger.ask(people.person_card, person).stays


def test_nobody_moves_into_a_closed_house(village: Ledger) -> None:
    house = ledgers.a_house(village, "QHY0003", address="方岩大道14号")
    room, left, lives = ledgers.rooms_of(village, house)[0], village.search("王𬱟")[0].id, village.search("彭兵")[0].id
    village.do(tenancies.change_room, lives, room, TODAY)
    village.do(tenancies.move_out, _stays(village, lives)[0].id, TODAY)
    village.do(houses.close_house, house, TODAY, "01")
    other = village.search("扎西·多吉")[0].id
    for verb in ((tenancies.move_in, left, room, TODAY), (tenancies.change_room, other, room, TODAY),
                 (tenancies.cancel_move_out, _stays(village, lives)[0].id)):
        with pytest.raises(tenancies.HouseClosed, match="“方岩大道14号”已于 2026-11-24 注销，不能办理入住"):
            village.do(*verb)


def test_changing_rooms_needs_a_room_to_leave_and_another_to_go_to(village: Ledger) -> None:
    left, lives = village.search("王𬱟")[0].id, village.search("彭兵")[0].id
    room = _stays(village, lives)[0].room
    with pytest.raises(tenancies.NotLiving, match="“王𬱟”没有在住的登记"):
        village.do(tenancies.change_room, left, room, TODAY)
    with pytest.raises(tenancies.SameRoom, match="“彭兵”现在就住在.*102。请选择另一个房间"):
        village.do(tenancies.change_room, lives, room, TODAY)
    with pytest.raises(Refused, match="离开日期早于入住日期"):
        village.do(tenancies.change_room, lives, _stays(village, lives)[1].room, date(2020, 1, 1))


def test_a_moving_out_is_taken_back_once_and_only_while_they_live_nowhere_else(village: Ledger) -> None:
    left, lives = village.search("王𬱟")[0].id, village.search("彭兵")[0].id
    with pytest.raises(tenancies.NotEnded, match="没有办过退租"):
        village.do(tenancies.cancel_move_out, _stays(village, lives)[0].id)
    with pytest.raises(tenancies.LivesElsewhere, match="“彭兵”现在登记住在"):
        village.do(tenancies.cancel_move_out, _stays(village, lives)[1].id)
    village.do(people.close_person, left, TODAY, "01")
    village.do(tenancies.cancel_move_out, _stays(village, left)[0].id)
    assert "王𬱟" in {r.name for r in village.ask(people.list_people)}, "who lives here again is closed no more"


def test_somebody_withdrawn_or_a_room_withdrawn_is_gone(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_person(ledger)
    ledger.undo()
    with pytest.raises(Gone):
        ledger.do(tenancies.move_in, person, rooms[0], TODAY)
    ledger.undo()
    with pytest.raises(Gone):
        ledger.do(tenancies.move_in, ledgers.a_person(ledger), rooms[0], TODAY)


# ---------------------------------------------------------------- the counter: register and move in as one act

def test_a_tenant_is_registered_and_moved_in_as_one_act(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    before = ledger.digest()
    person = ledger.do(tenancies.register_tenant, rooms[0], TODAY, "01", 80000, name="彭兵", id_no=ledgers.NUMBERS[0]).result
    assert [s.place[-3:] for s in _stays(ledger, person)] == ["101"]
    assert ledger.ask(registers.rosters)[0].rows[0].registrar == "王建国"
    ledger.undo()
    assert ledger.digest() == before


def test_somebody_known_is_corrected_and_moved_in_not_registered_twice(village: Ledger) -> None:
    left = village.search("王𬱟")[0].id
    village.do(people.close_person, left, TODAY, "01")
    room = ledgers.rooms_of(village, village.ask(houses.by_number, "QHY0001").id)[5]
    number = ledgers.NUMBERS[1]
    done = village.do(tenancies.register_tenant, room, TODAY, name="王𬱟", id_no=number[:6] + number[8:17], phone="13800000000",
                      workplace=None)
    record = ledgers.whole(village, left)
    assert done.result == left and (record.id_no, record.phone, record.closed_on) == (number, "13800000000", None)
    assert len(_stays(village, left)) == 2
    with pytest.raises(tenancies.LivesElsewhere):
        village.do(tenancies.register_tenant, room, TODAY, name="王𬱟", id_no=number)


def test_a_tenant_who_cannot_move_in_is_not_registered_either(village: Ledger) -> None:
    house = ledgers.a_house(village, "QHY0003")
    village.do(houses.close_house, house, TODAY, "01")
    before = village.digest()
    with pytest.raises(tenancies.HouseClosed):
        village.do(tenancies.register_tenant, ledgers.rooms_of(village, house)[0], TODAY, name="新来的", id_kind="999")
    assert village.digest() == before


# ---------------------------------------------------------------- warnings

def _move_in(ledger: Ledger, room: UUID, name: str, **values: Any) -> list[str]:
    person = ledger.do(people.register_person, name=name, id_kind="999", **values).result
    return [m.code for m in ledger.do(tenancies.move_in, person, room, TODAY).marks if m.field == "room"]


def test_six_square_metres_for_each_but_small_children(ledger: Ledger) -> None:
    room = ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0]
    ledger.do(houses.correct_room, room, area=1200)
    assert _move_in(ledger, room, "甲") == [] == _move_in(ledger, room, "乙")
    assert _move_in(ledger, room, "孩子", birth=TODAY - timedelta(days=4000)) == []
    assert _move_in(ledger, room, "少年", birth=TODAY - timedelta(days=4500)) == ["crowded"]


def test_a_house_with_more_people_than_it_is_for_is_warned_of(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger, max_people=1)
    first, second = ledgers.rooms_of(ledger, house)[:2]
    assert _move_in(ledger, first, "甲") == []
    assert _move_in(ledger, second, "乙") == ["house-full"]
    assert [r.people for r in ledger.ask(houses.list_houses, houses.FULL)] == [2]


def test_changing_rooms_inside_a_full_house_makes_it_no_fuller(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger, max_people=1))
    person = ledgers.a_tenant(ledger, rooms[0])
    ledger.do(houses.correct_room, rooms[1], max_people=1)
    assert ledger.do(tenancies.change_room, person, rooms[1], TODAY).marks == ()


def test_a_stay_that_overlaps_the_one_before_is_warned_of(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0], start=date(2026, 3, 1))
    ledger.do(tenancies.move_out, _stays(ledger, person)[0].id, date(2026, 6, 1))
    early = ledger.do(tenancies.move_in, person, rooms[1], date(2026, 5, 1))
    assert [(m.code, m.level) for m in early.marks] == [("lived-elsewhere", "warn")] and "2026-06-01 为止住在" in early.marks[0].text
    ledger.undo()
    assert ledger.do(tenancies.move_in, person, rooms[1], date(2026, 6, 1)).marks == ()


# ---------------------------------------------------------------- reported to the police

def test_reporting_twice_keeps_the_first_day_and_batch(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0], start=date(2026, 11, 1))
    stay = _stays(ledger, person)[0].id
    assert ledger.do(tenancies.mark_reported, [stay], date(2026, 11, 2), "甲").result == 1
    assert ledger.do(tenancies.mark_reported, [stay], date(2026, 11, 3), "乙").result == 0
    ledger.do(tenancies.move_out, stay, date(2026, 11, 10))
    assert ledger.do(tenancies.mark_reported, [stay], date(2026, 11, 11), "丙").result == 1
    assert ledger.do(tenancies.mark_reported, [stay], TODAY, "丁").result == 0
    told = _stays(ledger, person)[0]
    assert (told.reported_on, told.end_reported_on) == (date(2026, 11, 2), date(2026, 11, 11))
    with ledger.read() as read:
        record = read.get(Tenancy, stay)
        assert (record.reported_batch, record.end_reported_batch) == ("甲", "丙")


def test_many_are_reported_in_one_act_or_none(village: Ledger) -> None:
    stays = [s.id for name in ("彭兵", "王𬱟", "扎西·多吉") for s in _stays(village, village.search(name)[0].id)]
    before = village.digest()
    with pytest.raises(Gone):
        village.do(tenancies.mark_reported, [*stays, new_id()], TODAY, "1")
    assert village.digest() == before
    assert village.do(tenancies.mark_reported, stays, TODAY, "1").result == 4
    assert village.ask(people.count_people)[people.UNREPORTED] == 0
    village.undo()
    assert village.digest() == before


def test_a_moving_out_taken_back_is_reported_anew_when_it_comes(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0])
    stay = _stays(ledger, person)[0].id
    ledger.do(tenancies.move_out, stay, TODAY)
    ledger.do(tenancies.mark_reported, [stay], TODAY, "1")
    ledger.do(tenancies.cancel_move_out, stay)
    assert (_stays(ledger, person)[0].reported_on, _stays(ledger, person)[0].end_reported_on) == (TODAY, None)
