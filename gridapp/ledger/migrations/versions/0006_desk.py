"""The desk (服务台): who shares a name and a birth date, and patrols by each column of their list, come from an index; nothing is sorted in memory."""

from __future__ import annotations

from alembic import op

from gridapp.ledger.newtables import new_index

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.drop_index(op.f("ix_person_name"), "person")
    new_index("person", "name,birth")
    op.drop_index(op.f("ix_patrol_day"), "patrol")
    for told in ("day", "start,end", "category", "weather", "people", "route"):
        new_index("patrol", told, f"ix_patrol_by_{told.split(',')[0]}", "deleted IS NOT {yes}")
