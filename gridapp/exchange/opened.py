"""Opening a parcel (交接包): whole, for us, signed and within the limits before anything in it is looked at; then read piece by piece.

What was opened waits in an `envelope.Lining` until its end has proved whole, in memory or encrypted again; a frame of entries is decoded
at a time. So a parcel can be gone through twice, for the preview and for the merge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Self

import zstandard

from gridapp.exchange import columns, envelope, manifest
from gridapp.exchange.envelope import Lining
from gridapp.exchange.manifest import LENGTH, MAGIC, Later, Manifest
from gridapp.exchange.parts import Header, Reading, gather
from gridapp.exchange.plain import Excess, Malformed
from gridapp.exchange.refusals import BadFormat, BadSignature, CannotRead, Damaged, NewerSchema, NotForUs, TooBig
from gridapp.ledger.entries import Entry, Seal, root_of
from gridapp.store.photos import hash_of
from gridapp.store.vault import signed_by

_SIGNATURE = 64


class Opened:
    """A parcel that is whole, for us, and signed by whom it names; what is in it can be gone through as often as one likes."""

    def __init__(self, name: str, header: Header, size: int, told: Manifest, inside: Lining, at: int) -> None:
        self.name, self.header, self.size, self.manifest = name, header, size, told
        self._inside, self._at = inside, at

    @property
    def parcel(self) -> bytes:
        return self.manifest.parcel

    def seals(self) -> Iterator[Seal]:
        """The seals in their order, each whole, its root taken from the entries that came.

        Whether a seal was signed by its author is asked by the ledger that weighs it. Raises TooBig, BadFormat, Damaged.
        """
        try:
            yield from self._seals()
        except Excess as error:
            raise TooBig(self.name) from error
        except Malformed as error:
            raise BadFormat(self.name) from error

    def _seals(self) -> Iterator[Seal]:
        frames, at = iter(self._frames()), 0
        entries, values = list[Entry](), list[columns.Values]()
        for line in self.manifest.seals:
            while len(entries) - at < line.n:
                more = next(frames, None)
                if more is None:
                    raise Malformed("fewer entries than the seals have")
                entries, values, at = entries[at:] + more[0], values[at:] + more[1], 0
            mine, at = slice(at, at + line.n), at + line.n
            yield Seal(line.head(root_of(entries[mine])), line.sig, entries[mine], values[mine])
        if len(entries) > at or next(frames, None) is not None:
            raise Malformed("more entries than the seals have")

    def _frames(self) -> Iterator[tuple[list[Entry], list[columns.Values]]]:
        at, unpack = self._at, zstandard.ZstdDecompressor()
        for frame in self.manifest.frames:
            packed = self._inside.read_at(at, frame.packed)
            at += frame.packed
            if blake2b(packed, digest_size=32).digest() != frame.digest:
                raise Damaged(self.name)
            yield columns.decode(_unpacked(unpack, packed, frame.raw))

    def photos(self) -> Iterator[tuple[bytes, bytes]]:
        """(hash, bytes) of every photo. Raises BadFormat, Damaged when one is not what its hash says."""
        at = self._at + sum(frame.packed for frame in self.manifest.frames)
        for digest, size in self.manifest.photos:
            head = self._inside.read_at(at, LENGTH.size + len(digest))
            if head != LENGTH.pack(size) + digest:
                raise BadFormat(self.name)
            data = self._inside.read_at(at + len(head), size)
            at += len(head) + size
            if hash_of(data) != digest:
                raise Damaged(self.name)
            yield digest, data

    def close(self) -> None:
        self._inside.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _unpacked(unpack: zstandard.ZstdDecompressor, packed: bytes, raw: int) -> bytes:
    """One zstd frame of exactly `raw` bytes. Its own header is asked before anything is allocated."""
    try:
        if zstandard.frame_content_size(packed) != raw:
            raise Malformed("another size than was signed")
        told = unpack.decompress(packed, max_output_size=raw, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Malformed("zstd") from error
    if len(told) != raw:
        raise Malformed("another size than was signed")
    return told


def open_parcel(paths: Sequence[Path], secret: str) -> Opened:
    """Open a parcel of one or several parts with the station's secret key; close what is returned.

    In this order (sync.md 4.4), each with its own refusal: whole and undamaged (NotAParcel, Truncated, Damaged, PartMissing,
    PartOfAnother, CannotRead), of a format we know (NewerFormat), for us (NotForUs), signed (BadSignature), within what we understand
    (NewerSchema), addressed to us by its sender (NotForUs), and then the rest (TooBig, BadFormat).
    """
    parts = gather(paths)
    name, size = parts[0][0].name, sum(header.length for _path, header in parts)
    with ExitStack() as stack:
        inside = Lining()
        stack.callback(inside.close)
        reading = Reading(parts)
        stack.callback(reading.close)
        try:
            envelope.decrypt(reading, inside, secret)
            told, at = _manifest(inside, name, envelope.public_of(secret))
        except envelope.NotOurs as error:
            raise NotForUs(name) from error
        except envelope.Torn as error:
            raise Damaged(name) from error
        except Later as error:
            raise NewerSchema(name) from error
        except Excess as error:
            raise TooBig(name) from error
        except Malformed as error:
            raise BadFormat(name) from error
        except OSError as error:
            raise CannotRead(name) from error
        if told.parcel != parts[0][1].parcel:
            raise BadFormat(name)
        stack.pop_all()
    reading.close()
    return Opened(name, parts[0][1], size, told, inside, at)


def _manifest(inside: Lining, name: str, address: str) -> tuple[Manifest, int]:
    """The manifest and where the frames begin."""
    head = inside.read_at(0, len(MAGIC) + LENGTH.size)
    if len(head) < len(MAGIC) + LENGTH.size or not head.startswith(MAGIC):
        raise Malformed("no parcel inside")
    length = LENGTH.unpack(head[len(MAGIC):])[0]
    if length > manifest.MOST_BYTES:
        raise Excess("manifest")
    packed, signature = inside.read_at(len(head), length), inside.read_at(len(head) + length, _SIGNATURE)
    raw = manifest.opened(packed)
    if not signed_by(manifest.sender_of(raw), manifest.SIGNED + packed, signature):
        raise BadSignature(name)
    told = manifest.parsed(raw)
    if address not in told.recipients:
        raise NotForUs(name)
    at = len(head) + length + _SIGNATURE
    held = sum(frame.packed for frame in told.frames) + sum(LENGTH.size + 32 + size for _digest, size in told.photos)
    if at + held != inside.size:
        raise Malformed("more or less inside than is told")
    return told, at
