"""Who looks registered twice, and why; houses that bear one number."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gridapp.ledger import Ledger
from gridapp.work import merging, people, twins
from tests import ledgers
from tests.meeting import all_meet, pcs


@pytest.fixture
def pair(ledger: Ledger, tmp_path: Path) -> list[Ledger]:
    return pcs(tmp_path, ledger)


def test_the_same_number_with_another_name_is_asked_not_merged(pair: list[Ledger]) -> None:
    for pc, name in zip(pair, ("彭兵", "彭斌"), strict=True):
        ledgers.a_person(pc, name)
    all_meet(*pair)
    [told] = pair[0].ask(twins.twins)
    assert (told.reason, told.exact) == (twins.NUMBER, False) and pair[0].do(merging.tidy).result == []


def test_fifteen_digits_and_the_eighteen_they_grew_to_are_one_number(pair: list[Ledger]) -> None:
    old = ledgers.NUMBERS[0][:6] + ledgers.NUMBERS[0][8:17]
    for pc, number in zip(pair, (old, ledgers.NUMBERS[0]), strict=True):
        ledgers.a_person(pc, id_no=number)
    all_meet(*pair)
    [told] = pair[1].ask(twins.twins)
    assert (told.reason, told.exact) == (twins.NUMBER, True)


def test_a_number_corrected_later_falls_out_of_a_group_or_into_one(pair: list[Ledger]) -> None:
    one, other = pair
    ledgers.a_person(one, "彭兵", ledgers.NUMBERS[0])
    second = ledgers.a_person(other, "王丽", ledgers.NUMBERS[0])
    third = ledgers.a_person(other, "吴海", ledgers.NUMBERS[2])
    all_meet(*pair)
    assert len(one.ask(twins.twins)) == 1
    one.do(people.correct_person, second, id_no=ledgers.NUMBERS[1])
    assert one.ask(twins.twins) == []
    other.do(people.correct_person, third, id_no=ledgers.NUMBERS[1])
    all_meet(*pair)
    assert {(t.keep, t.away) for t in one.ask(twins.twins)} == {(second, third)}


def test_two_people_of_one_name_are_not_asked_about_again_on_any_pc_until_that_is_taken_back(pair: list[Ledger]) -> None:
    one, other = pair
    first, second = (ledgers.a_person(one, "彭兵", number, id_kind="414", birth=date(1990, 1, 2)) for number in ("E1234567", "E7654321"))
    all_meet(*pair)
    done = one.do(merging.two_people, first, second)
    all_meet(*pair)
    for pc in pair:
        assert pc.ask(twins.twins) == [] and not pc.verify().faults
    third = ledgers.a_person(other, "彭兵", "E1111111", id_kind="414", birth=date(1990, 1, 2))
    assert {(t.keep, t.away) for t in other.ask(twins.twins)} == {(first, third), (second, third)}, "who comes later is asked about"
    other.undo()
    one.undo()
    all_meet(*pair)
    for pc in pair:
        assert [(t.keep, t.away) for t in pc.ask(twins.twins)] == [(first, second)] and pc.digest() == one.digest()
    assert other.do(merging.merge_people, first, second).result == first and done.touched


def test_one_number_is_never_two_people(pair: list[Ledger]) -> None:
    first, second = (ledgers.a_person(pc, name) for pc, name in zip(pair, ("彭兵", "彭斌"), strict=True))
    all_meet(*pair)
    with pytest.raises(merging.SameNumber):
        pair[0].do(merging.two_people, first, second)
    with pytest.raises(merging.OnePersonAlready):
        pair[0].do(merging.two_people, first, first)


def test_name_and_birth_and_name_and_phone_are_weaker_reasons(ledger: Ledger) -> None:
    first = ledgers.a_person(ledger, "彭兵", "E1234567", id_kind="414", birth=date(1990, 1, 2), phone="13800001111")
    second = ledgers.a_person(ledger, "彭兵", "E7654321", id_kind="414", birth=date(1990, 1, 2))
    third = ledgers.a_person(ledger, "彭兵", "E1111111", id_kind="414", phone="13800001111")
    told = {(t.keep, t.away): (t.reason, t.exact) for t in ledger.ask(twins.twins)}
    assert told == {(first, second): (twins.BIRTH, False), (first, third): (twins.PHONE, False)}
    assert ledger.do(merging.tidy).result == []


def test_a_family_with_one_phone_is_no_twin(ledger: Ledger) -> None:
    ledgers.a_person(ledger, "彭兵", "E1234567", id_kind="414", phone="13800001111")
    ledgers.a_person(ledger, "王丽", "E7654321", id_kind="414", phone="13800001111")
    assert ledger.ask(twins.twins) == []


def test_two_valid_numbers_are_two_people_whatever_else_agrees(ledger: Ledger) -> None:
    for number in ledgers.NUMBERS[:2]:
        ledgers.a_person(ledger, "彭兵", number, birth=date(1990, 1, 2), phone="13800001111")
    assert ledger.ask(twins.twins) == []


def test_who_was_withdrawn_is_nobodys_twin(pair: list[Ledger]) -> None:
    for pc in pair:
        ledgers.a_person(pc)
    pair[0].undo()
    all_meet(*pair)
    assert pair[0].ask(twins.twins) == []


def test_houses_of_one_number_are_listed_and_never_merged(pair: list[Ledger]) -> None:
    ids = {ledgers.a_house(pc, address=f"祠堂路{n}号") for n, pc in enumerate(pair)}
    all_meet(*pair)
    [told] = pair[0].ask(twins.same_house_numbers)
    assert told.house_no == "QHY0001" and {h for h, _address in told.houses} == ids
    assert pair[0].do(merging.tidy).result == []
