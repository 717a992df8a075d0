"""The outside of a parcel: header, ciphertext, hash and tail of each part (docs/parcel.md); anybody can look whether a file is whole."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from gridapp.exchange import envelope
from gridapp.exchange.refusals import CannotRead, Damaged, NewerFormat, NotAParcel, PartMissing, PartOfAnother, Truncated

MAGIC, TAIL = b"\x89WSB\r\n\x1a\n", b"WSBEND\r\n"
CONTAINER = 1
#: age v1 with X25519, Ed25519, BLAKE2b; 2 is kept for SM2, SM4, SM3
SUITE = 1
RECEIPT_ONLY, SNAPSHOT, WITH_PHOTOS = 1, 2, 4
_HEADER = struct.Struct(">8sBBHHH16sQ24s")
HEADER = _HEADER.size
HASH = 32
#: what is not ciphertext in a part
AROUND = HEADER + HASH + len(TAIL)
#: FAT32 takes 4 GiB less a byte; a smaller part is copied again sooner
PART_BYTES = 1 << 30
MOST_PARTS = 65_535
_READ = 1 << 20


@dataclass(frozen=True)
class Header:
    """What can be known of one file without any key."""

    parcel: bytes
    part: int
    parts: int
    length: int
    flags: int = 0
    digest: bytes = b""

    def pack(self) -> bytes:
        return _HEADER.pack(MAGIC, CONTAINER, SUITE, self.flags, self.part, self.parts, self.parcel, self.length, bytes(24))


def parcel_of(head: bytes) -> bytes:
    """Which parcel a file says it is a part of, by its first HEADER bytes; b"" for what is none. Nothing of it is proved by that."""
    return bytes(_HEADER.unpack(head[:HEADER])[6]) if len(head) >= HEADER and head.startswith(MAGIC) else b""


def look(path: Path) -> Header:
    """Whether this file is a whole part of a parcel, and which. Reads all of it.

    Raises NotAParcel, Truncated, Damaged, NewerFormat, CannotRead. Magic, length, hash and tail stay where they are in every later
    version, so that a flipped bit is never taken for a newer program.
    """
    try:
        with path.open("rb") as file:
            return _looked(file, path.name)
    except OSError as error:
        raise CannotRead(path.name) from error


def _looked(file: BinaryIO, name: str) -> Header:
    head = file.read(HEADER)
    if len(head) < len(MAGIC) or not head.startswith(MAGIC):
        raise Truncated(name) if head and MAGIC.startswith(head) else NotAParcel(name)
    if len(head) < HEADER:
        raise Truncated(name)
    _magic, container, suite, flags, part, parts, parcel, length, zero = _HEADER.unpack(head)
    size = file.seek(0, 2)
    if size < length + AROUND:
        raise Truncated(name)
    if size > length + AROUND:
        raise Damaged(name)
    file.seek(HEADER)
    hashed, left = blake2b(head, digest_size=HASH), length
    while left:
        piece = file.read(min(left, _READ))
        if not piece:
            raise Truncated(name)
        hashed.update(piece)
        left -= len(piece)
    if file.read() != hashed.digest() + TAIL:
        raise Damaged(name)
    if container != CONTAINER or suite != SUITE:
        raise NewerFormat(name)
    if not 1 <= part <= parts or any(zero):
        raise Damaged(name)
    return Header(parcel, part, parts, length, flags, hashed.digest())


def gather(paths: Sequence[Path]) -> list[tuple[Path, Header]]:
    """The parts of one parcel in their order; the same part given twice counts once.

    Raises what `look` raises, PartOfAnother, PartMissing.
    """
    found = dict[int, tuple[Path, Header]]()
    first: Header | None = None
    for path in paths:
        header = look(path)
        first = first or header
        twin = found.setdefault(header.part, (path, header))[1]
        if (header.parcel, header.parts, header.flags) != (first.parcel, first.parts, first.flags) or twin.digest != header.digest:
            raise PartOfAnother(path.name)
    parts = first.parts if first else 1
    missing = [number for number in range(1, parts + 1) if number not in found] if len(found) < parts else []
    if missing:
        raise PartMissing(parts, missing)
    return [found[number] for number in sorted(found)]


class Reading:
    """The ciphertext of all parts, read as one. Raises OSError like a file."""

    def __init__(self, parts: Sequence[tuple[Path, Header]]) -> None:
        self._left = list(parts)
        self._file: BinaryIO | None = None
        self._rest = 0

    def read(self, size: int = -1, /) -> bytes:
        while True:
            if self._file is not None and self._rest:
                told = self._file.read(self._rest if size < 0 else min(size, self._rest))
                self._rest -= len(told)
                return told
            self.close()
            if not self._left:
                return b""
            path, header = self._left.pop(0)
            self._file, self._rest = path.open("rb"), header.length
            self._file.seek(HEADER)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


Opener = Callable[[int, int], BinaryIO]


class Writing:
    """Takes the ciphertext as it comes and writes the parts, each with header, hash and tail.

    How long it will be is known as soon as the envelope's own header is: `plain` bytes of text need so many chunks. So each part is
    written once, from front to back, to anything that can be written to.
    """

    def __init__(self, parcel: bytes, plain: int, open_part: Opener, part_bytes: int = PART_BYTES, flags: int = 0) -> None:
        if part_bytes <= AROUND:
            raise ValueError("parts too small to hold anything")
        self._parcel, self._plain, self._open, self._room, self._flags = parcel, plain, open_part, part_bytes - AROUND, flags
        self._begun = b""
        self._total = self._left = 0
        self.sizes: list[int] = []
        self.parts = 0
        self._file: BinaryIO | None = None
        self._hash = blake2b(digest_size=HASH)
        self._rest = 0

    def write(self, data: bytes, /) -> int:
        if not self.parts:
            self._begun += data
            head = envelope.head_of(self._begun)
            if head is None:
                return len(data)
            self._total = self._left = envelope.length_of(head, self._plain)
            self.parts = -(-self._total // self._room)
            if self.parts > MOST_PARTS:
                raise ValueError("more parts than a header can tell")
            self._spread(self._begun)
        else:
            self._spread(data)
        return len(data)

    def flush(self) -> None:
        """The parts are flushed as they end."""

    def _spread(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            if self._file is None:
                self._begin()
            piece, rest = rest[:self._rest], rest[self._rest:]
            self._put(piece)
            self._rest -= len(piece)
            self._left -= len(piece)
            if not self._rest:
                self._end()

    def _begin(self) -> None:
        self._rest = min(self._room, self._left)
        if not self._rest:
            raise ValueError("the envelope is longer than foreseen")
        header = Header(self._parcel, len(self.sizes) + 1, self.parts, self._rest, self._flags)
        self._file, self._hash = self._open(header.part, self.parts), blake2b(digest_size=HASH)
        self._put(header.pack())
        self.sizes.append(self._rest + AROUND)

    def _put(self, data: bytes | memoryview) -> None:
        assert self._file is not None
        self._hash.update(data)
        self._file.write(data)

    def _end(self) -> None:
        assert self._file is not None
        self._file.write(self._hash.digest() + TAIL)
        self._file.flush()
        self._file = None

    def finish(self) -> None:
        """Everything that was foreseen has come."""
        if not self.parts or self._left or self._file is not None:
            raise ValueError("the envelope is shorter than foreseen")
