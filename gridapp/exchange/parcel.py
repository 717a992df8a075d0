"""Parcels (交接包): what is handed over, written to a file and read again (docs/parcel.md tells every byte).

Everything goes through piece by piece: a frame of entries is made at a time, and what is packed waits in an `envelope.Lining`, in memory
or encrypted, until the manifest that lies before it is known. Opening is told in opened.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import zstandard

import gridapp
from gridapp.exchange import columns, envelope, manifest
from gridapp.exchange.envelope import Chained, Lining
from gridapp.exchange.manifest import LENGTH, MAGIC, FrameLine, Manifest, SealLine
from gridapp.exchange.opened import Opened, open_parcel
from gridapp.exchange.parts import PART_BYTES, RECEIPT_ONLY, SNAPSHOT, WITH_PHOTOS, Header, Opener, Writing, look
from gridapp.exchange.plain import Excess
from gridapp.ledger.entries import Entry, Seal
from gridapp.store.files import sorted_trouble
from gridapp.store.photos import hash_of
from gridapp.store.vault import Signer

__all__ = ["Header", "Opened", "Written", "look", "open_parcel", "write"]

#: a frame is closed at about so many bytes before packing: 40,000 entries, 50 MB while they are read
FRAME_BYTES = 8 << 20
#: what an entry has beside its payload, about
_AROUND_PAYLOAD = 40
#: 3 for sticks; 9 makes a first parcel 8 % smaller for three times the time
LEVEL = 3

Progress = Callable[[int], None]


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
          looks: Sequence[tuple[int, bytes]] = (), level: int = LEVEL, part_bytes: int = PART_BYTES, progress: Progress | None = None) -> Written:
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
                        tuple(packer.frames), pictures, tuple(wanted), tuple(reports), witness, gridapp.__version__, answer,
                        looks=tuple(looks))
        flags = WITH_PHOTOS * bool(pictures) | SNAPSHOT * snapshot | RECEIPT_ONLY * (not packer.seals and not pictures)
        packed = told.pack()
        inside = Chained(MAGIC + LENGTH.pack(len(packed)) + packed + signer.sign(manifest.SIGNED + packed), lining)
        paths, sizes = _sent(target, inside, told, part_bytes, flags)
    return Written(told.parcel, paths, sizes, len(told.seals), told.entries, len(pictures))


def _photo(lining: Lining, digest: bytes, data: bytes) -> tuple[bytes, int]:
    if hash_of(data) != digest:
        raise ValueError("a photo under another's name")
    if len(data) > manifest.MOST_PHOTO:
        raise Excess("a photo")
    lining.write(LENGTH.pack(len(data)) + digest + data)
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
