"""What is drawn comes out again: text above U+FFFF too, in embedded fonts, with the same bytes every time."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pypdf
import pytest

from gridapp.printing.ink import Look
from gridapp.printing.layout import MM
from gridapp.printing.page import Pages
from tests.printing import reading

RARE = "王𬱟 𠅤𪐀𮯰𰻞 <b>&=1+1</b> 阿依古丽·买买提 ☑夜间□日常 é a\u200bb"


def one_page(tmp_path: Path, draw: Any) -> tuple[Pages, Path]:
    pages = Pages("试")
    pages.start(210 * MM, 297 * MM)
    draw(pages)
    pages.turn()
    pages.end_section(lambda number, total: pages.text(300, 800, f"第{number}页共{total}页"))
    path = tmp_path / "t.pdf"
    path.write_bytes(pages.data())
    return pages, path


@pytest.mark.parametrize("style", ["song", "biao", "hei", "fang"])
def test_text_comes_out_as_it_went_in(tmp_path: Path, style: str) -> None:
    _pages, path = one_page(tmp_path, lambda pages: pages.text(50, 100, RARE, style))
    assert RARE in reading.texts(path)[0].replace("\n", "")


def test_fonts_are_composite_embedded_and_mapped(tmp_path: Path) -> None:
    _pages, path = one_page(tmp_path, lambda pages: pages.text(50, 100, RARE))
    found = reading.fonts(path)
    assert {font["/BaseFont"].split("+")[1] for font in found} == {"FormSong", "FormRareA", "FormRareB"}
    for font in found:
        assert font["/Subtype"] == "/Type0" and font["/Encoding"] == "/Identity-H" and "/ToUnicode" in font
        assert "/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
    assert b"Helvetica" not in path.read_bytes()


def test_the_unicode_map_writes_pairs_of_surrogates(tmp_path: Path) -> None:
    _pages, path = one_page(tmp_path, lambda pages: pages.text(50, 100, "𪐀"))
    rare = next(font for font in reading.fonts(path) if font["/BaseFont"].endswith("RareA"))
    assert re.search(rb"<0001> <D869DC00>", rare["/ToUnicode"].get_data())


def test_the_same_paper_has_the_same_bytes(tmp_path: Path) -> None:
    made = [one_page(tmp_path, lambda pages: pages.text(50, 100, RARE))[1].read_bytes() for _again in range(2)]
    assert made[0] == made[1]


def test_another_content_is_another_file_to_a_reader(tmp_path: Path) -> None:
    def identity(text: str, across: float) -> bytes:
        path = one_page(tmp_path, lambda pages: pages.text(across, 100, text))[1]
        return path.read_bytes().split(b"/ID", 1)[1].split(b"]", 1)[0]

    assert len({identity("甲", 50), identity("乙", 50), identity("甲", 60)}) == 3


def test_a_line_too_long_for_its_place_is_drawn_smaller(tmp_path: Path) -> None:
    def draw(pages: Pages) -> None:
        pages.squeezed(50, 100, "制表人" * 20, 10, 300)
        pages.squeezed(50, 150, "审核人", 10, 300)

    _pages, path = one_page(tmp_path, draw)
    letters = reading.letters(path)[0]
    long, short = [letter for letter in letters if letter.text in "制表"], [letter for letter in letters if letter.text in "审核"]
    assert max(letter.right for letter in long) < 351 and long[0].top - long[0].bottom < 6 < short[0].top - short[0].bottom


def test_what_no_font_has_is_marked_and_told(tmp_path: Path) -> None:
    def draw(pages: Pages) -> None:
        pages.where = "QHY0001 201室"
        pages.text(50, 100, "王\U00033479\ue000")
        pages.text(50, 150, "王\U00033479\ue000")

    pages, path = one_page(tmp_path, draw)
    assert pages.missing == {("\U00033479", "QHY0001 201室"): 1, ("\ue000", "QHY0001 201室"): 1}
    assert "王〓(U+33479)〓(U+E000)" in reading.texts(path)[0]


def test_the_foot_knows_how_many_pages_its_section_has(tmp_path: Path) -> None:
    pages = Pages("试")
    for size in (2, 1):
        for _page in range(size):
            pages.start(200, 100)
            pages.turn()
        pages.end_section(lambda number, total: pages.text(10, 50, f"第{number}页共{total}页"))
    path = tmp_path / "t.pdf"
    path.write_bytes(pages.data())
    assert [text.strip() for text in reading.texts(path)] == ["第1页共2页", "第2页共2页", "第1页共1页"]


def test_a_name_shrinks_to_stay_on_one_line_before_it_breaks(tmp_path: Path) -> None:
    def draw(pages: Pages) -> None:
        assert pages.fitted("买买提", "song", 9, 7, 27) == (["买买提"], 9)
        lines, size = pages.fitted("阿依古丽·买买提", "song", 9, 7, 60)
        assert lines == ["阿依古丽·买买提"] and 7 <= size < 9
        assert pages.fitted("阿依古丽·买买提", "song", 9, 7, 45) == (["阿依古丽·", "买买提"], 9)

    one_page(tmp_path, draw)


def test_a_column_narrower_than_a_character_is_told(tmp_path: Path) -> None:
    pages, _path = one_page(tmp_path, lambda pages: pages.wrapped("王国", "song", 9, 3))
    assert pages.overflow == [(1, "", "王国")]


def test_a_block_is_centred_and_lines_and_codes_are_drawn(tmp_path: Path) -> None:
    def draw(pages: Pages) -> None:
        pages.block(100, 100, 100, 40, ["上", "下"], Look(size=10))
        pages.lines([(1, 1, 9, 1)], dash="4 3")
        pages.qr(10, 10, 40, "QHY0001")
        with pages.upright(20, 300), pages.colour(1, 0, 0):
            pages.text(0, 0, "骑缝")

    _pages, path = one_page(tmp_path, draw)
    stream = pypdf.PdfReader(path).pages[0].get_contents()
    assert stream is not None
    ops = stream.get_data().decode("ascii")
    assert [line.split()[1] for line in ops.splitlines() if line.startswith("BT")][:2] == ["145.00", "145.00"]
    assert "[4 3] 0 d" in ops and ops.count(" re") > 50 and "0 1 -1 0 20.00" in ops and "1 0 0 rg" in ops
    assert ops.count("q ") + ops.count("q\n") >= ops.count("Q") > 0
