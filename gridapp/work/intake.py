"""Taking in a workbook: first weighed against the register (dry run), then all of it as one act that can be undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.fields.ids import new_id
from gridapp.ledger import REGISTER, Acting, verb
from gridapp.records import House, Officer, Person, Record, Room, Tenancy
from gridapp.texts import N_, _
from gridapp.work.onfile import newest_act
from gridapp.work.weighing import Cancelled, Plan, Progress, Row, Weighed, tell, weigh

__all__ = ["Cancelled", "Outdated", "Plan", "Progress", "Row", "Weighed", "column_label", "floor_of", "outline", "take_in", "weigh"]
#: records written between two looks at whether the officer has cancelled
CHUNK = 500
Values = dict[str, Any]


class Outdated(Mistake):
    """The register was changed after the dry run, and a row would now fare differently."""

    def __init__(self, row: Row) -> None:
        super().__init__(_("检查之后台账又有改动，“{0}”第 {1} 行的结果已经不同。没有写入任何内容，请重新检查这个表格，再导入。").format(
            row.sheet, row.row))


class _Steps:
    """How far it is: every record counts twice, when it is written and when it is put into the search index."""

    def __init__(self, progress: Progress | None, records: int) -> None:
        self.progress, self.done, self.total = progress, 0, 2 * records

    def __call__(self, records: int) -> None:
        """So many more are done. Raises Cancelled."""
        self.done = min(self.done + records, self.total)
        tell(self.progress, self.done, self.total)


@verb(N_("导入表格"), REGISTER)
def take_in(act: Acting, plan: Plan, progress: Progress | None = None) -> int:
    """Write a weighed workbook as one act; returns the number of rows taken. Raises Cancelled, Outdated."""
    _refuse_if_outdated(act, plan, progress)
    houses, rooms, people, stays = _births(act, plan)
    changes = _changes(plan)
    steps = _Steps(progress, sum(map(len, (houses, rooms, people, stays, *changes.values()))))
    act.on_indexed = steps
    births: dict[type[Record], list[Values]] = {House: houses, Room: rooms, Person: people, Tenancy: stays}
    for entity, born in births.items():
        for some in _chunks(born):
            act.add_many(entity, some)
            steps(len(some))
    for entity, values in changes.items():
        for ids in _chunks(list(values)):
            for record in act.records(sa.select(entity).where(entity.id.in_(ids))):
                act.change(record, **values[record.id])
            steps(len(ids))
    return sum(w.outcome in ("created", "updated") for w in plan.rows)


def _chunks(things: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(things), CHUNK):
        yield things[start:start + CHUNK]


def _refuse_if_outdated(act: Acting, plan: Plan, progress: Progress | None) -> None:
    """What was done in between matters only where it changes what becomes of a row. Raises Outdated, Cancelled."""
    if newest_act(act) == plan.known:
        return
    now = weigh(act, [w.row for w in plan.rows], progress)
    for before, after in zip(plan.rows, now.rows, strict=True):
        if (before.outcome, before.plan) != (after.outcome, after.plan):
            raise Outdated(before.row)


def _births(act: Acting, plan: Plan) -> tuple[list[Values], list[Values], list[Values], list[Values]]:
    """Houses, rooms, people and stays to be born, with their ids and links."""
    houses = [w.plan["house"] | {"id": new_id()} for w in plan.rows if "house" in w.plan]
    rooms, room_ids = _rooms(act, plan, {h["house_no"]: h["id"] for h in houses})
    people, stays = list[Values](), list[Values]()
    registrar = act.scalar(sa.select(Officer.id).where(Officer.number == act.officer))
    for weighed in plan.rows:
        person = weighed.plan.get("id") or new_id()
        if "person" in weighed.plan:
            people.append(weighed.plan["person"] | {"id": person})
        if "stay" in weighed.plan:
            stays.append(weighed.plan["stay"] | {"person": person, "room": room_ids[weighed.plan["room"]], "registrar": registrar})
    return houses, rooms, people, stays


def _rooms(act: Acting, plan: Plan, new_houses: dict[str, UUID]) -> tuple[list[Values], dict[tuple[str, str], UUID]]:
    """Rooms that somebody is to live in and the register has not, and the ids of all."""
    houses = {r.house_no: r.id for r in act.rows(
        sa.select(House.house_no, House.id).where(House.deleted.is_not(True), House.unmerged()).order_by(House.seq))} | new_houses
    known = {(r.house_no, r.room_no): r.id for r in act.rows(
        sa.select(House.house_no, Room.room_no, Room.id).join(House, House.id == Room.house)
        .where(Room.deleted.is_not(True), House.deleted.is_not(True)).order_by(Room.seq))}
    wanted = dict.fromkeys(w.plan["room"] for w in plan.rows if "room" in w.plan)
    born = {key: {"id": new_id(), "house": houses[key[0]], "room_no": key[1], "floor": floor_of(key[1])}
            for key in wanted if key not in known}
    return list(born.values()), known | {key: room["id"] for key, room in born.items()}


def floor_of(room_no: str) -> int | None:
    """The floor a door number tells: 207 is on the second, 1103 on the eleventh; None for 'A1'."""
    return int(room_no[:-2]) if room_no.isdigit() and 3 <= len(room_no) <= 4 else None


def _changes(plan: Plan) -> dict[type[Record], dict[UUID, Values]]:
    """New field values of records that are there, by entity and id."""
    moved = codes.table("end_reason").find("换房")
    found: dict[type[Record], dict[UUID, Values]] = {House: {}, Person: {}, Tenancy: {}}
    for told in (w.plan for w in plan.rows):
        reopened = {"closed_on": None, "closed_why": None, "closed_note": None} if "reopen" in told else {}
        for entity, values in ((House, told.get("change_house", {})), (Person, told.get("change_person", {}) | reopened)):
            if values:
                found[entity][told["id"]] = values
        if "leave" in told:
            stay, day = told["leave"]
            found[Tenancy][stay] = {"end": day, "end_why": moved}
        if "change_stay" in told:
            stay, values = told["change_stay"]
            found[Tenancy][stay] = values
    return found


def outline(plan: Plan) -> dict[str, Any]:
    """The dry run as plain data for scripts: counts, and every refused or warned row with sheet, Excel row, column, reason."""
    def told(weighed: Weighed, level: str) -> dict[str, Any]:
        marks = [m for m in weighed.marks if m.level == level]
        return {"sheet": weighed.row.sheet, "row": weighed.row.row, "column": column_label(weighed.row.kind, marks[0].field),
                "code": marks[0].code, "text": "".join(m.text for m in marks)}

    return {"created": plan.created, "updated": plan.updated,
            "refused": [told(w, "block") for w in plan.refused], "warned": [told(w, "warn") for w in plan.warned]}


EXTRA_LABELS = {"house_no": N_("房屋编号"), "room_no": N_("房号"), "address": N_("现住地址")}


def column_label(kind: str, name: str | None) -> str:
    """How the workbook's reader calls the field."""
    entities: Sequence[type[Record]] = (House,) if kind == "house" else (Person, Tenancy)
    for entity in entities:
        if name in fields_of(entity):
            return fields_of(entity)[name].label
    return EXTRA_LABELS.get(name or "", name or "")
