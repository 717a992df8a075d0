"""The dry run: who and what a row means, what would change, and what the officer is told before anything is written."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gridapp.errors import Mark
from gridapp.fields import idnumber
from gridapp.ledger import Ledger
from gridapp.records import House, Person
from gridapp.work import houses, people, tenancies
from tests import ledgers
from tests.ledgers import NUMBERS, TODAY
from tests.work.rows import a_house_row, a_row, codes, dry, take

#: 411203 198707112342 with 15 digits
FIFTEEN = NUMBERS[3][:6] + NUMBERS[3][8:17]
PASSPORT = "E12345678"


def row(**values: Any) -> Any:
    return a_row(**{"name": "彭兵", "id_no": NUMBERS[0]} | values)


def person(ledger: Ledger, number: str = NUMBERS[0]) -> Person:
    card = ledger.ask(people.known_by, number)
    assert card is not None
    return ledgers.whole(ledger, card.record.id)


def outcomes(ledger: Ledger, *rows: Any) -> list[str]:
    return [w.outcome for w in dry(ledger, *rows).rows]


# ---------------------------------------------------------------- new people

def test_a_new_person_gets_what_the_number_tells(ledger: Ledger) -> None:
    take(ledger, row())
    born = person(ledger)
    assert (born.sex, born.birth, born.hukou_code, born.id_kind, born.registered_on) == ("1", date(1967, 7, 11), "510185", "111", TODAY)


def test_a_contradiction_to_the_number_is_a_warning(ledger: Ledger) -> None:
    assert codes(dry(ledger, row(sex="2"), row(id_no=NUMBERS[1], name="吴丽", birth=TODAY.replace(year=2000)))) == [
        ["sex-differs"], ["birth-differs"]]


def test_a_cell_that_could_not_be_read_refuses_the_row_once(ledger: Ledger) -> None:
    unread = Mark("id_no", "block", "id-as-number", "…")
    plan = dry(ledger, a_row(unread, name="彭兵", house_no="没有"))
    assert codes(plan) == [["id-as-number"]] and plan.created["person"] == 0


def test_a_passport_without_its_kind_is_told_apart(ledger: Ledger) -> None:
    assert codes(take(ledger, row(id_no=PASSPORT))) == [["kind-guessed"]]
    assert person(ledger, PASSPORT).id_kind == idnumber.PASSPORT


# ---------------------------------------------------------------- people the register knows

def test_somebody_known_is_changed_where_the_row_says_more(ledger: Ledger) -> None:
    known = ledgers.a_person(ledger, phone="15026310431", workplace="旧厂")
    plan = take(ledger, row(workplace="新厂", education="70"))
    assert plan.updated["person"] == 1 and plan.created["person"] == 0
    now = person(ledger)
    assert (now.id, now.workplace, now.education, now.phone) == (known, "新厂", "70", "15026310431")


def test_an_empty_cell_empties_nothing(ledger: Ledger) -> None:
    ledgers.a_person(ledger, phone="15026310431", remark="独居", reported_on=TODAY, reported_batch="1")
    before = ledger.digest()
    assert outcomes(ledger, row(phone=None, remark=None, reported_on=None)) == ["same"]
    take(ledger, row(phone=None))
    assert ledger.digest() == before


def test_another_name_for_the_same_number_is_a_warning(ledger: Ledger) -> None:
    ledgers.a_person(ledger)
    plan = dry(ledger, row(name="彭斌"))
    assert codes(plan) == [["name-differs"]]
    text = plan.rows[0].marks[0].text
    assert "彭兵" in text and "彭斌" in text and "同一个人" in text


def test_another_kind_of_paper_for_the_same_number_is_a_warning(ledger: Ledger) -> None:
    ledgers.a_person(ledger, id_no=PASSPORT, id_kind=idnumber.PASSPORT)
    assert codes(dry(ledger, row(id_no=PASSPORT))) == [[]], "without a kind in the workbook the register's holds"
    plan = take(ledger, row(id_no=PASSPORT, id_kind=idnumber.HM_PERMIT))
    assert codes(plan) == [["bad-id"]], "the number is none of that kind"
    assert codes(take(ledger, row(id_no=PASSPORT, id_kind="990"))) == [["kind-differs"]]
    assert person(ledger, PASSPORT).id_kind == "990"


def test_fifteen_digits_and_the_eighteen_they_grew_to_are_one_person(ledger: Ledger) -> None:
    grown = ledgers.a_person(ledger, "阴帆", NUMBERS[3])
    assert outcomes(ledger, row(name="阴帆", id_no=FIFTEEN)) == ["same"]
    assert codes(dry(ledger, row(name="阴帆", id_no=FIFTEEN), row(name="阴帆", id_no=NUMBERS[3]))) == [[], ["same-row-twice"]]
    assert person(ledger, NUMBERS[3]).id == grown


def test_fifteen_digits_grow_to_eighteen(ledger: Ledger) -> None:
    old = ledgers.a_person(ledger, "阴帆", FIFTEEN)
    assert take(ledger, row(name="阴帆", id_no=NUMBERS[3])).updated["person"] == 1
    assert person(ledger, NUMBERS[3]).id == old


def test_two_rows_of_one_number_are_told_which(ledger: Ledger) -> None:
    plan = dry(ledger, row(), row(phone="15026310431"))
    assert codes(plan) == [[], ["same-row-twice"]]
    assert f"第 {plan.rows[0].row.row} 行" in plan.rows[1].marks[-1].text


def test_a_refused_row_does_not_stand_in_the_way_of_a_good_one(ledger: Ledger) -> None:
    assert codes(dry(ledger, row(house_no="没有"), row())) == [["unknown-house"], []]


def test_a_closed_person_stays_closed_unless_they_live_here_again(ledger: Ledger) -> None:
    room = ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0]
    known = ledgers.a_tenant(ledger, room, start=date(2026, 1, 1))
    ledger.do(tenancies.move_out, ledger.ask(people.person_card, known).stays[0].id, date(2026, 5, 1))
    ledger.do(people.close_person, known, date(2026, 5, 2), "其他")
    old = row(house_no="QHY0001", room_no="101", arrived_on=date(2026, 1, 1), workplace="新厂")
    assert codes(take(ledger, old)) == [["has-left", "closed-person"]]
    assert person(ledger).closed_on == date(2026, 5, 2) and person(ledger).workplace == "新厂"
    assert codes(take(ledger, row(house_no="QHY0001", room_no="102", start=TODAY))) == [["closed-person"]]
    assert person(ledger).closed_on is None and ledger.ask(people.count_people)["living"] == 1


def test_somebody_whose_registration_was_undone_is_new(ledger: Ledger) -> None:
    ledgers.a_person(ledger)
    ledger.undo()
    assert outcomes(ledger, row()) == ["created"]


# ---------------------------------------------------------------- people without a number

HOME = {"house_no": "QHY0001", "room_no": "101"}


def test_without_a_number_somebody_is_known_by_name_and_room(ledger: Ledger) -> None:
    ledgers.a_house(ledger)
    told = {"id_no": None, "birth": date(1967, 7, 11), "start": TODAY} | HOME
    assert codes(take(ledger, row(**told))) == [["no-id"]]
    assert outcomes(ledger, row(**told)) == ["same"]
    assert codes(dry(ledger, row(**told), row(**told))) == [["no-id"], ["same-row-twice"]]
    assert outcomes(ledger, row(id_no=None, birth=date(1990, 1, 1), **HOME)) == ["created"], "born on another day"
    assert outcomes(ledger, row(id_no=None, house_no="QHY0001", room_no="102")) == ["created"], "of the same name, in another room"


def test_a_number_added_since_is_kept_when_the_workbook_has_none(ledger: Ledger) -> None:
    room = ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0]
    ledgers.a_tenant(ledger, room)
    assert codes(take(ledger, row(id_no=None, **HOME))) == [["known-by-name"]]
    assert person(ledger).id_no == NUMBERS[0]


# ---------------------------------------------------------------- houses

def test_houses_are_created_changed_and_left_alone_by_their_number(ledger: Ledger) -> None:
    assert take(ledger, a_house_row(floors=3)).created["house"] == 1
    assert outcomes(ledger, a_house_row(floors=3)) == ["same"]
    assert take(ledger, a_house_row(floors=4, owner_phone=None)).updated["house"] == 1
    house: House = ledger.ask(houses.by_number, "QHY0001")
    assert (house.floors, house.owner_name, house.registered_on) == (4, "张浩", TODAY)


def test_houses_of_the_workbook_hold_its_people_wherever_they_stand(ledger: Ledger) -> None:
    plan = take(ledger, row(**HOME, start=TODAY), a_house_row())
    assert plan.created == {"house": 1, "room": 1, "person": 1, "tenancy": 1}


def test_a_house_twice_or_without_what_it_needs_is_refused(ledger: Ledger) -> None:
    assert codes(dry(ledger, a_house_row(), a_house_row(), a_house_row("QHY0002", owner_name=None))) == [
        [], ["same-row-twice"], ["no-owner_name"]]


def test_people_of_a_refused_house_are_refused(ledger: Ledger) -> None:
    assert codes(dry(ledger, a_house_row(owner_name=None), row(**HOME)))[1] == ["unknown-house"]


def test_a_closed_house_is_changed_but_stays_closed(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    ledger.do(houses.close_house, house, TODAY, "其他")
    assert codes(take(ledger, a_house_row(floors=9))) == [["closed-house"]]
    now = ledger.ask(houses.by_number, "QHY0001")
    assert (now.floors, now.closed_on) == (9, TODAY)


@pytest.mark.parametrize("sheets", [("人员", "人员"), ("人员", "旧表")])
def test_a_row_of_another_sheet_is_named_with_its_sheet(sheets: tuple[str, str], ledger: Ledger) -> None:
    from dataclasses import replace

    plan = dry(ledger, *(replace(row(), sheet=sheet) for sheet in sheets))
    assert ("工作表“人员”" in plan.rows[1].marks[-1].text) == (sheets[0] != sheets[1])
