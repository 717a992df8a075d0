"""The town's side of the bench: a ledger on a real PostgreSQL, beside binary COPY of the rows it ends up with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import Ledger
from gridapp.ledger.journal import own_signer
from gridapp.store import hub
from gridapp.store.vault import Signer
from tests import hubs
from tests.bench.sample import SCOPE
from tests.postgres import Server


class _Bare:
    """A place for a ledger that is nothing but a database: its owner works in it, its key lies beside the village's."""

    shared = True

    def __init__(self, made: hubs.Hub) -> None:
        self.path, self._url = Path("hub"), made.url
        self.engine, self.writer = hub.reading(made.owner), made.owner

    def sorted(self) -> AbstractContextManager[None]:
        return hub.hub_failures(self._url)

    def signer(self, session: Session) -> Signer:
        return own_signer(session)

    def secret(self, session: Session, name: str) -> str | None:
        return None

    def keep_secret(self, session: Session, name: str, value: str) -> None:
        """Nobody measures secrets."""

    def saved(self, act: UUID, at: datetime) -> None:
        """Nothing lies beside a database."""

    def look_for_the_last(self, session: Session) -> None:
        """Nothing to look at."""

    def close(self) -> None:
        """The hub closes its engine."""


@contextmanager
def empty(server: Server) -> Iterator[Ledger]:
    """A hub that holds the village's scope and nothing in it."""
    with hubs.begun(server) as made:
        ledger = Ledger(_Bare(made))
        ledger._begin_journal(SCOPE)
        yield ledger


@contextmanager
def tables(server: Server) -> Iterator[sa.URL]:
    """The same tables, for bare rows."""
    with hubs.begun(server) as made:
        yield made.url
