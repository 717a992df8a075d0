"""Alarms and devices as they are asked for (告警查询): what waits for a verdict, what rings falsely again and again, one of them with its device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import LOOK, PLAIN, Reader, needs
from gridapp.records import Alarm, Event, Hazard, House, Sensor, Site
from gridapp.texts import N_
from gridapp.work import ordering
from gridapp.work.alarms import FALSE, REAL, verdict

#: days in which false alarms of one device are counted together
FALSE_DAYS = 90
#: so many alarms of the same device stand on a page
OTHERS = 20

OPEN, STRANGE, SURE, WRONG, ALL = "open", "unknown", "real", "false", "all"
FILTERS = {OPEN: N_("待核实"), STRANGE: N_("设备未登记"), SURE: N_("真实"), WRONG: N_("误报"), ALL: N_("全部")}


@dataclass(frozen=True)
class AlarmRow:
    """One line of the list; `false_before` counts the false ones of its device in the last 90 days."""

    id: UUID
    at: datetime
    place: str
    number: str
    kind: str | None
    content: str
    verdict: str | None
    false_before: int


def _wanted(which: str) -> sa.ColumnElement[bool]:
    told = {OPEN: Alarm.verdict.is_(None), STRANGE: sa.and_(Alarm.sensor.is_(None), Alarm.number.is_not(None)), SURE: Alarm.verdict == verdict(REAL),
            WRONG: Alarm.verdict == verdict(FALSE), ALL: sa.true()}
    return told[which]


@needs(PLAIN)
def count_alarms(read: Reader) -> dict[str, int]:
    """How many alarms each filter shows."""
    sums = [sa.func.coalesce(sa.func.sum(sa.case((_wanted(which), 1), else_=0)), 0) for which in FILTERS]
    [counted] = read.rows(sa.select(*sums).select_from(Alarm).where(Alarm.deleted.is_not(True)))
    return dict(zip(FILTERS, map(int, counted), strict=True))


#: what the list is sorted by
KEYS: ordering.Keys = {"at": (Alarm.at,), "place": (Alarm.place,), "kind": (ordering.by_code("alarm_kind", Alarm.kind),), "number": (Alarm.number,), "content": (Alarm.content,),
                       "verdict": (ordering.by_code("alarm_verdict", Alarm.verdict),)}


def _order(sort: str) -> list[Any]:
    return ordering.order(sort, KEYS, (Alarm.at.desc(), Alarm.seq.desc()), Alarm.seq)


@needs(LOOK)
def list_alarms(read: Reader, which: str = OPEN, offset: int = 0, limit: int = 200, sort: str = "", seqs: Sequence[int] | None = None) -> list[AlarmRow]:
    """A page, newest first, or sorted; `seqs` are the row numbers of a page far down."""
    asked = (sa.select(Alarm.id, Alarm.at, Alarm.place, Alarm.number, Alarm.kind, Alarm.content, Alarm.verdict, Alarm.sensor, Alarm.seq)
             .where(_wanted(which), Alarm.deleted.is_not(True)))
    rows = ordering.page(asked, read, Alarm.seq, _order(sort), offset, limit, seqs)
    wrong = _false_of(read, {r.sensor for r in rows if r.sensor is not None})
    return [AlarmRow(r.id, r.at, r.place or "", r.number or "", r.kind, r.content or "", r.verdict, wrong.get(r.sensor, 0)) for r in rows]


@needs(LOOK)
def arrange_alarms(read: Reader, which: str = OPEN, sort: str = "") -> str:
    """How the whole list stands (see ordering.arranged)."""
    return ordering.arranged(sa.select(Alarm).where(_wanted(which), Alarm.deleted.is_not(True)), read, Alarm.seq, _order(sort))


def _false_of(read: Reader, sensors: set[UUID]) -> dict[UUID, int]:
    asked = (sa.select(Alarm.sensor, sa.func.count().label("often"))
             .where(Alarm.sensor.in_(sensors), Alarm.verdict == verdict(FALSE), Alarm.judged_on >= read.today - timedelta(FALSE_DAYS), Alarm.deleted.is_not(True))
             .group_by(Alarm.sensor))
    return {r.sensor: r.often for r in read.rows(asked)} if sensors else {}


@dataclass(frozen=True)
class AlarmCard:
    """One alarm with its device, what it became and the others of that device; records are detached."""

    record: Alarm
    sensor: Sensor | None
    where: str
    false_before: int
    became: tuple[str, str]
    others: tuple[Alarm, ...]


@needs(LOOK)
def alarm_card(read: Reader, alarm_id: UUID) -> AlarmCard:
    """Everything about one alarm. Raises Gone."""
    alarm = read.get(Alarm, alarm_id)
    sensor, hazard, event = read.find(Sensor, alarm.sensor), read.find(Hazard, alarm.hazard), read.find(Event, alarm.event)
    at = read.find(House, alarm.house) or read.find(Site, alarm.site)
    became = ("hazard", hazard.content) if hazard else ("event", f"{event.number or ''} {event.title}".strip()) if event else ("", "")
    return AlarmCard(alarm, sensor, at.label() if at else "", _false_of(read, {sensor.id}).get(sensor.id, 0) if sensor else 0, became,
                     _others(read, alarm))


def _others(read: Reader, alarm: Alarm) -> tuple[Alarm, ...]:
    if not alarm.number:
        return ()
    asked = sa.select(Alarm).where(Alarm.number == alarm.number, Alarm.id != alarm.id, Alarm.deleted.is_not(True)).order_by(Alarm.at.desc()).limit(OTHERS)
    return tuple(read.records(asked))


# ---------------------------------------------------------------- devices

DEVICES = {ALL: N_("全部")}


@dataclass(frozen=True)
class SensorRow:
    """One device and its false alarms of the last 90 days."""

    id: UUID
    number: str
    kind: str | None
    place: str
    false_before: int


@needs(PLAIN)
def count_sensors(read: Reader) -> dict[str, int]:
    """How many devices there are."""
    return {ALL: read.scalar(sa.select(sa.func.count()).select_from(Sensor).where(Sensor.deleted.is_not(True)))}


@needs(LOOK)
def list_sensors(read: Reader, which: str = ALL, offset: int = 0, limit: int = 200) -> list[SensorRow]:
    """A page of devices by their number."""
    asked = sa.select(Sensor).where(Sensor.deleted.is_not(True)).order_by(Sensor.number, Sensor.seq).offset(offset).limit(limit)
    found = read.records(asked)
    wrong = _false_of(read, {s.id for s in found})
    return [SensorRow(s.id, s.number, s.kind, s.place or "", wrong.get(s.id, 0)) for s in found]


@dataclass(frozen=True)
class SensorCard:
    """One device with its place and its newest alarms; records are detached."""

    record: Sensor
    where: str
    alarms: tuple[Alarm, ...]


@needs(LOOK)
def sensor_card(read: Reader, sensor_id: UUID) -> SensorCard:
    """Everything about one device. Raises Gone."""
    sensor = read.get(Sensor, sensor_id)
    at = read.find(House, sensor.house) or read.find(Site, sensor.site)
    asked = sa.select(Alarm).where(Alarm.sensor == sensor.id, Alarm.deleted.is_not(True)).order_by(Alarm.at.desc()).limit(OTHERS)
    return SensorCard(sensor, at.label() if at else "", tuple(read.records(asked)))
