"""Every paper with nothing on it, with one of everything, with many, with the longest: as it was looked at, whole, counted, its fonts embedded."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from gridapp.printing import PAPERS, layout
from tests.golden import papers as golden
from tests.printing import filling

AMOUNTS = tuple(filling.AMOUNTS)
_COUNTED = re.compile(r"第 ?(\d+) ?页　?共 ?(\d+) ?页")
#: what hangs out: a closing mark at the end of a line, the words of the seam
_HANGING = 6.0
#: greys of 255: as much as another build of the renderer may differ on the whole, and in a corner of a sixteenth of the page
_ON_THE_WHOLE, _IN_A_CORNER = 1.0, 4.0


@pytest.mark.parametrize("number", PAPERS)
def test_the_text_is_as_it_was_looked_at(number: str) -> None:
    kept = (golden.HERE / f"{number}.txt").read_text("utf-8")
    assert golden.text(number) == kept, f"look at it; if it is right: python -m tests.golden.papers {number}"


@pytest.mark.parametrize("amount", golden.PICTURED)
@pytest.mark.parametrize("number", PAPERS)
def test_the_picture_is_as_it_was_looked_at(number: str, amount: str) -> None:
    drawn = golden.picture(number, amount)
    with Image.open(golden.HERE / f"{number}-{amount}.png") as kept:
        assert kept.size == drawn.size
        apart = ImageChops.difference(kept.convert("L"), drawn)
    assert ImageStat.Stat(apart).mean[0] <= _ON_THE_WHOLE
    across, down = drawn.width / 4, drawn.height / 4
    corners = [apart.crop((round(x * across), round(y * down), round((x + 1) * across), round((y + 1) * down))) for x in range(4) for y in range(4)]
    assert max(ImageStat.Stat(corner).mean[0] for corner in corners) <= _IN_A_CORNER


def test_a_line_that_moved_is_seen() -> None:
    with Image.open(golden.HERE / "F04-one.png") as kept:
        moved = ImageChops.offset(kept.convert("L"), 0, 1)
        assert ImageStat.Stat(ImageChops.difference(kept.convert("L"), moved)).mean[0] > _ON_THE_WHOLE


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("number", PAPERS)
def test_pages_are_counted_fonts_embedded_and_nothing_leaves_the_paper(number: str, amount: str) -> None:
    data = golden.made(number, amount)
    document = pypdf.PdfReader(BytesIO(data))
    fonts = [font.get_object() for font in _of(document.pages[0]["/Resources"], "/Font").values()]
    assert fonts and all(_is_embedded(font) for font in fonts)
    with pypdfium2.PdfDocument(data) as pages:
        assert _well_counted([found for page in pages for found in _COUNTED.findall(page.get_textpage().get_text_range())])
        frame = layout.load(number).frame()
        for page in pages:
            left, bottom, right, top = _reach(page)
            assert left >= 0 and bottom >= 0 and right <= page.get_width() + 0.5 and top <= page.get_height() + 0.5
            assert {round(page.get_width()), round(page.get_height())} == {round(frame.width), round(frame.height)}


def _of(thing: Any, key: str) -> Any:
    return thing.get_object()[key].get_object()


def _is_embedded(font: Any) -> bool:
    """A subset of a shipped face with the way back to text."""
    below = font["/DescendantFonts"][0].get_object()
    return bool(re.fullmatch(r"/[A-Z]{6}\+Form\w+(-\w+)?", font["/BaseFont"])) and "/FontFile2" in below["/FontDescriptor"].get_object() and "/ToUnicode" in font


def _well_counted(found: list[tuple[str, str]]) -> bool:
    """Sections one after another, each counted from 1 to as many as it says."""
    counted = [(int(place), int(total)) for place, total in found]
    expected: list[tuple[int, int]] = []
    while len(expected) < len(counted):
        total = counted[len(expected)][1]
        expected += [(place, total) for place in range(1, total + 1)]
    return bool(counted) and counted == expected


def _reach(page: Any) -> tuple[float, float, float, float]:
    """The box around all letters, in points from the bottom left."""
    text = page.get_textpage()
    boxes = [text.get_charbox(place) for place in range(text.count_chars()) if text.get_text_range(place, 1).strip()]
    return min(box[0] for box in boxes), min(box[1] for box in boxes), max(box[2] for box in boxes), max(box[3] for box in boxes)


def test_the_counting_of_pages_is_looked_at() -> None:
    assert _well_counted([("1", "2"), ("2", "2"), ("1", "1")])
    assert not any(map(_well_counted, ([], [("1", "2")], [("2", "2"), ("1", "2")], [("1", "2"), ("1", "2")])))


def test_what_no_longer_belongs_to_a_paper_is_not_kept() -> None:
    kept = {Path(file.name).stem.split("-")[0] for file in golden.HERE.iterdir() if file.suffix in (".txt", ".png")}
    assert kept == set(PAPERS)
