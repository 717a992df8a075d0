"""A role in the town's database reads and writes its own villages, whatever SQL it sends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.fields.ids import new_id
from gridapp.ledger import bags, hubtables, search
from gridapp.records import ENTITIES, House, Person
from gridapp.store import hub
from tests import hubs, ledgers
from tests.hubs import Hub
from tests.postgres import Server

OURS, THEIRS = 3, 4
#: tables whose rows belong to one scope each, and those of the office as a whole
SCOPED = [e.__tablename__ for e in ENTITIES.values()] + ["scope", "seal", "entry", "find", "erased"]
OFFICIAL = ("device", "fact", "held", "look", "peer", "parcel", "picture")


@pytest.fixture(scope="module")
def town(postgres: Server, village_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Two villages with the same records in them, and something in every table that belongs to the office."""
    path = ledgers.copy(village_ledger, tmp_path_factory.mktemp("roles") / "a.grid")
    with hubs.begun(postgres) as made, ledgers.reopen(path) as source:
        hubs.copy_in(made, source, OURS, "v:330784108238")
        hubs.copy_in(made, source, THEIRS, "v:330784108239")
        with made.owner.begin() as connection:
            connection.exec_driver_sql("INSERT INTO fact VALUES ('secret age', 'x')")
            for no in (OURS, THEIRS):
                connection.exec_driver_sql("INSERT INTO entry (sid, pos, hlc, kind, ent, txb, officer, eid, phash) VALUES (%s, 1, 1, 0, 7, 0, 1, '', '')",
                                           (no << 32 | 1,))
        yield made


@pytest.fixture(scope="module")
def station(town: Hub) -> sa.Engine:
    """A role of one village."""
    return town.station(OURS)


@pytest.fixture(scope="module")
def office(town: Hub) -> sa.Engine:
    """A role of the town's office."""
    return town.station(hubtables.OFFICE)


def _asked(engine: sa.Engine, statement: str) -> set[int]:
    with engine.connect() as connection:
        return set(connection.exec_driver_sql(statement).scalars())


@pytest.mark.parametrize("table", SCOPED)
def test_a_station_reads_its_village_and_the_office_all(town: Hub, station: sa.Engine, office: sa.Engine, table: str) -> None:
    number = {"scope": "no", "entry": "sid >> 32", "seal": "sid >> 32"}.get(table, "scope")
    there = _asked(town.owner, f"SELECT {number} FROM {table}")
    assert there == {OURS, THEIRS} or table not in ("person", "house", "entry", "scope", "find")
    for where in ("", " WHERE true OR 1 = 1"):
        assert _asked(station, f"SELECT {number} FROM {table}{where}") == there & {OURS}
        assert _asked(office, f"SELECT {number} FROM {table}{where}") == there


def test_every_table_is_guarded(town: Hub) -> None:
    """A table that comes later is the office's until somebody says whose its rows are."""
    tables = set(hubtables.schema().tables)
    assert tables == {*SCOPED, *OFFICIAL, "draft", "keeper", "letterbox", "station_scope"}, "say here who may see the new table"
    with town.owner.connect() as connection:
        open_ = connection.exec_driver_sql("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace "
                                           "AND NOT relrowsecurity").scalars().all()
    assert open_ == ["alembic_version"]


def test_no_statement_shows_another_village(station: sa.Engine) -> None:
    told = [f"SELECT count(*) FROM person a JOIN person b ON a.id = b.id WHERE b.scope = {THEIRS}",
            f"WITH them AS (SELECT * FROM person WHERE scope = {THEIRS}) SELECT count(*) FROM them",
            f"SELECT count(*) FROM person WHERE scope = {THEIRS} OR name LIKE '%%' AND scope <> {OURS}",
            f"SELECT coalesce(max(seq) >> 32, {OURS}) - {OURS} FROM person",
            f"SELECT count(*) FROM found('''m兵''|''n彭兵'''::tsquery, 100) WHERE seq >> 32 <> {OURS}",
            "SELECT count(*) FROM fact", "SELECT count(*) FROM device", "SELECT count(*) FROM held",
            "SELECT count(*) FROM pg_stats WHERE tablename = 'person' AND schemaname = current_schema()"]
    for statement in told:
        assert _asked(station, statement) == {0}, statement


@pytest.mark.parametrize("scope", ["4", "3 OR true", "-1", "0"])
def test_choosing_another_village_shows_nothing_of_it(station: sa.Engine, scope: str) -> None:
    with station.connect() as connection:
        connection.exec_driver_sql("SELECT set_config('gridapp.scope', %s, false)", (scope,))
        try:
            people = connection.exec_driver_sql("SELECT count(*) FROM person").scalar_one()
            found = connection.exec_driver_sql("SELECT count(*) FROM found('''n彭兵'''::tsquery, 9)").scalar_one()
        except sa.exc.DataError:
            return  # no number: nothing was answered
        assert (people, found) == (0, 0)


@pytest.mark.parametrize("statement", [
    f"INSERT INTO person (seq, id, scope, nconf, name) VALUES ({THEIRS << 32 | 999}, gen_random_uuid(), {THEIRS}, 0, 'x')",
    f"INSERT INTO person (seq, id, scope, nconf, name) VALUES ({THEIRS << 32 | 999}, gen_random_uuid(), {OURS}, 0, 'x')",
    f"UPDATE person SET scope = {THEIRS}, seq = seq + {1 << 32}",
    f"INSERT INTO entry (sid, pos, hlc, kind, ent, txb, officer, eid, phash) VALUES ({THEIRS << 32 | 1}, 2, 1, 0, 7, 0, 1, '', '')",
    f"INSERT INTO find VALUES (1, {THEIRS << 32 | 7}, {THEIRS}, 'x')",
    "INSERT INTO station_scope VALUES (current_user, 4)", "UPDATE station_scope SET scope = 4", "DELETE FROM person", "DELETE FROM entry", "DELETE FROM scope",
    "TRUNCATE person", "DROP POLICY of_the_station ON person", "ALTER TABLE person DISABLE ROW LEVEL SECURITY", "DROP TABLE person",
    "SET ROLE owner", "INSERT INTO fact VALUES ('scope', 'v:1')", "INSERT INTO scope VALUES (9, 'v:9', '', '', 0, 0, 0)",
    "CREATE OR REPLACE FUNCTION found(asked tsquery, most integer) RETURNS TABLE (rank smallint, seq bigint) LANGUAGE sql AS 'SELECT 1::smallint, 1::bigint'",
], ids=lambda s: s[:40])
def test_no_statement_writes_what_is_not_ours(station: sa.Engine, town: Hub, statement: str) -> None:
    before = _everything(town)
    with pytest.raises(sa.exc.DBAPIError), station.begin() as connection:
        connection.exec_driver_sql(statement)
    assert _everything(town) == before


@pytest.mark.parametrize("statement", [f"UPDATE person SET name = 'x' WHERE scope = {THEIRS}", f"UPDATE scope SET clock = 7 WHERE no = {THEIRS}",
                                       f"UPDATE entry SET payload = NULL WHERE sid >> 32 = {THEIRS}", f"DELETE FROM find WHERE scope = {THEIRS}"])
def test_what_is_not_seen_is_not_changed(station: sa.Engine, town: Hub, statement: str) -> None:
    before = _everything(town)
    with station.begin() as connection:
        assert connection.exec_driver_sql(statement).rowcount == 0
    assert _everything(town) == before


def _everything(town: Hub) -> list[object]:
    with town.owner.connect() as connection:
        return [connection.exec_driver_sql(f"SELECT t::text FROM {t} t ORDER BY 1").all() for t in ("person", "entry", "scope", "find", "fact", "station_scope")]


def test_a_false_table_of_ones_own_does_not_stand_in_for_the_list_of_rights(station: sa.Engine) -> None:
    with station.begin() as connection:
        connection.exec_driver_sql("CREATE TEMP TABLE station_scope (role text, scope int)")
        connection.exec_driver_sql("INSERT INTO pg_temp.station_scope VALUES (current_user, -1), (session_user, 4)")
        connection.exec_driver_sql("CREATE TEMP TABLE find AS SELECT 1::smallint AS rank, 1::bigint AS seq, 4 AS scope, ''::tsvector AS doc")
        assert connection.exec_driver_sql("SELECT DISTINCT scope FROM person").scalars().all() == [OURS]
        assert {seq >> 32 for seq in connection.exec_driver_sql("SELECT seq FROM found('''n彭兵'''::tsquery, 9)").scalars()} == {OURS}
        connection.rollback()


def test_the_door_to_the_index_looks_at_our_own_tables_only(town: Hub) -> None:
    with town.owner.connect() as connection:
        told = connection.exec_driver_sql("SELECT prosecdef, proconfig FROM pg_proc WHERE oid = 'found(tsquery, integer)'::regprocedure").one()
    assert told == (True, ["search_path=pg_catalog, pg_temp"])


def test_a_station_writes_its_own(station: sa.Engine, town: Hub) -> None:
    mine = new_id()
    with station.begin() as connection:
        connection.execute(sa.insert(Person), {"seq": OURS << 32 | 500, "id": mine, "scope": OURS, "nconf": 0, "name": "吴丽"})
        connection.execute(sa.update(Person).where(Person.id == mine).values(name="吴莉"))
    assert _asked(town.owner, "SELECT scope FROM person WHERE name = '吴莉'") == {OURS}


def test_the_same_question_shows_one_village_or_all(office: sa.Engine) -> None:
    asked = sa.select(House.house_no).order_by(House.house_no)
    with Session(office) as session:
        assert session.scalars(asked).all() == ["QHY0001"] * 2 + ["QHY0002"] * 2
        assert len(search.search(session, "QHY0001", 100)) == 2 * len(_hits(office, OURS, "QHY0001"))
    for scope in (OURS, THEIRS):
        with Session(office.execution_options(scope=scope)) as session:
            assert session.scalars(asked).all() == ["QHY0001", "QHY0002"]
            assert set(session.scalars(sa.select(House.scope))) == {scope}
            assert {seq >> 32 for _rank, seq in bags.places(session, '"hqhy0001"', 100)} == {scope}


def _hits(engine: sa.Engine, scope: int, text: str) -> list[search.Hit]:
    with Session(engine.execution_options(scope=scope)) as session:
        return search.search(session, text, 100)


def test_the_choice_ends_with_the_transaction(office: sa.Engine) -> None:
    chosen = office.execution_options(scope=OURS)
    with chosen.connect() as connection:
        assert set(connection.scalars(sa.select(Person.scope))) == {OURS}
    with office.connect() as connection:
        assert set(connection.scalars(sa.select(Person.scope))) == {OURS, THEIRS}


@pytest.mark.parametrize(("table", "columns"), [("draft", "(form, body, at) VALUES ('person', '{}', 1)"), ("keeper", "(told) VALUES ('{}')")])
def test_drafts_and_keys_are_their_writers_own(station: sa.Engine, office: sa.Engine, table: str, columns: str) -> None:
    for engine in (station, office):
        with engine.begin() as connection:
            connection.exec_driver_sql(f"INSERT INTO {table} {columns}")
    for engine in (station, office):
        with engine.connect() as connection:
            assert connection.exec_driver_sql(f"SELECT role = current_user FROM {table}").scalars().all() == [True]


def test_rights_are_taken_back_and_changed(town: Hub) -> None:
    role = town.station(OURS)
    assert _asked(role, "SELECT scope FROM person") == {OURS}
    name = role.url.username
    assert name is not None
    with town.owner.begin() as connection:
        hubtables.grant_station(connection, name, [THEIRS])
    assert _asked(role, "SELECT scope FROM person") == {THEIRS}
    with town.owner.begin() as connection:
        hubtables.revoke_station(connection, name)
    with pytest.raises(hub.NotOurs), hub.hub_failures(town.url):
        _asked(role, "SELECT scope FROM person")


def test_guarding_again_changes_nothing(town: Hub, station: sa.Engine) -> None:
    with town.owner.begin() as connection:
        hubtables.guard(connection)
    assert _asked(station, "SELECT scope FROM person") == {OURS}


def test_a_range_of_rows_is_found_by_the_index(town: Hub, office: sa.Engine) -> None:
    """Row-level security must not cost the index: one village's page is read without looking at the others'."""
    with town.owner.begin() as connection:
        connection.exec_driver_sql("SELECT 1")
        connection.exec_driver_sql(
            "INSERT INTO person (seq, id, scope, nconf, name) SELECT (n %% 200 + 10)::bigint << 32 | n, gen_random_uuid(), n %% 200 + 10, 0, 'x' "
            "FROM generate_series(1, 20000) n")
        connection.exec_driver_sql("ANALYZE person")
    with office.execution_options(scope=17).connect() as connection:
        plan = "\n".join(connection.exec_driver_sql("EXPLAIN SELECT * FROM person WHERE name = 'x' ORDER BY seq DESC LIMIT 20").scalars())
        assert "Index" in plan and "Seq Scan on person" not in plan, plan
        plan = "\n".join(connection.exec_driver_sql("EXPLAIN SELECT count(*) FROM person").scalars())
        assert "Index Cond: ((seq >=" in plan, plan


@pytest.mark.parametrize("change", ["UPDATE look SET why = 'x'", "DELETE FROM look", "TRUNCATE look"])
def test_the_audit_only_grows_whoever_asks(office: sa.Engine, change: str) -> None:
    """T2: on the server by what a role is granted."""
    with office.begin() as connection:
        connection.exec_driver_sql("INSERT INTO look (dev, seq, at, officer, what, result, prev, sum, sig) "
                                   "SELECT 'x', coalesce(max(seq), 0) + 1, 1, 1, 'opened', 'ok', 'x', 'x', 'x' FROM look")
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), office.begin() as connection:
        connection.exec_driver_sql(change)
