"""The desk (服务台): who shares a name and a birth date, patrols by any column of their list, closed people and how many live in a house come from indexes."""

from __future__ import annotations

from alembic import op

from gridapp.ledger.newtables import new_index

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.drop_index(op.f("ix_person_name"), "person")
    new_index("person", "name,birth")
    op.drop_index(op.f("ix_patrol_day"), "patrol")
    for name, column in {"day": "day", "time": "start,end", "kind": "category", "weather": "weather", "people": "people", "route": "route"}.items():
        new_index("patrol", f"{column},seq,deleted", f"ix_patrol_by_{name}")
    op.drop_index(op.f("ix_tenancy_room"), "tenancy")
    new_index("tenancy", "room,end,deleted")
    op.drop_index(op.f("ix_room_house"), "room")
    new_index("room", "house,deleted,id")
    new_index("person", "seq", "ix_person_closed", "closed_on IS NOT NULL")
