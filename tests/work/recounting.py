"""A slow recount of every figure in plain Python over plain rows, and random rows to hold it against; nothing here knows SQL."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from gridapp.fields import codes, limits
from gridapp.fields.days import plus_months
from gridapp.fields.ids import new_id
from gridapp.fields.kinds import BEIJING
from gridapp.fields.workdays import Calendar
from gridapp.records import (Alarm, Dispute, Duty, Event, Grid, Hazard, House, Inspection, Outreach, Patrol, Person, Petition, Push, Record, Room,
                             Route, Site, Task, Tenancy, Village)
from gridapp.work import steps
from gridapp.work.figures import Window
from tests.ledgers import TODAY

Row = dict[str, Any]
Town = dict[type[Record], list[Row]]
CALENDAR, LIMITS = Calendar.load(), limits.load()
#: days are drawn near enough for windows to cut through them
BACK, AHEAD = 130, 12
#: borders of windows, of free days and of limits, and their neighbours: a random day seldom hits one
SHARP = tuple(day + timedelta(n) for day in (TODAY, TODAY - timedelta(30), date(2026, 10, 1), date(2026, 10, 20), date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 10),
                                             date(2026, 11, 19)) for n in (-1, 0, 1))
VILLAGES = (1, 2, 3)


def state(entity: type[Record], *names: str) -> set[str]:
    return {steps.state_code(entity, name) for name in names}


# ---------------------------------------------------------------- random rows

class Drawn:
    """A random town of three villages."""

    def __init__(self, seed: int, size: int = 12) -> None:
        self.chance, self.size = random.Random(seed), size
        self.rows: Town = {}
        self._places()
        self._people()
        self._safety()
        self._cases()

    def day(self, none: float = 0.1) -> date | None:
        if self.yes(none):
            return None
        return self.chance.choice(SHARP) if self.yes(0.5) else TODAY + timedelta(self.chance.randint(-BACK, AHEAD))

    def yes(self, share: float = 0.5) -> bool:
        return self.chance.random() < share

    def maybe(self, *values: Any) -> Any:
        return self.chance.choice((*values, None))

    def at(self, kinds: type[Record], scope: int) -> Any:
        """The id of one of a kind in the same village, or none."""
        some = [r["id"] for r in self.rows.get(kinds, ()) if r["scope"] == scope]
        return self.chance.choice(some) if some and self.yes(0.8) else None

    def add(self, entity: type[Record], many: int, row: Callable[[int], Row]) -> None:
        made = self.rows.setdefault(entity, [])
        for _place in range(many):
            scope = self.chance.choice(VILLAGES)
            made.append({"id": new_id(), "nconf": 0, "scope": scope, "deleted": self.maybe(True, False, None, None)} | row(scope))

    def _places(self) -> None:
        self.rows[Village] = [{"id": new_id(), "nconf": 0, "scope": v, "code": f"33078410820{v}", "name": f"第{v}村"} for v in VILLAGES]
        self.rows[Grid] = [{"id": new_id(), "nconf": 0, "scope": v, "village": new_id(), "name": f"第{g}网格"} for v in VILLAGES for g in (1, 2)]
        self.add(House, self.size, lambda v: {"house_no": str(self.chance.random()), "address": "祠堂路1号", "grid": self.at(Grid, v), "closed_on": self.maybe(self.day(), None),
                                              "registered_on": self.day(0.3)})
        self.add(Site, 4, lambda v: {"kind": "01", "name": "店", "address": "祠堂路", "grid": self.at(Grid, v)})
        self.add(Room, self.size, lambda v: {"house": self.at(House, v) or new_id(), "room_no": "101"})

    def _people(self) -> None:
        self.add(Person, self.size * 2, lambda v: {
            "name": "彭兵", "id_kind": self.chance.choice(("111", "414")), "nationality": self.maybe("CHN", "USA", ""), "living_kind": self.maybe("2", "5"),
            "registered_on": self.day(0.1) if self.yes(0.75) else TODAY - timedelta(self.chance.randint(150, 300)), "reported_on": self.day(0.5),
            "closed_on": self.day(0.0) if self.yes(0.2) else None, "permit": self.maybe(True, False), "into": None})
        for row in self.rows[Person]:
            if self.yes(0.1):
                row["into"] = self.chance.choice(self.rows[Person])["id"]
        # whoever moved stands in two registers under one id
        self.rows[Person] += [row | {"scope": row["scope"] % 3 + 1, "closed_on": None} for row in self.rows[Person] if self.yes(0.3)]
        self.add(Tenancy, self.size * 3, lambda v: {
            "person": self.at(Person, v) or new_id(), "room": self.at(Room, v) or new_id(), "start": self.day(), "end": self.day(0.0) if self.yes(0.4) else None})
        for row in self.rows[Tenancy]:
            for begun, told in (("start", "reported_on"), ("end", "end_reported_on")):
                row[told] = row[begun] + timedelta(self.chance.choice((0, 2, 3, 4, 5, 6, 9))) if row[begun] and self.yes(0.7) else None

    def _safety(self) -> None:
        chance = self.chance
        self.add(Inspection, self.size, lambda v: {"day": self.day(0.0), "house": self.at(House, v), "site": self.at(Site, v) if self.yes(0.3) else None,
                                                   "checklist": "x", "edition": 0, "people": "王", "nobody_home": self.maybe(True, False, None)})
        self.add(Hazard, self.size * 2, lambda v: {"found_on": self.day(0.0), "house": self.at(House, v), "place": "路", "content": "堆物", "due_on": self.day(0.2),
                                                   "state": chance.choice(codes.table("hazard_state").rows).code, "told_on": self.day(0.7), "rechecked_on": self.day(0.4)})
        for row in self.rows[Hazard]:
            row["rechecked_on"] = row["due_on"] if self.yes(0.3) else row["rechecked_on"]
        self.add(Route, 4, lambda v: {"name": "夜巡", "points": "村口", "every_days": self.maybe(1, 2, 7, 30)})
        self.add(Patrol, self.size * 2, lambda v: {"day": self.day(0.0), "people": "李", "shift": self.maybe("01", "02"), "category": self.maybe("01", "02"),
                                                   "route_walked": self.at(Route, v)})
        self.add(Duty, self.size, lambda v: {"day": self.day(0.0), "place": "口", "people": "李", "persuaded": self.maybe(3, 40, 0), "passed": self.maybe(50, 20),
                                             "helmets": self.maybe(10, 20, 0)})
        self.add(Alarm, self.size, lambda v: {"at": datetime.combine(self.day(0.0) or TODAY, time(*chance.choice(((0, 0), (23, 59), (8, 0)))), BEIJING),
                                              "house": self.at(House, v), "verdict": self.maybe("01", "02", "03")})

    def _cases(self) -> None:
        chance = self.chance

        def begun(entity: type[Record]) -> str:
            return steps.state_code(entity, chance.choice(steps.machine_of(entity).states))

        self.add(Event, self.size * 2, lambda v: {"title": "打架", "day": self.day(0.0), "place": "口", "content": "吵", "state": begun(Event), "house": self.at(House, v),
                                                  "police": self.maybe(True, False), "due_on": self.day(0.2), "done_on": self.day(0.3)})
        self.add(Push, self.size * 2, lambda v: {"event": self.at(Event, v) or new_id(), "recipient": "镇", "sent_on": self.day(0.0), "answered_on": self.day(0.4)})
        self.add(Dispute, self.size * 2, lambda v: {"title": "邻里", "found_on": self.day(0.0), "content": "水", "state": begun(Dispute), "house": self.at(House, v)})
        self.add(Petition, self.size, lambda v: {"title": "路", "came_on": self.day(0.0), "content": "修", "state": begun(Petition)})
        self.add(Task, self.size, lambda v: {"title": "核查", "due_on": self.day(), "set_on": TODAY, "done_on": self.day(0.4), "closed_on": self.maybe(self.day(), None, None)})
        self.add(Outreach, self.size, lambda v: {"day": self.day(0.0), "place": "堂", "people": "李", "audience": self.maybe(30, 0, 7)})


# ---------------------------------------------------------------- the recount

class Recount:
    """Every figure of some villages (`scopes`) in a window, counted row by row."""

    def __init__(self, town: Town, window: Window, scopes: tuple[int, ...] = VILLAGES, today: date = TODAY) -> None:
        self.window, self.today, self.day = window, today, min(window.last, today)
        self.rows = {e: [r for r in rows if r["scope"] in scopes and r.get("deleted") is not True] for e, rows in town.items()}
        self.by_id = {(r["id"], r["scope"]): r for rows in town.values() for r in rows}
        self.all = town

    def within(self, day: date | None) -> bool:
        return day is not None and self.window.first <= day <= self.window.last

    def stands(self, ended: date | None) -> bool:
        return ended is None or self.day < self.today and ended > self.day

    def begun(self, began: date | None) -> bool:
        return self.day >= self.today or began is None or began <= self.day

    def people(self) -> list[Row]:
        return [p for p in self.rows[Person] if p["into"] is None or p["into"].bytes >= p["id"].bytes]

    def stays(self, person: Row) -> list[Row]:
        return [t for t in self.rows[Tenancy] if t["person"] == person["id"] and t["scope"] == person["scope"]
                and self.stands(t["end"]) and self.begun(t["start"])]

    def kept(self) -> list[Row]:
        return [p for p in self.people() if self.stands(p["closed_on"])]

    def living(self) -> list[Row]:
        return [p for p in self.kept() if self.stays(p)]

    def asked_to_register(self) -> list[Row]:
        free = self.day - timedelta(LIMITS["relative_exempt"].count)
        return [p for p in self.living() if p["living_kind"] != "2" or any(t["start"] is None or t["start"] <= free for t in self.stays(p))]

    def registered(self, p: Row) -> bool:
        return p["registered_on"] is not None and p["registered_on"] <= self.day

    def leases(self, begun: str, done: str, rule: str, foreigners: bool) -> Iterator[bool]:
        """Whether each lease of the window was told in time; those still within the limit are left out."""
        for t in self.rows[Tenancy]:
            person = self.by_id.get((t["person"], t["scope"]))
            if person is None or person not in self.people() or not self.within(t[begun]) or person["living_kind"] == "2":
                continue
            if not foreigners and (person["nationality"] not in (None, "", "CHN") or person["id_kind"] in ABROAD):
                continue
            until = LIMITS[rule].until(t[begun], CALENDAR)
            if t[done] is not None or until < self.today:
                yield t[done] is not None and t[done] <= until

    def houses(self) -> list[Row]:
        return [h for h in self.rows[House] if self.stands(h["closed_on"]) and self.begun(h["registered_on"])]

    def inspections(self) -> list[Row]:
        return [i for i in self.rows[Inspection] if self.within(i["day"]) and i["nobody_home"] is not True]

    def found(self) -> list[Row]:
        return [h for h in self.rows[Hazard] if self.within(h["found_on"]) and h["state"] not in state(Hazard, "误报/撤销")]

    def right(self, h: Row) -> bool:
        return h["state"] in state(Hazard, "待复查", "已销号") or h["told_on"] is not None

    def closed(self, h: Row) -> bool:
        return h["state"] in state(Hazard, "已销号")

    def late(self, h: Row) -> bool:
        if not self.within(h["due_on"]) or h["due_on"] >= self.today or h["state"] in state(Hazard, "误报/撤销"):
            return False
        return not (self.closed(h) and h["rechecked_on"] is not None and h["rechecked_on"] <= h["due_on"])

    def patrols(self) -> list[Row]:
        return [p for p in self.rows[Patrol] if self.within(p["day"])]

    def frequency(self) -> tuple[int, int]:
        done = planned = 0
        for route in self.rows[Route]:
            if route["every_days"] is None:
                continue
            due = max(0, (self.day - self.window.first).days + 1) // route["every_days"]
            walked = sum(p["route_walked"] == route["id"] and p["scope"] == route["scope"] for p in self.patrols())
            done, planned = done + min(walked, due), planned + due
        return done, planned

    def alarms(self) -> list[Row]:
        return [a for a in self.rows[Alarm] if self.within(a["at"].astimezone(BEIJING).date())]

    def events(self) -> list[Row]:
        return [e for e in self.rows[Event] if self.within(e["day"])]

    def pushes(self) -> list[Row]:
        alive = {(e["id"], e["scope"]) for e in self.rows[Event]}
        return [p for p in self.rows[Push] if self.within(p["sent_on"]) and (p["event"], p["scope"]) in alive]

    def disputes(self) -> list[Row]:
        return [d for d in self.rows[Dispute] if self.within(d["found_on"]) and d["state"] not in state(Dispute, "不予受理")]

    def petitions(self) -> list[Row]:
        return [p for p in self.rows[Petition] if self.within(p["came_on"]) and p["state"] not in state(Petition, "不予受理")]

    def tasks(self) -> list[Row]:
        return [t for t in self.rows[Task] if self.within(t["due_on"]) and t["closed_on"] is None]

    def outreach(self) -> list[Row]:
        return [o for o in self.rows[Outreach] if self.within(o["day"])]


AGREED = state(Dispute, "达成书面协议", "达成口头协议", "履行中", "已履行", "回访", "归档")
FAILED = state(Dispute, "未达成", "移交上级", "引导诉讼仲裁")
ABROAD = {row.code for row in codes.table("id_kind").rows if "外国人" in row.name}
Told = tuple[int, int | None]


def share(some: list[Any], good: Callable[[Any], object]) -> Told:
    return sum(bool(good(one)) for one in some), len(some)


def total(some: list[Row], name: str) -> int:
    return sum(row[name] or 0 for row in some)


def _ended(c: Recount) -> list[Row]:
    return [e for e in c.events() if e["due_on"] and (e["done_on"] or e["due_on"] < c.today)]


def _long(c: Recount) -> list[Row]:
    since = plus_months(c.day, -LIMITS["permit_eligible"].count)
    return [p for p in c.living() if p["registered_on"] and p["registered_on"] <= since]


def _counted_helmets(c: Recount) -> list[Row]:
    return [d for d in c.rows[Duty] if c.within(d["day"]) and d["passed"] is not None and d["helmets"] is not None]


#: every figure by its key: (part, whole), None where it is no rate
RECOUNT: dict[str, Callable[[Recount], Told]] = {
    "people": lambda c: (len(c.living()), None),
    "to_register": lambda c: (len(c.asked_to_register()), None),
    "registered": lambda c: (sum(map(c.registered, c.asked_to_register())), None),
    "registration_rate": lambda c: share(c.asked_to_register(), c.registered),
    "unreported": lambda c: (sum(p["reported_on"] is None and p["closed_on"] is None for p in c.people()), None),
    "start_in_time": lambda c: share(list(c.leases("start", "reported_on", "landlord_report_start", False)), bool),
    "end_in_time": lambda c: share(list(c.leases("end", "end_reported_on", "landlord_report_end", True)), bool),
    "housed_rate": lambda c: share(c.kept(), c.stays),
    "permit_rate": lambda c: share(_long(c), lambda p: p["permit"] is True),
    "houses": lambda c: (len(c.houses()), None),
    "rooms": lambda c: (len(c.rows[Room]), None),
    "coverage": lambda c: share(c.houses(), lambda h: any(i["house"] == h["id"] and i["scope"] == h["scope"] for i in c.inspections())),
    "inspections": lambda c: (len(c.inspections()), None),
    "inspected": lambda c: (len({i["house"] or i["site"] for i in c.inspections()} - {None}), None),
    "hazards_found": lambda c: (len(c.found()), None),
    "hazards_right": lambda c: (sum(map(c.right, c.found())), None),
    "hazards_closed": lambda c: (sum(c.closed(h) and c.within(h["rechecked_on"]) for h in c.rows[Hazard]), None),
    "hazards_late": lambda c: (sum(map(c.late, c.rows[Hazard])), None),
    "hazards_open": lambda c: (sum(h["state"] not in state(Hazard, "已销号", "误报/撤销") for h in c.rows[Hazard]), None),
    "right_rate": lambda c: share(c.found(), c.right),
    "closed_rate": lambda c: share(c.found(), c.closed),
    "patrols": lambda c: (len(c.patrols()), None),
    "all_patrols": lambda c: (len(c.rows[Patrol]), None),
    "night_patrols": lambda c: (sum(p["shift"] == "02" or p["category"] == "02" for p in c.patrols()), None),
    "frequency": lambda c: c.frequency(),
    "persuaded": lambda c: (total([d for d in c.rows[Duty] if c.within(d["day"])], "persuaded"), None),
    "helmet_rate": lambda c: (total(_counted_helmets(c), "helmets"), total(_counted_helmets(c), "passed")),
    "alarms": lambda c: (len(c.alarms()), None),
    "false_rate": lambda c: share([a for a in c.alarms() if a["verdict"] in ("01", "02")], lambda a: a["verdict"] == "02"),
    "events": lambda c: (len(c.events()), None),
    "done_rate": lambda c: share(c.events(), lambda e: e["done_on"]),
    "on_time_rate": lambda c: share(_ended(c), lambda e: e["done_on"] and e["done_on"] <= e["due_on"]),
    "police_events": lambda c: (sum(e["police"] is True for e in c.events()), None),
    "police_rate": lambda c: (sum(e["police"] is True for e in c.events()), len(c.living())),
    "answer_rate": lambda c: share(c.pushes(), lambda p: p["answered_on"]),
    "disputes": lambda c: (len(c.disputes()), None),
    "agreed_rate": lambda c: share([d for d in c.disputes() if d["state"] in AGREED | FAILED], lambda d: d["state"] in AGREED),
    "petitions": lambda c: (len(c.petitions()), None),
    "petition_rate": lambda c: share(c.petitions(), lambda p: p["state"] in state(Petition, "已办结")),
    "tasks_due": lambda c: (len(c.tasks()), None),
    "task_rate": lambda c: share(c.tasks(), lambda t: t["done_on"]),
    "outreach": lambda c: (len(c.outreach()), None),
    "audience": lambda c: (total(c.outreach(), "audience"), None),
}
