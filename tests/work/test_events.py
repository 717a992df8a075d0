"""Events go the machine's way only, each step with what it needs; several recipients each receive and answer for themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridapp.exchange import founding
from gridapp.fields.masked import Masked
from gridapp.ledger import Ledger
from gridapp.ledger.reader import Refused
from gridapp.records import Event
from gridapp.work import eventlists, events, pushes, steps
from gridapp.work.events import NotLater
from gridapp.work.pushes import AlreadyPushed, Unanswered
from gridapp.work.steps import Missing, WrongState
from tests import ledgers
from tests.exchange import handing
from tests.exchange.paired import a_village
from tests.ledgers import TODAY

LATER = TODAY + timedelta(5)
BY_STEP: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "上报": (events.send_up, ()), "自行处置": (events.settle_here, ("已劝离",)), "受理": (events.accept_event, ()), "不予受理": (events.turn_away, ("不属本镇",)),
    events.DISPATCH: (events.dispatch, (["镇平台", "派出所"], LATER)), "签收": (events.sign_for, ("周警官",)), "退单": (events.refuse_event, ("不归我们管",)),
    "反馈": (events.feed_back, ("已处理",)), "申请延期": (events.put_off, ()), "恢复": (events.go_on, ()), "核查不通过": (events.examine, (False, "没办完")),
    "核查通过": (events.examine, (True,)), "评价": (events.rate_event, ("01",))}


@pytest.fixture(scope="module")
def walked(empty_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with ledgers.reopen(ledgers.copy(empty_ledger, tmp_path_factory.mktemp("walked") / "a.grid")) as ledger:
        yield ledger


def an_event(ledger: Ledger, **told: Any) -> UUID:
    values = {"title": "工业区一路打架", "kind": "02", "place": "工业区一路路口", "content": "两人酒后动手", "teller": "彭兵", "teller_phone": "13800001111", "grade": "04"}
    return ledger.do(events.report_event, **values | told).result


def do(ledger: Ledger, event: UUID, step: str) -> None:
    """One step by its verb; before 反馈 everybody who was told answers, an extension is later than what there was."""
    verb, told = BY_STEP[step]
    card = ledger.ask(eventlists.event_card, event)
    if step == "反馈" and card.state == "处置中":
        for push in card.pushes:
            if push.answered_on is None:
                ledger.do(pushes.answer_push, push.id, "已到场")
    if step == "申请延期":
        told = ("等鉴定", card.record.due_on + timedelta(3))
    ledger.do(verb, event, *told)


def state(ledger: Ledger, event: UUID) -> str:
    return ledger.ask(eventlists.event_card, event).state


def test_every_transition_has_its_verb_and_no_verb_does_another(ledger: Ledger) -> None:
    """From every state a walk comes to, each verb either does what the table says or refuses and changes nothing."""
    machine, seen, frontier = steps.machine_of(Event), set[str](), list[tuple[str, ...]]([()])
    assert set(BY_STEP) == {t.step for t in machine.transitions}
    while frontier:
        walked = frontier.pop()
        event = an_event(ledger)
        for step in walked:
            do(ledger, event, step)
        here = state(ledger, event)
        if here in seen:
            continue
        seen.add(here)
        for step in BY_STEP:
            after = next((t.after for t in machine.steps(here) if t.step == step), None)
            before = ledger.digest()
            if after is None:
                with pytest.raises(WrongState, match="现在可以办|已经办完"):
                    do(ledger, event, step)
                assert ledger.digest() == before
            else:
                do(ledger, event, step)
                assert state(ledger, event) == after
                frontier.append((*walked, step))
                event = an_event(ledger)
                for again in walked:
                    do(ledger, event, again)
    assert seen == set(machine.states)


@settings(max_examples=25)
@given(data=st.data())
def test_any_walk_of_the_verbs_is_a_walk_of_the_table(walked: Ledger, data: Any) -> None:
    """Steps drawn blindly, now and then one the state has not: the table, the record and its story always say the same."""
    machine, event, told = steps.machine_of(Event), an_event(walked), ["采集"]
    now = machine.states[0]
    for _ in range(data.draw(st.integers(1, 14))):
        able = {t.step: t.after for t in machine.steps(now)}
        step = data.draw(st.one_of(st.sampled_from(sorted(able)), st.sampled_from(sorted(BY_STEP))) if able else st.sampled_from(sorted(BY_STEP)))
        if step in able:
            do(walked, event, step)
            now, told = able[step], [*told, step]
        else:
            with pytest.raises(WrongState):
                do(walked, event, step)
        card = walked.ask(eventlists.event_card, event)
        assert (card.state, [s.step for s in card.story]) == (now, told)
        assert now not in ("待核查", "待评价", "已归档") or all(p.answered_on for p in card.pushes)


@pytest.mark.parametrize(("step", "told", "lacking"), [
    (events.settle_here, (" ",), "处置结果"), (events.turn_away, ("",), "理由"), (events.dispatch, ([], None), "推送对象、办理期限"), (events.sign_for, ("",), "签收人"),
    (events.refuse_event, ("",), "理由"), (events.feed_back, ("",), "处置结果"), (events.put_off, ("", None), "理由、新的期限"), (events.examine, (False, " "), "理由"),
    (events.rate_event, ("",), "评价")])
def test_what_a_step_lacks_is_named(ledger: Ledger, step: Any, told: tuple[Any, ...], lacking: str) -> None:
    event, before = an_event(ledger), ledger.digest()
    before = ledger.digest()
    with pytest.raises(Missing, match=f"还缺：{lacking}。"):
        ledger.do(step, event, *told)
    assert ledger.digest() == before


def test_an_event_has_a_number_a_day_by_its_grade_and_a_story(ledger: Ledger) -> None:
    card = ledger.ask(eventlists.event_card, an_event(ledger, grade="02"))
    assert card.record.number == f"古青后叶事〔{TODAY.year}〕第001号" and card.record.due_on == TODAY + timedelta(2)
    assert [s.step for s in card.story] == ["采集"] and isinstance(card.record.teller_phone, Masked)
    with pytest.raises(Refused, match="发生日期在今天以后"):
        an_event(ledger, day=TODAY + timedelta(1))


def test_several_recipients_each_receive_and_answer_for_themselves(ledger: Ledger) -> None:
    event = an_event(ledger, police=True)
    ledger.do(pushes.push_event, event, pushes.usual())
    row = ledger.ask(eventlists.list_events)[0]
    assert (row.pushed, row.answered) == (3, 0) and pushes.usual() == ["镇平台", "村（网格）", "职能部门"]
    with pytest.raises(AlreadyPushed, match="已经推送给“镇平台”"):
        ledger.do(pushes.push_event, event, ["镇平台"])
    first, second, _third = ledger.ask(pushes.pushes_of, event)
    ledger.do(pushes.receive_push, first.id, "李红")
    ledger.do(pushes.answer_push, second.id, "已派人巡查")
    with pytest.raises(Refused, match="反馈日期早于推送日期"):
        ledger.do(pushes.answer_push, first.id, "好", TODAY - timedelta(1))
    told = ledger.ask(pushes.pushes_of, event)
    assert [(p.receiver, p.received_on, p.answered_on) for p in told] == [("李红", TODAY, None), (None, TODAY, TODAY), (None, None, None)]
    assert ledger.ask(eventlists.count_events) == {eventlists.OPEN: 1, eventlists.LATE: 0, eventlists.UNANSWERED: 1, eventlists.POLICE: 1, eventlists.SHUT: 0, eventlists.ALL: 1}
    ledger._wall.ms += 8 * 86_400_000
    assert ledger.ask(eventlists.count_events)[eventlists.LATE] == 1 and ledger.ask(pushes.count_late_pushes) == 2
    ledger.do(pushes.answer_push, first.id, "好")
    ledger.do(pushes.push_event, event, ["镇平台"], TODAY + timedelta(30))


def dispatched(ledger: Ledger, *recipients: str) -> UUID:
    """An event that is being dealt with by these."""
    event = an_event(ledger)
    for step in ("上报", "受理"):
        do(ledger, event, step)
    ledger.do(events.dispatch, event, list(recipients), LATER)
    return event


def test_an_event_is_fed_back_when_everybody_who_was_told_has_answered(ledger: Ledger) -> None:
    event = dispatched(ledger, "镇平台", "派出所")
    ledger.do(events.sign_for, event, "周警官", "派出所")
    first, second = ledger.ask(pushes.pushes_of, event)
    assert (first.receiver, second.receiver, second.received_on) == (None, "周警官", TODAY), "who signed for it has received its push"
    ledger.do(pushes.answer_push, first.id, "已到场")
    before = ledger.digest()
    with pytest.raises(Unanswered, match="已反馈 1/2，还差“派出所”"):
        ledger.do(events.feed_back, event, "已处理")
    assert ledger.digest() == before and ledger.ask(eventlists.list_events)[0].answered == 1
    ledger.do(pushes.answer_push, second.id, "无需办理")
    ledger.do(events.feed_back, event, "已处理")
    assert state(ledger, event) == "待核查"


def test_what_is_sent_back_counts_as_the_answer_and_is_dispatched_anew(ledger: Ledger) -> None:
    event = dispatched(ledger, "城管中队", "派出所")
    ledger.do(pushes.push_event, event, ["镇平台"])
    ledger.do(events.refuse_event, event, "不归我们管")
    assert [p.answer for p in ledger.ask(pushes.pushes_of, event)] == ["退单：不归我们管", "退单：不归我们管", None]
    ledger.do(events.dispatch, event, ["派出所", "镇平台"], LATER + timedelta(1))
    assert [(p.recipient, p.due_on) for p in ledger.ask(pushes.pushes_of, event) if p.answered_on is None] == [
        ("镇平台", LATER + timedelta(1)), ("派出所", LATER + timedelta(1))]


def test_an_extension_gives_more_time_to_those_who_have_not_answered(ledger: Ledger) -> None:
    event = dispatched(ledger, "镇平台", "派出所")
    ledger.do(events.sign_for, event, "周警官")
    ledger.do(pushes.answer_push, ledger.ask(pushes.pushes_of, event)[0].id, "已到场")
    with pytest.raises(NotLater, match=str(LATER)):
        ledger.do(events.put_off, event, "等鉴定", LATER)
    ledger.do(events.put_off, event, "等鉴定", LATER + timedelta(4))
    card = ledger.ask(eventlists.event_card, event)
    assert (card.state, card.record.due_on, [p.due_on for p in card.pushes]) == ("挂起", LATER + timedelta(4), [LATER, LATER + timedelta(4)])


def test_what_is_filed_waits_for_nobody(ledger: Ledger) -> None:
    event = an_event(ledger)
    ledger.do(pushes.push_event, event, ["镇平台"], TODAY)
    for step in ("自行处置", "核查通过", "评价"):
        do(ledger, event, step)
    ledger._wall.ms += 8 * 86_400_000
    counts = ledger.ask(eventlists.count_events)
    assert (counts[eventlists.UNANSWERED], counts[eventlists.SHUT], ledger.ask(pushes.count_late_pushes)) == (0, 1, 0)


def alike(ledger: Ledger, *told: Any, **more: Any) -> list[tuple[str, str]]:
    return [(one.title, one.why) for one in ledger.ask(eventlists.similar_events, *told, **more)]


def test_what_looks_the_same_is_found(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    fight = an_event(ledger, house=house)
    an_event(ledger, title="路灯不亮", place="祠堂路1号", day=TODAY - timedelta(30))
    an_event(ledger, title="路灯坏了", place="祠堂路2号", day=TODAY - timedelta(31))
    assert alike(ledger, "", "工业区一路") == [("工业区一路打架", "同一地点")] and alike(ledger, "", "", house) == [("工业区一路打架", "同一房屋")]
    assert alike(ledger, "祠堂前路灯不亮") == [("路灯不亮", "标题相近")] == alike(ledger, "路灯"), "a month is thirty days"
    assert alike(ledger, "工业区有人打架") == [("工业区一路打架", "标题相近")] and alike(ledger, "工业区有人打架", but=fight) == []
    assert alike(ledger) == alike(ledger, "x", "一路") == alike(ledger, "占道经营") == []


def test_events_that_tell_of_one_thing_are_linked(ledger: Ledger) -> None:
    first, second, third = an_event(ledger), an_event(ledger, title="打架"), an_event(ledger, title="又打架")
    ledger.do(events.link_event, second, first)
    ledger.do(events.link_event, first, third)
    ids = {first, second, third}
    for one in ids:
        assert {other.id for other in ledger.ask(eventlists.event_card, one).others} == ids - {one}
    fourth = an_event(ledger, title="还在打", linked=second)
    assert {other.title for other in ledger.ask(eventlists.event_card, fourth).others} == {"工业区一路打架", "打架", "又打架"}
    with pytest.raises(Refused, match="这就是它自己"):
        ledger.do(events.link_event, an_event(ledger), fourth := an_event(ledger)) and ledger.do(events.link_event, fourth, fourth)
    assert [words for _id, words in ledger.ask(eventlists.events_matching, "又打")] == [f"古青后叶事〔{TODAY.year}〕第003号 又打架"]


def test_what_the_town_does_comes_back_to_the_village(tmp_path: Path) -> None:
    """The whole way on a stick: told in the village, taken in and dispatched at the town, seen again in the village."""
    with handing.a_town(tmp_path / "town.grid") as town, a_village(tmp_path / "village.grid") as village:
        founding.escrow_written(town)
        handing.joined(town, village, tmp_path)
        event = an_event(village)
        village.do(events.send_up, event)
        handing.round_trip(village, town, tmp_path)
        town.do_in(village.scope, events.accept_event, event)
        town.do_in(village.scope, events.dispatch, event, ["派出所"], LATER)
        handing.round_trip(village, town, tmp_path)
        card = village.ask(eventlists.event_card, event)
        assert card.state == "待签收" and [(p.recipient, p.due_on) for p in card.pushes] == [("派出所", LATER)]
        town.do_in(village.scope, events.sign_for, event, "周警官", "派出所")
        town.do_in(village.scope, pushes.answer_push, card.pushes[0].id, "已出警")
        village.do(pushes.push_event, event, ["村（网格）"])
        handing.round_trip(village, town, tmp_path)
        with pytest.raises(Unanswered, match="已反馈 1/2，还差“村（网格）”"):
            town.do_in(village.scope, events.feed_back, event, "双方和解")
        village.do(pushes.answer_push, village.ask(pushes.pushes_of, event)[1].id, "已安抚")
        handing.round_trip(village, town, tmp_path)
        town.do_in(village.scope, events.feed_back, event, "双方和解")
        handing.round_trip(village, town, tmp_path)
        card = village.ask(eventlists.event_card, event)
        assert card.state == "待核查" and card.record.result == "双方和解" and isinstance(card.record.teller_phone, Masked)
        assert [s.step for s in card.story] == ["采集", "上报", "受理", events.DISPATCH, "签收", "反馈"] and card.story[4].unit == "派出所"
        assert village.digest(village.scope) == town.digest(village.scope)
