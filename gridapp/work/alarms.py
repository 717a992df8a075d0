"""Alarms (告警) of detectors and cameras: taken in by hand or from a maker's file, judged real, false or a test, and what follows from a real one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes
from gridapp.fields.kinds import BEIJING
from gridapp.ledger import LOOK, REGISTER, Acting, Reader, needs, verb
from gridapp.records import Alarm, Sensor
from gridapp.texts import N_, _
from gridapp.work import events, hazards, steps
from gridapp.work import hazardmoves as moves

REAL, FALSE, TEST = "真实", "误报", "测试"
FROM_FILE, BY_HAND = "厂家文件", "手工登记"
#: what a real one becomes
HAZARD, EVENT = "hazard", "event"
#: so many characters of an alarm are the title of its event
TITLE_LENGTH = 40
#: what kind of event it is, until somebody says better
OTHER = "其他"


def verdict(name: str) -> str:
    """The code of a verdict by its Chinese name. Raises KeyError."""
    return _code("alarm_verdict", name)


def _code(table: str, name: str) -> str:
    found = codes.table(table).find(name)
    if found is None:
        raise KeyError(name)
    return found


class SensorThere(Mistake):
    """Two records of one device."""

    def __init__(self, number: str) -> None:
        super().__init__(_("编号为“{0}”的设备已经登记过，没有再登记一次。要改安装位置，请到“设备”里修改。").format(number))


class OnlyReal(Mistake):
    """A false alarm becomes nothing."""

    def __init__(self) -> None:
        super().__init__(_("只有核实为“真实”的告警才能转为隐患或事件。请把核实结果改为“真实”，或不要选转为什么。"))


class AlreadyBecome(Mistake):
    """What has become a hazard or an event is not judged again."""

    def __init__(self) -> None:
        super().__init__(_("这条告警已经转为隐患或事件，不能再改核实结果。是误报的，请到那条隐患里办“误报撤销”，或到那件事件里办。"))


@dataclass(frozen=True)
class Told:
    """One alarm as a file or a device tells it; `at` is aware, `kind` a code of alarm_kind."""

    at: datetime
    number: str | None = None
    kind: str | None = None
    place: str | None = None
    content: str | None = None
    serial: str | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for two tellings of one alarm: what its maker calls it, else the device (where it has no number, the place), the moment and the kind."""
        return _key(self.serial, self.number, self.place, self.at, self.kind)


def _key(serial: str | None, number: str | None, place: str | None, at: datetime, kind: str | None) -> tuple[object, ...]:
    return ("serial", serial, number) if serial else (number, None if number else place, at, kind)


@dataclass(frozen=True)
class Weighed:
    """What taking them in would do: those that are new, how many are there already, and numbers of devices nobody registered."""

    new: tuple[Told, ...]
    there: int
    unknown: tuple[str, ...]


@needs(LOOK)
def weigh_alarms(read: Reader, heard: Sequence[Told]) -> Weighed:
    """Which of them are new; the same one twice among them counts once."""
    if not heard:
        return Weighed((), 0, ())
    asked = sa.select(Alarm.serial, Alarm.number, Alarm.place, Alarm.at, Alarm.kind).where(
        Alarm.at.between(min(t.at for t in heard), max(t.at for t in heard)), Alarm.deleted.is_not(True))
    seen = {_key(a.serial, a.number, a.place, a.at, a.kind) for a in read.rows(asked)}
    new = list[Told]()
    for one in heard:
        if one.key not in seen:
            seen.add(one.key)
            new.append(one)
    known = _sensors(read, (t.number for t in new))
    return Weighed(tuple(new), len(heard) - len(new), tuple(sorted({t.number for t in new if t.number and t.number not in known})))


def _sensors(read: Reader, numbers: Iterable[str | None]) -> dict[str, Sensor]:
    wanted = {number for number in numbers if number}
    found = read.records(sa.select(Sensor).where(Sensor.number.in_(wanted), Sensor.deleted.is_not(True)).order_by(Sensor.seq)) if wanted else []
    return {s.number: s for s in found}


# ---------------------------------------------------------------- coming in

@verb(N_("登记告警"), REGISTER)
def register_alarm(act: Acting, day: date, clock: str, **values: Any) -> UUID:
    """One alarm by hand; `clock` is 'HH:MM' in Beijing time. Raises Refused."""
    at = datetime.combine(day, time.fromisoformat(clock), BEIJING)
    return act.add(_placed(Alarm(**{"at": at, "source": _code("alarm_source", BY_HAND)} | values), _sensors(act, [values.get("number")]))).id


@verb(N_("收进告警"), REGISTER)
def take_in_alarms(act: Acting, told: Sequence[Told], source: str = FROM_FILE) -> int:
    """Those that are not there yet; returns how many. What comes from a device nobody registered is kept, and gets its place when that is done."""
    new = weigh_alarms(act, told).new
    known, code = _sensors(act, (t.number for t in new)), _code("alarm_source", source)
    for one in new:
        act.add(_placed(Alarm(at=one.at, number=one.number, kind=one.kind, place=one.place, content=one.content, serial=one.serial, source=code), known))
    return len(new)


def _placed(alarm: Alarm, known: dict[str, Sensor]) -> Alarm:
    """Where its device hangs is where it rang, unless something else was told."""
    sensor = known.get(alarm.number or "")
    if sensor is not None:
        alarm.sensor, alarm.house, alarm.site = sensor.id, alarm.house or sensor.house, alarm.site or sensor.site
        alarm.place = alarm.place or sensor.place
    return alarm


# ---------------------------------------------------------------- devices

@verb(N_("登记智能设备"), REGISTER)
def register_sensor(act: Acting, **values: Any) -> UUID:
    """A device by its number; alarms it gave before get it and its place. Raises SensorThere, Refused."""
    number = values.get("number")
    if number in _sensors(act, [number]):
        raise SensorThere(str(number))
    sensor = act.add(Sensor(**values))
    _give_alarms(act, sensor)
    return sensor.id


@verb(N_("修改智能设备"), REGISTER)
def correct_sensor(act: Acting, sensor_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change what is said of a device. Raises Gone, Refused, ChangedMeanwhile, SensorThere."""
    other = _sensors(act, [values.get("number")]).get(values.get("number") or "")
    if other is not None and other.id != sensor_id:
        raise SensorThere(other.number)
    sensor = act.change(act.get(Sensor, sensor_id), seen=seen, **values)
    _give_alarms(act, sensor)
    return sensor.id


def _give_alarms(act: Acting, sensor: Sensor) -> None:
    lost = sa.select(Alarm).where(Alarm.number == sensor.number, Alarm.sensor.is_(None), Alarm.deleted.is_not(True))
    for alarm in act.records(lost):
        act.change(alarm, sensor=sensor.id, house=alarm.house or sensor.house, site=alarm.site or sensor.site, place=alarm.place or sensor.place)


# ---------------------------------------------------------------- judged

@verb(N_("核实告警"), REGISTER)
def judge_alarm(act: Acting, alarm_id: UUID, verdict: str, note: str | None = None, *, becomes: str | None = None, degree: str = "01",
                by: str | None = None, day: date | None = None) -> UUID:
    """Real, false or a test (code of alarm_verdict); a real one may become a hazard or an event in the same act.

    Raises Gone, OnlyReal, AlreadyBecome, Missing, Refused.
    """
    alarm = act.get(Alarm, alarm_id)
    if alarm.hazard is not None or alarm.event is not None:
        raise AlreadyBecome
    if becomes and verdict != _code("alarm_verdict", REAL):
        raise OnlyReal
    who = by or moves.officer(act)
    steps.refuse_missing(_("核实告警"), {_("核实人"): who, **({_("地点"): alarm.place} if becomes else {})})
    made = _became(act, alarm, becomes, degree, note, who) if becomes else {}
    return act.change(alarm, verdict=verdict, judged_on=day or act.today, judged_by=who, note=note, **made).id


def _became(act: Acting, alarm: Alarm, becomes: str, degree: str, note: str | None, who: str | None) -> dict[str, Any]:
    kind = codes.table("alarm_kind").label(alarm.kind or "")
    said = "：".join(part for part in (kind, note or alarm.content or "") if part) or _("告警")
    at = {"house": alarm.house, "site": alarm.site, "place": alarm.place}
    if becomes == HAZARD:
        return {HAZARD: hazards.opened(act, content=said, degree=degree, finder=who, **at).id}
    clock = alarm.at.astimezone(BEIJING)
    return {EVENT: events.opened(act, title=f"{alarm.place} {kind}".strip()[:TITLE_LENGTH], content=said, kind=_code("event_kind", OTHER), source=_code("event_source", "烟感、智安小区"),
                                   day=clock.date(), time=f"{clock:%H:%M}", **at).id}
