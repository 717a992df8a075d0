"""One list of everything a person must decide: clashes with advice, twins, late writes, double stays and numbers, and what was merged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gridapp.exchange import inbox
from gridapp.exchange.inbox import Matter
from gridapp.fields import phones
from gridapp.ledger import Ledger
from gridapp.work import houses, merging, people, tenancies, twins
from tests import ledgers
from tests.ledger.test_meeting import give
from tests.meeting import all_meet, later, pcs


@pytest.fixture
def pair(ledger: Ledger, tmp_path: Path) -> list[Ledger]:
    return pcs(tmp_path, ledger)


def kinds(ledger: Ledger) -> dict[str, Matter]:
    return {m.kind: m for m in inbox.matters(ledger)}


def test_an_ordinary_village_has_nothing_to_decide(village: Ledger) -> None:
    assert inbox.matters(village) == []


def test_a_clash_is_told_with_advice_and_masked_where_it_is_private(pair: list[Ledger]) -> None:
    one, other = pair
    person = ledgers.a_person(one)
    give(one, other)
    one.do(people.correct_person, person, phone="13800001111")
    later(other, 1)
    other.do(people.correct_person, person, phone="13800002222")
    all_meet(*pair)
    [told] = inbox.matters(one)
    assert (told.kind, told.title, told.what, told.opens) == (inbox.BOTH, "彭兵", "联系电话", ("person", person))
    assert phones.mask("13800001111") in told.words and "13800001111" not in told.words
    assert told.advice is not None and told.advice_words == "138****2222" and inbox.typable(told.told)


def test_an_ended_record_that_was_edited_asks_without_a_third_value(pair: list[Ledger]) -> None:
    one, other = pair
    person = ledgers.a_person(one)
    give(one, other)
    one.do(people.close_person, person, ledgers.TODAY, "01")
    other.do(people.correct_person, person, workplace="世雅铸造厂")
    all_meet(*pair)
    told = kinds(one)[inbox.ENDED]
    assert "又改过 1 次" in told.words and not inbox.typable(told.told)


def test_people_registered_twice_are_asked_and_afterwards_listed_as_merged(pair: list[Ledger]) -> None:
    one, other = pair
    ledgers.a_person(one, "彭兵", phone="13800001111", workplace="世雅铸造厂")
    ledgers.a_person(other, "彭 兵", phone="13800002222")
    all_meet(*pair)
    told = kinds(one)[inbox.TWIN]
    assert told.what == "证件号码相同" and not told.told.across
    pairs = {p.field: p for p in one.ask(inbox.side_by_side, told.told.keep, told.told.away)}
    assert pairs["phone"].differ and set(pairs["phone"].words) == {"138****1111", "138****2222"}
    assert not pairs["id_no"].differ and not pairs["workplace"].differ and "remark" not in pairs
    one.do(merging.merge_people, told.told.keep, told.told.away)
    assert list(kinds(one)) == [inbox.MERGED] and kinds(one)[inbox.MERGED].told == told.told.away
    later(other, 1)
    other.do(people.correct_person, told.told.away, phone="13800003333")
    all_meet(*pair)
    late = kinds(one)[inbox.LATE]
    assert late.what == "联系电话" and late.told[0].said == "138****3333"


def test_two_stays_and_one_house_number_come_with_what_to_do(pair: list[Ledger]) -> None:
    one, other = pair
    house = ledgers.a_house(one)
    give(one, other)
    rooms = ledgers.rooms_of(one, house)
    person = ledgers.a_person(one)
    give(one, other)
    one.do(tenancies.move_in, person, rooms[0], date(2026, 11, 1))
    other.do(tenancies.move_in, person, rooms[1], date(2026, 11, 10))
    for ledger, address in ((one, "永康市古山镇青后叶村祠堂路2号"), (other, "永康市古山镇青后叶村祠堂路3号")):
        ledgers.a_house(ledger, "QHY0002", address=address)
    all_meet(*pair)
    told = kinds(one)
    assert set(told) == {inbox.STAYS, inbox.HOUSES} and told[inbox.HOUSES].what == "QHY0002"
    assert one.ask(inbox.open_count) == 2
    fix = told[inbox.STAYS].fix
    assert fix is not None
    one.do_in(told[inbox.STAYS].scope, fix[0], *fix[1])
    assert set(kinds(one)) == {inbox.HOUSES} and one.ask(houses.house_card, house) is not None


def test_two_who_were_parted_come_with_what_to_do_now(pair: list[Ledger]) -> None:
    one, other = pair
    for ledger, name in ((one, "彭兵"), (other, "彭斌")):
        ledgers.a_person(ledger, name)
    for ledger, phone, number in ((one, "13800001111", ledgers.NUMBERS[1]), (other, "13800001111", None)):
        ledgers.a_person(ledger, "王𬱟", number, phone=phone)
    all_meet(*pair)
    asked = [m for m in inbox.matters(one) if m.kind == inbox.TWIN]
    assert len(asked) == one.ask(inbox.open_count) == 2
    for told in asked:
        one.do(merging.merge_people, told.told.keep, told.told.away)
    assert one.ask(inbox.open_count) == 0 and not any(m.open for m in inbox.matters(one)), "what was merged is no question"
    for told in asked:
        one.do(merging.unmerge, told.told.away)
    parted = {m.told.reason: m for m in inbox.matters(one) if m.kind == inbox.TWIN}
    assert "更正其中一个人的证件号码" in parted[twins.NUMBER].words and "确认是两个人" in parted[twins.PHONE].words
