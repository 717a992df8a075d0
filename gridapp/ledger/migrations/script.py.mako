"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gridapp.fields.columns import Milliseconds, Serial
from gridapp.fields.ids import Guid

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
