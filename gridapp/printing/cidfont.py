"""Putting a typeface into a PDF as one composite font (Type0, Identity-H) whose text comes out again as it went in.

ReportLab's own TTFont writes a wrong ToUnicode map above U+FFFF (王𬱟 came back as 王ⳅ) and cuts a face into fonts of 256
characters; one composite font per face loses nothing and is 1.7 times faster. It leans on ReportLab's delayed fonts
(`PDFDocument.delayedFonts`, the `BasicFonts` dictionary), hence `reportlab>=5.1,<6` and the tests that read the text back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfdoc

from gridapp.printing import book

_MAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_MAP_FOOT = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
_SYMBOLIC, _BOLD = 4, 1 << 18


class Run(NamedTuple):
    """A text ready to be drawn: its parts (PDF font, hex string), width in thousandths, what no font has, where ticks go."""

    parts: tuple[tuple[str, str], ...]
    width: float
    length: int
    missing: str
    ticks: tuple[float, ...]


class Embedding:
    """One face in one document: a code for each character used, and the font objects once the document is complete."""

    def __init__(self, name: str, resource: str) -> None:
        self.resource = resource
        self._name = name
        self._font = book.face(name)
        self._chars: list[str] = []
        self._glyphs = [0]
        self._widths = [0.0]

    def code(self, char: str, glyph: book.Glyph) -> str:
        """A new four-digit code for `char`; two characters never share one, even where they share a shape."""
        self._chars.append(char)
        self._glyphs.append(glyph.number)
        self._widths.append(glyph.width)
        return f"{len(self._chars):04X}"

    def addObjects(self, document: Any) -> None:  # noqa: N802 - ReportLab's name; `document` is its untyped PDFDocument
        """Called by ReportLab when it writes the file."""
        digest = hashlib.sha256("".join(self._chars).encode()).digest()
        document.updateSignature(digest)
        tag = "".join(chr(65 + byte % 26) for byte in digest[:6])
        base = pdfdoc.PDFName(f"{tag}+{self._font.name}")
        parts = {"Type": "/Font", "Subtype": "/Type0", "BaseFont": base, "Encoding": "/Identity-H"}
        parts["DescendantFonts"] = pdfdoc.PDFArray([document.Reference(self._descendant(document, base))])
        parts["ToUnicode"] = document.Reference(_stream(self._unicode_map().encode()))
        document.idToObject[pdfdoc.BasicFonts].dict[self.resource] = document.Reference(pdfdoc.PDFDictionary(parts))

    def _descendant(self, document: Any, base: Any) -> Any:
        system = {"Registry": pdfdoc.PDFString("Adobe"), "Ordering": pdfdoc.PDFString("Identity"), "Supplement": 0}
        return pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": base,
                "CIDSystemInfo": pdfdoc.PDFDictionary(system),
                "DW": 1000,
                "W": pdfdoc.PDFArray(self._width_list()),
                "CIDToGIDMap": "/Identity",
                "FontDescriptor": document.Reference(self._descriptor(document, base)),
            }
        )

    def _descriptor(self, document: Any, base: Any) -> Any:
        font, data = self._font, self._font.subset(self._glyphs)
        scaled = [round(value * font.scale) for value in (*font.box, font.ascent, font.descent, font.cap_height)]
        return pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": base,
                "Flags": _SYMBOLIC | (_BOLD if font.weight >= 600 else 0),
                "FontBBox": pdfdoc.PDFArray(scaled[:4]),
                "ItalicAngle": 0,
                "Ascent": scaled[4],
                "Descent": scaled[5],
                "CapHeight": scaled[6],
                "StemV": 80,
                "FontFile2": document.Reference(_stream(data, Length1=len(data))),
            }
        )

    def _width_list(self) -> list[Any]:
        """Widths that are not the usual 1000, each with its code in front."""
        out: list[Any] = []
        for code, width in enumerate(self._widths):
            if round(width) != 1000:
                out += [code, pdfdoc.PDFArray([round(width)])]
        return out

    def _unicode_map(self) -> str:
        rows = [f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>" for code, char in enumerate(self._chars, 1)]
        blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
        texts = [f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks]
        return _MAP_HEAD + "".join(texts) + _MAP_FOOT


def _stream(data: bytes, **entries: int) -> Any:
    return pdfdoc.PDFStream(pdfdoc.PDFDictionary(dict(entries)), data, [pdfdoc.PDFZCompress])


class _Codes(dict[str, tuple[str, str, float] | None]):
    """One style in one document: for each character the PDF font, the code and the width; None when no font has it."""

    def __init__(self, case: Typecase, style: str) -> None:
        super().__init__()
        self._case, self._style = case, style

    def __missing__(self, char: str) -> tuple[str, str, float] | None:
        found = self[char] = self._case.cast(self._style, char)
        return found


class Typecase:
    """The type of one document (字盘): faces embedded as they are needed."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._faces: dict[str, Embedding] = {}
        self._cast: dict[tuple[str, str], tuple[str, str, float]] = {}
        #: the characters in the order in which they got their codes, each with the style that asked first
        self.order: list[tuple[str, str]] = []
        self._codes = {style: _Codes(self, style) for style in book.FACES}

    def cast(self, style: str, char: str) -> tuple[str, str, float] | None:
        """Font, code and width for a character; one code per face and character, whatever the style that asked."""
        glyph = book.SHELVES[style][char]
        if glyph is None:
            return None
        key = (glyph.face, char)
        if key not in self._cast:
            face = self._face(glyph.face)
            self._cast[key] = (face.resource, face.code(char, glyph), glyph.width)
            self.order.append((style, char))
        return self._cast[key]

    def _face(self, name: str) -> Embedding:
        if name not in self._faces:
            self._faces[name] = Embedding(name, f"F{len(self._faces) + 1}")
            self._document.delayedFonts.append(self._faces[name])
        return self._faces[name]

    def encode(self, style: str, text: str) -> Run:
        """A line of text as PDF strings; what no font has is drawn as 〓(U+33479) and reported in `missing`."""
        codes = self._codes[style]
        letters = book.letters(text)
        cells = [codes[char] for char in letters]
        missing = ""
        if None in cells:
            missing = "".join(char for char, cell in zip(letters, cells, strict=True) if cell is None)
            letters = book.letters(book.marked(text, style))
            cells = [codes[char] for char in letters]
        full = [cell for cell in cells if cell is not None]
        ticks = _ticks(letters, full) if book.TICKED in letters else ()
        return Run(_parts(full), sum([cell[2] for cell in full]), len(full), missing, ticks)


def _parts(cells: list[tuple[str, str, float]]) -> tuple[tuple[str, str], ...]:
    if len({cell[0] for cell in cells}) == 1:
        return ((cells[0][0], "".join([cell[1] for cell in cells])),)
    parts: list[tuple[str, list[str]]] = []
    for font, code, _width in cells:
        if parts and parts[-1][0] == font:
            parts[-1][1].append(code)
        else:
            parts.append((font, [code]))
    return tuple((font, "".join(codes)) for font, codes in parts)


def _ticks(letters: Sequence[str], cells: list[tuple[str, str, float]]) -> tuple[float, ...]:
    """How far from the start each ☑ stands, in thousandths; its box is a glyph, its tick a drawn line."""
    place, found = 0.0, []
    for char, cell in zip(letters, cells, strict=True):
        if char == book.TICKED:
            found.append(place)
        place += cell[2]
    return tuple(found)
