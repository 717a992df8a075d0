"""A county in one database: 490 villages as scopes beside each other, copies of one invented village with ids of their own.

Measured on a real server that flushes every commit; what is said of 25 million people is multiplied from that and marked so.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.fields.kinds import Cbor
from gridapp.ledger import Ledger, Reader, bulk, hubtables, search
from gridapp.ledger.fold import names_by_tag
from gridapp.ledger.tables import ENTRY, SCOPE
from gridapp.records import ENTITIES, Person
from gridapp.store import hub
from gridapp.work import houses, invent, people
from tests import hubs, ledgers
from tests.bench.figures import Figure, ms, p95, spent
from tests.hubs import Hub
from tests.postgres import server

VILLAGES, PROVINCE = 490, 25_000_000
SHIFT = hubtables.SHIFT
EACH = 60
Row = tuple[Cbor, ...]
Sheet = tuple[sa.Table, tuple[str, ...], list[Row]]


def _sheets(ledger: Ledger) -> list[Sheet]:
    """Tables, columns and rows of a ledger, as the journal keeps values: what every village is a copy of."""
    found: list[Sheet] = []
    with Session(ledger.home.engine) as session:
        for entity in (*ENTITIES.values(),):
            table = cast(sa.Table, entity.__table__)
            names = ("seq", "id", "scope", *names_by_tag(entity).values(), "ver", "nconf")
            found.append((table, names, _raw(session, table, names)))
        entry = tuple(c.name for c in ENTRY.columns)
        found.append((ENTRY, entry, _raw(session, ENTRY, entry)))
    return found


def _raw(session: Session, table: sa.Table, names: Sequence[str]) -> list[Row]:
    listed = ", ".join(f'"{name}"' for name in names)
    return [tuple(row) for row in session.connection().exec_driver_sql(f"SELECT {listed} FROM {table.name}")]


def _copy_of(sheet: Sheet, no: int) -> list[Row]:
    """The rows as those of village `no`: its own ids, row and seal numbers."""
    table, names, rows = sheet
    mark = no.to_bytes(2, "big")

    def moved(name: str, value: Cbor) -> Cbor:
        if name in ("seq", "sid"):
            return cast(int, value) & (1 << SHIFT) - 1 | no << SHIFT
        if name == "scope":
            return no
        if isinstance(value, bytes) and len(value) == 16 and name != "ver":
            return value[:-2] + mark
        return value

    plain = [place for place, name in enumerate(names) if name in ("seq", "sid", "scope") or any(
        isinstance(row[place], bytes) and len(row[place]) == 16 for row in rows[:50])]  # type: ignore[arg-type]
    found = []
    for row in rows:
        told = list(row)
        for place in plain:
            told[place] = moved(names[place], told[place])
        found.append(tuple(told))
    return found


def _load(engine: sa.Engine, sheets: Sequence[Sheet], villages: Sequence[int]) -> None:
    for no in villages:
        with Session(engine) as session, session.begin():
            session.execute(SCOPE.insert().values(no=no, name=f"v:{330784000000 + no}", heads=b"\x80", tips=b"\xa0", last_sid=no << SHIFT,
                                                  clock=0, seq=no << SHIFT | (1 << SHIFT) - 1))
            for sheet in sheets:
                bulk.insert(session, sheet[0], sheet[1], _copy_of(sheet, no))


def _times(engine: sa.Engine, question: Callable[[Reader], object]) -> list[float]:
    """Every time with a fresh transaction, as a screen asks."""
    def once() -> None:
        with Session(engine) as session:
            question(Reader(session, ledgers.TODAY, 1))

    once()
    return [spent(once) for _time in range(EACH)]


def _told(name: str, seconds: list[float], baseline: str = "") -> Figure:
    return Figure(f"county: {name}", f"p50 {ms(statistics.median(seconds))}, p95 {ms(p95(seconds))} (n={len(seconds)})", baseline)


def _bytes(connection: sa.Connection, tables: Sequence[str]) -> int:
    return sum(connection.exec_driver_sql(f"SELECT pg_total_relation_size('{table}')").scalar_one() for table in tables)


def scale(folder: Path, told: argparse.Namespace) -> list[Figure]:
    """First load, search index, pages, search and sizes of 490 villages with `--people` people among them."""
    count = max(20, told.people // VILLAGES)
    with server(durable=True) as running, hubs.begun(running) as made, ledgers.begin(folder / "scale.grid") as one:
        one.do(invent.invent, count)
        return _measured(made, _sheets(one), count)


def _measured(made: Hub, sheets: list[Sheet], count: int) -> list[Figure]:
    whole, records = VILLAGES * count, VILLAGES * sum(len(rows) for _table, _names, rows in sheets)
    load = spent(lambda: _load(made.owner, sheets, range(1, VILLAGES + 1)))

    def all_found() -> None:
        with Session(made.owner) as session, session.begin():
            search.index_all(session)

    index = spent(all_found)
    with made.owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
        sizes = {name: _bytes(connection, tables) for name, tables in {
            "records": [e.__tablename__ for e in ENTITIES.values()], "journal": ["entry", "seal"], "search": ["find"]}.items()}
    each = {name: size / whole for name, size in sizes.items()}
    hours = (load + index) / whole * PROVINCE / 3600
    return [
        Figure(f"county: first load of {VILLAGES} villages, {whole:,} people", f"{load:.1f} s ({records / load:,.0f} rows a second)"),
        Figure("county: search index of all", f"{index:.1f} s ({whole / index:,.0f} people a second)"),
        Figure("county: bytes a person", ", ".join(f"{name} {size:,.0f}" for name, size in each.items())),
        Figure("province, multiplied (not measured): 25,000,000 people", f"{sum(each.values()) * PROVINCE / 1e9:,.0f} GB, "
               f"{hours:.1f} h on one core, {hours * 60 / 14:.0f} min in 14 databases at once"),
        *_asked(made, whole),
    ]


def _asked(made: Hub, whole: int) -> list[Figure]:
    """What the screens ask, by the owner of the tables (no row-level security), by the office and by one village's station."""
    station, office = made.station(17), made.station(hubtables.OFFICE)
    views = {"village, by its station": hub.reading(station), "village, by the office": hub.reading(office).execution_options(scope=17),
             "all villages, by the office": hub.reading(office)}
    with made.owner.connect() as connection:
        name = connection.scalar(sa.select(Person.name).where(Person.scope == 17).limit(1)) or ""
        number = connection.scalar(sa.select(Person.id_no).where(Person.scope == 17).limit(1)) or ""
    questions: dict[str, Callable[[Reader], object]] = {
        "page of people": lambda read: people.list_people(read, people.ALL),
        "page of houses": lambda read: houses.list_houses(read, houses.ALL),
        "search a name": lambda read: search.search(read._session, name),
        "search one character": lambda read: search.search(read._session, "王"),
        "the paper at the counter": lambda read: people.same_paper(read, number),
    }
    bare = hub.reading(made.owner)
    told = []
    for title, question in questions.items():
        unguarded = ms(statistics.median(_times(bare.execution_options(scope=17), question)))
        for view, engine in views.items():
            told.append(_told(f"{title}, {view} ({whole:,} people)", _times(engine, question), f"without row-level security, all rows: {unguarded}"))
    return told


