"""Rows of a list that are exported (导出): what stands in the audit about it."""

from __future__ import annotations

from gridapp.ledger import EXPORT, Reader, needs
from gridapp.ledger.looks import EXPORTED
from gridapp.texts import _


@needs(EXPORT)
def note_export(read: Reader, title: str, count: int) -> int | None:
    """So many rows of a list, numbers masked, are about to be written to a file: its running number in the audit."""
    written = read.mark(EXPORTED, why=_("{0} {1:,} 行，号码遮住").format(title, count))
    return written.number if written is not None else None
