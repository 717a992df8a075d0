"""The steps of disputes and petitions through the verbs an officer runs: the table's and no other, each with what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridapp.fields import codes
from gridapp.ledger import Ledger
from gridapp.ledger.reader import Refused
from gridapp.records import Dispute, Petition
from gridapp.work import casefile, deadlines, disputes, mediations, parties, sittings, steps
from gridapp.work.steps import Missing, WrongDay, WrongState
from tests import ledgers
from tests.ledgers import TODAY
from tests.work import cases
from tests.work.cases import LATER, OF_DISPUTES, OF_PETITIONS, TO_AGREEMENT, TO_VISIT, a_dispute, a_petition, walk

BOTH = [(Dispute, a_dispute, OF_DISPUTES), (Petition, a_petition, OF_PETITIONS)]
KINDS = pytest.mark.parametrize(("entity", "begin", "verbs"), BOTH, ids=["dispute", "petition"])


@pytest.fixture(scope="module")
def walked(empty_ledger: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """One ledger for all walks: each begins a case of its own."""
    with ledgers.reopen(ledgers.copy(empty_ledger, tmp_path_factory.mktemp("walked") / "台账.grid")) as opened:
        yield opened


@KINDS
def test_there_is_a_verb_for_every_step_and_no_other(entity: Any, begin: Any, verbs: dict[str, Any]) -> None:
    assert set(verbs) == {t.step for t in steps.machine_of(entity).transitions}


@KINDS
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_any_walk_through_the_verbs_keeps_to_the_table(walked: Ledger, entity: Any, begin: Any, verbs: dict[str, Any], data: Any) -> None:
    machine, case = steps.machine_of(entity), begin(walked)
    state, told = machine.states[0], [machine.states[0]]
    for _round in range(data.draw(st.integers(0, 9))):
        wrong = data.draw(st.sampled_from(sorted(set(verbs) - {t.step for t in machine.steps(state)})))
        with pytest.raises(WrongState, match="现在可以办|没有下一步"):
            verbs[wrong](walked, case)
        assert cases.state(walked, case) == state
        if not machine.steps(state):
            break
        step = data.draw(st.sampled_from(machine.steps(state)))
        verbs[step.step](walked, case)
        state = step.after
        told.append(step.step)
        assert cases.state(walked, case) == state
    assert [s.step for s in walked.ask(steps.story, case)] == told


@pytest.mark.parametrize(("before", "verb", "told", "lacking"), [
    ((), mediations.accept_dispute, (TODAY, False), "告知当事人权利义务"), ((), mediations.accept_dispute, (None, True), "受理日期"),
    ((), mediations.decline_dispute, (" ",), "理由"), (("受理",), mediations.assign_mediators, (None,), "调解员"),
    (TO_AGREEMENT[:2], mediations.sign_agreement, (None, "现金", LATER), "协议内容"), (TO_AGREEMENT[:2], mediations.sign_agreement, ("一、", None, LATER), "履行方式"),
    (TO_AGREEMENT[:2], mediations.sign_agreement, ("一、", "现金", None), "履行期限"), (TO_AGREEMENT[:2], mediations.note_oral_agreement, ("",), "协议内容"),
    (TO_AGREEMENT[:2], mediations.end_mediation, (None,), "理由"), ((*TO_AGREEMENT[:2], "终止"), mediations.pass_dispute_up, (None, None), "接收单位、理由"),
    ((*TO_AGREEMENT[:2], "终止"), mediations.guide_to_court, ("",), "理由"), ((*TO_AGREEMENT, "开始履行"), mediations.finish_performance, (None,), "履行完毕日期"),
    ((*TO_AGREEMENT, "开始履行", "履行完毕"), mediations.visit_parties, (), "履行完毕以后的回访记录"),
])
def test_a_step_says_what_it_lacks_and_changes_nothing(ledger: Ledger, before: tuple[str, ...], verb: Any, told: tuple[Any, ...], lacking: str) -> None:
    dispute = walk(ledger, a_dispute(ledger), *before)
    kept = ledger.digest()
    with pytest.raises(Missing, match=f"还缺：{lacking}。请补上再办"):
        ledger.do(verb, dispute, *told)
    assert ledger.digest() == kept


def test_a_whole_dispute_tells_its_story(ledger: Ledger) -> None:
    dispute = walk(ledger, a_dispute(ledger), *TO_VISIT, "立卷")
    card = ledger.ask(disputes.dispute_card, dispute)
    assert card.record.number == "古青后叶调〔2026〕第001号" and card.record.agreement_no == "古青后叶调协〔2026〕第001号"
    assert [s.step for s in card.story] == ["登记", *TO_VISIT, "立卷"] and card.story[3].number == card.record.agreement_no
    assert card.record.archived_on == TODAY and card.record.performed_on == TODAY
    assert card.file.words == "已装 8/13，该有的都有了"


def test_an_agreement_needs_two_sides(ledger: Ledger) -> None:
    dispute = walk(ledger, a_dispute(ledger), *TO_AGREEMENT[:2])
    for party in ledger.ask(parties.parties_of, dispute)[1:]:
        with pytest.raises(parties.TooFewParties, match="至少要有 2 方当事人，现在是 1 方"):
            ledger.do(parties.take_party_out, party.id, "登记错了")
    assert ledger.do(mediations.sign_agreement, dispute, "一、和解。", "口头道歉", LATER).result.endswith("第001号")


def test_a_time_to_perform_before_the_agreement_is_refused(ledger: Ledger) -> None:
    dispute = walk(ledger, a_dispute(ledger), *TO_AGREEMENT[:2])
    with pytest.raises(mediations.WrongDue, match="早于协议日期"):
        ledger.do(mediations.sign_agreement, dispute, "一、和解。", "现金", TODAY - timedelta(days=1))


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1)])
def test_acceptance_before_the_finding_or_after_today_is_refused(ledger: Ledger, day: date) -> None:
    with pytest.raises(WrongDay, match="请改正"):
        ledger.do(mediations.accept_dispute, a_dispute(ledger), day, True)


# ---------------------------------------------------------------- visit and shelf

def test_a_visit_before_the_performance_does_not_count(ledger: Ledger) -> None:
    dispute = walk(ledger, a_dispute(ledger, found_on=TODAY - timedelta(days=9)), *TO_AGREEMENT, "开始履行", "履行完毕")
    visit = {"kind": sittings.kind("回访"), "mediators": "王建国", "content": "正在履行。"}
    ledger.do(sittings.record_sitting, dispute, **visit, day=TODAY - timedelta(days=2))
    with pytest.raises(Missing, match="回访记录"):
        ledger.do(mediations.visit_parties, dispute)
    ledger.do(sittings.record_sitting, dispute, **visit, day=TODAY)
    ledger.do(mediations.visit_parties, dispute)
    assert cases.state(ledger, dispute) == disputes.VISITED


def test_the_file_says_what_it_lacks_and_is_not_shelved_before(ledger: Ledger) -> None:
    dispute = walk(ledger, a_dispute(ledger), *TO_VISIT)
    ledger.do(casefile.fill_file, dispute, "01,02,03,06,07,09,11")
    told = ledger.ask(casefile.case_file, dispute)
    assert told.words == "已装 7/13，还缺：卷宗情况说明" and told.lacking == ("卷宗情况说明",)
    with pytest.raises(Missing, match="卷宗情况说明"):
        ledger.do(mediations.shelve_dispute, dispute)
    ledger.do(casefile.fill_file, dispute, "01,02,03,06,07,09,11,13")
    ledger.do(mediations.shelve_dispute, dispute)
    assert cases.state(ledger, dispute) == disputes.SHELVED


@pytest.mark.parametrize(("steps_", "values", "needed"), [
    ((*TO_AGREEMENT[:2], "口头协议"), {}, {"01", "02", "03", "08", "11", "13"}),
    (TO_AGREEMENT, {"source": "01"}, {"02", "03", "06", "07", "09", "11", "13"}),
    ((*TO_AGREEMENT[:2], "终止"), {"source": "01"}, {"02", "03", "06", "13"}),
])
def test_what_the_file_needs_follows_from_how_the_dispute_went(ledger: Ledger, steps_: tuple[str, ...], values: dict[str, Any], needed: set[str]) -> None:
    dispute = walk(ledger, a_dispute(ledger, **values), *steps_)
    assert {i.code for i in ledger.ask(casefile.case_file, dispute).items if i.needed} == needed


def test_an_agent_an_inquiry_and_a_court_bring_papers_of_their_own(ledger: Ledger) -> None:
    told = [dict(cases.PARTIES[0]) | {"agent": "张二海"}, cases.PARTIES[1]]
    dispute = walk(ledger, a_dispute(ledger, told=told), *TO_AGREEMENT)
    ledger.do(sittings.record_sitting, dispute, kind=sittings.kind("调查"), mediators="李红", content="走访邻居。")
    ledger.do(mediations.note_court, dispute, codes.table("court_confirm").find("已申请"), TODAY)
    needed = {i.code for i in ledger.ask(casefile.case_file, dispute).items if i.needed}
    assert {"05", "10", "12"} <= needed


def test_the_notice_of_rights_lies_in_the_file_from_the_acceptance_on(ledger: Ledger) -> None:
    dispute = walk(ledger, a_dispute(ledger), "受理")
    assert [i.name for i in ledger.ask(casefile.case_file, dispute).items if i.there] == ["权利义务告知书"]


# ---------------------------------------------------------------- time limits

def due(ledger: Ledger) -> dict[str, tuple[date, int]]:
    return {g.rule: (g.first[0].day, g.late) for g in ledger.ask(deadlines.due)}


def test_mediation_has_a_month_and_today_shows_its_last_days(ledger: Ledger) -> None:
    accepted = date(2026, 10, 31)
    dispute = a_dispute(ledger, found_on=accepted)
    ledger.do(mediations.accept_dispute, dispute, accepted, True)
    assert due(ledger) == {"mediation_period": (date(2026, 11, 30), 0)}
    assert ledger.ask(disputes.count_disputes)[disputes.SOON] == 1 == len(ledger.ask(disputes.list_disputes, disputes.SOON))
    assert ledger.ask(disputes.list_disputes)[0].due_on == date(2026, 11, 30) == ledger.ask(disputes.dispute_card, dispute).mediate_by
    walk(ledger, dispute, "指派调解员", "终止")
    assert due(ledger) == {} and ledger.ask(disputes.count_disputes)[disputes.SOON] == 0


def test_a_month_that_ends_after_the_week_does_not_press(ledger: Ledger) -> None:
    for accepted in (date(2026, 11, 1), date(2026, 11, 2)):  # until 1 December, which is in seven days, and the day after
        ledger.do(mediations.accept_dispute, a_dispute(ledger, found_on=accepted), accepted, True)
    assert [r.due_on for r in ledger.ask(disputes.list_disputes, disputes.SOON)] == [date(2026, 12, 1)]


def test_a_court_confirms_within_thirty_days_and_not_after(ledger: Ledger) -> None:
    agreed = TODAY - timedelta(days=30)
    dispute = walk(ledger, a_dispute(ledger, found_on=agreed), *TO_AGREEMENT[:2])
    ledger.do(mediations.sign_agreement, dispute, "一、和解。", "现金", LATER, day=agreed)
    assert due(ledger)["judicial_confirm"] == (TODAY, 0)
    applied, card = codes.table("court_confirm").find("已申请"), ledger.ask(disputes.dispute_card, dispute)
    assert card.court_by == TODAY
    ledger.do(mediations.note_court, dispute, applied, TODAY)
    assert "judicial_confirm" not in due(ledger)


def test_after_thirty_days_the_court_is_too_late_and_today_says_so(ledger: Ledger) -> None:
    agreed = TODAY - timedelta(days=31)
    dispute = walk(ledger, a_dispute(ledger, found_on=agreed), *TO_AGREEMENT[:2])
    ledger.do(mediations.sign_agreement, dispute, "一、和解。", "现金", LATER, day=agreed)
    assert due(ledger)["judicial_confirm"] == (TODAY - timedelta(days=1), 1)
    with pytest.raises(mediations.CourtTooLate, match="最后一天是 2026-11-23，已经过期"):
        ledger.do(mediations.note_court, dispute, codes.table("court_confirm").find("已申请"), TODAY)
    ledger.do(mediations.note_court, dispute, codes.table("court_confirm").find("不需要"))
    assert "judicial_confirm" not in due(ledger)


def test_what_was_agreed_by_word_of_mouth_no_court_confirms(ledger: Ledger) -> None:
    dispute = walk(ledger, a_dispute(ledger), *TO_AGREEMENT[:2], "口头协议")
    with pytest.raises(mediations.NoAgreement, match="还没有书面协议"):
        ledger.do(mediations.note_court, dispute, "03", TODAY)
    assert due(ledger) == {}


def test_performance_and_visit_have_their_days(ledger: Ledger) -> None:
    dispute = walk(ledger, a_dispute(ledger, found_on=TODAY - timedelta(days=40)), *TO_AGREEMENT[:2])
    ledger.do(mediations.sign_agreement, dispute, "一、赔偿。", "现金", TODAY - timedelta(days=2), day=TODAY - timedelta(days=40))
    ledger.do(mediations.note_court, dispute, codes.table("court_confirm").find("不需要"))
    assert due(ledger) == {"dispute_perform": (TODAY - timedelta(days=2), 1)}
    walk(ledger, dispute, "开始履行")
    ledger.do(mediations.finish_performance, dispute, TODAY, TODAY + timedelta(days=5))
    assert due(ledger) == {"dispute_visit": (TODAY + timedelta(days=5), 0)} and ledger.ask(disputes.count_disputes)[disputes.VISIT] == 1
    walk(ledger, dispute, "回访")
    assert due(ledger) == {}


def test_a_sitting_before_the_case_or_after_today_is_refused(ledger: Ledger) -> None:
    dispute = a_dispute(ledger)
    told = {"kind": sittings.kind("调解"), "mediators": "王建国", "content": "第一次调解。"}
    with pytest.raises(WrongDay, match="“调解”的日期"):
        ledger.do(sittings.record_sitting, dispute, **told, day=TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="日期在今天以后"):
        ledger.do(sittings.record_sitting, dispute, **told, day=TODAY + timedelta(days=1))
