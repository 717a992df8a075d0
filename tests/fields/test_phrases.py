"""Wordings of hazards: by kind, by their words, by what people call it, by initials; a town may publish others."""

from __future__ import annotations

import pytest

from gridapp.fields import codes, editions, phrases
from gridapp.fields.codes import Editions
from gridapp.fields.editions import BadCodeTable


def kind(name: str) -> str:
    found = codes.table("hazard_kind").find(name)
    assert found is not None
    return found


def words(of: str | None, typed: str = "") -> list[str]:
    return [phrase.words for phrase in phrases.offered(kind(of) if of else None, typed)]


def test_every_wording_has_a_kind_and_every_kind_but_others_has_wordings() -> None:
    told = phrases.offered(None)
    assert len(told) == len(codes.table(phrases.TABLE).offered)
    assert {phrase.kind for phrase in told} == {code for code, name in codes.table("hazard_kind").choices() if name != "其他"}
    for name in ("消防", "交通", "燃气", "食品", "建设工程", "安全生产", "电动车（非标车）"):
        assert len(words(name)) >= 5 and set(words(name)) < set(words(None)), name


@pytest.mark.parametrize(("of", "typed", "first"), [
    ("消防", "疏散通道", "占用、堵塞、封闭疏散通道、安全出口"), ("消防", "烟感被拆", "擅自拆除、停用消防设施、器材"), ("非标车", "飞线", "从楼上拉线充电（飞线充电）"),
    (None, "煤气瓶", "液化气钢瓶放在居室、地下室或不通风处"), (None, "老年代步车", "驾驶非标电动车上路"), ("消防", "zyds", "占用、堵塞、封闭疏散通道、安全出口"),
    ("非标车", "FXCD", "从楼上拉线充电（飞线充电）"), ("交通", "ｌｄ", "路灯损坏或照明不足"), (None, "遮挡", "埋压、圈占、遮挡消火栓")])
def test_one_is_found_by_its_words_its_other_name_and_its_initials(of: str | None, typed: str, first: str) -> None:
    assert words(of, typed)[0] == first


def test_those_that_begin_so_come_first() -> None:
    told = words(None, "燃气")
    assert [word.startswith("燃气") for word in told] == sorted((word.startswith("燃气") for word in told), reverse=True) and len(told) > 2


def test_what_is_typed_out_or_of_another_kind_is_not_offered() -> None:
    assert words("消防", "占用防火间距") == [] == words("食品", "疏散通道") == words(None, "没有这样的说法") == words("其他")


@pytest.mark.parametrize(("text", "last"), [
    ("", ""), ("通道", "通道"), ("一楼灭火器过期；通道", "通道"), ("一楼，通道", "一楼，通道"), ("灭火器过期。\n td", "td"), ("一楼tdds", "tdds"), ("过期；", ""), ("L3", "L3")])
def test_what_is_typed_last(text: str, last: str) -> None:
    assert phrases.last_of(text) == last


def test_fire_is_worded_as_the_police_do() -> None:
    known = {row.code: row.name for row in codes.table("fire_phrases").rows}
    told = {row.code: row.name for row in codes.table(phrases.TABLE).rows if row.code.isdigit()}
    assert len(told) > 20 and told.items() <= known.items()


def test_a_town_may_publish_others() -> None:
    text = editions.text_of(codes.shipped(phrases.TABLE)) + "T99\t占用盲道\t\t\t交通\n"
    made = editions.edition(phrases.TABLE, text)
    assert [row.name for row in made.added] == ["占用盲道"]
    codes.receive({phrases.TABLE: Editions((made.text,))})
    assert "占用盲道" in words("交通", "盲道") and words("消防", "盲道") == []


def test_one_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(BadCodeTable, match="“星球”不是隐患类别"):
        editions.edition(phrases.TABLE, editions.text_of(codes.shipped(phrases.TABLE)) + "T99\t占用盲道\t\t\t星球\n")
