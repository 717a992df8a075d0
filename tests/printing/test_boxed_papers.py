"""F07 and F09: boxes ticked, tables filled to the page's end, copies and stub."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from gridapp.printing import boxed, press, stack
from gridapp.printing.layout import Section
from gridapp.printing.page import Pages
from gridapp.printing.papers import f07, f09
from tests.printing import reading

TODAY = date(2026, 11, 23)
PROBLEM = "电动自行车在一楼楼梯间停放、充电，疏散通道被占用。"
DIARY = f07.Diary(
    village="青后叶村",
    grid="第一网格",
    day=TODAY,
    start="20:30",
    end="22:10",
    weather="多云",
    category="夜间",
    people="王建国、李㛃、叶𬀩",
    route="祠堂路—青后叶后街",
    contents=("出租房", "消防通道", "河道"),
    findings=[f07.Finding("祠堂路106号", PROBLEM, "严重", "P01", "发整改通知")],
    hazards=1,
    persuaded=15,
    checked=23,
    recorder="王建国",
)
NOTICE = f09.Notice(
    issuer="永康市古山镇青后叶村村民委员会",
    notice_no="古青后叶隐改〔2026〕第001号",
    to="王𬱟",
    address="永康市古山镇青后叶村祠堂路106号",
    house_no="QHY0001",
    found_on=TODAY,
    items=[f09.Item(PROBLEM, "立即清理。", TODAY)],
    due_on=date(2026, 12, 8),
    issued_on=TODAY,
    code="QHY0001",
)


def printed(tmp_path: Path, number: str, values: object) -> tuple[press.Printed, Path]:
    out = tmp_path / f"{number}.pdf"
    return press.render(number, values, out, today=TODAY, maker="王建国"), out


def test_a_diary_fills_one_page(tmp_path: Path) -> None:
    told, out = printed(tmp_path, "F07", DIARY)
    text = reading.whole(out)
    assert told.pages == 1 and not told.overflow
    for said in ("2026年11月23日", "20:30—22:10", "王建国、李㛃、叶𬀩", PROBLEM, "发整改通知", "第1页共1页"):
        assert said in text


def test_what_was_done_is_ticked_and_the_rest_is_not(tmp_path: Path) -> None:
    text = reading.whole(printed(tmp_path, "F07", DIARY)[1])
    for said in ("□日常☑夜间□专项", "☑出租房□沿街店铺", "☑消防通道", "☑其他（河道）"):
        assert said in text


def test_the_weekday_follows_from_the_day() -> None:
    assert DIARY.weekday == "一" and f07.Diary().weekday == ""


def test_many_findings_go_on_with_the_heading_repeated(tmp_path: Path) -> None:
    findings = [f07.Finding(f"地点{number}", PROBLEM * 2, "一般", "", f"处理{number}") for number in range(40)]
    told, out = printed(tmp_path, "F07", f07.Diary(day=TODAY, findings=findings))
    pages = reading.texts(out)
    assert told.pages > 2
    assert ["续上页" in page for page in pages] == [False] + [True] * (told.pages - 1)
    assert "地点" in pages[1] and "照片号" in pages[1] and "发现问题" in pages[1]
    text = reading.whole(out)
    assert text.count(PROBLEM * 2) == 40 and all(f"处理{number}" in text for number in range(40))


def test_a_remark_longer_than_a_page_is_not_cut(tmp_path: Path) -> None:
    told, out = printed(tmp_path, "F07", f07.Diary(remark="字" * 4000))
    assert told.pages > 2 and reading.whole(out).count("字") == 4000


def test_a_notice_comes_in_two_copies_and_a_stub(tmp_path: Path) -> None:
    told, out = printed(tmp_path, "F09", NOTICE)
    first, second, stub = reading.texts(out)
    assert told.pages == 3
    assert "第一联　存档" in first and "第二联　交被通知人" in second and "存根" in stub and "送　达　回　证" in stub
    for copy in (first, second):
        text = "".join(copy.split())
        for said in (NOTICE.issuer, NOTICE.notice_no, "王𬱟", PROBLEM, "请于2026年12月8日前整改完毕", "检查人（签名）", "盖章"):
            assert said in text
        assert "将报告（移送）有关主管部门依法处理" in text and "责令" not in text
    assert all(NOTICE.notice_no in page for page in (first, second, stub))


def test_a_notice_of_many_hazards_goes_on(tmp_path: Path) -> None:
    told, out = printed(tmp_path, "F09", f09.Notice(notice_no="第001号", items=[f09.Item(PROBLEM, PROBLEM)] * 30))
    pages = reading.texts(out)
    assert told.pages == 8 and "第001号（续上页）" in pages[1] and "存在的安全隐患" in pages[1]
    assert "第 1 页　共 3 页" in pages[0] and "第 3 页　共 3 页" in pages[2]


@pytest.mark.parametrize(("number", "values"), [("F07", f07.Diary()), ("F09", f09.blank())])
def test_a_blank_form_has_room_to_write(tmp_path: Path, number: str, values: object) -> None:
    told, out = printed(tmp_path, number, values)
    text = reading.whole(out)
    assert told.pages == (1 if number == "F07" else 3) and "年月日" in text and "None" not in text


def drawn(tmp_path: Path, rows: Sequence[object], **values: object) -> str:
    section = Section("F99.toml", {"title": "表", "margins": {}, "parts": [{"rows": list(rows)}]})
    pages = Pages("表")
    stack.draw(pages, section, boxed.Filled([SimpleNamespace(**values)]), None, lambda done: None)
    path = tmp_path / "t.pdf"
    path.write_bytes(pages.data())
    return reading.whole(path)


def test_a_photo_stands_beside_several_rows(tmp_path: Path) -> None:
    rows = [
        {"cells": [{"span": 3, "role": "label", "text": "姓名"}, {"span": 6, "text": "{name}"}, {"span": 3, "down": 3, "text": "照片"}]},
        {"cells": [{"span": 3, "role": "label", "text": "性别"}, {"span": 6, "text": "女"}]},
        {"cells": [{"span": 3, "role": "label", "text": "民族"}, {"span": 6, "text": "汉族"}]},
        {"cells": [{"span": 3, "role": "label", "text": "备注"}, {"span": 9, "text": "后"}]},
    ]
    text = drawn(tmp_path, rows, name="王𬱟")
    assert text.count("照片") == 1
    assert all(said in text for said in ("姓名王𬱟", "性别女", "民族汉族", "备注后"))


def test_what_was_chosen_but_is_no_option_is_added(tmp_path: Path) -> None:
    rows = [{"cells": [{"span": 12, "role": "check", "options": ["是", "否"], "chosen": "said"}]}]
    assert "□是□否☑不详" in drawn(tmp_path, rows, said="不详")
