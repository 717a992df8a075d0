"""What is to be put right in the register (待核对), counted for the first page; each is one line of the list of clashes (冲突)."""

from __future__ import annotations

from gridapp.ledger import PLAIN, Reader, needs
from gridapp.work import numbers, overlaps


@needs(PLAIN)
def count(read: Reader) -> int:
    """Stays that cannot both be, people in rooms given up, numbers of notices given twice or only for the time being."""
    renumber = sum(len(told.others) for told in numbers.doubled(read)) + sum(told.ready for told in numbers.provisional(read))
    return len(overlaps.overlaps(read)) + len(overlaps.unhoused(read)) + renumber
