"""The watermark (水印): unit, officer and time in light grey across the page, drawn as shapes under the text, so that what is read out stays the paper's.

As text it would stand between the rows whenever somebody copies them or a program reads them.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from itertools import pairwise

from gridapp.printing import book
from gridapp.printing.fontfile import FontFile, parts_of

#: light enough to read through, dark enough for a laser printer
GREY = 0.87
SIZE, TURNED = 15.0, 32.0
#: how far apart the lines stand, and the texts in a line
_DOWN, _BETWEEN = 118.0, 70.0
_ON, _SHORT_X, _SHORT_Y, _REPEAT, _SAME_X, _SAME_Y = 0x1, 0x2, 0x4, 0x8, 0x10, 0x20
_WORDS, _OFFSETS = 0x1, 0x2
Point = tuple[float, float, bool]


def shapes(text: str) -> tuple[str, float]:
    """The text's outlines as PDF operators in points, its base line at 0; and its width."""
    drawn, across = list[str](), 0.0
    for char in book.marked(text, "hei"):
        glyph = book.SHELVES["hei"][char]
        assert glyph is not None
        font = book.face(glyph.face)
        scale = font.scale * SIZE / 1000
        for contour in _contours(font, glyph.number):
            drawn += _path([(across + x * scale, y * scale, on) for x, y, on in contour])
        across += glyph.width * SIZE / 1000
    return " ".join([*drawn, "f"]), across


def places(width: float, height: float, across: float) -> Iterator[str]:
    """The matrix of every text on a page so large."""
    angle = math.radians(TURNED)
    cos, sin = math.cos(angle), math.sin(angle)
    reach = math.hypot(width, height)
    step = across + _BETWEEN
    for row in range(-int(reach / _DOWN) - 1, int(reach / _DOWN) + 2):
        for column in range(-int(reach / step) - 2, int(reach / step) + 2):
            along, up = column * step + (row % 2) * step / 2, row * _DOWN
            x, y = width / 2 + along * cos - up * sin, height / 2 + along * sin + up * cos
            if -step < x < width + SIZE and -step < y < height + SIZE:
                yield f"{cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x:.1f} {y:.1f}"


# ---------------------------------------------------------------- outlines (OpenType specification, table glyf)

def _contours(font: FontFile, glyph: int) -> list[list[Point]]:
    data = font.outline(glyph)
    if len(data) < 10:
        return []
    (count,) = struct.unpack_from(">h", data, 0)
    if count < 0:
        return [contour for place, part in parts_of(data) for contour in _moved(_contours(font, part), *_offset(data, place))]
    ends = struct.unpack_from(f">{count}H", data, 10)
    place = 12 + 2 * count + struct.unpack_from(">H", data, 10 + 2 * count)[0]
    flags = list[int]()
    while len(flags) <= ends[-1]:
        flag, place = data[place], place + 1
        again = 1
        if flag & _REPEAT:
            again, place = data[place] + 1, place + 1
        flags += [flag] * again
    xs, place = _line(data, place, flags, _SHORT_X, _SAME_X)
    ys, _place = _line(data, place, flags, _SHORT_Y, _SAME_Y)
    points = [(float(x), float(y), bool(flag & _ON)) for x, y, flag in zip(xs, ys, flags, strict=True)]
    return [points[start + 1:end + 1] for start, end in pairwise((-1, *ends))]


def _line(data: bytes, place: int, flags: list[int], short: int, same: int) -> tuple[list[int], int]:
    """One coordinate of every point, and where the next begins."""
    at, found = 0, list[int]()
    for flag in flags:
        if flag & short:
            at, place = at + (data[place] if flag & same else -data[place]), place + 1
        elif not flag & same:
            at, place = at + struct.unpack_from(">h", data, place)[0], place + 2
        found.append(at)
    return found, place


def _offset(data: bytes, place: int) -> tuple[int, int]:
    """How far a part of a composite glyph is moved; `place` is where its number stands."""
    (flags,) = struct.unpack_from(">H", data, place - 2)
    if not flags & _OFFSETS:
        return 0, 0
    x, y = struct.unpack_from(">hh" if flags & _WORDS else ">bb", data, place + 2)
    return x, y


def _moved(contours: list[list[Point]], across: int, up: int) -> list[list[Point]]:
    return [[(x + across, y + up, on) for x, y, on in contour] for contour in contours]


def _path(points: list[Point]) -> list[str]:
    """A closed path: two points off the line in a row have one on it between them; TrueType's curves are quadratic, PDF's cubic."""
    whole = list[Point]()
    for here, following in zip(points, [*points[1:], points[0]], strict=True):
        whole.append(here)
        if not here[2] and not following[2]:
            whole.append(((here[0] + following[0]) / 2, (here[1] + following[1]) / 2, True))
    first = next((place for place, point in enumerate(whole) if point[2]), None)
    if first is None:
        return []
    whole = [*whole[first:], *whole[:first + 1]]
    x, y, _on = whole[0]
    drawn, place = [f"{x:.2f} {y:.2f} m"], 1
    while place < len(whole):
        a, b, on = whole[place]
        if on:
            drawn.append(f"{a:.2f} {b:.2f} l")
            x, y = a, b
        else:
            place += 1
            c, d, _on = whole[place]
            drawn.append(f"{(x + 2 * a) / 3:.2f} {(y + 2 * b) / 3:.2f} {(c + 2 * a) / 3:.2f} {(d + 2 * b) / 3:.2f} {c:.2f} {d:.2f} c")
            x, y = c, d
        place += 1
    return [*drawn, "h"]
