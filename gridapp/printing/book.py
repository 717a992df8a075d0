"""The shipped typefaces as one book (字库): for every character the face that holds it, 宋体 first, then the rare ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
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
#: marks that stand over or under the letter before them
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
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
    """The character whose shape is drawn for `char`: blanks of any kind look like a blank, a letter and its marks like the letter they make."""
    if len(char) > 1:
        return unicodedata.normalize("NFC", char)
    if char in _STAND_IN:
        return _STAND_IN[char]
    return " " if unicodedata.category(char) == "Zs" and char != "\u3000" else char


def _find(style: str, char: str) -> Glyph | None:
    if len(char) == 1 and _invisible(char):
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


def letters(text: str) -> Sequence[str]:
    """What is drawn one by one: the characters; a letter with combining marks that make one of their own (e and an acute) stays together."""
    return list(_clusters(text)) if _MARKS.search(text) else text


def _clusters(text: str) -> Iterator[str]:
    place = 0
    for marks in _MARKS.finditer(text):
        start = max(place, marks.start() - 1)
        yield from text[place:start]
        whole = text[start:marks.end()]
        one = len(unicodedata.normalize("NFC", whole)) == 1 and SHELVES["song"][whole] is not None
        yield from [whole] if one else whole
        place = marks.end()
    yield from text[place:]


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
    return "".join([char if shelf[char] is not None else f"〓(U+{ord(char):04X})" for char in letters(text)])


def width(style: str, text: str) -> float:
    """Width of one line in thousandths of the type size."""
    shelf = SHELVES[style]
    found = [shelf[char] for char in letters(text)]
    if None in found:
        return width(style, marked(text, style))
    return sum([glyph.width for glyph in found if glyph])
