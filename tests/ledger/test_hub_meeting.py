"""Ledgers that meet where one of them, or both, live in the town's database: the same stories, the same end."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gridapp.ledger import Ledger
from tests import hubs, ledgers
from tests.ledger import test_meeting
from tests.postgres import Server


@pytest.fixture(scope="session")
def bare_hub(postgres: Server) -> Iterator[str]:
    """A database with a ledger of the village in which nothing happened yet, to be copied."""
    with postgres.database() as url:
        Ledger.create_hub(url, ledgers.PASSWORD, "officer 1", "v:330784108238", wall=ledgers.Clock(), cost=ledgers.CHEAP).close()
        assert url.database is not None
        yield url.database


WAYS = ("file and hub", "hub and file", "hub and hub")
#: these count what is missing; a hub closes the seal of its own line at once, so its heads are not yet known to who gave
COUNTING = {"test_a_seal_whose_parents_are_missing_waits", "test_a_seal_that_is_not_as_signed_is_refused_and_nothing_is_taken"}
#: hears what is said to SQLite
OF_THE_FILE = {"test_only_what_differs_is_written_into_a_row_that_is_there"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "pair" in metafunc.fixturenames:
        ways = [way for way in WAYS if not way.endswith("hub") or metafunc.function.__name__ not in COUNTING]
        metafunc.parametrize("pair", ways, indirect=True)


@pytest.fixture
def pair(request: pytest.FixtureRequest, ledger: Ledger, tmp_path: Path, postgres: Server, founded_hub: str, bare_hub: str) -> Iterator[tuple[Ledger, Ledger]]:
    """A ledger and another station of the same village that has just been brought up from it."""
    with ExitStack() as opened:
        one, other = str(request.param).split(" and ")
        first = ledger
        if one == "hub":
            first = opened.enter_context(hubs.reopen(opened.enter_context(postgres.database(founded_hub))))
        if other == "file":
            second = opened.enter_context(test_meeting.beside(tmp_path / "b.grid", first))
        else:
            url = opened.enter_context(postgres.database(bare_hub))
            second = opened.enter_context(Ledger.open_hub(url, ledgers.PASSWORD, wall=ledgers.Clock()))
            test_meeting.give(first, second)
            second.officer = 1
        yield first, second


for _name, _test in vars(test_meeting).items():
    if _name.startswith("test_") and _name not in OF_THE_FILE and inspect.isfunction(_test) and set(inspect.signature(_test).parameters) <= {"pair", "what"}:
        globals()[_name] = _test
