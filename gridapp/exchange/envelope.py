"""Envelopes: encryption to the stations that may read (age v1, c2sp.org/age), and the lining that keeps readable bytes off the disk.

The only module besides store/vault.py that touches a crypto library. pyrage pushes: it reads from one thing and writes to another until
all is done. So what must be seen before it can be used lies in a `Lining` meanwhile: in memory while it is small, else in a nameless
file, there encrypted piece by piece (AES-256-GCM) under a key that exists only in this object.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import IO, Any, BinaryIO, Protocol, Self, cast

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: how much readable text of one parcel is in memory at most; a village's whole history is 0.4 MB
IN_MEMORY = 32 << 20
PIECE = 1 << 20
_TAG = 16
#: age v1: the payload comes in chunks of 64 KiB, each with a tag of 16 bytes, after a nonce of 16
CHUNK = 1 << 16


class Source(Protocol):
    """What age reads from."""

    def read(self, size: int = -1, /) -> bytes: ...


class Target(Protocol):
    """What age writes to."""

    def write(self, data: bytes, /) -> int: ...
    def flush(self) -> None: ...


class NotOurs(ValueError):
    """No stanza of the envelope opens with this key."""


class Torn(ValueError):
    """The envelope is damaged or cut."""


class NoAddress(ValueError):
    """A text that is no key of age."""


def new_identity() -> tuple[str, str]:
    """A new pair of keys: (secret "AGE-SECRET-KEY-1…", public "age1…")."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def public_of(secret: str) -> str:
    """The public half of a secret key. Raises NoAddress."""
    return str(_identity(secret).to_public())


def _identity(secret: str) -> pyrage.x25519.Identity:
    try:
        return pyrage.x25519.Identity.from_str(secret)
    except pyrage.IdentityError as error:
        raise NoAddress("a secret key that is none") from error


def _recipient(public: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(public)
    except pyrage.RecipientError as error:
        raise NoAddress(public[:80]) from error


def encrypt(source: Source, target: Target, recipients: Sequence[str]) -> None:
    """Encrypt all of `source` so that each of the recipients can read it. Raises NoAddress, and what source and target raise."""
    if not recipients:
        raise NoAddress("nobody")
    locks = [_recipient(r) for r in recipients]
    failure, said = _run(pyrage.encrypt_io, source, target, locks)
    if failure is not None:
        raise failure from said
    if said is not None:
        raise said


def decrypt(source: Source, target: Target, secret: str) -> None:
    """Decrypt all of `source`. Raises NotOurs, Torn, and what source and target raise; the target holds nothing of use then."""
    failure, said = _run(pyrage.decrypt_io, source, target, [_identity(secret)])
    if failure is not None:
        raise failure from said
    if said is not None:
        # rage says "No matching keys found", or speaks of the header ("Header is invalid", "Incomplete header")
        others = isinstance(said, pyrage.DecryptError) and "keys" in str(said)
        raise NotOurs("no key") if others else Torn(str(said)) from said


def _run(work: Callable[..., None], source: Source, target: Target, keys: Sequence[object]) -> tuple[BaseException | None, Exception | None]:
    """(what source or target raised, what pyrage made of it). It gives only the words of a failure on, and of one while the last chunk
    is written not even those: such a file would be short and nobody would know."""
    read, kept = _Watched(source), _Watched(target)
    said: Exception | None = None
    try:
        work(cast(BinaryIO, read), cast(BinaryIO, kept), keys)
    except (pyrage.EncryptError, pyrage.DecryptError, OSError) as error:
        said = error
    return read.failure or kept.failure, said


def length_of(head: int, plain: int) -> int:
    """The length of an age file whose header has `head` bytes, for `plain` bytes of text."""
    return head + 16 + plain + 16 * max(1, -(-plain // CHUNK))


def head_of(begun: bytes) -> int | None:
    """The length of the header an age file begins with, None while not all of it is there."""
    mac = begun.find(b"\n--- ")
    end = begun.find(b"\n", mac + 1) if mac >= 0 else -1
    return None if end < 0 else end + 1


class _Watched:
    """Remembers what the thing read from or written to raised: pyrage gives only its words on."""

    def __init__(self, thing: Any) -> None:
        """Any: a Source or a Target, of which only what it is is called."""
        self._thing = thing
        self.failure: BaseException | None = None

    def read(self, size: int = -1, /) -> bytes:
        return cast(bytes, self._asked(self._thing.read, size))

    def write(self, data: bytes, /) -> int:
        return cast(int, self._asked(self._thing.write, data))

    def flush(self) -> None:
        self._asked(self._thing.flush)

    def _asked(self, call: Callable[..., object], *given: object) -> object:
        try:
            return call(*given)
        except BaseException as error:
            self.failure = error
            raise


class Lining:
    """Bytes written once from the front and read as often as one likes, never readable on a disk. Closing forgets them."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self.size = 0
        self._in_memory, self._key = in_memory, AESGCM(os.urandom(32))
        self._pieces: list[bytes] = []
        self._loose = bytearray()
        self._file: IO[bytes] | None = None
        self._stored = 0
        self._last: tuple[int, bytes] = (-1, b"")

    def write(self, data: bytes, /) -> int:
        self._loose += data
        self.size += len(data)
        while len(self._loose) >= PIECE:
            self._keep(bytes(self._loose[:PIECE]))
            del self._loose[:PIECE]
        return len(data)

    def flush(self) -> None:
        """Nothing waits: what is loose is read from memory."""

    def _keep(self, piece: bytes) -> None:
        if self._file is None and (len(self._pieces) + 1) * PIECE <= self._in_memory:
            self._pieces.append(piece)
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile()
        self._file.seek(self._stored * (PIECE + _TAG))
        self._file.write(self._key.encrypt(self._stored.to_bytes(12, "big"), piece, None))
        self._stored += 1

    def read_at(self, at: int, size: int) -> bytes:
        """Up to `size` bytes from `at` on. Raises OSError when the nameless file does not give back what was written."""
        told = bytearray()
        while len(told) < size and at + len(told) < self.size:
            number, offset = divmod(at + len(told), PIECE)
            told += self._piece(number)[offset:offset + size - len(told)]
        return bytes(told)

    def _piece(self, number: int) -> bytes:
        if number < len(self._pieces):
            return self._pieces[number]
        stored = number - len(self._pieces)
        if stored >= self._stored or self._file is None:
            return bytes(self._loose)
        if self._last[0] != number:
            self._file.seek(stored * (PIECE + _TAG))
            try:
                self._last = number, self._key.decrypt(stored.to_bytes(12, "big"), self._file.read(PIECE + _TAG), None)
            except InvalidTag as error:
                raise OSError("the temporary file has changed") from error
        return self._last[1]

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._pieces, self._loose, self._file, self._last, self.size = [], bytearray(), None, (-1, b""), 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class Chained:
    """A head and then a lining, read as one."""

    def __init__(self, head: bytes, rest: Lining) -> None:
        self._head, self._rest, self._at = head, rest, 0
        self.size = len(head) + rest.size

    def read(self, size: int = -1, /) -> bytes:
        size = self.size - self._at if size < 0 else size
        told = self._head[self._at:self._at + size]
        told += self._rest.read_at(max(0, self._at - len(self._head)), size - len(told))
        self._at += len(told)
        return told
