"""The town's database is reached safely, and its failures are sentences an officer can act on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gridapp.store import hub
from tests.postgres import Server, _free_port

SECRET = "geheim-4711"


@pytest.fixture
def engine(database: sa.URL) -> Iterator[sa.Engine]:
    made = hub.hub_engine(database)
    yield made
    made.dispose()


def _asking(url: sa.URL) -> None:
    with hub.hub_failures(url), hub.hub_engine(url).connect():
        pass


def _told(failed: pytest.ExceptionInfo[BaseException]) -> str:
    """Everything that could reach a log: the sentence, what lies below, and their names."""
    told, error = "", failed.value
    while error is not None:
        told, error = told + repr(error) + str(error), error.__cause__  # type: ignore[assignment]
    return told


def test_an_address_is_recognised(tmp_path: Path) -> None:
    assert hub.is_hub("postgresql://clerk@town.example/grid") and hub.is_hub("postgresql+psycopg://town/grid")
    assert not hub.is_hub(tmp_path / "台账.grid") and not hub.is_hub("D:\\postgresql.grid") and not hub.is_hub("postgresql")
    for nonsense in ("postgresql://town.example", "sqlite:///a.grid", "not an address", f"postgresql://a:{SECRET}@town:port/x"):
        with pytest.raises(hub.NoHubAddress) as failed:
            hub.address(nonsense)
        assert SECRET not in _told(failed)


@pytest.mark.parametrize("mode", sorted(hub.WEAK))
def test_a_distant_server_is_never_reached_in_the_open(mode: str) -> None:
    with pytest.raises(hub.WeakLine):
        hub.hub_engine(f"postgresql://clerk@town.example/grid?sslmode={mode}")
    assert hub.address(f"postgresql://clerk@127.0.0.1/grid?sslmode={mode}").host == "127.0.0.1"


@pytest.mark.parametrize(("host", "local"), [("town.example", False), ("10.1.2.3", False), ("localhost", True), ("[::1]", True)])
def test_a_distant_server_proves_who_it_is(host: str, local: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, object]] = []

    def refuse(**told: object) -> None:
        given.append(told)
        raise sa.exc.InterfaceError("", {}, Exception())

    engine = hub.hub_engine(f"postgresql://clerk@{host}/grid", certificate=Path("town.crt"))
    monkeypatch.setattr(engine.dialect.dbapi, "connect", lambda **told: refuse(**told))
    with pytest.raises(sa.exc.InterfaceError):
        engine.connect()
    assert (given[0].get("sslmode"), given[0].get("sslrootcert")) == ((None, None) if local else ("verify-full", "town.crt"))


def test_values_stay_out_of_what_the_engine_says(engine: sa.Engine) -> None:
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as failed:
        connection.execute(sa.text("SELECT CAST(:number AS numeric) / 0"), {"number": "4711004711"})
    assert "4711004711" not in str(failed.value)


def test_a_server_that_is_not_there(database: sa.URL) -> None:
    with pytest.raises(hub.HubUnreachable, match="127.0.0.1") as failed:
        _asking(database.set(port=_free_port(), password=SECRET))
    assert SECRET not in _told(failed)


@pytest.mark.parametrize("wrong", [{"password": SECRET}, {"username": "nobody-here"}, {"database": "no-such-village"}])
def test_wrong_password_role_or_database(database: sa.URL, wrong: dict[str, str]) -> None:
    with pytest.raises(hub.HubRefusesUs) as failed:
        _asking(database.set(**wrong))  # type: ignore[arg-type]
    assert SECRET not in _told(failed)


def test_a_server_that_does_not_encrypt_is_not_trusted(database: sa.URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "_local", lambda _host: False)
    with pytest.raises(hub.HubNotTrusted):
        _asking(database)


def test_no_connection_is_left(postgres: Server, database: sa.URL) -> None:
    with postgres.role(SECRET, "CONNECTION LIMIT 0") as role, pytest.raises(hub.HubCrowded):
        _asking(database.set(username=role, password=SECRET))


def test_a_line_cut_in_the_middle_of_an_act(engine: sa.Engine, database: sa.URL) -> None:
    with pytest.raises(hub.HubGone), hub.hub_failures(database), engine.begin() as connection:
        mine = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with engine.begin() as other:
            other.exec_driver_sql("SELECT pg_terminate_backend(%s, 5000)", (mine,))
        connection.exec_driver_sql("SELECT 1")
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1, "the next one gets a line that works"


def test_an_idle_line_that_was_cut_is_not_noticed(engine: sa.Engine, postgres: Server) -> None:
    with engine.connect() as connection:
        mine = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    postgres.said(f"SELECT pg_terminate_backend({mine}, 5000)")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != mine


def test_the_disk_of_the_server_is_full(engine: sa.Engine, database: sa.URL) -> None:
    with pytest.raises(hub.HubFull), hub.hub_failures(database), engine.begin() as connection:
        connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$")


def test_what_is_our_bug_stays_one(engine: sa.Engine, database: sa.URL) -> None:
    with pytest.raises(sa.exc.ProgrammingError), hub.hub_failures(database), engine.begin() as connection:
        connection.exec_driver_sql("SELECT no_such_column")


# ---------------------------------------------------------------- two at once

@pytest.fixture
def pair(engine: sa.Engine) -> sa.Engine:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE pair (n int PRIMARY KEY, told text)")
        connection.exec_driver_sql("INSERT INTO pair VALUES (1, ''), (2, '')")
    return engine


def _write(connection: sa.Connection, number: int) -> None:
    connection.exec_driver_sql("UPDATE pair SET told = told || 'x' WHERE n = %s", (number,))


def test_who_looks_sees_one_state_and_writes_nothing(pair: sa.Engine, database: sa.URL) -> None:
    with hub.reading(pair).connect() as look:
        before = look.exec_driver_sql("SELECT told FROM pair").all()
        with pair.begin() as other:
            _write(other, 1)
        assert look.exec_driver_sql("SELECT told FROM pair").all() == before
        with pytest.raises(sa.exc.DBAPIError, match="read-only"):
            _write(look, 1)


def test_who_came_second_may_try_again(pair: sa.Engine, database: sa.URL) -> None:
    tries = []

    def second() -> None:
        with hub.hub_failures(database), pair.execution_options(isolation_level="REPEATABLE READ").begin() as mine:
            mine.exec_driver_sql("SELECT * FROM pair").all()
            tries.append(1)
            if len(tries) == 1:
                with pair.begin() as first:
                    _write(first, 1)
            _write(mine, 1)

    hub.again_if_busy(second)
    assert len(tries) == 2
    with pair.connect() as connection:
        assert connection.exec_driver_sql("SELECT told FROM pair ORDER BY n").scalars().all() == ["xx", ""]


def test_trying_again_ends(pair: sa.Engine) -> None:
    tries = []

    def never() -> None:
        tries.append(1)
        raise hub.HubBusy

    with pytest.raises(hub.HubBusy):
        hub.again_if_busy(never)
    assert len(tries) == 2


def test_two_who_wait_for_each_other_are_told(pair: sa.Engine, database: sa.URL) -> None:
    both, failures = threading.Barrier(2), list[BaseException]()

    def act(first: int, then: int) -> Callable[[], None]:
        def run() -> None:
            try:
                with hub.hub_failures(database), pair.begin() as connection:
                    _write(connection, first)
                    both.wait(20)
                    _write(connection, then)
            except hub.HubTrouble as failed:
                failures.append(failed)

        return run

    workers = [threading.Thread(target=act(1, 2)), threading.Thread(target=act(2, 1))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [type(f) for f in failures] == [hub.HubBusy], "one of the two goes on, the other may try again"
