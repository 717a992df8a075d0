"""The letterbox of the town's database as carrier: the same parcels, piece by piece, so that a line that drops costs only what was on its way."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import BinaryIO, TypeVar

from gridapp.exchange.carriers.carrier import PIECE, Fill, Found, Progress, Settled, at_once, only_plain, tell
from gridapp.exchange.carriers.https import at_hand
from gridapp.exchange.carriers.lines import TRIES
from gridapp.exchange.carriers.names import named
from gridapp.exchange.carriers.troubles import Gone, Unreachable
from gridapp.ledger.letters import Letters
from gridapp.store.hub import HubBusy, HubGone, HubUnreachable

T = TypeVar("T")


class Letterbox:
    """Parcels that lie in a town's database; made from `Letters`."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    def list(self) -> Sequence[Found]:
        """Raises Unreachable, HubTrouble."""
        with closing(self._letters):
            return only_plain(Found(letter.name, letter.total) for letter in self._asked(self._letters.here) if letter.whole)

    def open_read(self, name: str) -> BinaryIO:
        """Each piece is asked for by itself, again where the line broke. Raises Gone, Unreachable, HubTrouble (while reading, too)."""
        with closing(self._letters):
            found = self._asked(lambda: self._letters.here(name))
        if not found or not found[0].whole:
            raise Gone

        def piece(place: int) -> bytes:
            with closing(self._letters):
                return self._asked(lambda: self._letters.piece(name, place))

        return io.BufferedReader(_Coming(piece, found[0].total), PIECE)

    def put(self, name: str, fill: Fill, progress: Progress | None = None, size: int = 0) -> None:
        """Goes on from where an earlier try stopped. Raises Unreachable, Stopped, HubTrouble; ValueError for a name that is not a parcel's."""
        if named(name) is None:
            raise ValueError("not a parcel's name")
        with at_hand(fill) as (source, told, total), closing(self._letters):
            digest, have = bytes.fromhex(told), self._begun(name, bytes.fromhex(told))
            while have < total:
                tell(progress, have, total)
                source.seek(have)
                piece = source.read(PIECE)
                self._asked(lambda at=have, data=piece: self._put(name, at, total, digest, data))  # type: ignore[misc]
                have += len(piece)
            if self._begun(name, digest) != total:
                raise Unreachable
            tell(progress, total, total)

    def delete(self, name: str) -> None:
        """Raises Unreachable, HubTrouble."""
        with closing(self._letters):
            self._asked(lambda: self._letters.forget(name))

    def free_space(self) -> int | None:
        return None

    def settle(self) -> Settled:
        return at_once()

    def _begun(self, name: str, digest: bytes) -> int:
        """How much of this very file is here; what another left under its name goes."""
        found = self._asked(lambda: self._letters.here(name))
        if found and found[0].digest != digest:
            self.delete(name)
            return 0
        return found[0].have if found else 0

    def _put(self, name: str, place: int, total: int, digest: bytes, data: bytes) -> None:
        try:
            self._letters.put(name, place, total, digest, data)
        except HubBusy:
            if self._letters.piece(name, place) != data:  # the line broke after the piece had arrived
                raise

    @staticmethod
    def _asked(what: Callable[[], T]) -> T:
        """Again where the line broke, a few times."""
        for attempt in range(TRIES):
            try:
                return what()
            except (HubGone, HubUnreachable) as error:
                if attempt == TRIES - 1:
                    raise Unreachable from error
        raise Unreachable


class _Coming(io.RawIOBase):
    """A letter, read front to back by its pieces."""

    def __init__(self, piece: Callable[[int], bytes], size: int) -> None:
        super().__init__()
        self._piece, self._size, self._place, self._rest = piece, size, 0, b""

    def readable(self) -> bool:
        return True

    def readinto(self, room: object) -> int:
        view = memoryview(room).cast("B")  # type: ignore[arg-type]  # RawIOBase takes any buffer
        if not self._rest and self._place < self._size:
            self._rest = self._piece(self._place)
            if not self._rest:
                raise Gone
        count = min(len(view), len(self._rest))
        view[:count], self._rest = self._rest[:count], self._rest[count:]
        self._place += count
        return count
