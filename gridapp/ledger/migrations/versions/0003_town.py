"""What the town pushes: code tables (dictionary) and tasks (task)."""

from __future__ import annotations

import sqlalchemy as sa

from gridapp.fields.ids import Guid
from gridapp.ledger.newtables import new_table, text

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    new_table("dictionary", ["name"],
    sa.Column("name", text(), nullable=True),
    sa.Column("edition", sa.Integer(), nullable=True),
    sa.Column("day", sa.Date(), nullable=True),
    sa.Column("rows", text(), nullable=True),
    sa.Column("note", text(), nullable=True))
    new_table("task", ["due_on", "subject"],
    sa.Column("title", text(), nullable=True),
    sa.Column("text", text(), nullable=True),
    sa.Column("kind", text(), nullable=True),
    sa.Column("due_on", sa.Date(), nullable=True),
    sa.Column("about", text(), nullable=True),
    sa.Column("subject", Guid(), nullable=True),
    sa.Column("set_by", text(), nullable=True),
    sa.Column("set_on", sa.Date(), nullable=True),
    sa.Column("done_on", sa.Date(), nullable=True),
    sa.Column("done_note", text(), nullable=True),
    sa.Column("done_by", text(), nullable=True))
