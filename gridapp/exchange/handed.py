"""What a hand-over came to, as the slip that goes with the stick tells it (F27): which parcel, from whom to whom, how much of what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import cbor2
import sqlalchemy as sa

from gridapp.exchange import stations
from gridapp.exchange.carriers.names import name_of
from gridapp.fields import codes
from gridapp.ledger import PLAIN, Reader, needs
from gridapp.ledger.clock import moment_of
from gridapp.ledger.dealings import OUT
from gridapp.ledger.tables import PARCEL
from gridapp.ledger.writes import author
from gridapp.records import BY_NAME, Act
from gridapp.texts import _


@dataclass(frozen=True)
class Handed:
    """One parcel that went out; `since` is when the one before it went to the same station."""

    id: bytes
    sender: str
    receiver: str
    scopes: tuple[str, ...]
    since: datetime | None
    at: datetime
    name: str
    size: int
    #: (what, how many), the acts themselves left out
    counts: tuple[tuple[str, int], ...]
    photos: int

    @property
    def records(self) -> int:
        return sum(count for _what, count in self.counts)


@needs(PLAIN)
def handed(read: Reader, parcel: UUID | None = None) -> Handed | None:
    """One parcel by its id, the newest that went out if none is told; None where nothing went out yet."""
    asked = sa.select(PARCEL).where(PARCEL.c.way == OUT).order_by(PARCEL.c.at.desc(), PARCEL.c.id).limit(1)
    row = next(iter(read.rows(asked.where(PARCEL.c.id == parcel.bytes) if parcel else asked)), None)
    if row is None:
        return None
    to, own = stations.station_of(read, row.peer), stations.station_of(read, author(read))
    before = read.scalar(sa.select(sa.func.max(PARCEL.c.at)).where(PARCEL.c.way == OUT, PARCEL.c.peer == row.peer, PARCEL.c.at < row.at))
    counts: Mapping[str, int] = json.loads(row.counts)
    return Handed(row.id, own.name if own else "", to.name if to else _("未登记的站点"), tuple(map(scope_words, sorted(cbor2.loads(row.heads)))),
                  moment_of(before) if before else None, moment_of(row.at), name_of(to.age if to else "", row.id), row.size,
                  tuple((BY_NAME[n].TITLE, c) for n, c in counts.items() if c and n in BY_NAME and n != Act.__tablename__), counts.get("photos", 0))


def scope_words(scope: str) -> str:
    """'青后叶村' for a village's register, in words for the others; the code where the table of villages lacks it."""
    kind, _colon, code = scope.partition(":")
    known = codes.village(code) if kind == "v" else None
    return known.display_name if known else {"v": _("{0} 村台账"), "c": _("{0} 镇配置"), "t": _("{0} 镇内资料")}.get(kind, "{0}").format(code)
