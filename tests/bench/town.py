"""A town of 35 villages in one file, invented: its people and houses; any multiple of it is made of copies with ids of their own, in the same tables."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.fields.ids import Guid, new_id
from gridapp.ledger import Ledger
from gridapp.ledger.tables import SCOPE
from gridapp.records import ENTITIES, Grid, House, Officer, Person, Record, Room, Site, Tenancy, Village
from gridapp.work import invent, scores
from tests import ledgers
from tests.bench import townwork
from tests.bench.townwork import TODAY, VILLAGES, Row, a_day, many

PEOPLE, HOUSES, SITES = 160_000, 25_000, 6_000
#: a town ten times as big has as many villages, grids and officers
ONCE = {Village, Grid, Officer}
#: all ids of these years begin with this byte of their milliseconds
FIRST = new_id().bytes[0]


def scope_name(village: int) -> str:
    return f"v:330784108{200 + village}"


def filled(path: Path, size: float, seed: int = 1) -> Ledger:
    """A town's ledger of so much of the whole (1 at most): a year of work, spread over the villages, in four grids each.

    No ANALYZE: the program runs none, so questions must be quick without.
    """
    ledger = Ledger.create(path, ledgers.PASSWORD, "officer 1", "t:330784108", wall=ledgers.Clock(), cost=ledgers.CHEAP)
    ledger.do(scores.load_sheet, "02", date(2026, 10, 1))
    chance = random.Random(seed)
    with ledger.home.engine.begin() as connection:
        blank = dict(connection.execute(sa.select(SCOPE)).mappings().one())
        for village in range(1, VILLAGES + 1):
            connection.execute(sa.insert(SCOPE), blank | {"no": village, "name": scope_name(village), "last_sid": 0})
        for entity, rows in _everything(chance, size):
            _put(connection, entity, rows)
    return ledger


def make(path: Path, size: float, had: int) -> None:
    """A town of this size: anew (had 0), or from one that is so many times the town."""
    if not had:
        filled(path, min(size, 1)).close()
    if size > 1:
        with Ledger.open(path, ledgers.PASSWORD, wall=ledgers.Clock()) as ledger:
            multiply(ledger, max(had, 1), round(size))


def _put(connection: sa.Connection, entity: type[Record], rows: Iterator[Row]) -> None:
    told = [{"id": new_id(), "nconf": 0} | row for row in rows]
    if told:
        connection.execute(sa.insert(cast(sa.Table, entity.__table__)), told)


def multiply(ledger: Ledger, had: int, times: int) -> None:
    """From so many times the town to so many: one byte of each id tells the copies apart, and their links lead to each other.

    Indexes are taken away and made again: put in row by row they take four times as long.
    """
    with ledger.home.engine.begin() as connection:
        indexes = list(connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
        for name, _sql in indexes:
            connection.exec_driver_sql(f'DROP INDEX "{name}"')
        for entity in ENTITIES.values():
            if entity not in ONCE:
                _copy(connection, cast(sa.Table, entity.__table__), range(had, times))
        for _name, sql in indexes:
            connection.exec_driver_sql(sql)


def _copy(connection: sa.Connection, table: sa.Table, copies: Iterable[int]) -> None:
    columns = [column for column in table.c if column.name != "seq"]
    listed, moved = ", ".join(f'"{c.name}"' for c in columns), ", ".join(_moved(c) for c in columns)
    for copy in copies:
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({listed}) SELECT {moved} FROM {table.name} WHERE scope > 0 AND substr(id, 1, 1) = :first ORDER BY seq",
            {"mark": bytes([FIRST + copy]), "first": bytes([FIRST])})


def _moved(column: sa.Column[Any]) -> str:
    """A column of a copy."""
    name = f'"{column.name}"'
    if not isinstance(column.type, Guid) or column.name in ("grid", "officer"):
        return name
    return f"CAST(:mark || substr({name}, 2) AS BLOB)"


def _everything(chance: random.Random, size: float) -> Iterator[tuple[type[Record], Iterator[Row]]]:
    """(kind, rows) of everything; counts are those of a town of `size`."""
    grids = {v: [new_id() for _grid in range(4)] for v in range(1, VILLAGES + 1)}
    yield Village, ({"scope": v, "code": scope_name(v)[2:], "name": f"第{v}村"} for v in grids)
    yield Grid, ({"id": g, "scope": v, "village": new_id(), "name": f"第{n}网格"} for v, ids in grids.items() for n, g in enumerate(ids, 1))
    houses = [{"scope": v, "grid": chance.choice(grids[v]), "house_no": f"{v:02}{n:05}", "address": f"{chance.choice(invent.STREETS)}{n % 300}号",
               "registered_on": a_day(chance, 900), "nature": chance.choice(("01", "02")), "id": new_id()}
              for n, v in enumerate(many(chance, size, HOUSES))]
    yield House, iter(houses)
    classes = [row.code for row in codes.table("site_class").rows]
    sites = [{"scope": v, "grid": chance.choice(grids[v]), "kind": chance.choice(classes), "name": f"五金加工点{n}", "id": new_id(),
              "address": f"{chance.choice(invent.STREETS)}{n % 300}号"} for n, v in enumerate(many(chance, size, SITES))]
    yield Site, iter(sites)
    rooms = [{"id": new_id(), "scope": h["scope"], "house": h["id"], "room_no": f"{n}"} for h in houses for n in range(101, 107)]
    yield Room, iter(rooms)
    of_village: dict[int, list[Row]] = {}
    for room in rooms:
        of_village.setdefault(room["scope"], []).append(room)
    people = [row | {"scope": chance.choice(list(of_village)), "permit": chance.random() < 0.3, "living_kind": chance.choice(("2", "5", "5"))}
              for row in invent._people(chance, int(PEOPLE * size), set(), TODAY)]
    yield Person, iter(people)
    yield Tenancy, (_stay(chance, p, chance.choice(of_village[p["scope"]])) for p in people)
    yield from townwork.rounds(chance, size, houses, sites)
    yield from townwork.cases(chance, size)
    yield from townwork.campaigns(chance, size, houses)


def _stay(chance: random.Random, person: Row, room: Row) -> Row:
    start = person["arrived_on"]
    end = start + timedelta(chance.randrange(1, 300)) if chance.random() < 0.25 else None
    return {"scope": person["scope"], "person": person["id"], "room": room["id"], "start": start, "end": end if end and end <= TODAY else None,
            "reported_on": start + timedelta(chance.randrange(9)) if chance.random() < 0.8 else None,
            "end_reported_on": end + timedelta(chance.randrange(9)) if end and chance.random() < 0.7 else None}
