"""F25: an event with every step it went and everybody it was pushed to, read back; nothing of a long one is cut."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gridapp.ledger import Ledger
from gridapp.printing import PAPERS, press
from gridapp.printing.papers import f25
from gridapp.work import events, pushes
from tests.ledgers import TODAY
from tests.printing import reading
from tests.work.test_events import an_event, dispatched

LONG = "两人酒后在路口动手，旁边店主报警，现场已劝开。"


def printed(ledger: Ledger, tmp_path: Path, record: object = None) -> tuple[int, str]:
    told, data = ledger.ask(press.make, "F25", record=record)
    (tmp_path / "F25.pdf").write_bytes(data)
    assert not told.overflow and not told.missing
    return told.pages, reading.whole(tmp_path / "F25.pdf")


def test_the_whole_story_stands_on_one_page(ledger: Ledger, tmp_path: Path) -> None:
    event = dispatched(ledger, "镇平台", "派出所")
    ledger.do(events.correct_event, event, source="03", time="21:30")
    ledger.do(events.sign_for, event, "周警官")
    for push in ledger.ask(pushes.pushes_of, event):
        ledger.do(pushes.answer_push, push.id, f"{push.recipient}已到场")
    for verb, told in ((events.feed_back, ("双方和解",)), (events.examine, (True,)), (events.rate_event, ("01", "很快"))):
        ledger.do(verb, event, *told)
    an_event(ledger, title="另一件")
    pages, text = printed(ledger, tmp_path, event)
    assert pages == 1
    for said in (f"古青后叶事〔{TODAY.year}〕第001号", "☑警情推送", "工业区一路打架", "☑一般", "2026年11月24日21:30工业区一路路口", "彭兵13800001111", "两人酒后动手",
                 "签收周警官", "镇平台已到场", "派出所已到场", "处置结果双方和解", "☑满意", "☑否", "很快"):
        assert said in text, said
    steps = ["采集王", "上报王", "受理王", "分派", "签收周", "反馈王", "核查通过王", "评价王", "推送镇", "推送派"]
    assert sorted(steps, key=text.index) == steps, "in the order in which they were taken"
    assert "另一件" not in text and text.count("☑") == 4


def test_an_event_past_its_day_is_ticked_late(ledger: Ledger, tmp_path: Path) -> None:
    event = an_event(ledger, day=TODAY - timedelta(9), due_on=TODAY - timedelta(2))
    assert "☑是" in printed(ledger, tmp_path, event)[1]
    assert "☑否" in printed(ledger, tmp_path, an_event(ledger, due_on=TODAY))[1], "the day itself is not late"


def test_without_any_event_the_form_is_empty(ledger: Ledger, tmp_path: Path) -> None:
    pages, text = printed(ledger, tmp_path)
    assert pages == 1 and "☑" not in text and "事件（警情）流转处置单" in text and "□特别重大" in text


def test_nothing_named_is_the_most_pressing(ledger: Ledger, tmp_path: Path) -> None:
    an_event(ledger, title="不急的")
    an_event(ledger, title="最急的", grade="01")
    assert "最急的" in printed(ledger, tmp_path)[1]


@pytest.mark.parametrize("many", [1, 60])
def test_long_words_and_many_steps_go_on_with_the_heading_repeated(tmp_path: Path, many: int) -> None:
    lines = [f25.Line(f"环节{n}", "青后叶村综合治理和平安建设工作站", "阿卜杜热合曼·买买提艾力", TODAY, LONG * 5) for n in range(many)]
    sheet = f25.Sheet("永康市古山镇青后叶村村民委员会", "古青后叶事〔2026〕第001号", ["警情推送"], LONG, ["一般"], f"2026年11月24日 21:30　{LONG}", "彭兵　13800001111", LONG * 12, lines, LONG * 10)
    told = press.render("F25", sheet, tmp_path / "long.pdf", today=TODAY)
    text = reading.whole(tmp_path / "long.pdf")
    assert not told.overflow and text.count(LONG) == 1 + 1 + 12 + 5 * many + 10
    assert all("经办人" in page for page in reading.texts(tmp_path / "long.pdf")[:1]) and PAPERS["F25"].title == "事件（警情）流转处置单"


def test_a_second_page_has_the_headings_again_and_both_are_numbered(tmp_path: Path) -> None:
    lines = [f25.Line(f"环节{n}", "青后叶村网格", "彭兵", TODAY, "已到现场查看") for n in range(18)]
    told = press.render("F25", f25.Sheet(title="电动车冒烟", lines=lines), tmp_path / "two.pdf", today=TODAY)
    pages = ["".join(page.split()) for page in reading.texts(tmp_path / "two.pdf")]
    assert told.pages == len(pages) == 2 and not told.overflow
    assert all(f"第{n}页共2页" in page and "经办人" in page and "流转处置单" in page for n, page in enumerate(pages, 1))
    assert "续上页" in pages[1] and [sum(f"环节{n}青" in page for page in pages) for n in range(18)] == [1] * 18
