"""Three mechanisms: meetings with decisions line by line, talks and listings along their machine, and outreach."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.ledger import Ledger
from gridapp.records import Listing
from gridapp.work import hazards, listings, meetings, outreach, steps
from gridapp.work.meetings import BadDueDay, BadLine, Line
from gridapp.work.steps import Missing, WrongState
from tests.ledgers import TODAY

LATER = TODAY + timedelta(30)
#: step of the machine → how it is done
BY_STEP: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "约谈": (listings.hold_talk, ("镇党委副书记", "通报得分，提出要求")), "下达": (listings.order_rectification, ("三户通道堵塞", "清理通道｜张浩｜2026-12-31", LATER)),
    "签收": (listings.sign_rectification, ("张浩",)), "报送整改报告": (listings.report_rectification, ("已全部清理。",)), "达标": (listings.accept_rectification, (True, "李红", "达标")),
    "不达标": (listings.accept_rectification, (False, "李红", "通道又被占用")), "再整改": (listings.rectify_again, (LATER,))}


def a_listing(ledger: Ledger, **told: Any) -> UUID:
    values = {"kind": "01", "unit": "祠堂路1号出租房", "reason": "季度考核 72 分", "day": TODAY}
    return ledger.do(listings.open_listing, **values | told).result


def do(ledger: Ledger, listing: UUID, step: str) -> None:
    verb, told = BY_STEP[step]
    ledger.do(verb, listing, *told)


def state(ledger: Ledger, listing: UUID) -> str:
    return ledger.ask(listings.listing_card, listing).state


# ---------------------------------------------------------------- lines

@given(st.lists(st.tuples(st.text("事项甲乙", min_size=1, max_size=8), st.text("王李", max_size=3), st.dates().filter(lambda d: 1900 < d.year < 2200) | st.none(), st.text("已办", max_size=4)), max_size=5))
def test_lines_are_read_as_they_were_written(told: list[tuple[Any, ...]]) -> None:
    text = "\n".join("｜".join(str(part) if part is not None else "" for part in line) for line in told)
    assert meetings.lines_of(text) == tuple(Line(*line) for line in told)


@pytest.mark.parametrize("text", ["｜王建国", "甲｜乙｜2026-12-31｜已办｜丙"])
def test_a_line_nobody_could_read_is_refused(ledger: Ledger, text: str) -> None:
    before = ledger.digest()
    with pytest.raises(BadLine, match="第 2 行看不懂.*例如“全村烟感"):
        ledger.do(meetings.log_meeting, day=TODAY, chair="王建国", topics="季度例会", decisions=f"好的\n{text}")
    assert ledger.digest() == before


@pytest.mark.parametrize("day", ["下个月", "2026-02-30", "12-31前"])
def test_a_decision_until_no_day_says_which_line_and_how_to_write_it(ledger: Ledger, day: str) -> None:
    before = ledger.digest()
    with pytest.raises(BadDueDay, match=f"^第 2 行的时限“{day}”不是日期，没有保存。请写成 2026-12-31 这样；没有时限就空着。$"):
        ledger.do(meetings.log_meeting, day=TODAY, chair="王建国", topics="季度例会", decisions=f"好的\n安装烟感｜王建国｜{day}")
    with pytest.raises(BadDueDay, match="第 1 行的时限"):
        ledger.do(listings.open_listing, kind="01", unit="青后叶村", day=TODAY, reason="得分低", measures=f"安装烟感｜王建国｜{day}")
    assert ledger.digest() == before


def test_a_meeting_knows_which_decisions_are_late(ledger: Ledger) -> None:
    past = TODAY - timedelta(1)
    meeting = ledger.do(meetings.log_meeting, day=past, chair="王建国", topics="季度例会", invited=8, came=7,
                        decisions=f"装烟感｜李红｜{past}\n清通道|张浩|{past}|已办\n宣传｜李红｜{LATER}").result
    card = ledger.ask(meetings.meeting_card, meeting)
    assert [one.what for one in card.decisions] == ["装烟感", "清通道", "宣传"] and card.late == 1
    assert [(m.decisions, m.late) for m in ledger.ask(meetings.list_meetings)] == [(3, 1)]
    ledger.do(meetings.correct_meeting, meeting, decisions=f"装烟感｜李红｜{past}｜已办")
    assert ledger.ask(meetings.meeting_card, meeting).late == 0
    assert ledger.ask(meetings.count_meetings) == {meetings.YEAR: 1, meetings.ALL: 1}


# ---------------------------------------------------------------- talks and listings

def test_a_listing_goes_its_way_and_comes_back_once(ledger: Ledger) -> None:
    hazard = ledger.do(hazards.raise_hazard, place="祠堂路1号", content="堆物", degree="02").result
    listing = a_listing(ledger, about=hazard)
    told = ["约谈", "下达", "签收", "报送整改报告", "不达标", "再整改", "报送整改报告", "达标"]
    for step in told:
        do(ledger, listing, step)
    card = ledger.ask(listings.listing_card, listing)
    assert card.state == "达标摘牌" and card.cause == ("hazard", "堆物") and card.measures == (Line("清理通道", "张浩", LATER.replace(day=31, month=12)),)
    assert [s.step for s in card.story] == ["考核/警情触发", "约谈", "下达", "签收", "报送整改报告", "组织验收", "不达标", "再整改", "报送整改报告", "组织验收", "达标"]
    assert ledger.ask(listings.count_listings) == {listings.OPEN: 0, listings.LATE: 0, listings.SHUT: 1, listings.ALL: 1}
    ledger.undo()
    assert state(ledger, listing) == "反馈" and card.record.accepted_on == TODAY


def test_every_transition_has_its_verb_and_no_verb_does_another(ledger: Ledger) -> None:
    """From every state a walk comes to, each verb either does what the table says or refuses and changes nothing."""
    machine = steps.machine_of(Listing)
    seen = set[str]()
    frontier: list[tuple[str, ...]] = [()]
    while frontier:
        walked = frontier.pop()
        listing = a_listing(ledger)
        for step in walked:
            do(ledger, listing, step)
        here = state(ledger, listing)
        if here in seen:
            continue
        seen.add(here)
        for step in BY_STEP:
            # 组织验收 and what follows it are one act of `accept_rectification`
            start = "验收" if here == "反馈" and step in ("达标", "不达标") else here
            after = next((t.after for t in machine.steps(start) if t.step == step), None)
            before = ledger.digest()
            if after is None:
                with pytest.raises(WrongState, match="现在可以办|已经办完"):
                    do(ledger, listing, step)
                assert ledger.digest() == before
            else:
                do(ledger, listing, step)
                assert state(ledger, listing) == after
                ledger.undo()
                frontier.append((*walked, step))
    assert seen == set(machine.states) - {"验收"}


@pytest.mark.parametrize(("step", "told", "lacking"), [
    ("约谈", (" ", "谈了"), "约谈人"), ("下达", ("", "清理｜张浩", None), "存在问题、整改期限"), ("签收", ("",), "签收人"), ("报送整改报告", (" ",), "整改报告"),
    ("达标", (True, "", ""), "验收人、验收意见"), ("再整改", (None,), "整改期限")])
def test_what_a_step_lacks_is_named(ledger: Ledger, step: str, told: tuple[Any, ...], lacking: str) -> None:
    listing, before = a_listing(ledger), None
    before = ledger.digest()
    with pytest.raises(Missing, match=f"还缺：{lacking}。"):
        ledger.do(BY_STEP[step][0], listing, *told)
    assert ledger.digest() == before


# ---------------------------------------------------------------- outreach

def test_outreach_of_the_year(ledger: Ledger) -> None:
    made = ledger.do(outreach.log_outreach, day=TODAY, place="工业区一路", topic="04", people="王建国、派出所小李", audience=60, leaflets=80).result
    ledger.do(outreach.log_outreach, day=TODAY.replace(year=2025), place="文化礼堂", topic="02", people="王建国")
    ledger.do(outreach.correct_outreach, made, audience=65)
    assert [(o.place, o.audience) for o in ledger.ask(outreach.list_outreach)] == [("工业区一路", 65)]
    assert ledger.ask(outreach.count_outreach) == {outreach.YEAR: 1, outreach.ALL: 2}
    assert ledger.ask(outreach.outreach_card, made).record.recorder == "王建国"
