"""Stacking the blocks of a boxed paper onto pages: page breaks, frames, blank rows to the page's end, 骑缝, QR code and foot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import groupby

from gridapp.printing import boxed
from gridapp.printing.blocks import Block, Builder, Piece, Saying, Strip
from gridapp.printing.boxed import Filled, Part
from gridapp.printing.layout import CONTINUED, MM, Frame, Section, Values
from gridapp.printing.ink import Align, Line
from gridapp.printing.page import Pages
from gridapp.texts import _

_COLOURS = {"red": (0.82, 0.05, 0.05), "grey": (0.55, 0.55, 0.55)}
_QR = 17 * MM
_FOOT = 7 * MM
_RUNNING = 7 * MM
#: a QR code beside the title reaches this far into the upper margin and below it
_QR_HEAD, _QR_UP = 13 * MM, 11 * MM
#: so much white around each photo in a box
_AROUND = 1.2 * MM
_WHOLE = 0.25  # a row up to this share of a page goes over whole; a taller one is torn between lines


@dataclass(frozen=True)
class _Placed:
    """A strip and the block it came from."""

    strip: Strip
    block: Block


def draw(pages: Pages, section: Section, filled: Filled, imprint: object, tick: Callable[[int], None]) -> None:
    """Print a boxed paper for every set of values; `tick` is told how many are done as each page ends."""
    layout = boxed.read(section)
    for done, one in enumerate(filled.values):
        values = Values(section.where, one, imprint)
        for part in layout.parts:
            pages.where = getattr(one, "label", "")
            _Stack(pages, layout.frame, part, values).run(lambda done=done: tick(done))  # type: ignore[misc]
    tick(filled.count)


class _Stack:
    """One part of a paper being drawn."""

    def __init__(self, pages: Pages, frame: Frame, part: Part, values: Values) -> None:
        self._pages, self._frame, self._part, self._values = pages, frame, part, values
        self._bottom = frame.height - frame.bottom - _FOOT - (_QR + 3 * MM if part.qr and part.qr_at == "foot" else 0.0)

    def run(self, tick: Callable[[], None]) -> None:
        frame = self._frame
        sheets = list(self._broken(list(Builder(self._pages, frame.across, self._values).build(self._part.rows))))
        sheets[-1] = list(self._filled(sheets[-1], len(sheets) > 1))
        for number, sheet in enumerate(sheets):
            self._pages.start(frame.width, frame.height)
            self._edges(number > 0)
            self._draw(sheet, self._top(number > 0))
            self._pages.turn()
            tick()
        self._pages.end_section(self._foot)

    def _top(self, continued: bool) -> float:
        return self._frame.top + (_RUNNING if continued else 0.0)

    # -- breaking ---------------------------------------------------------------------------------------------

    def _broken(self, blocks: Sequence[Block]) -> Iterator[list[_Placed]]:
        """The strips of each page; a table's heading is repeated, what must stay together goes over whole."""
        sheet: list[_Placed] = []
        y = self._top(False)
        for place, block in enumerate(blocks):
            for number, strip in enumerate(block.strips):
                need = self._least(strip) if number else self._need(blocks[place:])
                rest: Strip | None = strip
                while rest is not None:
                    if sheet and y + need > self._bottom + 0.01:
                        yield sheet
                        sheet, y = [], self._top(True)
                        if block.head and number:
                            sheet, y = [_Placed(block.head, block)], y + block.head.height
                    strip, rest = self._fitting(rest, self._bottom - y)
                    sheet.append(_Placed(strip, block))
                    y += strip.height
                    need = self._page
        yield sheet

    @property
    def _page(self) -> float:
        """The height of a further page."""
        return self._bottom - self._top(True)

    def _least(self, strip: Strip) -> float:
        return strip.height if strip.height <= _WHOLE * self._page else strip.least

    def _need(self, blocks: Sequence[Block]) -> float:
        """How much room the first of the blocks wants below it on a page, with those it must stay together with."""
        block = blocks[0]
        enter = sum(map(self._least, block.strips[: 2 if block.head else 1]))
        whole = block.height
        if block.keep and len(blocks) > 1:
            whole += self._need(blocks[1:])
        elif not block.together:
            return enter
        return whole if whole <= self._page else enter

    def _fitting(self, strip: Strip, room: float) -> tuple[Strip, Strip | None]:
        if strip.height <= room + 0.01 or not strip.pieces or not any(piece.lines for piece in strip.pieces):
            return strip, None
        first, rest = strip.torn(room)
        return (first, rest) if rest.height else (strip, None)

    def _filled(self, sheet: Sequence[_Placed], continued: bool) -> Iterator[_Placed]:
        """The last page with its rest given to the rows that want it: blank rows of a table, or more room to write."""
        room = self._bottom - self._top(continued) - sum(placed.strip.height for placed in sheet)
        shares = sum({id(placed.block): placed.block.fill for placed in sheet}.values())
        for block, group in groupby(sheet, lambda placed: placed.block):
            strips = [placed.strip for placed in group]
            share = room * block.fill / shares if shares else 0.0
            if share > 0 and block.blank is not None:
                strips = _with_blanks(strips, block.blank, share)
            elif share > 0:
                strips[-1] = replace(strips[-1], height=strips[-1].height + share)
            yield from [_Placed(strip, block) for strip in strips]

    # -- drawing ----------------------------------------------------------------------------------------------

    def _draw(self, sheet: Sequence[_Placed], top: float) -> None:
        thin: set[Line] = set()
        spans: list[tuple[Block, float, float]] = []
        frames: list[tuple[float, float]] = []
        y = top
        for placed in sheet:
            strip, bottom = placed.strip, y + placed.strip.height
            self._strip(strip, y, thin)
            if strip.framed:
                _extend(frames, y, bottom)
            if spans and spans[-1][0] is placed.block:
                spans[-1] = (placed.block, spans[-1][1], bottom)
            else:
                spans.append((placed.block, y, bottom))
            y = bottom
        for block, start, end in spans:
            for piece in block.beside:
                self._piece(piece, start, end - start, thin)
        self._pages.lines(sorted(thin))
        for start, end in frames:
            self._pages.box(self._frame.left, start, self._frame.across, end - start)

    def _strip(self, strip: Strip, y: float, thin: set[Line]) -> None:
        left = self._frame.left
        with self._pages.colour(*_COLOURS[strip.colour]) if strip.colour in _COLOURS else nullcontext():
            for piece in strip.pieces:
                self._piece(piece, y, strip.height, thin if strip.framed else set())
            if strip.saying:
                self._say(strip.saying, left, y)
            if strip.stroke:
                level = y + strip.stroke.drop
                self._pages.lines([(left, level, left + self._frame.across, level)], strip.stroke.thick, strip.stroke.dash)

    def _piece(self, piece: Piece, y: float, height: float, thin: set[Line]) -> None:
        x = self._frame.left + piece.x
        self._pages.block(x, y, piece.width, height, piece.lines, piece.look, piece.size)
        self._hang(piece.pictures, piece.beside, x, y, piece.width, height)
        if piece.ruled and not piece.lines:
            room = height / int(height / piece.ruled)
            self._pages.lines([(x, y + room * line, x + piece.width, y + room * line) for line in range(1, int(height / piece.ruled))], 0.3)
        x, right, y, bottom = (round(value, 2) for value in (x, x + piece.width, y, y + height))
        thin.update(((x, y, right, y), (x, bottom, right, bottom), (x, y, x, bottom), (right, y, right, bottom)))

    def _hang(self, pictures: Sequence[bytes], beside: int, x: float, y: float, width: float, height: float) -> None:
        """Photos so many beside each other, in as many rows (F17: 2×2; a face alone)."""
        across, down = width / beside, height / beside
        for place, picture in enumerate(pictures):
            row, column = divmod(place, beside)
            self._pages.picture(x + column * across + _AROUND, y + row * down + _AROUND, across - 2 * _AROUND, down - 2 * _AROUND, picture)

    def _say(self, saying: Saying, left: float, y: float) -> None:
        x, level = left + saying.x, y + saying.drop
        if saying.flow == "justify":
            self._pages.justified(x, level, saying.text, saying.style, saying.size, saying.width)
        elif saying.flow == "spread":
            self._pages.spread(x, x + saying.width, level, saying.text, saying.style, saying.size)
        else:
            align: Align = saying.flow
            x += {"left": 0.0, "center": saying.width / 2, "right": saying.width}[align]
            self._pages.text(x, level, saying.text, saying.style, saying.size, align, saying.gap)

    # -- around the rows --------------------------------------------------------------------------------------

    def _edges(self, continued: bool) -> None:
        """Corner mark, running title of a further page, the seam, the QR code."""
        frame, part, pages = self._frame, self._part, self._pages
        code = part.qr.fill(self._values)
        beside = _QR_HEAD + 2 * MM if code and part.qr_at == "head" else 0.0
        pages.text(frame.width - frame.right - beside, frame.top - 4 * MM, part.corner.fill(self._values), "song", 9, "right")
        if continued:
            running = part.running.fill(self._values) + CONTINUED
            pages.squeezed(frame.left, frame.top + 3 * MM, running, 9, frame.across)
        if part.seam:
            self._seam(13 * MM if part.seam == "left" else frame.width - 13 * MM)
        if beside:
            pages.qr(frame.width - frame.right - _QR_HEAD, frame.top - _QR_UP, _QR_HEAD, code)
        elif code:
            pages.qr(frame.left, self._bottom + 3 * MM, _QR, code)
            for place, caption in enumerate(part.captions):
                pages.squeezed(frame.left + _QR + 3 * MM, self._bottom + (7 + 4.8 * place) * MM, caption.fill(self._values), 8.5, frame.across - _QR - 3 * MM)

    def _seam(self, x: float) -> None:
        """A dashed line with the number along it: a seal across it hits both parts (骑缝章)."""
        text, middle, size = self._part.seam_text.fill(self._values), self._frame.height / 2, 12.0
        half = self._pages.width("fang", text, size) / 2 + 6
        ends = (20 * MM, middle - half), (middle + half, self._frame.height - 20 * MM)
        self._pages.lines([(x, start, x, end) for start, end in ends], 0.6, "4 3")
        with self._pages.upright(x + size * 0.36, middle):
            self._pages.text(0, 0, text, "fang", size, "center")

    def _foot(self, number: int, total: int) -> None:
        y = self._frame.height - self._frame.bottom - 1 * MM
        counted = _("第 {0} 页　共 {1} 页").format(number, total)
        room = self._frame.across - self._pages.width("song", counted, 9.5) - 4 * MM
        self._pages.squeezed(self._frame.left, y, self._part.foot.fill(self._values), 9, room)
        self._pages.text(self._frame.width - self._frame.right, y, counted, "song", 9.5, "right")


def _with_blanks(strips: list[Strip], blank: Strip, share: float) -> list[Strip]:
    """A table's written rows and as many blank ones, all equally high, as fill the rest of the page."""
    written = [strip for strip in strips if strip is not blank]
    room = share + blank.height * (len(strips) - len(written))
    count = int(room / blank.height)
    return [*written, *[replace(blank, height=room / count)] * count] if count else strips


def _extend(frames: list[tuple[float, float]], start: float, end: float) -> None:
    """One outer frame around rows that touch."""
    if frames and abs(frames[-1][1] - start) < 0.01:
        frames[-1] = (frames[-1][0], end)
    else:
        frames.append((start, end))
