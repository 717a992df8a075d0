"""Lines break by 避头尾, and nothing is ever lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.printing.breaking import HANGING, NO_END, NO_START, atoms, wrap


def measure(text: str) -> float:
    """Two for a Chinese character, one for a Latin one."""
    return float(sum(1 if char.isascii() else 2 for char in text))


ANY = st.text(st.sampled_from("永康市古山镇，。、；（）《》“”——…·120室ABab -%\n￥𬱟𰻞\u0301"), max_size=60)


@given(ANY, st.integers(1, 40))
def test_nothing_is_lost(text: str, width: int) -> None:
    assert "".join(wrap(text, width, measure)) == text.replace("\n", "")


@given(ANY, st.integers(1, 40))
def test_no_line_is_wider_than_the_column_but_for_a_hanging_mark(text: str, width: int) -> None:
    for line in wrap(text, width, measure):
        bare = line.rstrip(" ")
        hang = measure(bare[-1]) / 2 if bare and bare[-1] in HANGING else 0
        assert measure(bare) - hang <= width or len(bare) == 1


@given(ANY, st.integers(30, 60))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(text: str, width: int) -> None:
    for paragraph in text.split("\n"):
        if any(measure(piece.rstrip(" ")) > width for piece in atoms(paragraph)):
            continue
        lines = wrap(paragraph, width, measure)
        assert not any(line[0] in NO_START for line in lines[1:])
        assert not any(line[-1] in NO_END for line in lines[:-1])


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("古山镇（青后叶）", 8, ["古山镇", "（青后", "叶）"]),
        ("疏散通道被占用。", 14, ["疏散通道被", "占用。"]),
        ("电话15026310431号", 12, ["电话", "15026310431", "号"]),
        ("阿依古丽·买买提", 12, ["阿依古丽·", "买买提"]),
        ("NGUYEN VAN AN", 8, ["NGUYEN ", "VAN AN"]),
        ("隐患；29．灭火器", 9, ["隐患；", "29．灭火", "器"]),
        ("存在以下安全隐患：", 14, ["存在以下安全", "隐患："]),
        ("存在以下安全隐", 12, ["存在以下安", "全隐"]),
        ("一\n二", 40, ["一", "二"]),
        ("", 10, [""]),
    ],
)
def test_where_lines_break(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width, measure) == lines


def test_the_first_line_leaves_room_for_its_indent() -> None:
    assert wrap("经检查发现隐患", 10, measure, first=4) == ["经检查", "发现隐患"]
