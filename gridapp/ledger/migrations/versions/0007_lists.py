"""Long lists (长列表): patrols are met in the order of any column of their list, closed people without looking at all, a million or two of them."""

from __future__ import annotations

from alembic import op

from gridapp.ledger.newtables import new_index

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.drop_index(op.f("ix_patrol_day"), "patrol")
    for name, column in {"day": "day", "time": "start,end", "kind": "category", "weather": "weather", "people": "people", "route": "route"}.items():
        new_index("patrol", f"{column},seq,deleted", f"ix_patrol_by_{name}")
    new_index("person", "seq", "ix_person_closed", "closed_on IS NOT NULL")
