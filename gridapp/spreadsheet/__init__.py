"""Workbooks of other offices: read safely, understood by their headings, reported on; and our own tables written."""

from __future__ import annotations

from pathlib import Path

from gridapp.ledger.resting import collector_rests
from gridapp.spreadsheet.matching import understand
from gridapp.spreadsheet.parsing import RowRead, rows
from gridapp.spreadsheet.reading import Sheet, read
from gridapp.spreadsheet.writing import write_report, write_table
from gridapp.work.weighing import STEP, Progress, tell


@collector_rests()
def read_rows(path: Path, progress: Progress | None = None) -> list[RowRead]:
    """Every row of every sheet that is a register of people or houses. Raises the Mistakes of reading and matching, Cancelled."""
    found = understand(path.name, read(path, progress))
    total = sum(len(matched.sheet.rows) for matched in found)
    told: list[RowRead] = []
    for row in (row for matched in found for row in rows(matched)):
        told.append(row)
        if len(told) % STEP == 0:
            tell(progress, len(told), total)
    return told


__all__ = ["RowRead", "Sheet", "read", "read_rows", "write_report", "write_table"]
