"""People registered twice: found, merged, taken apart again; two stations that merge at once agree, and nothing of either is lost."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from gridapp.exchange import clashes
from gridapp.ledger import Ledger
from gridapp.records import Person, Room, Tenancy
from gridapp.work import aliases, merging, people, strays, tenancies, twins
from tests import ledgers
from tests.ledger.test_meeting import agree, give
from tests.meeting import all_meet, later, pcs


@pytest.fixture
def pair(ledger: Ledger, tmp_path: Path) -> list[Ledger]:
    """Two PCs with a house of three rooms."""
    ledgers.a_house(ledger)
    return pcs(tmp_path, ledger)


@pytest.fixture
def three(ledger: Ledger, tmp_path: Path) -> list[Ledger]:
    ledgers.a_house(ledger)
    return pcs(tmp_path, ledger, 3)


def room(ledger: Ledger, place: int) -> UUID:
    with ledger.read() as read:
        return [r.id for r in read.rows(sa.select(Room.id).order_by(Room.room_no))][place]


def everybody(*some: Ledger) -> list[UUID]:
    """Ids of all registrations, the smallest first."""
    with some[0].read() as read:
        return [r.id for r in read.rows(sa.select(Person.id).order_by(Person.id))]


def stays_of(ledger: Ledger, person: UUID) -> list[UUID]:
    with ledger.read() as read:
        return [r.id for r in read.rows(sa.select(Tenancy.id).where(Tenancy.person == person).order_by(Tenancy.id))]


def registered_twice(pair: list[Ledger], *, name: str = "彭兵", number: str = ledgers.NUMBERS[0]) -> tuple[UUID, UUID]:
    """One number on both PCs, a stay at each; they have met. The smaller id first."""
    one, other = pair[:2]
    first = ledgers.a_tenant(one, room(one, 0), name, number, date(2026, 11, 1))
    second = ledgers.a_tenant(other, room(other, 1), name, number, date(2026, 11, 10))
    one.do(people.correct_person, first, phone="13800001111")
    other.do(people.correct_person, second, workplace="世雅铸造厂")
    all_meet(*pair)
    return first, second


def test_one_number_on_two_pcs_is_two_rows_and_a_twin(pair: list[Ledger]) -> None:
    first, second = registered_twice(pair)
    for ledger in pair:
        [told] = ledger.ask(twins.twins)
        assert (told.keep, told.away, told.reason, told.exact) == (first, second, twins.NUMBER, True)
        assert told.why == "证件号码相同" and ledger.ask(clashes.count) == 0


def test_tidying_merges_exact_twins_fills_what_was_empty_and_brings_the_children(pair: list[Ledger]) -> None:
    one, other = pair
    first, second = registered_twice(pair)
    done = one.do(merging.tidy).result
    assert [(d.what, d.person, d.to) for d in done] == [(merging.MERGED, second, first)]
    all_meet(*pair)
    for ledger in pair:
        for asked in (first, second):
            card = ledger.ask(people.person_card, asked)
            assert (card.record.id, card.record.phone, card.record.workplace) == (first, "138****1111", "世雅铸造厂")
            assert len(card.stays) == 2
        assert ledger.ask(aliases.members, Person, first) == [first, second]
        assert [h.id for h in ledger.search(ledgers.NUMBERS[0])] == [first]
        assert ledger.ask(people.count_people)[people.ALL] == 1 and ledger.ask(twins.twins) == []
        assert ledger.history(second) and ledger.history(first)
    agree(*pair)


def test_tidying_again_does_nothing_and_is_no_act(pair: list[Ledger]) -> None:
    registered_twice(pair)
    pair[0].do(merging.tidy)
    acts, digest = len(pair[0].acts()), pair[0].digest()
    done = pair[0].do(merging.tidy)
    assert (done.result, done.act, len(pair[0].acts()), pair[0].digest()) == ([], None, acts, digest)


def test_the_same_merge_at_two_stations_at_once_agrees_without_a_question(pair: list[Ledger]) -> None:
    registered_twice(pair)
    for ledger in pair:
        ledger.do(merging.tidy)
    all_meet(*pair)
    for ledger in pair:
        assert ledger.ask(clashes.count) == 0 and ledger.do(merging.tidy).result == []
    agree(*pair)


def test_two_stations_that_prefer_different_registrations_still_agree_who_stays(pair: list[Ledger]) -> None:
    first, second = registered_twice(pair)
    pair[0].do(merging.merge_people, first, second)
    assert pair[1].do(merging.merge_people, second, first).result == first
    all_meet(*pair)
    assert {ledger.ask(aliases.root, Person, second) for ledger in pair} == {first}
    agree(*pair)


def test_the_preferred_registrations_values_win_whichever_id_stays(pair: list[Ledger]) -> None:
    one, _other = pair
    first, second = registered_twice(pair)
    one.do(people.correct_person, second, phone="13800002222")
    assert one.do(merging.merge_people, second, first, remark="核对过").result == first
    record = ledgers.whole(one, first)
    assert (record.phone, record.workplace, record.remark) == ("13800002222", "世雅铸造厂", "核对过")


def test_closed_in_one_registration_and_living_in_the_other_is_living(ledger: Ledger) -> None:
    ledgers.a_house(ledger)
    gone = ledgers.a_person(ledger)
    ledger.do(people.close_person, gone, ledgers.TODAY, "01")
    second = ledgers.a_person(ledger, id_no=ledgers.NUMBERS[1])
    ledger.do(tenancies.move_in, second, room(ledger, 0), ledgers.TODAY)
    to = ledger.do(merging.merge_people, gone, second).result
    assert to == gone and ledger.ask(people.person_card, to).record.closed_on is None
    assert ledger.ask(people.count_people)[people.LIVING] == 1


def test_taking_a_merge_apart_puts_everything_back(pair: list[Ledger]) -> None:
    one, _other = pair
    first, second = registered_twice(pair)
    before, stays = one.digest(), [stays_of(one, p) for p in (first, second)]
    one.do(merging.tidy)
    assert len(stays_of(one, first)) == 2 and one.digest() != before
    one.do(merging.unmerge, second)
    all_meet(*pair)
    for ledger in pair:
        assert ledger.digest() == before and [stays_of(ledger, p) for p in (first, second)] == stays
        assert ledger.do(merging.tidy).result == []  # nobody merges again what a person has taken apart
        [told] = ledger.ask(twins.twins)
        assert told.parted and told.exact
    agree(*pair)


def test_what_was_changed_after_the_merge_stays_when_it_is_taken_apart(pair: list[Ledger]) -> None:
    one, _other = pair
    first, second = registered_twice(pair)
    one.do(merging.tidy)
    one.do(people.correct_person, first, workplace="永康五金城")
    new = one.do(tenancies.move_out, stays_of(one, first)[0], date(2026, 11, 20)).result
    one.do(merging.unmerge, second)
    record = ledgers.whole(one, first)
    assert record.workplace == "永康五金城" and one.ask(people.person_card, second).record.workplace == "世雅铸造厂"
    assert new in stays_of(one, first)


def test_a_merge_can_be_undone_as_any_act(pair: list[Ledger]) -> None:
    one, _other = pair
    first, second = registered_twice(pair)
    before = one.digest()
    one.do(merging.merge_people, first, second)
    one.undo()
    assert one.digest() == before and one.ask(people.person_card, second).record.id == second


def test_merging_somebody_with_themselves_or_parting_who_is_alone_is_told(pair: list[Ledger]) -> None:
    first, second = registered_twice(pair)
    with pytest.raises(merging.NotMerged):
        pair[0].do(merging.unmerge, second)
    pair[0].do(merging.tidy)
    with pytest.raises(merging.OnePersonAlready):
        pair[0].do(merging.merge_people, second, first)


def test_a_link_to_a_greater_id_is_ignored_by_everybody(pair: list[Ledger]) -> None:
    """No circle can arise, whatever a station writes."""
    one, other = pair
    first, second = registered_twice(pair, number=ledgers.NUMBERS[1])
    one.do(point, first, second)
    give(one, other)
    for ledger in pair:
        assert ledger.ask(aliases.root, Person, first) == first and ledger.ask(people.count_people)[people.ALL] == 2
        assert {h.id for h in ledger.search(ledgers.NUMBERS[1])} == {first, second}
        ledger.do(merging.tidy)
        assert ledger.ask(aliases.root, Person, second) == first


def point(act: object, person: UUID, to: UUID) -> None:
    act.change(act.get(Person, person), into=to)  # type: ignore[attr-defined]


# ---------------------------------------------------------------- what others did without knowing

def test_a_stay_begun_elsewhere_on_the_merged_id_goes_to_the_one_who_stands_for_it(pair: list[Ledger]) -> None:
    one, other = pair
    first, second = registered_twice(pair)
    one.do(merging.tidy)
    other.do(tenancies.change_room, second, room(other, 2), date(2026, 11, 15))
    all_meet(*pair)
    done = one.do(merging.tidy).result
    assert [d.what for d in done] == [merging.RELINKED]
    all_meet(*pair)
    for ledger in pair:
        assert len(stays_of(ledger, first)) == 3 and stays_of(ledger, second) == []
    one.do(merging.unmerge, second)
    assert len(stays_of(one, second)) == 2
    agree(*pair[:1])


def test_an_edit_of_the_merged_id_is_carried_over_where_it_corrects_what_was_known(pair: list[Ledger]) -> None:
    one, other = pair
    first, second = registered_twice(pair)
    one.do(merging.tidy)
    later(other, 1)
    other.do(people.correct_person, second, workplace="永康五金城", remark="夜班")
    all_meet(*pair)
    assert {(s.field, s.plain) for s in one.ask(strays.strays)} == {("workplace", True), ("remark", True)}
    assert {d.what for d in one.do(merging.tidy).result} == {merging.CARRIED}
    all_meet(*pair)
    for ledger in pair:
        record = ledgers.whole(ledger, first)
        assert (record.workplace, record.remark) == ("永康五金城", "夜班") and ledger.ask(strays.strays) == []
        assert ledger.do(merging.tidy).result == []
    agree(*pair)
    one.do(people.correct_person, first, workplace="第三家厂")
    assert one.ask(strays.strays) == [], "what was carried over is decided, whatever is written later"


@pytest.mark.parametrize("carried", [True, False])
def test_an_edit_that_contradicts_the_person_is_listed_and_decided_by_somebody(pair: list[Ledger], carried: bool) -> None:
    one, other = pair
    first, second = registered_twice(pair)
    one.do(merging.tidy)
    other.do(people.correct_person, second, phone="13800009999")
    all_meet(*pair)
    [told] = one.ask(strays.strays)
    assert (told.person, told.field_label, told.said, told.now, told.plain) == (first, "联系电话", "138****9999", "138****1111", False)
    assert one.do(merging.tidy).result == []
    one.do(strays.carry_over, second, ["phone"] if carried else [])
    all_meet(*pair)
    for ledger in pair:
        assert ledger.ask(strays.strays) == [] and ledger.ask(clashes.count) == 0
        assert ledgers.whole(ledger, first).phone == ("13800009999" if carried else "13800001111")
    agree(*pair)


def test_nobody_disappears_when_the_one_who_stands_for_them_is_withdrawn_elsewhere(ledger: Ledger, tmp_path: Path) -> None:
    one, other = pcs(tmp_path, ledger)
    first = ledgers.a_person(one)
    give(one, other)
    second = ledgers.a_person(other, id_no=ledgers.NUMBERS[1])
    other.do(merging.merge_people, first, second)
    one.undo()
    all_meet(one, other)
    assert [d.what for d in one.do(merging.tidy).result] == [merging.PARTED]
    all_meet(one, other)
    for pc in (one, other):
        assert pc.ask(people.person_card, second).record.id == second and pc.ask(people.count_people)[people.ALL] == 1
        assert pc.do(merging.tidy).result == []
    agree(one, other)


# ---------------------------------------------------------------- three

@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_three_registrations_merged_pair_by_pair_at_three_pcs_come_together_in_any_order(three: list[Ledger], order: tuple[int, ...]) -> None:
    for place, pc in enumerate(three):
        person = ledgers.a_person(pc, id_no=ledgers.NUMBERS[0])
        pc.do(tenancies.move_in, person, room(pc, place), date(2026, 11, 1 + place))
    all_meet(*three)
    a, b, c = everybody(*three)
    for pc, (keep, away) in zip(three, ((a, b), (b, c), (a, c)), strict=True):
        pc.do(merging.merge_people, keep, away)
    for giver in order:
        for taker in range(3):
            if giver != taker:
                give(three[giver], three[taker])
    for pc in (three[i] for i in order):
        all_meet(*three)
        pc.do(merging.tidy)
    all_meet(*three)
    for pc in three:
        assert {pc.ask(aliases.root, Person, p) for p in (a, b, c)} == {a}
        assert len(stays_of(pc, a)) == 3 and pc.do(merging.tidy).result == [] and pc.ask(clashes.count) == 0
        assert len(pc.ask(people.list_people, people.ALL)) == 1
    agree(*three)


def test_the_middle_of_three_is_taken_apart_with_what_hung_on_it(three: list[Ledger]) -> None:
    one = three[0]
    for place, pc in enumerate(three):
        person = ledgers.a_person(pc, id_no=ledgers.NUMBERS[0])
        pc.do(tenancies.move_in, person, room(pc, place), date(2026, 11, 1 + place))
    all_meet(*three)
    a, b, c = everybody(one)
    before = [stays_of(one, p) for p in (a, b, c)]
    one.do(merging.merge_people, b, c)
    one.do(merging.merge_people, a, b)
    one.do(merging.unmerge, b)
    assert one.ask(aliases.root, Person, c) == b and len(stays_of(one, b)) == 2 and stays_of(one, a) == before[0]
    one.do(merging.unmerge, c)
    assert [stays_of(one, p) for p in (a, b, c)] == before


def test_what_came_late_for_the_last_of_three_goes_back_with_the_middle_one(three: list[Ledger]) -> None:
    one, _two, third = three
    for pc in three:
        ledgers.a_person(pc, id_no=ledgers.NUMBERS[0])
    all_meet(*three)
    a, b, c = everybody(one)
    one.do(merging.merge_people, b, c)
    one.do(merging.merge_people, a, b)
    third.do(tenancies.move_in, c, room(third, 0), date(2026, 11, 5))
    all_meet(*three)
    assert [d.what for d in one.do(merging.tidy).result] == [merging.RELINKED] and len(stays_of(one, a)) == 1
    one.do(merging.unmerge, b)
    assert (len(stays_of(one, a)), len(stays_of(one, b))) == (0, 1)


def test_what_was_filled_up_two_steps_is_taken_out_two_steps(three: list[Ledger]) -> None:
    one = three[0]
    for pc in three:
        ledgers.a_person(pc)
    all_meet(*three)
    a, b, c = everybody(one)
    one.do(people.correct_person, c, workplace="世雅铸造厂")
    before = one.digest()
    one.do(merging.merge_people, b, c)
    one.do(merging.merge_people, a, b)
    assert one.ask(people.person_card, c).record.workplace == "世雅铸造厂"
    one.do(merging.unmerge, c)
    assert one.ask(people.person_card, a).record.workplace is None
    one.do(merging.unmerge, b)
    assert one.digest() == before
