"""What is to be put right in the register (待核对), counted for the first page; each is one line of the list of clashes (冲突)."""

from __future__ import annotations

from gridapp.ledger import PLAIN, Reader, needs
from gridapp.work import numbers, overlaps, strays, twins


@needs(PLAIN)
def count(read: Reader) -> int:
    """People registered twice or written to after they were merged, stays that cannot both be, people in rooms given up, numbers given twice.

    A provisional number counts as soon as there is another for it: before that nothing can be done.
    """
    people = len(twins.twins(read)) + len({told.away for told in strays.strays(read)})
    renumber = sum(len(told.others) for told in numbers.doubled(read)) + sum(told.ready for told in numbers.provisional(read))
    return people + len(overlaps.overlaps(read)) + len(overlaps.unhoused(read)) + renumber + len(twins.same_house_numbers(read))
