"""Entries and seals as bytes: headers, salted payloads, hash links and the id a device signs (sync.md 4.1).

Golden files under tests/golden/ hold these bytes for ever.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

import cbor2

from gridapp.fields.kinds import Cbor

WRITE = 0
ERASE = 2
SCHEMA = 1
#: the place inside an act is told up to here (16 bits in the header); an act itself may be longer
MOST_TXB = 65_535
PLAIN = (type(None), bool, int, str, bytes)
#: whole numbers fit into 64 bits, or CBOR would need a tag
WIDEST = 2**63
_HEADER = struct.Struct(">IQBHHI16s32s")
_ROOT = b"wsync-root-1"
_SEAL = b"wsync-seal-1"


class Entry(NamedTuple):
    """One change of one record; `payload` is salt ‖ CBOR, None once erased."""

    pos: int
    hlc: int
    kind: int
    ent: int
    txb: int
    officer: int
    eid: bytes
    payload: bytes | None
    phash: bytes


def encode(values: Mapping[int, Cbor]) -> bytes:
    """Deterministic CBOR (RFC 8949 4.2.1) of a map with small integer keys; anything but plain values is our bug."""
    for tag, value in values.items():
        if type(value) not in PLAIN or isinstance(value, int) and not -WIDEST <= value < WIDEST:
            raise TypeError(f"field {tag}: the journal keeps no {type(value).__name__} like this")
    return cbor2.dumps(dict(sorted(values.items())))


def decode(payload: bytes) -> dict[int, Cbor]:
    """The field values of a payload, without its salt."""
    values: dict[int, Cbor] = cbor2.loads(payload[8:])
    return values


def sealed_payload(values: Mapping[int, Cbor], salt: bytes | None = None) -> tuple[bytes, bytes]:
    """(payload, phash). The salt keeps the hash of an erased ID number from being guessed."""
    salt = salt or os.urandom(8)
    body = encode(values)
    return salt + body, blake2b(body, key=salt, digest_size=32).digest()


def payload_hash(payload: bytes) -> bytes:
    return blake2b(payload[8:], key=payload[:8], digest_size=32).digest()


def first_root() -> bytes:
    return blake2b(_ROOT, digest_size=32).digest()


def header(entry: Entry) -> bytes:
    """The 69 bytes that are chained."""
    return _HEADER.pack(entry.pos, entry.hlc, entry.kind, entry.ent, entry.txb, entry.officer, entry.eid, entry.phash)


def link(root: bytes, entry: Entry) -> bytes:
    """The running hash after `entry`."""
    return blake2b(root + header(entry), digest_size=32).digest()


def root_of(entries: Iterable[Entry]) -> bytes:
    root, pack = first_root(), _HEADER.pack
    for pos, hlc, kind, ent, txb, officer, eid, _payload, phash in entries:  # `link`, without its two calls for each of a million
        root = blake2b(root + pack(pos, hlc, kind, ent, txb, officer, eid, phash), digest_size=32).digest()
    return root


@dataclass(frozen=True)
class SealHead:
    """What a device signs: a closed batch of entries, hash-linked to the batches before it."""

    scope: str
    device: bytes
    parents: Sequence[bytes]
    seen: Sequence[tuple[str, bytes]]
    n: int
    h0: int
    h1: int
    root: bytes
    schema: int = SCHEMA

    def id(self) -> bytes:
        told = [self.scope, self.device, sorted(self.parents), sorted([s, i] for s, i in self.seen),
                self.n, self.h0, self.h1, self.root, self.schema]
        return blake2b(_SEAL + cbor2.dumps(told), digest_size=32).digest()


@dataclass(frozen=True)
class Seal:
    """A closed seal with what it holds; `values[i]` are the decoded values of `entries[i]`, None once erased or when it is no WRITE."""

    head: SealHead
    sig: bytes
    entries: Sequence[Entry]
    values: Sequence[dict[int, Cbor] | None]

    @cached_property
    def id(self) -> bytes:
        return self.head.id()
