"""Papers of which some lines are printed (选印): the chosen records alone, and the head says that it is not the whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from gridapp import printing
from gridapp.ledger import PRINT, Ledger, needs
from gridapp.printing.chunks import AT_ONCE
from gridapp.printing.papers import f04
from gridapp.printing.papers.office import Wish
from gridapp.printing.refused import NotAsked
from gridapp.work import disputes, hazards, patrols, tenancies
from tests import ledgers
from tests.ledgers import TODAY
from tests.printing import reading

FIRST, SECOND, THIRD = "故事甲", "故事乙", "故事丙"
LAST_YEAR = TODAY - timedelta(days=400)


def people(ledger: Ledger) -> list[UUID]:
    room = ledgers.rooms_of(ledger, ledgers.a_house(ledger))[0]
    return [ledger.do(tenancies.register_tenant, room, TODAY, "同住", name=name, id_kind="999").result for name in (FIRST, SECOND, THIRD)]


def walks(ledger: Ledger) -> list[UUID]:
    return [ledger.do(patrols.log_patrol, day=LAST_YEAR, start="09:00", people=name).result for name in (FIRST, SECOND, THIRD)]


def found(ledger: Ledger) -> list[UUID]:
    return [ledger.do(hazards.raise_hazard, found_on=LAST_YEAR, place="祠堂路", content=name, degree="01").result for name in (FIRST, SECOND, THIRD)]


def quarrels(ledger: Ledger) -> list[UUID]:
    sides = [{"side": "01", "name": "张浩"}, {"side": "02", "name": "李梅"}]
    return [ledger.do(disputes.register_dispute, sides, title=name, content=name, category="01", found_on=LAST_YEAR).result for name in (FIRST, SECOND, THIRD)]


@pytest.mark.parametrize(("number", "make"), [("F02", people), ("F08", walks), ("F11", found), ("F12", quarrels)])
def test_the_chosen_ones_alone_are_printed_whenever_they_were_and_the_head_says_so(
        ledger: Ledger, tmp_path: Path, number: str, make: Callable[[Ledger], list[UUID]]) -> None:
    made = make(ledger)
    ledger.ask(printing.write, number, tmp_path / "a.pdf", records=[made[2], made[0]])
    text = "".join(reading.whole(tmp_path / "a.pdf").split())
    assert FIRST in text and THIRD in text and SECOND not in text and "选印2条" in text
    ledger.ask(printing.write, number, tmp_path / "b.pdf")
    assert "选印" not in reading.whole(tmp_path / "b.pdf")


def test_chosen_houses_have_their_rosters_and_the_others_none(ledger: Ledger, tmp_path: Path) -> None:
    made = [ledgers.a_house(ledger, f"QHY{n:04d}", address=f"祠堂路{n}号") for n in (1, 2, 3)]
    ledger.ask(printing.write, "F04", tmp_path / "a.pdf", records=[made[0], made[2]])
    text = reading.whole(tmp_path / "a.pdf")
    assert "QHY0001" in text and "QHY0003" in text and "QHY0002" not in text


def test_a_paper_that_lists_nothing_refuses_chosen_records(ledger: Ledger) -> None:
    with pytest.raises(NotAsked, match="选中的记录"):
        ledger.ask(printing.make, "F09", records=[])


def test_somebody_chosen_who_lives_here_no_more_is_not_in_the_register_and_not_counted(ledger: Ledger, tmp_path: Path) -> None:
    made: list[Any] = people(ledger)
    ledger.do(tenancies.move_out, ledger.ask(tenancies.unreported_of, [made[0]])[0], TODAY, "01")
    ledger.ask(printing.write, "F02", tmp_path / "a.pdf", records=made[:2])
    text = "".join(reading.whole(tmp_path / "a.pdf").split())
    assert FIRST not in text and SECOND in text and "选印1条" in text


def test_a_round_is_printed_in_the_order_one_walks(ledger: Ledger, tmp_path: Path) -> None:
    made = [ledgers.a_house(ledger, f"QHY{n:04d}", address=f"永康市古山镇青后叶村祠堂路{n}号") for n in (10, 2, 30, 1)]
    ledger.ask(printing.write, "F34", tmp_path / "a.pdf", records=[made[0], made[1], made[3]])
    text = "".join(reading.whole(tmp_path / "a.pdf").split())
    assert text.index("QHY0001") < text.index("QHY0002") < text.index("QHY0010") and "QHY0030" not in text and "走访单（3处）" in text


def test_many_chosen_houses_stand_by_their_numbers(ledger: Ledger) -> None:
    many = AT_ONCE + 6
    made = [ledgers.a_house(ledger, f"QHY{n:04d}", address=f"祠堂路{n}号") for n in range(1, many + 1)]
    roster = ledger.ask(needs(PRINT)(lambda read: [house.house_no for house in f04.gather(read, Wish(records=made[::-1])).houses]))
    assert roster == [f"QHY{n:04d}" for n in range(1, many + 1)]
