"""Rounds (走访单): places where nobody was seen for so many days or where somebody's time limit ends, in the order one walks; each ticked off by one key.

A tick says that somebody went there; it is no inspection and changes no grade.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from unicodedata import normalize
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.ledger import LOOK, REGISTER, Acting, Reader, needs, verb
from gridapp.ledger.reader import Gone
from gridapp.records import House, Officer, Site, Step
from gridapp.texts import N_, _
from gridapp.work import deadlines
from gridapp.work.grades import Place, last_visit

MACHINE, WALKED = "visit", "走访"
LONG, LONGER, LIMITS, DONE = "not30", "not90", "limits", "today"
FILTERS = {LONG: N_("30 天没见"), LONGER: N_("90 天没见"), LIMITS: N_("有人到期"), DONE: N_("今天走过")}
DAYS = {LONG: 30, LONGER: 90}


class WalkedToday(Mistake):
    """Ticked off twice on one day."""

    def __init__(self) -> None:
        super().__init__(_("今天已经登记走访过这一处。按错了请按 Ctrl+Z 撤销。"))


@verb(N_("登记走访"), REGISTER)
def tick_visit(act: Acting, place_id: UUID, note: str | None = None) -> UUID:
    """Somebody went there today. Raises Gone, WalkedToday, Refused."""
    place: House | Site | None = act.find(House, place_id) or act.find(Site, place_id)
    if place is None:
        raise Gone
    if act.scalar(sa.select(Step.id).where(Step.matter == place_id, _tick(), Step.day == act.today).limit(1)):
        raise WalkedToday
    officer = act.one(sa.select(Officer).where(Officer.number == act.officer, Officer.deleted.is_not(True)))
    return act.add(Step(matter=place_id, machine=MACHINE, step=WALKED, state=WALKED, day=act.today, who=officer.name if officer else None,
                        officer=officer.id if officer else None, note=note)).id


def _tick() -> sa.ColumnElement[bool]:
    return sa.and_(Step.machine == MACHINE, Step.deleted.is_not(True))


# ---------------------------------------------------------------- the order one walks

_NUMBER = re.compile(r"(\d+)")


def in_order(address: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts addresses as doors stand along a street: 2号 before 10号, ３号 as 3号, 5号 before 5-1号."""
    parts = _NUMBER.split(normalize("NFKC", address))
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part.removeprefix("号")) for part in parts if part)


@dataclass(frozen=True)
class RoundStop:
    """A place of the round: when somebody was there last (None: never), and what ends there until when."""

    id: UUID
    entity: str
    label: str
    address: str
    kind: str
    seen: date | None
    reasons: tuple[str, ...]
    ticked: bool


@needs(LOOK)
def walks(read: Reader) -> dict[str, list[RoundStop]]:
    """Of each filter all places in walking order: by address, numbers as numbers; those ticked off today stand in DONE alone.

    All at once: nothing can be told of one place without asking what is due in all (31,250 houses and a million people: two seconds).
    """
    stops = _in_walking_order(_stops(read))
    return {which: [stop for stop in stops if _holds(stop, which, read.today)] for which in FILTERS}


@needs(LOOK)
def walk_to(read: Reader, places: Collection[UUID]) -> list[RoundStop]:
    """These places in walking order, whatever is due there."""
    wanted = set(places)
    return _in_walking_order(stop for stop in _stops(read) if stop.id in wanted)


def _in_walking_order(stops: Iterable[RoundStop]) -> list[RoundStop]:
    return sorted(stops, key=lambda stop: (in_order(stop.address), in_order(stop.label), stop.id))


def _holds(stop: RoundStop, which: str, today: date) -> bool:
    if which == DONE or stop.ticked:
        return which == DONE and stop.ticked
    if which == LIMITS:
        return bool(stop.reasons)
    return stop.seen is None or stop.seen <= today - timedelta(DAYS[which])


def _stops(read: Reader) -> list[RoundStop]:
    """Every place that stands open, as plain columns."""
    ends: dict[UUID, dict[str, date]] = {}
    for place, title, until in deadlines.due_at(read):
        told = ends.setdefault(place, {})
        told[title] = min(until, told.get(title, until))
    found = list[RoundStop]()
    for entity, label, kind in ((House, House.house_no, sa.literal("")), (Site, Site.name, Site.kind)):
        for row in read.rows(_asked(entity, label, kind)):
            seen = max((day for day in (row.last, row.ticked) if day is not None), default=None)
            found.append(RoundStop(row.id, entity.__tablename__, row.label or "", row.address or "", row.kind or "", seen,
                                   _words(ends.get(row.id, {})), row.ticked == read.today))
    return found


def _asked(place: Place, label: Any, kind: Any) -> sa.Select[*tuple[Any, ...]]:
    ticked = sa.select(Step.day).where(Step.matter == place.id, _tick()).order_by(Step.day.desc()).limit(1).correlate(place).scalar_subquery()
    return sa.select(place.id, label.label("label"), place.address, kind.label("kind"), last_visit(place).label("last"), ticked.label("ticked")).where(
        place.closed_on.is_(None), place.deleted.is_not(True))


def _words(ends: dict[str, date]) -> tuple[str, ...]:
    """'居住证签注 2026-12-01', the earliest first."""
    return tuple(f"{title} {until}" for title, until in sorted(ends.items(), key=lambda one: (one[1], one[0])))


@needs(LOOK)
def ticks_of(read: Reader, place_id: UUID, limit: int = 3) -> Sequence[Step]:
    """The last times somebody went there, newest first; records are detached."""
    return tuple(read.records(sa.select(Step).where(Step.matter == place_id, _tick()).order_by(Step.day.desc(), Step.seq.desc()).limit(limit)))
