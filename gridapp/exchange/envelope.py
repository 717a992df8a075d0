"""Envelopes: encryption to the stations that may read (age v1, c2sp.org/age), and the lining that keeps readable bytes off the disk.

The only module besides store/vault.py that touches a crypto library. pyrage pushes: it reads from one thing and writes to another until
all is done. So what must be seen before it can be used lies in a `Lining` meanwhile: in memory while it is small, else in a nameless
file, there encrypted piece by piece (AES-256-GCM) under a key that exists only in this object.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from types import TracebackType
from typing import IO, BinaryIO, Protocol, Self, cast

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


def is_address(text: str) -> bool:
    """Whether something can be encrypted to this text."""
    try:
        _recipient(text)
    except NoAddress:
        return False
    return True


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
    watched = _Watched(source)
    try:
        pyrage.encrypt_io(cast(BinaryIO, watched), cast(BinaryIO, target), [_recipient(r) for r in recipients])
    except (pyrage.EncryptError, OSError) as error:
        raise watched.failure or error from error


def decrypt(source: Source, target: Target, secret: str) -> None:
    """Decrypt all of `source`. Raises NotOurs, Torn, and what source and target raise; the target holds nothing of use then."""
    watched, kept = _Watched(source), _Kept(target)
    try:
        pyrage.decrypt_io(cast(BinaryIO, watched), cast(BinaryIO, kept), [_identity(secret)])
    except (pyrage.DecryptError, OSError) as error:
        failure = watched.failure or kept.failure
        if failure is not None:
            raise failure from error
        # rage says "No matching keys found", or speaks of the header ("Header is invalid", "Incomplete header")
        others = isinstance(error, pyrage.DecryptError) and "keys" in str(error)
        raise NotOurs("no key") if others else Torn(str(error)) from error


def length_of(head: int, plain: int) -> int:
    """The length of an age file whose header has `head` bytes, for `plain` bytes of text."""
    return head + 16 + plain + 16 * max(1, -(-plain // CHUNK))


def head_of(begun: bytes) -> int | None:
    """The length of the header an age file begins with, None while not all of it is there."""
    mac = begun.find(b"\n--- ")
    end = begun.find(b"\n", mac + 1) if mac >= 0 else -1
    return None if end < 0 else end + 1


class _Watched:
    """Remembers what the source raised: pyrage gives only its words on."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.failure: OSError | None = None

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._source.read(size)
        except OSError as error:
            self.failure = error
            raise


class _Kept:
    """The same for the target."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self.failure: OSError | None = None

    def write(self, data: bytes, /) -> int:
        try:
            return self._target.write(data)
        except OSError as error:
            self.failure = error
            raise

    def flush(self) -> None:
        self._target.flush()


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
