"""New ledgers get their tables without the migrations, and digits to compare without the toil that makes them hard to guess: most of a founding and a pairing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from gridapp.exchange import slips
from gridapp.ledger import migrate

#: what makes guessing dear takes a twelfth of a second each time
CHEAP = slips._COST | {"n": 2}
BY_THE_MIGRATIONS, DEAR = migrate._upgrade, slips._COST
#: tables SQLite makes itself: its own, and those of the search index
_THEIRS = "name LIKE 'sqlite\\_%' ESCAPE '\\' OR name LIKE 'find\\_%' ESCAPE '\\'"


def keep(put: Callable[[Any, str, Any], None] = setattr) -> None:
    """The first new ledger of a run is made by the migrations, the others get what they made; `tests/ledger/test_migrations.py` does without."""
    made: dict[tuple[str, ...], list[str]] = {}

    def upgrade(connection: sa.Connection) -> bool:
        if connection.dialect.name != "sqlite" or migrate.version_of(connection) is not None:
            return BY_THE_MIGRATIONS(connection)
        if migrate.REVISIONS not in made:
            BY_THE_MIGRATIONS(connection)
            made[migrate.REVISIONS] = written(connection)
        else:
            for statement in made[migrate.REVISIONS]:
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (migrate.REVISIONS[-1],))
        return True

    put(migrate, "_upgrade", upgrade)
    put(slips, "_COST", CHEAP)


def written(connection: sa.Connection) -> list[str]:
    """The tables, indices and triggers of a file as the statements that make them."""
    asked = f"SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND NOT ({_THEIRS}) ORDER BY rowid"
    return list(connection.exec_driver_sql(asked).scalars())
