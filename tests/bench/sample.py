"""What the exchange is measured with: invented people of 15 filled fields, and corrections of some of them, the same for everybody."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Cbor
from gridapp.ledger import Acting, Ledger
from gridapp.records import Person
from gridapp.work import invent, village
from tests import ledgers

SCOPE = "v:330784108238"
#: records an act: of a workbook taken in, and of one round of corrections
TOGETHER, A_ROUND = 1000, 40
#: what is corrected, and how often of a hundred times
CORRECTED = {"phone": 60, "workplace": 25, "employment": 15}
FIELDS = ("id_kind", "id_no", "name", "sex", "birth", "ethnic", "hukou_code", "hukou_addr", "phone", "workplace", "employment",
          "education", "reason", "arrived_on", "registered_on")


class Clocked(NamedTuple):
    """Seconds by the wall's clock and of this process alone: other work on the machine is in the first, not in the second."""

    wall: float
    cpu: float


def clocked(what: Callable[[], object]) -> Clocked:
    wall, cpu = time.perf_counter(), time.process_time()
    what()
    return Clocked(time.perf_counter() - wall, time.process_time() - cpu)


def people(count: int, seed: int = 1, spread: bool = False) -> Iterator[dict[str, Any]]:
    """Invented rows of `FIELDS` and an id each; no number in them was ever given to anybody.

    The ids are as if all were brought in at once, or, `spread`, registered one by one over three years.
    """
    chance = random.Random(seed)
    for row in invent._people(chance, count, set(), ledgers.TODAY - timedelta(days=1)):
        if spread:
            row["id"] = UUID(int=row["id"].int - (chance.randrange(3 * 365 * 86_400_000) << 80))
        yield row | {"employment": chance.choice(("17", "24", "90")), "education": chance.choice(("21", "61", "71", "81"))}


def journal_row(row: dict[str, Any]) -> tuple[Cbor, ...]:
    """The id and the fields as the journal writes them: what the others are given."""
    kinds = fields_of(Person)
    return (row["id"].bytes, *(kinds[name].kind.dump(row[name]) for name in FIELDS))


def corrections(ids: Sequence[UUID], seed: int = 2) -> list[tuple[UUID, dict[str, str]]]:
    """One field of each of these people, and what it says now."""
    chance, told = random.Random(seed), list[tuple[UUID, dict[str, str]]]()
    for eid in ids:
        name = chance.choices(list(CORRECTED), list(CORRECTED.values()))[0]
        new = {"phone": f"1{chance.choice('3578')}{chance.randrange(10**9):09d}", "workplace": f"{chance.choice(invent.WORKPLACES)}二部",
               "employment": chance.choice(("54", "70"))}[name]
        told.append((eid, {name: new}))
    return told


def bring_in(act: Acting, rows: list[dict[str, Any]]) -> None:
    act.add_many(Person, rows)


def correct(act: Acting, told: Sequence[tuple[UUID, dict[str, Any]]]) -> None:
    """As an officer corrects: read, set, weighed against the rules."""
    found = {p.id: p for p in act.records(sa.select(Person).where(Person.id.in_([eid for eid, _values in told])))}
    for eid, values in told:
        act.change(found[eid], **values)


def empty(path: Path) -> Ledger:
    """A ledger of the village that holds nothing yet: what a new PC takes its first parcel into."""
    return Ledger.create(path, ledgers.PASSWORD, "officer 1", SCOPE, cost=ledgers.CHEAP)


def filled(path: Path, count: int, spread: bool = False) -> Ledger:
    """A ledger of `count` people, brought in by acts of a thousand."""
    ledger = empty(path)
    ledger.do(village.found_village, SCOPE[2:], "第一网格", "王建国")
    ledger.officer = ledger.ask(village.first_officer)
    coming = people(count, spread=spread)
    while rows := list(islice(coming, TOGETHER)):
        ledger.do(bring_in, rows)
    return ledger


def ids(ledger: Ledger, count: int, seed: int = 3) -> list[UUID]:
    """So many people of the ledger, drawn by lot."""
    known = sorted(ledger.ask(lambda read: [row.id for row in read.rows(sa.select(Person.id))]))
    return random.Random(seed).sample(known, count)


def correct_some(ledger: Ledger, count: int, together: int = A_ROUND, seed: int = 3) -> None:
    """Corrections of `count` people, `together` in an act."""
    told = corrections(ids(ledger, count, seed), seed)
    for start in range(0, count, together):
        ledger.do(correct, told[start:start + together])
