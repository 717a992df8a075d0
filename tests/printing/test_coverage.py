"""Which characters the shipped faces hold, counted and printed (`-s` shows the table); what went in comes out of the text of a paper."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pypdfium2
import pytest

from gridapp.printing import book, press
from gridapp.printing.papers import f04
from tests.printing.test_registers import TODAY

#: 通用规范汉字表 (国务院 2013): 8,105 characters
GENERAL = (Path(__file__).parent / "tgh8105.txt").read_text("utf-8").strip()
#: block: from, to, how many characters that are (The Unicode Standard 15.1, chapter 18)
BLOCKS = {
    "URO": (0x4E00, 0x9FFF, 20_992), "Ext A": (0x3400, 0x4DBF, 6_592), "Ext B": (0x20000, 0x2A6DF, 42_720), "Ext C": (0x2A700, 0x2B739, 4_154),
    "Ext D": (0x2B740, 0x2B81D, 222), "Ext E": (0x2B820, 0x2CEA1, 5_762), "Ext F": (0x2CEB0, 0x2EBE0, 7_473), "Ext G": (0x30000, 0x3134A, 4_939),
    "Ext H": (0x31350, 0x323AF, 4_192), "Ext I": (0x2EBF0, 0x2EE5D, 622),
}
#: what no font we may ship holds
LACKING = {"Ext G": 1_470, "Ext H": 1_810}


def has(style: str, code: int) -> bool:
    return book.SHELVES[style][chr(code)] is not None


@pytest.mark.parametrize("style", book.FACES)
def test_every_style_prints_the_general_table(style: str) -> None:
    assert len(set(GENERAL)) == 8_105
    assert [char for char in GENERAL if not has(style, ord(char))] == []


def test_how_much_of_every_block_of_han_characters_prints() -> None:
    held = {}
    for block, (first, last, assigned) in BLOCKS.items():
        assert last - first + 1 == assigned
        held[block] = sum(has("song", code) for code in range(first, last + 1))
        print(f"{block}: {held[block]:,} of {assigned:,}")
    assert {block: BLOCKS[block][2] - count for block, count in held.items() if count < BLOCKS[block][2]} == LACKING


def test_gb_18030_level_three_prints_whole() -> None:
    """GB 18030-2022: 87,897 characters, the blocks URO to 9FEF and Ext A to F."""
    blocks = [(0x4E00, 0x9FEF), (0x3400, 0x4DB5), (0x20000, 0x2A6D6), (0x2A700, 0x2B734), *[BLOCKS[block][:2] for block in ("Ext D", "Ext E", "Ext F")]]
    assert [code for first, last in blocks for code in range(first, last + 1) if not has("song", code)] == []


@pytest.mark.parametrize("plane", [GENERAL[-196:], "".join(map(chr, range(0x20000, 0x20200))), "".join(map(chr, range(0x31350, 0x31800)))])
def test_rare_characters_come_out_as_they_went_in(tmp_path: Path, plane: str) -> None:
    names = [plane[start:start + 4] for start in range(0, len(plane), 4)]
    names = [name for name in names if book.marked(name) == name]
    assert len(names) > 20 and any(ord(char) > 0xFFFF for name in names for char in name)
    out = tmp_path / "rare.pdf"
    press.render("F04", f04.Roster(houses=[f04.House(rows=[f04.Row("1", name) for name in names])]), out, today=TODAY)
    with pypdfium2.PdfDocument(out) as document:
        text = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    assert [name for name in names if f"1{name}" not in text] == []


@pytest.mark.parametrize("name", ["é", "Ễ", "ǚ", "Ơ"])
def test_a_letter_written_with_combining_marks_prints_as_the_one_it_makes(tmp_path: Path, name: str) -> None:
    apart = unicodedata.normalize("NFD", name)
    assert len(apart) > 1
    out = tmp_path / "marks.pdf"
    press.render("F04", f04.Roster(houses=[f04.House(rows=[f04.Row("1", apart)])]), out, today=TODAY)
    with pypdfium2.PdfDocument(out) as document:
        text = document[0].get_textpage().get_text_range()
    assert f"1 1 {apart}" in text
    assert book.width("song", apart) == book.width("song", name)


def test_a_mark_that_makes_no_letter_of_its_own_is_named_alone() -> None:
    assert book.marked("M\u0307x\u0304e\u0301") == "M〓(U+0307)x〓(U+0304)e\u0301"
