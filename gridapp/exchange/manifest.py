"""The manifest of a parcel: who made it, for whom, which seals and photos it holds, and what its sender holds already (docs/parcel.md).

It is signed by the sender and lies inside the envelope; the list of receivers in it keeps anybody from passing a parcel on as if it had
been written to somebody else.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from gridapp.exchange import plain
from gridapp.exchange.columns import MOST_ENTRIES, TOP_32, TOP_64
from gridapp.exchange.plain import Excess, Malformed
from gridapp.ledger.entries import SCHEMA, Seal, SealHead

#: what an opened envelope begins with, and the length of the manifest behind it
MAGIC, LENGTH = b"WSI1", struct.Struct(">I")
VERSION = 1
#: what a program must know to read what is written today; raised only for new kinds of entries
READER = 1
MOST_BYTES = 16 << 20
MOST_RAW = 256 << 20
MOST_PHOTO = 8 << 20
#: a seal in the manifest has some 200 bytes; more seals go into a second parcel
MOST_SEALS = 50_000
#: rows of the audit a parcel is anchored at
MOST_LOOKS = 64
SIGNED = b"wsync-man-1"
_LONGEST_TEXT = 200

T = TypeVar("T", str, bytes, tuple[int, bytes])


@dataclass(frozen=True)
class SealLine:
    """A seal as the manifest tells it: what its author signed, without the root, which only its entries give."""

    scope: str
    device: bytes
    parents: tuple[bytes, ...]
    seen: tuple[tuple[str, bytes], ...]
    n: int
    h0: int
    h1: int
    schema: int
    sig: bytes

    @classmethod
    def of(cls, seal: Seal) -> SealLine:
        head = seal.head
        return cls(head.scope, head.device, tuple(sorted(head.parents)), tuple(sorted((s, i) for s, i in head.seen)),
                   head.n, head.h0, head.h1, head.schema, seal.sig)

    def head(self, root: bytes) -> SealHead:
        """What was signed, with the root of the entries that came with it."""
        return SealHead(self.scope, self.device, list(self.parents), list(self.seen), self.n, self.h0, self.h1, root, self.schema)

    def told(self) -> list[object]:
        return [self.scope, self.device, list(self.parents), [list(one) for one in self.seen], self.n, self.h0, self.h1, self.schema, self.sig]


@dataclass(frozen=True)
class FrameLine:
    """A frame: bytes when unpacked, bytes as they lie in the parcel, BLAKE2b-256 of the latter."""

    raw: int
    packed: int
    digest: bytes


@dataclass(frozen=True)
class Manifest:
    """`made_at` and `witness` are milliseconds since 1970; `heads` is what the sender holds: the receipt for everything before."""

    sender: bytes
    recipients: tuple[str, ...]
    parcel: bytes
    made_at: int
    heads: Mapping[str, Sequence[bytes]]
    seals: tuple[SealLine, ...] = ()
    frames: tuple[FrameLine, ...] = ()
    photos: tuple[tuple[bytes, int], ...] = ()
    wanted: tuple[bytes, ...] = ()
    reports: tuple[tuple[str, bytes], ...] = ()
    witness: int | None = None
    app: str = ""
    answer: bytes | None = field(default=None, repr=False)
    reader: int = READER
    #: where the sender's audit of looking stands, and stood at earlier parcels: (number of the row, its link), the newest last
    looks: tuple[tuple[int, bytes], ...] = ()

    @property
    def entries(self) -> int:
        return sum(line.n for line in self.seals)

    def pack(self) -> bytes:
        """The bytes that are signed. Raises Excess."""
        if len(self.seals) > MOST_SEALS:
            raise Excess("seals")
        told: dict[int, object] = {
            1: VERSION, 2: self.sender, 3: sorted(self.recipients), 4: self.parcel, 5: self.made_at,
            6: {scope: sorted(ids) for scope, ids in self.heads.items()}, 7: [line.told() for line in self.seals], 8: self.reader,
            9: [[frame.raw, frame.packed, frame.digest] for frame in self.frames],
            12: [list(photo) for photo in self.photos], 13: sorted(self.wanted), 14: [list(report) for report in self.reports],
            15: self.witness, 16: self.app, 17: self.answer, 18: [list(one) for one in self.looks]}
        packed = plain.dumps({key: value for key, value in told.items() if value not in (None, [], "")})
        if len(packed) > MOST_BYTES:
            raise Excess("manifest")
        return packed


class Later(Exception):
    """Written for a reader that knows more than this one."""


def opened(data: bytes) -> dict[int, Any]:
    """The map of a manifest, not yet looked at in detail. Any: fresh from the decoder. Raises Malformed."""
    told = plain.loads(data, 5)
    if type(told) is not dict or set(map(type, told)) != {int}:
        raise Malformed("no map of numbered keys")
    return told


def sender_of(told: Mapping[int, Any]) -> bytes:
    """The public key the signature belongs to. Any: see `opened`."""
    return _bytes(told.get(2), 32)


def parsed(told: Mapping[int, Any]) -> Manifest:
    """The manifest, every member of it looked at. Keys this program does not know are left alone. Any: see `opened`.

    Raises Later, Malformed, Excess.
    """
    if _number(told.get(8), TOP_32) > READER or _number(told.get(1), TOP_32) > VERSION:
        raise Later
    heads = told.get(6, {})
    if type(heads) is not dict:
        raise Malformed("heads")
    seals = tuple(line_of(one) for one in _list(told, 7, MOST_SEALS))
    frames = tuple(_frame(one) for one in _list(told, 9, MOST_BYTES))
    answer = told.get(17)
    return Manifest(
        sender_of(told), tuple(_ascending([_text(one) for one in _list(told, 3, 1000)])), _bytes(told.get(4), 16), _number(told.get(5), TOP_64),
        {_text(scope): _ascending(_hashes(ids)) for scope, ids in heads.items()}, seals, frames,
        tuple(_photo(one) for one in _list(told, 12, MOST_BYTES)), tuple(_ascending(_hashes(told.get(13, [])))),
        tuple(_report(one) for one in _list(told, 14, MOST_BYTES)), None if 15 not in told else _number(told[15], TOP_64),
        _text(told.get(16, "")), None if answer is None else _bytes(answer), _number(told[8], TOP_32),
        tuple(_ascending([_look(one) for one in _list(told, 18, MOST_LOOKS)])))


def _list(told: Mapping[int, Any], key: int, most: int) -> list[Any]:
    found = told.get(key, [])
    if type(found) is not list:
        raise Malformed(f"key {key} is no list")
    if len(found) > most:
        raise Excess(f"key {key}")
    return found


def _tuple(told: Any, size: int) -> list[Any]:
    if type(told) is not list or len(told) != size:
        raise Malformed(f"not {size} members")
    return told


def _bytes(told: Any, size: int | None = None) -> bytes:
    if type(told) is not bytes or size is not None and len(told) != size:
        raise Malformed("bytes of another length")
    return told


def _hashes(told: Any) -> list[bytes]:
    if type(told) is not list:
        raise Malformed("no list of hashes")
    return [_bytes(one, 32) for one in told]


def _number(told: Any, top: int, low: int = 0) -> int:
    if type(told) is not int or not low <= told <= top:
        raise Malformed("a number out of bounds")
    return told


def _text(told: Any) -> str:
    if type(told) is not str or not told.isprintable() or len(told) > _LONGEST_TEXT:
        raise Malformed("a text of another kind")
    return told


def _ascending(told: list[T]) -> list[T]:
    """Sorted and each once: one way to write a set."""
    if any(later <= before for before, later in zip(told, told[1:], strict=False)):
        raise Malformed("out of order")
    return told


def line_of(told: Any) -> SealLine:
    """A seal as `SealLine.told` gives it. Any: fresh from the decoder. Raises Malformed, Excess, Later."""
    scope, device, parents, seen, n, h0, h1, schema, sig = _tuple(told, 9)
    if _number(schema, TOP_32, 1) > SCHEMA:
        raise Later
    if _number(n, TOP_32, 1) > MOST_ENTRIES:
        raise Excess("entries of a seal")
    if type(seen) is not list:
        raise Malformed("seen")
    witnessed = tuple((_text(s), _bytes(i, 32)) for s, i in (_tuple(one, 2) for one in seen))
    if any(later <= before for before, later in zip(witnessed, witnessed[1:], strict=False)):
        raise Malformed("seen out of order")
    return SealLine(_text(scope), _bytes(device, 32), tuple(_ascending(_hashes(parents))), witnessed, n, _number(h0, TOP_64),
                    _number(h1, TOP_64, h0), schema, _bytes(sig, 64))


def _frame(told: Any) -> FrameLine:
    raw, packed, digest = _tuple(told, 3)
    if _number(raw, TOP_64, 1) > MOST_RAW or _number(packed, TOP_64, 1) > MOST_RAW + (1 << 20):
        raise Excess("a frame")
    return FrameLine(raw, packed, _bytes(digest, 32))


def _photo(told: Any) -> tuple[bytes, int]:
    digest, size = _tuple(told, 2)
    if _number(size, TOP_64) > MOST_PHOTO:
        raise Excess("a photo")
    return _bytes(digest, 32), size


def _look(told: Any) -> tuple[int, bytes]:
    seq, link = _tuple(told, 2)
    return _number(seq, TOP_64, 1), _bytes(link, 32)


def _report(told: Any) -> tuple[str, bytes]:
    code, seal = _tuple(told, 2)
    return _text(code), _bytes(seal, 32)
