"""Workbooks of other offices: read safely, understood by their headings, reported on; and our own tables written."""

from __future__ import annotations

from pathlib import Path

from gridapp.spreadsheet.matching import understand
from gridapp.spreadsheet.parsing import RowRead, rows
from gridapp.spreadsheet.reading import Sheet, read
from gridapp.spreadsheet.writing import write_report, write_table


def read_rows(path: Path) -> list[RowRead]:
    """Every row of every sheet that is a register of people or houses. Raises the Mistakes of reading and matching."""
    return [row for matched in understand(path.name, read(path)) for row in rows(matched)]


__all__ = ["RowRead", "Sheet", "read", "read_rows", "write_report", "write_table"]
