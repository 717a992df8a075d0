"""任务 in the window: the town sets one for some villages, the village sees it on 今日 and ticks it off, the town sees how far they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp.exchange import founding
from gridapp.ledger import Ledger
from gridapp.work import tasks
from tests.exchange import handing
from tests.exchange.paired import SCOPE, a_village
from tests.ledgers import TODAY
from tests.ui.test_screens import clipped, too_wide
from ui.screens.tasks import EVERY

CONTROL = Qt.KeyboardModifier.ControlModifier
NAME = "青后叶村一号机"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Ledger]:
    """A town with two villages."""
    with handing.a_town(tmp_path / "town.grid") as made:
        founding.escrow_written(made)
        for code, name in ((SCOPE, NAME), ("v:330784108239", "后溪村一号机")):
            with a_village(tmp_path / f"{name}.grid", code) as pc:
                handing.joined(made, pc, tmp_path, name)
        yield made


def words(screen: Any) -> str:
    return " ".join(w.text() for kind in (QLabel, QPushButton) for w in screen.findChildren(kind) if w.isVisible())


def test_the_town_sets_a_task_for_the_village_it_has_chosen(open_office: Callable[..., Any], town: Ledger) -> None:
    office = open_office(town)
    screen = office.show("town")
    screen.list.select(next(r.id for r in screen.rows if r.name == NAME))
    office.press(Qt.Key.Key_F3, widget=screen.list.table)
    screen = office.window.screens["tasks"]
    form = screen.currentWidget().form
    assert form.editor("villages").text() == SCOPE and form.editor("villages").boxes[EVERY].text() == "全部 2 个村"
    office.type(form, title="核查出租房电动车充电", kind="核查", due_on="2026-11-23")
    office.press(Qt.Key.Key_S, CONTROL)
    assert town.ask(tasks.by_village) == {SCOPE: tasks.Standing(1, 1, 0)} and not office.told
    roll = office.show("town")
    assert next(r.tasks for r in roll.rows if r.name == NAME) == tasks.Standing(1, 1, 0)
    assert "待办 1（1 项逾期），完成 0" in str(roll.facts(next(r for r in roll.rows if r.name == NAME)).rows)
    assert "各村的任务" in words(office.show("today"))


def test_one_for_all_villages_and_one_for_none(open_office: Callable[..., Any], town: Ledger) -> None:
    office = open_office(town)
    screen = office.show("tasks")
    office.press(Qt.Key.Key_N, CONTROL)
    form = screen.currentWidget().form
    office.type(form, title="上报材料")
    office.press(Qt.Key.Key_S, CONTROL)
    assert "请填写给哪些村" in form.slots["villages"].mark.text()
    form.editor("villages").boxes[EVERY].click()
    office.press(Qt.Key.Key_S, CONTROL)
    assert [t.title for t in town.ask(tasks.list_tasks)] == ["上报材料"] * 2 and screen.currentWidget() is screen.list
    office.press(Qt.Key.Key_F2, widget=screen.list.table)
    office.type(screen.currentWidget().form, due_on="2026-12-01")
    office.press(Qt.Key.Key_S, CONTROL)
    assert [str(t.due_on) for t in town.ask(tasks.list_tasks)] == ["2026-12-01", "None"]
    office.press(Qt.Key.Key_F9, widget=screen.list.table)
    office.press(Qt.Key.Key_S, CONTROL)
    assert town.ask(tasks.count_tasks)["open"] == 1 and not office.told


def test_a_village_sees_it_on_today_and_ticks_it_off(busy: Any) -> None:
    ledger = busy.desk.ledger
    house = ledger.search("QHY0001")[0].id
    ledger.do(tasks.set_task, title="核查消防通道", due_on=TODAY - timedelta(2), about="house", subject=house, set_by="李镇长")
    today = busy.show("today")
    today.refresh()
    busy.settle()
    assert "镇里的任务" in words(today) and "1 项逾期" in words(today) and "逾期 2 天" in words(today)
    next(b for b in today.findChildren(QPushButton) if b.text() == "核查消防通道").click()
    busy.settle()
    screen = busy.window.screens["tasks"]
    assert screen.currentWidget() is screen.page and "QHY0001" in words(screen.page)
    busy.press(Qt.Key.Key_F4, widget=screen.page)
    assert busy.window.screens["houses"].isVisible()
    busy.window.go("tasks", "open", ("task", screen.card.record.id))
    busy.settle()
    busy.press(Qt.Key.Key_F3, widget=screen.page)
    busy.type(screen.currentWidget().form, note="已清理")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert (screen.card.record.done_note, screen.card.record.done_by) == ("已清理", "王建国")
    assert "镇里的任务" not in words(busy.show("today")) and not busy.told
    busy.desk.undo()
    busy.settle()
    assert "镇里的任务" in words(busy.show("today"))


def test_a_village_sets_nobody_tasks(busy: Any) -> None:
    screen = busy.show("tasks")
    busy.press(Qt.Key.Key_N, CONTROL)
    assert screen.currentWidget() is screen.list and "接收交接包后" in screen.list.table.nothing


@pytest.mark.parametrize(("size", "factor"), [(QSize(800, 560), 1.0), (QSize(1366, 728), 1.5), (QSize(800, 560), 1.5)])
def test_no_word_of_the_towns_pages_is_cut_off(open_office: Callable[..., Any], town: Ledger, size: QSize, factor: float) -> None:
    tasks.set_in_villages(town, [SCOPE], title="核查出租房电动车充电和消防通道", due_on=TODAY, kind="01", text="逐户核查，每户一张照片。")
    office = open_office(town, size=size, factor=factor)
    lost = {}
    for key in ("today", "tasks", "codes", "town"):
        screen = office.show(key)
        office.settle()
        lost[key] = clipped(office.window) + too_wide(office.window)
    screen = office.show("tasks")
    screen.set_task()
    office.settle()
    lost["form"] = clipped(office.window) + too_wide(office.window)
    assert {key: told for key, told in lost.items() if told} == {}
