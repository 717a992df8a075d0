"""Officers leave: the day their account was closed. Who looks is written down: the audit, whose rows are never changed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    town = op.get_bind().dialect.name == "postgresql"
    text: Any = sa.Text(collation="C") if town else sa.Unicode()
    op.add_column("officer", sa.Column("left_on", sa.Date(), nullable=True))
    op.create_table("look",
    sa.Column("dev", sa.LargeBinary(32), nullable=False),
    sa.Column("seq", sa.BigInteger(), nullable=False, autoincrement=False),
    sa.Column("at", sa.BigInteger(), nullable=False),
    sa.Column("officer", sa.Integer(), nullable=False),
    sa.Column("what", text, nullable=False),
    sa.Column("entity", text, nullable=True),
    sa.Column("record", sa.LargeBinary(16), nullable=True),
    sa.Column("field", text, nullable=True),
    sa.Column("why", text, nullable=True),
    sa.Column("result", text, nullable=False),
    sa.Column("number", sa.Integer(), nullable=True),
    sa.Column("prev", sa.LargeBinary(32), nullable=False),
    sa.Column("sum", sa.LargeBinary(32), nullable=False),
    sa.Column("sig", sa.LargeBinary(64), nullable=False),
    sa.PrimaryKeyConstraint("dev", "seq", name=op.f("pk_look")),
    sqlite_with_rowid=False)
    op.create_index(op.f("ix_look_at"), "look", ["at"], unique=False)
    if not town:  # there each role is granted no more than reading and adding (ledger/hubtables)
        for change in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER look_no_{change.lower()} BEFORE {change} ON look BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END")
