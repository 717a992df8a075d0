"""The town's database in the meetings: two clerks write in it at once, each with keys of their own."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from gridapp.ledger import Ledger, hubtables
from gridapp.ledger.meeting import OWED
from gridapp.ledger.tables import FACT, SCOPE
from tests import ledgers
from tests.faults.knowledge import Knowledge
from tests.faults.stations import Station
from tests.postgres import Server

#: what stays when the office is emptied for the next history
STAYS = {"keeper", "station_scope", "device", "fact", "scope"}


class Office:
    """One database of a town that holds these scopes, and its clerks."""

    def __init__(self, server: Server, scopes: tuple[str, ...], clerks: int) -> None:
        with ExitStack() as opened:
            url = opened.enter_context(server.database())
            owner = Ledger.create_hub(url, ledgers.PASSWORD, "officer 1", scopes[0], wall=ledgers.Clock(), cost=ledgers.CHEAP)
            self.clerks = [opened.enter_context(owner)]
            owner.hold_scopes(scopes)
            for _clerk in range(1, clerks):
                role, password = f"station_{secrets.token_hex(8)}", secrets.token_hex(8)
                with owner.home.writer.begin() as connection:
                    hubtables.make_role(connection, role, password)
                    hubtables.grant_station(connection, role, [hubtables.OFFICE])
                opened.callback(self._drop, owner, role)
                joined = Ledger.join_hub(url.set(username=role, password=password), ledgers.PASSWORD, "officer 2", cost=ledgers.CHEAP)
                self.clerks.append(opened.enter_context(joined))
            with owner.home.engine.connect() as connection:
                self._scopes = [dict(row) for row in connection.execute(sa.select(SCOPE)).mappings()]
            self._opened = opened.pop_all()

    @staticmethod
    def _drop(owner: Ledger, role: str) -> None:
        with owner.home.writer.begin() as connection:
            connection.exec_driver_sql(f'DROP OWNED BY "{role}"')
            connection.exec_driver_sql(f'DROP ROLE "{role}"')

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._opened.close()

    def empty(self) -> None:
        """As it was when it was made."""
        with self.clerks[0].home.writer.begin() as connection:
            names = ", ".join(sorted(t.name for t in hubtables.schema().sorted_tables if t.name not in STAYS))
            connection.exec_driver_sql(f"TRUNCATE {names}")
            connection.execute(sa.delete(FACT).where(FACT.c.name.startswith(OWED)))
            for scope in self._scopes:
                connection.execute(sa.update(SCOPE).where(SCOPE.c.no == scope["no"]).values(scope))


class Clerk(Station):
    """One clerk's place at the town's database: all clerks know what is in it."""

    def knows_with(self, other: Station) -> None:
        self.told = other.told

    def copied(self, folder: Path) -> Knowledge:
        raise AssertionError("a server's files are not copied away")
