"""The acts are the audit of what was done (T2): whatever cell of the journal is changed, whatever row is missing, added or changed about,
`verify` names the seal it lies in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import Ledger
from gridapp.ledger.proof import journal_faults
from gridapp.ledger.tables import ENTRY, SEAL
from tests import ledgers

@pytest.fixture
def told(ledger: Ledger) -> Iterator[Session]:
    """A journal of several seals and an open one; what a test writes is taken back."""
    house = ledgers.a_house(ledger)
    ledger.close_seal()
    ledgers.a_tenant(ledger, ledgers.rooms_of(ledger, house)[0])
    ledger.close_seal()
    ledgers.a_person(ledger, "李红", ledgers.NUMBERS[1])
    with Session(ledger.home.writer) as session:
        assert list(journal_faults(session)) == []
        yield session
        session.rollback()


def _other(value: Any) -> Any:
    if value is None:
        return b"\x01"
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:] if value else b"\x01"
    return value + "x" if isinstance(value, str) else value + 1000


def _first(session: Session) -> str:
    return next(iter(journal_faults(session)), "")


def _tried(session: Session, change: sa.Executable) -> str:
    with session.begin_nested() as point:
        session.execute(change)
        found = _first(session)
        point.rollback()
    return found


@pytest.mark.parametrize("table", [ENTRY, SEAL], ids=lambda table: table.name)
def test_t2_every_cell_of_the_journal_is_vouched_for(told: Session, table: sa.Table) -> None:
    silent = list[tuple[int, str]]()
    for row in told.execute(sa.select(table)).mappings().all():
        where = sa.and_(*(c == row[c.name] for c in table.primary_key))
        for column in table.columns:
            if column.name == "sid":
                continue  # another row then: the test below
            if row["sid"] == _open_seal(told) and column.name in ("id", "sig", "schema"):
                continue  # they are made when it is closed
            found = _tried(told, sa.update(table).where(where).values({column.name: _other(row[column.name])}))
            if f"seal {row['sid']}" not in found and not found.startswith(("scope", "more than one")):
                silent.append((row["sid"], column.name))
    assert not silent


def _open_seal(session: Session) -> int:
    return session.scalar(sa.select(SEAL.c.sid).where(SEAL.c.id.is_(None))) or 0


def test_t2_a_row_taken_out_put_in_or_changed_about_is_named(told: Session) -> None:
    rows = told.execute(sa.select(ENTRY).order_by(ENTRY.c.sid, ENTRY.c.pos)).mappings().all()
    for row in rows:
        where = sa.and_(ENTRY.c.sid == row["sid"], ENTRY.c.pos == row["pos"])
        assert f"seal {row['sid']}" in _tried(told, sa.delete(ENTRY).where(where))
        assert f"seal {row['sid']}" in _tried(told, sa.insert(ENTRY).values(dict(row) | {"pos": row["pos"] + 1000}))
        for other in rows[:: max(len(rows) // 5, 1)]:
            if other["sid"] == row["sid"] and other["pos"] != row["pos"] and other["phash"] != row["phash"]:
                body = {n: other[n] for n in ("hlc", "kind", "ent", "txb", "officer", "eid", "payload", "phash")}
                assert f"seal {row['sid']}" in _tried(told, sa.update(ENTRY).where(where).values(body))
    for row in told.execute(sa.select(SEAL)).mappings().all():
        assert _tried(told, sa.delete(SEAL).where(SEAL.c.sid == row["sid"])), row["sid"]
