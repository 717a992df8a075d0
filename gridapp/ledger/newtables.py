"""What every table of records has beside its own columns, in a village's file and in the town's database: the revisions make them alike."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from gridapp.fields.columns import Milliseconds, Serial
from gridapp.fields.ids import Guid


def of_the_town() -> bool:
    """Whether this is the town's PostgreSQL, whose tables hold many scopes beside each other (ledger/hubtables)."""
    return op.get_bind().dialect.name == "postgresql"


def text() -> Any:
    """Text that sorts by its bytes in both."""
    return sa.Text(collation="C") if of_the_town() else sa.Unicode()


def new_table(name: str, sought: list[str], *columns: sa.Column[Any]) -> None:
    """A table of records; `sought` are the columns with an index, 'house,day' two in one."""
    town = of_the_town()
    keys: list[Any] = [
        sa.PrimaryKeyConstraint("seq", *(["scope"] if town else []), name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("id", "scope", name=op.f(f"uq_{name}_id_scope")),
        *([sa.CheckConstraint("seq >> 32 = scope", name=op.f(f"ck_{name}_seq"))] if town else [])]
    op.create_table(name, *columns,
    sa.Column("seq", Serial, nullable=False, autoincrement=False if town else "auto"),
    sa.Column("id", Guid(), nullable=False),
    sa.Column("scope", sa.Integer(), nullable=False, autoincrement=False, server_default=None if town else "0"),
    sa.Column("ver", sa.LargeBinary(), nullable=True),
    sa.Column("nconf", sa.Integer(), nullable=False),
    sa.Column("deleted", sa.Boolean(), nullable=True),
    sa.Column("into", Guid(), nullable=True),
    sa.Column("closed_on", sa.Date(), nullable=True),
    sa.Column("closed_why", text(), nullable=True),
    sa.Column("closed_note", text(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", text(), nullable=True), *keys)
    for told in sought:
        new_index(name, told)


def new_index(table: str, told: str, name: str = "", where: str = "") -> None:
    """An index over 'house,day', or of the rows of which `where` holds ({yes} in it is a yes); in the town the row number stands behind."""
    some: dict[str, Any] = {"sqlite_where": sa.text(where.format(yes="1")), "postgresql_where": sa.text(where.format(yes="true"))} if where else {}
    op.create_index(op.f(name or f"ix_{table}_{told.replace(',', '_')}"), table, [*(names := told.split(",")), *(["seq"] if of_the_town() and "seq" not in names else [])], unique=False, **some)


def columns(told: str) -> list[sa.Column[Any]]:
    """'name:text day:day house:link …' as columns."""
    kinds: dict[str, Any] = {"text": text, "day": sa.Date, "whole": sa.Integer, "yes": sa.Boolean, "link": Guid, "moment": Milliseconds}
    return [sa.Column(name, kinds[kind](), nullable=True) for name, kind in (one.split(":") for one in told.split())]


def add_columns(name: str, sought: list[str], told: str) -> None:
    """More columns for a table that is there."""
    for column in columns(told):
        op.add_column(name, column)
    for sought_for in sought:
        new_index(name, sought_for)
