"""The oracle of the meetings: who wrote what knowing which writes, kept as plain sets, and what every record must say by that.

It uses no clock and no vector: one write was in the past of another exactly if its author held it. Stamps and ids of seals only decide
which of several unordered writes is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from gridapp.fields.kinds import Cbor

DELETED, CLOSED_ON, UNIVERSAL = 100, 103, 100


@dataclass(eq=False)
class Write:
    """One change of one record: its number, what its author knew (a set of numbers as bits), and when he says it was."""

    number: int
    scope: str
    record: bytes
    values: dict[int, Cbor]
    known: int
    stamp: int
    erases: bool = False
    #: the id of its seal, once closed: what is open was written by somebody who knows everything that is there
    seal: bytes = b""

    def knew(self, other: Write) -> bool:
        return bool(self.known >> other.number & 1)

    def beside(self, other: Write) -> bool:
        """Neither author knew the other's."""
        return self is not other and not self.knew(other) and not other.knew(self)


@dataclass(eq=False)
class Sealed:
    """A closed seal as the test knows it: its parents and its whole past with itself."""

    id: bytes
    scope: str
    parents: frozenset[bytes]
    writes: list[Write]
    past: frozenset[bytes]


@dataclass(frozen=True)
class Told:
    """What a record must say: values shown, the other maximal writes by field as (stamp, seal, value), best first, and open questions."""

    values: dict[int, Cbor]
    losers: dict[int, list[tuple[int, bytes, Cbor]]]
    questions: int


@dataclass
class Oracle:
    """All writes and seals there ever were."""

    writes: list[Write] = field(default_factory=list)
    seals: dict[bytes, Sealed] = field(default_factory=dict)
    #: which device did an act
    acts: dict[UUID, bytes] = field(default_factory=dict)

    def wrote(self, scope: str, record: bytes, values: dict[int, Cbor], known: int, stamp: int, erases: bool = False) -> Write:
        made = Write(len(self.writes), scope, record, values, known, stamp, erases)
        self.writes.append(made)
        return made

    def closed(self, seal: bytes, scope: str, parents: Iterable[bytes], writes: list[Write]) -> Sealed:
        """A seal and its id; the same again where two copies of one file closed the same."""
        if seal not in self.seals:
            told = frozenset(parents)
            past = frozenset({seal}).union(*(self.seals[p].past for p in told))
            for write in writes:
                write.seal = seal
            self.seals[seal] = Sealed(seal, scope, told, writes, past)
        return self.seals[seal]

    def heads(self, held: Iterable[bytes], scope: str) -> set[bytes]:
        """Those of the held seals of a scope that no other follows."""
        own = [self.seals[s] for s in held if self.seals[s].scope == scope]
        return {s.id for s in own} - {p for s in own for p in s.parents}

    def those(self, known: int, scope: str) -> Iterator[Write]:
        return (w for w in self.writes if known >> w.number & 1 and w.scope == scope)

    def shown(self, numbers: Iterable[int]) -> dict[bytes, dict[int, Cbor]]:
        """What some writes alone would show, emptied fields included."""
        by_record: dict[bytes, list[Write]] = {}
        for number in numbers:
            by_record.setdefault(self.writes[number].record, []).append(self.writes[number])
        return {record: {tag: _maximal([w for w in writes if tag in w.values])[0].values[tag] for tag in {t for w in writes for t in w.values}}
                for record, writes in by_record.items()}

    def rows(self, known: int, scope: str) -> dict[bytes, Told]:
        """What the records of a scope say to somebody who knows these writes."""
        by_record: dict[bytes, list[Write]] = {}
        erased = set[bytes]()
        for write in self.those(known, scope):
            by_record.setdefault(write.record, []).append(write)
            if write.erases:
                erased.add(write.record)
        return {record: _told(writes) for record, writes in by_record.items() if record not in erased}


def _told(writes: list[Write]) -> Told:
    heads = {tag: _maximal([w for w in writes if tag in w.values]) for tag in sorted({t for w in writes for t in w.values})}
    shown = {tag: found[0].values[tag] for tag, found in heads.items()}
    losers = {tag: [(w.stamp, w.seal, w.values[tag]) for w in found[1:]] for tag, found in heads.items() if len(found) > 1}
    differing = sum(len({(type(w.values[tag]), w.values[tag]) for w in found}) > 1 for tag, found in heads.items())
    return Told({tag: value for tag, value in shown.items() if value is not None}, losers, differing + _edited_after_ending(heads, shown))


def _maximal(writes: list[Write]) -> list[Write]:
    """Those nobody overwrote knowingly, the one shown first."""
    found = [w for w in writes if not any(other.knew(w) for other in writes)]
    return sorted(found, key=lambda w: (w.stamp, w.seal), reverse=True)


def _edited_after_ending(heads: dict[int, list[Write]], shown: dict[int, Cbor]) -> bool:
    """Somebody withdrew or closed the record while another, not knowing, edited it."""
    edits = {w for tag, found in heads.items() if tag < UNIVERSAL for w in found}
    return any(shown.get(tag) and any(heads[tag][0].beside(w) for w in edits) for tag in (DELETED, CLOSED_ON))
