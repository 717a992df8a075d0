"""Figures of cases: events and their pushes, disputes, petitions, tasks of the town, outreach."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gridapp.records import Dispute, Event, House, Outreach, Petition, Push, Record, Site, Task
from gridapp.work import steps
from gridapp.work.figures.measures import Asked, Base, Clause, Count, Figure, Ratio, Share
from gridapp.work.figures.of_people import PEOPLE, residents

GROUP = "事件纠纷"
WORK = "任务宣传"


def _events(asked: Any) -> Any:
    return (asked.outerjoin(House, sa.and_(House.id == Event.house, House.scope == Event.scope))
            .outerjoin(Site, sa.and_(Site.id == Event.site, Site.scope == Event.scope)))


EVENTS = Base(Event, Event.title, Event.day, Event.place, sa.func.coalesce(House.grid, Site.grid), (Event.deleted.is_not(True),), placed=_events)
PUSHES = Base(Push, Push.recipient, Push.sent_on, Event.title, where=(Push.deleted.is_not(True), Event.deleted.is_not(True)),
              joined=lambda asked: asked.join(Event, sa.and_(Event.id == Push.event, Event.scope == Push.scope)))
DISPUTES = Base(Dispute, Dispute.title, Dispute.found_on, Dispute.place, House.grid, (Dispute.deleted.is_not(True),),
                placed=lambda asked: asked.outerjoin(House, sa.and_(House.id == Dispute.house, House.scope == Dispute.scope)))
PETITIONS = Base(Petition, Petition.title, Petition.came_on, where=(Petition.deleted.is_not(True),))
TASKS = Base(Task, Task.title, Task.due_on, where=(Task.deleted.is_not(True), Task.closed_on.is_(None)))
OUTREACH = Base(Outreach, Outreach.content, Outreach.day, Outreach.place, where=(Outreach.deleted.is_not(True),))


def _is(entity: type[Record], *states: str) -> Clause:
    found: Clause = entity.state.in_([steps.state_code(entity, name) for name in states])  # type: ignore[attr-defined]
    return found


def _happened(asked: Asked) -> Clause:
    return asked.within(Event.day)


def _ended_or_due(asked: Asked) -> Clause:
    """Events that were to be done by a day: those that are done, and those whose day is over."""
    return sa.and_(_happened(asked), Event.due_on.is_not(None), sa.or_(Event.done_on.is_not(None), Event.due_on < asked.today))


def _found(asked: Asked) -> Clause:
    return sa.and_(asked.within(Dispute.found_on), ~_is(Dispute, "不予受理"))


def _agreed() -> Clause:
    return _is(Dispute, "达成书面协议", "达成口头协议", "履行中", "已履行", "回访", "归档")


def _mediated(asked: Asked) -> Clause:
    return sa.and_(_found(asked), sa.or_(_agreed(), _is(Dispute, "未达成", "移交上级", "引导诉讼仲裁")))


def _came(asked: Asked) -> Clause:
    return sa.and_(asked.within(Petition.came_on), ~_is(Petition, "不予受理"))


def _due(asked: Asked) -> Clause:
    return asked.within(Task.due_on)


def _outreach(asked: Asked) -> Clause:
    return asked.within(Outreach.day)


POLICE = Count(EVENTS, lambda asked: sa.and_(_happened(asked), Event.police.is_(True)))

FIGURES = (
    Figure("events", "事件数", "本期发生的全部事件（含警情）。", "件", Count(EVENTS, _happened), GROUP),
    Figure("done_rate", "事件办结率", "本期发生的事件中，已经办结的百分比。", "%",
           Share(Count(EVENTS, _happened), lambda _asked: Event.done_on.is_not(None)), GROUP, "up"),
    Figure("on_time_rate", "事件按期率", "本期发生、定了办理期限的事件中，按期办结的百分比；期限没到又没办结的不算。", "%",
           Share(Count(EVENTS, _ended_or_due), lambda _asked: sa.and_(Event.done_on.is_not(None), Event.done_on <= Event.due_on)), GROUP, "up"),
    Figure("police_events", "警情数", "本期发生、标明是警情的事件。", "件", POLICE, GROUP, "down"),
    Figure("police_rate", "每千人警情", "本期警情数，按期末每千名在住流动人口计。", "‰", Ratio(POLICE, Count(PEOPLE, residents)), GROUP, "down", 1000),
    Figure("answer_rate", "推送反馈率", "本期推送中，已经反馈的百分比。", "%",
           Share(Count(PUSHES, lambda asked: asked.within(Push.sent_on)), lambda _asked: Push.answered_on.is_not(None)), GROUP, "up"),
    Figure("disputes", "纠纷数", "本期申请或者发现的矛盾纠纷（不予受理的不算）。", "件", Count(DISPUTES, _found), GROUP),
    Figure("agreed_rate", "调解成功率", "本期的纠纷中有了结果的，达成协议的百分比；还在调解的不算。", "%",
           Share(Count(DISPUTES, _mediated), lambda _asked: _agreed()), GROUP, "up"),
    Figure("petitions", "信访数", "本期来访（不予受理的不算）。", "件", Count(PETITIONS, _came), GROUP),
    Figure("petition_rate", "信访化解率", "本期来访中，已经办结的百分比。", "%",
           Share(Count(PETITIONS, _came), lambda _asked: _is(Petition, "已办结")), GROUP, "up"),
    Figure("tasks_due", "任务数", "期限在本期的任务（撤回的不算）。", "项", Count(TASKS, _due), WORK),
    Figure("task_rate", "任务销号率", "期限在本期的任务中，已经完成的百分比。", "%", Share(Count(TASKS, _due), lambda _asked: Task.done_on.is_not(None)), WORK, "up"),
    Figure("outreach", "宣传场次", "本期办的宣传活动。", "场", Count(OUTREACH, _outreach), WORK),
    Figure("audience", "宣传受众", "本期宣传活动的受众人数合计。", "人次", Count(OUTREACH, _outreach, adds=lambda _asked: Outreach.audience), WORK),
)
