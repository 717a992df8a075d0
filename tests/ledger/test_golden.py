"""A released ledger is for ever: one of each revision, which today's program opens, proves and tells as it was told then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from gridapp.ledger.migrate import REVISIONS
from gridapp.records import Table
from tests import ledgers
from tests.golden import ledgers as golden

KEPT = sorted(folder.name for folder in golden.HERE.iterdir() if (folder / golden.NAME).exists())


def test_every_revision_has_its_ledger() -> None:
    assert tuple(KEPT) == REVISIONS


@pytest.mark.parametrize("revision", KEPT)
def test_todays_program_opens_it_and_tells_the_same(revision: str, tmp_path: Path) -> None:
    source = golden.HERE / revision
    told = json.loads((source / golden.TOLD).read_text("utf-8"))
    with ledgers.reopen(ledgers.copy(source / golden.NAME, tmp_path / golden.NAME)) as ledger:
        assert golden.tell(ledger) == told
        assert told["faults"] == [] and told["records"] > 20
        ledgers.a_person(ledger, "吴丽", ledgers.NUMBERS[2])
        ledger.undo()
        assert ledger.digest() == told["digest"] and ledger.verify().faults == ()


@pytest.mark.parametrize("revision", KEPT)
def test_migrated_it_has_todays_tables(revision: str, tmp_path: Path) -> None:
    """Also what tells that a record was given a field without a migration."""
    with ledgers.reopen(ledgers.copy(golden.HERE / revision / golden.NAME, tmp_path / golden.NAME)) as ledger:
        with ledger.home.engine.connect() as connection:
            ours = {"include_object": lambda _thing, name, kind, *_rest: not (kind == "table" and name.startswith("find"))}
            assert compare_metadata(MigrationContext.configure(connection, opts=ours), Table.metadata) == []


def test_living_it_again_comes_to_the_same_digest(tmp_path: Path) -> None:
    """Ids differ, so the digest must; all that is told in words must not."""
    golden.make(tmp_path / "again")
    told, again = (json.loads((folder / golden.TOLD).read_text("utf-8")) for folder in (golden.HERE / REVISIONS[-1], tmp_path / "again"))
    assert told.pop("digest") != again.pop("digest")
    assert told == again
