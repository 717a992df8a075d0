"""State machines (流程): which step leads from which state to which stands in resources/states; every step is taken here and written down."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp import places
from gridapp.errors import Mistake
from gridapp.fields import codes
from gridapp.ledger import LOOK, REGISTER, REVIEW, Acting, Reader, needs
from gridapp.records import Dispute, Event, Hazard, Listing, Officer, Petition, Record, Step
from gridapp.texts import _

#: kind of record → (its machine, the code table of its states, the field of the day it begins with)
COURSES: dict[type[Record], tuple[str, str, str]] = {
    Hazard: ("hazard", "hazard_state", "found_on"), Event: ("event", "event_state", "day"), Dispute: ("dispute", "dispute_state", "found_on"),
    Petition: ("petition", "petition_state", "came_on"), Listing: ("rectification_listing", "listing_state", "day"),
}


@cache
def _keys() -> dict[str, str]:
    told: dict[str, str] = json.loads(places.resource("states", "keys.json").read_text("utf-8"))
    return told


def on_the_key(step: str) -> str:
    """A step as the officer reads it on the key it is taken with (resources/states/keys.json); several steps may have one key."""
    return _keys().get(step, step)


class WrongState(Mistake):
    """The machine has no such step from here."""

    def __init__(self, title: str, now: str, step: str, possible: Iterable[str]) -> None:
        told = "、".join(f"“{name}”" for name in dict.fromkeys(map(on_the_key, possible)))
        able = _("现在可以办：{0}。").format(told) if told else _("它已经办完，没有下一步。")
        super().__init__(_("这条{0}现在是“{1}”，不能办“{2}”。").format(title, now, on_the_key(step)) + able)


class Missing(Mistake):
    """Evidence a step asks for is not there."""

    def __init__(self, step: str, what: Iterable[str]) -> None:
        super().__init__(_("办“{0}”还缺：{1}。请补上再办，原记录没有改动。").format(on_the_key(step), "、".join(what)))


class WrongDay(Mistake):
    """A step on a day before the case began, or after today."""

    def __init__(self, step: str, day: date, begun: date, today: date) -> None:
        super().__init__(_("“{0}”的日期 {1} 应在 {2} 和今天 {3} 之间，请改正。").format(on_the_key(step), day, begun, today))


@dataclass(frozen=True)
class Transition:
    """From a state by a step to a state."""

    before: str
    step: str
    after: str


@dataclass(frozen=True)
class Machine:
    """One flow: its states, its transitions, and what a step needs as evidence (words for people)."""

    name: str
    states: tuple[str, ...]
    transitions: tuple[Transition, ...]
    required: dict[str, tuple[str, ...]]

    def steps(self, state: str) -> tuple[Transition, ...]:
        """What can be done in this state, in the order of the file; () where it ends."""
        return tuple(t for t in self.transitions if t.before == state)

    @property
    def ends(self) -> frozenset[str]:
        """States nothing leads out of."""
        return frozenset(self.states) - {t.before for t in self.transitions}


@cache
def machine(name: str) -> Machine:
    """The machine of this name. Raises KeyError."""
    told = json.loads(places.resource("states", "machines.json").read_text("utf-8"))[name]
    return Machine(name, tuple(told["states"]), tuple(Transition(*t) for t in told["transitions"]),
                   {step: tuple(words) for step, words in told.get("required", {}).items()})


def machine_of(entity: type[Record]) -> Machine:
    """The machine records of this kind go through. Raises KeyError."""
    return machine(COURSES[entity][0])


def state_code(entity: type[Record], name: str) -> str:
    """The code of a state by its name. Raises KeyError."""
    found = codes.table(COURSES[entity][1]).find(name)
    if found is None:
        raise KeyError(name)
    return found


def state_of(record: Record) -> str:
    """The name of the state a record is in."""
    return codes.table(COURSES[type(record)][1]).label(getattr(record, "state", "") or "")


def ended(entity: type[Record]) -> list[str]:
    """Codes of the states nothing leads out of."""
    return [state_code(entity, name) for name in machine_of(entity).states if name in machine_of(entity).ends]


def unended(entity: type[Record]) -> list[str]:
    """Codes of all other states: named, so that the index of states is used."""
    return [state_code(entity, name) for name in machine_of(entity).states if name not in machine_of(entity).ends]


def possible(record: Record) -> tuple[Transition, ...]:
    """What can be done with it now."""
    return machine_of(type(record)).steps(state_of(record))


def refuse_missing(step: str, told: dict[str, Any]) -> None:
    """`told`: {what it is called: value}; whatever is empty is missing. Raises Missing."""
    lacking = [name for name, value in told.items() if value is None or isinstance(value, str) and not value.strip() or value in ((), [], 0)]
    if lacking:
        raise Missing(step, lacking)


@needs(REGISTER, REVIEW)
def take(act: Acting, record: Record, step: str, *, day: date | None = None, who: str | None = None, unit: str | None = None,
         note: str | None = None, number: str | None = None, due_on: date | None = None, **changes: Any) -> Step:
    """One step of a case: its state and `changes` on the record, and a line of its story. Raises WrongState, WrongDay, Refused."""
    found, day = refuse_impossible(record, step), _day_of(act, record, step, day)
    act.change(record, state=state_code(type(record), found.after), **changes)
    return _write(act, record, step=step, state=found.after, day=day, unit=unit, note=note, number=number, due_on=due_on, who=who)


@needs(REGISTER, REVIEW)
def note(act: Acting, record: Record, step: str, *, day: date | None = None, who: str | None = None, unit: str | None = None,
         note: str | None = None, number: str | None = None, due_on: date | None = None) -> Step:
    """A line of a case's story that leaves its state as it is: a visit where nobody was home. Raises WrongState where the case has ended, WrongDay."""
    if not possible(record):
        raise WrongState(record.TITLE, state_of(record), step, ())
    day = _day_of(act, record, step, day)
    return _write(act, record, step=step, state=state_of(record), day=day, unit=unit, note=note, number=number, due_on=due_on, who=who)


def refuse_impossible(record: Record, step: str) -> Transition:
    """Where this step leads from the state the record is in. Raises WrongState."""
    found = next((t for t in possible(record) if t.step == step), None)
    if found is None:
        raise WrongState(record.TITLE, state_of(record), step, (t.step for t in possible(record)))
    return found


def _day_of(act: Acting, record: Record, step: str, day: date | None) -> date:
    """The day of a step, today when none is told. Raises WrongDay."""
    day, begun = day or act.today, getattr(record, COURSES[type(record)][2])
    if begun and not begun <= day <= act.today:
        raise WrongDay(step, day, begun, act.today)
    return day


@needs(REGISTER, REVIEW)
def begin(act: Acting, record: Record, *, who: str | None = None, note: str | None = None) -> Step:
    """A new case: it is added in the first state of its machine, and its story has a first line. Raises Refused."""
    entity = type(record)
    first, day = machine_of(entity).states[0], getattr(record, COURSES[entity][2])
    setattr(record, "state", state_code(entity, first))
    act.add(record)
    return _write(act, record, step=first, state=first, day=day, note=note, who=who)


def _write(act: Acting, record: Record, **told: Any) -> Step:
    officer = act.one(sa.select(Officer).where(Officer.number == act.officer, Officer.deleted.is_not(True)))
    told["who"] = told["who"] or (officer.name if officer else None)
    return act.add(Step(matter=record.id, machine=COURSES[type(record)][0], officer=officer.id if officer else None, **told))


@needs(LOOK)
def story(read: Reader, matter: UUID) -> tuple[Step, ...]:
    """The steps of a case in order; records are detached."""
    return tuple(read.records(sa.select(Step).where(Step.matter == matter, Step.deleted.is_not(True)).order_by(Step.day, Step.id)))
