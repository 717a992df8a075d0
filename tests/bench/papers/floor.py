"""The floor: content streams written by hand, no PDF library; own objects, zlib, one subset of each face."""

from __future__ import annotations

import zlib
from pathlib import Path

from gridapp import places
from gridapp.printing.fontfile import FontFile
from tests.bench.papers import lay

FACES = {"song": ("FormSong", "FormLatin", "FormRareA", "FormRareB"), "hei": ("FormHei", "FormSong"), "biao": ("FormBiaoSong", "FormSong")}
HEIGHT = lay.FRAME.height


class Case:
    """The faces of the file and a code for every character met."""

    def __init__(self) -> None:
        self.fonts: dict[str, FontFile] = {}
        self.used: dict[str, list[tuple[str, int, float]]] = {}
        self._codes: dict[str, dict[str, tuple[str, str, float]]] = {style: {} for style in FACES}

    def code(self, style: str, char: str) -> tuple[str, str, float]:
        """Face, code and width."""
        known = self._codes[style]
        if char not in known:
            known[char] = self._find(style, char)
        return known[char]

    def _find(self, style: str, char: str) -> tuple[str, str, float]:
        for name in FACES[style]:
            if name not in self.fonts:
                self.fonts[name], self.used[name] = FontFile(places.font(name)), []
            font = self.fonts[name]
            glyph = font.glyphs.get(ord(char))
            if glyph:
                self.used[name].append((char, glyph, font.width(glyph)))
                return name, f"{len(self.used[name]):04X}", font.width(glyph)
        raise ValueError(char)

    def measure(self, style: str, text: str) -> float:
        known = self._codes[style]
        try:
            return sum([known[char][2] for char in text])
        except KeyError:
            return sum([self.code(style, char)[2] for char in text])

    def show(self, text: lay.Text) -> str:
        """The operators of one line."""
        known, size, out, font, codes = self._codes[text.style], text.size, "", "", ""
        for char in text.text:
            face, code, _width = known[char] if char in known else self.code(text.style, char)
            if face == font:
                codes += code
            else:
                out += f"<{codes}>Tj " if codes else ""
                out += f"/{face} {size:g} Tf "
                font, codes = face, code
        return f"BT {text.x:.2f} {HEIGHT - text.y:.2f} Td {out}<{codes}>Tj ET"


class File:
    """Numbered objects and where each begins."""

    def __init__(self) -> None:
        self.data = bytearray(b"%PDF-1.7\n")
        self.places: list[int] = []

    def add(self, body: bytes) -> int:
        self.places.append(len(self.data))
        self.data += b"%d 0 obj\n%b\nendobj\n" % (len(self.places), body)
        return len(self.places)

    def stream(self, data: bytes, head: bytes = b"") -> int:
        packed = zlib.compress(data)
        return self.add(b"<</Filter/FlateDecode/Length %d%b>>stream\n%b\nendstream" % (len(packed), head, packed))

    def whole(self, root: int) -> bytes:
        at = len(self.data)
        table = b"".join(b"%010d 00000 n \n" % place for place in self.places)
        size = len(self.places) + 1
        self.data += b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, table, size, root, at)
        return bytes(self.data)


def draw(data: Path, out: Path) -> int:
    """Pages."""
    case, file = Case(), File()
    drawn = []
    for sheet in lay.sheets(data, case.measure):
        drawn.append([file.stream(_content(case, sheet).encode())])
    for number, streams in enumerate(drawn, 1):
        foot = "\n".join([case.show(text) for text in lay.foot(number, len(drawn), case.measure)])
        streams.append(file.stream(foot.encode()))
    fonts = b"".join(b"/%b %d 0 R" % (name.encode(), _embed(file, name, case)) for name in case.used if case.used[name])
    resources = file.add(b"<</Font<<%b>>>>" % fonts)
    tree = len(file.places) + len(drawn) + 1
    kids = [file.add(b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.2f %.2f]/Resources %d 0 R/Contents[%d 0 R %d 0 R]>>"
                     % (tree, lay.FRAME.width, HEIGHT, resources, *streams)) for streams in drawn]
    file.add(b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids)))
    out.write_bytes(file.whole(file.add(b"<</Type/Catalog/Pages %d 0 R>>" % tree)))
    return len(kids)


def _content(case: Case, sheet: lay.Sheet) -> str:
    parts = [case.show(text) for text in sheet.texts]
    lines = " ".join([f"{a:.2f} {HEIGHT - b:.2f} m {c:.2f} {HEIGHT - d:.2f} l" for a, b, c, d in sheet.lines])
    parts.append(f"q 0.5 w {lines} S Q")
    parts.append(f"q 1 w {lay.LEFT:.2f} {HEIGHT - sheet.bottom:.2f} {lay.RIGHT - lay.LEFT:.2f} {sheet.bottom - lay.TOP:.2f} re S Q")
    for x, y, payload in sheet.codes:
        found, across = lay.bars(payload)
        unit = lay.CODE / across
        parts.append(f"q {unit:.5f} 0 0 {-unit:.5f} {x:.2f} {HEIGHT - y:.2f} cm {' '.join([f'{a} {b} {c} 1 re' for a, b, c in found])} f Q")
    return "\n".join(parts)


def _embed(file: File, name: str, case: Case) -> int:
    """Subset, descriptor, widths and the way back to text."""
    font, used = case.fonts[name], case.used[name]
    data = font.subset([0, *[glyph for _char, glyph, _width in used]])
    body = file.stream(data, b"/Length1 %d" % len(data))
    box = b" ".join(b"%d" % round(value * font.scale) for value in font.box)
    label = b"/AAAAAA+%b" % font.name.encode()
    descriptor = file.add(b"<</Type/FontDescriptor/FontName%b/Flags 4/FontBBox[%b]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 700/StemV 80/FontFile2 %d 0 R>>"
                          % (label, box, body))
    widths = b" ".join(b"%d" % round(width) for _char, _glyph, width in used)
    below = file.add(b"<</Type/Font/Subtype/CIDFontType2/BaseFont%b/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/W[1[%b]]/CIDToGIDMap/Identity"
                     b"/FontDescriptor %d 0 R>>" % (label, widths, descriptor))
    return file.add(b"<</Type/Font/Subtype/Type0/BaseFont%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
                    % (label, below, file.stream(_back(used))))


def _back(used: list[tuple[str, int, float]]) -> bytes:
    rows = [f"<{code:04X}><{char.encode('utf-16-be').hex()}>" for code, (char, _glyph, _width) in enumerate(used, 1)]
    blocks = [rows[start:start + 100] for start in range(0, len(rows), 100)]
    maps = "".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar\n" for block in blocks)
    return ("/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CMapName/U def/CMapType 2 def 1 begincodespacerange<0000><FFFF>endcodespacerange\n"
            f"{maps}endcmap end end").encode()
