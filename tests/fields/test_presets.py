"""Sets of names for a table: what this PC chose counts until the town publishes, and no record loses its words by it."""

from __future__ import annotations

import pytest

from gridapp.fields import codes, editions, presets
from gridapp.fields.codes import Editions

OLD, NEW = ["综治工作", "市场监管", "综合执法", "便民服务"], ["党建统领", "经济生态", "平安法治", "公共服务"]


def offered() -> list[str]:
    return [words for _code, words in codes.table("platform").choices()]


def test_the_usual_names_are_offered_until_another_set_is_chosen() -> None:
    assert list(presets.files("platform")) == ["2015", "2021"] and offered() == OLD and presets.in_force("platform") == "2015"
    presets.choose("platform", "2021")
    assert offered() == NEW == presets.names_in("platform", "2021") and presets.in_force("platform") == "2021"
    assert codes.table("platform").label("01") == "综治工作" and codes.table("platform").find("综治工作") == "01", "what was written before is read as before"
    for gone in ("", "1999"):
        presets.choose("platform", gone)
        assert offered() == OLD


def test_what_the_town_published_counts_before_the_choice_of_a_pc() -> None:
    edition = editions.read(presets.files("platform")["2015"], "platform")
    codes.receive({"platform": Editions((edition.text,))})
    presets.choose("platform", "2021")
    assert offered() == OLD and presets.in_force("platform") == "2015"
    codes.receive({})
    assert offered() == NEW


@pytest.mark.parametrize("chosen", ["2015", "2021"])
def test_every_set_is_an_edition_a_town_may_publish_whatever_is_in_force(chosen: str) -> None:
    edition = editions.read(presets.files("platform")[chosen], "platform")
    codes.receive({"platform": Editions((edition.text,))})
    other = presets.another("platform")
    assert other is not None and chosen not in other.name
    assert [row.name for row in editions.read(other, "platform").retired] == presets.names_in("platform", chosen)


def test_every_word_of_a_set_stands_in_the_shipped_table() -> None:
    for path in presets.places.resource("codes", "presets").glob("*.tsv"):
        table, _dot, chosen = path.stem.partition(".")
        assert set(presets.names_in(table, chosen)) <= {row.name for row in codes.shipped(table)}, path.name


def test_most_tables_have_none() -> None:
    assert presets.files("reason") == {} and presets.another("reason") is None and presets.in_force("reason") == ""
