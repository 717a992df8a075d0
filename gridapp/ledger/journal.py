"""The journal of one ledger file: one open seal takes the entries, closed ones are signed and linked to their parents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cbor2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import bulk
from gridapp.ledger import entries as bytes_
from gridapp.ledger.clock import HybridClock, Wall
from gridapp.ledger.entries import Entry, SealHead
from gridapp.ledger.tables import DEVICE, ENTRY, SEAL
from gridapp.store.vault import Signer

#: a seal is closed at this many entries, never inside an act
FULL_SEAL = 50_000
Stamp = tuple[int, int]


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


class Journal:
    """Appends entries and closes seals. What it remembers is a cache: forgotten with any rollback, read again by the next writer."""

    def __init__(self, scope: str, signer: Signer, wall: Wall) -> None:
        self.scope, self.signer = scope, signer
        self.clock = HybridClock(wall)
        self.open: OpenSeal | None = None
        self.heads: list[bytes] = []
        self.seen: list[tuple[str, bytes]] = []
        self.last_sid = 0
        self._fresh = False

    def forget(self) -> None:
        """What was remembered may not be what the disk holds."""
        self._fresh = False

    def recall(self, session: Session) -> None:
        """Read heads, clock and the open seal again if they were forgotten."""
        if not self._fresh:
            self.reload(session)
            self._fresh = True

    def reload(self, session: Session) -> None:
        """Read heads, clock and the open seal from the database."""
        rows = session.execute(sa.select(SEAL).order_by(SEAL.c.sid)).all()
        closed = [r for r in rows if r.id is not None]
        parents = {p for r in closed for p in cbor2.loads(r.parents)}
        self.heads = [r.id for r in closed if r.id not in parents and r.scope == self.scope]
        self.seen = sorted((r.scope, r.id) for r in closed if r.id not in parents and r.scope != self.scope)
        self.last_sid = rows[-1].sid if rows else 0
        self.clock.last = max((r.h1 for r in rows), default=0)
        loose = next((r for r in rows if r.id is None), None)
        self.open = None if loose is None else OpenSeal(
            loose.sid, cbor2.loads(loose.parents), [(s, i) for s, i in cbor2.loads(loose.seen)], loose.n, loose.h0, loose.h1, loose.root)

    def ready(self, session: Session) -> OpenSeal:
        """The open seal, begun if there is none; its parents are all heads of this scope the device holds, `seen` those of others."""
        if self.open is None:
            seal = OpenSeal(self.last_sid + 1, sorted(self.heads), self.seen, 0, 0, 0, bytes_.first_root())
            session.execute(SEAL.insert().values(
                sid=seal.sid, scope=self.scope, dev=self.signer.public, parents=cbor2.dumps(seal.parents),
                seen=cbor2.dumps([list(told) for told in seal.seen]), n=0, h0=0, h1=0, root=seal.root, schema=bytes_.SCHEMA))
            self.open, self.last_sid = seal, seal.sid
        return self.open

    def append(self, session: Session, written: Sequence[Entry]) -> None:
        """Store the entries of one act (positions already consecutive) and carry the running hash on."""
        seal = self.ready(session)
        for entry in written:
            seal.root = bytes_.link(seal.root, entry)
        bulk.insert(session, ENTRY, ("sid", *Entry._fields), ((seal.sid, *e) for e in written))
        seal.n, seal.h0, seal.h1 = seal.n + len(written), seal.h0 or written[0].hlc, written[-1].hlc
        session.execute(SEAL.update().where(SEAL.c.sid == seal.sid).values(n=seal.n, h0=seal.h0, h1=seal.h1, root=seal.root))
        self.clock.used(seal.h1)
        if seal.n >= FULL_SEAL:
            self.close_seal(session)

    def close_seal(self, session: Session) -> bytes | None:
        """Sign the open seal; before every hand-over and every taking-in. Returns its id, None when nothing was open."""
        seal = self.open
        if seal is None or seal.n == 0:
            return None
        head = SealHead(self.scope, self.signer.public, seal.parents, seal.seen, seal.n, seal.h0, seal.h1, seal.root)
        seal_id = head.id()
        session.execute(SEAL.update().where(SEAL.c.sid == seal.sid).values(id=seal_id, sig=self.signer.sign(seal_id)))
        self.heads = [h for h in self.heads if h not in seal.parents] + [seal_id]
        self.open = None
        return seal_id


def entries_of(session: Session, sid: int | None = None) -> Iterator[tuple[int, Entry]]:
    """(sid, entry) in journal order, of one seal or of all."""
    asked = sa.select(ENTRY).order_by(ENTRY.c.sid, ENTRY.c.pos)
    if sid is not None:
        asked = asked.where(ENTRY.c.sid == sid)
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
