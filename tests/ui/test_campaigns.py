"""专项 in the window: one is begun by keyboard, its targets are done by inspections or excused, it ends with a report; its papers open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gridapp.exchange import pictures
from gridapp.ledger import Acting, Ledger
from gridapp.records import Inspection, Site
from gridapp.work import evidence, outreach, progress
from tests import ledgers
from tests.ledgers import TODAY
from tests.printing.test_photos_on_paper import jpeg
from tests.ui.test_screens import clipped, too_wide
from tests.work import test_village_progress as townwide
from tests.work.test_village_progress import FIRST, SECOND, THIRD, town

__all__ = ["town"]

CONTROL = Qt.KeyboardModifier.ControlModifier


def put(office: Any, record: Any) -> UUID:
    """A record made by the program itself."""
    def add(act: Acting) -> UUID:
        return act.add(record).id

    ledger = office.desk.ledger
    ledger.sign_in(0)
    made: UUID = ledger.do(add).result
    ledger.sign_in(1)
    return made


def rows(screen: Any) -> list[Any]:
    """What the list shows."""
    model = screen.list.table.rows
    return [model.row_at(at) for at in range(model.rowCount())]


@pytest.fixture
def screen(office: Any) -> Any:
    for n in range(1, 4):
        ledgers.a_house(office.desk.ledger, f"QHY{n:04d}", address=f"永康市古山镇青后叶村祠堂路{n}号")
    put(office, Site(kind="01", name="方岩五金店", address="方岩大道3号"))
    return office.show("campaigns")


def begin(office: Any, screen: Any, **told: Any) -> Any:
    """Through the form; returns the card that is then open."""
    office.press(Qt.Key.Key_N, CONTROL)
    page = screen.currentWidget()
    office.type(page.form, title="出租房屋消防整治", theme="消防安全", start=str(TODAY), end=str(TODAY + timedelta(10)), **told)
    page.form.editor("classes").boxes["01"].setChecked(True)
    assert not clipped(page) and not too_wide(page)
    office.press(Qt.Key.Key_S, CONTROL)
    return screen.card


def test_one_is_begun_its_targets_worked_through_and_ended(office: Any, screen: Any) -> None:
    ledger = office.desk.ledger
    card = begin(office, screen, goal="检查率 100%")
    assert not office.told and card.record.choice == "出租房屋、沿街店铺" and card.progress == progress.Progress(total=4, open=4)
    assert not clipped(screen) and not too_wide(screen)
    office.press(Qt.Key.Key_F3)
    targets = office.window.screens["targets"]
    assert [row.officer for row in rows(targets)] == ["王建国"] * 4 and not clipped(targets) and not too_wide(targets)
    put(office, Inspection(day=TODAY, checklist="rental", edition=1, people="王建国", house=rows(targets)[0].house or rows(targets)[1].house))
    targets.refresh()
    office.settle()
    assert len(rows(targets)) == 3
    targets.list.select(rows(targets)[0].id)
    office.settle()
    office.press(Qt.Key.Key_F9, widget=targets.list.table)
    office.press(Qt.Key.Key_S, CONTROL)
    assert "请填写理由" in " ".join(w.text() for w in targets.findChildren(QLabel) if w.isVisible())
    office.type(targets.currentWidget().form, why="已拆除")
    office.press(Qt.Key.Key_S, CONTROL)
    assert len(rows(targets)) == 2
    targets.ways[0].run()
    office.settle()
    assert office.window.screens["campaigns"].card.progress == progress.Progress(total=4, done=1, excused=1, open=2)
    screen.end(screen.card)
    office.settle()
    assert "完成 1 个，免查 1 个，未完成 2 个，完成率 33%" in screen.currentWidget().form.editor("report").text()
    office.press(Qt.Key.Key_S, CONTROL)
    assert ledger.ask(progress.count_campaigns)[progress.ENDED] == 1 and not office.told


def test_a_choice_of_nothing_is_said_on_the_form(office: Any, screen: Any) -> None:
    office.press(Qt.Key.Key_N, CONTROL)
    page = screen.currentWidget()
    office.type(page.form, title="大户整治", start=str(TODAY), end=str(TODAY), rooms="99")
    office.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is page and any("请放宽条件再试" in w.text() for w in page.findChildren(QLabel) if w.isVisible())


@pytest.mark.parametrize("key", [Qt.Key.Key_F8, Qt.Key.Key_F6])
def test_its_papers_open(office: Any, screen: Any, key: Qt.Key) -> None:
    begin(office, screen)
    office.press(key)
    office.settle()
    assert screen.currentWidget() is screen._preview and not office.told


def test_a_town_sees_its_villages_what_is_late_in_one_and_the_sheet_to_post(open_office: Callable[..., Any], town: Ledger) -> None:
    townwide.begin(town, FIRST, end=TODAY)
    townwide.begin(town, SECOND)
    townwide.inspect(town, SECOND, townwide.houses_in(town, SECOND)[0])
    town._wall.ms += 86_400_000
    office = open_office(town)
    screen = office.show("campaigns")
    assert not clipped(screen) and not too_wide(screen)
    office.press(Qt.Key.Key_F12, widget=screen.list.table)
    shares = office.window.screens["shares"]
    assert [(row.id, row.place) for row in rows(shares)] == [(SECOND, 1), (FIRST, 2), (THIRD, 3)]
    assert not clipped(shares) and not too_wide(shares)
    shares.list.select(FIRST)
    office.settle()
    office.press(Qt.Key.Key_F3, widget=shares.list.table)
    targets = office.window.screens["targets"]
    assert {row.house for row in rows(targets)} == set(townwide.houses_in(town, FIRST)) and targets.list.which == progress.LATE
    office.show("shares")
    office.press(Qt.Key.Key_F7, widget=shares.list.table)
    assert shares.currentWidget() is shares._preview and not office.told


def test_a_village_has_no_key_for_villages(office: Any, screen: Any) -> None:
    begin(office, screen)
    office.press(Qt.Key.Key_F12)
    assert "shares" not in office.window.screens


def test_the_photos_of_an_outreach_reach_its_paper(office: Any) -> None:
    ledger = office.desk.ledger
    talk = ledger.do(outreach.log_outreach, day=TODAY, place="文化礼堂", topic="04", people="王建国").result
    pictures.add(ledger, talk, jpeg((200, 20, 20)), evidence.stage("现场"))
    screen = office.show("outreach")
    office.press(Qt.Key.Key_F8, widget=screen.list.table)
    assert b"/DCTDecode" in screen._preview._document.data and not office.told
