"""Whether this PC's clock can be right (校时): compared with the last act this PC wrote, which its journal tells."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import PLAIN, Ledger, Reader, gated, needs
from gridapp.ledger.clock import Doubt, doubt, moment_of
from gridapp.ledger.tables import ENTRY, SEAL
from gridapp.records import Act

#: so many are asked for in one question
AT_ONCE = 500


@needs(PLAIN)
def last_act(read: Reader, device: bytes) -> datetime | None:
    """When this station last wrote something, by the clock it had then; what others wrote by theirs is no measure."""
    newest = sa.select(sa.func.max(SEAL.c.sid)).where(SEAL.c.dev == device, SEAL.c.n > 0).group_by(SEAL.c.scope)
    found = list[tuple[int, datetime]]()
    for seal in read.rows(newest):
        head = sa.select(ENTRY.c.hlc, ENTRY.c.eid).where(ENTRY.c.sid == seal[0], ENTRY.c.ent == Act.CODE).order_by(ENTRY.c.pos.desc()).limit(1)
        for hlc, eid in read.rows(head):
            at = read.scalar(sa.select(Act.at).where(Act.id == UUID(bytes=eid)))
            found += [(hlc, at)] if at is not None else []
    return max(found)[1] if found else None


@needs(PLAIN)
def doubtful_acts(read: Reader, acts: Collection[UUID]) -> dict[UUID, datetime]:
    """Of these acts those whose clock was behind what the ledger held already, each with the least that it must have been.

    The flag needs no column: an act tells its wall time, and its entry's stamp never runs backwards (sync.md 4.1), so a clock that was set
    back is seen in every later copy of the journal, and cannot be hidden there. It may be the other clock that was ahead: of a stick taken in before.
    """
    wanted, found = [act.bytes for act in acts], dict[UUID, datetime]()
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start:start + AT_ONCE]
        stamps = {UUID(bytes=eid): moment_of(hlc >> 16) for eid, hlc in read.rows(
            sa.select(ENTRY.c.eid, sa.func.min(ENTRY.c.hlc)).where(ENTRY.c.ent == Act.CODE, ENTRY.c.eid.in_(some)).group_by(ENTRY.c.eid))}
        shown = read.rows(sa.select(Act.id, Act.at).where(Act.id.in_([UUID(bytes=act) for act in some])))
        found |= {act: stamps[act] for act, at in shown if act in stamps and doubt(at, stamps[act]) is not None}
    return found


@gated(PLAIN)
def clock_doubt(ledger: Ledger) -> Doubt | None:
    """Why the clock may be wrong, None when nothing speaks against it."""
    return doubt(moment_of(ledger.now_ms()), ledger.ask(last_act, ledger.device))
