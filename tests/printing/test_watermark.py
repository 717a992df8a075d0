"""The watermark stands under the text in light grey, on copies that are neither filed nor served, and nobody reads it out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest

from gridapp import printing
from gridapp.ledger import Ledger
from gridapp.printing import batches, press, watermark
from gridapp.printing.layout import MM
from gridapp.printing.page import Pages
from gridapp.printing.papers import PAPERS
from tests import ledgers
from tests.printing import reading

DAY, TEXT = date(2026, 11, 24), "古山镇青后叶村　王𬱟　é 2026-11-24 12:00"


def two_pages(path: Path, across: str) -> Path:
    pages = Pages("试", DAY)
    pages.watermark = across
    for size in ((210, 297), (297, 210)):
        pages.start(size[0] * MM, size[1] * MM)
        pages.text(50, 100, "登记簿", "hei", 12)
        pages.turn()
        pages.end_section(lambda number, total: pages.text(50, 500, f"{number}/{total}"))
    path.write_bytes(pages.data())
    return path


def greys(path: Path, page: int) -> dict[int, int]:
    """How many spots of each grey a page has."""
    with pypdfium2.PdfDocument(path) as pdf:
        picture = pdf[page].render(scale=1.5, grayscale=True).to_pil()
    return {shade: count for count, shade in picture.getcolors()}


def test_it_is_seen_on_every_page_and_read_on_none(tmp_path: Path) -> None:
    bare, marked = two_pages(tmp_path / "a.pdf", ""), two_pages(tmp_path / "b.pdf", TEXT)
    assert reading.texts(marked) == reading.texts(bare)
    for page in (0, 1):
        light = [shade for shade in greys(marked, page) if 0.8 * 255 < shade < 0.9 * 255]
        assert sum(greys(marked, page)[shade] for shade in light) > 3000 > 300 > sum(greys(bare, page).get(shade, 0) for shade in light)


def test_it_lies_under_the_text_and_takes_nothing_of_it(tmp_path: Path) -> None:
    bare, marked = two_pages(tmp_path / "a.pdf", ""), two_pages(tmp_path / "b.pdf", TEXT)
    assert greys(marked, 0)[0] >= greys(bare, 0)[0] > 0
    first = pypdf.PdfReader(marked).pages[0]["/Contents"][0].get_object().get_data()  # type: ignore[index]
    assert b" Do Q" in first and b"BT" not in first


def test_its_shapes_are_those_of_the_font_and_kept_once(tmp_path: Path) -> None:
    drawn, across = watermark.shapes("口é")
    assert drawn.count(" m ") >= 3 and drawn.endswith(" f") and across == pytest.approx(watermark.SIZE * 1.55, abs=1.5)
    path = two_pages(tmp_path / "b.pdf", TEXT)
    forms = {name for page in pypdf.PdfReader(path).pages for name in page["/Resources"]["/XObject"]}  # type: ignore[index]
    assert len(forms) == 2 and path.stat().st_size - two_pages(tmp_path / "a.pdf", "").stat().st_size < 60_000


@pytest.mark.parametrize(("number", "wish", "seen"), [
    ("F04", {}, False), ("F04", {"masked": True}, True), ("F02", {"masked": True}, True), ("F32", {}, True), ("F34", {}, True), ("F09", {}, False), ("F06", {}, False)])
def test_what_is_filed_or_served_goes_without(ledger: Ledger, tmp_path: Path, number: str, wish: dict[str, Any], seen: bool) -> None:
    ledgers.a_house(ledger)
    ledger.sign_in(1)
    for asked in (True, False):
        ledger.ask(printing.write, number, tmp_path / "t.pdf", watermark=asked, **wish)
        found = pypdf.PdfReader(tmp_path / "t.pdf").pages[0]["/Resources"].get("/XObject", {})  # type: ignore[union-attr]
        assert any(name.startswith("/W") for name in found) == (seen and asked)
    assert press.marked(PAPERS[number], wish.get("masked", PAPERS[number].posted)) == seen


def test_a_masked_batch_bears_it_whether_it_was_stopped_or_not(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    for number in range(3):
        ledgers.a_house(ledger, f"QHY{number}")
    ledger.sign_in(1)
    batch = batches.begin(ledger, "F04", tmp_path / "a.pdf", masked=True, watermark=True)
    batches.go_on(ledger, batch)
    (again,) = batches.batches(ledger)
    while not batches.go_on(ledger, again).finished:
        pass
    assert "王建国" in again.plan.watermark and "青后叶村" in again.plan.watermark
    for page in range(3):
        assert sum(count for shade, count in greys(tmp_path / "a.pdf", page).items() if 0.8 * 255 < shade < 0.9 * 255) > 3000
