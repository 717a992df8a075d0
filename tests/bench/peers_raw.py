"""The least taking in can cost: the very rows it leaves behind, put bare into SQLite (the program's encrypted engine, and plain) and by
COPY into PostgreSQL; nothing is read, unpacked, checked or folded."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import Ledger
from gridapp.records import BY_NAME, Table
from gridapp.store.database import PRAGMAS
from tests import ledgers
from tests.bench.figures import spent
from tests.bench.sample import Clocked, clocked, empty

#: the journal's own tables; the search index is none of them
JOURNAL = ("seal", "entry")
TABLES = (*BY_NAME, *JOURNAL)
Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class Writes:
    """Statements with their rows, for one transaction."""

    told: Sequence[tuple[str, Rows]]

    def records(self) -> int:
        return sum(len(rows) for _statement, rows in self.told)

    def into(self, driver: Any) -> Clocked:
        """Until the rows are on the disk."""
        def write() -> None:
            driver.execute("BEGIN IMMEDIATE")
            for statement, rows in self.told:
                driver.executemany(statement, rows)
            driver.execute("COMMIT")

        return clocked(write)


def driver_of(ledger: Ledger) -> Any:
    """The driver's connection to the encrypted file."""
    return ledger.home.engine.raw_connection().driver_connection


def columns_of(driver: Any, table: str) -> list[str]:
    return [row[1] for row in driver.execute(f"PRAGMA table_info({table})")]


def _insert(table: str, count: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * count)})"


def everything(ledger: Ledger) -> Writes:
    """All rows of records and journal as this file holds them, in its order."""
    driver, told = driver_of(ledger), list[tuple[str, Rows]]()
    for table in TABLES:
        names = columns_of(driver, table)
        order = "sid, pos" if table == "entry" else "1"
        rows = driver.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchall()
        if rows:
            told.append((_insert(table, len(names)), rows))
    return Writes(told)


def later(ledger: Ledger, sid: int, corrected: Sequence[tuple[UUID, dict[str, str]]]) -> Writes:
    """What came after seal `sid`: its entries, acts and seals as they are, and of each corrected person the field and the version."""
    driver, told = driver_of(ledger), list[tuple[str, Rows]]()
    for table in JOURNAL:
        rows = driver.execute(f"SELECT * FROM {table} WHERE sid > ? ORDER BY sid", (sid,)).fetchall()
        told.append((_insert(table, len(columns_of(driver, table))), rows))
    asked = "SELECT * FROM act WHERE id IN (SELECT eid FROM entry WHERE sid > ? AND ent = 1) ORDER BY seq"
    told.append((_insert("act", len(columns_of(driver, "act"))), driver.execute(asked, (sid,)).fetchall()))
    by_field: dict[str, list[tuple[Any, ...]]] = {}
    for eid, values in corrected:
        (name,) = values
        by_field.setdefault(name, []).append(driver.execute(f"SELECT {name}, ver, id FROM person WHERE id = ?", (eid.bytes,)).fetchone())
    told += [(f"UPDATE person SET {name} = ?, ver = ? WHERE id = ?", rows) for name, rows in sorted(by_field.items())]
    return Writes(told)


def encrypted(path: Path, writes: Writes) -> Clocked:
    """In a new, empty ledger: the program's own engine, every commit flushed."""
    with empty(path) as ledger:
        return writes.into(driver_of(ledger))


def encrypted_over(source: Path, path: Path, writes: Writes) -> Clocked:
    """In a copy of a closed ledger that holds what was before."""
    with ledgers.reopen(ledgers.copy(source, path)) as ledger:
        return writes.into(driver_of(ledger))


def plain(path: Path, ledger: Ledger, writes: Writes) -> Clocked:
    """In a file without encryption: Python's own sqlite3, the same tables and indexes, flushed as the ledger is."""
    target = sqlite3.connect(path, isolation_level=None)
    for name in ("journal_mode", "synchronous", "temp_store"):
        target.execute(f"PRAGMA {name} = {PRAGMAS[name][0]}").fetchall()
    made = driver_of(ledger).execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('table', 'index')"
                                     f" AND tbl_name IN ({', '.join('?' * len(TABLES))}) ORDER BY type DESC", TABLES)
    for (statement,) in made.fetchall():
        target.execute(statement)
    taken = writes.into(target)
    target.close()
    return taken


# ---------------------------------------------------------------- PostgreSQL

def typed(ledger: Ledger) -> list[tuple[sa.Table, list[tuple[Any, ...]]]]:
    """All rows of records and journal as PostgreSQL is given them: days are days, ids are ids."""
    found = []
    with ledger.home.engine.connect() as connection:
        for name in TABLES:
            table = Table.metadata.tables[name]
            rows = [tuple(row) for row in connection.execute(sa.select(table))]
            if rows:
                found.append((table, _stored(table, rows)))
    return found


def _stored(table: sa.Table, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """What the columns' own types make of the values on PostgreSQL (a moment is a number there)."""
    dialect = sa.create_engine("postgresql+psycopg://").dialect
    turns = [(place, turn) for place, column in enumerate(table.columns)
             if isinstance(column.type, sa.types.TypeDecorator) and (turn := column.type.dialect_impl(dialect).bind_processor(dialect))]
    if not turns:
        return rows
    changed = [list(row) for row in rows]
    for row in changed:
        for place, turn in turns:
            row[place] = turn(row[place])
    return [tuple(row) for row in changed]


def copied(url: sa.URL, tables: Sequence[tuple[sa.Table, list[tuple[Any, ...]]]]) -> float:
    """Seconds of one transaction of binary COPY from Python's rows into the tables that are there."""
    import psycopg

    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        types = {table.name: _types(connection, table) for table, _rows in tables}
        connection.commit()

        def copy() -> None:
            for table, rows in tables:
                named = ", ".join(f'"{column.name}"' for column in table.columns)
                with connection.cursor().copy(f"COPY {table.name} ({named}) FROM STDIN (FORMAT BINARY)") as out:
                    out.set_types(types[table.name])
                    for row in rows:
                        out.write_row(row)
            connection.commit()

        return spent(copy)


def _types(connection: Any, table: sa.Table) -> list[str]:
    """What each column is on the server, in the table's own order."""
    asked = "SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = %s AND table_schema = current_schema()"
    known = dict(connection.execute(asked, (table.name,)).fetchall())
    return [known[column.name] for column in table.columns]
