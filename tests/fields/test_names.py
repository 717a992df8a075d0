"""Names: one dot, no stray blanks, fifty characters, every Han character there is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.errors import Mistake
from gridapp.fields.kinds import Name
from gridapp.fields.names import DOT, LOOK_ALIKES, MAX, check, tidy

#: the first and last character of the URO, Ext A to Ext I, and 〇
RARE = "〇一鿿㐀䶿𠀀𪛟𪜀𫜹𫝀𫠝𫠠𬺡𬺰𮯠𰀀𱍊𱍐𲎯\U0002ebf0\U0002ee5d"


def codes_of(name: str) -> list[tuple[str, str]]:
    return [(m.level, m.code) for m in check(tidy(name))]


@pytest.mark.parametrize("dot", [*LOOK_ALIKES, ".", "．", "·", " · ", " ."])
def test_every_dot_between_chinese_characters_becomes_the_one_dot(dot: str) -> None:
    assert tidy(f"阿卜杜拉{dot}买买提") == f"阿卜杜拉{DOT}买买提"
    assert codes_of(f"阿卜杜拉{dot}买买提") == []


def test_the_dots_named_in_the_rules_are_all_there() -> None:
    assert {"\u2022", "\u30fb", "\u2027"} <= set(LOOK_ALIKES) and DOT == "\u00b7"


@pytest.mark.parametrize(("typed", "kept"), [
    (" 王 建国 ", "王建国"), ("王\u3000建国", "王建国"), ("王\u200b建\ufeff国", "王建国"), ("JOHN  SMITH ", "JOHN SMITH"), ("ＪＯＨＮ　ＳＭＩＴＨ", "JOHN SMITH"),
    ("J. R. Smith", "J. R. Smith"), ("José", "José"), ("Jose\u0301", "José"), ("O'Neil-Díaz", "O'Neil-Díaz"), ("王\n建国", "王建国")])
def test_blanks_and_widths_are_put_right(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


@pytest.mark.parametrize("char", RARE)
def test_every_han_character_is_a_good_name(char: str) -> None:
    assert tidy(f"王{char}") == f"王{char}" and codes_of(f"王{char}") == []


def test_fifty_characters_are_a_name_more_are_kept_and_told_a_hundred_is_the_end() -> None:
    assert codes_of("𬱖" * 50) == [] and Name().parse("𬱖" * 50) == "𬱖" * 50
    assert codes_of("𬱖" * 51) == [("warn", "long-name")] and Name().parse("𬱖" * MAX) == "𬱖" * MAX
    with pytest.raises(Mistake, match=str(MAX + 1)):
        Name().parse("𬱖" * (MAX + 1))


@pytest.mark.parametrize("char", ["\ue000", "\uf8ff", "\U000f0000", "\U0010fffd"])
def test_a_home_made_character_is_warned_of(char: str) -> None:
    assert codes_of(f"王{char}") == [("warn", "private-character")]
    assert f"U+{ord(char):04X}" in check(f"王{char}")[0].text


@pytest.mark.parametrize("char", ["?", "？", "\ufffd", "□", "■", "〓"])
def test_the_trace_of_a_lost_character_is_warned_of(char: str) -> None:
    assert codes_of(f"王{char}") == [("warn", "lost-character")]


@pytest.mark.parametrize("name", ["王2", "王<b>", "=1+1", "张@"])
def test_digits_and_signs_are_a_note(name: str) -> None:
    assert codes_of(name) == [("note", "odd-character")]


@given(st.text())
def test_tidying_twice_changes_nothing_more(raw: str) -> None:
    once = tidy(raw)
    assert tidy(once) == once and unicodedata.is_normalized("NFC", once)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.text(alphabet="\ud800\udfff王")))
def test_any_garbage_is_a_name_or_a_mistake(raw: object) -> None:
    try:
        value = Name().parse(raw)
    except Mistake as mistake:
        assert mistake.text
    else:
        assert value is None or value.encode() and len(value) <= MAX
