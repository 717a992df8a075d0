"""What the town pushes: code tables (dictionary) and tasks (task)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from gridapp.fields.columns import Serial
from gridapp.fields.ids import Guid

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _record("dictionary", ["name"],
    sa.Column("name", _text(), nullable=True),
    sa.Column("edition", sa.Integer(), nullable=True),
    sa.Column("day", sa.Date(), nullable=True),
    sa.Column("rows", _text(), nullable=True),
    sa.Column("note", _text(), nullable=True))
    _record("task", ["due_on", "subject"],
    sa.Column("title", _text(), nullable=True),
    sa.Column("text", _text(), nullable=True),
    sa.Column("kind", _text(), nullable=True),
    sa.Column("due_on", sa.Date(), nullable=True),
    sa.Column("about", _text(), nullable=True),
    sa.Column("subject", Guid(), nullable=True),
    sa.Column("set_by", _text(), nullable=True),
    sa.Column("set_on", sa.Date(), nullable=True),
    sa.Column("done_on", sa.Date(), nullable=True),
    sa.Column("done_note", _text(), nullable=True),
    sa.Column("done_by", _text(), nullable=True))


def _of_the_town() -> bool:
    """Whether this is the town's PostgreSQL, whose tables hold many scopes beside each other (ledger/hubtables)."""
    return op.get_bind().dialect.name == "postgresql"


def _text() -> Any:
    """Text that sorts by its bytes in both."""
    return sa.Text(collation="C") if _of_the_town() else sa.Unicode()


def _record(name: str, sought: list[str], *columns: sa.Column[Any]) -> None:
    town = _of_the_town()
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
    sa.Column("closed_why", _text(), nullable=True),
    sa.Column("closed_note", _text(), nullable=True),
    sa.Column("reported_on", sa.Date(), nullable=True),
    sa.Column("reported_batch", _text(), nullable=True), *keys)
    for column in sought:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column, *(["seq"] if town else [])], unique=False)
