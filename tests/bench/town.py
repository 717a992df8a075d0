"""A town of 35 villages in one file, invented: what its figures, score-cards and ranking cost at a tenth, a third and all of its size."""

from __future__ import annotations

import argparse
import random
import statistics
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa

from gridapp.fields.ids import new_id
from gridapp.fields.kinds import BEIJING
from gridapp.ledger import Ledger
from gridapp.ledger.tables import SCOPE
from gridapp.records import (Alarm, Dispute, Duty, Event, Grid, Hazard, House, Inspection, Outreach, Patrol, Person, Petition, Push, Record, Room,
                             Route, Task, Tenancy, Village)
from gridapp.work import figures, invent, steps
from tests import ledgers
from tests.bench.figures import Figure, ms, spent, spread

VILLAGES, PEOPLE, HOUSES = 35, 160_000, 25_000
SIZES = (0.1, 0.3, 1.0)
EACH = 12
TODAY = ledgers.TODAY
Rows = Iterator[dict[str, Any]]


def scope_name(village: int) -> str:
    return f"v:330784108{200 + village}"


def filled(path: Path, size: float, seed: int = 1) -> Ledger:
    """A town's ledger of so much of the whole: a year of work, spread over the villages, in four grids each."""
    ledger = Ledger.create(path, ledgers.PASSWORD, "officer 1", "t:330784108", wall=ledgers.Clock(), cost=ledgers.CHEAP)
    chance = random.Random(seed)
    with ledger.home.engine.begin() as connection:
        blank = dict(connection.execute(sa.select(SCOPE)).mappings().one())
        for village in range(1, VILLAGES + 1):
            connection.execute(sa.insert(SCOPE), blank | {"no": village, "name": scope_name(village), "last_sid": 0})
        for entity, rows in _year(chance, size):
            _put(connection, entity, rows)
        connection.exec_driver_sql("ANALYZE")
    return ledger


def _put(connection: sa.Connection, entity: type[Record], rows: Rows) -> None:
    told = [{"id": new_id(), "nconf": 0} | row for row in rows]
    if told:
        connection.execute(sa.insert(cast(sa.Table, entity.__table__)), told)


def _year(chance: random.Random, size: float) -> Iterator[tuple[type[Record], Rows]]:
    """(kind, rows) of everything; counts are those of a town of `size`."""
    def many(count: int) -> Iterator[int]:
        """A village for each of so many records."""
        return (chance.randint(1, VILLAGES) for _place in range(int(count * size)))

    grids = {v: [new_id() for _grid in range(4)] for v in range(1, VILLAGES + 1)}
    yield Village, ({"scope": v, "code": scope_name(v)[2:], "name": f"第{v}村"} for v in grids)
    yield Grid, ({"id": g, "scope": v, "village": new_id(), "name": f"第{n}网格"} for v, ids in grids.items() for n, g in enumerate(ids, 1))
    houses = [{"scope": v, "grid": chance.choice(grids[v]), "house_no": f"{v:02}{n:05}", "address": f"祠堂路{n}号", "registered_on": _day(chance, 900),
               "nature": chance.choice(("01", "02")), "id": new_id()} for n, v in enumerate(many(HOUSES))]
    yield House, iter(houses)
    rooms = [{"id": new_id(), "scope": h["scope"], "house": h["id"], "room_no": f"{n}"} for h in houses for n in range(101, 107)]
    yield Room, iter(rooms)
    of_village: dict[int, list[dict[str, Any]]] = {}
    for room in rooms:
        of_village.setdefault(room["scope"], []).append(room)
    people = [row | {"scope": chance.choice(list(of_village)), "permit": chance.random() < 0.3, "living_kind": chance.choice(("2", "5", "5"))}
              for row in invent._people(chance, int(PEOPLE * size), set(), TODAY)]
    yield Person, iter(people)
    yield Tenancy, (_stay(chance, p, chance.choice(of_village[p["scope"]])) for p in people)
    yield from _rounds(chance, many, houses)
    yield from _cases(chance, many, houses)


def _day(chance: random.Random, back: int = 365) -> Any:
    return TODAY - timedelta(chance.randrange(back))


def _stay(chance: random.Random, person: dict[str, Any], room: dict[str, Any]) -> dict[str, Any]:
    start = person["arrived_on"]
    end = start + timedelta(chance.randrange(1, 300)) if chance.random() < 0.25 else None
    return {"scope": person["scope"], "person": person["id"], "room": room["id"], "start": start, "end": end if end and end <= TODAY else None,
            "reported_on": start + timedelta(chance.randrange(9)) if chance.random() < 0.8 else None,
            "end_reported_on": end + timedelta(chance.randrange(9)) if end and chance.random() < 0.7 else None}


def _rounds(chance: random.Random, many: Callable[[int], Iterator[int]], houses: list[dict[str, Any]]) -> Iterator[tuple[type[Record], Rows]]:
    """Half a million answers on a list of thirty a year are sixteen thousand inspections; here are twice as many."""
    def a_house(village: int) -> Any:
        return chance.choice(houses)["id"] if village else None

    hazard_states = [steps.state_code(Hazard, name) for name in steps.machine_of(Hazard).states]
    yield Inspection, ({"scope": v, "day": _day(chance), "house": a_house(v), "checklist": "rental", "edition": 0, "people": "王建国",
                        "answers": " ".join(f"R{n:02}={chance.choice('1112')}" for n in range(1, 32))} for v in many(32_000))
    yield Hazard, ({"scope": v, "found_on": (d := _day(chance)), "house": a_house(v), "place": "祠堂路", "content": "楼道堆物", "degree": "01",
                    "state": chance.choice(hazard_states), "due_on": d + timedelta(7), "rechecked_on": d + timedelta(chance.randrange(14))}
                   for v in many(40_000))
    routes = [{"id": new_id(), "scope": v, "name": "夜巡", "points": "村口", "every_days": chance.choice((1, 2, 7))} for v in many(140)]
    yield Route, iter(routes)
    yield Patrol, ({"scope": v, "day": _day(chance), "people": "李红", "shift": chance.choice(("01", "02")),
                    "route_walked": chance.choice(routes)["id"] if routes else None} for v in many(26_000))
    yield Duty, ({"scope": v, "day": _day(chance), "place": "路口", "people": "李红", "persuaded": chance.randrange(40), "passed": 50,
                  "helmets": chance.randrange(51)} for v in many(12_000))
    yield Alarm, ({"scope": v, "at": datetime.combine(_day(chance), time(12), BEIJING), "house": a_house(v), "verdict": chance.choice(("01", "02", "03", None))}
                  for v in many(20_000))


def _cases(chance: random.Random, many: Callable[[int], Iterator[int]], houses: list[dict[str, Any]]) -> Iterator[tuple[type[Record], Rows]]:
    def state(entity: type[Record]) -> str:
        return steps.state_code(entity, chance.choice(steps.machine_of(entity).states))

    events = [{"id": new_id(), "scope": v, "title": "打架", "day": (d := _day(chance)), "place": "路口", "content": "争吵", "state": state(Event),
               "police": chance.random() < 0.4, "due_on": d + timedelta(10), "done_on": d + timedelta(chance.randrange(20)) if chance.random() < 0.8 else None}
              for v in many(24_000)]
    yield Event, iter(events)
    yield Push, ({"scope": e["scope"], "event": e["id"], "recipient": "镇平台", "sent_on": e["day"],
                  "answered_on": e["day"] if chance.random() < 0.7 else None} for e in events for _recipient in range(3))
    yield Dispute, ({"scope": v, "title": "邻里纠纷", "found_on": _day(chance), "content": "滴水", "state": state(Dispute)} for v in many(6_000))
    yield Petition, ({"scope": v, "title": "道路", "came_on": _day(chance), "content": "修路", "state": state(Petition)} for v in many(900))
    yield Task, ({"scope": v, "title": "核查", "due_on": (d := _day(chance)), "set_on": d, "done_on": d if chance.random() < 0.8 else None}
                 for v in many(4_000))
    yield Outreach, ({"scope": v, "day": _day(chance), "place": "祠堂", "people": "李红", "audience": chance.randrange(200)} for v in many(2_500))



def _times(ledger: Ledger, what: Callable[[], object]) -> list[float]:
    what()
    return [spent(what) for _time in range(EACH)]
