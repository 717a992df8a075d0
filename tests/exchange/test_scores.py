"""Score-cards across a hand-over: the sheet and the points come to the village, its appeal goes to the town, the answer comes back; all villages in order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from gridapp.ledger import Ledger
from gridapp.work import figures, scores, village
from gridapp.work.scores.points import OwnVillageOnly
from gridapp.work.scores.sheets import TownScores
from tests import ledgers
from tests.exchange.handing import a_town, a_village, joined, round_trip

VILLAGE, OTHER, PERIOD = "v:330784108238", "v:330784108239", "2026Q4"
QUARTER = figures.named(PERIOD)


@pytest.fixture
def met(tmp_path: Path) -> Iterator[tuple[Ledger, Ledger, Ledger]]:
    """A town and two villages that have handed over once."""
    with a_town(tmp_path / "town.grid") as town, a_village(tmp_path / "one.grid") as one, a_village(tmp_path / "two.grid", OTHER) as two:
        town.do_in("c:330784108", village.sign_on, "李镇长")
        town.officer = town.ask(village.first_officer)
        for pc, name in ((one, "青后叶村一号机"), (two, "后溪村一号机")):
            pc.officer = pc.ask(village.first_officer)
            joined(town, pc, tmp_path, name)
            hand(pc, town, tmp_path)
        yield town, one, two


def hand(pc: Ledger, town: Ledger, folder: Path) -> None:
    round_trip(pc, town, folder)


def fifth(town: Ledger) -> scores.Line:
    return town.ask(scores.card, VILLAGE, QUARTER).lines[4]


def test_points_an_appeal_and_its_answer_go_there_and_back(met: tuple[Ledger, Ledger, Ledger], tmp_path: Path) -> None:
    town, one, two = met
    scores.settle(town, scores.load_sheet, "02", date(2026, 10, 1))
    point = scores.settle(town, scores.give_points, fifth(town).id, VILLAGE, PERIOD, 50, "抽查五条不符")
    hand(one, town, tmp_path)
    assert fifth(one).lost == 50 and one.ask(scores.card, VILLAGE, QUARTER).total == 99_50

    ledgers.a_house(one)
    one.do(scores.appeal, fifth(one).id, PERIOD, "查的是邻村的", point)
    assert fifth(one).appealed and fifth(one).lost == 50
    hand(one, town, tmp_path)
    [told] = town.ask(scores.appeals, "open")
    assert (told.village, told.text, told.reason, told.by) == (VILLAGE, "查的是邻村的", "抽查五条不符", "王建国")
    scores.settle(town, scores.answer_appeal, told.id, "属实，撤回", True)
    hand(one, town, tmp_path)
    assert fifth(one).lost == 0 and [(a.granted, a.answer) for a in one.ask(scores.appeals)] == [(True, "属实，撤回")]
    assert town.ask(scores.card, VILLAGE, QUARTER) == one.ask(scores.card, VILLAGE, QUARTER)
    hand(two, town, tmp_path)
    assert two.ask(scores.appeals) == [] and two.ask(scores.card, OTHER, QUARTER).total == 100_00


def test_the_villages_stand_in_their_order(met: tuple[Ledger, Ledger, Ledger], tmp_path: Path) -> None:
    town, one, two = met
    scores.settle(town, scores.load_sheet, "02", date(2026, 10, 1))
    ledgers.a_house(two)
    hand(two, town, tmp_path)
    ranked = town.ask(scores.ranking, QUARTER)
    assert [(c.rank, c.many, c.village, c.total) for c in ranked] == [(1, 2, VILLAGE, 100_00), (2, 2, OTHER, 92_00)]
    scores.settle(town, scores.give_points, ranked[0].lines[6].id, VILLAGE, PERIOD, 8_00, "台账不全")
    assert [c.rank for c in town.ask(scores.ranking, QUARTER)] == [1, 1]
    hand(one, town, tmp_path)
    assert [c.village for c in one.ask(scores.ranking, QUARTER)] == [VILLAGE], "a village sees its own card"


def test_a_village_of_a_town_neither_writes_a_sheet_nor_points(met: tuple[Ledger, Ledger, Ledger], tmp_path: Path) -> None:
    town, one, _two = met
    with pytest.raises(TownScores, match="镇里办理"):
        scores.settle(one, scores.load_sheet, "02", date(2026, 10, 1))
    for scope in (VILLAGE, "c:330784108"):
        with pytest.raises(TownScores):
            one.do_in(scope, scores.load_sheet, "02", date(2026, 10, 1))
    scores.settle(town, scores.load_sheet, "02", date(2026, 10, 1))
    hand(one, town, tmp_path)
    with pytest.raises(TownScores):
        one.do(scores.give_points, fifth(one).id, VILLAGE, PERIOD, 50, "自己扣")
    with pytest.raises(OwnVillageOnly, match="村里的电脑"):
        town.do_in("c:330784108", scores.appeal, fifth(town).id, PERIOD, "镇里申诉")


def test_what_a_village_wrote_before_it_met_the_town_counts_no_more(tmp_path: Path) -> None:
    with a_town(tmp_path / "town.grid") as town, a_village(tmp_path / "one.grid") as one:
        one.officer = one.ask(village.first_officer)
        sheet = scores.settle(one, scores.load_sheet, "02", date(2026, 10, 1))
        scores.settle(one, scores.give_points, one.ask(scores.items, sheet)[4].id, VILLAGE, PERIOD, 50, "自查")
        assert fifth(one).lost == 50
        joined(town, one, tmp_path)
        scores.settle(town, scores.load_sheet, "02", date(2026, 10, 1))
        hand(one, town, tmp_path)
        assert one.ask(scores.card, VILLAGE, QUARTER).sheet == town.ask(scores.sheets)[0].id != sheet
        assert (fifth(one).lost, fifth(town).lost) == (0, 0)
