"""Figures of safety: inspections, hazards from finding to closing, patrols and their routes, traffic posts, alarms."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.records import Alarm, Duty, Hazard, House, Inspection, Patrol, Route, Site
from gridapp.work import steps
from gridapp.work.figures.measures import Asked, Base, Clause, Count, Figure, Share

GROUP = "安全隐患"
ROUNDS = "巡查值守"


def _at(entity: Any) -> Any:
    """With the house and the site it lies at."""
    def join(asked: Any) -> Any:
        return (asked.outerjoin(House, sa.and_(House.id == entity.house, House.scope == entity.scope))
                .outerjoin(Site, sa.and_(Site.id == entity.site, Site.scope == entity.scope)))

    return join


_GRID = sa.func.coalesce(House.grid, Site.grid)
_WHERE = sa.func.coalesce(House.address, Site.name)

INSPECTIONS = Base(Inspection, Inspection.people, Inspection.day, _WHERE, _GRID,
                   (Inspection.deleted.is_not(True), Inspection.nobody_home.is_not(True)), placed=_at(Inspection))
HAZARDS = Base(Hazard, Hazard.content, Hazard.found_on, Hazard.place, _GRID, (Hazard.deleted.is_not(True),), placed=_at(Hazard))
HAZARDS_DUE = Base(Hazard, Hazard.content, Hazard.due_on, Hazard.place, _GRID, (Hazard.deleted.is_not(True),), placed=_at(Hazard))
HAZARDS_CLOSED = Base(Hazard, Hazard.content, Hazard.rechecked_on, Hazard.place, _GRID, (Hazard.deleted.is_not(True),), placed=_at(Hazard))
PATROLS = Base(Patrol, Patrol.people, Patrol.day, Patrol.route, where=(Patrol.deleted.is_not(True),))
ROUTES = Base(Route, Route.name, sa.null(), Route.points, Route.grid, (Route.deleted.is_not(True), Route.every_days.is_not(None)))
DUTIES = Base(Duty, Duty.people, Duty.day, Duty.place, Site.grid, (Duty.deleted.is_not(True),),
              placed=lambda asked: asked.outerjoin(Site, sa.and_(Site.id == Duty.site, Site.scope == Duty.scope)))
ALARMS = Base(Alarm, Alarm.content, Alarm.at, sa.func.coalesce(Alarm.place, _WHERE), _GRID, (Alarm.deleted.is_not(True),), placed=_at(Alarm))


def _is(*states: str) -> Clause:
    return Hazard.state.in_([steps.state_code(Hazard, name) for name in states])


def _found(asked: Asked) -> Clause:
    return sa.and_(asked.within(Hazard.found_on), ~_is("误报/撤销"))


def _solved(_asked: Asked) -> Clause:
    return _is("已销号")


def _put_right(_asked: Asked) -> Clause:
    return sa.or_(_is("待复查", "已销号"), Hazard.told_on.is_not(None))


def _late(asked: Asked) -> Clause:
    """Its day lies in the window and went by without its being closed."""
    in_time = sa.and_(_is("已销号"), Hazard.rechecked_on.is_not(None), Hazard.rechecked_on <= Hazard.due_on)
    return sa.and_(asked.within(Hazard.due_on), Hazard.due_on < asked.today, ~_is("误报/撤销"), ~in_time)


def _closed(asked: Asked) -> Clause:
    return sa.and_(asked.within(Hazard.rechecked_on), _is("已销号"))


def open_hazards(_asked: Asked) -> Clause:
    """Neither closed nor cancelled."""
    return ~_is("已销号", "误报/撤销")


def _walked(asked: Asked) -> Clause:
    return asked.within(Patrol.day)


def _night(asked: Asked) -> Clause:
    night = [codes.table("patrol_shift").find("夜班"), codes.table("patrol_category").find("夜间")]
    return sa.and_(_walked(asked), sa.or_(Patrol.shift == night[0], Patrol.category == night[1]))


def _span(asked: Asked) -> int:
    """How many days of the window are over, the running one counted."""
    return max(0, (asked.day - asked.window.first).days + 1)


def planned(asked: Asked) -> Any:
    """How often a route was to be walked: once in so many days."""
    return sa.literal(_span(asked)) // Route.every_days


def walked(asked: Asked) -> Any:
    """How often it was, not counting more than planned."""
    times = (sa.select(sa.func.count()).select_from(Patrol).where(
        Patrol.route_walked == Route.id, Patrol.scope == Route.scope, Patrol.deleted.is_not(True), asked.within(Patrol.day)).correlate(Route)
        .scalar_subquery())
    return sa.case((times < planned(asked), times), else_=planned(asked))


def _rang(asked: Asked) -> Clause:
    return sa.and_(Alarm.at >= asked.window.begins, Alarm.at < asked.window.ends)


def _verdict(name: str) -> Clause:
    return Alarm.verdict == codes.table("alarm_verdict").find(name)


def _judged(asked: Asked) -> Clause:
    return sa.and_(_rang(asked), Alarm.verdict.is_not(None), ~_verdict("测试"))


FIGURES = (
    Figure("inspections", "检查次数", "本期做的检查（不含无人在家）。", "次", Count(INSPECTIONS, lambda asked: asked.within(Inspection.day)), GROUP),
    Figure("inspected", "检查户数", "本期检查过的房屋和场所，同一处只算一次（不含无人在家）。", "户",
           Count(INSPECTIONS, lambda asked: asked.within(Inspection.day), differs=sa.func.coalesce(Inspection.house, Inspection.site)), GROUP),
    Figure("hazards_found", "隐患发现数", "本期发现的隐患（误报、撤销的不算）。", "处", Count(HAZARDS, _found), GROUP),
    Figure("hazards_right", "隐患整改数", "本期发现的隐患中，已经申报整改完成、待复查或者销号的。", "处",
           Count(HAZARDS, lambda asked: sa.and_(_found(asked), _put_right(asked))), GROUP),
    Figure("hazards_closed", "隐患销号数", "本期复查合格销号的隐患，不论哪一期发现。", "处", Count(HAZARDS_CLOSED, _closed), GROUP),
    Figure("hazards_late", "隐患逾期数", "整改期限在本期、到期没有销号的隐患（后来才销号的也算）。", "处", Count(HAZARDS_DUE, _late), GROUP, "down"),
    Figure("hazards_open", "未销号隐患", "还没有销号的全部隐患（今天的情况）。", "处", Count(HAZARDS, open_hazards), GROUP, "down", standing=True),
    Figure("right_rate", "隐患整改率", "本期发现的隐患中，已经申报整改完成、待复查或者销号的百分比。", "%", Share(Count(HAZARDS, _found), _put_right), GROUP, "up"),
    Figure("closed_rate", "隐患销号率", "本期发现的隐患中，已经销号的百分比。", "%", Share(Count(HAZARDS, _found), _solved), GROUP, "up"),
    Figure("patrols", "巡查次数", "本期登记的全部巡查。", "次", Count(PATROLS, _walked), ROUNDS),
    Figure("all_patrols", "巡查总次数", "登记的全部巡查（今天的情况）。", "次", Count(PATROLS, lambda _asked: sa.true()), ROUNDS, standing=True),
    Figure("night_patrols", "夜巡次数", "本期夜班或者夜间类的巡查。", "次", Count(PATROLS, _night), ROUNDS),
    Figure("frequency", "频次完成率", "各巡查路线按“几天走一次”本期应走的次数中，走了的百分比；多走的不抵少走的。", "%",
           Share(Count(ROUTES, lambda _asked: sa.true(), adds=planned), adds=walked), ROUNDS, "up"),
    Figure("persuaded", "劝导人次", "本期交通劝导站劝导的人次。", "人次", Count(DUTIES, lambda asked: asked.within(Duty.day), adds=lambda _asked: Duty.persuaded), ROUNDS),
    Figure("helmet_rate", "头盔佩戴率", "本期劝导站抽查的骑乘人员中，戴头盔的百分比（两个数都填了的才算）。", "%",
           Share(Count(DUTIES, lambda asked: sa.and_(asked.within(Duty.day), Duty.passed.is_not(None), Duty.helmets.is_not(None)), adds=lambda _asked: Duty.passed),
                 adds=lambda _asked: Duty.helmets), ROUNDS, "up"),
    Figure("alarms", "告警数", "本期收到的全部告警。", "次", Count(ALARMS, _rang), ROUNDS),
    Figure("false_rate", "误报率", "本期核实过的告警中（测试不算），误报的百分比。", "%", Share(Count(ALARMS, _judged), lambda _asked: _verdict("误报")), ROUNDS, "down"),
)

