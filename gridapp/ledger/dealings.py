"""Dealings with other stations (来往): parcels that went and came, what others were heard to hold, and seals held until they may be taken in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

import cbor2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger.tables import HELD, PARCEL, PEER

OUT, IN = "out", "in"
#: the open transaction whoever takes in may write its lines into, by these functions
Book: TypeAlias = Session


@dataclass(frozen=True)
class Peer:
    """Another station as it was last heard: {scope: ids of its heads}, when we heard it and when it said so (ms)."""

    device: bytes
    heads: dict[str, list[bytes]]
    heard_at: int
    made_at: int
    #: what it refused or holds of ours: [[code, seal id]…]
    told: list[tuple[str, bytes]] = field(default_factory=list)
    #: photos it asks for
    wanted: list[bytes] = field(default_factory=list)


@dataclass(frozen=True)
class Parcel:
    """One parcel (交接包) in the book of hand-overs; `taken` is {number of the scope: (first, last seal number, act)}."""

    id: bytes
    way: str
    peer: bytes
    state: str
    at: int
    size: int
    counts: dict[str, int]
    heads: dict[str, list[bytes]]
    taken: dict[int, tuple[int, int, bytes]] = field(default_factory=dict)


@dataclass(frozen=True)
class Held:
    """A seal that came and waits (暂存): why, for which parents, and its bytes."""

    id: bytes
    scope: str
    device: bytes
    reason: str
    missing: list[bytes]
    body: bytes
    parcel: bytes | None
    since: int


def heard(session: Session, peer: Peer) -> None:
    """Remember what a station says it holds. An older word than the one we have changes nothing (an old stick turned up late)."""
    known = session.execute(sa.select(PEER.c.made_at).where(PEER.c.dev == peer.device)).first()
    if known is not None and known.made_at > peer.made_at:
        return
    session.execute(sa.delete(PEER).where(PEER.c.dev == peer.device))
    session.execute(sa.insert(PEER).values(dev=peer.device, heads=cbor2.dumps(peer.heads), heard_at=peer.heard_at, made_at=peer.made_at,
                                           told=json.dumps({
        "reports": [[code, seal.hex()] for code, seal in peer.told], "wanted": [photo.hex() for photo in peer.wanted]})))


def peers(session: Session) -> list[Peer]:
    """Everybody we ever heard of, newest first."""
    return [_peer(row) for row in session.execute(sa.select(PEER).order_by(PEER.c.heard_at.desc(), PEER.c.dev))]


def _peer(row: sa.Row[*tuple[object, ...]]) -> Peer:
    found = row._mapping
    told = json.loads(found["told"])
    return Peer(found["dev"], cbor2.loads(found["heads"]), found["heard_at"], found["made_at"],
                [(code, bytes.fromhex(seal)) for code, seal in told["reports"]], [bytes.fromhex(photo) for photo in told["wanted"]])


def enter(session: Session, parcel: Parcel) -> None:
    """Write a parcel into the book, or write its line anew."""
    session.execute(sa.delete(PARCEL).where(PARCEL.c.id == parcel.id, PARCEL.c.way == parcel.way))
    session.execute(sa.insert(PARCEL).values(
        id=parcel.id, way=parcel.way, peer=parcel.peer, state=parcel.state, at=parcel.at, size=parcel.size,
        counts=json.dumps(parcel.counts), heads=cbor2.dumps(parcel.heads),
        taken=cbor2.dumps({no: list(told) for no, told in parcel.taken.items()}), act=None))


def parcels(session: Session, way: str | None = None, limit: int = 1000) -> list[Parcel]:
    """The book of hand-overs, newest first."""
    asked = sa.select(PARCEL).order_by(PARCEL.c.at.desc(), PARCEL.c.id).limit(limit)
    return [_parcel(row) for row in session.execute(asked.where(PARCEL.c.way == way) if way else asked)]


def _parcel(row: sa.Row[*tuple[object, ...]]) -> Parcel:
    told = row._mapping
    return Parcel(told["id"], told["way"], told["peer"], told["state"], told["at"], told["size"], json.loads(told["counts"]),
                  cbor2.loads(told["heads"]), {no: (a, b, act) for no, (a, b, act) in cbor2.loads(told["taken"]).items()})


def merged_by(session: Session, act: UUID) -> tuple[int, int] | None:
    """First and last seal number an act of taking in brought; None for any other act."""
    for parcel in parcels(session, IN):
        for first, last, by in parcel.taken.values():
            if by == act.bytes:
                return first, last
    return None


def hold(session: Session, held: Iterable[Held]) -> None:
    """Keep seals until they may be taken in."""
    for told in held:
        session.execute(sa.delete(HELD).where(HELD.c.id == told.id))
        session.execute(sa.insert(HELD).values(id=told.id, scope=told.scope, dev=told.device, reason=told.reason,
                                               missing=cbor2.dumps(told.missing), body=told.body, parcel=told.parcel, since=told.since))


def held(session: Session) -> list[Held]:
    """What waits, oldest first."""
    return [Held(r.id, r.scope, r.dev, r.reason, cbor2.loads(r.missing), r.body, r.parcel, r.since)
            for r in session.execute(sa.select(HELD).order_by(HELD.c.since, HELD.c.id))]


def let_go(session: Session, ids: Iterable[bytes]) -> None:
    """Taken in, or thrown away by a person's decision."""
    for seal in ids:
        session.execute(sa.delete(HELD).where(HELD.c.id == seal))
