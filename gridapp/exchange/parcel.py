"""Parcels (交接包): what is handed over, written to a file and read again (docs/parcel.md tells every byte).

Both ways everything goes through piece by piece: a frame of entries is made or read at a time, and what must wait — frames until the
manifest before them is known, the opened text until its end has proved whole — waits in an `envelope.Lining`, in memory or encrypted.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import zstandard

import gridapp
from gridapp.exchange import columns, envelope, manifest
from gridapp.exchange.envelope import Chained, Lining
from gridapp.exchange.manifest import FrameLine, Later, Manifest, SealLine
from gridapp.exchange.parts import (
    PART_BYTES,
    RECEIPT_ONLY,
    SNAPSHOT,
    WITH_PHOTOS,
    Header,
    Opener,
    Reading,
    Writing,
    gather,
    look,
)
from gridapp.exchange.plain import Excess, Malformed
from gridapp.exchange.refusals import BadFormat, BadSignature, CannotRead, Damaged, NewerSchema, NotForUs, TooBig
from gridapp.ledger.entries import Entry, Seal, root_of
from gridapp.store.files import sorted_trouble
from gridapp.store.vault import Signer, signed_by

__all__ = ["Header", "Opened", "Written", "look", "open_parcel", "photo_hash", "write"]

MAGIC = b"WSI1"
_LENGTH = struct.Struct(">I")
_SIGNATURE = 64
#: a frame is closed at about so many bytes before packing: 40,000 entries, 50 MB while they are read
FRAME_BYTES = 8 << 20
#: what an entry has beside its payload, about
_AROUND_PAYLOAD = 40
#: 3 for sticks; 9 makes a first parcel 8 % smaller for three times the time
LEVEL = 3

Progress = Callable[[int], None]


def photo_hash(data: bytes) -> bytes:
    """The name a photo has everywhere: BLAKE2b-256 of its bytes."""
    return blake2b(data, digest_size=32).digest()


@dataclass(frozen=True)
class Written:
    """What was written: the parcel's id, its files (none for a stream), the size of each part in bytes, and what is inside."""

    parcel: bytes
    paths: tuple[Path, ...]
    sizes: tuple[int, ...]
    seals: int
    entries: int
    photos: int

    @property
    def bytes(self) -> int:
        return sum(self.sizes)


class _Packer:
    """Collects seals into frames. What is packed waits in the lining; only the frame being made is in memory."""

    def __init__(self, lining: Lining, level: int) -> None:
        self.seals, self.frames = list[SealLine](), list[FrameLine]()
        self._lining, self._zstd = lining, zstandard.ZstdCompressor(level=level)
        self._entries, self._values, self._size = list[Entry](), list[columns.Values](), 0

    def add(self, seal: Seal) -> None:
        """A seal goes into one frame, unless it alone is more than a frame."""
        self.seals.append(SealLine.of(seal))
        size = sum(_AROUND_PAYLOAD + len(entry.payload or b"") for entry in seal.entries)
        if self._size and self._size + size > FRAME_BYTES:
            self.close()
        for entry, values in zip(seal.entries, seal.values, strict=True):
            if self._size >= FRAME_BYTES:
                self.close()
            self._entries.append(entry)
            self._values.append(values)
            self._size += _AROUND_PAYLOAD + len(entry.payload or b"")

    def close(self) -> None:
        if self._entries:
            raw = columns.encode(self._entries, self._values)
            packed = self._zstd.compress(raw)
            self._lining.write(packed)
            self.frames.append(FrameLine(len(raw), len(packed), blake2b(packed, digest_size=32).digest()))
        self._entries, self._values, self._size = [], [], 0


def write(target: Path | BinaryIO | Opener, seals: Iterable[Seal], *, signer: Signer, recipients: Sequence[str],
          heads: Mapping[str, Sequence[bytes]], made_at: int, photos: Iterable[tuple[bytes, bytes]] = (), wanted: Sequence[bytes] = (),
          reports: Sequence[tuple[str, bytes]] = (), witness: int | None = None, answer: bytes | None = None, snapshot: bool = False,
          level: int = LEVEL, part_bytes: int = PART_BYTES, progress: Progress | None = None) -> Written:
    """Write a parcel of `seals`, parents first, with `photos` as (hash, bytes), readable by `recipients` (age addresses) alone.

    The target is a file (several parts become NAME.001 …), something that can be written to (one part), or a function that opens part
    number k of n for writing. `progress` hears of every seal packed. A file is there whole or not at all.
    Raises Excess when there are more seals than one parcel may hold (manifest.MOST_SEALS: make several, parents first), NoAddress,
    DiskFull, CannotWrite for a path, OSError of another target.
    """
    with Lining() as lining:
        packer = _Packer(lining, level)
        for count, seal in enumerate(seals, 1):
            packer.add(seal)
            if progress is not None:
                progress(count)
        packer.close()
        pictures = tuple(_photo(lining, digest, data) for digest, data in photos)
        told = Manifest(signer.public, tuple(sorted(set(recipients))), os.urandom(16), made_at, heads, tuple(packer.seals),
                        tuple(packer.frames), pictures, tuple(wanted), tuple(reports), witness, gridapp.__version__, answer)
        flags = WITH_PHOTOS * bool(pictures) | SNAPSHOT * snapshot | RECEIPT_ONLY * (not packer.seals and not pictures)
        packed = told.pack()
        inside = Chained(MAGIC + _LENGTH.pack(len(packed)) + packed + signer.sign(manifest.SIGNED + packed), lining)
        paths, sizes = _sent(target, inside, told, part_bytes, flags)
    return Written(told.parcel, paths, sizes, len(told.seals), told.entries, len(pictures))


def _photo(lining: Lining, digest: bytes, data: bytes) -> tuple[bytes, int]:
    if photo_hash(data) != digest:
        raise ValueError("a photo under another's name")
    if len(data) > manifest.MOST_PHOTO:
        raise Excess("a photo")
    lining.write(_LENGTH.pack(len(data)) + digest + data)
    return digest, len(data)


def _sent(target: Path | BinaryIO | Opener, inside: Chained, told: Manifest, part_bytes: int, flags: int) -> tuple[tuple[Path, ...], tuple[int, ...]]:
    """Encrypt to the target; (paths, sizes)."""
    with ExitStack() as stack:
        paths = list[Path]()
        if isinstance(target, Path):
            stack.enter_context(sorted_trouble(target))
            stack.push(_Leftovers(paths))
        writing = Writing(told.parcel, inside.size, _opener(target, stack, paths), part_bytes, flags)
        envelope.encrypt(inside, writing, told.recipients)
        writing.finish()
    return tuple(paths), tuple(writing.sizes)


def _opener(target: Path | BinaryIO | Opener, stack: ExitStack, paths: list[Path]) -> Opener:
    """Opens part k of n. Parts of a path are closed with the stack, those of a function as well, a stream stays open."""
    def part_of_path(number: int, parts: int) -> BinaryIO:
        assert isinstance(target, Path)
        path = target if parts == 1 else target.with_name(f"{target.name}.{number:03d}")
        paths.append(path)
        return stack.enter_context(path.open("wb"))

    def part_of_function(number: int, parts: int) -> BinaryIO:
        assert callable(target)
        return stack.enter_context(target(number, parts))

    def stream(_number: int, parts: int) -> BinaryIO:
        assert not isinstance(target, Path) and not callable(target)
        if parts > 1:
            raise ValueError("a stream takes one part")
        return target

    return part_of_path if isinstance(target, Path) else part_of_function if callable(target) else stream


class _Leftovers:
    """Takes away the parts of a parcel that was not written to its end."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths = paths

    def __call__(self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> bool:
        if kind is not None:
            for path in self._paths:
                path.unlink(missing_ok=True)
        return False


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
            head = self._inside.read_at(at, _LENGTH.size + len(digest))
            if head != _LENGTH.pack(size) + digest:
                raise BadFormat(self.name)
            data = self._inside.read_at(at + len(head), size)
            at += len(head) + size
            if photo_hash(data) != digest:
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
    head = inside.read_at(0, len(MAGIC) + _LENGTH.size)
    if len(head) < len(MAGIC) + _LENGTH.size or not head.startswith(MAGIC):
        raise Malformed("no parcel inside")
    length = _LENGTH.unpack(head[len(MAGIC):])[0]
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
    held = sum(frame.packed for frame in told.frames) + sum(_LENGTH.size + 32 + size for _digest, size in told.photos)
    if at + held != inside.size:
        raise Malformed("more or less inside than is told")
    return told, at
