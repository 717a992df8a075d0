"""Layout files: the county's own copy wins, and a wrong one is explained."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from gridapp import places
from gridapp.printing import boxed, layout, listed
from gridapp.printing.layout import BadLayout, Section, Template, Values
from gridapp.printing.papers import PAPERS

VALUES = Values("F99.toml", SimpleNamespace(name="王{day}𬱟", day=date(2026, 3, 2), none=None, many=("甲", "乙")))


def test_places_are_filled_once_and_what_is_filled_in_is_not_read_again() -> None:
    assert Template("姓名：{name}，{day}").fill(VALUES) == "姓名：王{day}𬱟，2026-03-02"


@pytest.mark.parametrize(
    ("text", "filled"),
    [("{day:年月日}", "2026年3月2日"), ("{none:年月日}", "　　年　　月　　日"), ("{none:3}", "　　　"), ("{name:9}", "王{day}𬱟"), ("{none}", ""), ("{many}", "甲、乙"), ("", "")],
)
def test_how_values_are_written(text: str, filled: str) -> None:
    assert Template(text).fill(VALUES) == filled


def test_an_unknown_place_is_explained() -> None:
    with pytest.raises(BadLayout, match="没有名为“phone”的内容") as caught:
        Template("{phone}").fill(VALUES)
    assert "F99.toml" in caught.value.text


def test_the_countys_own_copy_wins() -> None:
    own = places.data_dir() / "papers" / "F02.toml"
    own.parent.mkdir()
    own.write_text(layout.path("F02").read_text("utf-8").replace('title = "流动人口登记簿"', 'title = "本县登记簿"'), "utf-8")
    assert PAPERS["F02"].title == "本县登记簿"


def test_a_file_saved_by_the_notepad_of_windows_reads() -> None:
    own = places.data_dir() / "papers" / "F02.toml"
    own.parent.mkdir()
    own.write_text(layout.path("F02").read_text("utf-8"), "utf-8-sig", newline="\r\n")
    assert listed.read(layout.load("F02")).rows == 18


def test_a_file_that_is_no_toml_is_explained() -> None:
    own = places.data_dir() / "papers" / "F02.toml"
    own.parent.mkdir()
    own.write_text("title = 流动", "utf-8")
    with pytest.raises(BadLayout, match="文件内容读不懂"):
        layout.load("F02")


@pytest.mark.parametrize("number", PAPERS)
def test_every_shipped_layout_reads(number: str) -> None:
    section = layout.load(number)
    read = listed.read if section.text("shape") == "listed" else boxed.read
    assert read(section).frame.width > 0
    assert section.text("number") == number


#: what hangs on a wall, is read out or taken along on a walk: it is not filed
NOT_FILED = {"F29", "F30", "F31", "F32", "F33", "F34"}


@pytest.mark.parametrize("number", sorted(PAPERS.keys() - NOT_FILED))
def test_what_is_filed_has_room_to_bind(number: str) -> None:
    assert layout.load(number).frame().left >= 25 * layout.MM - 0.01


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"columns": []}, "没有一栏"),
        ({"columns": [{"name": "姓名", "width": 900, "text": ""}]}, "超出纸面"),
        ({"columns": [{"name": "姓名", "text": ""}]}, "缺少“width”"),
        ({"columns": [{"name": "姓名", "width": "宽", "text": ""}]}, "“width”的写法不对"),
        ({"columns": "姓名"}, "“columns”的写法不对"),
        ({"rows_per_page": 0}, "rows_per_page"),
        ({"rows_per_page": True}, "“rows_per_page”的写法不对"),
        ({"page": "B5"}, "“page”只能是"),
        ({"band": {"side": [1]}}, "应是一列文字"),
    ],
)
def test_a_wrong_entry_of_a_register_is_named(change: dict[str, object], said: str) -> None:
    entries: dict[str, object] = {"title": "簿", "rows_per_page": 10, "columns": [{"name": "姓名", "width": 50, "text": "{name}"}]}
    with pytest.raises(BadLayout, match=said):
        listed.read(Section("F99.toml", entries | change))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([], "没有一行"),
        ([{"rows": []}], "没有一行"),
        ([{"rows": [{"cells": [{"span": 13}]}]}], "span"),
        ([{"rows": [{"kind": "picture"}]}], "“kind”只能是"),
    ],
)
def test_a_wrong_entry_of_a_boxed_paper_is_named(parts: list[object], said: str) -> None:
    with pytest.raises(BadLayout, match=said):
        boxed.read(Section("F99.toml", {"title": "表", "parts": parts}))
