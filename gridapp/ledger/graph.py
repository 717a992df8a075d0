"""The graph of seals: which write was in the past of which, exactly, without asking a clock.

A chain is a linear run of seals of one device in one scope, numbered as this file met them; a fork (a restored or cloned PC) simply begins
a new chain. A seal keeps how far each chain is in its past: `seal(c)` is in the past of `seal(w)` exactly if w's number for c's chain is
at least c's place in it (sync.md 4.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import cbor2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import bulk
from gridapp.ledger.tables import SEAL

#: (hybrid clock, seal number)
Stamp = tuple[int, int]


@dataclass(frozen=True)
class Place:
    """Where a seal stands: its chain, its place in it, and its past with itself; `id` is empty while it is open."""

    id: bytes
    chain: int
    pos: int
    past: Mapping[int, int]

    def holds(self, other: Place) -> bool:
        """Whether `other` is this seal or in its past (both of one scope)."""
        return self.past.get(other.chain, 0) >= other.pos


def placed(parents: Sequence[Place], device: bytes, tips: dict[int, list[object]]) -> Place:
    """The place of a new seal by `device` after its parents; `tips` ({chain: [device, pos]} of the scope) is brought up to date."""
    past: dict[int, int] = {}
    for parent in parents:
        for chain, pos in parent.past.items():
            past[chain] = max(past.get(chain, 0), pos)
    own = (c for c, (owner, pos) in tips.items() if owner == device and past.get(c) == pos)
    chain = next(own, len(tips) + 1)
    pos = past.get(chain, 0) + 1
    tips[chain] = [device, pos]
    return Place(b"", chain, pos, past | {chain: pos})


class Graph:
    """Places of the seals of one ledger file, read when asked for and remembered for one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._places: dict[int, Place] = {}

    def add(self, sid: int, place: Place) -> None:
        """Remember a place that is (about to be) in the table."""
        self._places[sid] = place

    def place(self, sid: int) -> Place:
        found = self._places.get(sid)
        if found is None:
            self.look_up([sid])
            found = self._places[sid]
        return found

    def look_up(self, sids: Iterable[int]) -> None:
        """Read many places at once."""
        wanted = [sid for sid in set(sids) if sid not in self._places]
        for start in range(0, len(wanted), bulk.SOME):
            asked = sa.select(SEAL.c.sid, SEAL.c.id, SEAL.c.chain, SEAL.c.pos, SEAL.c.hv).where(
                SEAL.c.sid.in_(wanted[start:start + bulk.SOME]))
            for sid, seal_id, chain, pos, past in self._session.execute(asked):
                self._places[sid] = Place(seal_id or b"", chain, pos, cbor2.loads(past))

    def saw(self, write: Stamp, other: Stamp) -> bool:
        """Whether the author of `write` knew `other`; a write knows itself."""
        if write[1] == other[1]:
            return other[0] <= write[0]
        return self.place(write[1]).holds(self.place(other[1]))

    def rank(self, stamp: Stamp) -> tuple[int, bytes]:
        """What writes are ordered by where neither knew the other: the clock, then the id of the seal (equal on every machine)."""
        return stamp[0], self.place(stamp[1]).id
