"""The escrow key comes off its sheet as it went on, and a slip of the pen is told with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.exchange import escrow
from gridapp.exchange.envelope import new_identity, public_of
from gridapp.exchange.escrow import LETTERS, BadLine, NotASheet, off_paper, on_paper

SECRET = "AGE-SECRET-KEY-1" + (LETTERS * 2)[:58]


def typed(lines: list[str]) -> str:
    return "\n".join(lines)


def test_a_real_key_comes_back_from_paper_and_opens() -> None:
    secret, public = new_identity()
    assert public_of(off_paper(typed(on_paper(secret)))) == public


def test_the_lines_are_short_numbered_and_for_ever() -> None:
    assert on_paper(SECRET) == SHEET


def test_the_check_letter_reckoned_by_hand() -> None:
    """Q is 0 and P is 1: from the right every second value counts twice; with the line's number the sum ends on a multiple of 32."""
    assert escrow.check_letter(1, "PQ") == LETTERS[32 - 1 - 1] and escrow.check_letter(1, "QP") == LETTERS[32 - 1 - 2]
    assert escrow.check_letter(1, "QL") == LETTERS[32 - 1 - (1 + 30)], "31 twice is 62, which is 1 and 30"


@pytest.mark.parametrize("change", [str.lower, lambda t: t.replace("  ", " "), lambda t: t.replace(" ", "　"), lambda t: "\n\n" + t + "\n",
                                    lambda t: typed([line[3:] for line in t.splitlines()])], ids=["lower", "blanks", "wide", "lines", "no numbers"])
def test_how_it_is_typed_makes_no_difference(change: object) -> None:
    assert callable(change)
    assert off_paper(change(typed(on_paper(SECRET)))) == SECRET


@given(st.integers(0, 57), st.sampled_from(LETTERS))
def test_every_single_wrong_letter_is_told_with_its_line(place: int, letter: str) -> None:
    body = SECRET[16:]
    if body[place] == letter:
        return
    lines, number = on_paper(SECRET), place // 10
    wrong = on_paper("AGE-SECRET-KEY-1" + body[:place] + letter + body[place + 1:])[number]
    lines[number] = wrong[:-1] + lines[number][-1]
    with pytest.raises(BadLine, match=f"第 {number + 1} 行") as told:
        off_paper(typed(lines))
    assert told.value.number == number + 1


def test_lines_in_another_order_are_told() -> None:
    lines = [line[3:] for line in on_paper(SECRET)]
    with pytest.raises(BadLine):
        off_paper(typed([lines[1], lines[0], *lines[2:]]))


@pytest.mark.parametrize("text", ["", "1  QPZRY 9X8GF  K", SECRET, "1  Q\n" * 7])
def test_anything_else_is_no_sheet(text: str) -> None:
    with pytest.raises(NotASheet, match="6 行"):
        off_paper(text)


@pytest.mark.parametrize("line", ["1  QPZRY 9X8G", "1  QPZRY 9X8GF ！ K", "1  QPZRY 9X8GI  K"])
def test_a_line_too_short_or_with_a_letter_no_key_has_is_told(line: str) -> None:
    with pytest.raises(BadLine, match="第 1 行"):
        off_paper(typed([line, *on_paper(SECRET)[1:]]))


def test_a_line_that_lacks_letters_is_told_though_its_check_letter_is_right() -> None:
    short = f"1  QPZRY 9X8G  {escrow.check_letter(1, 'QPZRY9X8G')}"
    with pytest.raises(BadLine, match="第 1 行"):
        off_paper(typed([short, *on_paper(SECRET)[1:]]))


@pytest.mark.parametrize("secret", ["", SECRET[:-1], SECRET[16:], SECRET.lower(), SECRET[:-1] + "B"])
def test_nothing_but_a_key_is_printed(secret: str) -> None:
    with pytest.raises(ValueError, match="no age key"):
        on_paper(secret)


SHEET = [
    "1  QPZRY 9X8GF  E",
    "2  2TVDW 0S3JN  Q",
    "3  54KHC E6MUA  X",
    "4  7LQPZ RY9X8  N",
    "5  GF2TV DW0S3  U",
    "6  JN54K HCE  J",
]
