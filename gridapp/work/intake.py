"""Taking in a workbook: first weighed against the register (dry run), then all of it as one act that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mark, Mistake
from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.fields.ids import new_id
from gridapp.ledger import Acting, Reader, verb
from gridapp.ledger.reader import marks_of
from gridapp.records import House, Officer, Person, Record, Room, Tenancy
from gridapp.texts import N_, _

Outcome = Literal["created", "updated", "same", "refused"]
Progress = Callable[[int, int], bool]


class Cancelled(Mistake):
    """The officer stopped it; nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("已取消，没有写入任何内容。"))


class Row(Protocol):
    """A row of a workbook, already parsed field by field; `marks` of level 'block' refuse it."""

    @property
    def sheet(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Any]: ...
    @property
    def marks(self) -> tuple[Mark, ...]: ...


@dataclass
class Weighed:
    """One row and what would become of it."""

    row: Row
    outcome: Outcome
    marks: tuple[Mark, ...]
    plan: dict[str, Any] = field(default_factory=dict)

    @property
    def warned(self) -> bool:
        return any(m.level == "warn" for m in self.marks)


@dataclass
class Plan:
    """The whole dry run: every row's fate, and the counts per entity."""

    rows: list[Weighed]
    created: dict[str, int]
    updated: dict[str, int]

    @property
    def refused(self) -> list[Weighed]:
        return [w for w in self.rows if w.outcome == "refused"]

    @property
    def warned(self) -> list[Weighed]:
        return [w for w in self.rows if w.outcome != "refused" and w.warned]


@dataclass
class _Known:
    """What the register holds already, by the keys a workbook knows."""

    houses: dict[str, House]
    rooms: dict[tuple[str, str], UUID]
    people: dict[str, Person]
    stays: dict[UUID, Tenancy]


def _known(read: Reader) -> _Known:
    houses = {h.house_no: h for h in read.records(sa.select(House).where(House.deleted.is_not(True)))}
    rooms = {(r.house_no, r.room_no): r.id for r in read.rows(
        sa.select(House.house_no, Room.room_no, Room.id).join(House, House.id == Room.house).where(Room.deleted.is_not(True)))}
    people = {p.id_no: p for p in read.records(sa.select(Person).where(
        Person.deleted.is_not(True), Person.id_no.is_not(None))) if p.id_no}
    stays = {t.person: t for t in read.records(sa.select(Tenancy).where(
        Tenancy.deleted.is_not(True), Tenancy.end.is_(None)))}
    return _Known(houses, rooms, people, stays)


class _Scale:
    """Weighs row after row, remembering what the rows before it would create."""

    def __init__(self, read: Reader) -> None:
        self.today, self.known = read.today, _known(read)
        self.new_houses: set[str] = set()
        self.new_rooms: set[tuple[str, str]] = set()
        self.seen_people: dict[str, int] = {}
        self.seen_houses: dict[str, int] = {}

    def weigh(self, row: Row) -> Weighed:
        return self.weigh_house(row) if row.kind == "house" else self.weigh_person(row)

    # -- houses

    def weigh_house(self, row: Row) -> Weighed:
        values = {n: v for n, v in row.values.items() if n in fields_of(House) and v is not None}
        marks = list(row.marks)
        number = values.get("house_no")
        if number in self.seen_houses:
            marks.append(Mark("house_no", "block", "same-row-twice", _("与第 {0} 行的房屋编号相同。").format(self.seen_houses[number])))
        old = self.known.houses.get(number) if number else None
        marks += _checked(House(**values) if old is None else _merged(House, old, values), self.today, marks)
        if _blocked(marks):
            return Weighed(row, "refused", tuple(marks))
        assert number is not None
        self.seen_houses[number] = row.row
        if old is None:
            self.new_houses.add(number)
            return Weighed(row, "created", tuple(marks), {"house": values | {"registered_on": values.get("registered_on") or self.today}})
        return self._updated(row, "house", old, values, marks)

    # -- people

    def weigh_person(self, row: Row) -> Weighed:
        values = {n: v for n, v in row.values.items() if n in fields_of(Person) and v is not None}
        marks = list(row.marks)
        person = Person(**{"id_kind": "111", "registered_on": self.today} | values)
        number = person.id_no
        marks += _checked(person, self.today, marks)
        marks += self._house_marks(row)
        if number and number in self.seen_people and not _blocked(marks):
            marks.append(Mark("id_no", "block", "same-row-twice", _("证件号码与第 {0} 行相同，只收第一行。").format(self.seen_people[number])))
        if _blocked(marks):
            return Weighed(row, "refused", tuple(marks))
        if number:
            self.seen_people[number] = row.row
        old = self.known.people.get(number) if number else None
        if old is not None:
            return self._known_person(row, old, values, marks)
        person.fill_from_number(self.today)
        born = {n: getattr(person, n) for n in fields_of(Person) if getattr(person, n) is not None}
        return Weighed(row, "created", tuple(marks), {"person": born, **self._stay(row, None)})

    def _house_marks(self, row: Row) -> list[Mark]:
        number = row.values.get("house_no")
        if number is None or number in self.known.houses or number in self.new_houses:
            return []
        return [Mark("house_no", "block", "unknown-house", _("没有编号为 {0} 的房屋，请先登记房屋或改正编号。").format(number))]

    def _stay(self, row: Row, person: UUID | None) -> dict[str, Any]:
        number, room_no = row.values.get("house_no"), row.values.get("room_no")
        if number is None or room_no is None:
            return {}
        key = (number, room_no)
        room = self.known.rooms.get(key)
        if room is None:
            self.new_rooms.add(key)
        told = {n: v for n, v in row.values.items() if n in ("relation", "end", "rent", "contract_no") and v is not None}
        start = row.values.get("start") or row.values.get("arrived_on")
        if told.get("end") and start and told["end"] < start:
            told.pop("end")
        now = self.known.stays.get(person) if person else None
        if now is not None and now.room == room:
            return {"end_stay": (now.id, told["end"])} if told.get("end") else {}
        return {"room": key, "stay": told | {"start": start}, "leave": now.id if now else None}

    def _known_person(self, row: Row, old: Person, values: dict[str, Any], marks: list[Mark]) -> Weighed:
        weighed = self._updated(row, "person", old, values, marks)
        stay = self._stay(row, old.id)
        if stay:
            weighed.plan |= stay | {"id": old.id}
            weighed.outcome = "updated"
        return weighed

    def _updated(self, row: Row, entity: str, old: Record, values: dict[str, Any], marks: list[Mark]) -> Weighed:
        changes = {n: v for n, v in values.items() if getattr(old, n) != v}
        if not changes:
            return Weighed(row, "same", tuple(marks), {})
        return Weighed(row, "updated", tuple(marks), {"id": old.id, f"change_{entity}": changes})


def _checked(record: Record, today: date, before: Iterable[Mark]) -> list[Mark]:
    """The record's own marks, without repeating a field that was already refused when it was read."""
    stopped = {m.field for m in before if m.level == "block"}
    return [m for m in marks_of(record, today) if m.field not in stopped]


def _merged(entity: type[Record], old: Record, values: dict[str, Any]) -> Record:
    return entity(**{n: getattr(old, n) for n in fields_of(entity)} | values)


def _blocked(marks: Iterable[Mark]) -> bool:
    return any(m.level == "block" for m in marks)


def weigh(read: Reader, rows: Iterable[Row], progress: Progress | None = None) -> Plan:
    """What would be created, updated and refused; writes nothing. Houses are weighed before people. Raises Cancelled."""
    scale, weighed = _Scale(read), list[Weighed]()
    ordered = sorted(rows, key=lambda r: r.kind != "house")
    for done, row in enumerate(ordered):
        weighed.append(scale.weigh(row))
        if progress is not None and done % 200 == 0 and not progress(done, len(ordered)):
            raise Cancelled
    created = {"house": _count(weighed, "house", "created"), "room": len(scale.new_rooms),
               "person": _count(weighed, "person", "created"), "tenancy": sum("stay" in w.plan for w in weighed)}
    updated = {"house": _count(weighed, "house", "updated"), "person": _count(weighed, "person", "updated")}
    return Plan(weighed, created, updated)


def _count(weighed: list[Weighed], kind: str, outcome: Outcome) -> int:
    return sum(w.row.kind == kind and w.outcome == outcome for w in weighed)


@verb(N_("导入表格"))
def take_in(act: Acting, plan: Plan, progress: Progress | None = None) -> int:
    """Write a weighed workbook as one act; returns the number of rows taken. Raises Cancelled, ChangedMeanwhile."""
    registrar = act.scalar(sa.select(Officer.id).where(Officer.number == act.officer))
    houses = _bear_houses(act, plan)
    rooms = _bear_rooms(act, plan, houses)
    people, stays = list[dict[str, Any]](), list[dict[str, Any]]()
    for done, weighed in enumerate(plan.rows):
        person_id = weighed.plan.get("id")
        if "person" in weighed.plan:
            person_id = new_id()
            people.append(weighed.plan["person"] | {"id": person_id})
        if "stay" in weighed.plan:
            stays.append(weighed.plan["stay"] | {"person": person_id, "room": rooms[weighed.plan["room"]], "registrar": registrar})
        _apply_changes(act, weighed)
        if progress is not None and done % 200 == 0 and not progress(done, len(plan.rows)):
            raise Cancelled
    act.add_many(Person, people)
    act.add_many(Tenancy, stays)
    return sum(w.outcome in ("created", "updated") for w in plan.rows)


def _bear_houses(act: Acting, plan: Plan) -> dict[str, UUID]:
    known = {r.house_no: r.id for r in act.rows(sa.select(House.house_no, House.id).where(House.deleted.is_not(True)))}
    born = [w.plan["house"] | {"id": new_id()} for w in plan.rows if "house" in w.plan and w.plan["house"]["house_no"] not in known]
    act.add_many(House, born)
    return known | {h["house_no"]: h["id"] for h in born}


def _bear_rooms(act: Acting, plan: Plan, houses: dict[str, UUID]) -> dict[tuple[str, str], UUID]:
    known = {(r.house_no, r.room_no): r.id for r in act.rows(
        sa.select(House.house_no, Room.room_no, Room.id).join(House, House.id == Room.house).where(Room.deleted.is_not(True)))}
    wanted = dict.fromkeys(w.plan["room"] for w in plan.rows if "room" in w.plan)
    born = {key: {"id": new_id(), "house": houses[key[0]], "room_no": key[1], "floor": floor_of(key[1])}
            for key in wanted if key not in known}
    act.add_many(Room, list(born.values()))
    return known | {key: row["id"] for key, row in born.items()}


def floor_of(room_no: str) -> int | None:
    """The floor a door number tells: 207 is on the second, 1103 on the eleventh; None for 'A1'."""
    return int(room_no[:-2]) if room_no.isdigit() and 3 <= len(room_no) <= 4 else None


def _apply_changes(act: Acting, weighed: Weighed) -> None:
    if "change_house" in weighed.plan:
        act.change(act.get(House, weighed.plan["id"]), **weighed.plan["change_house"])
    if "change_person" in weighed.plan:
        act.change(act.get(Person, weighed.plan["id"]), **weighed.plan["change_person"])
    if weighed.plan.get("leave"):
        moved = codes.table("end_reason").find("换房")
        act.change(act.get(Tenancy, weighed.plan["leave"]), end=weighed.plan["stay"]["start"] or act.today, end_why=moved)
    if "end_stay" in weighed.plan:
        tenancy, end = weighed.plan["end_stay"]
        act.change(act.get(Tenancy, tenancy), end=end)


def outline(plan: Plan) -> dict[str, Any]:
    """The dry run as plain data for scripts: counts, and every refused or warned row with sheet, Excel row, column, reason."""
    def told(weighed: Weighed, level: str) -> dict[str, Any]:
        mark = next(m for m in weighed.marks if m.level == level)
        return {"sheet": weighed.row.sheet, "row": weighed.row.row, "column": column_label(weighed.row.kind, mark.field),
                "code": mark.code, "text": mark.text}

    return {"created": plan.created, "updated": plan.updated,
            "refused": [told(w, "block") for w in plan.refused], "warned": [told(w, "warn") for w in plan.warned]}


EXTRA_LABELS = {"house_no": N_("房屋编号"), "room_no": N_("房号"), "address": N_("现住地址")}


def column_label(kind: str, name: str | None) -> str:
    """How the workbook's reader calls the field."""
    for entity in (House,) if kind == "house" else (Person, Tenancy):
        if name in fields_of(entity):
            return fields_of(entity)[name].label
    return EXTRA_LABELS.get(name or "", name or "")
