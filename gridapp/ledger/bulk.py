"""Many rows of one table at once, at the driver's own pace.

The values are those of the journal: a kind dumps a value into exactly what its column keeps in SQLite (tests/ledger/test_bulk.py asks
every entity), so nothing is put into another form twice. 13,000 records and their entries go in within 0.2 s so, 0.4 s through the
columns' own types, 1.1 s through a session. The town's PostgreSQL gets them by COPY (gridapp.ledger.hubbulk).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from gridapp.fields.ids import Guid
from gridapp.fields.kinds import Cbor


#: how many values one IN list takes
SOME = 500


def on_hub(session: Session) -> bool:
    """Whether this is the town's PostgreSQL and no file."""
    return session.get_bind().dialect.name == "postgresql"


def insert(session: Session, table: sa.Table, names: Sequence[str], rows: Iterable[tuple[Cbor, ...]]) -> None:
    """Insert rows of values in the order of `names`; columns left out stay empty."""
    if on_hub(session):
        from gridapp.ledger import hubbulk

        if bound := list(rows):
            hubbulk.insert(session, table, names, bound)
        return
    _many(session, f"INSERT INTO {table.name} ({', '.join(_quoted(session, names))}) VALUES ({', '.join('?' * len(names))})", rows)


def update(session: Session, table: sa.Table, names: Sequence[str], rows: Iterable[tuple[Cbor, ...]]) -> None:
    """Set the columns `names` of the records whose ids and scopes stand at the end of each row."""
    if on_hub(session):
        from gridapp.ledger import hubbulk

        if bound := list(rows):
            hubbulk.update(session, table, names, ("id", "scope"), bound)
        return
    _many(session, f"UPDATE {table.name} SET {', '.join(f'{n} = ?' for n in _quoted(session, names))} WHERE id = ? AND scope = ?", rows)


def select(session: Session, table: sa.Table, names: Sequence[str], ids: Collection[bytes], scope: int) -> dict[bytes, tuple[Cbor, ...]]:
    """The columns `names` of these records of a scope as journal values, by id."""
    if on_hub(session):
        from gridapp.ledger import hubbulk

        return hubbulk.select(session, table, names, ids, scope)
    asked = (f"SELECT id, {', '.join(_quoted(session, names))} FROM {table.name} "
             "WHERE id IN (SELECT unhex(value) FROM json_each(?)) AND scope = ?")
    found: dict[bytes, tuple[Cbor, ...]] = {
        row[0]: row[1:] for row in session.connection().exec_driver_sql(asked, (json.dumps([i.hex() for i in ids]), scope))}
    truths = [place for place, name in enumerate(names) if isinstance(table.c[name].type, sa.Boolean)]
    for eid, values in found.items():
        for place in truths:
            if values[place] is not None:  # SQLite keeps 1; a version that holds 1 is not the journal's, which holds true
                values = (*values[:place], bool(values[place]), *values[place + 1:])
                found[eid] = values
    return found


def among(column: Any, ids: Iterable[UUID]) -> sa.ColumnElement[bool]:
    """Whether a link or an id is one of many: one parameter however many they are (a list of them costs 4 µs an id)."""
    return _Among(column, sa.bindparam(None, list(ids), _Ids(not isinstance(column.type, Guid)), unique=True))


class _Ids(TypeDecorator[list[UUID]]):
    """Many ids as one parameter: text for SQLite's json_each, an array of what the column keeps for PostgreSQL."""

    impl = sa.Unicode
    cache_ok = True

    def __init__(self, as_bytes: bool) -> None:
        super().__init__()
        self.as_bytes = as_bytes

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(sa.Unicode())
        return dialect.type_descriptor(sa.ARRAY(sa.LargeBinary() if self.as_bytes else sa.Uuid()))

    def process_bind_param(self, value: list[UUID] | None, dialect: Dialect) -> Any:
        assert value is not None
        if dialect.name != "postgresql":
            return json.dumps([i.hex for i in value])
        return [i.bytes for i in value] if self.as_bytes else value


class _Among(FunctionElement[bool]):
    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """As it is: SQLAlchemy would write `… IN (…) = 1` for SQLite, which then looks at every row there is instead of into the index."""
        return self


@compiles(_Among, "sqlite")
def _among_in_the_file(element: _Among, compiler: SQLCompiler, **told: Any) -> str:
    column, ids = element.clauses
    return f"{compiler.process(column, **told)} IN (SELECT unhex(value) FROM json_each({compiler.process(ids, **told)}))"


@compiles(_Among, "postgresql")
def _among_on_the_hub(element: _Among, compiler: SQLCompiler, **told: Any) -> str:
    column, ids = element.clauses
    return f"{compiler.process(column, **told)} = ANY ({compiler.process(ids, **told)})"


def _quoted(session: Session, names: Sequence[str]) -> list[str]:
    return [session.get_bind().dialect.identifier_preparer.quote(name) for name in names]


def _many(session: Session, statement: str, rows: Iterable[tuple[Cbor, ...]]) -> None:
    bound = list(rows)
    if bound:
        session.connection().exec_driver_sql(statement, bound)
