"""今日 counts what the lists behind it show, and names nothing that is nothing."""

from __future__ import annotations

from datetime import timedelta

from gridapp.ledger import Ledger
from gridapp.work import events, hazards, meetings, pushes, routes, waiting
from tests import ledgers
from tests.ledgers import TODAY


def told(ledger: Ledger) -> dict[str, int]:
    return {one.title: one.count for one in ledger.ask(waiting.waiting)}


def test_nothing_waits_in_a_new_ledger(ledger: Ledger) -> None:
    assert ledger.ask(waiting.waiting) == []


def test_what_is_late_stands_first_and_each_number_is_that_of_its_list(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    assert told(ledger) == {"该走访": 1}
    ledger.do(routes.lay_route, name="夜巡", points="祠堂", every_days=3)
    event = ledger.do(events.report_event, title="路灯不亮", kind="13", place="桥头", content="三盏", grade="01").result
    ledger.do(pushes.push_event, event, ["镇平台", "职能部门"], TODAY)
    hazard = ledger.do(hazards.raise_hazard, place="祠堂路1号", content="堆物", degree="01", house=house).result
    ledger.do(hazards.serve_notice, hazard, TODAY + timedelta(1))
    ledger.do(meetings.log_meeting, day=TODAY, chair="王建国", topics="例会", decisions=f"装烟感｜李红｜{TODAY}")
    ledger._wall.ms += 3 * 86_400_000
    assert told(ledger) == {"隐患逾期": 1, "事件超期": 1, "推送超期未反馈": 2, "议定事项超期": 1, "该走访": 1, "路线该走": 1}
    assert [one.late for one in ledger.ask(waiting.waiting)] == [True] * 4 + [False] * 2
