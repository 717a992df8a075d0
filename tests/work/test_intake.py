"""The village workbook: the dry run agrees with the answers row by row, and all of it is one act that can be undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gridapp import spreadsheet
from gridapp.ledger import Ledger
from gridapp.work import intake, people
from tests import ledgers
from tests.fixtures import WORKBOOK


@pytest.fixture(scope="module")
def plan(empty_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> intake.Plan:
    path = ledgers.copy(empty_ledger, tmp_path_factory.mktemp("dry") / "a.grid")
    with ledgers.reopen(path) as ledger:
        return ledger.ask(intake.weigh, spreadsheet.read_rows(WORKBOOK))


def test_every_odd_row_is_told_as_expected(plan: intake.Plan, answers: dict[str, Any]) -> None:
    people_sheet = "流动人口"
    told = intake.outline(plan)
    got = {str(r["row"]): ["refused", r["code"]] for r in told["refused"] if r["sheet"] == people_sheet}
    got |= {str(r["row"]): ["warned", r["code"]] for r in told["warned"] if r["sheet"] == people_sheet}
    assert got == answers["by_row"]


def test_the_counts_agree(plan: intake.Plan, answers: dict[str, Any]) -> None:
    assert plan.created["house"] == answers["houses"]
    assert plan.created["person"] == answers["ok"] + sum(answers["warned"].values())
    assert len(plan.refused) == sum(answers["refused"].values())
    assert plan.created["person"] + len(plan.refused) == answers["people_rows"]


def test_the_whole_workbook_is_one_act_and_can_be_taken_back(ledger: Ledger, plan: intake.Plan) -> None:
    before = ledger.digest()
    ledger.do(intake.take_in, plan)
    after = ledger.digest()
    assert ledger.ask(people.count_people)["all"] == plan.created["person"]
    assert {h.label.split()[0] for h in ledger.search("𬱟")} == {"王𬱟", "秦𬱟"}
    ledger.undo()
    assert ledger.digest() == before and ledger.ask(people.count_people)["all"] == 0
    ledger.redo()
    assert ledger.digest() == after
    assert ledger.verify().faults == ()


def test_taking_the_same_workbook_in_again_changes_nothing(ledger: Ledger, plan: intake.Plan) -> None:
    ledger.do(intake.take_in, plan)
    digest = ledger.digest()
    again = ledger.ask(intake.weigh, spreadsheet.read_rows(WORKBOOK))
    assert {w.outcome for w in again.rows} == {"same", "refused"}
    assert len(again.refused) == len(plan.refused) and len(again.warned) == len(plan.warned)
    assert set(again.created.values()) | set(again.updated.values()) == {0}
    assert ledger.do(intake.take_in, again).act is None
    assert ledger.digest() == digest


def test_cancelling_writes_nothing(ledger: Ledger, plan: intake.Plan) -> None:
    before = ledger.digest()
    with pytest.raises(intake.Cancelled):
        ledger.do(intake.take_in, plan, progress=lambda done, total: done < 1000)
    assert ledger.digest() == before
