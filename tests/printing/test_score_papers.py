"""F20 the score-card, F30 the figures of a period with charts, F31 the ranking to post, F23 and F23a the tables of the police."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gridapp import printing
from gridapp.ledger import Ledger
from gridapp.printing import press
from gridapp.printing.papers import f20, f30, f31
from gridapp.printing.papers.office import Wish
from gridapp.work import figures, hazards, people, scores
from tests import ledgers
from tests.ledgers import TODAY
from tests.printing import reading

VILLAGE, PERIOD = "v:330784108238", "2026Q4"
QUARTER = figures.named(PERIOD)


def written(ledger: Ledger, number: str, tmp_path: Path, window: figures.Window | None = None) -> str:
    """The paper's text without blanks."""
    since, until = (window.first, window.last) if window is not None else (None, None)
    told = ledger.ask(printing.write, number, tmp_path / f"{number}.pdf", since=since, until=until)
    assert not told.missing and not told.overflow
    return "".join(reading.whole(tmp_path / f"{number}.pdf").split())


def test_a_card_tells_each_item_what_it_cost_and_why(ledger: Ledger, tmp_path: Path) -> None:
    sheet = ledger.do(scores.load_sheet, "02", date(2026, 10, 1)).result
    items = ledger.ask(scores.items, sheet)
    ledger.do(scores.give_points, items[4].id, VILLAGE, PERIOD, 50, "抽查五条不符")
    ledger.do(scores.give_points, items[16].id, VILLAGE, PERIOD, 1_00, "见义勇为", bonus=True)
    text = written(ledger, "F20", tmp_path, QUARTER)
    for said in ("村（社区）：青后叶村", "考核期：2026年第四季度", "考核单位：永康市古山镇", "抽查五条不符（−0.5）", "见义勇为（+1）", "100.5", "☑优秀", "□不合格", "村负责人签收"):
        assert said in text, said
    assert len(reading.texts(tmp_path / "F20.pdf")) == 1 and "一票否决：" not in text
    ledger.do(scores.give_points, items[17].id, VILLAGE, PERIOD, 1_00, "亡人火灾")
    text = written(ledger, "F20", tmp_path, QUARTER)
    assert "☑不合格" in text and "一票否决：发生亡人火灾" in text


def test_without_a_sheet_the_card_is_a_form_and_the_board_is_empty(ledger: Ledger, tmp_path: Path) -> None:
    assert "总分" in written(ledger, "F20", tmp_path) and "□优秀" in written(ledger, "F20", tmp_path)
    assert "名次" in written(ledger, "F31", tmp_path)


def test_many_long_items_go_on_over_pages_and_nothing_is_lost(tmp_path: Path) -> None:
    items = [f20.Item(no, "很长的考核项目名称", "内容与标准" * 12 + f"第{no}项末", "10", "−0.5", "扣分的原因" * 10, "9.5") for no in range(1, 61)]
    told = press.render("F20", [f20.Sheet("青后叶村", "2026年第四季度", "永康市古山镇", items, "80", grade="良好")] * 2, tmp_path / "a.pdf", today=TODAY)
    text = "".join(reading.whole(tmp_path / "a.pdf").split())
    assert told.pages > 4 and all(text.count(f"第{no}项末") == 2 for no in range(1, 61)) and text.count("☑良好") == 2


def test_the_board_names_villages_in_their_order_and_nobody(tmp_path: Path) -> None:
    rows = [f31.Row(rank, f"第{rank}村", f"{100 - rank}", "优秀", "出租房屋 −8") for rank in range(1, 36)]
    press.render("F31", f31.Board("永康市古山镇", "2026年第四季度", TODAY, rows), tmp_path / "a.pdf", today=TODAY)
    text = "".join(reading.whole(tmp_path / "a.pdf").split())
    places = [text.index(f"第{rank}村") for rank in range(1, 36)]
    assert places == sorted(places) and "考核期：2026年第四季度" in text and "公示日期：2026年11月24日" in text


def test_the_board_of_a_village_has_its_card_and_a_chart(ledger: Ledger, tmp_path: Path) -> None:
    ledger.do(scores.load_sheet, "02", date(2026, 10, 1))
    ledgers.a_house(ledger)
    text = written(ledger, "F31", tmp_path, QUARTER)
    assert "1青后叶村92优秀出租房屋−8" in text and "附图第1页共1页" in text and "单位：分" in text


def test_the_report_of_a_month_has_every_figure_and_its_definition(ledger: Ledger, tmp_path: Path) -> None:
    ledger.do(hazards.raise_hazard, place="祠堂路1号", content="私拉电线", degree="01", found_on=date(2026, 11, 3))
    month = figures.of(figures.MONTH, TODAY)
    text = written(ledger, "F30", tmp_path, month)
    assert "统计期：2026年11月" in text
    for figure in figures.FIGURES.values():
        assert figure.title in text and "".join(figure.words.split()) in text, figure.key
    assert "安全隐患隐患发现数处10+1本期发现的隐患" in text
    pages = reading.texts(tmp_path / "F30.pdf")
    assert "隐患发现和销号" in pages[-1] and "2026-06" in pages[-1] and "巡查和夜巡" not in text, "what has no data is not drawn"


def test_a_change_is_told_with_its_sign() -> None:
    def line(now: figures.Value, before: figures.Value | None) -> figures.Line:
        return figures.Line("patrols", now, before)

    value = figures.Value
    assert [f30.change(line(value(n), value(b))) for n, b in ((5, 3), (3, 5), (3, 3), (1300, 0))] == ["+2", "−2", "", "+1,300"]
    assert f30.change(line(value(1, 2), value(1, 3))) == "+16.7" and f30.change(line(value(0, 0), value(1, 3))) == "" == f30.change(line(value(1), None))


def test_the_tables_of_the_police(ledger: Ledger, tmp_path: Path) -> None:
    rooms = ledgers.rooms_of(ledger, ledgers.a_house(ledger, nature="02", guarantee=True, filing_no="浙租备1号"))
    ledgers.a_house(ledger, "QHY0002", nature="01")
    who = ledgers.a_tenant(ledger, rooms[0], start=date(2026, 3, 1))
    ledger.do(people.correct_person, who, reason="01", sex="2", living_kind="5", arrived_on=date(2020, 1, 1))
    text = written(ledger, "F23", tmp_path)
    assert "务工101001000010" in text and "合计101001000010" in text and "统计截止：2026年11月24日" in text
    text = written(ledger, "F23A", tmp_path)
    assert "合计211111" in text


@pytest.mark.parametrize("number", ["F20", "F23", "F23A", "F30", "F31"])
def test_a_blank_one_is_a_page(number: str, tmp_path: Path) -> None:
    assert press.render(number, press.paper(number).blank(), tmp_path / "a.pdf", today=TODAY).pages == 1


def test_one_village_of_a_town_is_wished_for(ledger: Ledger) -> None:
    ledger.do(scores.load_sheet, "02", date(2026, 10, 1))
    with ledger.read() as read:
        assert [s.village for s in f20.gather(read, Wish(village=VILLAGE))] == ["青后叶村"]
        assert [s.village for s in f20.gather(read, Wish(village="v:330784108999"))] == [""]
    with pytest.raises(press.NotAsked, match="村"):
        ledger.ask(printing.make, "F27", scope=VILLAGE)
