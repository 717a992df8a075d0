"""Score-cards: the shipped sheet, formulas and caps, vetoes, versions, points by hand, appeals, ranking; a wrong formula is refused and nothing changes."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.ledger import Ledger
from gridapp.records import ScoreItem
from gridapp.work import figures, hazards, scores
from gridapp.work.figures import FIGURES, Value
from gridapp.work.scores import cards
from gridapp.work.scores.points import AnsweredAlready, AppealedAlready, NoSuchVillage, OtherPeriod, WrongPoints
from gridapp.work.scores.sheets import CountedAlready, WrongItem, wrong
from tests import ledgers
from tests.ledgers import TODAY
from tests.permissions import _sign_up

VILLAGE, PERIOD = "v:330784108238", "2026Q4"
QUARTER = figures.named(PERIOD)


def a_sheet(ledger: Ledger, period: str = "02", since: date = date(2026, 10, 1)) -> UUID:
    return ledger.do(scores.load_sheet, period, since).result


def card(ledger: Ledger) -> scores.Card:
    return ledger.ask(scores.card, VILLAGE, QUARTER)


def line(ledger: Ledger, no: int) -> scores.Line:
    return next(one for one in card(ledger).lines if one.no == no)


def item(ledger: Ledger, sheet: UUID, no: int) -> UUID:
    return next(i.id for i in ledger.ask(scores.items, sheet) if i.no == no)


def a_late_hazard(ledger: Ledger) -> None:
    ledger.do(hazards.raise_hazard, place="祠堂路1号", content="私拉电线", degree="01", found_on=date(2026, 11, 1), due_on=date(2026, 11, 8))


def test_the_shipped_sheet_comes_to_a_hundred_and_every_item_can_be_counted(ledger: Ledger) -> None:
    sheet = a_sheet(ledger)
    items = ledger.ask(scores.items, sheet)
    assert sum(i.points for i in items) == 100_00 == ledger.ask(scores.sheets)[0].total and len(items) == 18
    assert [i.no for i in items] == list(range(1, 19)) and not any(list(wrong(i)) for i in items)
    assert {i.formula for i in items} == {"01", "02", "03"}


def test_an_untouched_village_loses_nothing_and_says_what_could_not_be_counted(ledger: Ledger) -> None:
    a_sheet(ledger)
    told = card(ledger)
    assert (told.total, told.grade, told.vetoes, told.name) == (100_00, "优秀", (), "青后叶村")
    assert line(ledger, 8).why == "隐患整改率：没有可算的记录"


def test_a_share_below_its_target_costs_per_per_cent_at_most_its_points(ledger: Ledger) -> None:
    a_sheet(ledger)
    ledgers.a_house(ledger)
    told = line(ledger, 7)
    assert (told.value, told.lost, told.score, told.why) == (Value(0, 1), 8_00, 0, "检查覆盖率 0%（目标 90%）")


def test_cases_cost_each_and_show_what_they_are(ledger: Ledger) -> None:
    a_sheet(ledger)
    for _one in range(3):
        a_late_hazard(ledger)
    told = line(ledger, 9)
    assert (told.lost, told.score, told.why) == (1_50, 6_50, "隐患逾期数 3处")
    behind = ledger.ask(figures.behind, told.figure, QUARTER, village=VILLAGE)
    assert [b.label for b in behind] == ["私拉电线"] * 3


@given(part=st.integers(0, 500), more=st.integers(0, 500), target=st.integers(0, 100_00), each=st.integers(1, 5_00), points=st.integers(0, 20_00),
       most=st.none() | st.integers(0, 20_00))
def test_what_a_share_costs_is_exact_and_capped(part: int, more: int, target: int, each: int, points: int, most: int | None) -> None:
    told = ScoreItem(no=1, text="x", points=points, formula="01", figure="coverage", target=target, each=each, most=most)
    value = Value(part, part + more)
    got = cards._line(told, value, (), False).lost
    if value.whole == 0:
        assert got == 0
        return
    # in ten thousandths of a hundredth: target − share, times each
    whole = part + more
    exact = each * (target * whole - 100_00 * part)
    cap = points if most is None else most
    wanted = min(cap, max(0, (2 * exact + 100 * whole) // (200 * whole)))
    assert got == wanted


def test_a_figure_that_should_be_low_costs_above_its_target() -> None:
    told = ScoreItem(no=1, text="x", points=10_00, formula="01", figure="false_rate", target=20_00, each=10)
    assert FIGURES["false_rate"].good == "down"
    assert [cards._line(told, Value(part, 100), (), False).lost for part in (10, 20, 50)] == [0, 0, 3_00]


# ---------------------------------------------------------------- by hand

def test_points_by_hand_are_taken_and_given(ledger: Ledger) -> None:
    sheet = a_sheet(ledger)
    ledger.do(scores.give_points, item(ledger, sheet, 5), VILLAGE, PERIOD, 50, "抽查五条不符")
    ledger.do(scores.give_points, item(ledger, sheet, 5), VILLAGE, PERIOD, 9_00, "又查出九十条")
    told = line(ledger, 5)
    assert (told.lost, told.score) == (6_00, 0) and "抽查五条不符（−0.5）" in told.why and [p.by for p in told.by_hand] == ["王建国"] * 2
    ledger.do(scores.give_points, item(ledger, sheet, 17), VILLAGE, PERIOD, 2_00, "见义勇为", bonus=True)
    assert (line(ledger, 17).gained, card(ledger).total) == (2_00, 96_00)


def test_points_of_another_period_or_village_are_not_counted(ledger: Ledger) -> None:
    sheet = a_sheet(ledger)
    ledger.do(scores.give_points, item(ledger, sheet, 5), VILLAGE, "2026Q3", 50, "上一季的")
    assert card(ledger).total == 100_00
    with pytest.raises(NoSuchVillage, match="330784108999"):
        ledger.do(scores.give_points, item(ledger, sheet, 5), "v:330784108999", PERIOD, 50, "别的村")
    with pytest.raises(OtherPeriod, match="按季"):
        ledger.do(scores.give_points, item(ledger, sheet, 5), VILLAGE, "2026-11", 50, "按月")
    with pytest.raises(WrongPoints, match="大于 0"):
        ledger.do(scores.give_points, item(ledger, sheet, 5), VILLAGE, PERIOD, 0, "没有")


def test_a_veto_makes_the_whole_card_nothing(ledger: Ledger) -> None:
    sheet = a_sheet(ledger)
    point = ledger.do(scores.give_points, item(ledger, sheet, 18), VILLAGE, PERIOD, 1_00, "亡人火灾").result
    told = card(ledger)
    assert (told.total, told.grade, [v.no for v in told.vetoes]) == (0, "不合格", [18])
    ledger.do(scores.withdraw_points, point)
    assert card(ledger).total == 100_00


def test_an_item_marked_by_hand_counts_in_full_until_it_is_marked(ledger: Ledger) -> None:
    sheet = a_sheet(ledger)
    ledger.do(scores.correct_item, item(ledger, sheet, 10), formula="04")
    assert (line(ledger, 10).score, card(ledger).unmarked, card(ledger).total) == (None, 1, 100_00)
    with pytest.raises(WrongPoints, match="满分 4 分"):
        ledger.do(scores.give_points, item(ledger, sheet, 10), VILLAGE, PERIOD, 4_01, "太多")
    ledger.do(scores.give_points, item(ledger, sheet, 10), VILLAGE, PERIOD, 3_00, "台账不全")
    ledger.do(scores.give_points, item(ledger, sheet, 10), VILLAGE, PERIOD, 3_50, "补全了")
    assert (line(ledger, 10).score, card(ledger).unmarked, card(ledger).total) == (3_50, 0, 99_50)


# ---------------------------------------------------------------- formulas that are wrong

@pytest.mark.parametrize(("values", "field", "says"), [
    ({"figure": None}, "figure", "要选取哪个数据"), ({"figure": "happiness"}, "figure", "没有名为“happiness”的数据"), ({"target": None}, "target", "目标值"),
    ({"each": None}, "each", "大于 0"), ({"each": 0}, "each", "大于 0"), ({"figure": "people"}, "figure", "不是百分比"),
    ({"formula": "02"}, "figure", "是百分比"), ({"formula": "07"}, "formula", "算法"), ({"formula": "04", "points": 0}, "points", "分值")])
def test_a_wrong_formula_is_refused_with_what_is_missing_and_the_sheet_stays(ledger: Ledger, values: dict[str, Any], field: str, says: str) -> None:
    sheet = a_sheet(ledger)
    before = ledger.digest()
    with pytest.raises(WrongItem, match=says) as refused:
        ledger.do(scores.correct_item, item(ledger, sheet, 1), **values)
    assert "第 1 项没有保存" in refused.value.text and field in {m.field for m in refused.value.marks}
    with pytest.raises(WrongItem):
        ledger.do(scores.add_item, sheet, **{"text": "新的", "points": 1_00, "formula": "01", "figure": "coverage", "target": 90_00, "each": 20} | values)
    assert ledger.digest() == before


def test_items_are_added_changed_and_dropped(ledger: Ledger) -> None:
    sheet = a_sheet(ledger)
    new = ledger.do(scores.add_item, sheet, text="夜巡不少于一次", points=2_00, formula="03").result
    assert [i.no for i in ledger.ask(scores.items, sheet)][-1] == 19
    ledger.do(scores.correct_item, new, points=3_00)
    ledger.do(scores.drop_item, item(ledger, sheet, 1))
    assert card(ledger).total == 93_00 and [line_.no for line_ in card(ledger).lines][0] == 2
    ledger.undo()
    assert card(ledger).total == 103_00


# ---------------------------------------------------------------- versions

def test_a_period_is_counted_by_the_version_in_force_at_its_end(ledger: Ledger) -> None:
    old = a_sheet(ledger, since=date(2026, 4, 1))
    new = ledger.do(scores.renew_sheet, old, date(2026, 10, 1)).result
    ledger.do(scores.correct_item, item(ledger, new, 1), points=30_00)
    assert [c.sheet for c in (ledger.ask(scores.card, VILLAGE, figures.named(key)) for key in ("2026Q2", "2026Q3", "2026Q4"))] == [old, old, new]
    assert ledger.ask(scores.card, VILLAGE, figures.named("2026Q3")).lines[0].points == 10_00 and card(ledger).lines[0].points == 30_00
    assert [s.version for s in ledger.ask(scores.sheets)] == [2, 1]


def test_a_version_that_counted_is_not_changed_any_more(ledger: Ledger) -> None:
    old = a_sheet(ledger, since=date(2026, 7, 1))
    for verb, args, values in ((scores.correct_item, (item(ledger, old, 1),), {"points": 1_00}), (scores.drop_item, (item(ledger, old, 1),), {}),
                               (scores.add_item, (old,), {"text": "x", "points": 1, "formula": "03"}), (scores.correct_sheet, (old,), {"name": "另一张"}),
                               (scores.withdraw_sheet, (old,), {})):
        with pytest.raises(CountedAlready, match="2026年第三季度"):
            ledger.do(verb, *args, **values)
    ledger.do(scores.correct_item, item(ledger, ledger.do(scores.renew_sheet, old, TODAY).result, 1), points=1_00)


def test_a_period_without_a_sheet_says_what_to_do(ledger: Ledger) -> None:
    a_sheet(ledger, "01", date(2026, 11, 1))
    for key in (PERIOD, "2026-10"):
        with pytest.raises(scores.NoSheet, match="装入一张"):
            ledger.ask(scores.card, VILLAGE, figures.named(key))
    with pytest.raises(scores.BadPeriod, match="不是考核期"):
        ledger.ask(scores.card, VILLAGE, figures.named("2026-11-24"))
    assert ledger.ask(scores.card, VILLAGE, figures.named("2026-11")).total == 100_00 and ledger.ask(scores.usual_period).key == "2026-11"


# ---------------------------------------------------------------- appeals

def test_a_granted_appeal_reverses_the_point_and_a_refused_one_leaves_it(ledger: Ledger) -> None:
    sheet = a_sheet(ledger)
    fifth = item(ledger, sheet, 5)
    first, second = (ledger.do(scores.give_points, fifth, VILLAGE, PERIOD, 50, why).result for why in ("甲", "乙"))
    granted, refused = (ledger.do(scores.appeal, fifth, PERIOD, "查错了", point).result for point in (first, second))
    assert line(ledger, 5).appealed and len(ledger.ask(scores.appeals, "open")) == 2
    with pytest.raises(AppealedAlready):
        ledger.do(scores.appeal, fifth, PERIOD, "再说一次", first)
    ledger.do(scores.answer_appeal, granted, "属实", True)
    ledger.do(scores.answer_appeal, refused, "不属实", False)
    assert line(ledger, 5).lost == 50 and [a.granted for a in ledger.ask(scores.appeals)] == [False, True]
    with pytest.raises(AnsweredAlready):
        ledger.do(scores.answer_appeal, granted, "反悔", False)
    ledger.undo()
    assert len(ledger.ask(scores.appeals, "open")) == 1 and line(ledger, 5).lost == 50


def test_what_a_formula_took_is_given_back_and_never_more_than_that(ledger: Ledger) -> None:
    sheet = a_sheet(ledger)
    a_late_hazard(ledger)
    ninth = item(ledger, sheet, 9)
    told = ledger.do(scores.appeal, ninth, PERIOD, "业主在外地").result
    with pytest.raises(WrongPoints):
        ledger.do(scores.answer_appeal, told, "属实", True)
    ledger.do(scores.answer_appeal, told, "属实", True, 5_00)
    assert (line(ledger, 9).lost, line(ledger, 9).score, card(ledger).total) == (0, 8_00, 100_00 - line(ledger, 8).lost)
    [row] = ledger.ask(scores.appeals, "done", PERIOD)
    assert (row.granted, row.answer, row.text, row.village) == (True, "属实", "业主在外地", VILLAGE)


# ---------------------------------------------------------------- evidence

def test_the_evidence_of_a_point_is_found_whatever_it_is(ledger: Ledger) -> None:
    sheet, house = a_sheet(ledger), ledgers.a_house(ledger)
    ledger.do(scores.give_points, item(ledger, sheet, 5), VILLAGE, PERIOD, 50, "门牌不符", evidence=house)
    [point] = line(ledger, 5).by_hand
    assert point.evidence == house and ledger.ask(scores.evidence_of, house) == ("house", "QHY0001 永康市古山镇青后叶村祠堂路1号")
    assert ledger.ask(scores.evidence_of, UUID(int=5)) is None


def test_an_officer_of_one_grid_sees_the_card_of_the_whole_village(ledger: Ledger) -> None:
    a_sheet(ledger)
    [grid] = ledger.ask(figures.grids)
    ledgers.a_house(ledger, grid=grid)
    whole = line(ledger, 7)
    ledger.do(_sign_up, 77, "grid", UUID(int=9))
    ledger.sign_in(77)
    assert line(ledger, 7) == whole and whole.value == Value(0, 1)


def test_the_grade_follows_the_thresholds(ledger: Ledger) -> None:
    sheet = a_sheet(ledger)
    [told] = ledger.ask(scores.sheets)
    assert [cards.grade(told, points) for points in (90_00, 89_99, 80_00, 60_00, 59_99, 0)] == ["优秀", "良好", "良好", "合格", "不合格", "不合格"]
    ledger.do(scores.correct_sheet, sheet, excellent=None, good=None, passing=None)
    assert card(ledger).grade == ""
