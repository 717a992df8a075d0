"""Registers in any shape: header anywhere, columns in any order, codes or words, merged cells, hidden sheets, old files, text files."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from gridapp import spreadsheet
from gridapp.fields.field import fields_of
from gridapp.records import House, Person, Tenancy
from gridapp.spreadsheet import RowRead
from gridapp.spreadsheet.matching import squash, words_of
from gridapp.spreadsheet.vocabulary import kinds_of
from gridapp.work.weighing import STEP, Cancelled
from tests.ledgers import NUMBERS
from tests.spreadsheet import workbooks
from tests.spreadsheet.workbooks import HEAD, HOUSES, PENG, WU

PENG_READ = {"name": "彭兵", "sex": "1", "id_no": NUMBERS[0], "house_no": "QHY0001", "room_no": "101", "phone": "15026310431",
             "arrived_on": date(2024, 3, 31)}


def read(folder: Path, *tables: workbooks.Table, **told: Any) -> list[RowRead]:
    return spreadsheet.read_rows(workbooks.book(folder / "a.xlsx", *tables, **told))


def people(rows: list[RowRead]) -> list[dict[str, Any]]:
    return [r.values for r in rows if r.kind == "person"]


def test_titles_and_notes_may_stand_above_the_header(tmp_path: Path) -> None:
    above = [("青后叶村流动人口登记台账",), ("填报单位：青后叶村网格", None, "2026年11月20日"), (), ("填表说明：日期格式不限，姓名必填",)]
    rows = read(tmp_path, [*above, HEAD, PENG, WU], merge={0: ("A1:G1", "A4:G4")})
    assert [(r.row, r.values["name"]) for r in rows] == [(6, "彭兵"), (7, "吴丽")]
    assert rows[0].values == PENG_READ


def test_columns_may_stand_in_any_order_and_some_may_be_missing(tmp_path: Path) -> None:
    assert people(read(tmp_path, [HEAD[::-1], PENG[::-1]])) == [PENG_READ]
    assert people(read(tmp_path, [HEAD[:3], PENG[:3]])) == [{k: PENG_READ[k] for k in ("name", "sex", "id_no")}]


def test_codes_and_words_are_the_same(tmp_path: Path) -> None:
    head = ("姓名", "公民身份号码/证件号码", "证件种类", "性别", "民族", "流入事由", "居住证")
    words = read(tmp_path, [head, ("彭兵", NUMBERS[0], "居民身份证", "男", "土家族", "务工", "有")])
    codes = read(tmp_path, [head, ("彭兵", NUMBERS[0], "111", "1", "15", words[0].values["reason"], 1)])
    assert people(codes) == people(words)
    assert not words[0].marks and words[0].values["sex"] == "1"


@pytest.mark.parametrize("word", ["身份证号码", "证 件 号 码", "*证件号码", "证件号码：", "证件号码（18位）", "证件\n号码", "身份证号(必填)"])
def test_headings_are_known_with_stars_breaks_and_brackets(word: str, tmp_path: Path) -> None:
    assert people(read(tmp_path, [("姓名", word), PENG[0:3:2]])) == [{"name": "彭兵", "id_no": NUMBERS[0]}]


def test_a_row_of_notes_sums_blanks_and_repeated_headers_are_passed_over(tmp_path: Path) -> None:
    notes = ("必填", "选填", "必填，18位", "如：QHY0001", "如：101", "填写手机号", "格式：2026-01-01")
    rows = read(tmp_path, [HEAD, notes, PENG, (), (None, None, None, None, None, "  ", None), HEAD, WU, ("合计", "2 人")])
    assert [(r.row, r.values["name"]) for r in rows] == [(3, "彭兵"), (7, "吴丽")]


def test_dates_and_numbers_are_read_however_excel_keeps_them(tmp_path: Path) -> None:
    days: list[Any] = [date(2024, 3, 31), datetime(2024, 3, 31, 8, 30), "2024-03-31", "2024/3/31", "2024年3月31日", "20240331", 45382, "2024.3.31"]
    rows = read(tmp_path, [HEAD, *[(*PENG[:3], "QHY0001", 101.0, 15026310431, day) for day in days]])
    assert people(rows) == [PENG_READ] * len(days)


def test_a_number_excel_has_rounded_refuses_the_row(tmp_path: Path) -> None:
    rows = read(tmp_path, [HEAD, ("彭兵", "男", 510185196707119619, *PENG[3:]), ("吴丽", "男", "5.00152E+17", *WU[3:])])
    assert [[(m.field, m.level, m.code) for m in r.marks] for r in rows] == [
        [("id_no", "block", "id-as-number")], [("id_no", "block", "scientific")]]
    assert "最后几位已经丢失" in rows[0].marks[0].text and rows[0].raw["name"] == "彭兵"


def test_a_word_nobody_knows_is_left_out_with_a_warning(tmp_path: Path) -> None:
    row = read(tmp_path, [HEAD, ("彭兵", "纯爷们", *PENG[2:])])[0]
    assert "sex" not in row.values and row.raw["sex"] == "纯爷们"
    assert [(m.field, m.level, m.code) for m in row.marks] == [("sex", "warn", "unknown-code")]


def test_a_formula_in_a_name_is_text(tmp_path: Path) -> None:
    path = workbooks.csv(tmp_path / "a.csv", [HEAD, ("'=1+1", *PENG[1:])], "utf-8")
    assert spreadsheet.read_rows(path)[0].values["name"] == "=1+1"


# ---------------------------------------------------------------- sheets

def test_houses_and_people_may_stand_on_sheets_of_their_own(tmp_path: Path) -> None:
    rows = read(tmp_path, [("说明",), ("请勿修改",)], [HEAD, PENG], HOUSES, names=("说明", "人员", "房屋"))
    assert [(r.sheet, r.kind, r.row) for r in rows] == [("人员", "person", 2), ("房屋", "house", 2)]
    assert rows[1].values == {"house_no": "QHY0001", "address": HOUSES[1][1], "owner_name": "张浩"}


def test_a_list_of_telephone_numbers_is_no_register(tmp_path: Path) -> None:
    rows = read(tmp_path, [("姓名", "联系电话"), ("王建国", "13900000000")], [HEAD, PENG])
    assert [r.values["name"] for r in rows] == ["彭兵"]


def test_hidden_sheets_come_last_and_are_warned_of(tmp_path: Path) -> None:
    rows = read(tmp_path, [HEAD, WU], [HEAD, PENG, PENG], names=("旧表", "新表"), hidden=(0,))
    assert [(r.sheet, [m.code for m in r.marks]) for r in rows] == [("新表", []), ("新表", []), ("旧表", ["hidden-sheet"])]
    assert "隐藏的工作表“旧表”" in rows[2].marks[0].text


def test_a_cell_merged_over_several_tenants_tells_of_each(tmp_path: Path) -> None:
    rows = read(tmp_path, [HEAD, PENG, (*WU[:3], None, None, *WU[5:])], merge={0: ("D2:D3", "E2:E3")})
    assert [(r.values["house_no"], r.values["room_no"]) for r in rows] == [("QHY0001", "101")] * 2


def test_a_header_of_two_rows_is_one_header(tmp_path: Path) -> None:
    top = ("姓名", "性别", "证件号码", "住处", None, "联系电话", "来本地日期")
    under = (None, None, None, "房屋编号", "房号", None, None)
    rows = read(tmp_path, [top, under, PENG], merge={0: ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2", "G1:G2")})
    assert [(r.row, r.values) for r in rows] == [(3, PENG_READ)]


# ---------------------------------------------------------------- other kinds of file

@pytest.mark.parametrize(("encoding", "mark"), [("gb18030", ","), ("utf-8", ","), ("utf-8-sig", "\t"), ("utf-16", ","), ("gb18030", ";")])
def test_text_files_in_any_encoding(encoding: str, mark: str, tmp_path: Path) -> None:
    name = "买买提·艾合买提𠮷"
    rows = spreadsheet.read_rows(workbooks.csv(tmp_path / "a.csv", [("青后叶村台账",), HEAD, (name, *PENG[1:])], encoding, mark))
    assert [(r.row, r.values) for r in rows] == [(3, PENG_READ | {"name": name})]


def test_bytes_that_are_no_text_refuse_the_row_and_no_other(tmp_path: Path) -> None:
    path = workbooks.csv(tmp_path / "a.csv", [HEAD, PENG, WU], "gb18030")
    path.write_bytes(path.read_bytes().replace("吴丽".encode("gb18030"), b"\xce\xff\xff\xe2"))
    rows = spreadsheet.read_rows(path)
    assert [[m.code for m in r.marks] for r in rows] == [[], ["undecodable"]]


def test_workbooks_of_excel_97(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(workbooks.xls([("台账",), HEAD, PENG, WU]))
    rows = spreadsheet.read_rows(tmp_path / "a.xls")
    assert [(r.row, r.values["name"]) for r in rows] == [(3, "彭兵"), (4, "吴丽")] and rows[0].values == PENG_READ


# ---------------------------------------------------------------- what we write

def _table(path: Path) -> Path:
    columns = [("姓名", 10), ("证件号码", 20), ("备注", 20)]
    spreadsheet.write_table(path, "名单", columns, [("=HYPERLINK(\"x\")", NUMBERS[0], "+86"), ("彭<b>", NUMBERS[1], "@SUM(1)")])
    return path


def test_our_own_tables_can_be_read_again(tmp_path: Path) -> None:
    assert people(spreadsheet.read_rows(_table(tmp_path / "a.xlsx"))) == [
        {"name": '=HYPERLINK("x")', "id_no": NUMBERS[0], "remark": "+86"}, {"name": "彭<b>", "id_no": NUMBERS[1], "remark": "@SUM(1)"}]


def test_our_own_tables_hold_text_and_nothing_that_runs(tmp_path: Path) -> None:
    import openpyxl

    cells = [c for row in openpyxl.load_workbook(_table(tmp_path / "a.xlsx")).active.iter_rows() for c in row]
    assert {c.data_type for c in cells} == {"s"} and not any(c.hyperlink for c in cells)


@pytest.mark.parametrize(("kind", "entities"), [("house", (House,)), ("person", (Person, Tenancy))])
def test_every_field_is_known_by_its_own_label(kind: str, entities: tuple[type[Any], ...], tmp_path: Path) -> None:
    labels = {n: f.label for e in entities for n, f in fields_of(e).items() if n in kinds_of(kind)}
    words = words_of(kind)
    assert {n for n, label in labels.items() if words[squash(label)] != n} == set()
    assert not {"deleted", "into", "closed_on", "person", "room"} & set(words.values()), "a workbook closes nothing and links nothing"


def test_a_native_place_is_an_address_unless_that_has_a_column_of_its_own(tmp_path: Path) -> None:
    alone = read(tmp_path, [("姓名", "户籍地"), ("彭兵", "四川省成都市简阳市马街121号")])
    both = read(tmp_path, [("姓名", "户籍地", "户籍地址"), ("彭兵", "四川省成都市简阳市", "马街121号")])
    assert people(alone) == [{"name": "彭兵", "hukou_addr": "四川省成都市简阳市马街121号"}]
    assert people(both) == [{"name": "彭兵", "hukou_code": "510185", "hukou_addr": "马街121号"}]


# ---------------------------------------------------------------- progress

def test_reading_says_how_far_it_is_and_can_be_cancelled(tmp_path: Path) -> None:
    path = workbooks.book(tmp_path / "a.xlsx", [HEAD, *[PENG] * (3 * STEP)])
    told: list[tuple[int, int]] = []
    assert len(spreadsheet.read_rows(path, lambda done, total: told.append((done, total)) is None)) == 3 * STEP
    assert [t for t in told if t != (0, 0)] == [(n * STEP, 3 * STEP + 1) for n in (1, 2, 3)]
    with pytest.raises(Cancelled):
        spreadsheet.read_rows(path, lambda done, _total: done < STEP)
