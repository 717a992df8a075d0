"""The town's postbox as carrier: over HTTPS, each piece of a parcel by itself, so that a line that drops costs only what was on its way."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from email.message import Message
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from gridapp.errors import Trouble
from gridapp.exchange.carriers.carrier import PIECE, Fill, Found, Progress, Settled, at_once, in_pieces, only_plain, tell
from gridapp.exchange.carriers.lines import TRIES, Line, resumed
from gridapp.exchange.carriers.names import named, steps
from gridapp.exchange.carriers.troubles import Busy, Gone, NoSpace, NoSuchWay, NotAdmitted, TooBig, Unreachable

#: seconds without an answer after which a line counts as broken
SILENCE = 30.0
#: bytes of one request; the postbox takes no more
AT_ONCE = 4 << 20
#: a list of ten thousand names is a tenth of it
LONGEST_LIST = 8 << 20
_TOLD: Mapping[int, type[Trouble]] = {
    HTTPStatus.UNAUTHORIZED: NotAdmitted, HTTPStatus.FORBIDDEN: NotAdmitted, HTTPStatus.NOT_FOUND: Gone, HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TooBig,
    HTTPStatus.TOO_MANY_REQUESTS: Busy, HTTPStatus.SERVICE_UNAVAILABLE: Busy}
_GOOD = (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT, HTTPStatus.PARTIAL_CONTENT)
#: status, headers, body
_Answer = tuple[int, Message, bytes]
_GO_ON = (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


class Https:
    """A postbox at `https://host[:port]`; `certificate`: the PEM the town gave out at pairing, None trusts this PC's own list."""

    def __init__(self, address: str, token: str, certificate: str | None = None, silence: float = SILENCE) -> None:
        try:
            told = urlsplit(address)
            self._host, self._port = told.hostname or "", told.port or 443
        except ValueError as error:
            raise NoSuchWay(address) from error
        if told.scheme != "https" or not self._host:
            raise NoSuchWay(address)
        self._tls = ssl.create_default_context(cadata=certificate)
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        #: what is no token at all is not admitted, too
        plain = "".join(token.split()).encode("ascii", "replace").decode()
        self._headers, self._silence = {"Authorization": f"Bearer {plain}"}, silence
        self._line: http.client.HTTPSConnection | None = None

    def list(self) -> Sequence[Found]:
        """Raises Unreachable, Impostor, NotAdmitted, Busy."""
        with self._calling():
            _status, _headers, body = self._ask("GET", "/")
        try:
            return only_plain(_found(json.loads(body)))
        except (ValueError, TypeError) as error:
            raise Unreachable from error

    def open_read(self, name: str) -> BinaryIO:
        """Goes on by itself after a line that broke. Raises Gone, NotAdmitted, Unreachable (while reading, too)."""
        path = _path(name)
        with self._calling():
            have, whole = self._have(path)
        if not whole:
            raise Gone
        return resumed(lambda place: cast(BinaryIO, _Coming(self._new(), path, {**self._headers, "Range": f"bytes={place}-"})), have)

    def put(self, name: str, fill: Fill, progress: Progress | None = None, size: int = 0) -> None:
        """Goes on from where an earlier try stopped, of an earlier day too.

        Raises Unreachable, NotAdmitted, Busy, TooBig, NoSpace, Stopped; ValueError for a name that is not a parcel's.
        """
        if named(name) is None:
            raise ValueError("not a parcel's name")
        with at_hand(fill) as (source, digest, total), self._calling():
            self._send(_path(name), source, digest, total, progress)

    def delete(self, name: str) -> None:
        with suppress(Gone), self._calling():
            self._ask("DELETE", _path(name))

    def free_space(self) -> int | None:
        return None

    def settle(self) -> Settled:
        return at_once()

    @contextmanager
    def _calling(self) -> Iterator[None]:
        """One line for all that is asked meanwhile."""
        try:
            yield
        finally:
            self._hang_up()

    def _send(self, path: str, source: BinaryIO, digest: str, total: int, progress: Progress | None) -> None:
        """Piece after piece until the other side has it whole; after three tries without any progress it is given up."""
        furthest, tries, whole = -1, 0, False
        while not whole:
            try:
                have, whole = self._have(path)
                while not whole:
                    tell(progress, min(have, total), total)
                    furthest, tries = (have, 0) if have > furthest else (furthest, tries)
                    have, whole = self._put(path, source, digest, have, total)
            except Unreachable:
                tries += 1
                if tries == TRIES:
                    raise
        if have != total:
            raise Unreachable
        tell(progress, total, total)

    def _put(self, path: str, source: BinaryIO, digest: str, start: int, total: int) -> tuple[int, bool]:
        """Send the piece at `start`; where all is there but not yet counted as whole, the last one again."""
        start = start if start < total else (total - 1) // AT_ONCE * AT_ONCE
        source.seek(start)
        piece = source.read(AT_ONCE)
        headers = {"Content-Range": f"bytes {start}-{start + len(piece) - 1}/{total}", "X-Digest": digest}
        status, told, _body = self._ask("PUT", path, piece, headers, needed=total - start)
        have, whole = _number(told, "X-Have"), told.get("X-Whole") == "1"
        if status in _GO_ON or not whole and have <= start:
            raise Unreachable  # what is there is not what was thought: look again
        return have, whole

    def _have(self, path: str) -> tuple[int, bool]:
        _status, told, _body = self._ask("HEAD", path)
        return _number(told, "X-Have"), told.get("X-Whole") == "1"

    def _new(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(self._host, self._port, timeout=self._silence, context=self._tls)

    def _ask(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}, needed: int = 0) -> _Answer:
        """On the line that is open, else on a new one."""
        try:
            with Line():
                self._line = self._line or self._new()
                self._line.request(method, path, body, {**self._headers, **headers})
                answer = self._line.getresponse()
                told = answer.read(LONGEST_LIST)
        except Trouble:
            self._hang_up()
            raise
        if answer.will_close or answer.length:
            self._hang_up()
        _refuse(answer.status, needed)
        return answer.status, answer.headers, told

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()


class _Coming:
    """The rest of a file, on a line of its own."""

    def __init__(self, line: http.client.HTTPSConnection, path: str, headers: Mapping[str, str]) -> None:
        self._line = line
        try:
            line.request("GET", path, headers=dict(headers))
            self._answer = line.getresponse()
            _refuse(self._answer.status)
            if self._answer.status != HTTPStatus.PARTIAL_CONTENT:
                raise http.client.HTTPException("not from there")
        except BaseException:
            line.close()
            raise

    def read(self, size: int) -> bytes:
        return self._answer.read(size)

    def close(self) -> None:
        self._answer.close()
        self._line.close()


def _refuse(status: int, needed: int = 0) -> None:
    """Raise the Trouble of a status that is none of ours to go on with."""
    if status == HTTPStatus.INSUFFICIENT_STORAGE:
        raise NoSpace(needed, 0)
    if status in _TOLD:
        raise _TOLD[status]()  # type: ignore[call-arg]  # each of these brings its own sentence
    if status not in (*_GOOD, *_GO_ON):
        raise Unreachable


def _number(headers: Message, name: str) -> int:
    told = headers.get(name) or "0"
    if not (told.isascii() and told.isdigit() and len(told) < 16):
        raise Unreachable
    return int(told)


def _path(name: str) -> str:
    try:
        return "/" + "/".join(steps(name))
    except ValueError:
        raise Gone from None


def _found(told: object) -> Iterator[Found]:
    for name, size in cast("list[tuple[object, object]]", told):
        if isinstance(name, str) and isinstance(size, int) and named(name) is not None:
            yield Found(name, size)


@contextmanager
def at_hand(fill: Fill) -> Iterator[tuple[BinaryIO, str, int]]:
    """What is to be sent, in a file that can be read from anywhere (what a function makes is kept aside: it is ciphertext), its digest and size."""
    digest = blake2b(digest_size=32)
    if isinstance(fill, Path):
        with fill.open("rb") as source:
            while piece := source.read(PIECE):
                digest.update(piece)
            yield source, digest.hexdigest(), source.tell()
        return
    with SpooledTemporaryFile(max_size=2 * AT_ONCE) as aside:
        def take(piece: memoryview) -> None:
            digest.update(piece)
            aside.write(piece)

        total = in_pieces(fill, take)
        yield cast(BinaryIO, aside), digest.hexdigest(), total
