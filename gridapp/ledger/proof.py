"""Proving a ledger whole: its pages, its journal, and that the journal tells what the tables say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cbor2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import entries as bytes_
from gridapp.ledger import fold
from gridapp.ledger.entries import Entry, SealHead
from gridapp.ledger.journal import entries_of
from gridapp.ledger.tables import DEVICE, ENTRY, SEAL
from gridapp.store.vault import signed_by


@dataclass(frozen=True)
class Report:
    """What was found: nothing in `faults` means the ledger is whole."""

    faults: tuple[str, ...]
    records: int
    digest: str


def examine(session: Session) -> Report:
    """Look at everything; a broken journal is not folded."""
    driver = session.connection()
    found = [f"page: {r[0]}" for r in driver.exec_driver_sql("PRAGMA cipher_integrity_check")]
    found += [f"database: {r[0]}" for r in driver.exec_driver_sql("PRAGMA integrity_check") if r[0] != "ok"]
    found += journal_faults(session)
    kept = list(fold.from_tables(session))
    if not found and fold.from_journal(session) != kept:
        found.append("tables differ from what the journal tells")
    found += fold.dangling(session)
    return Report(tuple(found), len(kept), fold.digest(kept))


def journal_faults(session: Session) -> Iterator[str]:
    """What is wrong with seals, hashes and signatures; nothing when the journal is whole (rules: sync.md 4.1)."""
    seals = session.execute(sa.select(SEAL).order_by(SEAL.c.sid)).all()
    devices = set(session.scalars(sa.select(DEVICE.c.dev)))
    ends: dict[bytes, int] = {}
    for seal in seals:
        found = [entry for _sid, entry in entries_of(session, seal.sid)]
        try:
            head = _head(seal, found)
            told = [*_seal_faults(seal, head, ends), *_entry_faults(found, max((ends.get(p, 0) for p in head.parents), default=0))]
        except (cbor2.CBORDecodeError, TypeError, ValueError):
            told = ["not readable"]
        if seal.dev not in devices:
            told.append("by a device nobody knows")
        yield from (f"seal {seal.sid}: {fault}" for fault in told)
        if seal.id is not None:
            ends[seal.id] = seal.h1
    if sum(seal.id is None for seal in seals) > 1:
        yield "more than one seal is open"
    loose = session.scalar(sa.select(sa.func.count()).select_from(ENTRY).where(ENTRY.c.sid.not_in([s.sid for s in seals])))
    if loose:
        yield f"{loose} entries belong to no seal"


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


def _entry_faults(found: list[Entry], after: int) -> Iterator[str]:
    """Places without gaps, stamps that only grow (`after`: the last of all parents), whole acts, payloads as they were hashed."""
    place = bytes_.MOST_TXB
    for number, entry in enumerate(found, 1):
        if entry.pos != number:
            yield f"entry {entry.pos} stands where {number} should"
        if entry.hlc <= after:
            yield f"entry {entry.pos} is stamped before what it followed"
        if entry.txb not in (0, min(place + 1, bytes_.MOST_TXB)) or number == 1 and entry.txb:
            yield f"entry {entry.pos} is torn out of its act"
        if entry.payload is not None and not _whole(entry.payload, entry.phash):
            yield f"entry {entry.pos} was altered"
        after, place = entry.hlc, entry.txb


def _whole(payload: bytes, phash: bytes) -> bool:
    """Hash as told, and the one encoding its values have."""
    return bytes_.payload_hash(payload) == phash and bytes_.encode(bytes_.decode(payload)) == payload[8:]
