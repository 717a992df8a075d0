"""The journal of one ledger: in every scope it holds at most one seal of this device is open; closed ones are signed and linked to their parents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cbor2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import bulk
from gridapp.ledger import entries as bytes_
from gridapp.ledger.clock import HybridClock, Wall
from gridapp.ledger.entries import Entry, Seal, SealHead
from gridapp.ledger.graph import Graph, Place, placed
from gridapp.ledger.tables import DEVICE, ENTRY, SCOPE, SEAL
from gridapp.store.vault import Signer

#: a seal is closed at this many entries, never inside an act
FULL_SEAL = 50_000
#: seal numbers are ordered inside a scope; they say which one it is in their upper half
SHIFT = 32


@dataclass
class OpenSeal:
    """The one seal that still takes entries; it lives in the database, so a crash costs nothing."""

    sid: int
    parents: list[bytes]
    seen: list[tuple[str, bytes]]
    n: int
    h0: int
    h1: int
    root: bytes


@dataclass
class Scope:
    """One graph of seals (范围), as its row tells."""

    no: int
    name: str
    heads: list[bytes]
    tips: dict[int, list[object]]
    last_sid: int
    clock: HybridClock
    #: the last row number given out (where the database has none of its own)
    seq: int
    open: OpenSeal | None = None
    places: dict[bytes, tuple[int, Place]] = field(default_factory=dict)

    def next_sid(self) -> int:
        self.last_sid = max(self.last_sid, self.no << SHIFT) + 1
        return self.last_sid


class Journal:
    """Appends entries and closes seals. What it remembers is a cache: forgotten with any rollback, read again by the next writer."""

    def __init__(self, scope: str, signer: Signer, wall: Wall, shared: bool = False) -> None:
        self.home, self.signer, self.wall, self.shared = scope, signer, wall, shared
        self.scopes: dict[str, Scope] = {}
        self._fresh = False

    def forget(self) -> None:
        """What was remembered may not be what the disk holds."""
        self._fresh = False

    def recall(self, session: Session) -> None:
        """Read scopes and open seals again if they were forgotten, or may have been written by somebody else."""
        if not self._fresh or self.shared:
            self.reload(session)
            self._fresh = True

    def reload(self, session: Session) -> None:
        """Read scopes and this device's open seals from the database."""
        self.scopes = {row.name: self._scope(row) for row in session.execute(sa.select(SCOPE))}
        for row in session.execute(sa.select(SEAL).where(SEAL.c.id.is_(None), SEAL.c.dev == self.signer.public)):
            self.scopes[row.scope].open = OpenSeal(row.sid, cbor2.loads(row.parents), [(s, i) for s, i in cbor2.loads(row.seen)],
                                                   row.n, row.h0, row.h1, row.root)

    def _scope(self, row: sa.Row[*tuple[object, ...]]) -> Scope:
        told = row._mapping
        return Scope(told["no"], told["name"], cbor2.loads(told["heads"]), cbor2.loads(told["tips"]), told["last_sid"],
                     HybridClock(self.wall, told["clock"]), told["seq"])

    def lock(self, session: Session, name: str) -> Scope:
        """The scope for writing: on a shared database nobody else writes in it until this transaction ends."""
        if self.shared:
            row = session.execute(sa.select(SCOPE).where(SCOPE.c.name == name).with_for_update()).one()
            opened, self.scopes[name] = self.scopes[name].open, self._scope(row)
            self.scopes[name].open = opened
        return self.scopes[name]

    def hold(self, session: Session, name: str) -> Scope:
        """Begin to hold a scope; nothing happens when it is held already."""
        if name not in self.scopes:
            if self.shared:  # one after another, or two stations would give out one number
                session.execute(sa.select(SCOPE.c.no).where(SCOPE.c.no == 0).with_for_update())
                self.reload(session)
        if name not in self.scopes:
            number = max((s.no for s in self.scopes.values()), default=-1) + 1
            made = Scope(number, name, [], {}, number << SHIFT, HybridClock(self.wall), number << SHIFT)
            session.execute(SCOPE.insert().values(no=number, name=name, heads=cbor2.dumps([]), tips=cbor2.dumps({}),
                                                  last_sid=made.last_sid, clock=0, seq=made.seq))
            self.scopes[name] = made
        return self.scopes[name]

    def keep(self, session: Session, scope: Scope) -> None:
        """Write what is remembered of a scope into its row."""
        session.execute(SCOPE.update().where(SCOPE.c.no == scope.no).values(
            heads=cbor2.dumps(sorted(scope.heads)), tips=cbor2.dumps(scope.tips), last_sid=scope.last_sid,
            clock=scope.clock.last, seq=scope.seq))

    # -- writing here

    def ready(self, session: Session, scope: Scope) -> OpenSeal:
        """The open seal of a scope, begun if there is none; its parents are all heads of the scope this ledger holds.

        `seen` names the heads of the configuration its author went by.
        """
        if scope.open is None:
            seen = sorted((s.name, h) for s in self.scopes.values() if s.name[:2] == "c:" and s is not scope for h in s.heads)
            seal = OpenSeal(scope.next_sid(), sorted(scope.heads), seen, 0, 0, 0, bytes_.first_root())
            place = placed([p for _sid, p in self.parents(session, seal.parents)], self.signer.public, scope.tips)
            session.execute(SEAL.insert().values(
                sid=seal.sid, scope=scope.name, dev=self.signer.public, parents=cbor2.dumps(seal.parents),
                seen=cbor2.dumps([list(told) for told in seal.seen]), n=0, h0=0, h1=0, root=seal.root, schema=bytes_.SCHEMA,
                chain=place.chain, pos=place.pos, hv=cbor2.dumps(dict(place.past))))
            scope.open = seal
            self.keep(session, scope)
        return scope.open

    def parents(self, session: Session, ids: Sequence[bytes]) -> list[tuple[int, Place]]:
        """(seal number, place) of closed seals by their ids; those that are not here are left out."""
        found = []
        for start in range(0, len(ids), bulk.SOME):
            for row in session.execute(sa.select(SEAL.c.sid, SEAL.c.id, SEAL.c.chain, SEAL.c.pos, SEAL.c.hv).where(
                    SEAL.c.id.in_(ids[start:start + bulk.SOME]))):
                found.append((row.sid, Place(row.id, row.chain, row.pos, cbor2.loads(row.hv))))
        return found

    def append(self, session: Session, scope: Scope, written: Sequence[Entry]) -> None:
        """Store the entries of one act (positions already consecutive) and carry the running hash on."""
        seal = self.ready(session, scope)
        for entry in written:
            seal.root = bytes_.link(seal.root, entry)
        bulk.insert(session, ENTRY, ("sid", *Entry._fields), ((seal.sid, *e) for e in written))
        seal.n, seal.h0, seal.h1 = seal.n + len(written), seal.h0 or written[0].hlc, written[-1].hlc
        session.execute(SEAL.update().where(SEAL.c.sid == seal.sid).values(n=seal.n, h0=seal.h0, h1=seal.h1, root=seal.root))
        scope.clock.used(seal.h1)
        if seal.n >= FULL_SEAL or self.shared:
            self.close_seal(session, scope)
        self.keep(session, scope)

    def close_seal(self, session: Session, scope: Scope) -> bytes | None:
        """Sign the open seal; before every hand-over and every taking-in. Returns its id, None when nothing was open."""
        seal = scope.open
        if seal is None:
            return None
        if seal.n == 0:
            self._drop(session, scope, seal)
            return None
        head = SealHead(scope.name, self.signer.public, seal.parents, seal.seen, seal.n, seal.h0, seal.h1, seal.root)
        seal_id = head.id()
        session.execute(SEAL.update().where(SEAL.c.sid == seal.sid).values(id=seal_id, sig=self.signer.sign(seal_id)))
        scope.heads = [h for h in scope.heads if h not in seal.parents] + [seal_id]
        scope.open = None
        self.keep(session, scope)
        return seal_id

    def _drop(self, session: Session, scope: Scope, seal: OpenSeal) -> None:
        """Forget a seal nothing was written into: what comes in now must not stand beside it."""
        told = session.execute(sa.delete(SEAL).where(SEAL.c.sid == seal.sid).returning(SEAL.c.chain, SEAL.c.pos)).one()
        scope.tips[told.chain] = [self.signer.public, told.pos - 1]
        if told.pos == 1:
            del scope.tips[told.chain]
        scope.open = None
        self.keep(session, scope)

    # -- seals of others

    def link_in(self, session: Session, scope: Scope, seal: Seal, graph: Graph, store: bool = True) -> int:
        """Place (and store) a closed seal whose parents are all here; returns its number."""
        head = seal.head
        found = [scope.places[p] for p in head.parents if p in scope.places]
        found += self.parents(session, [p for p in head.parents if p not in scope.places])
        place = placed([p for _sid, p in found], head.device, scope.tips)
        place = Place(seal.id, place.chain, place.pos, place.past)
        sid = scope.next_sid()
        if store:
            session.execute(SEAL.insert().values(
                sid=sid, id=seal.id, scope=scope.name, dev=head.device, parents=cbor2.dumps(sorted(head.parents)),
                seen=cbor2.dumps(sorted([s, i] for s, i in head.seen)), n=head.n, h0=head.h0, h1=head.h1, root=head.root,
                schema=head.schema, sig=seal.sig, chain=place.chain, pos=place.pos, hv=cbor2.dumps(dict(place.past))))
        scope.places[seal.id] = (sid, place)
        scope.heads = [h for h in scope.heads if h not in head.parents] + [seal.id]
        scope.clock.used(head.h1)
        graph.add(sid, place)
        return sid


def entries_of(session: Session, *where: sa.ColumnElement[bool]) -> Iterator[tuple[int, Entry]]:
    """(sid, entry) in journal order, of those seals that `where` says, or of all."""
    asked = sa.select(ENTRY).where(*where).order_by(ENTRY.c.sid, ENTRY.c.pos)
    for row in session.execute(asked.execution_options(yield_per=2000)):
        yield row.sid, Entry(row.pos, row.hlc, row.kind, row.ent, row.txb, row.officer, row.eid, row.payload, row.phash)


def own_signer(session: Session) -> Signer:
    """This device's key; made when the file is new."""
    row = session.execute(sa.select(DEVICE.c.seed).where(DEVICE.c.seed.is_not(None))).first()
    if row is not None:
        return Signer(row.seed)
    signer = Signer()
    session.execute(DEVICE.insert().values(dev=signer.public, name="", seed=signer.seed))
    return signer
