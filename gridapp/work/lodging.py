"""What a row of a workbook says of where somebody lives, held against the stays the register knows: begins, ends, moves, or nothing.

What the register knows is never blanked or shortened by silence: a row without an end date does not take an end back, an older
workbook moves nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from gridapp.errors import Mark
from gridapp.texts import _
from gridapp.work.onfile import HeldStay

#: what of a stay a row may tell beside its dates, and what only of one that is over
TOLD = ("relation", "rent", "contract_no")
OVER = ("end_why", "end_to", "end_reported_on", "end_reported_batch")


@dataclass(frozen=True)
class Door:
    """The room a row names: house and room number, the room's id when the register has it, whether its house is closed."""

    house_no: str
    room_no: str
    room: UUID | None
    closed: bool

    @property
    def key(self) -> tuple[str, str]:
        return self.house_no, self.room_no


@dataclass
class Lodging:
    """What is to be done about the stay, for the plan of an import, and what there is to say."""

    plan: dict[str, Any] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)

    def say(self, level: str, column: str, code: str, text: str) -> Lodging:
        self.marks.append(Mark(column, level, code, text))  # type: ignore[arg-type]
        return self


def lodge(row: Mapping[str, Any], door: Door, stays: Sequence[HeldStay], today: date) -> Lodging:
    """Decide about one row; `stays` are all the person's, oldest first."""
    found = Lodging()
    said, start, end = row.get("start"), row.get("start") or row.get("arrived_on"), row.get("end")
    if start and end and end < start:
        return found.say("block", "end", "end-before-start", _("离开日期早于入住日期，请改正其中一个。"))
    if said and said > today:
        found.say("warn", "start", "future-date", _("入住日期在今天以后，请核对。"))
    known = _same_stay(stays, door.room, start)
    if known is not None:
        return _known(found, row, known, stays)
    now = next((s for s in reversed(stays) if s.end is None), None)
    if end is not None:
        return _past(found, row, door, now, start)
    if door.closed:
        return found.say("block", "house_no", "closed-house", _("编号为 {0} 的房屋已注销，请先取消注销或改正编号。").format(door.house_no))
    return _moved(found, row, door, now, said, today) if now is not None else _new(found, row, door, stays, said, today)


def _same_stay(stays: Sequence[HeldStay], room: UUID | None, start: date | None) -> HeldStay | None:
    """The stay in that room which the row means: the present one, the one begun that day, or one not over by then."""
    here = [s for s in stays if s.room == room]
    ways = (lambda s: s.end is None, lambda s: s.start == start, lambda s: start is None or start < s.end)
    return next((s for way in ways for s in reversed(here) if way(s)), None)


def _known(found: Lodging, row: Mapping[str, Any], stay: HeldStay, stays: Sequence[HeldStay]) -> Lodging:
    said, end = row.get("start"), row.get("end")
    names = TOLD + OVER if end else TOLD
    changes = {n: row[n] for n in names if row.get(n) is not None and row[n] != stay.values[n]}
    if said and stay.end is None and said != stay.start:
        changes["start"] = said
    begun = changes.get("start", stay.start)
    if end and stay.end is None and begun and end < begun:
        return found.say("block", "end", "end-before-start", _("离开日期早于登记里的入住日期 {0}，请改正其中一个。").format(begun))
    if end and stay.end is None:
        changes["end"] = end
    elif end and end != stay.end:
        found.say("warn", "end", "end-differs", _("登记里的离开日期是 {0}，没有改动，请核对。").format(stay.end))
    elif stay.end is not None and end is None and all(s.end is not None for s in stays):
        found.say("warn", "end", "has-left", _("登记里已于 {0} 离开这个房间，表里没有离开日期；没有改动，请核对。").format(stay.end))
    if changes:
        found.plan["change_stay"] = (stay.id, changes)
    return found


def _begin(found: Lodging, row: Mapping[str, Any], door: Door, start: date) -> Lodging:
    names = (*TOLD, "end", *OVER) if row.get("end") else TOLD
    told = {n: row[n] for n in names if row.get(n) is not None}
    if row.get("reported_on") and row["reported_on"] >= start:  # an earlier report was of an earlier stay
        told |= {n: row[n] for n in ("reported_on", "reported_batch") if row.get(n) is not None}
    found.plan |= {"room": door.key, "stay": told | {"start": start}}
    return found


def _past(found: Lodging, row: Mapping[str, Any], door: Door, now: HeldStay | None, start: date | None) -> Lodging:
    """A stay that is over; it may not run into the present one."""
    end = row["end"]
    if now is not None and now.start is not None and end > now.start:
        return found.say("warn", "room_no", "lives-elsewhere",
                         _("登记里从 {0} 起住在{1}，与这一行的日期重叠；住处没有改动，请核对。").format(now.start, now.place))
    if start is None:
        found.say("warn", "start", "no-start", _("没有入住日期，按离开日期登记，请补录。"))
    return _begin(found, row, door, start or end)


def _moved(found: Lodging, row: Mapping[str, Any], door: Door, now: HeldStay, said: date | None, today: date) -> Lodging:
    """Lives in another room by the register: moved (换房) unless the workbook is older than that."""
    if said and now.start and said < now.start:
        return found.say("warn", "room_no", "lives-elsewhere",
                         _("登记里从 {0} 起住在{1}，比这一行新；住处没有改动，请核对。").format(now.start, now.place))
    arrived = row.get("arrived_on")
    day = next((d for d in (said, arrived) if d and (now.start is None or d > now.start)), None)
    if day is None:
        day = max(today, now.start or today)
        found.say("warn", "start", "moved-today", _("登记里住在{0}，表里换了房间但没有换房日期，按 {1} 换房，请核对。").format(now.place, day))
    found.plan["leave"] = (now.id, day)
    if row.get("relation") is None and now.values["relation"]:
        row = {**row, "relation": now.values["relation"]}
    return _begin(found, row, door, day)


def _new(found: Lodging, row: Mapping[str, Any], door: Door, stays: Sequence[HeldStay], said: date | None, today: date) -> Lodging:
    """Lives nowhere by the register."""
    left = max((s.end for s in stays if s.end), default=None)
    if said and left and said < left:
        return found.say("warn", "room_no", "lived-elsewhere",
                         _("登记里到 {0} 为止住在别处，与这一行的入住日期重叠；住处没有改动，请核对。").format(left))
    arrived = row.get("arrived_on")
    day = said or (arrived if arrived and not (left and arrived < left) else None)
    if day is None:
        day = max(d for d in (row.get("registered_on") or today, left) if d)
        found.say("warn", "start", "no-start", _("没有入住日期，按 {0} 登记入住，请核对。").format(day))
    return _begin(found, row, door, day)
