"""Fixtures every test may ask for: an empty ledger of the village, its file, and the sample workbook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gridapp import places
from gridapp.ledger import Ledger
from tests import ledgers
from tests.broker import Broker, password_file

WORKBOOK = places.sample()


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed ledger, migrated and founded once; tests copy it (migrating in every test doubles the suite)."""
    path = tmp_path_factory.mktemp("empty") / "台账.grid"
    ledgers.begin(path).close()
    return path


@pytest.fixture(scope="session")
def village_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed ledger of a little village, made once."""
    path = tmp_path_factory.mktemp("village") / "台账.grid"
    with ledgers.begin(path) as made:
        ledgers.a_little_village(made)
    return path


def _own_copy(source: Path, folder: Path) -> Iterator[Ledger]:
    folder.mkdir()
    opened = ledgers.reopen(ledgers.copy(source, folder / "台账.grid"))
    yield opened
    opened.close()


@pytest.fixture
def ledger(empty_ledger: Path, tmp_path: Path) -> Iterator[Ledger]:
    """An open ledger of 青后叶村 with 王建国 signed in, in a folder of its own."""
    yield from _own_copy(empty_ledger, tmp_path / "ledger")


@pytest.fixture
def village(village_ledger: Path, tmp_path: Path) -> Iterator[Ledger]:
    """An open ledger with two houses, people in and out, a patrol and a hazard."""
    yield from _own_copy(village_ledger, tmp_path / "village")


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords as dear as in life would take half a second each."""
    for room in ("gridapp.store.vault", "gridapp.ledger.hubhome"):
        monkeypatch.setattr(f"{room}.ARGON2", ledgers.CHEAP)


@pytest.fixture(scope="session")
def answers() -> dict[str, Any]:
    """What is expected of every odd row of the sample workbook."""
    found: dict[str, Any] = json.loads(WORKBOOK.with_name("青后叶村流动人口台账.answers.json").read_text("utf-8"))
    return found


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A maker's server on this machine, listening."""
    made = Broker(password_file(tmp_path)).begin()
    yield made
    made.end()
