"""What the test knows of one station's file: which writes and seals are in it, in which order, and which acts were done there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from tests.faults.oracle import Write


@dataclass
class Acted:
    """An act by its id: which part of the file's own order it is to take back."""

    scope: str
    first: int
    last: int


@dataclass
class Knowledge:
    """What the test knows of one station's file; copied when the file is."""

    #: numbers of the writes in it, as bits
    known: int = 0
    seals: set[bytes] = field(default_factory=set)
    #: numbers of the writes in the order of the file, by scope
    order: dict[str, list[int]] = field(default_factory=dict)
    acts: dict[UUID, Acted] = field(default_factory=dict)
    #: last entry seen, by scope
    last: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: of the open seals: number, foretold parents, writes
    open: dict[str, tuple[int, set[bytes], list[Write]]] = field(default_factory=dict)

    def copy(self) -> Knowledge:
        return Knowledge(self.known, set(self.seals), {s: list(o) for s, o in self.order.items()}, dict(self.acts), dict(self.last),
                         {s: (sid, set(p), list(w)) for s, (sid, p, w) in self.open.items()})


def bits(numbers: Iterable[int]) -> int:
    """A set of numbers as one."""
    total = 0
    for number in numbers:
        total |= 1 << number
    return total
