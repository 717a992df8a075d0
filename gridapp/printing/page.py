"""The paper in the printer (纸): pages of a PDF, drawn with text, lines, boxes and QR codes; distances in points from the top left."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from gridapp.printing import book
from gridapp.printing.breaking import HANGING, wrap
from gridapp.texts import _

if TYPE_CHECKING:
    from gridapp.printing import outfile
    from gridapp.printing.cidfont import Run
    from gridapp.store.files import Sink

MM = 72 / 25.4
#: the line at the foot of a page: size, and how far from the edges (printers leave 3 mm white)
_TRACE, _TRACE_LEFT, _TRACE_UP = 6.0, 12 * MM, 4.2 * MM
Align = Literal["left", "center", "right"]
Line = tuple[float, float, float, float]
#: what a JPEG begins with, and how many colours one of a camera has
_JPEG, _RGB = b"\xff\xd8\xff", 3
_QR_MASK = 3  # choosing the best of eight masks costs 4 ms a code; any of them scans


def _writer() -> Any:
    """ReportLab's untyped document module, loaded when first needed, so that the window starts without it.

    Same input, same bytes; nothing fetched from anywhere.
    """
    from reportlab import rl_config
    from reportlab.pdfbase import pdfdoc

    rl_config.invariant = 1
    rl_config.useA85 = 0
    rl_config.trustedHosts = None
    rl_config.trustedSchemes = []
    return pdfdoc


@dataclass(frozen=True)
class Look:
    """How a block of text looks: typeface, size in points, side, distance of base lines in sizes, room to the box."""

    style: str = "song"
    size: float = 9.0
    align: Align = "center"
    lead: float = 1.2
    pad: float = 0.8 * MM


@dataclass(frozen=True)
class Place:
    """Where a document stands between two sections: what was written, which characters have a code, the pictures, the pages."""

    written: outfile.Place
    order: tuple[tuple[str, str], ...]
    pictures: Mapping[str, str]
    count: int


class Pages:
    """A PDF being drawn, page after page. `where` says what is being drawn, for a character that no font has.

    Each page goes into `out` as it ends, so that ten thousand take no more memory than one; without `out` into memory (`data`).
    """

    def __init__(self, title: str, day: date | None = None, out: Sink | None = None) -> None:
        self._pdf = _writer()
        from gridapp.printing.cidfont import Typecase
        from gridapp.printing.outfile import Document

        self._memory = BytesIO() if out is None else None
        self._document: Any = Document(self._memory or out)  # type: ignore[arg-type]  # one of them it is
        self._describe(title, day)
        self._drawn_with = self._pdf.PDFDictionary({"Font": self._pdf.PDFObjectReference(self._pdf.BasicFonts)})
        self._pictures: Any = None
        self._resources: str = self._document.Reference(self._drawn_with).format(self._document).decode()
        self._case = Typecase(self._document)
        self._encode = lru_cache(maxsize=1 << 14)(self._case.encode)
        self._wrap = lru_cache(maxsize=1 << 13)(self._broken)
        self._measure = lru_cache(maxsize=1 << 14)(book.width)
        self._drawn: list[str] = []
        self._section: list[tuple[float, float, list[int]]] = []
        self._width = self._height = 0.0
        self.count = self.section_start = 0
        self.where = ""
        #: who printed it when, under which number, and where the audit stood: at the very foot of every page
        self.trace = ""
        #: whether something is marked on this page for want of a glyph
        self._marked = False
        #: whether the page's place in the whole file stands there too (总第 n 页)
        self.counted = False
        #: of a reprint the numbers of the pages wanted; the others are drawn and left out
        self.only: range | None = None
        #: stands in light grey under everything, again and again
        self.watermark = ""
        self._under: dict[tuple[float, float], int] = {}
        self.missing: dict[tuple[str, str], int] = {}
        self.overflow: list[tuple[int, str, str]] = []

    def _describe(self, title: str, day: date | None) -> None:
        """What the file says about itself: the paper's title and day, nobody's name."""
        self._document.setTitle(title)
        self._document.setAuthor("")
        self._document.setSubject("")
        self._document.setCreator("gridapp")
        if day is not None:
            self._document.setDateFormatter(lambda *_clock: f"D:{day:%Y%m%d}000000+08'00'")

    # -- pages ------------------------------------------------------------------------------------------------

    def start(self, width: float, height: float) -> None:
        """A fresh page."""
        self._width, self._height = width, height
        self._drawn = []

    def turn(self) -> None:
        """The page is full; its foot is drawn when the section ends and the number of pages is known."""
        number = self.count + 1
        told = self.trace + (_("　总第 {0} 页").format(number) if self.counted else "")
        if self._marked:
            told = _("{0}　〓 处的字，字库中没有，请手写补上").format(told).strip("　")
        self._marked = False
        if told:
            self.squeezed(_TRACE_LEFT, self._height - _TRACE_UP, told, _TRACE, self._width - 2 * _TRACE_LEFT)
        wanted = self.only is None or number in self.only
        self._section.append((self._width, self._height, [self._packed()] if wanted else []))
        self._drawn = []  # nothing of a page that is left out may come into the foot of another
        self.count = number

    def end_section(self, foot: Callable[[int, int], None]) -> None:
        """Draw `foot(page, pages)` on every page since the last section's end: “第 x 页 共 y 页” without a second pass."""
        for number, (width, height, drawn) in enumerate(self._section, 1):
            if drawn:
                foot(number, len(self._section))
                self._document.page(width, height, self._resources, [*self._beneath(width, height), *drawn, self._packed()])
        self._section = []
        self.section_start = self.count

    def _beneath(self, width: float, height: float) -> list[int]:
        """What lies under the text of a page so large: the watermark, drawn once and shown on all of them."""
        if not self.watermark:
            return []
        if (width, height) not in self._under:
            from gridapp.printing import watermark

            drawn, across = watermark.shapes(self.watermark)
            size = watermark.SIZE
            form = self._document.stream(zlib.compress(drawn.encode("ascii")), f"/Type /XObject /Subtype /Form /BBox [ 0 {-size:.1f} {across:.1f} {size:.1f} ] "
                                                                               "/Resources << >> /Filter /FlateDecode")
            name = f"W{form}"
            self._xobjects()[name] = f"{form} 0 R"
            shown = " ".join(f"q {matrix} cm /{name} Do Q" for matrix in watermark.places(width, height, across))
            self._under[width, height] = self._document.stream(zlib.compress(f"q {watermark.GREY} g {shown} Q".encode("ascii")))
        return [self._under[width, height]]

    def _xobjects(self) -> Any:
        if self._pictures is None:
            self._pictures = self._drawn_with["XObject"] = self._pdf.PDFDictionary({})
        return self._pictures

    def skip_to(self, count: int) -> None:
        """So many pages lie before the next one."""
        self.count = self.section_start = count

    def _packed(self) -> int:
        """What was drawn so far goes out as a compressed stream; its number."""
        data = zlib.compress("\n".join(self._drawn).encode("ascii"))
        self._drawn = []
        number: int = self._document.stream(data)
        return number

    @property
    def place(self) -> Place:
        """Where it stands between two sections; nothing of a page may be open."""
        assert not self._section
        return Place(self._document.place, tuple(self._case.order), {name: str(told) for name, told in self._pictures.dict.items()} if self._pictures else {}, self.count)

    def go_on(self, place: Place) -> None:
        """Go on after `place`, as if everything before had been drawn here."""
        for style, char in place.order[len(self._case.order):]:
            self._case.cast(style, char)
        self._document.go_on(place.written)
        if place.pictures:
            self._pictures = self._drawn_with["XObject"] = self._pdf.PDFDictionary(dict(place.pictures))
        self.count = self.section_start = place.count

    def finish(self) -> None:
        """Write what stands at the end of the file: the typefaces, and where everything lies."""
        self._document.finish()

    def data(self) -> bytes:
        """The finished file, when it was made in memory."""
        assert self._memory is not None
        self.finish()
        return self._memory.getvalue()

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

    def picture(self, x: float, y: float, width: float, height: float, jpeg: bytes) -> None:
        """A photo as it is kept, as large as the box takes it, in its middle; nothing where it is no JPEG (see `jpeg_size`)."""
        size = jpeg_size(jpeg)
        if size is None:
            return
        name, scale = f"P{len(self._xobjects().dict)}", min(width / size[0], height / size[1])
        number = self._document.stream(jpeg, f"/Type /XObject /Subtype /Image /Width {size[0]} /Height {size[1]} /ColorSpace "
                                             f"/Device{'RGB' if size[2] == _RGB else 'Gray'} /BitsPerComponent 8 /Filter /DCTDecode")
        self._pictures[name] = f"{number} 0 R"
        across, down = size[0] * scale, size[1] * scale
        left, bottom = x + (width - across) / 2, self._height - y - (height + down) / 2
        self._drawn.append(f"q {across:.2f} 0 0 {down:.2f} {left:.2f} {bottom:.2f} cm /{name} Do Q")

    def qr(self, x: float, y: float, size: float, payload: str) -> None:
        """A QR code; keep the payload short (a house number), its squares are bigger then."""
        import segno

        rows = segno.make(payload, error="m", micro=False, mask=_QR_MASK).matrix
        unit = size / len(rows)
        bars = [f"{start} {row} {length} 1 re" for row, cells in enumerate(rows) for start, length in _bars(cells)]
        matrix = f"{unit:.5f} 0 0 {-unit:.5f} {x:.2f} {self._height - y:.2f}"
        self._drawn.append(f"q {matrix} cm {' '.join(bars)} f Q")


def jpeg_size(data: bytes) -> tuple[int, int, int] | None:
    """Width, height and colours (1 or 3) as the head of a JPEG tells them; None for what is no JPEG a printer takes. No pixel is looked at."""
    from reportlab.pdfbase.pdfdoc import PDFError
    from reportlab.pdfbase.pdfutils import readJPEGInfo

    try:
        width, height, colours = readJPEGInfo(BytesIO(data))[:3] if data.startswith(_JPEG) else (0, 0, 0)
    except (PDFError, struct.error):
        return None
    return (width, height, colours) if width and height and colours in (1, _RGB) else None


def _bars(cells: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of dark squares: start and length."""
    start = 0
    for place, dark in enumerate([*cells, 0]):
        if not dark:
            if place > start:
                yield start, place - start
            start = place + 1
