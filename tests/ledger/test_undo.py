"""Undo and redo: any act can be taken back while nothing stands on it, and the journal only grows."""

from __future__ import annotations

import pytest

from gridapp.ledger import Ledger, undo
from gridapp.ledger.undo import AlreadyUndone, ChangedSince, NothingLeft, NothingToRedo, NothingToUndo, UsedSince
from gridapp.records import Person
from gridapp.work import people, tenancies
from tests import ledgers


def test_undo_brings_the_state_of_before_back_and_redo_the_one_after(ledger: Ledger) -> None:
    states = [ledger.digest()]
    house = ledgers.a_house(ledger)
    states.append(ledger.digest())
    rooms = ledgers.rooms_of(ledger, house)
    person = ledgers.a_person(ledger)
    states.append(ledger.digest())
    ledger.do(tenancies.move_in, person, rooms[0], ledgers.TODAY)
    states.append(ledger.digest())
    ledger.do(tenancies.change_room, person, rooms[1], ledgers.TODAY)
    states.append(ledger.digest())
    for earlier in reversed(states[:-1]):
        ledger.undo()
        assert ledger.digest() == earlier
    for later in states[1:]:
        ledger.redo()
        assert ledger.digest() == later
    assert ledger.verify().faults == ()
    with pytest.raises(NothingToRedo):
        ledger.redo()


def test_undo_redo_undo_goes_back_again(ledger: Ledger) -> None:
    before = ledger.digest()
    ledgers.a_person(ledger)
    after = ledger.digest()
    for expected in (before, after, before, after):
        (ledger.undo if expected == before else ledger.redo)()
        assert ledger.digest() == expected


def test_a_new_act_ends_redoing(ledger: Ledger) -> None:
    ledgers.a_person(ledger)
    ledger.undo()
    ledgers.a_person(ledger, "吴丽", ledgers.NUMBERS[1])
    with pytest.raises(NothingToRedo):
        ledger.redo()


def test_an_undone_person_is_found_no_more_and_may_be_registered_again(ledger: Ledger) -> None:
    ledgers.a_person(ledger)
    ledger.undo()
    assert ledger.search("彭兵") == []
    assert ledger.ask(people.count_people)["all"] == 0
    ledgers.a_person(ledger)
    assert len(ledger.search("彭兵")) == 1


def test_an_older_act_can_be_undone_when_its_fields_were_left_alone(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    first = ledger.do(people.correct_person, person, phone="13800001111").act
    ledger.do(people.correct_person, person, workplace="世雅铸造厂")
    ledger.undo(first)
    card = ledgers.whole(ledger, person)
    assert (card.phone, card.workplace) == (None, "世雅铸造厂")


def test_an_older_act_is_not_undone_over_a_newer_change(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    first = ledger.do(people.correct_person, person, phone="13800001111").act
    ledger.do(people.correct_person, person, phone="13800002222")
    with pytest.raises(ChangedSince) as told:
        ledger.undo(first)
    assert "联系电话" in told.value.text
    assert ledgers.whole(ledger, person).phone == "13800002222"


def test_a_room_with_people_in_it_is_not_undone_under_them(ledger: Ledger) -> None:
    house = ledger.acts(1)[0].id
    ledgers.a_house(ledger)
    act = ledger.acts(1)[0].id
    card = ledger.search("QHY0001")[0].id
    ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, card)[0])
    with pytest.raises(UsedSince):
        ledger.undo(act)
    assert house != act and ledger.verify().faults == ()


def test_when_everything_is_undone_there_is_nothing_more(ledger: Ledger) -> None:
    ledger.undo()
    with pytest.raises(NothingToUndo):
        ledger.undo()


def test_the_story_tells_undoing_too(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    ledger.do(people.correct_person, person, phone="13800001111")
    ledger.undo()
    ledger.redo()
    titles = [(s.title, s.officer) for s in ledger.history(person)]
    assert titles == [("登记人员", "王建国"), ("修改人员", "王建国"), ("撤销：修改人员", "王建国"), ("重做：修改人员", "王建国")]
    assert [(c.label, c.old, c.new) for c in ledger.history(person)[1].changes] == [("联系电话", "", "138****1111")]


def test_a_new_act_ends_redoing_though_it_was_undone_and_came_back(ledger: Ledger) -> None:
    ledgers.a_person(ledger)
    ledger.undo()
    ledgers.a_person(ledger, "吴丽", ledgers.NUMBERS[1])
    ledger.undo()
    ledger.redo()
    with pytest.raises(NothingToRedo):
        ledger.redo()


def test_an_act_is_not_undone_twice_and_an_undo_can_be_undone(ledger: Ledger) -> None:
    person = ledgers.a_person(ledger)
    after = ledger.digest()
    act = ledger.acts(1)[0].id
    undone = ledger.undo(act).act
    with pytest.raises(AlreadyUndone, match="已经撤销过"):
        ledger.undo(act)
    ledger.undo(undone)
    assert ledger.digest() == after
    assert [s.title for s in ledger.history(person)] == ["登记人员", "撤销：登记人员", "重做：登记人员"]


def test_a_long_row_of_undos_is_walked_page_by_page(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "PAGE", 3)
    person = ledgers.a_person(ledger)
    states = [ledger.digest()]
    for number in range(10):
        ledger.do(people.correct_person, person, remark=f"第{number}次")
        states.append(ledger.digest())
    for state in reversed(states[:-1]):
        ledger.undo()
        assert ledger.digest() == state
    assert [line.verb for line in ledger.acts(100)][:21] == ["undo"] * 10 + ["correct_person"] * 10 + ["register_person"]
    assert [line.standing for line in ledger.acts(100)][:21] == [True] * 10 + [False] * 10 + [True]
    assert ledger.acts(12) == ledger.acts(100)[:12]
    for state in states[1:]:
        ledger.redo()
        assert ledger.digest() == state


def test_an_erasing_does_not_stand_in_the_way_of_undo_and_is_not_taken_back(ledger: Ledger) -> None:
    person, gone = ledgers.a_person(ledger, phone="13800001111"), ledgers.a_person(ledger, "乙", ledgers.NUMBERS[1])
    before = ledger.digest()
    ledger.do(people.correct_person, person, phone="13800002222")
    changed = ledger.do(people.correct_person, gone, phone="13800003333").act
    erasing = ledger.do(lambda act: act.erase(act.get(Person, gone), "个人信息保护法第四十七条")).act
    for act in (erasing, changed):
        with pytest.raises(NothingLeft):
            ledger.undo(act)
    erased = ledger.digest()
    assert ledger.undo().act is not None
    with ledger.read() as read:
        assert read.get(Person, person).phone == "13800001111" and read.find(Person, gone) is None
    ledger.redo()
    assert ledger.digest() == erased != before and ledger.verify().faults == ()
