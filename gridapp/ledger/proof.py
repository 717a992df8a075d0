"""Proving a ledger whole: its pages, its journal, and that the journal tells what the tables say."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cbor2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import entries as bytes_
from gridapp.ledger import fold, looks
from gridapp.ledger.bulk import on_hub
from gridapp.ledger.entries import Entry, SealHead
from gridapp.ledger.graph import Place
from gridapp.ledger.journal import SHIFT, entries_of
from gridapp.ledger.tables import DEVICE, ENTRY, ERASED, SCOPE, SEAL
from gridapp.store.database import page_faults
from gridapp.store.vault import signed_by


@dataclass(frozen=True)
class Report:
    """What was found: nothing in `faults` means the ledger is whole."""

    faults: tuple[str, ...]
    records: int
    digest: str


def examine(session: Session) -> Report:
    """Look at everything; a broken journal is not folded. A server looks after its pages itself (data checksums)."""
    found = [*([] if on_hub(session) else page_faults(session.connection())), *journal_faults(session)]
    kept = list(fold.from_tables(session))
    if not found and fold.from_journal(session) != kept:
        found.append("tables differ from what the journal tells")
    found += [*fold.dangling(session), *looks.faults(session)]
    return Report(tuple(found), len(kept), fold.digest(kept))


def journal_faults(session: Session) -> Iterator[str]:
    """What is wrong with seals, hashes, signatures and places in the graph; nothing when the journal is whole (rules: sync.md 4.1)."""
    seals = session.execute(sa.select(SEAL).order_by(SEAL.c.sid)).all()
    devices = set(session.scalars(sa.select(DEVICE.c.dev)))
    erased = {(e.scope, e.ent, e.eid) for e in session.execute(sa.select(ERASED))}
    names = {row.no: row.name for row in session.execute(sa.select(SCOPE.c.no, SCOPE.c.name))}
    ends: dict[bytes, int] = {}
    places: dict[bytes, Place] = {}
    for seal in seals:
        found = [entry for _sid, entry in entries_of(session, ENTRY.c.sid == seal.sid)]
        try:
            head = _head(seal, found)
            told = [*_seal_faults(seal, head, ends), *_place_faults(seal, head, places),
                    *_entry_faults(found, max((ends.get(p, 0) for p in head.parents), default=0), seal.sid >> SHIFT, erased)]
        except (cbor2.CBORDecodeError, TypeError, ValueError, OverflowError, struct.error):
            told = ["not readable"]
        if seal.dev not in devices:
            told.append("by a device nobody knows")
        if names.get(seal.sid >> SHIFT) != seal.scope:
            told.append("in a scope that is not its own")
        yield from (f"seal {seal.sid}: {fault}" for fault in told)
        if seal.id is not None:
            ends[seal.id] = seal.h1
    if len({(seal.scope, seal.dev) for seal in seals if seal.id is None}) < sum(seal.id is None for seal in seals):
        yield "more than one seal is open"
    try:
        yield from _head_faults(session, seals)
    except (cbor2.CBORDecodeError, TypeError):
        yield "heads are not readable"
    loose = session.scalar(sa.select(sa.func.count()).select_from(ENTRY).where(ENTRY.c.sid.not_in(sa.select(SEAL.c.sid))))
    if loose:
        yield f"{loose} entries belong to no seal"


def _head_faults(session: Session, seals: Sequence[Any]) -> Iterator[str]:
    """What a scope says of itself is what its seals say."""
    for scope in session.execute(sa.select(SCOPE)):
        own = [seal for seal in seals if seal.scope == scope.name]
        followed = {parent for seal in own if seal.id is not None for parent in cbor2.loads(seal.parents)}
        heads = sorted(seal.id for seal in own if seal.id is not None and seal.id not in followed)
        if heads != cbor2.loads(scope.heads) or max((s.h1 for s in own), default=0) > scope.clock or any(s.sid >> SHIFT != scope.no for s in own):
            yield f"scope {scope.name}: its heads are not those of its seals"


def _place_faults(seal: Any, head: SealHead, places: dict[bytes, Place]) -> Iterator[str]:
    place = Place(seal.id or b"", seal.chain, seal.pos, cbor2.loads(seal.hv))
    past: dict[int, int] = {}
    for parent in head.parents:
        for chain, pos in (places[parent].past if parent in places else {}).items():
            past[chain] = max(past.get(chain, 0), pos)
    if place.past != past | {place.chain: place.pos} or past.get(place.chain, 0) != place.pos - 1:
        yield "its place in the graph is wrong"
    if seal.id is not None:
        places[seal.id] = place


def _head(seal: sa.Row[*tuple[Any, ...]], found: list[Entry]) -> SealHead:
    """What the seal should say, by the entries that are there."""
    return SealHead(seal.scope, seal.dev, cbor2.loads(seal.parents), [(s, i) for s, i in cbor2.loads(seal.seen)], len(found),
                    found[0].hlc if found else 0, found[-1].hlc if found else 0, bytes_.root_of(found), seal.schema)


def _seal_faults(seal: sa.Row[*tuple[Any, ...]], head: SealHead, ends: dict[bytes, int]) -> Iterator[str]:
    if (head.n, head.h0, head.h1) != (seal.n, seal.h0, seal.h1):
        yield "entries are missing, or more than were counted"
    if head.root != seal.root:
        yield "hash chain broken"
    if any(parent not in ends for parent in head.parents):
        yield "a parent is missing"
    if seal.id is not None and (head.id() != seal.id or not signed_by(seal.dev, seal.id, seal.sig or b"")):
        yield "signature does not match"


def _entry_faults(found: list[Entry], after: int, scope: int, erased: set[tuple[int, int, bytes]]) -> Iterator[str]:
    """Places without gaps, stamps that only grow (`after`: the last of all parents), whole acts, payloads as they were hashed.

    A payload is missing exactly where its record was erased by law.
    """
    place = bytes_.MOST_TXB
    for number, entry in enumerate(found, 1):
        if entry.pos != number:
            yield f"entry {entry.pos} stands where {number} should"
        if entry.hlc <= after:
            yield f"entry {entry.pos} is stamped before what it followed"
        if entry.txb not in (0, min(place + 1, bytes_.MOST_TXB)) or number == 1 and entry.txb:
            yield f"entry {entry.pos} is torn out of its act"
        if (entry.payload is None) != (entry.kind == bytes_.WRITE and (scope, entry.ent, entry.eid) in erased):
            yield f"entry {entry.pos} " + ("lost what it said" if entry.payload is None else "says what was erased")
        if entry.payload is not None and not _whole(entry.payload, entry.phash):
            yield f"entry {entry.pos} was altered"
        after, place = entry.hlc, entry.txb


def _whole(payload: bytes, phash: bytes) -> bool:
    """Hash as told, and the one encoding its values have."""
    return bytes_.payload_hash(payload) == phash and bytes_.encode(bytes_.decode(payload)) == payload[8:]
