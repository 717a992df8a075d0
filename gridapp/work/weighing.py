"""The dry run of an import: every row of a workbook held against the register, and what would become of it; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol
from uuid import UUID

from gridapp.errors import Mark, Mistake
from gridapp.fields import idnumber
from gridapp.fields.field import fields_of
from gridapp.ledger import REGISTER, Reader, needs
from gridapp.ledger.reader import marks_of
from gridapp.ledger.resting import collector_rests
from gridapp.records import House, Person, Record
from gridapp.texts import _
from gridapp.work import village
from gridapp.work.lodging import Door, Lodging, lodge
from gridapp.work.onfile import Held, look_up, newest_act, squeezed

Outcome = Literal["created", "updated", "same", "refused"]
Progress = Callable[[int, int], bool]
#: rows between two looks at whether the officer has cancelled
STEP = 200


class Cancelled(Mistake):
    """The officer stopped it; nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("已取消，没有写入任何内容。"))


def tell(progress: Progress | None, done: int, total: int) -> None:
    """Report how far it is. Raises Cancelled when the officer does not want to go on."""
    if progress is not None and not progress(done, total):
        raise Cancelled


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
    """The whole dry run: every row's fate, the counts per entity, and the newest act it knew of."""

    rows: list[Weighed]
    created: dict[str, int]
    updated: dict[str, int]
    known: UUID | None = None

    @property
    def refused(self) -> list[Weighed]:
        return [w for w in self.rows if w.outcome == "refused"]

    @property
    def warned(self) -> list[Weighed]:
        return [w for w in self.rows if w.outcome != "refused" and w.warned]


class _Scale:
    """Weighs row after row, remembering what the rows before it would create."""

    def __init__(self, read: Reader, rows: Iterable[Row]) -> None:
        self.today, self.county = read.today, village.own_county(read)
        self.file = look_up(read, [r.values for r in rows if r.kind != "house"])
        self.new_houses: set[str] = set()
        self.new_rooms: set[tuple[str, str]] = set()
        self.seen: dict[tuple[Any, ...], Row] = {}

    def weigh(self, row: Row) -> Weighed:
        return self.weigh_house(row) if row.kind == "house" else self.weigh_person(row)

    def _twice(self, row: Row, column: str, key: tuple[Any, ...]) -> list[Mark]:
        """Blocks the second row of the same person or house; the first one is remembered."""
        first = self.seen.setdefault(key, row)
        if first is row:
            return []
        where = _("第 {0} 行").format(first.row) if first.sheet == row.sheet else _("工作表“{0}”第 {1} 行").format(first.sheet, first.row)
        what = {"id_no": _("证件号码与{0}相同，只收第一行。"), "house_no": _("与{0}的房屋编号相同，只收第一行。"),
                "name": _("与{0}是同一个人（没有证件号码，姓名和住处相同），只收第一行。")}
        return [Mark(column, "block", "same-row-twice", what[column].format(where))]

    # -- houses

    def weigh_house(self, row: Row) -> Weighed:
        values = {n: v for n, v in row.values.items() if n in fields_of(House) and v is not None}
        marks, number = list(row.marks), values.get("house_no")
        old = self.file.houses.get(number) if number else None
        marks += _checked(_stand_in(House, values, old), self.today, marks)
        if number and not _blocked(marks):
            marks += self._twice(row, "house_no", ("house", number))
        if _blocked(marks):
            return Weighed(row, "refused", tuple(marks))
        assert number is not None
        if old is None:
            self.new_houses.add(number)
            self.file.addresses.setdefault(squeezed(values["address"]), number)
            return Weighed(row, "created", tuple(marks), {"house": {"registered_on": self.today} | values})
        if old.values["closed_on"]:
            marks.append(Mark("house_no", "warn", "closed-house", _("这处房屋登记里已于 {0} 注销，导入后仍为已注销。").format(
                old.values["closed_on"])))
        return _updated(row, "house", old, values, marks)

    # -- people

    def weigh_person(self, row: Row) -> Weighed:
        values = {n: v for n, v in row.values.items() if n in fields_of(Person) and v is not None}
        marks, lodging = list(row.marks), Lodging()
        if not _blocked(marks):
            marks += self._house_marks(row)
        old = self.file.person_of(row.values)
        marks += _told_apart(old, values) if old is not None else _kind_guessed(values)
        marks += _planned(row, values, self.today)
        person = _stand_in(Person, {"id_kind": idnumber.RESIDENT, "registered_on": self.today} | values if old is None else values, old)
        marks += _checked(person, self.today, marks)
        if not _blocked(marks):
            marks += self._twice_told(row, values)
        if not _blocked(marks):
            lodging = self._lodged(row, values, old)
            marks += lodging.marks
        if _blocked(marks):
            return Weighed(row, "refused", tuple(marks))
        if "room" in lodging.plan and lodging.plan["room"] not in self.file.rooms:
            self.new_rooms.add(lodging.plan["room"])
        person.fill_from_number(self.today)
        marks += village.home_marks(person.hukou_code, self.county)
        if old is not None:
            return self._known_person(row, old, values, marks, lodging)
        born = {n: v for n in fields_of(Person) if (v := person.__dict__[n]) is not None}
        return Weighed(row, "created", tuple(marks), {"person": born, **lodging.plan})

    def _twice_told(self, row: Row, values: dict[str, Any]) -> list[Mark]:
        if row.values.get("id_no"):
            return self._twice(row, "id_no", ("person", idnumber.long_form(row.values["id_no"])))
        home = row.values.get("house_no") or row.values.get("address"), row.values.get("room_no")
        if home == (None, None) and not values.get("birth") and not values.get("phone"):
            return []
        return self._twice(row, "name", ("nameless", values["name"], *home, values.get("birth"), values.get("phone")))

    def _known_person(self, row: Row, old: Held, values: dict[str, Any], marks: list[Mark], lodging: Lodging) -> Weighed:
        if old.values["closed_on"]:
            again = "stay" in lodging.plan and "end" not in lodging.plan["stay"]
            if again:
                lodging.plan["reopen"] = True
            said = _("此人登记里已于 {0} 注销，导入后将取消注销。") if again else _("此人登记里已于 {0} 注销，导入后仍为已注销。")
            marks.append(Mark("name", "warn", "closed-person", said.format(old.values["closed_on"])))
        weighed = _updated(row, "person", old, values, marks)
        if lodging.plan:
            weighed.plan |= lodging.plan | {"id": old.id}
            weighed.outcome = "updated"
        return weighed

    # -- where they live

    def _house_marks(self, row: Row) -> list[Mark]:
        number = row.values.get("house_no")
        if number is None or number in self.file.houses or number in self.new_houses:
            return []
        return [Mark("house_no", "block", "unknown-house", _("没有编号为 {0} 的房屋，请先登记房屋或改正编号。").format(number))]

    def _lodged(self, row: Row, values: dict[str, Any], old: Held | None) -> Lodging:
        told = dict(row.values)
        if told.get("end") == values.get("leave_planned"):
            told["end"] = None
        if told.get("house_no") is None and told.get("address"):
            told["house_no"] = self.file.addresses.get(squeezed(told["address"]))
        number, room_no = told.get("house_no"), told.get("room_no")
        stays = self.file.stays.get(old.id, []) if old is not None else []
        if number is None or room_no is None:
            lives = any(s.end is None for s in stays)
            return Lodging() if lives else _unlodged(told.get("address"), number, room_no)
        house = self.file.houses.get(number)
        door = Door(number, room_no, self.file.rooms.get((number, room_no)), bool(house and house.values["closed_on"]))
        return lodge(told, door, stays, self.today)


def _unlodged(address: str | None, number: str | None, room_no: str | None) -> Lodging:
    """A row that does not say which room: the person alone is taken in, and that is said."""
    if (address, number, room_no) == (None, None, None):
        return Lodging()
    if number is None:
        return Lodging().say("warn", "house_no", "no-house", _("没有房屋编号，现住地址也不是登记的房屋；只登记人员，没有登记入住。"))
    return Lodging().say("warn", "room_no", "no-room", _("没有房号，只登记人员，没有登记入住。"))


def _told_apart(old: Held, values: dict[str, Any]) -> list[Mark]:
    """Warnings where the register says something else of the same number: perhaps it is somebody else's.

    A 15-digit number does not replace the 18 digits it grew to.
    """
    marks = []
    if values.get("name") and values["name"] != old.values["name"]:
        marks.append(Mark("name", "warn", "name-differs", _("登记里这个证件号码是“{0}”，表里是“{1}”，导入后按表里的改。请看证件核对是不是同一个人。").format(
            old.values["name"], values["name"])))
    number, held = values.get("id_no"), old.values["id_no"]
    if number and held and len(number) < len(held) == 18:
        del values["id_no"]
    if held and not number:
        marks.append(Mark("id_no", "warn", "known-by-name", _("没有填写证件号码，按姓名和住处当作登记里的同一个人，请核对。")))
    if values.get("id_kind") and values["id_kind"] != old.values["id_kind"]:
        kind = fields_of(Person)["id_kind"].kind
        marks.append(Mark("id_kind", "warn", "kind-differs", _("登记里的证件种类是“{0}”，表里是“{1}”，导入后按表里的改，请核对。").format(
            kind.show(old.values["id_kind"]), kind.show(values["id_kind"]))))
    return marks


def _kind_guessed(values: dict[str, Any]) -> list[Mark]:
    """A number with letters in front is no identity card's: without a kind of paper the number tells it."""
    number = values.get("id_no")
    if values.get("id_kind") or not number or not number[0].isalpha() or idnumber.guess_kind(number) == idnumber.RESIDENT:
        return []
    values["id_kind"] = idnumber.guess_kind(number)
    shown = fields_of(Person)["id_kind"].kind.show(values["id_kind"])
    return [Mark("id_kind", "warn", "kind-guessed", _("没有填写证件种类，按号码当作“{0}”，请核对。").format(shown))]


def _planned(row: Row, values: dict[str, Any], today: date) -> list[Mark]:
    """An end date to come is a plan, not a departure."""
    end = row.values.get("end")
    if end is None or end <= today:
        return []
    values["leave_planned"] = end
    return [Mark("end", "warn", "future-end", _("离开日期在今天以后，当作拟离开日期登记。"))]


def _updated(row: Row, entity: str, old: Held, values: dict[str, Any], marks: list[Mark]) -> Weighed:
    changes = {n: v for n, v in values.items() if old.values[n] != v}
    if not changes:
        return Weighed(row, "same", tuple(marks), {})
    return Weighed(row, "updated", tuple(marks), {"id": old.id, f"change_{entity}": changes})


def _stand_in(entity: type[Record], values: dict[str, Any], old: Held | None) -> Any:
    """The record as it would be. It is never saved: made without an id, its fields set past SQLAlchemy's watch (8 times faster)."""
    record = entity.__mapper__.class_manager.new_instance()
    record.__dict__.update(dict.fromkeys(fields_of(entity)) | (old.values if old is not None else {}) | values)
    return record


def _checked(record: Record, today: date, before: Iterable[Mark]) -> list[Mark]:
    """The record's own marks, without repeating a field that was already refused when it was read."""
    stopped = {m.field for m in before if m.level == "block"}
    return [m for m in marks_of(record, today) if m.field not in stopped]


def _blocked(marks: Iterable[Mark]) -> bool:
    return any(m.level == "block" for m in marks)


@collector_rests()
@needs(REGISTER)
def weigh(read: Reader, rows: Iterable[Row], progress: Progress | None = None) -> Plan:
    """What would be created, updated and refused; writes nothing. Houses are weighed before people. Raises Cancelled."""
    ordered = sorted(rows, key=lambda r: r.kind != "house")
    tell(progress, 0, len(ordered))
    scale, weighed = _Scale(read, ordered), list[Weighed]()
    for done, row in enumerate(ordered, 1):
        weighed.append(scale.weigh(row))
        if done % STEP == 0:
            tell(progress, done, len(ordered))
    tell(progress, len(ordered), len(ordered))
    created = {"house": _count(weighed, "house", "created"), "room": len(scale.new_rooms),
               "person": _count(weighed, "person", "created"), "tenancy": sum("stay" in w.plan for w in weighed)}
    updated = {"house": _count(weighed, "house", "updated"), "person": _count(weighed, "person", "updated"),
               "tenancy": sum("leave" in w.plan or "change_stay" in w.plan for w in weighed)}
    return Plan(weighed, created, updated, newest_act(read))


def _count(weighed: list[Weighed], kind: str, outcome: Outcome) -> int:
    return sum(w.row.kind == kind and w.outcome == outcome for w in weighed)
