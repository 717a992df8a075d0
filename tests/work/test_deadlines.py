"""What is due: three working days for landlords, half a year for a permit, thirty days with relatives."""

from __future__ import annotations

from datetime import date

import pytest

from gridapp.ledger import Ledger
from gridapp.work import deadlines, people, tenancies
from gridapp.work.deadlines import plus_months
from tests import ledgers
from tests.ledgers import TODAY


def groups(ledger: Ledger) -> dict[str, deadlines.Group]:
    return {g.rule: g for g in ledger.ask(deadlines.due)}


def test_a_landlord_has_three_working_days(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    ledgers.a_tenant(ledger, rooms[0], start=date(2026, 11, 20))
    due = groups(ledger)["landlord_report_start"].first[0]
    assert (due.day, due.left) == (date(2026, 11, 25), 1)


def test_the_end_of_a_lease_is_reported_too_and_reporting_ends_it(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_tenant(ledger, rooms[0], start=date(2026, 11, 10))
    stay = ledger.ask(people.person_card, person).stays[0].id
    ledger.do(tenancies.move_out, stay, TODAY)
    assert set(groups(ledger)) == {"landlord_report_start", "landlord_report_end"}
    ledger.do(tenancies.mark_reported, [stay], TODAY, "一")
    assert groups(ledger) == {}


def test_half_a_year_after_registration_a_permit_may_be_asked_for(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledgers.a_person(ledger, registered_on=date(2026, 5, 20))
    ledger.do(tenancies.move_in, person, rooms[0], date(2026, 5, 20))
    assert groups(ledger)["permit_eligible"].first[0].day == date(2026, 11, 20)


def test_foreigners_are_reported_within_a_day(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    person = ledger.do(people.register_person, name="JOHN SMITH", id_kind="414", id_no="G1234567", nationality="USA").result
    ledger.do(tenancies.move_in, person, rooms[0], TODAY)
    assert groups(ledger)["foreigner_24h"].first[0].day == date(2026, 11, 25)


@pytest.mark.parametrize(("day", "months", "expected"), [
    (date(2026, 8, 31), 6, date(2027, 2, 28)), (date(2023, 8, 31), 6, date(2024, 2, 29)),
    (date(2026, 11, 24), 1, date(2026, 12, 24)), (date(2026, 12, 31), 2, date(2027, 2, 28))])
def test_months_end_where_the_month_ends(day: date, months: int, expected: date) -> None:
    assert plus_months(day, months) == expected


def test_the_figures_count_what_is_there(ledger: Ledger) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger))
    ledgers.a_tenant(ledger, rooms[0])
    told = ledger.ask(deadlines.figures)
    assert (told.people, told.houses, told.rooms, told.unreported) == (1, 1, 6, 1)
