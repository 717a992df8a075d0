"""The town's side of the bench: a ledger on a real PostgreSQL, and the same tables for bare rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from gridapp.ledger import Ledger
from tests import hubs, ledgers
from tests.bench.sample import SCOPE
from tests.postgres import Server


@contextmanager
def empty(server: Server) -> Iterator[Ledger]:
    """A hub that holds the village's scope and nothing in it."""
    with server.database() as url, Ledger.create_hub(url, ledgers.PASSWORD, "officer 1", SCOPE, cost=ledgers.CHEAP) as ledger:
        yield ledger


@contextmanager
def tables(server: Server) -> Iterator[sa.URL]:
    """The same tables, for bare rows."""
    with hubs.begun(server) as made:
        yield made.url
