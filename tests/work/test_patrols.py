"""Patrols and hazards: a finding becomes a hazard, a notice is numbered without gaps, a recheck closes it."""

from __future__ import annotations

from datetime import date

import pytest

from gridapp.ledger import Ledger
from gridapp.work import hazards, patrols
from tests import ledgers
from tests.ledgers import TODAY


def a_patrol(ledger: Ledger, *findings: dict[str, object]) -> object:
    return ledger.do(patrols.log_patrol, findings, day=TODAY, start="20:00", end="21:30", people="王建国、李红", route="祠堂路").result


def test_a_finding_becomes_a_hazard_in_the_same_act(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    a_patrol(ledger, {"place": "祠堂路1号", "house": house, "problem": "楼道内停放电动自行车充电", "hazard": True},
             {"place": "村口", "problem": "路灯不亮"})
    rows = ledger.ask(hazards.list_hazards)
    assert [(r.content, r.place) for r in rows] == [("楼道内停放电动自行车充电", "祠堂路1号")]
    ledger.undo()
    assert ledger.ask(hazards.list_hazards) == [] and ledger.ask(patrols.count_patrols)[patrols.ALL] == 0


def test_notices_are_numbered_without_gaps(ledger: Ledger) -> None:
    found = [ledger.do(hazards.raise_hazard, place=f"{n}号", content="私拉电线", degree="1", responsible="张浩").result for n in range(3)]
    numbers = [ledger.do(hazards.serve_notice, h, date(2026, 12, 1)).result for h in found]
    assert numbers == [f"古青后叶隐改〔2026〕第{n:03d}号" for n in (1, 2, 3)]


def test_a_hazard_goes_from_found_to_closed(ledger: Ledger) -> None:
    hazard = ledger.do(hazards.raise_hazard, place="1号", content="私拉电线", degree="1", responsible="张浩").result
    ledger.do(hazards.serve_notice, hazard, date(2026, 12, 1))
    ledger.do(hazards.tell_rectified, hazard)
    ledger.do(hazards.recheck, hazard, True, "王建国")
    assert {which: n for which, n in ledger.ask(hazards.count_hazards).items() if n} == {"closed": 1, "all": 1}
    with pytest.raises(hazards.WrongState, match="已销号"):
        ledger.do(hazards.serve_notice, hazard, date(2026, 12, 1))


def test_a_missed_date_is_overdue(ledger: Ledger) -> None:
    hazard = ledger.do(hazards.raise_hazard, place="1号", content="私拉电线", degree="1", responsible="张浩", found_on=date(2026, 11, 1)).result
    ledger.do(hazards.serve_notice, hazard, date(2026, 11, 20))
    assert ledger.ask(hazards.count_hazards)["overdue"] == 1
