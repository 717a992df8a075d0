"""Tasks between the town and its villages: there with one parcel, back done with the next, and what happens when both write at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridapp.exchange import clashes, rollcall
from gridapp.ledger import Ledger
from gridapp.work import tasks, village
from gridapp.work.tasks import NoVillage, Standing
from tests import ledgers
from tests.exchange import handing
from tests.exchange.paired import CONF, SCOPE, a_village
from tests.ledgers import TODAY

NAME = "青后叶村一号机"


@pytest.fixture
def clerk(town: Ledger, village_pc: Ledger, stick: Path) -> Ledger:
    """The town with its clerk signed in, holding the village's register."""
    town.do_in(CONF, village.sign_on, "李镇长")
    town.officer = town.ask(village.first_officer)
    handing.round_trip(village_pc, town, stick)
    return town


def standing(town: Ledger, name: str = NAME) -> Standing:
    return next(line.tasks for line in rollcall.roll(town) if line.name == name)


def test_there_with_one_parcel_and_back_with_the_next(clerk: Ledger, village_pc: Ledger, stick: Path) -> None:
    made = tasks.set_in_villages(clerk, [SCOPE], title="核查出租房", due_on=TODAY, kind="01")
    assert standing(clerk) == Standing(1, 0, 0)
    handing.hand(clerk, NAME, stick)
    handing.take(village_pc, stick)
    [row] = village_pc.ask(tasks.list_tasks)
    assert (row.id, row.title, row.kind) == (made[SCOPE], "核查出租房", "01")
    assert village_pc.ask(tasks.task_card, row.id).record.set_by == "李镇长"
    village_pc.do(tasks.tick_off, row.id, "已查")
    handing.hand(village_pc, None, stick)
    handing.take(clerk, stick)
    assert standing(clerk) == Standing(0, 0, 1) and clerk.ask(tasks.task_card, row.id).record.done_by == "王建国"
    assert clerk.digest(SCOPE) == village_pc.digest(SCOPE)


def test_one_for_every_village_is_an_act_in_each_register(clerk: Ledger, tmp_path: Path) -> None:
    with a_village(tmp_path / "other.grid", "v:330784108239") as other:
        handing.joined(clerk, other, tmp_path, "后溪村一号机")
    villages = rollcall.villages_in(clerk.scopes())
    assert sorted(villages) == [SCOPE, "v:330784108239"]
    tasks.set_in_villages(clerk, [*villages, SCOPE], title="上报材料")
    assert standing(clerk) == standing(clerk, "后溪村一号机") == Standing(1, 0, 0)
    clerk.undo()
    assert [standing(clerk).open, standing(clerk, "后溪村一号机").open].count(0) == 1, "an undo takes back the last village's"


def test_the_roll_counts_every_village_while_one_is_worked_in(clerk: Ledger) -> None:
    tasks.set_in_villages(clerk, [SCOPE], title="上报材料")
    clerk.hold_scopes(["v:330784108001"])
    clerk.work_in("v:330784108001")
    assert clerk.ask(tasks.list_tasks) == [] and standing(clerk).open == 1


def test_a_village_the_town_does_not_hold_and_none_at_all_are_refused(clerk: Ledger) -> None:
    with pytest.raises(NoVillage, match="330784108999"):
        tasks.set_in_villages(clerk, [SCOPE, "v:330784108999"], title="上报材料")
    with pytest.raises(NoVillage, match="至少选一个村"):
        tasks.set_in_villages(clerk, [], title="上报材料")
    assert clerk.ask(tasks.by_village) == {}, "all of it or nothing"


def test_ticked_off_while_the_town_puts_it_off_is_both(clerk: Ledger, village_pc: Ledger, stick: Path) -> None:
    task = tasks.set_in_villages(clerk, [SCOPE], title="核查", due_on=TODAY)[SCOPE]
    handing.hand(clerk, NAME, stick)
    handing.take(village_pc, stick)
    clerk.do_in(SCOPE, tasks.correct_task, task, due_on=ledgers.TODAY.replace(day=30))
    village_pc.do(tasks.tick_off, task)
    handing.round_trip(village_pc, clerk, stick)
    card = village_pc.ask(tasks.task_card, task)
    assert (card.record.done_on, card.record.due_on.day) == (TODAY, 30) and village_pc.ask(clashes.open_clashes, village_pc.device) == []


def test_ticked_off_after_the_town_had_called_it_off_is_a_question(clerk: Ledger, village_pc: Ledger, stick: Path) -> None:
    task = tasks.set_in_villages(clerk, [SCOPE], title="核查", due_on=TODAY)[SCOPE]
    handing.hand(clerk, NAME, stick)
    handing.take(village_pc, stick)
    clerk.do_in(SCOPE, tasks.call_off, task, "不用了")
    village_pc.do(tasks.tick_off, task, "查过了")
    handing.round_trip(village_pc, clerk, stick)
    [clash] = village_pc.ask(clashes.open_clashes, village_pc.device)
    assert (clash.id, clash.label) == (task, "核查")
    assert village_pc.ask(tasks.task_card, task).record.done_note == "查过了", "nothing is lost"
