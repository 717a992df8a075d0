"""What is known of a batch of papers (一批): its list, what is drawn so far in sealed pieces, and how many pages each house took."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

import cbor2

from gridapp.printing import outfile
from gridapp.printing.book import FACES
from gridapp.printing.page import Pages, Place
from gridapp.store.remains import Remains
from gridapp.work.since import Position

_STYLES = {style[0]: style for style in FACES}
#: what Windows takes in no file's name, the names it keeps for itself, and how long one may be with the folder before it
_BAD = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_KEPT_BACK = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_LONGEST = 80


@dataclass(frozen=True)
class Item:
    """One house of the list: its village in a town's ledger, its id, and what it is called."""

    scope: str
    id: UUID
    name: str


@dataclass(frozen=True)
class Plan:
    """What is to be printed where, for whom and under which number; `position`: where the journal stood then. `counts` once it is finished."""

    number: str
    items: tuple[Item, ...]
    out: str
    one_file: bool
    mark_missing: bool
    officer: int
    day: date
    maker: str
    trace: str
    position: Position
    masked: bool = False
    watermark: str = ""
    finished: bool = False
    counts: tuple[int, ...] = ()

    def dump(self) -> bytes:
        return cbor2.dumps([self.number, [[item.scope, item.id.bytes, item.name] for item in self.items], self.out, self.one_file, self.mark_missing,
                            self.officer, self.day.isoformat(), self.maker, self.trace, self.position, self.masked, self.watermark, self.finished, self.counts])

    @classmethod
    def load(cls, data: bytes) -> Plan:
        number, items, out, one_file, marks, officer, day, maker, trace, position, masked, watermark, finished, counts = cbor2.loads(data)
        return cls(number, tuple(Item(scope, UUID(bytes=key), name) for scope, key, name in items), out, one_file, marks, officer,
                   date.fromisoformat(day), maker, trace, tuple((no, sid, pos) for no, sid, pos in position), masked, watermark, finished, tuple(counts))


@dataclass(frozen=True)
class Piece:
    """Some houses that are done: from the how-manieth on, the pages of each; of a single file the bytes, and what they added to its place."""

    first: int
    counts: tuple[int, ...]
    before: bytes = b""
    body: bytes = b""
    place: Place | None = None

    def dump(self) -> bytes:
        told = self.place
        return cbor2.dumps([self.first, self.counts, self.before, self.body, None if told is None else [
            told.written.offset, told.written.counter, told.written.digest, told.written.offsets, told.written.kids,
            "".join(style[0] + char for style, char in told.order), dict(told.pictures), told.count]])

    @classmethod
    def load(cls, data: bytes) -> Piece:
        first, counts, before, body, told = cbor2.loads(data)
        return cls(first, tuple(counts), before, body, None if told is None else Place(outfile.Place(*told[:5]), _order(told[5]), told[6], told[7]))


def _order(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((_STYLES[text[place]], text[place + 1]) for place in range(0, len(text), 2))


def safe_name(name: str) -> str:
    """A name as every system takes it for a file: no sign Windows refuses, none of its own names, not longer than fits."""
    safe = _BAD.sub("_", name).strip(" .")[:_LONGEST].rstrip(" .") or "_"
    return f"_{safe}" if _KEPT_BACK.fullmatch(safe.split(".")[0].strip()) else safe


class _Tray:
    """Takes what a document gives out, until it is put away."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes, /) -> None:
        self._parts.append(data)

    def empty(self) -> bytes:
        told = b"".join(self._parts)
        self._parts.clear()
        return told


@dataclass
class Batch:
    """A batch as one goes on with it. `taken_up`: it was begun at another time."""

    remains: Remains
    plan: Plan
    counts: list[int] = field(default_factory=list)
    taken_up: bool = False
    _kept: int = 0
    _page: Pages | None = None
    _tray: _Tray = field(default_factory=_Tray)
    _place_now: Place | None = None
    _alike: Counter[str] = field(default_factory=Counter)

    @classmethod
    def load(cls, remains: Remains) -> Batch:
        """As it was left."""
        data = remains.plan
        assert data is not None
        batch = cls(remains, Plan.load(data), taken_up=True)
        batch.reload()
        return batch

    def reload(self) -> None:
        """What is done is what lies on the disk."""
        self._page = self._place_now = None
        self._kept, self.counts = 0, list(self.plan.counts)
        for piece in () if self.plan.finished else self.pieces():
            self.counts += piece.counts
            self._kept += 1

    @property
    def done(self) -> int:
        """How many houses."""
        return len(self.counts)

    @property
    def pages(self) -> int:
        return sum(self.counts)

    def spans(self) -> Iterator[tuple[Item, int, int]]:
        """Each house that is done, how many pages lie before it, and how many it took."""
        before = 0
        for item, count in zip(self.plan.items, self.counts, strict=False):
            yield item, before, count
            before += count

    def file_name(self, item: Item) -> str:
        """A file of its own for one house, by its number, as every system takes it; two houses never share one."""
        if not self._alike:
            self._alike = Counter(safe_name(other.name).lower() for other in self.plan.items)
        safe = safe_name(item.name)
        return f"{safe}{f' {item.id.hex[-8:]}' if self._alike[safe.lower()] > 1 else ''} {self.plan.number}.pdf"

    # -- the document

    def page(self, title: str) -> Pages:
        """The document, standing behind what is done."""
        if self._page is None:
            self._tray = _Tray()
            self._page = Pages(title, self.plan.day, self._tray)
            self._page.trace, self._page.watermark = self.plan.trace, self.plan.watermark
            place = self._place()
            if place is not None:
                self._tray.empty()
                self._page.go_on(place)
        return self._page

    def forget_page(self) -> None:
        """What was drawn since the last piece counts for nothing."""
        self._page = None

    def ending(self, title: str) -> bytes:
        """What stands at the end of the file."""
        self.page(title).finish()
        told = self._tray.empty()
        self.forget_page()
        return told

    # -- pieces

    def pieces(self) -> Iterator[Piece]:
        """In order, as far as each follows the one before."""
        first, digest = 0, b""
        for data in self.remains.pieces():
            piece = Piece.load(data)
            if piece.first != first or piece.before != digest:
                return
            yield piece
            first, digest = first + len(piece.counts), piece.place.written.digest if piece.place else b""

    def keep(self, first: int, counts: tuple[int, ...]) -> None:
        """These houses are done. Raises DiskFull, CannotWrite; then they count for nothing."""
        piece = Piece(first, counts)
        if self._page is not None:
            before, now = self._place(), self._page.place
            piece = replace(piece, before=before.written.digest if before else b"", body=self._tray.empty(), place=_added(before, now))
        self.remains.keep(self._kept, piece.dump())
        self._kept += 1
        self.counts += counts
        self._place_now = self._page.place if self._page is not None else None

    def _place(self) -> Place | None:
        """Where the document stood after the last piece."""
        if self._place_now is None and self._kept:
            for piece in self.pieces():
                if piece.place is not None:
                    self._place_now = _together(self._place_now, piece.place)
        return self._place_now

    def finish(self) -> None:
        """Its files are in their place."""
        self.plan = replace(self.plan, finished=True, counts=tuple(self.counts))
        self.remains.keep_plan(self.plan.dump())
        self.remains.drop_pieces()

    def mark_missing(self) -> None:
        """Print characters no font has as 〓 from here on."""
        self.plan = replace(self.plan, mark_missing=True)
        self.remains.keep_plan(self.plan.dump())


def _added(before: Place | None, now: Place) -> Place:
    """What came to a place since the one before: a piece stays small, however long the file is."""
    if before is None:
        return now
    known = before.written
    written = outfile.Place(now.written.offset, now.written.counter, now.written.digest, now.written.offsets[len(known.offsets):],
                            now.written.kids[len(known.kids):])
    return Place(written, now.order[len(before.order):], now.pictures, now.count)


def _together(before: Place | None, more: Place) -> Place:
    if before is None:
        return more
    told = more.written
    written = outfile.Place(told.offset, told.counter, told.digest, before.written.offsets + told.offsets, before.written.kids + told.kids)
    return Place(written, before.order + more.order, more.pictures, more.count)
