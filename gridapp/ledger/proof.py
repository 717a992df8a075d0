"""Proving a ledger whole: its pages, its journal, and that the journal tells what the tables say."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from gridapp.ledger import fold
from gridapp.ledger.journal import faults


@dataclass(frozen=True)
class Report:
    """What was found: nothing in `faults` means the ledger is whole."""

    faults: tuple[str, ...]
    records: int
    digest: str


def examine(session: Session) -> Report:
    """Look at everything; a broken journal is not folded."""
    driver = session.connection()
    found = [f"page: {r[0]}" for r in driver.exec_driver_sql("PRAGMA cipher_integrity_check")]
    found += [f"database: {r[0]}" for r in driver.exec_driver_sql("PRAGMA integrity_check") if r[0] != "ok"]
    found += faults(session)
    kept = list(fold.from_tables(session))
    if not found and fold.from_journal(session) != kept:
        found.append("tables differ from what the journal tells")
    found += fold.dangling(session)
    return Report(tuple(found), len(kept), fold.digest(kept))
