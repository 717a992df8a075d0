"""Telephone numbers are tidied and remarked on, never refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.fields.phones import check, mask, tidy


@pytest.mark.parametrize(("typed", "kept"), [
    ("13800001111", "13800001111"), ("138 0000 1111", "13800001111"), ("138-0000-1111", "13800001111"), ("+86 138 0000 1111", "13800001111"),
    ("8613800001111", "13800001111"), ("１３８００００１１１１", "13800001111"), ("'13800001111", "13800001111"), (13800001111.0, "13800001111"),
    (13800001111, "13800001111"), ("0579-87123456", "0579-87123456"), ("0579 87123456", "057987123456"), ("87123456", "87123456"),
    ("13800001111/13900002222", "13800001111 13900002222"), ("13800001111、0579-87123456", "13800001111 0579-87123456"),
    ("13800001111 13900002222", "13800001111 13900002222"), ("电话：13800001111", "13800001111"), ("0579-87123456-802", "0579-87123456-802"),
    (None, ""), ("", ""), ("无", "")])
def test_numbers_are_tidied(typed: object, kept: str) -> None:
    assert tidy(typed) == kept
    assert check(kept) == ()


@pytest.mark.parametrize("phone", ["1380000111", "12800001111", "138000011112", "110"])
def test_what_is_neither_mobile_nor_landline_is_warned_of(phone: str) -> None:
    assert [(m.level, m.code) for m in check(tidy(phone))] == [("warn", "odd-phone")]


def test_a_good_number_beside_an_odd_one_does_not_hide_it() -> None:
    assert "123****0123" in check(tidy("13800001111、1234567890123"))[0].text


@pytest.mark.parametrize(("phone", "shown"), [("13800001111", "138****1111"), ("13800001111 0579-87123456", "138****1111 057****3456"), ("87123456", "****3456"), ("110", "****10")])
def test_lists_show_three_and_four(phone: str, shown: str) -> None:
    assert mask(phone) == shown


@given(st.one_of(st.text(), st.text(alphabet="0123456789 +-/、，;86"), st.floats(), st.integers(), st.none()))
def test_nothing_is_refused_and_tidying_twice_changes_nothing_more(raw: object) -> None:
    once = tidy(raw)
    assert tidy(once) == once
    check(once)
    mask(once)
