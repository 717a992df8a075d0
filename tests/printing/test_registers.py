"""F02 and F04: every row is there, the heading on each page, pages counted, blank rows to the end."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gridapp import places
from gridapp.printing import layout, press
from gridapp.printing.papers import f02, f04
from tests.printing import reading

TODAY = date(2026, 11, 23)
#: never issued: county code 510185 is younger than the birth date
NUMBER = "510185196707119619"
LONG = "新疆维吾尔自治区喀什地区疏附县托克扎克镇（原英吾斯坦乡）阿亚格曼干村第4村民小组128号“幸福小区”3栋2单元502室" * 3


def tenant(number: int, name: str = "", hukou: str = "四川省成都市简阳市马街121号") -> f04.Row:
    return f04.Row(f"{number}", name or f"王𬱟{number}", "男", "汉族", NUMBER, hukou, "", "15026310431", TODAY, None, "王建国")


def house(number: int, people: int, address: str = "永康市古山镇青后叶村祠堂路106号") -> f04.House:
    rows = [tenant(place) for place in range(101, 101 + people)]
    return f04.House(f"QHY{number:04}", address, "张浩", "18957709790", 5, rows)


def printed(tmp_path: Path, number: str, values: object) -> tuple[press.Printed, Path]:
    out = tmp_path / f"{number}.pdf"
    return press.render(number, values, out, today=TODAY, maker="王建国"), out


def test_a_house_is_a_page_and_a_long_one_goes_on(tmp_path: Path) -> None:
    told, out = printed(tmp_path, "F04", f04.Roster("青后叶村村民委员会", "第一网格", [house(1, 3), house(2, 40), house(3, 0)]))
    pages = reading.texts(out)
    assert told.pages == len(pages) == 5 and not told.missing and not told.overflow
    assert all("出租房屋承租人员登记簿" in page and "公民身份号码" in page and "户籍地址" in page for page in pages)
    assert ["续上页" in page for page in pages] == [False, False, True, True, False]
    assert "QHY0002" in pages[2] and "现住人数：40" in pages[2]
    counted = ["第 1 页　共 1 页（总第 1 页）", "第 1 页　共 3 页（总第 2 页）", "第 2 页　共 3 页（总第 3 页）", "第 3 页　共 3 页（总第 4 页）"]
    assert [line in page for line, page in zip(counted, pages, strict=False)] == [True] * 4


def test_every_row_is_there_in_order(tmp_path: Path) -> None:
    _told, out = printed(tmp_path, "F04", f04.Roster(houses=[house(1, 40)]))
    text = reading.whole(out)
    places_ = [text.index(f"王𬱟{number}男汉族{NUMBER}") for number in range(101, 141)]
    assert places_ == sorted(places_)


def test_one_house_alone_needs_no_place_in_the_whole(tmp_path: Path) -> None:
    _told, out = printed(tmp_path, "F04", f04.Roster(houses=[house(1, 1)]))
    assert "总第" not in reading.whole(out)


def test_people_who_left_stay_in_the_book_but_are_not_counted() -> None:
    gone = f04.Row(room="101", name="彭兵", end=TODAY)
    assert f04.House(rows=[gone, tenant(102)]).people == 1


def test_houses_may_follow_each_other_when_the_county_wants_to_save_paper(tmp_path: Path) -> None:
    own = places.data_dir() / "papers" / "F04.toml"
    own.parent.mkdir()
    own.write_text(layout.path("F04").read_text("utf-8").replace('begins = "page"', 'begins = "line"'), "utf-8")
    told, out = printed(tmp_path, "F04", f04.Roster(houses=[house(number, 3) for number in range(1, 21)]))
    text = reading.whole(out)
    assert told.pages == 6
    assert [text.count(f"房屋编号：QHY{number:04}") for number in range(1, 21)].count(1) >= 15
    assert text.count("王𬱟101") == 20 and "总第" not in text


@pytest.mark.parametrize("name", ["=1+1&<b>粗</b>", "阿卜杜热合曼·买买提江·吐尔逊·阿卜杜热合曼", "王" * 50, "王" * 200, "　 　", "NGUYEN VAN AN", "彭\t兵", "王\u202e兵"])
def test_odd_names_are_plain_text(tmp_path: Path, name: str) -> None:
    _told, out = printed(tmp_path, "F04", f04.Roster(houses=[f04.House(rows=[tenant(101, name=name)])]))
    assert "".join(name.split()) in reading.whole(out)


def test_a_long_address_makes_the_row_grow(tmp_path: Path) -> None:
    rows = [tenant(number, hukou=LONG) for number in range(101, 111)]
    told, out = printed(tmp_path, "F04", f04.Roster(houses=[f04.House(rows=rows)]))
    assert told.pages > 1
    assert reading.whole(out).count(LONG) == 10


def test_a_row_longer_than_a_page_goes_on_over_the_next(tmp_path: Path) -> None:
    told, out = printed(tmp_path, "F04", f04.Roster(houses=[f04.House(rows=[tenant(101, hukou="字" * 3000)])]))
    assert told.pages > 2
    assert reading.whole(out).count("字") == 3000


def test_a_long_house_address_makes_the_band_grow(tmp_path: Path) -> None:
    _told, out = printed(tmp_path, "F04", f04.Roster(houses=[house(1, 1, address=LONG)]))
    assert LONG in reading.whole(out)


def test_the_register_of_people_runs_over_pages_with_one_count(tmp_path: Path) -> None:
    rows = [f02.Row(name=f"牛𬀩{number}", birth=date(1967, 7, 11), id_no=NUMBER, home="祠堂路1号 101") for number in range(100)]
    told, out = printed(tmp_path, "F02", f02.Book("青后叶村", "第一网格", rows))
    pages = reading.texts(out)
    assert told.pages == 6 and "第 6 页　共 6 页" in pages[-1]
    assert all("统计日期：2026年11月23日" in page and "制表人：王建国" in page for page in pages)
    text = reading.whole(out)
    assert all(f"{number + 1}牛𬀩{number}" in text for number in range(100))


@pytest.mark.parametrize(("number", "values"), [("F04", f04.Roster()), ("F02", f02.Book())])
def test_with_no_data_a_page_of_blank_rows(tmp_path: Path, number: str, values: object) -> None:
    told, out = printed(tmp_path, number, values)
    assert told.pages == 1 and "第 1 页　共 1 页" in reading.texts(out)[0]
