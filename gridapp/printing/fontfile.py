"""One TrueType file (字体文件): which characters it holds, how wide they are, and a copy with only the glyphs a paper uses."""

from __future__ import annotations

import mmap
import struct
import sys
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path

_MAGIC = 0xB1B0AFBA
_KEPT = ("head", "hhea", "maxp")
# Composite glyph flags, OpenType specification, table glyf.
_WORDS, _SCALE, _MORE, _TWO_SCALES, _MATRIX = 0x1, 0x8, 0x20, 0x40, 0x80


class UnusableFont(ValueError):
    """A font the programmer shipped that cannot be embedded (CFF outlines, variable font); never an officer's doing."""


def _numbers(kind: str, data: bytes) -> array[int]:
    out = array(kind)
    out.frombytes(data)
    if sys.byteorder == "little":
        out.byteswap()
    return out


_LONG = "L" if array("L").itemsize == 4 else "I"


class FontFile:
    """A static TrueType font read straight from its file; `glyphs` maps a code point to its glyph number."""

    def __init__(self, path: Path) -> None:
        with open(path, "rb") as handle:
            self._data = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
        if self._data[:4] == b"OTTO":
            raise UnusableFont(f"{path.name}: CFF outlines")
        self._tables = self._directory()
        if "fvar" in self._tables:
            raise UnusableFont(f"{path.name}: variable font")
        self.name = self._postscript_name()
        self._metrics()
        self._places = self._glyph_places()
        self.glyphs = self._characters()

    def _directory(self) -> dict[str, tuple[int, int]]:
        (count,) = struct.unpack_from(">H", self._data, 4)
        rows = struct.iter_unpack(">4sLLL", self._data[12 : 12 + 16 * count])
        return {tag.decode("latin1"): (start, length) for tag, _sum, start, length in rows}

    def _table(self, tag: str) -> bytes:
        start, length = self._tables[tag]
        return self._data[start : start + length]

    def _postscript_name(self) -> str:
        table = self._table("name")
        count, texts = struct.unpack_from(">HH", table, 2)
        for row in struct.iter_unpack(">6H", table[6 : 6 + 12 * count]):
            platform, _encoding, _language, name_id, length, start = row
            if name_id == 6:
                raw = table[texts + start : texts + start + length]
                return raw.decode("utf-16-be" if platform in (0, 3) else "latin1").replace(" ", "")
        raise UnusableFont("no PostScript name")

    def _metrics(self) -> None:
        head, hhea, os2 = self._table("head"), self._table("hhea"), self._table("OS/2")
        (units,) = struct.unpack_from(">H", head, 18)
        self.scale = 1000 / units
        self.box = struct.unpack_from(">4h", head, 36)
        self._long_places = struct.unpack_from(">h", head, 50)[0] == 1
        (self._wide,) = struct.unpack_from(">H", hhea, 34)
        (self.weight,) = struct.unpack_from(">H", os2, 4)
        self.ascent, self.descent = struct.unpack_from(">hh", os2, 68)
        self.cap_height = struct.unpack_from(">h", os2, 88)[0] if len(os2) >= 90 else self.ascent
        self._advances = _numbers("H", self._table("hmtx")[: 4 * self._wide])[0::2]

    def _glyph_places(self) -> array[int]:
        if self._long_places:
            return _numbers(_LONG, self._table("loca"))
        return array("I", [2 * place for place in _numbers("H", self._table("loca"))])

    def _characters(self) -> dict[int, int]:
        """The Unicode map; every font we ship has the 32-bit form (format 12)."""
        table = self._table("cmap")
        (count,) = struct.unpack_from(">H", table, 2)
        for _platform, _encoding, start in struct.iter_unpack(">HHL", table[4 : 4 + 8 * count]):
            if struct.unpack_from(">H", table, start)[0] == 12:
                (groups,) = struct.unpack_from(">L", table, start + 12)
                rows = struct.iter_unpack(">LLL", table[start + 16 : start + 16 + 12 * groups])
                return {code: glyph + code - first for first, last, glyph in rows for code in range(first, last + 1)}
        raise UnusableFont(f"{self.name}: no 32-bit character map")

    def width(self, glyph: int) -> float:
        """Advance of a glyph in thousandths of the type size."""
        return float(self._advances[min(glyph, self._wide - 1)] * self.scale)

    def outline(self, glyph: int) -> bytes:
        """A glyph as the file has it; nothing for a blank."""
        start = self._tables["glyf"][0]
        return self._data[start + self._places[glyph] : start + self._places[glyph + 1]]

    def _bearing(self, glyph: int) -> bytes:
        start = self._tables["hmtx"][0]
        if glyph < self._wide:
            return self._data[start + 4 * glyph : start + 4 * glyph + 4]
        side = start + 4 * self._wide + 2 * (glyph - self._wide)
        return struct.pack(">H", self._advances[-1]) + self._data[side : side + 2]

    def subset(self, glyphs: Sequence[int]) -> bytes:
        """A font file whose glyph i is `glyphs[i]` (parts of composite glyphs are added behind); enough for a PDF's FontFile2."""
        wanted, outlines = _with_parts(list(glyphs), self.outline)
        places = [0]
        for outline in outlines:
            places.append(places[-1] + len(outline))
        tables = {tag: bytearray(self._table(tag)) for tag in _KEPT}
        tables["head"][8:12] = bytes(4)
        struct.pack_into(">h", tables["head"], 50, 1)
        struct.pack_into(">H", tables["hhea"], 34, len(wanted))
        struct.pack_into(">H", tables["maxp"], 4, len(wanted))
        tables["glyf"] = bytearray(b"".join(outlines))
        tables["loca"] = bytearray(struct.pack(f">{len(places)}L", *places))
        tables["hmtx"] = bytearray(b"".join(map(self._bearing, wanted)))
        return _assemble({tag: bytes(data) for tag, data in tables.items()})


def _with_parts(wanted: list[int], outline_of: Callable[[int], bytes]) -> tuple[list[int], list[bytes]]:
    """Outlines in the new order, composites pointing at the new numbers; `wanted` grows by their parts."""
    number = {glyph: place for place, glyph in enumerate(wanted)}
    outlines: list[bytes] = []
    while len(outlines) < len(wanted):
        outline = bytearray(outline_of(wanted[len(outlines)]))
        if len(outline) > 10 and outline[0] & 0x80:
            for place, part in parts_of(outline):
                if part not in number:
                    number[part] = len(wanted)
                    wanted.append(part)
                struct.pack_into(">H", outline, place, number[part])
        outlines.append(bytes(outline) + bytes(-len(outline) & 3))
    return wanted, outlines


def parts_of(outline: bytes | bytearray) -> list[tuple[int, int]]:
    """Where a composite glyph names its parts, and which."""
    found, place, flags = [], 10, _MORE
    while flags & _MORE:
        flags, part = struct.unpack_from(">HH", outline, place)
        found.append((place + 2, part))
        scale = 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0
        place += 4 + (4 if flags & _WORDS else 2) + scale
    return found


def _sum(data: bytes) -> int:
    return sum(_numbers(_LONG, data)) & 0xFFFFFFFF


def _assemble(tables: dict[str, bytes]) -> bytes:
    """The tables as one file, with directory and check sums."""
    count, power = len(tables), len(tables).bit_length() - 1
    search = 16 << power
    directory = struct.pack(">LHHHH", 0x10000, count, search, power, 16 * count - search)
    start, body, head_at = 12 + 16 * count, b"", 0
    for tag in sorted(tables):
        padded = tables[tag] + bytes(-len(tables[tag]) & 3)
        head_at = start + len(body) if tag == "head" else head_at
        directory += struct.pack(">4sLLL", tag.encode(), _sum(padded), start + len(body), len(tables[tag]))
        body += padded
    whole = bytearray(directory + body)
    struct.pack_into(">L", whole, head_at + 8, (_MAGIC - _sum(bytes(whole))) & 0xFFFFFFFF)
    return bytes(whole)
