"""Alembic's door into the ledger: it works on the connection it is given, inside the caller's transaction."""

from __future__ import annotations

from alembic import context

from gridapp.ledger import tables
from gridapp.records import Table

assert tables.ENTRY.name in Table.metadata.tables


def include_object(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    """The search index and its shadow tables are made by hand."""
    return not (kind == "table" and name is not None and name.startswith("find"))


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True,
                  include_object=include_object, compare_type=False)
context.run_migrations()
