"""Migrations: what they build is exactly what the records and tables declare, and revisions are told in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from gridapp.ledger import Ledger, migrate
from gridapp.records import Table
from gridapp.store.database import engine
from tests import founding

#: the index of the search box is a virtual table with tables of its own; alembic keeps its version in one
NOT_DECLARED = re.compile("find|find_.*|alembic_version")


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """A file with the tables the migrations build, and nothing else."""
    monkeypatch.setattr(migrate, "_upgrade", founding.BY_THE_MIGRATIONS)
    made = engine(tmp_path / "a.grid", bytes(32))
    migrate.bring_up(made)
    yield made
    made.dispose()


def differences(connection: sa.Connection) -> list[Any]:
    def counts(name: str | None, kind: str, _parents: Any) -> bool:
        return kind != "table" or not NOT_DECLARED.fullmatch(name or "")

    options = {"compare_type": True, "include_name": counts}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), Table.metadata))


def test_migrations_build_what_the_records_declare(built: sa.Engine) -> None:
    with built.connect() as connection:
        assert differences(connection) == []


def test_a_forgotten_migration_is_found(built: sa.Engine) -> None:
    with built.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE person DROP COLUMN remark")
        connection.exec_driver_sql("DROP INDEX ix_person_id_no")
    with built.connect() as connection:
        assert sorted(d[0] for d in differences(connection)) == ["add_column", "add_index"]


def test_columns_have_the_affinity_their_records_declare(built: sa.Engine) -> None:
    """SQLite keeps what it is given, but orders and compares by the declared type."""
    found = sa.inspect(built)
    for table in Table.metadata.tables.values():
        declared = {c.name: c.type.compile(built.dialect) for c in table.columns}
        assert {c["name"]: str(c["type"].compile(built.dialect)) for c in found.get_columns(table.name)} == declared, table.name


def test_revisions_are_a_straight_line_and_listed_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert [r.revision for r in reversed(list(script.walk_revisions()))] == list(migrate.REVISIONS)
    assert script.get_heads() == [migrate.REVISIONS[-1]]


def test_a_file_of_today_is_left_alone(built: sa.Engine) -> None:
    assert not migrate.bring_up(built)


def test_a_real_ledger_is_built_the_same_way(ledger: Ledger) -> None:
    with ledger.home.engine.connect() as connection:
        assert differences(connection) == [] and migrate.version_of(connection) == migrate.REVISIONS[-1]


def test_what_tests_found_ledgers_with_is_what_the_migrations_make(built: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of two that are founded as `tests/founding.py` has it was not made by them."""
    founding.keep(monkeypatch.setattr)
    for name in ("first.grid", "second.grid"):
        made = engine(tmp_path / name, bytes(32))
        with monkeypatch.context() as patch:
            if name == "second.grid":
                patch.setattr(founding, "BY_THE_MIGRATIONS", None)
            assert migrate.bring_up(made)
        with made.connect() as one, built.connect() as other:
            assert sorted(founding.written(one)) == sorted(founding.written(other)) and migrate.version_of(one) == migrate.REVISIONS[-1]
        assert not migrate.bring_up(made)
        made.dispose()
