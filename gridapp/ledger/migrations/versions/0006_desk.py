"""The desk (服务台): people who share a name and a birth date are met in an index, without sorting a million of them in memory."""

from __future__ import annotations

from alembic import op

from gridapp.ledger.newtables import new_index

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.drop_index(op.f("ix_person_name"), "person")
    new_index("person", "name,birth")
