"""A year of work in an invented town: checks and what they found, rounds, alarms, events, disputes, campaigns. States are dealt out evenly: harder than life."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from gridapp.fields.ids import new_id
from gridapp.fields.kinds import BEIJING
from gridapp.records import (Alarm, Campaign, Dispute, Duty, Event, Hazard, Inspection, Listing, Meeting, Offender, Outreach, Party, Patrol, Petition, Push,
                             Record, Route, Sensor, Step, Target, Task)
from gridapp.work import steps
from tests import ledgers

VILLAGES = 35
TODAY = ledgers.TODAY
Row = dict[str, Any]
Told = Iterator[tuple[type[Record], Iterator[Row]]]
#: of 40 checks 8 are of sites
AT_SITES = 0.2


def many(chance: random.Random, size: float, count: int) -> Iterator[int]:
    """A village for each of so many records."""
    return (chance.randint(1, VILLAGES) for _place in range(int(count * size)))


def a_day(chance: random.Random, back: int = 365) -> date:
    return TODAY - timedelta(chance.randrange(back))


def _state(chance: random.Random, entity: type[Record]) -> str:
    return steps.state_code(entity, chance.choice(steps.machine_of(entity).states))


def _story(chance: random.Random, machine: str, cases: Sequence[Row], day: str) -> Iterator[Row]:
    """Three steps of each case."""
    return ({"scope": c["scope"], "matter": c["id"], "machine": machine, "step": "登记", "state": "登记", "day": c[day]} for c in cases for _step in range(3))


def rounds(chance: random.Random, size: float, houses: Sequence[Row], sites: Sequence[Row]) -> Told:
    """Half a million answers on a list of thirty a year are sixteen thousand checks; here are twice as many."""
    def a_place() -> Row:
        if chance.random() < AT_SITES and sites:
            return {"house": None, "site": (s := chance.choice(sites))["id"], "scope": s["scope"]}
        return {"house": (h := chance.choice(houses))["id"], "site": None, "scope": h["scope"]}

    checks = [a_place() | {"id": new_id(), "day": a_day(chance), "checklist": "rental", "edition": 0, "people": "王建国",
                           "answers": " ".join(f"R{n:02}={chance.choice('1112')}" for n in range(1, 32))} for _v in many(chance, size, 32_000)]
    yield Inspection, iter(checks)
    hazards = [{name: check[name] for name in ("scope", "house", "site")} | {
        "id": new_id(), "inspection": check["id"], "found_on": check["day"], "place": "祠堂路", "content": "楼道堆物", "degree": chance.choice(("01", "02")),
        "state": _state(chance, Hazard), "due_on": check["day"] + timedelta(7), "rechecked_on": check["day"] + timedelta(chance.randrange(14))}
        for check in (chance.choice(checks) for _v in many(chance, size, 40_000))]
    yield Hazard, iter(hazards)
    yield Step, _story(chance, "hazard", hazards, "found_on")
    routes = [{"id": new_id(), "scope": v, "name": "夜巡", "points": "村口", "every_days": chance.choice((1, 2, 7))} for v in many(chance, size, 140)]
    yield Route, iter(routes)
    yield Patrol, ({"scope": v, "day": a_day(chance), "people": "李红", "shift": chance.choice(("01", "02")),
                    "route_walked": chance.choice(routes)["id"] if routes else None} for v in many(chance, size, 26_000))
    duties = [{"id": new_id(), "scope": v, "day": a_day(chance), "place": "路口", "people": "李红", "persuaded": chance.randrange(40), "passed": 50,
               "helmets": chance.randrange(51)} for v in many(chance, size, 12_000)]
    yield Duty, iter(duties)
    yield Offender, ({"scope": d["scope"], "duty": d["id"], "what": "01", "name": "李红"} for d in duties for _one in range(2))
    sensors = [{"id": new_id(), "scope": v, "number": f"YG{n:08}", "place": "楼道"} for n, v in enumerate(many(chance, size, 3_000))]
    yield Sensor, iter(sensors)
    yield Alarm, ({"scope": (s := chance.choice(sensors))["scope"], "sensor": s["id"], "number": s["number"], "judged_on": (d := a_day(chance)),
                   "at": datetime.combine(d, time(12), BEIJING), "house": chance.choice(houses)["id"], "verdict": chance.choice(("01", "02", "03", None))}
                  for _v in many(chance, size, 20_000))


def cases(chance: random.Random, size: float) -> Told:
    """Events with three pushes each, disputes with two parties each, petitions, tasks, outreach, meetings and listings."""
    events = [{"id": new_id(), "scope": v, "title": "打架", "day": (d := a_day(chance)), "place": "路口", "content": "争吵", "state": _state(chance, Event),
               "police": chance.random() < 0.4, "due_on": d + timedelta(10), "done_on": d + timedelta(chance.randrange(20)) if chance.random() < 0.8 else None}
              for v in many(chance, size, 24_000)]
    yield Event, iter(events)
    yield Step, _story(chance, "event", events, "day")
    yield Push, ({"scope": e["scope"], "event": e["id"], "recipient": "镇平台", "sent_on": e["day"], "due_on": e["due_on"],
                  "answered_on": e["day"] if chance.random() < 0.7 else None} for e in events for _recipient in range(3))
    disputes = [{"id": new_id(), "scope": v, "title": "邻里纠纷", "found_on": (d := a_day(chance)), "accepted_on": d, "content": "滴水",
                 "state": _state(chance, Dispute), "perform_by": d + timedelta(60)} for v in many(chance, size, 10_000)]
    yield Dispute, iter(disputes)
    petitions = [{"id": new_id(), "scope": v, "title": "道路", "came_on": (d := a_day(chance)), "content": "修路", "state": _state(chance, Petition),
                  "due_on": d + timedelta(60)} for v in many(chance, size, 900)]
    yield Petition, iter(petitions)
    yield Party, ({"scope": c["scope"], "matter": c["id"], "side": side, "name": "李红"} for c in (*disputes, *petitions) for side in ("01", "02"))
    yield Task, ({"scope": v, "title": "核查", "due_on": (d := a_day(chance)), "set_on": d, "done_on": d if chance.random() < 0.8 else None}
                 for v in many(chance, size, 4_000))
    yield Outreach, ({"scope": v, "day": a_day(chance), "place": "祠堂", "people": "李红", "audience": chance.randrange(200)} for v in many(chance, size, 2_500))
    yield Meeting, ({"scope": v, "day": (d := a_day(chance)), "chair": "李红", "topics": "季度例会", "decisions": f"修路灯｜李红｜{d + timedelta(30)}"}
                    for v in many(chance, size, 200))
    yield Listing, ({"scope": v, "kind": "01", "unit": "第一网格", "day": (d := a_day(chance)), "reason": "隐患反弹", "due_on": d + timedelta(90),
                     "state": _state(chance, Listing)} for v in many(chance, size, 400))


def campaigns(chance: random.Random, size: float, houses: Sequence[Row]) -> Told:
    """One theme a month in each village, the last two under way; each asks for some sixty houses of its village."""
    of_village: dict[int, list[Row]] = {}
    for house in houses:
        of_village.setdefault(house["scope"], []).append(house)
    months = [date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 12))]
    told = [{"id": new_id(), "scope": v, "title": f"{first.month}月专项", "start": first, "end": first + timedelta(40),
             "ended_on": first + timedelta(45) if first < date(2026, 10, 1) else None} for v in of_village for first in months]
    yield Campaign, iter(told)
    yield Target, ({"scope": c["scope"], "campaign": c["id"], "house": h["id"], "due_on": c["end"]}
                   for c in told for h in chance.sample(of_village[c["scope"]], min(len(of_village[c["scope"]]), max(2, int(60 * size)))))
