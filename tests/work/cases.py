"""Disputes and petitions for tests, and every step of theirs through the verb an officer runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from gridapp.ledger import Ledger
from gridapp.work import casefile, disputes, mediations, parties, petitions
from tests.ledgers import TODAY

LATER = TODAY + timedelta(days=20)
#: never issued: the county codes are younger than the birth dates
ZHANG, LI = "510185196707119619", "500152199101017284"
PARTIES = ({"side": "01", "name": "张大海", "id_no": ZHANG, "phone": "13857900001", "address": "青后叶村祠堂路1号"},
           {"side": "02", "name": "李小河", "id_no": LI, "phone": "13857900002", "address": "青后叶村方岩大道12号"})
Step = Callable[[Ledger, UUID], Any]


def a_dispute(ledger: Ledger, title: str = "排水沟相邻纠纷", told: Any = PARTIES, **values: Any) -> UUID:
    given = {"category": "17", "source": "05", "content": "因排水沟改道，雨天积水流入邻家院内。", "place": "祠堂路1号"} | values
    made: UUID = ledger.do(disputes.register_dispute, told, title=title, **given).result
    return made


def a_petition(ledger: Ledger, title: str = "反映夜间施工扰民", told: Any = ({"name": "张大海", "phone": "13857900001"},), **values: Any) -> UUID:
    made: UUID = ledger.do(petitions.register_petition, told, title=title, **{"content": "要求夜间停工。", "leader": "王建国"} | values).result
    return made


def state(ledger: Ledger, case: UUID) -> str:
    with ledger.read() as read:
        kept = parties.case_of(read, case)
        from gridapp.work import steps

        return steps.state_of(kept)


def whole_file(ledger: Ledger, dispute: UUID) -> None:
    """Put everything the file must hold into it."""
    needed = [item.code for item in ledger.ask(casefile.case_file, dispute).items if item.needed]
    ledger.do(casefile.fill_file, dispute, ",".join(needed))


def _shelve(ledger: Ledger, dispute: UUID) -> None:
    whole_file(ledger, dispute)
    ledger.do(mediations.shelve_dispute, dispute)


OF_DISPUTES: dict[str, Step] = {
    "受理": lambda ledger, d: ledger.do(mediations.accept_dispute, d, TODAY, True),
    "不属于范围": lambda ledger, d: ledger.do(mediations.decline_dispute, d, "属于治安案件，由派出所处理"),
    "指派调解员": lambda ledger, d: ledger.do(mediations.assign_mediators, d, "王建国、李红"),
    "签书面协议": lambda ledger, d: ledger.do(mediations.sign_agreement, d, "一、张大海恢复原排水沟。", "自行修复", LATER),
    "口头协议": lambda ledger, d: ledger.do(mediations.note_oral_agreement, d, "当场清理排水沟。"),
    "终止": lambda ledger, d: ledger.do(mediations.end_mediation, d, "双方分歧较大"),
    "移交镇": lambda ledger, d: ledger.do(mediations.pass_dispute_up, d, "古山镇矛调中心", "跨村"),
    "引导": lambda ledger, d: ledger.do(mediations.guide_to_court, d, "当事人要求起诉"),
    "开始履行": lambda ledger, d: ledger.do(mediations.begin_performance, d),
    "履行完毕": lambda ledger, d: ledger.do(mediations.finish_performance, d, TODAY),
    "回访": lambda ledger, d: ledger.do(mediations.visit_parties, d, mediators="王建国", content="双方满意，没有新的矛盾。"),
    "立卷": _shelve,
}

_OTHER = {"王建国": "陈国平", "陈国平": "王建国"}


def _change(ledger: Ledger, petition: UUID) -> None:
    now = ledger.ask(petitions.petition_card, petition).record.leader
    ledger.do(petitions.change_leader, petition, _OTHER[now], "工作调动")


OF_PETITIONS: dict[str, Step] = {
    "受理": lambda ledger, p: ledger.do(petitions.accept_petition, p),
    "不予受理": lambda ledger, p: ledger.do(petitions.decline_petition, p, "已由法院受理"),
    "指定包案人": lambda ledger, p: ledger.do(petitions.appoint_leader, p, "王建国", "李红、张强", date(2026, 12, 24)),
    "更换包案人": _change,
    "延期": lambda ledger, p: ledger.do(petitions.extend_petition, p, date(2027, 1, 24), "需要现场鉴定"),
    "答复": lambda ledger, p: ledger.do(petitions.answer_petition, p, "已责成施工方 22 时后停工。"),
    "息诉息访": lambda ledger, p: ledger.do(petitions.close_petition, p),
    "申请复查": lambda ledger, p: ledger.do(petitions.ask_for_review, p, "不服答复"),
    "维持原答复": lambda ledger, p: ledger.do(petitions.uphold_answer, p),
    "重新办理": lambda ledger, p: ledger.do(petitions.take_petition_up_again, p, "事实不清"),
}


def walk(ledger: Ledger, case: UUID, *steps: str, of: dict[str, Step] | None = None) -> UUID:
    """Take these steps one after another."""
    for step in steps:
        (of or OF_DISPUTES)[step](ledger, case)
    return case


TO_AGREEMENT = ("受理", "指派调解员", "签书面协议")
TO_VISIT = (*TO_AGREEMENT, "开始履行", "履行完毕", "回访")
