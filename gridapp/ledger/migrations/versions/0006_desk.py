"""The desk (服务台): who shares a name and a birth date is read from an index; nothing is sorted in memory."""

from __future__ import annotations

from alembic import op

from gridapp.ledger.newtables import new_index

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.drop_index(op.f("ix_person_name"), "person")
    new_index("person", "name,birth")
