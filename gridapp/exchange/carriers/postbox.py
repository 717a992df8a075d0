"""The town's postbox (收发箱): a folder of parcels behind HTTPS, for stations with a token. It holds ciphertext only and opens nothing.

    GET    /                       the files this station may read: [[name, bytes], …]
    HEAD   /WSYNC/<shelf>/<name>   X-Have: how many bytes are here; X-Whole: 1 when that is all
    PUT    the same                Content-Range: bytes a-b/total and X-Digest (BLAKE2b-256 of the whole): goes on where it stopped
    GET    the same                whole, or from `Range: bytes=a-` on
    DELETE the same                by the station whose shelf it is

Everything may be said twice. Nothing is read before its size is known to be small enough.
"""

from __future__ import annotations

import errno
import json
import os
import re
import socket
import socketserver
import ssl
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from email.message import Message
from hashlib import blake2b
from hmac import compare_digest
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from gridapp.exchange.carriers.disk import Disk
from gridapp.exchange.carriers.folder import Folder
from gridapp.exchange.carriers.gate import WRONG, Gate, Pass, Patience, Refused
from gridapp.exchange.carriers.names import PART, named

#: a part of a parcel is at most 1 GiB, with its header and trailer
LARGEST = (1 << 30) + (1 << 20)
#: what one request may bring
AT_ONCE = 4 << 20
#: kept free on the server's disk
RESERVE = 256 << 20
#: a line that says nothing for so long is let go
SILENCE = 30
AT_MOST_OPEN = 64
_READ = 1 << 16
_RANGE = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})", re.ASCII)
_FROM = re.compile(r"bytes=(\d{1,12})-", re.ASCII)


class Postbox(ThreadingHTTPServer):
    """Serves `folder`; whoever made it calls `serve_forever()` and, from elsewhere, `shutdown()`. TLS 1.2 at least."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], folder: Path, certificate: Path, key: Path, passes: Sequence[Pass],
                 clock: Callable[[], float] = time.monotonic) -> None:
        self.root, self.disk, self.patience = folder, Disk(), Patience(clock)
        self.gate = Gate(passes)
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self._tls.load_cert_chain(certificate, key)
        #: name -> the request that writes it now; a newer one takes over from a line that hangs
        self.writing: dict[str, object] = {}
        self._open: set[socket.socket] = set()
        super().__init__(address, _Request)

    def server_bind(self) -> None:
        """Without asking the name service who this PC is."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def get_request(self) -> tuple[socket.socket, Any]:
        """The handshake waits for the request's own thread: a caller that says nothing stops nobody."""
        line, who = super().get_request()
        line.settimeout(SILENCE)
        return self._tls.wrap_socket(line, server_side=True, do_handshake_on_connect=False), who

    def verify_request(self, request: Any, client_address: Any) -> bool:
        if len(self._open) >= AT_MOST_OPEN:
            return False
        self._open.add(request)
        return True

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Lines that break are daily bread; what else fails is for the log of whoever serves."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Request(BaseHTTPRequestHandler):
    """One caller's requests."""

    server: Postbox
    protocol_version = "HTTP/1.1"
    timeout = SILENCE
    server_version, sys_version = "gridapp", ""
    #: bytes of the request's body that have not been read
    unread = 0

    def log_message(self, format: str, *args: Any) -> None:
        """Addresses and names of files are nobody's business."""

    def do_GET(self) -> None:
        self._answer(self._give)

    def do_HEAD(self) -> None:
        self._answer(self._tell)

    def do_PUT(self) -> None:
        self._answer(self._take)

    def do_DELETE(self) -> None:
        self._answer(self._forget)

    def _answer(self, how: Callable[[Pass], None]) -> None:
        self.unread = _length(self.headers)
        try:
            how(self._admitted())
        except Refused as refused:
            self._let_pass()
            self._say(refused.status, b"", **refused.headers)

    def _let_pass(self) -> None:
        """Read on over a body nobody wants, if it is short: closing before would tear the answer away from the sender."""
        self.close_connection = True
        while 0 < self.unread <= AT_ONCE and (piece := self.rfile.read1(min(self.unread, _READ))):
            self.unread -= len(piece)

    def _admitted(self) -> Pass:
        who = str(self.client_address[0])
        if not self.server.patience.asks(who):
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS)
        kind, _blank, token = self.headers.get("Authorization", "").partition(" ")
        admitted = self.server.gate.let_in(token) if kind == "Bearer" else None
        if admitted is None:
            self.server.patience.asks(who, WRONG)
            raise Refused(HTTPStatus.UNAUTHORIZED)
        return admitted

    def _say(self, status: HTTPStatus, body: bytes = b"", **headers: object) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _named(self, admitted: Pass, reading: bool = True) -> tuple[str, Path]:
        """The name asked for and where it lies; only whole names of our own making, in one spelling."""
        name = self.path.removeprefix("/")
        told = named(name)
        if told is None or told.half or name != name.upper().replace(".WSB", ".wsb"):
            raise Refused(HTTPStatus.NOT_FOUND)
        if reading and not admitted.reads(told.shelf):
            raise Refused(HTTPStatus.FORBIDDEN)
        return name, self.server.root.joinpath(*name.split("/"))

    def _give(self, admitted: Pass) -> None:
        if self.path == "/":
            found = [(name, size) for name, size in Folder(self.server.root).list() if self._may_see(admitted, name)]
            return self._say(HTTPStatus.OK, json.dumps(found).encode(), Content_Type="application/json")
        _name, path = self._named(admitted)
        try:
            handle = self.server.disk.open(path)
        except OSError:
            raise Refused(HTTPStatus.NOT_FOUND) from None
        with open(handle, "rb") as file:
            self._send(file, os.fstat(handle).st_size)
        return None

    @staticmethod
    def _may_see(admitted: Pass, name: str) -> bool:
        told = named(name)
        return told is not None and not told.half and admitted.reads(told.shelf)

    def _send(self, file: Any, size: int) -> None:
        asked = _FROM.fullmatch(self.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        if start > size:
            raise Refused(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        self.send_response(HTTPStatus.PARTIAL_CONTENT if asked else HTTPStatus.OK)
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.send_header("Content-Length", str(size - start))
        self.end_headers()
        file.seek(start)
        while piece := file.read(_READ):
            self.wfile.write(piece)

    def _tell(self, admitted: Pass) -> None:
        """How much is here: whoever may not read it may still ask, to go on putting."""
        _name, path = self._named(admitted, reading=False)
        whole = path.is_file()
        self._say(HTTPStatus.OK, X_Have=_size(path) if whole else _size(_half(path)), X_Whole=int(whole))

    def _forget(self, admitted: Pass) -> None:
        _name, path = self._named(admitted)
        self.server.disk.remove(path)
        self._say(HTTPStatus.NO_CONTENT)

    def _take(self, admitted: Pass) -> None:
        name, path = self._named(admitted, reading=False)
        start, total, digest = self._declared()
        if path.is_file():
            if _size(path) != total:
                raise Refused(HTTPStatus.CONFLICT, X_Have=_size(path))
            raise Refused(HTTPStatus.OK, X_Have=total, X_Whole=1)
        half = _half(path)
        if start > _size(half):
            raise Refused(HTTPStatus.CONFLICT, X_Have=_size(half))
        if self.server.disk.free(self.server.root) - (total - start) < RESERVE:
            raise Refused(HTTPStatus.INSUFFICIENT_STORAGE)
        try:
            have = self._receive(name, half, start)
            if have < total:
                return self._say(HTTPStatus.ACCEPTED, X_Have=have, X_Whole=0)
            self._finish(half, path, digest)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise Refused(HTTPStatus.INSUFFICIENT_STORAGE) from error
            raise
        return self._say(HTTPStatus.CREATED, X_Have=total, X_Whole=1)

    def _declared(self) -> tuple[int, int, str]:
        """Where it starts, how big the whole is and its digest; refused before a byte of it is read."""
        told, digest = _RANGE.fullmatch(self.headers.get("Content-Range", "")), self.headers.get("X-Digest", "")
        if self.unread == 0 or self.headers.get("Transfer-Encoding"):
            raise Refused(HTTPStatus.LENGTH_REQUIRED)
        if told is None or not re.fullmatch("[0-9a-f]{64}", digest):
            raise Refused(HTTPStatus.BAD_REQUEST)
        start, last, total = map(int, told.groups())
        if self.unread > AT_ONCE or total > LARGEST:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not 0 <= start <= last < total or last - start + 1 != self.unread:
            raise Refused(HTTPStatus.BAD_REQUEST)
        return start, total, digest

    def _receive(self, name: str, half: Path, start: int) -> int:
        """Write what arrives, as it arrives: a line that breaks leaves what came before. How much is here now."""
        for folder in (half.parent.parent, half.parent):
            self.server.disk.make_folder(folder)
        self.server.writing[name] = self
        handle = os.open(half, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0), 0o600)
        with open(handle, "r+b", buffering=0) as file:
            file.truncate(start)
            file.seek(start)
            while self.unread:
                piece = self.rfile.read1(min(self.unread, _READ))
                if not piece or self.server.writing.get(name) is not self:
                    raise ConnectionAbortedError
                file.write(piece)
                self.unread -= len(piece)
            return file.tell()

    def _finish(self, half: Path, path: Path, digest: str) -> None:
        """Give it its name once it is on the disk and is what the sender meant."""
        found = blake2b(digest_size=32)
        with half.open("r+b") as file:
            os.fsync(file.fileno())
            while piece := file.read(1 << 20):
                found.update(piece)
        if not compare_digest(found.hexdigest(), digest):
            self.server.disk.remove(half)
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY)
        self.server.disk.rename(half, path)
        for folder in (path.parent, path.parent.parent, self.server.root):
            self.server.disk.flush_folder(folder)


def _length(headers: Message) -> int:
    """What a request says it brings; too much to be read where it says it oddly."""
    told = headers.get("Content-Length", "0")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 13 else LARGEST


def _half(path: Path) -> Path:
    return path.with_name(path.name + PART)


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0
