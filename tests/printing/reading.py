"""Reading a printed paper back: its text, its fonts, where its letters stand and its lines run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pypdf

MM = 72 / 25.4
_LINE = re.compile(r"(-?[\d.]+) (-?[\d.]+) m (-?[\d.]+) (-?[\d.]+) l")


class Ink(NamedTuple):
    """The box around a letter's ink, or a line, in points from the bottom left."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Ink, least: float = 0.3) -> bool:
        """Whether both share a spot more than `least` points wide and high."""
        across = min(self.right, other.right) - max(self.left, other.left)
        return across > least and min(self.top, other.top) - max(self.bottom, other.bottom) > least


def texts(path: Path) -> list[str]:
    """The text of every page."""
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def whole(path: Path) -> str:
    """All text without line ends and blanks, so that a wrapped text is found too."""
    return "".join("".join(texts(path)).split())


def fonts(path: Path) -> list[dict[str, Any]]:
    """The font dictionaries of the first page."""
    resources: Any = pypdf.PdfReader(path).pages[0]["/Resources"]
    return [font.get_object() for font in resources["/Font"].get_object().values()]


def letters(path: Path) -> list[list[Ink]]:
    """Every visible letter of every page."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return [list(_letters(page.get_textpage())) for page in document]


def _letters(page: Any) -> Iterator[Ink]:
    for place in range(page.count_chars()):
        text = page.get_text_range(place, 1)
        if text.strip() and text != "☑":  # a tick lies on its box
            yield Ink(text, *page.get_charbox(place))


def lines(path: Path) -> list[list[Ink]]:
    """Every straight line of every page, half a point thick."""
    return [[_line(*map(float, found)) for found in _LINE.findall(_content(page))] for page in pypdf.PdfReader(path).pages]


def _content(page: pypdf.PageObject) -> str:
    stream = page.get_contents()
    return stream.get_data().decode("ascii") if stream is not None else ""


def _line(a: float, b: float, c: float, d: float) -> Ink:
    return Ink("", min(a, c) - 0.25, min(b, d) - 0.25, max(a, c) + 0.25, max(b, d) + 0.25)


def stands(path: Path, page: int, text: str) -> tuple[int, int]:
    """Where a text begins on a page: millimetres from the left and from the top to its foot."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        sheet = document[page]
        found = sheet.get_textpage().search(text).get_next()
        assert found is not None, text
        left, bottom, _right, _top = sheet.get_textpage().get_charbox(found[0])
        return round(left / MM), round((sheet.get_height() - bottom) / MM)

_QR = re.compile(r"q ([\d.]+) 0 0 -[\d.]+ ([\d.]+) ([\d.]+) cm ((?:\d+ \d+ \d+ 1 re ?)+)f Q")


class Square(NamedTuple):
    """A QR code as it is drawn: its squares (dark or not) row by row, how wide one is and where the top left corner lies, in points."""

    rows: tuple[tuple[bool, ...], ...]
    unit: float
    left: float
    top: float


def squares(path: Path) -> list[list[Square]]:
    """The QR codes of every page."""
    return [list(map(_square, _QR.finditer(_content(page)))) for page in pypdf.PdfReader(path).pages]


def _square(found: re.Match[str]) -> Square:
    bars = [tuple(map(int, bar.split()[:3])) for bar in found[4].strip().removesuffix("re").split("re")]
    side = 1 + max(row for _start, row, _length in bars)
    dark = {(row, start + step) for start, row, length in bars for step in range(length)}
    rows = tuple(tuple((row, place) in dark for place in range(side)) for row in range(side))
    return Square(rows, float(found[1]), float(found[2]), float(found[3]))
