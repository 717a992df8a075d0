"""How names sound: surnames with a reading of their own, characters with several, names without any known character."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.fields import pinyin
from gridapp.fields.pinyin import MOST, readings


@pytest.mark.parametrize(("name", "sound"), [
    ("王建国", "wang jian guo"), ("单雄", "shan xiong"), ("仇英", "qiu ying"), ("欧阳修", "ou yang xiu"), ("解放", "xie fang"), ("曾国", "zeng guo"),
    ("阿卜杜拉·买买提", "a bo du la mai mai ti"), ("JOHN SMITH", "john smith")])
def test_a_name_is_read_as_a_name(name: str, sound: str) -> None:
    assert tuple(sound.split()) in readings(name)


def test_the_surname_reading_comes_first() -> None:
    assert readings("单雄")[0][0] == "shan"


@pytest.mark.parametrize("name", ["", "·", "\ue000", "  "])
def test_what_nobody_can_read_has_no_reading(name: str) -> None:
    assert readings(name) == []


@given(st.text(alphabet=st.sampled_from("单乐行重长朝曾盖王李·欧阳 ab𬱖")))
def test_there_are_never_more_than_a_few_readings(name: str) -> None:
    found = readings(name)
    assert len(found) <= MOST and len(set(found)) == len(found) and all(all(way) for way in found)


def test_a_sentence_is_not_read_in_every_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty characters with two readings each can be read in a million million ways: found by the monkey, who typed them into the search box."""
    def few(*options: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for number, way in enumerate(product(*options)):
            assert number < MOST, "more ways than anybody is told"
            yield way

    monkeypatch.setattr(pinyin, "product", few)
    assert len(readings("".join(list(pinyin._tables()[2])[:20]) * 2, surname=False)) == MOST
