"""The paper in the printer (纸): the pages of a PDF, what stands at the foot of each and lies beneath it, and its photos."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from gridapp.printing.ink import Ink
from gridapp.printing.layout import MM
from gridapp.texts import _

if TYPE_CHECKING:
    from gridapp.printing import outfile
    from gridapp.store.files import Sink

#: the line at the foot of a page: size, and how far from the edges (printers leave 3 mm white)
_TRACE, _TRACE_LEFT, _TRACE_UP = 6.0, 12 * MM, 4.2 * MM
#: what a JPEG begins with, and how many colours one of a camera has
_JPEG, _RGB = b"\xff\xd8\xff", 3


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
class Place:
    """Where a document stands between two sections: what was written, which characters have a code, the pictures, the pages."""

    written: outfile.Place
    order: tuple[tuple[str, str], ...]
    pictures: Mapping[str, str]
    count: int


class Pages(Ink):
    """A PDF being drawn, page after page.

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
        super().__init__(self._case.encode)
        self._section: list[tuple[float, float, list[int]]] = []
        self.section_start = 0
        #: who printed it when, under which number, and where the audit stood: at the very foot of every page
        self.trace = ""
        #: whether the page's place in the whole file stands there too (总第 n 页)
        self.counted = False
        #: of a reprint the numbers of the pages wanted; the others are drawn and left out
        self.only: range | None = None
        #: stands in light grey under everything, again and again
        self.watermark = ""
        self._under: dict[tuple[float, float], int] = {}

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


def jpeg_size(data: bytes) -> tuple[int, int, int] | None:
    """Width, height and colours (1 or 3) as the head of a JPEG tells them; None for what is no JPEG a printer takes. No pixel is looked at."""
    from reportlab.pdfbase.pdfdoc import PDFError
    from reportlab.pdfbase.pdfutils import readJPEGInfo

    try:
        width, height, colours = readJPEGInfo(BytesIO(data))[:3] if data.startswith(_JPEG) else (0, 0, 0)
    except (PDFError, struct.error):
        return None
    return (width, height, colours) if width and height and colours in (1, _RGB) else None
