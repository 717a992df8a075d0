"""Where somebody lives by a workbook and by the register: stays begin, end, move, or are left alone, and nothing of it is silent."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from gridapp.ledger import Ledger
from gridapp.work import houses, intake, people, tenancies
from gridapp.work.people import Stay
from tests import ledgers
from tests.ledgers import NUMBERS, TODAY
from tests.work.rows import a_row, codes, dry, take

MARCH, MAY, JULY = date(2026, 3, 1), date(2026, 5, 1), date(2026, 7, 1)


@pytest.fixture
def rooms(ledger: Ledger) -> list[UUID]:
    """101 to 103 and 201 to 203 of QHY0001."""
    return ledgers.rooms_of(ledger, ledgers.a_house(ledger))


@pytest.fixture
def tenant(ledger: Ledger, rooms: list[UUID]) -> UUID:
    """彭兵, living in 101 since May."""
    return ledgers.a_tenant(ledger, rooms[0], start=MAY)


def row(**values: Any) -> Any:
    return a_row(**{"name": "彭兵", "id_no": NUMBERS[0], "house_no": "QHY0001", "room_no": "101"} | values)


def stays(ledger: Ledger, person: UUID) -> list[tuple[str, date | None, date | None]]:
    """(room number, start, end), newest first."""
    return [(s.place[-3:], s.start, s.end) for s in _stays(ledger, person)]


def _stays(ledger: Ledger, person: UUID) -> tuple[Stay, ...]:
    return ledger.ask(people.person_card, person).stays


def test_a_newcomer_moves_in_on_the_day_the_row_tells(ledger: Ledger, rooms: list[UUID]) -> None:
    take(ledger, row(start=MAY, arrived_on=MARCH, relation="01"))
    card = ledger.ask(people.known_by, NUMBERS[0])
    assert card is not None and [(s.place[-3:], s.start, s.end, s.relation) for s in card.stays] == [("101", MAY, None, "01")]


def test_without_a_day_the_day_of_arrival_counts_then_that_of_registering(ledger: Ledger, rooms: list[UUID]) -> None:
    plan = take(ledger, row(arrived_on=MARCH), row(name="吴丽", id_no=NUMBERS[1], registered_on=MAY), row(name="阴帆", id_no=NUMBERS[2]))
    begun = [card.stays[0].start for n in NUMBERS[:3] if (card := ledger.ask(people.known_by, n))]
    assert begun == [MARCH, MAY, TODAY]
    assert codes(plan) == [[], ["no-start"], ["no-start"]]


def test_a_room_nobody_registered_is_made(ledger: Ledger, rooms: list[UUID]) -> None:
    plan = take(ledger, row(room_no="1103", start=MAY))
    assert plan.created == {"house": 0, "room": 1, "person": 1, "tenancy": 1}
    house = ledger.ask(houses.by_number, "QHY0001")
    assert [(r.room_no, r.floor) for r in ledger.ask(houses.house_card, house.id).rooms if r.room_no == "1103"] == [("1103", 11)]


def test_a_stay_that_is_over_is_kept_as_over(ledger: Ledger, rooms: list[UUID]) -> None:
    take(ledger, row(start=MARCH, end=MAY, end_to="杭州"))
    assert stays(ledger, _known(ledger)) == [("101", MARCH, MAY)]
    assert ledger.ask(people.count_people)["living"] == 0


def _known(ledger: Ledger) -> UUID:
    card = ledger.ask(people.known_by, NUMBERS[0])
    assert card is not None
    return card.record.id


@pytest.mark.parametrize("values", [{"start": MAY}, {"arrived_on": MARCH}, {"arrived_on": MAY}, {}])
def test_somebody_living_in_that_room_goes_on_living_there(values: dict[str, Any], ledger: Ledger, tenant: UUID) -> None:
    take(ledger, row(**values))
    assert stays(ledger, tenant) == [("101", MAY, None)]


def test_an_end_date_ends_the_stay(ledger: Ledger, tenant: UUID) -> None:
    plan = take(ledger, row(end=JULY))
    assert plan.updated["tenancy"] == 1
    assert stays(ledger, tenant) == [("101", MAY, JULY)]


def test_no_end_date_takes_no_end_back(ledger: Ledger, tenant: UUID) -> None:
    ledger.do(tenancies.move_out, _stays(ledger, tenant)[0].id, JULY)
    plan = take(ledger, row(arrived_on=MARCH))
    assert codes(plan) == [["has-left"]]
    assert stays(ledger, tenant) == [("101", MAY, JULY)]


def test_an_end_the_register_knows_otherwise_is_left_and_told(ledger: Ledger, tenant: UUID) -> None:
    ledger.do(tenancies.move_out, _stays(ledger, tenant)[0].id, JULY)
    assert codes(take(ledger, row(end=TODAY))) == [["end-differs"]]
    assert stays(ledger, tenant) == [("101", MAY, JULY)]


def test_somebody_may_come_back_to_the_same_room(ledger: Ledger, tenant: UUID) -> None:
    ledger.do(tenancies.move_out, _stays(ledger, tenant)[0].id, JULY)
    assert codes(take(ledger, row(start=TODAY))) == [[]]
    assert stays(ledger, tenant) == [("101", TODAY, None), ("101", MAY, JULY)]


def test_another_room_with_a_day_is_a_move_on_that_day(ledger: Ledger, tenant: UUID) -> None:
    assert codes(take(ledger, row(room_no="202", start=JULY))) == [[]]
    assert stays(ledger, tenant) == [("202", JULY, None), ("101", MAY, JULY)]


@pytest.mark.parametrize("values", [{"arrived_on": MARCH}, {"start": MAY}, {}])
def test_another_room_without_a_day_is_a_move_today_and_told(values: dict[str, Any], ledger: Ledger, tenant: UUID) -> None:
    assert codes(take(ledger, row(room_no="202", **values))) == [["moved-today"]]
    assert stays(ledger, tenant) == [("202", TODAY, None), ("101", MAY, TODAY)]


def test_an_older_workbook_moves_nobody_back(ledger: Ledger, tenant: UUID, rooms: list[UUID]) -> None:
    ledger.do(tenancies.change_room, tenant, rooms[4], JULY)
    after = stays(ledger, tenant)
    assert codes(take(ledger, row(arrived_on=MAY))) == [[]], "the row tells of the stay that ended with the move"
    assert codes(take(ledger, row(room_no="103", start=MARCH))) == [["lives-elsewhere"]]
    assert stays(ledger, tenant) == after


def test_an_earlier_stay_is_added_behind_the_present_one(ledger: Ledger, tenant: UUID) -> None:
    assert codes(take(ledger, row(room_no="103", start=date(2025, 1, 1), end=MARCH))) == [[]]
    assert codes(take(ledger, row(room_no="203", start=MARCH, end=JULY))) == [["lives-elsewhere"]], "it would overlap"
    assert stays(ledger, tenant) == [("101", MAY, None), ("103", date(2025, 1, 1), MARCH)]


def test_somebody_who_left_does_not_live_elsewhere_before_that(ledger: Ledger, tenant: UUID) -> None:
    ledger.do(tenancies.move_out, _stays(ledger, tenant)[0].id, JULY)
    assert codes(take(ledger, row(room_no="202", start=MARCH))) == [["lived-elsewhere"]]
    assert stays(ledger, tenant) == [("101", MAY, JULY)]


@pytest.mark.parametrize("values", [{"start": JULY, "end": MARCH}, {"end": MARCH}])
def test_an_end_before_the_beginning_refuses_the_row(values: dict[str, Any], ledger: Ledger, tenant: UUID) -> None:
    assert codes(dry(ledger, row(**values))) == [["end-before-start"]]


def test_a_newcomer_cannot_have_left_before_coming(ledger: Ledger, rooms: list[UUID]) -> None:
    assert codes(dry(ledger, row(start=JULY, end=MARCH))) == [["end-before-start"]]


def test_a_beginning_to_come_is_doubtful(ledger: Ledger, rooms: list[UUID]) -> None:
    assert codes(dry(ledger, row(start=date(2027, 1, 31)))) == [["future-date"]]


def test_of_two_stays_in_one_room_the_day_of_the_beginning_tells_which(ledger: Ledger, tenant: UUID) -> None:
    ledger.do(tenancies.move_out, _stays(ledger, tenant)[0].id, JULY)
    take(ledger, row(start=date(2026, 8, 1), end=date(2026, 9, 1)))
    assert codes(dry(ledger, row(start=MAY, end=JULY))) == [[]]


def test_who_moves_stays_what_they_were_to_the_tenant(ledger: Ledger, rooms: list[UUID]) -> None:
    take(ledger, row(start=MAY, relation="03"))
    take(ledger, row(room_no="202", start=JULY))
    assert [s.relation for s in _stays(ledger, _known(ledger))] == ["03", "03"]


def test_who_left_and_lives_here_again_came_back_after_leaving(ledger: Ledger, tenant: UUID) -> None:
    """The day of arrival in the village is older than the leaving: it is no beginning of this stay."""
    ledger.do(tenancies.move_out, _stays(ledger, tenant)[0].id, JULY)
    assert codes(take(ledger, row(room_no="202", arrived_on=MARCH))) == [["no-start"]]
    assert stays(ledger, tenant) == [("202", TODAY, None), ("101", MAY, JULY)]


def test_an_end_to_come_is_a_plan(ledger: Ledger, tenant: UUID) -> None:
    assert codes(take(ledger, row(end=date(2027, 1, 31)))) == [["future-end"]]
    assert stays(ledger, tenant) == [("101", MAY, None)]
    assert ledger.ask(people.person_card, tenant).record.leave_planned == date(2027, 1, 31)


def test_what_a_row_tells_of_a_stay_is_corrected(ledger: Ledger, tenant: UUID) -> None:
    plan = take(ledger, row(start=MARCH, relation="02"))
    assert plan.updated == {"house": 0, "person": 1, "tenancy": 1}
    stay = _stays(ledger, tenant)[0]
    assert (stay.start, stay.relation) == (MARCH, "02")


def test_nobody_begins_to_live_in_a_closed_house(ledger: Ledger, rooms: list[UUID]) -> None:
    house = ledger.ask(houses.by_number, "QHY0001")
    ledger.do(houses.close_house, house.id, JULY, "其他")
    assert codes(dry(ledger, row(start=MAY))) == [["closed-house"]]
    assert codes(dry(ledger, row(start=MARCH, end=MAY))) == [[]], "they may have lived there"


def test_a_row_without_a_room_takes_in_the_person_alone(ledger: Ledger, rooms: list[UUID]) -> None:
    plan = take(ledger, row(room_no=None), row(name="吴丽", id_no=NUMBERS[1], house_no=None, room_no=None, address="别处1号"),
                row(name="阴帆", id_no=NUMBERS[2], house_no=None, room_no=None))
    assert codes(plan) == [["no-room"], ["no-house"], []]
    assert plan.created == {"house": 0, "room": 0, "person": 3, "tenancy": 0}


def test_an_address_of_the_register_will_do_for_the_house_number(ledger: Ledger, rooms: list[UUID]) -> None:
    take(ledger, row(house_no=None, address="永康市古山镇青后叶村 祠堂路1号", start=MAY))
    assert stays(ledger, _known(ledger)) == [("101", MAY, None)]


def test_a_report_to_the_police_is_kept_and_counts_for_stays_begun_by_then(ledger: Ledger, rooms: list[UUID]) -> None:
    take(ledger, row(start=MARCH, reported_on=MAY, reported_batch="2026-18"))
    take(ledger, row(room_no="202", start=JULY, reported_on=MAY))
    card = ledger.ask(people.person_card, _known(ledger))
    assert (card.record.reported_on, card.record.reported_batch) == (MAY, "2026-18")
    assert [(s.place[-3:], s.reported_on) for s in card.stays] == [("202", None), ("101", MAY)]
    take(ledger, row(room_no="202"))
    assert ledger.ask(people.person_card, card.record.id).record.reported_on == MAY, "silence takes nothing back"


def test_all_of_it_can_be_taken_back(ledger: Ledger, tenant: UUID) -> None:
    before = ledger.digest()
    ledger.do(intake.take_in, dry(ledger, row(room_no="202", start=JULY, relation="02")))
    ledger.undo()
    assert ledger.digest() == before and stays(ledger, tenant) == [("101", MAY, None)]
