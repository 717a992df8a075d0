"""Photos on paper: those of an outreach stand in the box of F17, whole and upright; what is not here or is none is said and not drawn."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from uuid import UUID

import pypdf
import pypdfium2
import pytest
from PIL import Image

from gridapp import printing
from gridapp.exchange import pictures
from gridapp.ledger import Ledger
from gridapp.printing.page import Pages, jpeg_size
from gridapp.work import evidence, outreach
from tests.ledgers import TODAY
from tests.printing import reading

RED, GREEN, BLUE, GREY = (200, 20, 20), (20, 160, 20), (20, 20, 200), (120, 120, 120)


def jpeg(colour: tuple[int, int, int], size: tuple[int, int] = (160, 90), mode: str = "RGB") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", size, colour).convert(mode).save(kept, "JPEG")
    return kept.getvalue()


@pytest.fixture
def talk(ledger: Ledger) -> UUID:
    return ledger.do(outreach.log_outreach, day=TODAY, place="文化礼堂", topic="04", people="王建国", recorder="王建国").result


def written(ledger: Ledger, out: Path, **told: Any) -> str:
    photo = told.get("photo", pictures.album(ledger).get)
    printed = ledger.ask(printing.write, "F17", out, photo=photo)
    assert printed.pages == 1 and not printed.overflow
    return reading.whole(out)


def seen(path: Path) -> list[tuple[int, int, int]]:
    """The colours of photos on the page, from the top left, line by line: the middle of each place in the box."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[0].render(scale=1).to_pil().convert("RGB")
    found = []
    for y in range(0, page.height, 4):
        for x in range(0, page.width, 4):
            pixel = page.getpixel((x, y))
            assert isinstance(pixel, tuple)
            near = next((colour for colour in (RED, GREEN, BLUE) if max(abs(a - b) for a, b in zip(pixel, colour, strict=True)) < 12), None)
            if near is not None and near not in found:
                found.append(near)
    return found


def test_photos_stand_in_their_order_two_beside_each_other(ledger: Ledger, talk: UUID, tmp_path: Path) -> None:
    for colour in (GREEN, RED, BLUE):
        pictures.add(ledger, talk, jpeg(colour), evidence.stage("现场"))
    text = written(ledger, tmp_path / "a.pdf")
    assert seen(tmp_path / "a.pdf") == [GREEN, RED, BLUE] and "贴2×2张" not in text
    [page] = pypdf.PdfReader(tmp_path / "a.pdf").pages
    assert len(page.images) == 3 and page.images[0].data.startswith(b"\xff\xd8"), "the bytes as they are kept"


def test_more_than_four_are_said(ledger: Ledger, talk: UUID, tmp_path: Path) -> None:
    for number in range(6):
        pictures.add(ledger, talk, jpeg((number, 40, 200)), evidence.stage("现场"))
    assert "另有2张没有印" in written(ledger, tmp_path / "a.pdf")
    assert len(pypdf.PdfReader(tmp_path / "a.pdf").pages[0].images) == 4


def test_what_is_not_here_yet_is_said(ledger: Ledger, talk: UUID, tmp_path: Path) -> None:
    ledger.do(evidence.attach_photo, talk, "ab" * 32, 100)
    pictures.add(ledger, talk, jpeg(RED), evidence.stage("现场"))
    assert "有1张还没有收到" in written(ledger, tmp_path / "a.pdf") and seen(tmp_path / "a.pdf") == [RED]


def test_without_photos_there_is_room_to_stick_them_on(ledger: Ledger, talk: UUID, tmp_path: Path) -> None:
    assert "（贴2×2张）" in written(ledger, tmp_path / "a.pdf") and seen(tmp_path / "a.pdf") == []


@pytest.mark.parametrize("bad", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe0\x00\x00", b"\x89PNG\r\n\x1a\n" + bytes(40), jpeg(RED)[:60], jpeg(RED, mode="CMYK")])
def test_what_is_no_photo_a_printer_takes_is_not_drawn(bad: bytes) -> None:
    assert jpeg_size(bad) is None
    pages = Pages("一")
    pages.start(200, 200)
    pages.picture(0, 0, 100, 100, bad)
    pages.turn()
    pages.end_section(lambda _page, _pages: None)
    assert b"/XObject" not in pages.data()


def test_a_grey_one_is_drawn_and_keeps_its_shape(tmp_path: Path) -> None:
    pages = Pages("一")
    pages.start(200, 200)
    pages.picture(0, 0, 100, 100, jpeg(GREY, (50, 100), "L"))
    pages.turn()
    pages.end_section(lambda _page, _pages: None)
    (tmp_path / "a.pdf").write_bytes(pages.data())
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as document:
        page = document[0].render(scale=1).to_pil().convert("L")
    assert [page.getpixel((x, 50)) for x in (10, 50, 90)] == [255, 120, 255] and page.getpixel((50, 2)) == page.getpixel((50, 97)) == 120
