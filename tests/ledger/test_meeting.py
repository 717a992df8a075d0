"""Ledgers that meet: what one lacks is given, taken in and folded; what was written without knowing is kept and asked about."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from gridapp.ledger import Ledger, dealings
from gridapp.ledger.admission import Admitted, BadSeal
from gridapp.records import Person
from gridapp.work import people
from tests import ledgers


@pytest.fixture
def pair(ledger: Ledger, tmp_path: Path) -> tuple[Ledger, Ledger]:
    """The ledger and another PC of the same village that has just been brought up from it."""
    other = beside(tmp_path / "b.grid", ledger)
    return ledger, other


def beside(path: Path, ledger: Ledger) -> Ledger:
    """A second PC with the same register."""
    other = Ledger.create(path, ledgers.PASSWORD, "officer 1", ledger.scope, wall=ledgers.Clock(), cost=ledgers.CHEAP)
    give(ledger, other)
    other.officer = 1
    return other


def give(giver: Ledger, taker: Ledger) -> Admitted:
    """Hand everything over that the taker lacks, and write it into its book."""
    giver.close_seals()
    known = [i for ids in taker.heads().values() for i in ids]
    seals = list(giver.seals(giver.missing(giver.scopes(), known).sids))

    def book(session: object, told: Admitted) -> None:
        taken = {no: (*told.sids[no], act.bytes) for no, act in told.acts.items()}
        dealings.enter(session, dealings.Parcel(seals[0].id[:16], dealings.IN, giver.device, "merged", 0, 0, {}, {}, taken))  # type: ignore[arg-type]

    return taker.admit(seals, book) if seals else Admitted()


def shown(ledger: Ledger, person: UUID) -> tuple[str | None, str | None, int]:
    with ledger.read() as read:
        told = read.rows(sa.select(Person.phone, Person.workplace, Person.nconf).where(Person.id == person))[0]
    return told.phone, told.workplace, told.nconf


def agree(*some: Ledger) -> None:
    assert len({ledger.digest() for ledger in some}) == 1
    for ledger in some:
        assert ledger.verify().faults == ()
        before = ledger.digest()
        ledger.rebuild()
        assert ledger.digest() == before and ledger.verify().faults == ()


def test_what_one_lacks_comes_over_and_both_hold_the_same(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    ledgers.a_little_village(one)
    given = give(one, other)
    assert given.entries and not given.gaps and not given.clashes
    agree(one, other)
    assert [hit.label for hit in other.search("彭兵")] == [hit.label for hit in one.search("彭兵")] != []


def test_the_same_again_changes_nothing(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    ledgers.a_person(one)
    one.close_seals()
    seals = list(one.seals(one.missing([one.scope], []).sids))
    other.admit(seals)
    acts = len(other.acts())
    again = other.admit(seals)
    assert again.known == [s.id for s in seals] and not again.taken and len(other.acts()) == acts
    agree(one, other)


def test_different_fields_of_one_person_are_both_kept(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    person = ledgers.a_person(one)
    give(one, other)
    one.do(people.correct_person, person, phone="13800001111")
    other.do(people.correct_person, person, workplace="世雅铸造厂")
    give(one, other)
    give(other, one)
    assert shown(one, person) == shown(other, person) == ("13800001111", "世雅铸造厂", 0)
    agree(one, other)


def test_one_field_written_twice_is_a_question_and_its_answer_closes_it_everywhere(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    person = ledgers.a_person(one)
    give(one, other)
    one.do(people.correct_person, person, phone="13800001111")
    other.home, other._wall = other.home, ledgers.Clock(ledgers.NOON + 60_000)
    other._journal.wall = other._wall  # type: ignore[union-attr]
    other.do(people.correct_person, person, phone="13800002222")
    assert give(other, one).clashes == 1
    give(one, other)
    assert shown(one, person)[2] == shown(other, person)[2] == 1
    assert shown(one, person)[0] == shown(other, person)[0]
    agree(one, other)
    one.do(people.correct_person, person, phone="13800003333")
    give(one, other)
    assert shown(one, person)[::2] == shown(other, person)[::2] == ("13800003333", 0)
    agree(one, other)


def test_both_writing_the_same_is_no_question(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    person = ledgers.a_person(one)
    give(one, other)
    for ledger in pair:
        ledger.do(people.correct_person, person, phone="13800001111")
    give(one, other)
    give(other, one)
    assert shown(one, person)[2] == shown(other, person)[2] == 0
    agree(one, other)


def test_editing_somebody_another_has_closed_is_a_question(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    person = ledgers.a_person(one)
    give(one, other)
    one.do(people.close_person, person, ledgers.TODAY, "01")
    other.do(people.correct_person, person, phone="13800001111")
    give(one, other)
    give(other, one)
    assert shown(one, person)[2] == shown(other, person)[2] == 1
    agree(one, other)
    one.do(people.reopen_person, person)
    give(one, other)
    assert shown(one, person)[2] == shown(other, person)[2] == 0
    agree(one, other)


def test_weighing_tells_the_same_and_writes_nothing(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    person = ledgers.a_person(one)
    give(one, other)
    one.do(people.correct_person, person, phone="13800001111")
    ledgers.a_person(one, "吴丽", ledgers.NUMBERS[1])
    one.close_seals()
    seals = list(one.seals(one.missing([one.scope], [i for ids in other.heads().values() for i in ids]).sids))
    digest, heads = other.digest(), other.heads()
    weighed = other.weigh(seals)
    assert (other.digest(), other.heads()) == (digest, heads)
    told = {UUID(bytes=s.key[2]): s for s in weighed.seen if s.key[1] == Person.CODE}
    assert told[person].now is not None and told[person].now.values.get(11) is None
    assert told[person].then.values[11] == "13800001111"
    assert sum(s.now is None for s in told.values()) == 1
    assert other.admit(seals).entries == weighed.told.entries


def test_a_seal_whose_parents_are_missing_waits(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    ledgers.a_person(one)
    one.close_seals()
    ledgers.a_person(one, "吴丽", ledgers.NUMBERS[1])
    one.close_seals()
    first, second = list(one.seals(one.missing([one.scope], [i for ids in other.heads().values() for i in ids]).sids))
    before = other.digest()
    told = other.admit([second])
    assert told.gaps == {second.id: [first.id]} and not told.taken and other.digest() == before
    assert other.admit([second, first]).taken == [first.id, second.id]
    agree(one, other)


@pytest.mark.parametrize("what", ["payload", "sig", "order", "count"])
def test_a_seal_that_is_not_as_signed_is_refused_and_nothing_is_taken(pair: tuple[Ledger, Ledger], what: str) -> None:
    from dataclasses import replace

    one, other = pair
    ledgers.a_person(one)
    one.close_seals()
    [seal] = one.seals(one.missing([one.scope], [i for ids in other.heads().values() for i in ids]).sids)
    entries = list(seal.entries)
    spoilt = {
        "payload": lambda: replace(seal, entries=[*entries[:-1], entries[-1]._replace(phash=bytes(32))]),
        "sig": lambda: replace(seal, sig=bytes(64)),
        "order": lambda: replace(seal, entries=[entries[0], *reversed(entries[1:])] if len(entries) > 2 else entries[::-1]),
        "count": lambda: replace(seal, entries=entries[:-1], values=seal.values[:-1]),
    }[what]()
    before = other.digest()
    with pytest.raises(BadSeal):
        other.admit([spoilt])
    assert other.digest() == before and other.verify().faults == ()


def test_a_whole_taking_in_is_one_act_that_can_be_undone(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    person = ledgers.a_person(one, phone="13800001111")
    give(one, other)
    before = other.digest()
    one.do(people.correct_person, person, phone="13800002222")
    ledgers.a_person(one, "吴丽", ledgers.NUMBERS[1])
    give(one, other)
    assert other.acts(1)[0].verb == "merge_parcel"
    other.undo()
    assert other.digest() == before and other.verify().faults == ()
    give(other, one)
    agree(one, other)
    other.redo()
    give(other, one)
    assert shown(one, person)[0] == "13800002222"
    agree(one, other)


def test_ctrl_z_takes_back_own_work_not_a_colleagues(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    mine = ledgers.a_person(other, phone="13800001111")
    theirs = ledgers.a_person(one, "吴丽", ledgers.NUMBERS[1])
    one.close_seals()
    other.admit(list(one.seals(one.missing([one.scope], [i for ids in other.heads().values() for i in ids]).sids)))
    other.do(people.correct_person, mine, phone="13800002222")
    give(one, other)
    other.undo()
    assert shown(other, mine)[0] == "13800001111" and other.ask(people.person_card, theirs)


def test_erasing_wins_over_what_comes_later_and_leaves_no_trace(pair: tuple[Ledger, Ledger]) -> None:
    one, other = pair
    person = ledgers.a_person(one, "欧阳某某", phone="13800001111")
    give(one, other)
    other.do(people.correct_person, person, workplace="世雅铸造厂")
    one.do(erase, person)
    give(one, other)
    give(other, one)
    for ledger in pair:
        assert ledger.search("欧阳某某") == [] and shown_none(ledger, person)
    agree(one, other)


def erase(act: object, person: UUID) -> None:
    act.erase(act.get(Person, person), "个人信息保护法第四十七条")  # type: ignore[attr-defined]


def shown_none(ledger: Ledger, person: UUID) -> bool:
    with ledger.read() as read:
        return read.rows(sa.select(Person.id).where(Person.id == person)) == []


def test_a_restored_pc_goes_on_and_nothing_is_lost(pair: tuple[Ledger, Ledger], tmp_path: Path) -> None:
    """The same device signs two children of one parent (还原卡, Ghost): both are taken in."""
    one, other = pair
    ledgers.a_person(one)
    one.close()
    copy = ledgers.copy(one.path, tmp_path / "copy.grid")
    with ledgers.reopen(one.path) as first, ledgers.reopen(copy, ledgers.Clock(ledgers.NOON + int(timedelta(hours=1).total_seconds()) * 1000)) as again:
        ledgers.a_person(first, "甲", ledgers.NUMBERS[1])
        ledgers.a_person(again, "乙", ledgers.NUMBERS[2])
        give(first, other)
        give(again, other)
        give(other, first)
        give(other, again)
        agree(first, again, other)
        assert len(first.search("乙")) == len(again.search("甲")) == 1


def test_only_what_differs_is_written_into_a_row_that_is_there(pair: tuple[Ledger, Ledger]) -> None:
    """SQLite writes an index anew whenever its column is named: naming all of them took three times as long."""
    one, other = pair
    person = ledgers.a_person(one)
    give(one, other)
    one.do(people.correct_person, person, phone="13800001111", workplace="古山五金制品有限公司")
    other.do(people.correct_person, person, workplace="快递网点")
    heard: list[str] = []
    sa.event.listen(other.home.engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: heard.append(statement))
    give(one, other)
    assert [s.partition(" WHERE")[0] for s in heard if s.startswith("UPDATE person")] == ["UPDATE person SET phone = ?, ver = ?, nconf = ?"]
    assert shown(other, person) == ("13800001111", "快递网点", 1)
    give(other, one)
    agree(one, other)
