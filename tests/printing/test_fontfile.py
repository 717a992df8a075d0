"""A subset holds the glyphs asked for, and only those."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from gridapp import places
from gridapp.printing.fontfile import FontFile, UnusableFont


def tables(data: bytes) -> dict[str, bytes]:
    (count,) = struct.unpack_from(">H", data, 4)
    rows = struct.iter_unpack(">4sLLL", data[12 : 12 + 16 * count])
    return {tag.decode(): data[start : start + length] for tag, _sum, start, length in rows}


def outlines(data: bytes) -> list[bytes]:
    found = tables(data)
    places_ = [row[0] for row in struct.iter_unpack(">L", found["loca"])]
    return [found["glyf"][start:end] for start, end in zip(places_, places_[1:], strict=False)]


def test_a_subset_has_the_same_outlines_under_new_numbers() -> None:
    font = FontFile(places.font("FormSong"))
    wanted = [0, *(font.glyphs[ord(char)] for char in "王𬱟1")]
    drawn = outlines(font.subset(wanted))
    assert len(drawn) == len(wanted)
    assert [outline.rstrip(b"\0") for outline in drawn] == [font.outline(glyph).rstrip(b"\0") for glyph in wanted]


def test_the_parts_of_a_composite_glyph_come_along() -> None:
    font = FontFile(places.font("FormFangSong"))
    composite = next(glyph for glyph in font.glyphs.values() if font.outline(glyph)[:1] == b"\xff")
    drawn = outlines(font.subset([0, composite]))
    assert len(drawn) > 2
    assert 2 <= struct.unpack_from(">H", drawn[1], 12)[0] < len(drawn)


def test_widths_go_with_the_glyphs_and_the_sums_are_right() -> None:
    font = FontFile(places.font("FormSong"))
    data = font.subset([0, font.glyphs[ord("1")]])
    advance = struct.unpack_from(">H", tables(data)["hmtx"], 4)[0]
    assert advance * font.scale == font.width(font.glyphs[ord("1")])
    assert sum(row[0] for row in struct.iter_unpack(">L", data)) & 0xFFFFFFFF == 0xB1B0AFBA


@pytest.mark.parametrize("name", ["FormSong", "FormBiaoSong", "FormHei", "FormFangSong", "FormRareA", "FormRareB"])
def test_every_shipped_font_can_be_embedded(name: str) -> None:
    font = FontFile(places.font(name))
    assert font.name.startswith("Form") and len(font.glyphs) > 4000


def test_a_font_that_cannot_be_embedded_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cff.otf"
    path.write_bytes(b"OTTO" + bytes(100))
    with pytest.raises(UnusableFont):
        FontFile(path)
