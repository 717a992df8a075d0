"""Code tables, places and villages: found by code or by words, retired ones kept, unknown ones shown as such."""

from __future__ import annotations

from collections import Counter

import pytest

from gridapp import places
from gridapp.fields import codes
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Code, Codes
from gridapp.records import ENTITIES

#: tables of places and villages have readers of their own
OTHER = {"divisions", "towns", "villages"}
SHIPPED = sorted(p.stem for p in places.resource("codes").glob("*.tsv") if p.stem not in OTHER)
USED = sorted({f.kind.table for e in ENTITIES.values() for f in fields_of(e).values() if isinstance(f.kind, (Code, Codes))})


def heads(name: str) -> list[str]:
    with places.resource("codes", f"{name}.tsv").open(encoding="utf-8") as lines:
        return next(line for line in lines if not line.startswith("#")).rstrip("\n").split("\t")


@pytest.mark.parametrize("name", USED)
def test_every_table_a_field_asks_for_is_shipped_and_in_order(name: str) -> None:
    table = codes.table(name)
    assert table.rows and table.choices()
    assert [c for c, n in Counter(r.code for r in table.rows).items() if n > 1] == []
    for row in table.rows:
        assert row.code == row.code.strip() and row.name == row.name.strip() != ""
        assert table.find(row.code) == row.code == table.find(f" {row.name} ")
        assert table.label(row.code) == row.name


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_table_has_as_many_cells_as_heads(name: str) -> None:
    with places.resource("codes", f"{name}.tsv").open(encoding="utf-8") as lines:
        widths = {line.rstrip("\n").count("\t") + 1 for line in lines if line.strip() and not line.startswith("#")}
    assert max(widths) == len(heads(name))


@pytest.mark.parametrize("name", USED)
def test_no_word_means_two_codes(name: str) -> None:
    told: dict[str, set[str]] = {}
    for row in codes.table(name).rows:
        for word in {row.name, *row.words}:
            told.setdefault(word.lower(), set()).add(row.code)
    assert {w: c for w, c in told.items() if len(c) > 1} == {}


@pytest.mark.parametrize(("table", "typed", "code"), [
    ("sex", "男", "1"), ("ethnic", "汉", "01"), ("ethnic", "汉族", "01"), ("ethnic", "穿青人", "97"), ("id_kind", "身份证", "111"),
    ("id_kind", "港澳同胞回乡证(通行卡)", "516"), ("id_kind", "台 胞 证", "511"), ("id_kind", "１１１", "111"), ("country", "usa", "USA"), ("reason", "务工", "01")])
def test_a_code_is_found_by_what_people_write(table: str, typed: str, code: str) -> None:
    assert codes.table(table).find(typed) == code


def test_an_unknown_word_is_not_guessed_and_an_unknown_code_is_shown_as_such() -> None:
    assert codes.table("sex").find("未知数") is None
    assert codes.table("sex").label("7") == "新值 7" and codes.table("sex").label("") == ""


def test_a_drop_down_offers_the_usual_papers_first() -> None:
    offered = [c for c, _ in codes.table("id_kind").choices()]
    assert offered[0] == "111" and {"991", "553", "414", "516", "511", "999"} <= set(offered)
    assert len(offered) < 20 < len(codes.table("id_kind").rows)


@pytest.mark.parametrize(("code", "name", "status"), [
    ("330784", "浙江省金华市永康市", "current"), ("339014", "浙江省永康市", "retired"), ("330722", "浙江省金华市永康县", "retired"),
    ("429004", "湖北省仙桃市", "current"), ("110101", "北京市东城区", "current"), ("810000", "香港特别行政区", "current")])
def test_places_are_named_from_the_province_down(code: str, name: str, status: str) -> None:
    found = codes.division(code)
    assert found is not None and (found.name, found.status) == (name, status)


def test_four_thousand_retired_places_are_known() -> None:
    assert sum(d.status != "current" for d in codes.divisions()) > 3000
    assert sum(d.status == "current" for d in codes.divisions()) > 3000


def test_every_place_shown_leads_back_to_itself() -> None:
    """A retired place may bear the name of today's: then its code stands behind it."""
    for division in codes.divisions():
        shown = codes.division_shown(division.code)
        assert codes.division_named(shown) == division.code or f"（{division.code}）" in shown


def test_the_village_and_its_town() -> None:
    village = codes.village("330784108238")
    assert village is not None and (village.display_name, village.town, village.county) == ("青后叶村", "古山镇", "永康市")
    assert codes.village("330784108999") is None
