"""Parcels nobody's program writes: whole on the outside, and inside whatever a test puts there."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any

import cbor2
import pyrage
import zstandard

from gridapp.exchange import columns, manifest, parts
from gridapp.exchange.manifest import SealLine
from gridapp.ledger.entries import Seal
from gridapp.store.vault import Signer
from tests import parcels

PARCEL = bytes(range(16))


def hashed(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()


def outside(ciphertext: bytes, **told: Any) -> bytes:
    """A part around these bytes; told = members of the header."""
    header = parts.Header(**({"parcel": PARCEL, "part": 1, "parts": 1, "length": len(ciphertext)} | told)).pack()
    return header + ciphertext + hashed(header + ciphertext) + parts.TAIL


def locked(inside: bytes, recipients: Sequence[str] = (parcels.OURS[1],)) -> bytes:
    """Encrypted by the library alone."""
    return pyrage.encrypt(inside, [pyrage.x25519.Recipient.from_str(r) for r in recipients])


def told_of(seals: Sequence[Seal] = (), *frames: bytes, raw: Sequence[int] | None = None, **keys: Any) -> dict[int, Any]:
    """An honest manifest of these seals and packed frames, with keys (`k8=2`) put in the place of its own."""
    sizes = raw or [zstandard.frame_content_size(frame) for frame in frames]
    told: dict[int, Any] = {
        1: 1, 2: parcels.SENDER.public, 3: [parcels.OURS[1]], 4: PARCEL, 5: 1, 6: {}, 8: 1,
        7: [SealLine.of(s).told() for s in seals], 9: [[size, len(frame), hashed(frame)] for size, frame in zip(sizes, frames, strict=True)]}
    return dict(sorted((told | {int(key[1:]): value for key, value in keys.items()}).items()))


def inside(told: dict[int, Any] | bytes, *frames: bytes, signer: Signer = parcels.SENDER) -> bytes:
    """What lies in the envelope; a manifest as bytes is signed as it is."""
    packed = told if isinstance(told, bytes) else cbor2.dumps(told)
    return b"WSI1" + struct.pack(">I", len(packed)) + packed + signer.sign(manifest.SIGNED + packed) + b"".join(frames)


def packed(raw: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(raw)


def frame_of(*seals: Seal) -> bytes:
    return packed(columns.encode([e for s in seals for e in s.entries], [v for s in seals for v in s.values]))


def put(path: Path, text: bytes) -> Path:
    """A file around `text`, locked for our station."""
    path.write_bytes(outside(locked(text)))
    return path


def opened_with(blob: bytes, secret: str = parcels.OURS[0]) -> bytes:
    """What lies in the envelope of a one-part file."""
    target = BytesIO()
    pyrage.decrypt_io(BytesIO(blob[parts.HEADER:-parts.HASH - len(parts.TAIL)]), target, [pyrage.x25519.Identity.from_str(secret)])
    return target.getvalue()
