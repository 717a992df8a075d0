"""Lines that break: what networks and their libraries raise becomes Trouble, and what is read goes on where it was broken off."""

from __future__ import annotations

import errno
import io
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from ssl import SSLCertVerificationError
from types import TracebackType
from typing import BinaryIO

from gridapp.exchange.carriers.carrier import PIECE
from gridapp.exchange.carriers.troubles import Gone, Impostor, NoSpace, ReadOnly, Unreachable

#: how often something is begun anew without a single byte of progress
TRIES = 3
#: libraries behind fsspec whose failures are no OSError
_LIBRARIES = {"smbprotocol", "smbclient", "spnego", "webdav4", "httpx", "httpcore", "aiohttp", "botocore", "aiobotocore", "s3fs", "ossfs", "oss2",
              "paramiko", "requests", "urllib3", "azure", "google", "gcsfs"}


class Line:
    """`with Line():` turns what a network does into Impostor or Unreachable; where it carries files, into Gone, ReadOnly and NoSpace, too.

    Our own bugs pass through.
    """

    def __init__(self, files: bool = False) -> None:
        self._files = files

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None) -> None:
        if isinstance(error, SSLCertVerificationError):
            raise Impostor from error
        if self._files and isinstance(error, FileNotFoundError | NotADirectoryError | IsADirectoryError):
            raise Gone from error
        if self._files and isinstance(error, PermissionError):
            raise ReadOnly from error
        if self._files and isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace(0, 0) from error
        foreign = kind is not None and any(parent.__module__.partition(".")[0] in _LIBRARIES for parent in kind.__mro__)
        if isinstance(error, OSError | EOFError | HTTPException) or foreign:
            raise Unreachable from error


class Resumed(io.RawIOBase):
    """A file far away: `open_at(place)` opens it there; a line that breaks is taken up again where it broke. Raises Unreachable."""

    def __init__(self, open_at: Callable[[int], BinaryIO], size: int) -> None:
        super().__init__()
        self._open_at, self._size, self._place = open_at, size, 0
        self._stream: BinaryIO | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        place += {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if place != self._place:
            self._let_go()
        self._place = place
        return place

    def tell(self) -> int:
        return self._place

    def readinto(self, room: object) -> int:
        view = memoryview(room).cast("B")  # type: ignore[arg-type]  # RawIOBase takes any buffer
        wanted = min(len(view), self._size - self._place)
        data = self._read(wanted) if wanted > 0 else b""
        view[:len(data)] = data
        self._place += len(data)
        return len(data)

    def _read(self, wanted: int) -> bytes:
        for attempt in range(TRIES):
            try:
                with Line():
                    self._stream = self._stream or self._open_at(self._place)
                    if data := self._stream.read(wanted):
                        return data
                    raise EOFError
            except Unreachable:
                self._let_go()
                if attempt == TRIES - 1:
                    raise
        raise Unreachable

    def _let_go(self) -> None:
        stream, self._stream = self._stream, None
        with suppress(OSError, HTTPException):
            if stream is not None:
                stream.close()

    def close(self) -> None:
        self._let_go()
        super().close()


def resumed(open_at: Callable[[int], BinaryIO], size: int) -> BinaryIO:
    """`Resumed` with a buffer before it."""
    return io.BufferedReader(Resumed(open_at, size), PIECE)
