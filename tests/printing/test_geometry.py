"""Where things stand on the page: golden places, nothing on a line or on another letter, nothing outside the margins."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from gridapp.printing import layout, press
from gridapp.printing.papers import f02, f04, f07, f09
from tests.printing import reading
from tests.printing.test_boxed_papers import DIARY, NOTICE, PROBLEM
from tests.printing.test_registers import LONG, NUMBER, TODAY, house, tenant

NAMES = ("王𬱟", "王" * 50, "阿" * 24 + "·" + "买" * 25, "NGUYEN THI THANH HUYEN MARIA GUADALUPE", '<img src="/etc/passwd">&amp;', "𠮷𪐀𰻞𮯰")
CROWD = [tenant(100 + number, name, LONG if number % 2 else "") for number, name in enumerate(NAMES)]
PEOPLE = [f02.Row(name, "女", "维吾尔族", TODAY, NUMBER, LONG, "永康市古山镇青后叶村祠堂路106号 101", "投靠亲友") for name in NAMES]
FINDINGS = [f07.Finding(LONG if number % 5 == 0 else "祠堂路1号", PROBLEM * (1 + number % 4), "一般", "", "上报") for number in range(30)]
FULL: dict[str, object] = {
    "F02": f02.Book("青后叶村", "第一网格", PEOPLE),
    "F04": f04.Roster("青后叶村村民委员会", "第一网格", [f04.House("QHY0001", LONG, "张浩", "", 5, CROWD), house(2, 30), house(3, 0)]),
    "F07": f07.Diary(day=date(2026, 11, 23), people="王建国、" * 30, findings=FINDINGS, remark=PROBLEM * 40),
    "F09": f09.Notice("永康市古山镇青后叶村村民委员会", to="王" * 50, address=LONG, items=[f09.Item(PROBLEM * 30, LONG, TODAY)] * 3, code="Q"),
}
GOLDEN = {
    "F02": [("流动人口登记簿", 122, 20), ("村（社区）", 25, 27), ("统计日期", 243, 27), ("姓名", 45, 35), ("备注", 278, 35), ("制表人", 25, 201),
            ("审核人", 136, 201), ("（单位盖章）", 188, 201), ("第 1 页", 263, 201)],
    "F04": [("出租房屋承租人员登记簿", 107, 20), ("登记单位（盖章）", 25, 27), ("制表日期", 243, 27), ("房屋编号", 27, 34), ("房主：", 27, 40), ("房主签名", 223, 34),
            ("房号", 38, 49), ("登记人", 275, 48), ("510185196707119619", 99, 57), ("制表人", 141, 201), ("审核人", 178, 201)],
    "F07": [("巡　查　日　志", 83, 27), ("日期", 36, 42), ("发现问题", 32, 139), ("处理情况", 32, 210), ("记录人", 34, 274), ("第 1 页", 171, 284)],
    "F09": [("永", 28, 38), ("整改要求", 123, 113), ("安全隐患整改通知书", 70, 64), ("被通知单位", 28, 76), ("地址", 28, 85), ("请于", 39, 136),
            ("检查人（签名）", 28, 166), ("被通知人（签名）", 107, 166), ("（盖", 127, 198), ("扫码核对", 48, 265), ("第 1 页", 162, 284)],
}
USUAL: dict[str, object] = {
    "F02": f02.Book("青后叶村", "第一网格", [f02.Row(name="王𬱟")]),
    "F04": f04.Roster("青后叶村村民委员会", "第一网格", [house(1, 1)]),
    "F07": DIARY,
    "F09": NOTICE,
}


def printed(tmp_path: Path, number: str, values: object) -> Path:
    out = tmp_path / f"{number}.pdf"
    press.render(number, values, out, today=TODAY, maker="王建国")
    return out


@pytest.mark.parametrize("number", GOLDEN)
def test_headings_signatures_and_seals_stand_where_they_did(tmp_path: Path, number: str) -> None:
    out = printed(tmp_path, number, USUAL[number])
    for text, left, foot in GOLDEN[number]:
        across, down = reading.stands(out, 0, text)
        assert (text, abs(across - left) <= 1, abs(down - foot) <= 1) == (text, True, True), f"{text} stands at {across}, {down}"


@pytest.mark.parametrize("number", FULL)
def test_no_letter_stands_on_a_line_or_on_another_letter(tmp_path: Path, number: str) -> None:
    out = printed(tmp_path, number, FULL[number])
    for letters, lines in zip(reading.letters(out), reading.lines(out), strict=True):
        assert letters and lines
        assert [letter for letter in letters if any(letter.meets(line, 0.1) for line in lines)] == []
        rows: defaultdict[int, list[reading.Ink]] = defaultdict(list)
        for letter in letters:
            rows[int(letter.bottom // 20)].append(letter)
            rows[int(letter.top // 20)].append(letter)
        assert [pair for row in rows.values() for pair in combinations(dict.fromkeys(row), 2) if pair[0].meets(pair[1])] == []


@pytest.mark.parametrize("number", FULL)
def test_nothing_is_outside_the_margins_but_the_seam(tmp_path: Path, number: str) -> None:
    frame = layout.load(number).frame()
    assert frame.left >= 25 * layout.MM, "room to bind"
    for letters in reading.letters(printed(tmp_path, number, FULL[number])):
        inside = [letter for letter in letters if not _in_the_seam(letter, frame)]
        assert min(letter.left for letter in inside) >= frame.left - 1 and min(letter.bottom for letter in inside) >= frame.bottom
        assert max(letter.right for letter in inside) <= frame.width - frame.right + 6


def _in_the_seam(letter: reading.Ink, frame: layout.Frame) -> bool:
    middle = (letter.left + letter.right) / 2
    return any(abs(middle - seam) < 4 * layout.MM for seam in (13 * layout.MM, frame.width - 13 * layout.MM))


@pytest.mark.parametrize("number", ["F02", "F04"])
def test_every_page_of_a_register_is_ruled_to_its_end(tmp_path: Path, number: str) -> None:
    frame = layout.load(number).frame()
    row = (frame.height - frame.top - frame.bottom) / 16
    for lines in reading.lines(printed(tmp_path, number, FULL[number])):
        assert min(line.bottom for line in lines) < frame.bottom + 8 * layout.MM + row


def test_the_closing_words_of_a_notice_stay_with_seal_and_date(tmp_path: Path) -> None:
    for count in range(1, 14):
        pages = reading.texts(printed(tmp_path, "F09", f09.Notice("青后叶村村民委员会", items=[f09.Item(PROBLEM * 2)] * count)))
        (closing,) = [page for page in pages if "请于" in page and "第一联" in page]
        assert all(said in closing for said in ("检查人（签名）", "送达方式/日期", "盖　章"))


def test_a_very_long_hazard_begins_under_the_head_of_its_notice(tmp_path: Path) -> None:
    pages = reading.texts(printed(tmp_path, "F09", f09.Notice("青后叶村村民委员会", items=[f09.Item("楼道堆物。" * 150)])))
    assert pages[0].count("楼道") > 80 and "（续上页）" in pages[1] and "楼道" in pages[1]


def test_a_row_is_torn_only_when_it_is_taller_than_a_quarter_of_the_page(tmp_path: Path) -> None:
    eight_lines = LONG[:112]
    rows = [tenant(100 + number, f"王{number}", eight_lines) for number in range(12)]
    for page in reading.texts(printed(tmp_path, "F04", f04.Roster(houses=[f04.House(rows=rows)]))):
        text = "".join(page.split())
        assert text.count(eight_lines) == text.count("汉族" + NUMBER) > 0


def test_a_long_address_of_the_first_house_leaves_the_rows_of_the_second_as_high(tmp_path: Path) -> None:
    both = reading.lines(printed(tmp_path, "F04", f04.Roster(houses=[house(1, 3, LONG * 2), house(2, 3)])))
    alone = reading.lines(printed(tmp_path, "F04", f04.Roster(houses=[house(2, 3)])))
    assert both[1] == alone[0]
