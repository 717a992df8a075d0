"""Every character finds its face, and what no font has is known before printing."""

from __future__ import annotations

from typing import Any

from gridapp.printing import book


def test_rare_characters_come_from_the_rare_faces() -> None:
    faces = [glyph.face for char in "王𬱟𪐀𰻞" if (glyph := book.SHELVES["song"][char])]
    assert faces == ["FormSong", "FormSong", "FormRareA", "FormRareB"]


def test_the_fangsong_of_notices_falls_back_to_song_for_what_it_lacks() -> None:
    found = [book.SHELVES["fang"][char] for char in "村〔1"]
    assert [glyph.face for glyph in found if glyph] == ["FormFangSong", "FormSong", "FormSong"]


def test_every_name_of_the_sample_has_glyphs(answers: dict[str, Any]) -> None:
    assert answers["rare_names"]
    assert book.marked("".join(answers["rare_names"])) == "".join(answers["rare_names"])


def test_vietnamese_names_and_pinyin_have_glyphs_in_every_style() -> None:
    letters = "NGUYỄN THỊ Huyền Đặng Ơ Ư ǚ ǎ ō"
    assert all(glyph is not None and glyph.width > 0 for style in book.FACES for glyph in map(book.SHELVES[style].__getitem__, letters))


def test_a_combining_mark_is_named_because_it_would_stand_beside_its_letter() -> None:
    assert book.marked("x\u0304") == "x〓(U+0304)"


def test_what_no_font_has_is_named() -> None:
    assert book.marked("王\U00033479\ue000\u0007\t") == "王〓(U+33479)〓(U+E000)〓(U+0007)\t"


def test_blanks_and_direction_marks_print_as_blanks_and_nothing() -> None:
    assert book.marked("a\u00a0b\u200bc\u202e\ufe0f") == "a\u00a0b\u200bc\u202e\ufe0f"
    assert book.width("song", "王\u200b") == book.width("song", "王")


def test_digits_are_equally_wide_so_that_numbers_line_up() -> None:
    assert len({book.width("song", digit) for digit in "0123456789"}) == 1


def test_a_missing_character_is_as_wide_as_its_mark() -> None:
    assert book.width("song", "\ue000") == book.width("song", "〓(U+E000)")
