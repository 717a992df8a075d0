"""Editions of a code table: what a town may publish and what is refused with a sentence; what records of years ago say stays readable."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridapp.fields import codes, editions
from gridapp.fields.codes import Editions
from gridapp.fields.editions import BadCodeTable
from gridapp.fields.kinds import Code, Codes

HEAD = "code\tname\talias\n"
#: weather as shipped, with one code more
SHIPPED = editions.text_of(codes.shipped("weather"))
MORE = SHIPPED + "20\t冰雹\t雹\t\n"


def published(name: str, *texts: str) -> None:
    codes.receive({name: Editions(texts)})


def faults(text: str, name: str = "weather") -> list[str]:
    with pytest.raises(BadCodeTable) as refused:
        editions.edition(name, text)
    assert [m.text for m in refused.value.marks] == refused.value.text.split("\n")[1:]
    return [m.text for m in refused.value.marks]


# ---------------------------------------------------------------- what counts

def test_a_published_table_counts_for_choices_parsing_and_showing() -> None:
    kept = codes.table("weather")
    assert Code("weather").show("20") == "新值 20" and kept.find("冰雹") is None
    published("weather", editions.edition("weather", MORE).text)
    assert Code("weather").parse("雹") == "20" and Code("weather").show("20") == "冰雹"
    assert kept.choices()[-1] == ("20", "冰雹"), "a table that was kept follows"
    codes.receive({})
    assert kept.find("冰雹") is None


def test_a_retired_code_is_shown_and_understood_but_not_offered() -> None:
    without = editions.edition("weather", SHIPPED.replace("01\t晴", "# 01\t晴"))
    assert [r.name for r in without.retired] == ["晴"] and not without.added
    published("weather", without.text)
    table = codes.table("weather")
    assert "01" not in dict(table.choices()) and table.label("01") == "晴" and table.find("晴") == "01"


def test_what_an_earlier_or_a_withdrawn_edition_said_is_never_lost() -> None:
    first = editions.edition("weather", MORE).text
    published("weather", first)
    second = editions.edition("weather", SHIPPED).text
    published("weather", second, first)
    assert codes.table("weather").label("20") == "冰雹" and "20" not in dict(codes.table("weather").choices())
    codes.receive({"weather": Editions((), (first,))})
    assert codes.table("weather").label("20") == "冰雹" and codes.table("weather").offered == codes.shipped("weather")


def test_another_way_to_say_it_keeps_the_old_word() -> None:
    other = editions.edition("weather", SHIPPED.replace("01\t晴\t", "01\t晴天\t晴"))
    assert [(before, row.name) for before, row in other.renamed] == [("晴", "晴天")]
    published("weather", other.text)
    assert codes.table("weather").label("01") == "晴天" and codes.table("weather").find("晴") == "01"


@pytest.mark.parametrize("kind", [Code("weather"), Codes("patrol_contents")])
def test_a_code_this_pc_does_not_know_yet_survives_a_form(kind: Code | Codes) -> None:
    value = "77" if isinstance(kind, Code) else "01,77,88"
    assert "新值 77" in kind.show(value) and kind.parse(kind.show(value)) == value


def test_a_table_the_program_hangs_on_is_not_replaced_whatever_arrives() -> None:
    published("hazard_state", HEAD + "01\t别的\t\n")
    assert codes.table("hazard_state").find("发现") == "01" and codes.table("hazard_state").label("01") == "发现"


@pytest.mark.parametrize("rubbish", ["", "\n\n", "code\tname", "x\ty\n1\t2\n", "code\tname\n\t\n", "\0\0", "code\tname\n77\n"])
def test_rubbish_that_was_published_leaves_the_shipped_table(rubbish: str) -> None:
    published("weather", rubbish)
    assert codes.table("weather").offered == codes.shipped("weather")


# ---------------------------------------------------------------- what is refused

@pytest.mark.parametrize(("text", "told"), [
    ("", "code 和 name 两列"), ("名称\t代码\n晴\t01\n", "code 和 name 两列"), (HEAD, "一个代码也没有"),
    (HEAD + "01\t\t\n", "代码和名称都要填"), (HEAD + "\t晴\t\n", "代码和名称都要填"), (HEAD + "0 1\t晴\t\n", "只能用数字"),
    (HEAD + "01\t晴\t\t多的\n", "格子比第一行多"), (HEAD + "01\t" + "晴" * 61 + "\t\n", "太长"), (HEAD + "30\t风，雨\t\n", "逗号"),
    (HEAD + "30\t新值 5\t\n", "开头"), (MORE + "20\t雾凇\t\n", "写了两次"), (MORE + "21\t冰 雹\t\n", "同时是代码 20 和 21"),
    (SHIPPED.replace("01\t晴", "01\t下雨天"), "代码 01 一直是“晴”，不能改作“下雨天”"),
    (SHIPPED.replace("01\t晴", "91\t晴"), "“晴”一直是代码 01 的意思，不能给代码 91"), (SHIPPED, "完全一样")])
def test_a_fault_is_told_in_one_sentence(text: str, told: str) -> None:
    found = faults(text)
    assert len(found) == 1 and told in found[0], found


def test_every_fault_is_told_with_its_line() -> None:
    found = faults(HEAD + "01\t\t\n02\t阴\t\n?\t雨\t\n")
    assert [f[:5] for f in found] == ["第 2 行", "第 4 行"]
    many = HEAD + "".join(f"{n}?\t{n}号\t\n" for n in range(30))
    with pytest.raises(BadCodeTable, match="还有 22 处"):
        editions.edition("weather", many)


def test_a_code_of_an_earlier_edition_is_not_used_again_either() -> None:
    published("weather", SHIPPED, editions.edition("weather", MORE).text)
    assert "一直是“冰雹”" in faults(SHIPPED + "20\t沙尘\t\t\n")[0]
    back = editions.edition("weather", MORE)
    assert [r.code for r in back.back] == ["20"] and not back.added


@pytest.mark.parametrize(("name", "told"), [("hazard_state", "由程序使用"), ("station_role", "由程序使用"), ("没有", "没有“没有”"),
                                            ("villages", "没有“villages”"), ("../weather", "没有“../weather”")])
def test_only_a_table_of_codes_that_fields_use_is_published(name: str, told: str) -> None:
    assert told in faults(MORE, name)[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_file_is_read_as_excel_saves_it(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "weather.tsv"
    file.write_bytes(MORE.replace("\n", "\r\n").encode(encoding))
    assert [r.name for r in editions.read(file).added] == ["冰雹"]
    file.rename(tmp_path / "天气.txt")
    assert editions.read(tmp_path / "天气.txt", "weather").name == "weather"


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "weather.tsv").write_bytes(b"\xff\x00\x81\x81\xff" * 20)
    (tmp_path / "sex.tsv").write_bytes(b"x" * (editions.LARGEST_FILE + 1))
    for name, told in (("weather", "不是文本"), ("sex", "太大"), ("reason", "读不到")):
        with pytest.raises(BadCodeTable, match=told):
            editions.read(tmp_path / f"{name}.tsv")


@pytest.mark.parametrize("name", codes.names())
def test_every_shipped_table_can_be_gone_on_from(name: str) -> None:
    text = editions.text_of(codes.shipped(name))
    further = text.splitlines()[-1].split("\t")[4:]  # a new line says as much of itself as the last one
    told = editions.edition(name, text + "\t".join(("999999", "一个新说法", "", "", *further)) + "\n")
    assert [r.code for r in told.added] == ["999999"] and not told.renamed and not told.retired
    assert codes.rows_in(codes.told_in(told.text.splitlines()))[:-1] == codes.shipped(name)
