"""Drawing on a page (墨): text, lines, boxes and QR codes as the operators of a PDF; distances in points from the top left."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Literal

from gridapp.printing import book
from gridapp.printing.breaking import HANGING, wrap
from gridapp.printing.layout import MM

if TYPE_CHECKING:
    from gridapp.printing.cidfont import Run

Align = Literal["left", "center", "right"]
Line = tuple[float, float, float, float]
_QR_MASK = 3  # choosing the best of eight masks costs 4 ms a code; any of them scans


@dataclass(frozen=True)
class Look:
    """How a block of text looks: typeface, size in points, side, distance of base lines in sizes, room to the box."""

    style: str = "song"
    size: float = 9.0
    align: Align = "center"
    lead: float = 1.2
    pad: float = 0.8 * MM


class Ink:
    """What is drawn on the page of the moment. `where` says what is being drawn, for a character that no font has."""

    def __init__(self, encode: Callable[[str, str], Run]) -> None:
        self._encode = lru_cache(maxsize=1 << 14)(encode)
        self._wrap = lru_cache(maxsize=1 << 13)(self._broken)
        self._measure = lru_cache(maxsize=1 << 14)(book.width)
        self._drawn: list[str] = []
        self._width = self._height = 0.0
        #: pages that are done
        self.count = 0
        self.where = ""
        #: whether something is marked on this page for want of a glyph
        self._marked = False
        self.missing: dict[tuple[str, str], int] = {}
        self.overflow: list[tuple[int, str, str]] = []

    # -- text -------------------------------------------------------------------------------------------------

    def width(self, style: str, text: str, size: float) -> float:
        """Width of a line in points."""
        return self._encode(style, text).width * size / 1000

    def text(
        self, x: float, y: float, text: str, style: str = "song", size: float = 10.5, align: Align = "left", gap: float = 0.0
    ) -> None:
        """One line with its base line at `y`; `gap` is added after every character."""
        if not text:
            return
        run = self._encode(style, text)
        if run.missing:
            self._note(run)
        if align != "left":
            across = run.width * size / 1000 + gap * (run.length - 1)
            x -= across / 2 if align == "center" else across
        y = self._height - y
        strings = " ".join([f"/{font} {size:g} Tf <{codes}> Tj" for font, codes in run.parts])
        if gap:
            self._drawn.append(f"BT {gap:.3f} Tc {x:.2f} {y:.2f} Td {strings} 0 Tc ET")
        else:
            self._drawn.append(f"BT {x:.2f} {y:.2f} Td {strings} ET")
        for place in run.ticks:
            self._tick(x + place * size / 1000, y, size)

    def wrapped(self, text: str, style: str, size: float, width: float, indent: float = 0.0) -> list[str]:
        """The lines of a text in a width; what is wider than the column in spite of all is told in `overflow`."""
        lines, over = self._wrap(text, style, size, width, indent)
        if over:
            self.overflow.append((self.count + 1, self.where, text))
        return lines

    def _broken(self, text: str, style: str, size: float, width: float, indent: float) -> tuple[list[str], bool]:
        lines = wrap(text, width * 1000 / size, partial(self._measure, style), indent * 1000 / size)
        widest = max(self.width(style, line.rstrip(" "), size) for line in lines)
        return lines, widest > width + size / 2 + 0.01

    def fitted(self, text: str, style: str, size: float, least: float, width: float) -> tuple[list[str], float]:
        """Lines and type size: on one line in `size`, or a little smaller down to `least`, else broken in `size`."""
        natural = self._encode(style, text).width / 1000 if text else 0.0  # if it fits it is drawn as it is
        if "\n" not in text:
            if natural * size <= width:
                return [text], size
            if natural * least <= width:
                return [text], math.floor(width / natural * 20) / 20
        return self.wrapped(text, style, size, width), size

    def block(
        self, x: float, y: float, width: float, height: float, lines: Sequence[str], look: Look, size: float | None = None
    ) -> None:
        """Lines of text in a box, centred from top to bottom."""
        size = size or look.size
        y += height / 2 - (len(lines) - 1) * size * look.lead / 2 + size * 0.37
        x += look.pad if look.align == "left" else width / 2 if look.align == "center" else width - look.pad
        for line in lines:
            if line:
                self.text(x, y, line, look.style, size, look.align)
            y += size * look.lead

    def _note(self, run: Run) -> None:
        self._marked = True
        for char in run.missing:
            self.missing.setdefault((char, self.where), self.count + 1)

    def _tick(self, x: float, y: float, size: float) -> None:
        points = [(x + size * across, y + size * up) for across, up in ((0.22, 0.36), (0.44, 0.14), (0.82, 0.68))]
        (a, b), (c, d), (e, f) = points
        self._drawn.append(f"q {size * 0.1:.2f} w 1 J 1 j {a:.2f} {b:.2f} m {c:.2f} {d:.2f} l {e:.2f} {f:.2f} l S Q")

    def spread(self, left: float, right: float, y: float, text: str, style: str, size: float) -> None:
        """Characters spread evenly between two edges, smaller when they would not fit (发文机关标志)."""
        natural = self.width(style, text, size)
        if natural > right - left:
            size *= (right - left) / natural
            natural = right - left
        gap = (right - left - natural) / (len(text) - 1) if len(text) > 1 else 0.0
        self.text((left + right) / 2, y, text, style, size, "center", gap)

    def squeezed(self, x: float, y: float, text: str, size: float, width: float) -> None:
        """One line from the left in 宋体, smaller when it would not fit in `width`."""
        self.text(x, y, text, "song", size * min(1.0, width / max(width, self.width("song", text, size))))

    def justified(self, x: float, y: float, text: str, style: str, size: float, width: float) -> None:
        """One line stretched to `width`; a closing mark at its end hangs out by half."""
        natural = self.width(style, text, size)
        if text and text[-1] in HANGING and natural > width:
            width += size / 2
        gap = (width - natural) / (len(text) - 1) if len(text) > 1 else 0.0
        self.text(x, y, text, style, size, gap=gap if abs(gap) < size / 2 else 0.0)

    # -- shapes -----------------------------------------------------------------------------------------------

    def lines(self, lines: Iterable[Line], thick: float = 0.5, dash: str = "") -> None:
        """Straight lines (x, y, x, y)."""
        top = self._height
        paths = " ".join([f"{a:.2f} {top - b:.2f} m {c:.2f} {top - d:.2f} l" for a, b, c, d in lines])
        if paths:
            self._drawn.append(f"q {thick:g} w {f'[{dash}] 0 d' if dash else '2 J'} {paths} S Q")

    def box(self, x: float, y: float, width: float, height: float, thick: float = 1.0) -> None:
        """A frame."""
        self._drawn.append(f"q {thick:g} w {x:.2f} {self._height - y - height:.2f} {width:.2f} {height:.2f} re S Q")

    def filled(self, x: float, y: float, width: float, height: float) -> None:
        """A rectangle without a frame, in the colour of the moment."""
        self._drawn.append(f"{x:.2f} {self._height - y - height:.2f} {width:.2f} {height:.2f} re f")

    @contextmanager
    def colour(self, red: float, green: float, blue: float) -> Iterator[None]:
        """Everything drawn inside is in this colour."""
        self._drawn.append(f"q {red:g} {green:g} {blue:g} rg {red:g} {green:g} {blue:g} RG")
        yield
        self._drawn.append("Q")

    def upright(self, x: float, y: float) -> AbstractContextManager[None]:
        """Everything drawn inside stands on its side, reading upward, with its origin at (x, y)."""
        return self.turned(x, y, 0, 1)

    @contextmanager
    def turned(self, x: float, y: float, across: float, up: float) -> Iterator[None]:
        """Everything drawn inside reads into this direction (a unit vector, up is up), with its origin at (x, y)."""
        self._drawn.append(f"q {across:.4g} {up:.4g} {-up:.4g} {across:.4g} {x:.2f} {self._height - y:.2f} cm")
        height, self._height = self._height, 0.0
        yield
        self._height = height
        self._drawn.append("Q")

    def qr(self, x: float, y: float, size: float, payload: str) -> None:
        """A QR code; keep the payload short (a house number), its squares are bigger then."""
        bars, across = _squares(payload)
        unit = size / across
        self._drawn.append(f"q {unit:.5f} 0 0 {-unit:.5f} {x:.2f} {self._height - y:.2f} cm {bars} f Q")


@lru_cache(maxsize=256)
def _squares(payload: str) -> tuple[str, int]:
    """The dark squares of a QR code in squares from its corner, and how many it is wide."""
    import segno

    rows = segno.make(payload, error="m", micro=False, mask=_QR_MASK).matrix
    return " ".join([f"{start} {row} {length} 1 re" for row, cells in enumerate(rows) for start, length in _bars(cells)]), len(rows)


def _bars(cells: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of dark squares: start and length."""
    start = 0
    for place, dark in enumerate([*cells, 0]):
        if not dark:
            if place > start:
                yield start, place - start
            start = place + 1
