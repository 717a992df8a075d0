"""One face for everything that carries parcels. Nothing relies on a carrier's times, order, names or locks: content alone counts."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from gridapp.exchange.carriers.names import named
from gridapp.exchange.carriers.troubles import Gone, Stopped
from gridapp.texts import _

#: bytes written or read at a time; between two pieces the officer may stop it
PIECE = 1 << 20
#: what a parcel is made from: a function that writes it front to back, or a file that holds it
Fill = Callable[[BinaryIO], object] | Path
#: told (bytes done, bytes in all or 0 when not known); False stops
Progress = Callable[[int, int], bool]


class Found(NamedTuple):
    """A file on a carrier that may be a parcel."""

    name: str
    size: int


@dataclass(frozen=True)
class Settled:
    """Whether the carrier may be taken away now, and the sentence that says so."""

    free_to_go: bool
    text: str


class Carrier(Protocol):
    """A stick, a folder, a server: lists, gives out, takes in and forgets files by name. All raise the Trouble of `troubles`."""

    def list(self) -> Sequence[Found]:
        """Files that may be parcels, half-written ones too: the trailer of a parcel says whether it is whole, not its name."""

    def open_read(self, name: str) -> BinaryIO:
        """A listed file, to be read. Raises Gone when it is not there or is no plain file."""

    def put(self, name: str, fill: Fill, progress: Progress | None = None, size: int = 0) -> None:
        """Take a parcel in under a name of `names.name_of`; back only when it was found whole there, else nothing under that name.

        `size`: how big it will be, where `fill` is a function and that is known. Raises Stopped when `progress` says so.
        """

    def delete(self, name: str) -> None:
        """Forget a file; no harm when it is not there."""

    def free_space(self) -> int | None:
        """Bytes there is room for; None when the carrier does not tell."""

    def settle(self) -> Settled:
        """Finish: flush, and let go of a stick where the system can."""


def tell(progress: Progress | None, done: int, total: int) -> None:
    """Report how far it is. Raises Stopped when the officer does not want to go on."""
    if progress is not None and not progress(done, total):
        raise Stopped


def written(fill: Fill, into: BinaryIO) -> None:
    """Write what `fill` makes or holds, front to back."""
    if not isinstance(fill, Path):
        fill(into)
        return
    with fill.open("rb") as source:
        while piece := source.read(PIECE):
            into.write(piece)


def size_of(fill: Fill, told: int) -> int:
    return fill.stat().st_size if isinstance(fill, Path) else told


def at_once() -> Settled:
    """What a carrier without a stick says at the end."""
    return Settled(True, _("已送到，并已核对。"))


def clear(carrier: Carrier, parcels: Collection[bytes]) -> int:
    """Take old parcels of ours off a carrier, given by their ids (a stick may hold other villages' for the same town); bytes freed."""
    freed = 0
    for name, size in carrier.list():
        told = named(name)
        if told is not None and told.parcel in parcels:
            with suppress(Gone):
                carrier.delete(name)
                freed += size
    return freed


class Pieces(io.RawIOBase):
    """A file to write to, front to back, whose bytes go on piece by piece to `take`."""

    def __init__(self, take: Callable[[memoryview], None]) -> None:
        super().__init__()
        self._take, self.done = take, 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data).cast("B")  # type: ignore[arg-type]  # RawIOBase takes any buffer
        for start in range(0, len(view), PIECE):
            self._take(view[start:start + PIECE])
        self.done += len(view)
        return len(view)

    def tell(self) -> int:
        return self.done


def in_pieces(fill: Fill, take: Callable[[memoryview], None]) -> int:
    """Hand what `fill` makes to `take`, a piece at a time; how many bytes there were."""
    raw = Pieces(take)
    buffer = io.BufferedWriter(raw, PIECE)
    try:
        written(fill, buffer)
        buffer.flush()
    finally:
        with suppress(OSError, ValueError):
            buffer.detach()  # closing would try once more to write what could not be written
    return raw.done


def only_plain(found: Iterable[Found], at_most: int = 10_000) -> Sequence[Found]:
    """In an order that is the same everywhere, and never more than a stick could mean."""
    return sorted(found)[:at_most]
