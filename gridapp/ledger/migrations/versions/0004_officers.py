"""Officers leave: the day their account was closed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("officer", sa.Column("left_on", sa.Date(), nullable=True))
