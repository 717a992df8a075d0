"""Long lists at their largest: the first page in every order, a page far down, a jump to the middle, and how long it takes to tell how all of a list stand."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gridapp.ledger import Ledger, Reader
from gridapp.records import House, Patrol, Person, Record
from gridapp.work import houses, ordering, patrols, people
from tests.bench.figures import Figure, ms, p95, spent, spread

PAGE, EACH, JUMPS = 200, 8, 20


@dataclass(frozen=True)
class Long:
    """A list, the filter that shows most of it, and the orders whose first page waits until all stand (`Column.reckoned`)."""

    entity: type[Record]
    rows: Callable[..., list[Any]]
    arrange: Callable[..., str]
    keys: Mapping[str, Any]
    which: str
    reckoned: tuple[str, ...] = ()


LISTS = {
    "people": Long(Person, people.list_people, people.arrange_people, people.KEYS, people.LIVING),
    "houses": Long(House, houses.list_houses, houses.arrange_houses, houses.KEYS, houses.OPEN, ("rooms", "last", "grade")),
    "patrols": Long(Patrol, patrols.list_patrols, patrols.arrange_patrols, patrols.KEYS, patrols.ALL),
}


def lists(ledger: Ledger) -> list[Figure]:
    """A few figures for each list; the floor is as many whole records read by their row numbers, and all row numbers read once."""
    return [figure for name, asked in LISTS.items() for figure in _of(ledger, name, asked)]


def _of(ledger: Ledger, name: str, asked: Long) -> list[Figure]:
    chance = random.Random(5)
    sorts = ["", *(way + key for key in asked.keys for way in ("", "-"))]
    arranged, whole = dict[str, float](), dict[str, str]()
    for sort in sorts:
        arranged[sort] = spent(lambda: whole.update({sort: ledger.ask(asked.arrange, asked.which, sort)}))  # noqa: B023
    count = ordering.length(whole[""])

    def at(sort: str, place: int) -> float:
        return spent(lambda: ledger.ask(asked.rows, asked.which, place, PAGE, sort=sort, seqs=ordering.numbers(whole[sort], place, PAGE)))

    def first(sort: str) -> list[float]:
        return [spent(lambda: ledger.ask(asked.rows, asked.which, 0, PAGE, sort=sort)) for _time in range(EACH)]

    firsts = {sort: first(sort) for sort in sorts if sort.removeprefix("-") not in asked.reckoned}
    slowest = max(firsts, key=lambda sort: p95(firsts[sort]))
    deep = [at(sort, max(count - PAGE - chance.randrange(PAGE), 0)) for sort in sorts for _time in range(3)]
    jumps = [at(sort, chance.randrange(max(count - PAGE, 1))) for sort in sorts for _time in range(JUMPS // 4)]
    floor = spread([ledger.ask(_floor, asked.entity, chance) for _time in range(JUMPS)])
    longest = max(arranged, key=lambda sort: arranged[sort])
    of = f"{name}, {count:,} in the list: "
    told = [
        Figure(of + f"the first page, {len(firsts)} orders", f"{spread([s for some in firsts.values() for s in some])}; slowest order “{slowest}” {spread(firsts[slowest])}",
               f"{PAGE} records by number {floor}", "p95 ≤ 30 ms"),
        Figure(of + "a page at the end", spread(deep), f"{PAGE} records by number {floor}", "p95 ≤ 30 ms"),
        Figure(of + "a jump anywhere", spread(jumps), f"{PAGE} records by number {floor}", "p95 ≤ 30 ms"),
        Figure(of + "how all stand, told aside", f"median {ms(statistics.median(arranged.values()))}, longest “{longest}” {ms(arranged[longest])} ({len(arranged)} orders)",
               f"every row number once {ms(spent(lambda: ledger.ask(_numbers, asked.entity)))}"),
    ]
    waits = {sort: arranged[sort] + at(sort, 0) for sort in sorts if sort.removeprefix("-") in asked.reckoned}
    if waits:
        told.append(Figure(of + "the first page in an order that is reckoned, once all stand",
                           "; ".join(f"“{key}” {ms(max(waits[key], waits[f'-{key}']))}" for key in asked.reckoned), "", "p95 ≤ 30 ms"))
    return told


def _floor(read: Reader, entity: type[Record], chance: random.Random) -> float:
    begin, end = read.rows(sa.select(sa.func.min(entity.seq), sa.func.max(entity.seq)))[0]
    place = chance.randint(begin, max(begin, end - PAGE))
    return spent(lambda: read.rows(sa.select(*sa.inspect(entity).local_table.columns).where(entity.seq.between(place, place + PAGE - 1))))


def _numbers(read: Reader, entity: type[Record]) -> int:
    return read.scalar(sa.select(sa.func.sum(entity.seq))) or 0
