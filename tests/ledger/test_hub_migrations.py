"""A town's database of an older program: whoever made it brings it up, once, with everybody's rights; a clerk is asked to wait for that."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from gridapp.fields.field import fields_of
from gridapp.ledger import Ledger, clerks, hubtables, migrate
from gridapp.ledger.migrate import NewerLedger, OlderHub
from gridapp.records import ENTITIES, Hazard
from tests import hubs, ledgers
from tests.postgres import Server

_LATER = '''"""A revision of tomorrow."""
import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "{before}"


def upgrade() -> None:
    op.add_column("fact", sa.Column("more", sa.Unicode()))
    op.get_bind().exec_driver_sql("DROP POLICY of_the_office ON fact")
    op.get_bind().exec_driver_sql("REVOKE ALL ON person FROM PUBLIC, " + op.get_bind().exec_driver_sql(
        "SELECT coalesce(string_agg(DISTINCT quote_ident(role), ', '), 'PUBLIC') FROM station_scope").scalar())
'''


@pytest.fixture
def tomorrow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The program of tomorrow, which has one revision more."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9001_later.py").write_text(_LATER.format(before=migrate.REVISIONS[-1]), "utf-8")
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)
    monkeypatch.setattr(migrate, "REVISIONS", (*migrate.REVISIONS, "9001"))


def test_a_database_begins_at_todays_tables(hub_ledger: Ledger) -> None:
    assert migrate.bring_up(hub_ledger.home.writer) is False
    with hub_ledger.home.writer.connect() as connection:
        assert migrate.version_of(connection) == migrate.REVISIONS[-1]


def test_whoever_made_it_brings_it_up_and_a_clerk_goes_on_working(hub_ledger: Ledger, postgres: Server, request: pytest.FixtureRequest) -> None:
    url, name = hub_ledger.home.writer.url, f"clerk_{hub_ledger.home.path.name}"
    try:
        there = clerks.new_clerk(hub_ledger, name)
        with Ledger.join_hub(there, ledgers.PASSWORD, "officer 2", wall=ledgers.Clock(), cost=ledgers.CHEAP):
            pass
        request.getfixturevalue("tomorrow")
        with pytest.raises(OlderHub):
            Ledger.open_hub(there, ledgers.PASSWORD)
        with hubs.reopen(url) as owner:
            before = owner.digest()
        with Ledger.open_hub(there, ledgers.PASSWORD, wall=ledgers.Clock()) as clerk:
            clerk.officer = 1
            ledgers.a_person(clerk)
            assert clerk.digest() != before and clerk.verify().faults == ()
        with hub_ledger.home.writer.connect() as connection:
            assert migrate.version_of(connection) == "9001"
            assert "more" in {c["name"] for c in sa.inspect(connection).get_columns("fact")}
            assert connection.exec_driver_sql("SELECT count(*) FROM pg_policies WHERE tablename = 'fact' AND policyname = 'of_the_office'").scalar() == 1
    finally:
        postgres.said(f"DROP OWNED BY {name}", database=url.database)
        postgres.said(f"DROP ROLE {name}")


#: the database of each older revision, from today's: what came with the revisions after it is taken away
_UNDONE = {"0005": f"DROP INDEX ix_person_closed, {', '.join(f'ix_patrol_by_{name}' for name in ('day', 'time', 'kind', 'weather', 'people', 'route'))}; "
                   "CREATE INDEX ix_patrol_day ON patrol (day, seq); DROP INDEX ix_tenancy_room_end_deleted, ix_room_house_deleted_id; "
                   "CREATE INDEX ix_tenancy_room ON tenancy (room, seq); CREATE INDEX ix_room_house ON room (house, seq); "
                   "DROP INDEX ix_person_name_birth; CREATE INDEX ix_person_name ON person (name, seq)"}
_UNDONE["0004"] = (f"{_UNDONE['0005']}; DROP TABLE {', '.join(e.__tablename__ for code, e in ENTITIES.items() if code >= 17)}; "
                   "ALTER TABLE patrol DROP COLUMN shift, DROP COLUMN route_walked; ALTER TABLE photo DROP COLUMN stage; ALTER TABLE hazard "
                   + ", ".join(f"DROP COLUMN {name}" for name, told in fields_of(Hazard).items() if 19 <= told.tag < 100)
                   + "; DROP INDEX ix_tenancy_person_scope_end_deleted_start, ix_tenancy_start_open, ix_tenancy_start_unreported, ix_tenancy_end_unreported, "
                   "ix_person_permit_until, ix_person_counted, ix_person_standing, ix_person_without_permit, ix_hazard_place, ix_house_address; CREATE INDEX ix_hazard_state ON hazard (state, seq); "
                   "CREATE INDEX ix_tenancy_person ON tenancy (person, seq)")
_UNDONE["0003"] = f"{_UNDONE['0004']}; ALTER TABLE officer DROP COLUMN left_on; DROP TABLE look"
_UNDONE["0002"] = f"{_UNDONE['0003']}; DROP TABLE dictionary, task"
_SHAPES = (
    "SELECT table_name, column_name, data_type, collation_name, is_nullable, column_default FROM information_schema.columns "
    "WHERE table_schema = current_schema() AND table_name <> 'alembic_version' ORDER BY 1, 2",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1, 2",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN ('p', 'u', 'c') ORDER BY 1, 2",
    "SELECT tablename, policyname, permissive, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2")


@pytest.mark.parametrize("revision", _UNDONE)
def test_an_older_database_comes_to_the_very_tables_of_a_new_one(hub_ledger: Ledger, revision: str) -> None:
    def shapes() -> list[list[tuple[object, ...]]]:
        with hub_ledger.home.writer.connect() as connection:
            return [[tuple(row) for row in connection.exec_driver_sql(asked)] for asked in _SHAPES]

    new = shapes()
    with hub_ledger.home.writer.begin() as connection:
        connection.exec_driver_sql(_UNDONE[revision])
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    assert shapes() != new
    assert migrate.bring_up(hub_ledger.home.writer) is True
    assert shapes() == new and hub_ledger.verify().faults == ()


def test_whoever_comes_second_finds_nothing_left_to_do(hub_ledger: Ledger, tomorrow: None) -> None:
    with hub_ledger.home.writer.connect() as first, first.begin():
        assert migrate._bring_up_hub(first) is True
    with hub_ledger.home.writer.connect() as second, second.begin():
        assert migrate._bring_up_hub(second) is False
    assert migrate.bring_up(hub_ledger.home.writer) is False


def test_a_failed_revision_leaves_the_database_as_it_was(hub_ledger: Ledger, tomorrow: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_connection: sa.Connection) -> None:
        raise RuntimeError

    monkeypatch.setattr(hubtables, "grant_again", fail)
    with pytest.raises(RuntimeError):
        hubs.reopen(hub_ledger.home.writer.url)
    with hub_ledger.home.writer.connect() as connection:
        assert migrate.version_of(connection) == migrate.REVISIONS[-2]
        assert "more" not in {c["name"] for c in sa.inspect(connection).get_columns("fact")}


def test_a_newer_one_is_left_alone(hub_ledger: Ledger) -> None:
    with hub_ledger.home.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerLedger):
        hubs.reopen(hub_ledger.home.writer.url)


def test_rights_are_the_same_when_they_are_given_again(postgres: Server) -> None:
    with hubs.begun(postgres) as made:
        made.station(hubtables.LETTERS)
        made.station(3, 4)
        made.station(hubtables.OFFICE)
        told = "SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee LIKE 'station%%' ORDER BY 1, 2, 3"
        with made.owner.begin() as connection:
            before = connection.exec_driver_sql(told).all()
            hubtables.grant_again(connection)
            assert connection.exec_driver_sql(told).all() == before != []
