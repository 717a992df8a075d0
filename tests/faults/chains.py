"""A chain of looks somebody edits in the file: every change of every row is named where it was made."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import looks
from gridapp.ledger.tables import LOOKS
from tests import ledgers
from tests.faults.rows import Row
from tests.faults.stage import QUICK

ROWS = 300
#: SQLite stops whoever changes a row through it; whoever edits the file does not ask its triggers
UNGUARDED = ("DROP TRIGGER look_no_update", "DROP TRIGGER look_no_delete")
#: field -> what is put in the place of what stood there
OTHER: dict[str, Any] = {"dev": bytes(31) + b"x", "seq": 10 ** 6, "at": 1, "officer": 77, "what": "exported", "entity": "house", "record": bytes(16),
                         "field": "F99", "why": "别的", "result": "failed", "number": 10 ** 6, "prev": b"x" * 32, "sum": b"x" * 32, "sig": b"x" * 64}


@contextmanager
def chain(path: Path) -> Iterator[Session]:
    """A session on a ledger in which so many looks stand and nothing keeps anybody from changing them; what is done in it is not kept."""
    with ledgers.reopen(path) as ledger, Session(ledger.home.engine) as session:
        for number in range(ROWS):
            looks.add(session, ledger.signer, looks.Look(ledgers.NOON + number, 1, looks.PRINTED if number % 3 else looks.OPENED, "person",
                                                         UUID(int=number + 1), "F02", "查户口" if number % 2 else None))
        for statement in UNGUARDED:
            session.connection().exec_driver_sql(statement)
        yield session


def named(session: Session) -> list[int]:
    """The rows that are named."""
    return [int(fault.partition(":")[0].rpartition("-")[2]) for fault in looks.faults(session)]


def changed(session: Session, field: str, rows: Iterable[int]) -> list[int]:
    """Those of the rows that are not named when this field of them is changed; a row moved to another chain leaves two."""
    return [seq for seq in rows if seq not in _after(session, sa.update(LOOKS).where(LOOKS.c.seq == seq).values({field: OTHER[field]}))
            [:2 if field == "dev" else 1]]


def gone(session: Session, rows: Iterable[int]) -> list[int]:
    """Those of the rows that are not named when they are taken away."""
    return [seq for seq in rows if _after(session, sa.delete(LOOKS).where(LOOKS.c.seq == seq)) != [seq]]


def swapped(session: Session, times: int, seed: int = 4) -> list[tuple[int, int]]:
    """Pairs drawn by lot of which the first is not named when they change places."""
    chance = random.Random(seed)
    pairs = [sorted(chance.sample(range(1, ROWS + 1), 2)) for _time in range(times)]
    return [(one, other) for one, other in pairs if _after(session, *(
        sa.update(LOOKS).where(LOOKS.c.seq == seq).values(seq=to) for seq, to in ((one, 10 ** 6), (other, one), (10 ** 6, other)))) != [one]]


def _after(session: Session, *changes: sa.Update | sa.Delete) -> list[int]:
    with session.begin_nested() as undone:
        for change in changes:
            session.execute(change)
        found = named(session)
        undone.rollback()
    return found


def run(_seconds: float) -> list[Row]:
    """A row for each kind of change: of every row, however long it takes; and the control."""
    with tempfile.TemporaryDirectory(dir=QUICK) as here:
        path, every = Path(here) / "a.grid", range(1, ROWS + 1)
        ledgers.begin(path).close()
        with chain(path) as session:
            missed = sum(len(changed(session, column.name, every)) for column in LOOKS.columns)
            rows = [Row("looks: a field of a row is changed", ROWS * len(LOOKS.columns), missed, f"{len(LOOKS.columns)} fields of {ROWS} rows"),
                    Row("looks: a row is taken away", ROWS, len(gone(session, every))),
                    Row("looks: two rows change places", ROWS, len(swapped(session, ROWS)))]
            return [*rows, Row("control: a row is changed to what it was", 1, int(_after(session, sa.update(LOOKS).values(at=LOOKS.c.at)) != []))]
