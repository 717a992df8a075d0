"""The recovery code on paper (promise K2): 140 bits, and no slip of the pen that is not seen."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.store import papercode
from gridapp.store.papercode import GROUP, GROUPS, LETTERS, BadGroup, NotACode, is_group, new_code, off_paper, on_paper

CODES = st.text(LETTERS, min_size=GROUPS * GROUP, max_size=GROUPS * GROUP)


def test_a_code_cannot_be_guessed() -> None:
    made = [new_code() for _again in range(200)]
    assert len(set(LETTERS)) == 32 and len(set(made)) == 200
    assert math.log2(len(LETTERS)) * len(made[0]) >= 130
    assert {letter for code in made for letter in code} == set(LETTERS)


@given(CODES)
def test_what_was_printed_comes_back_however_it_is_typed(code: str) -> None:
    groups = on_paper(code)
    numbered = "\n".join(f"{n}  {group}" for n, group in enumerate(groups, 1))
    for typed in (" ".join(groups), "\n".join(groups), "".join(groups), "-".join(groups).lower(), numbered, numbered.replace("\n", "  "),
                  "".join(chr(ord(c) + 0xFEE0) for c in "".join(groups)), "  " + numbered + "\n\n"):
        assert off_paper(typed) == code


@given(CODES, st.integers(0, GROUPS * (GROUP + 1) - 1), st.sampled_from(LETTERS))
def test_every_wrong_letter_is_seen_in_its_group(code: str, place: int, letter: str) -> None:
    typed = "".join(on_paper(code))
    if typed[place] == letter:
        return
    with pytest.raises(BadGroup) as told:
        off_paper(typed[:place] + letter + typed[place + 1:])
    assert told.value.number == place // (GROUP + 1) + 1 and f"第 {told.value.number} 组" in told.value.text


@given(CODES, st.integers(0, GROUPS - 1), st.integers(0, GROUPS - 1))
def test_every_pair_of_groups_changed_about_is_seen(code: str, one: int, other: int) -> None:
    groups = on_paper(code)
    groups[one], groups[other] = groups[other], groups[one]
    if one == other:
        return
    with pytest.raises(BadGroup) as told:
        off_paper(" ".join(groups))
    assert told.value.number == min(one, other) + 1


def test_every_single_slip_of_one_code() -> None:
    """All 35 places with all 31 other letters, not a sample."""
    typed = "".join(on_paper("QPZRY9X8GF2TVDW0S3JN54KHCE6M"))
    for place, right in enumerate(typed):
        for letter in set(LETTERS) - {right}:
            with pytest.raises(BadGroup):
                off_paper(typed[:place] + letter + typed[place + 1:])


@given(CODES, st.integers(0, GROUPS * (GROUP + 1) - 1))
def test_a_letter_left_out_or_written_twice_is_seen(code: str, place: int) -> None:
    typed = "".join(on_paper(code))
    for slip in (typed[:place] + typed[place + 1:], typed[:place] + typed[place] + typed[place:]):
        with pytest.raises(NotACode, match="应有 7 组"):
            off_paper(slip)


@pytest.mark.parametrize("typed", ["", " ", "1 2 3 4 5 6 7", "AGE-SECRET-KEY-1QPZRY", "一二三四五", "\x00" * 35])
def test_something_else_is_no_code(typed: str) -> None:
    with pytest.raises((NotACode, BadGroup)):
        off_paper(typed)


def test_letters_that_look_alike_are_read_as_the_one_there_is() -> None:
    code = "80L" + "Q" * 25
    typed = " ".join(on_paper(code))
    assert off_paper(typed.replace("8", "B").replace("0", "O").replace("L", "I")) == code


@given(CODES, st.integers(1, GROUPS))
def test_a_group_asked_back_is_the_one_with_its_number(code: str, number: int) -> None:
    group = on_paper(code)[number - 1]
    assert is_group(number, group) and is_group(number, f" {group[:2]} {group[2:].lower()}")
    assert not is_group(number % GROUPS + 1, group) and not is_group(number, group[:-1])


def test_what_is_no_code_is_our_own_mistake() -> None:
    for code in ("", "Q" * 27, "B" * 28):
        with pytest.raises(ValueError, match="no recovery code"):
            papercode.on_paper(code)
