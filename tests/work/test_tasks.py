"""Tasks: set by the town for one village or many, ticked off by the village, undone as everything is."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from gridapp.ledger import Ledger
from gridapp.ledger.reader import Refused
from gridapp.work import tasks
from gridapp.work.tasks import NoVillage, Standing, TownSets, WrongStep
from tests import ledgers
from tests.ledgers import TODAY

SCOPE = "v:330784108238"


def a_task(ledger: Ledger, title: str = "核查电动车充电", due: date | None = TODAY, **values: object) -> UUID:
    return ledger.do(tasks.set_task, title=title, due_on=due, **values).result


def titles(ledger: Ledger, which: str = tasks.OPEN) -> list[str]:
    return [t.title for t in ledger.ask(tasks.list_tasks, which)]


def test_the_most_pressing_stands_first_and_those_without_a_day_last(ledger: Ledger) -> None:
    for title, due in (("没有期限", None), ("后天", TODAY + timedelta(2)), ("昨天", TODAY - timedelta(1)), ("今天", TODAY)):
        a_task(ledger, title, due)
    assert titles(ledger) == ["昨天", "今天", "后天", "没有期限"] and titles(ledger, tasks.OVERDUE) == ["昨天"]
    assert ledger.ask(tasks.count_tasks) == {"open": 4, "overdue": 1, "done": 0, "all": 4}


def test_ticking_off_says_who_when_and_what_and_can_be_taken_back(ledger: Ledger) -> None:
    task = a_task(ledger)
    ledger.do(tasks.tick_off, task, "已查 12 处")
    card = ledger.ask(tasks.task_card, task)
    assert (card.record.done_on, card.record.done_note, card.record.done_by, card.record.set_by) == (TODAY, "已查 12 处", "王建国", "王建国")
    assert titles(ledger) == [] and titles(ledger, tasks.DONE) == ["核查电动车充电"]
    with pytest.raises(WrongStep, match="已完成"):
        ledger.do(tasks.tick_off, task)
    ledger.undo()
    assert titles(ledger) == ["核查电动车充电"]
    ledger.redo()
    ledger.do(tasks.take_up_again, task)
    assert titles(ledger) == ["核查电动车充电"] and ledger.ask(tasks.task_card, task).record.done_by is None
    with pytest.raises(WrongStep, match="还没有完成"):
        ledger.do(tasks.take_up_again, task)


def test_a_task_called_off_is_open_no_more_and_stays_in_the_list_of_all(ledger: Ledger) -> None:
    task = a_task(ledger)
    ledger.do(tasks.call_off, task, "重复下达")
    assert titles(ledger) == [] == titles(ledger, tasks.DONE)
    assert [t.called_off for t in ledger.ask(tasks.list_tasks, tasks.ALL)] == [True]
    for verb in (tasks.tick_off, tasks.call_off, tasks.take_up_again):
        with pytest.raises(WrongStep, match="已撤回"):
            ledger.do(verb, task)


def test_the_record_it_is_about_is_named(ledger: Ledger) -> None:
    house = ledgers.a_house(ledger)
    about = a_task(ledger, about="house", subject=house)
    assert "QHY0001" in ledger.ask(tasks.task_card, about).about
    assert ledger.ask(tasks.task_card, a_task(ledger, about="将来的", subject=house)).about == ""


def test_a_note_without_a_day_is_refused(ledger: Ledger) -> None:
    task = a_task(ledger)
    with pytest.raises(Refused, match="完成日期"):
        ledger.do(tasks.correct_task, task, done_note="做了")
    with pytest.raises(Refused, match="任务"):
        ledger.do(tasks.set_task, title="")


def test_a_village_sets_nobody_tasks(ledger: Ledger) -> None:
    with pytest.raises(TownSets):
        tasks.set_in_villages(ledger, [SCOPE], title="核查")


def test_how_far_a_village_is(ledger: Ledger) -> None:
    assert ledger.ask(tasks.by_village) == {}
    a_task(ledger, due=TODAY - timedelta(1))
    ledger.do(tasks.tick_off, a_task(ledger))
    ledger.do(tasks.call_off, a_task(ledger))
    a_task(ledger, "撤销的")
    ledger.undo()
    assert ledger.ask(tasks.by_village) == {SCOPE: Standing(1, 1, 1)}
    assert NoVillage("330784108001").text.startswith("本镇没有 330784108001")
