"""Taking in: the village workbook as one act that can be undone, cancelled at any moment, and refused when it is out of date."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gridapp import spreadsheet
from gridapp.ledger import Ledger
from gridapp.work import houses, intake, people
from tests import ledgers
from tests.fixtures import WORKBOOK
from tests.ledgers import NUMBERS
from tests.work.rows import a_house_row, a_row, dry


@pytest.fixture(scope="module")
def plan(empty_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> intake.Plan:
    """The village workbook against the empty ledger; every test's ledger is a copy of that."""
    path = ledgers.copy(empty_ledger, tmp_path_factory.mktemp("dry") / "a.grid")
    with ledgers.reopen(path) as ledger:
        return ledger.ask(intake.weigh, spreadsheet.read_rows(WORKBOOK))


def test_the_whole_workbook_is_one_act_and_can_be_taken_back(ledger: Ledger, plan: intake.Plan) -> None:
    before = ledger.digest()
    done = ledger.do(intake.take_in, plan)
    assert done.result == sum(w.outcome == "created" for w in plan.rows)
    after = ledger.digest()
    assert after != before and [a.verb for a in ledger.acts(1)] == ["take_in"]
    ledger.undo()
    assert ledger.digest() == before and ledger.search("彭兵") == []
    ledger.redo()
    assert ledger.digest() == after and ledger.verify().faults == ()


def test_taking_the_same_workbook_in_again_changes_nothing(ledger: Ledger, plan: intake.Plan) -> None:
    ledger.do(intake.take_in, plan)
    digest = ledger.digest()
    again = ledger.ask(intake.weigh, spreadsheet.read_rows(WORKBOOK))
    assert {w.outcome for w in again.rows} == {"same", "refused"}
    assert len(again.refused) == len(plan.refused) and len(again.warned) == len(plan.warned)
    assert set(again.created.values()) | set(again.updated.values()) == {0}
    assert ledger.do(intake.take_in, again).act is None
    assert ledger.digest() == digest


# ---------------------------------------------------------------- progress and cancelling

def test_progress_goes_up_to_the_end_and_reaches_into_the_search_index(ledger: Ledger, plan: intake.Plan) -> None:
    told: list[tuple[int, int]] = []
    ledger.do(intake.take_in, plan, lambda done, total: told.append((done, total)) is None)
    done = [d for d, _total in told]
    records = sum(plan.created.values())
    assert {total for _d, total in told} == {2 * records} and done == sorted(done)
    assert max(b - a for a, b in zip(done, done[1:], strict=False)) <= intake.CHUNK
    assert done[-1] >= 2 * records - plan.created["tenancy"], "stays are found by their people"


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.6, 0.8])
def test_cancelling_at_any_moment_writes_nothing(share: float, ledger: Ledger, plan: intake.Plan) -> None:
    before, acts = ledger.digest(), ledger.acts()
    with pytest.raises(intake.Cancelled):
        ledger.do(intake.take_in, plan, lambda done, total: done < total * share)
    assert ledger.digest() == before and ledger.acts() == acts and ledger.search("彭兵") == []
    assert ledger.verify().faults == ()
    ledgers.a_person(ledger)
    assert [h.entity for h in ledger.search("彭兵")] == ["person"], "the next act is as if nothing had been"


def test_weighing_can_be_cancelled(ledger: Ledger, plan: intake.Plan) -> None:
    rows, told = [w.row for w in plan.rows], list[tuple[int, int]]()
    ledger.ask(intake.weigh, rows, lambda done, total: told.append((done, total)) is None)
    assert told[0] == (0, len(rows)) and told[-1] == (len(rows), len(rows)) and len(told) > 20
    for place in range(0, len(told), 9):
        with pytest.raises(intake.Cancelled):
            ledger.ask(intake.weigh, rows, lambda done, _total, at=told[place][0]: done < at)


# ---------------------------------------------------------------- changed between dry run and import

PENG = {"name": "彭兵", "id_no": NUMBERS[0], "house_no": "QHY0001", "room_no": "101", "arrived_on": ledgers.TODAY}


def test_a_change_that_concerns_a_row_makes_the_dry_run_outdated(ledger: Ledger) -> None:
    ledgers.a_house(ledger)
    plan = dry(ledger, a_row(**PENG))
    ledgers.a_person(ledger)
    before = ledger.digest()
    with pytest.raises(intake.Outdated) as told:
        ledger.do(intake.take_in, plan)
    assert "重新检查" in told.value.text and f"第 {plan.rows[0].row.row} 行" in told.value.text
    assert ledger.digest() == before
    ledger.do(intake.take_in, dry(ledger, a_row(**PENG)))
    assert ledger.ask(people.count_people)["living"] == 1


def test_a_change_that_concerns_no_row_does_not_stand_in_the_way(ledger: Ledger) -> None:
    ledgers.a_house(ledger)
    plan = dry(ledger, a_row(**PENG))
    ledgers.a_person(ledger, "吴丽", NUMBERS[1])
    ledger.do(intake.take_in, plan)
    assert ledger.ask(people.count_people)["all"] == 2


def test_a_house_closed_meanwhile_is_seen(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    plan = dry(ledger, a_row(**PENG))
    ledger.do(houses.close_house, house, ledgers.TODAY, "其他")
    with pytest.raises(intake.Outdated):
        ledger.do(intake.take_in, plan)


def test_one_dry_run_is_taken_in_once(ledger: Ledger) -> None:
    ledgers.a_house(ledger)
    plan = dry(ledger, a_row(**PENG))
    ledger.do(intake.take_in, plan)
    with pytest.raises(intake.Outdated):
        ledger.do(intake.take_in, plan)
    assert ledger.ask(people.count_people)["all"] == 1


# ---------------------------------------------------------------- the outline

def test_the_outline_is_plain_data_with_every_reason(ledger: Ledger) -> None:
    plan = dry(ledger, a_house_row(), a_row(name="彭兵", id_no=NUMBERS[0], sex="2", house_no="QHY0001"), a_row(name="吴丽", id_no="12"))
    told = intake.outline(plan)
    assert json.loads(json.dumps(told)) == told
    assert told["created"] == {"house": 1, "room": 0, "person": 1, "tenancy": 0}
    refused, warned = told["refused"][0], told["warned"][0]
    assert (refused["sheet"], refused["row"], refused["column"], refused["code"]) == ("表", plan.rows[2].row.row, "证件号码", "bad-id")
    assert (warned["column"], warned["code"]) == ("性别", "sex-differs")
    assert "性别与证件号码不一致" in warned["text"] and "没有房号" in warned["text"]


# ---------------------------------------------------------------- what other systems have masked

def test_stars_of_another_system_take_no_numbers_place(ledger: Ledger, tmp_path: Path) -> None:
    """A masked telephone number is left out with a warning and the one that is known stays; a row with a masked identity number is refused."""
    known = ledgers.a_person(ledger, phone="13800001111")
    book = tmp_path / "导出.csv"
    book.write_text(f"姓名,证件号码,联系电话,服务处所\n彭兵,{NUMBERS[0]},139****0000,世雅铸造厂\n吴丽,{NUMBERS[1][:6]}********{NUMBERS[1][-4:]},,\n", "utf-8")
    plan = ledger.ask(intake.weigh, spreadsheet.read_rows(book))
    assert [(w.outcome, [m.code for m in w.marks if m.code == "masked"]) for w in plan.rows] == [("updated", ["masked"]), ("refused", ["masked"])]
    ledger.do(intake.take_in, plan)
    told = ledgers.whole(ledger, known)
    assert (told.phone, told.workplace) == ("13800001111", "世雅铸造厂") and ledger.ask(people.count_people)["all"] == 1
