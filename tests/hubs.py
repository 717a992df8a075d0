"""Hubs for tests: a town's database with villages copied into it from ledger files, and roles that log in to it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, cast

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import Ledger, hubtables, search
from gridapp.ledger.migrate import REVISIONS
from gridapp.ledger.tables import ENTRY, SCOPE, SEAL
from gridapp.records import ENTITIES
from gridapp.store import hub
from gridapp.work import village
from tests import ledgers
from tests.postgres import Server

PASSWORD = "只用于测试"
SHIFT = hubtables.SHIFT


@dataclass(frozen=True)
class Hub:
    """A town's database, opened by its owner."""

    url: sa.URL
    owner: sa.Engine

    def station(self, *scopes: int) -> sa.Engine:
        """An engine of a new role that may see these scopes; closed with the hub."""
        role = f"station_{secrets.token_hex(8)}"
        with self.owner.begin() as connection:
            hubtables.make_role(connection, role, PASSWORD)
            hubtables.grant_station(connection, role, scopes)
        made = hub.hub_engine(self.url.set(username=role, password=PASSWORD))
        self._stations.append((role, made))
        return made

    @property
    def _stations(self) -> list[tuple[str, sa.Engine]]:
        found: list[tuple[str, sa.Engine]] = self.__dict__.setdefault("stations", [])
        return found


@contextmanager
def begun(server: Server) -> Iterator[Hub]:
    """A new hub without a village."""
    with ExitStack() as after, server.database() as url:
        owner = hub.hub_engine(url)
        with owner.begin() as connection:
            hubtables.begin(connection, REVISIONS[-1])
        made = Hub(url, owner)
        try:
            yield made
        finally:
            for role, engine in made._stations:
                engine.dispose()
                after.callback(server.said, f"DROP ROLE {role}")
            owner.dispose()


def _moved(row: dict[str, Any], no: int) -> dict[str, Any]:
    """The row as a row of scope `no`."""
    numbered = {name: row[name] & (1 << SHIFT) - 1 | no << SHIFT for name in ("seq", "sid", "last_sid") if row.get(name) is not None}
    return row | numbered | ({"scope": no} if isinstance(row.get("scope"), int) else {}) | ({"no": no} if "no" in row else {})


def copy_in(made: Hub, ledger: Ledger, no: int, name: str) -> None:
    """Put what a ledger file holds into a hub as its scope `no`; the same ids again where it is done twice."""
    with Session(ledger.home.engine) as source, Session(made.owner) as target, target.begin():
        tables = [cast(sa.Table, e.__table__) for e in ENTITIES.values()]
        for table in (SCOPE, *([] if no else (SEAL, ENTRY)), *tables):
            rows = [_moved(dict(r), no) for r in source.execute(sa.select(table)).mappings()]
            if table is SCOPE:
                rows = [row | {"name": name} for row in rows]
            if rows:
                target.connection().execute(sa.insert(table), rows)
        search.index_all(target)


# ---------------------------------------------------------------- ledgers that live in a hub

def found(url: sa.URL, scope: str = "v:330784108238") -> Ledger:
    """A new ledger of 青后叶村 in an empty database, with 王建国 signed in."""
    made = Ledger.create_hub(url, ledgers.PASSWORD, "officer 1", scope, wall=ledgers.Clock(), cost=ledgers.CHEAP,
                             found=lambda new: new.do(village.found_village, "330784108238", "第一网格", "王建国"))
    made.officer = made.ask(village.first_officer)
    return made


def reopen(url: sa.URL, wall: Any = None) -> Ledger:
    made = Ledger.open_hub(url, ledgers.PASSWORD, wall=wall or ledgers.Clock())
    made.officer = made.ask(village.first_officer)
    return made


@pytest.fixture(scope="session")
def founded_hub(postgres: Server) -> Iterator[str]:
    """A database with a founded ledger in it, to be copied."""
    with postgres.database() as url:
        found(url).close()
        assert url.database is not None
        yield url.database


@pytest.fixture(scope="session")
def village_hub(postgres: Server, founded_hub: str) -> Iterator[str]:
    """The same with a little village."""
    with postgres.database(founded_hub) as url:
        with reopen(url) as made:
            ledgers.a_little_village(made)
        assert url.database is not None
        yield url.database


@pytest.fixture
def hub_ledger(postgres: Server, founded_hub: str) -> Iterator[Ledger]:
    """An open ledger in a database of its own."""
    with postgres.database(founded_hub) as url, reopen(url) as opened:
        yield opened


@pytest.fixture
def hub_village(postgres: Server, village_hub: str) -> Iterator[Ledger]:
    """The same with two houses, people in and out, a patrol and a hazard."""
    with postgres.database(village_hub) as url, reopen(url) as opened:
        yield opened
