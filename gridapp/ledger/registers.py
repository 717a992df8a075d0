"""Registers: a field keeps every write that no other known write had seen, and shows the one with the greatest stamp (sync.md 4.1).

A fold of the *set* of writes: the order in which they arrive does not matter, nor how often.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import cbor2

from gridapp.fields.kinds import Cbor
from gridapp.ledger.graph import Graph, Stamp

#: writing these ends a record: somebody who edits it without knowing should be asked (撤销, 注销)
ENDINGS = (100, 103)
#: tags from here on mean the same in every entity
UNIVERSAL = 100
Other = tuple[int, int, Cbor]


class Registers:
    """The fields of one record: what is shown, since which write, and what was written beside it."""

    __slots__ = ("base", "heads", "over", "values")

    def __init__(self) -> None:
        self.base: Stamp | None = None
        self.values: dict[int, Cbor] = {}
        #: stamps of fields that are not those of the first write
        self.over: dict[int, Stamp] = {}
        #: of fields with more than one maximal write: the others, best first
        self.heads: dict[int, list[Other]] = {}

    @classmethod
    def of(cls, ver: bytes, values: dict[int, Cbor]) -> Registers:
        """As a row keeps them: `ver`, and {tag: value} of its fields that are not empty."""
        told = cls.__new__(cls)
        told.values = values
        base, over, heads = cbor2.loads(ver)
        told.base = (base[0], base[1])
        told.over = {tag: (s[0], s[1]) for tag, s in over.items()} if over else {}
        told.heads = {tag: [(h[0], h[1], h[2]) for h in hs] for tag, hs in heads.items()} if heads else {}
        return told

    def copy(self) -> Registers:
        """The same, to be written on."""
        told = Registers.__new__(Registers)
        told.base, told.values, told.over = self.base, self.values.copy(), self.over.copy()
        told.heads = {tag: list(others) for tag, others in self.heads.items()} if self.heads else {}
        return told

    def ver(self) -> bytes:
        """CBOR [base stamp, {tag: stamp}, {tag: [[hlc, sid, value]…]}]."""
        return packed(self.base, self.over, self.heads)

    def stamp(self, tag: int) -> Stamp | None:
        """When the value shown was written; None for a field nobody ever wrote."""
        found = self.over.get(tag)
        if found is None and self.values.get(tag) is not None:
            return self.base
        return found

    def write(self, stamp: Stamp, values: Mapping[int, Cbor], graph: Graph) -> None:
        """Take a write in, whether it comes early or late, once or twice."""
        first = self.base is None
        if first:
            self.base = stamp
        for tag, value in values.items():
            if first:
                self.values[tag] = value
                if value is None:
                    self.over[tag] = stamp  # an explicit emptying needs its own stamp
                continue
            self._write_one(tag, stamp, value, graph)

    def _write_one(self, tag: int, stamp: Stamp, value: Cbor, graph: Graph) -> None:
        shown = self.stamp(tag)
        if shown == stamp:
            return
        others = self.heads.get(tag)
        if shown is None or others is None and graph.saw(stamp, shown):
            self.values[tag], self.over[tag] = value, stamp
            return
        known: list[Other] = [(*shown, self.values.get(tag)), *(others or ())]
        if any(graph.saw((k[0], k[1]), stamp) for k in known):
            return
        kept = [k for k in known if not graph.saw(stamp, (k[0], k[1]))] + [(*stamp, value)]
        kept.sort(key=lambda k: graph.rank((k[0], k[1])), reverse=True)
        self.values[tag], self.over[tag] = kept[0][2], (kept[0][0], kept[0][1])
        if len(kept) > 1:
            self.heads[tag] = kept[1:]
        else:
            self.heads.pop(tag, None)

    def stamps(self) -> Iterator[tuple[int, Stamp]]:
        """(tag, stamp) of every maximal write, those not shown included."""
        for tag in self.values.keys() | self.over.keys():
            shown = self.stamp(tag)
            if shown is not None:
                yield tag, shown
            for hlc, sid, _value in self.heads.get(tag, ()):
                yield tag, (hlc, sid)

    def seals(self) -> set[int]:
        """Numbers of the seals its maximal writes stand in."""
        found = {sid for _hlc, sid in self.over.values()} | {sid for others in self.heads.values() for _hlc, sid, _value in others}
        return found if self.base is None else found | {self.base[1]}

    def differing(self) -> list[int]:
        """Fields whose maximal writes differ in value: a person must decide."""
        return [tag for tag, others in self.heads.items() if any(other[2] != self.values.get(tag) for other in others)]

    def edited_after_ending(self, graph: Graph) -> int | None:
        """The tag that ended the record (撤销, 注销) while somebody who did not know went on editing it."""
        if self.base is None or not self.over:
            return None
        for tag in ENDINGS:
            if not self.values.get(tag) or (ended := self.stamp(tag)) is None:
                continue
            for other, stamp in self.stamps():
                if other < UNIVERSAL and stamp != ended and not graph.saw(ended, stamp) and not graph.saw(stamp, ended):
                    return tag
        return None

    def clashes(self, graph: Graph) -> int:
        """How many questions are open on this record (`nconf`)."""
        return len(self.differing()) + (self.edited_after_ending(graph) is not None)


def packed(base: Any, over: Mapping[int, Any], heads: Mapping[int, Any]) -> bytes:
    """The version of a row: base stamp, stamps of fields written later, maximal writes that are not shown."""
    return cbor2.dumps([base, dict(sorted(over.items())) if len(over) > 1 else over, dict(sorted(heads.items())) if len(heads) > 1 else heads])
