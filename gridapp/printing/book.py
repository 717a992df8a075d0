"""The shipped typefaces as one book (字库): for every character the face that holds it, 宋体 first, then the rare ones."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

from gridapp import places
from gridapp.printing.fontfile import FontFile

_LATIN = "FormLatin"  # letters of 拼音 and of Vietnamese names, which FormSong lacks
_RARE = ("FormRareA", "FormRareB")
_REST = ("FormSong", _LATIN, *_RARE)
FACES = {"song": _REST, "biao": ("FormBiaoSong", *_REST), "hei": ("FormHei", *_REST), "fang": ("FormFangSong", *_REST)}
# 朱雀仿宋's own brackets look like 〔〕 and its digits are western, so they were left out of FormFangSong and come from 宋体.
_PLANE_TWO = 0x20000
TICKED = "☑"
_STAND_IN = {TICKED: "□", "☐": "□", "\t": " "}


class Glyph(NamedTuple):
    """How one character is drawn: which face, which glyph in it, how wide in thousandths of the size."""

    face: str
    number: int
    width: float


@cache
def face(name: str) -> FontFile:
    """A shipped font, opened when first needed (the rare ones are 30 MB)."""
    return FontFile(places.font(name))


def _invisible(char: str) -> bool:
    """Direction marks, joiners and variation selectors: kept in the text, drawn as nothing."""
    code = ord(char)
    return unicodedata.category(char) == "Cf" or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


def _stand_in(char: str) -> str:
    """The character whose shape is drawn for `char`: blanks of any kind look like a blank."""
    if char in _STAND_IN:
        return _STAND_IN[char]
    return " " if unicodedata.category(char) == "Zs" and char != "\u3000" else char


def _find(style: str, char: str) -> Glyph | None:
    if _invisible(char):
        return Glyph("FormSong", face("FormSong").glyphs[0x20], 0.0)
    code = ord(_stand_in(char))
    for name in FACES[style]:
        if name in _RARE and code < _PLANE_TWO:
            continue
        font = face(name)
        glyph = font.glyphs.get(code)
        if glyph:
            return Glyph(name, glyph, font.width(glyph))
    return None


class _Shelf(dict[str, Glyph | None]):
    """One style's characters met so far; a lookup is one dict access."""

    def __init__(self, style: str) -> None:
        super().__init__()
        self._style = style

    def __missing__(self, char: str) -> Glyph | None:
        found = self[char] = _find(self._style, char)
        return found


SHELVES: dict[str, _Shelf] = {style: _Shelf(style) for style in FACES}


def marked(text: str, style: str = "song") -> str:
    """`text` with every character no font has written as 〓(U+33479), so that nothing is ever blank or a box."""
    shelf = SHELVES[style]
    return "".join([char if shelf[char] is not None else f"〓(U+{ord(char):04X})" for char in text])


def width(style: str, text: str) -> float:
    """Width of one line in thousandths of the type size."""
    shelf = SHELVES[style]
    found = [shelf[char] for char in text]
    if None in found:
        return width(style, marked(text, style))
    return sum([glyph.width for glyph in found if glyph])
