"""Petitions: one named person in charge, who it was before, until when, and what belongs to it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gridapp.ledger import Ledger
from gridapp.ledger.reader import Refused
from gridapp.records import Petition
from gridapp.work import chains, deadlines, parties, petitions, sittings
from gridapp.work.steps import Missing
from tests.ledgers import TODAY
from tests.work.cases import OF_PETITIONS, a_petition, walk


def test_who_was_in_charge_and_why_another_took_over_stays(ledger: Ledger) -> None:
    petition = walk(ledger, a_petition(ledger), "受理", "指定包案人", of=OF_PETITIONS)
    ledger.do(petitions.change_leader, petition, "陈国平", "王建国外出学习", "李红")
    card = ledger.ask(petitions.petition_card, petition)
    assert card.leaders == ((TODAY, "王建国", ""), (TODAY, "王建国", ""), (TODAY, "陈国平", "王建国外出学习"))
    assert (card.record.leader, card.record.team) == ("陈国平", "李红") and card.record.number == "古青后叶访〔2026〕第001号"


def test_nobody_in_charge_is_refused(ledger: Ledger) -> None:
    with pytest.raises(Refused, match="请填写包案人"):
        a_petition(ledger, leader=None)
    petition = walk(ledger, a_petition(ledger), "受理", of=OF_PETITIONS)
    with pytest.raises(Missing, match="还缺：包案人"):
        ledger.do(petitions.appoint_leader, petition, " ")


@pytest.mark.parametrize(("verb", "told", "lacking"), [
    (petitions.change_leader, ("陈国平", None), "理由"), (petitions.change_leader, (None, "忙"), "包案人"), (petitions.extend_petition, (None, "忙"), "期限"),
    (petitions.extend_petition, (date(2027, 1, 1), ""), "理由"), (petitions.answer_petition, (" ",), "办理结果")])
def test_a_step_says_what_it_lacks(ledger: Ledger, verb: object, told: tuple[object, ...], lacking: str) -> None:
    petition = walk(ledger, a_petition(ledger), "受理", "指定包案人", of=OF_PETITIONS)
    before = ledger.digest()
    with pytest.raises(Missing, match=f"还缺：{lacking}。"):
        ledger.do(verb, petition, *told)  # type: ignore[arg-type]
    assert ledger.digest() == before


def test_a_change_to_the_same_person_is_none(ledger: Ledger) -> None:
    petition = walk(ledger, a_petition(ledger), "受理", "指定包案人", of=OF_PETITIONS)
    with pytest.raises(petitions.SameLeader, match="现在就是“王建国”"):
        ledger.do(petitions.change_leader, petition, "王建国", "换人")


def test_late_ones_are_counted_and_due_until_they_are_answered(ledger: Ledger) -> None:
    came = TODAY - timedelta(days=40)
    late = a_petition(ledger, came_on=came, due_on=TODAY - timedelta(days=1))
    a_petition(ledger, "另一件", due_on=TODAY + timedelta(days=30))
    assert ledger.ask(petitions.count_petitions) == {"open": 2, "overdue": 1, "answered": 0, "shut": 0, "all": 2}
    (group,) = ledger.ask(deadlines.due)
    assert (group.rule, group.late, group.first[0].id, group.first[0].entity) == ("petition_due", 1, late, "petition")
    walk(ledger, late, "受理", "指定包案人", of=OF_PETITIONS)
    ledger.do(petitions.extend_petition, late, TODAY + timedelta(days=60), "现场鉴定")
    assert ledger.ask(petitions.petition_card, late).record.due_on == TODAY + timedelta(days=60)
    assert ledger.ask(deadlines.due) == [] and ledger.ask(petitions.count_petitions)["overdue"] == 0


def test_a_time_before_the_petition_came_is_refused(ledger: Ledger) -> None:
    petition = walk(ledger, a_petition(ledger), "受理", "指定包案人", of=OF_PETITIONS)
    with pytest.raises(Refused, match="早于来访日期"):
        ledger.do(petitions.extend_petition, petition, TODAY - timedelta(days=3), "写错")
    assert ledger.ask(petitions.petition_card, petition).record.due_on == date(2026, 12, 24)


def test_the_list_names_petitioners_and_puts_the_most_pressing_first(ledger: Ledger) -> None:
    for title, due in (("后", TODAY + timedelta(days=30)), ("无", None), ("先", TODAY + timedelta(days=2))):
        a_petition(ledger, title, due_on=due)
    assert [(r.title, r.parties) for r in ledger.ask(petitions.list_petitions)] == [("先", "张大海"), ("后", "张大海"), ("无", "张大海")]
    found = ledger.ask(parties.cases_matching, "先", Petition)
    assert [words for _id, words in found] == ["古青后叶访〔2026〕第003号 先"] and len(ledger.ask(parties.cases_matching, "张大", Petition)) == 3


def test_receptions_are_recorded_and_petitions_linked(ledger: Ledger) -> None:
    first, second = a_petition(ledger, "甲"), a_petition(ledger, "乙")
    ledger.do(sittings.record_sitting, first, kind=sittings.kind("接访"), mediators="王建国", content="说明了处理意见。")
    ledger.do(chains.link_petitions, second, first)
    card = ledger.ask(petitions.petition_card, first)
    assert [s.content for s in card.sittings] == ["说明了处理意见。"] and [(o.title, o.state, o.parties) for o in card.chain] == [("乙", "登记", "张大海")]
    assert [o.title for o in ledger.ask(chains.similar, parties=[{"phone": "13857900001"}], petitions=True, but=first)] == ["乙"]
    ledger.do(chains.unlink_petition, first)
    assert ledger.ask(chains.chain_of, second) == ()


def test_what_is_over_is_under_its_filter(ledger: Ledger) -> None:
    walk(ledger, a_petition(ledger), "不予受理", of=OF_PETITIONS)
    done = walk(ledger, a_petition(ledger), "受理", "指定包案人", "答复", of=OF_PETITIONS)
    assert ledger.ask(petitions.count_petitions)["answered"] == 1
    walk(ledger, done, "息诉息访", of=OF_PETITIONS)
    counted = ledger.ask(petitions.count_petitions)
    assert (counted["shut"], counted["answered"], counted["open"]) == (2, 0, 0)
    assert ledger.ask(petitions.petition_card, done).record.done_on == TODAY
