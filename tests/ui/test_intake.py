"""Import in the window: look first, take in as one act, take it back; stop half-way; bad files get a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt

from gridapp.work import people
from tests.fixtures import WORKBOOK
from ui.intake import IntakePage

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(office: Any) -> IntakePage:
    """The page, in front of the list of people."""
    screen = office.show("people")
    made = IntakePage(office.desk)
    made.left.connect(screen.back)
    screen.show_page(made, passing=True)
    return made


def test_the_village_is_looked_at_taken_in_and_taken_back(office: Any, page: IntakePage, answers: dict[str, Any], tmp_path: Path) -> None:
    before = office.desk.ledger.digest()
    page.check(WORKBOOK)
    office.settle()
    refused = sum(answers["refused"].values())
    assert f"拒绝 {refused} 行" in page.told.text() and page.list.table.rows.rowCount() == refused + sum(answers["warned"].values())
    assert office.desk.ledger.digest() == before, "looking writes nothing"
    page.list.choose("warned")
    office.settle()
    assert page.list.table.rows.rowCount() == sum(answers["warned"].values())
    page.save_report(tmp_path / "结果.xlsx")
    assert openpyxl.load_workbook(tmp_path / "结果.xlsx").worksheets[0].max_row > refused
    office.press(Qt.Key.Key_S, CONTROL, widget=page)
    assert "已导入" in page.told.text() and not page.go.isEnabled()
    taken = office.desk.ledger.ask(people.count_people)["all"]
    assert taken == answers["ok"] + sum(answers["warned"].values())
    office.press(Qt.Key.Key_Escape)
    office.press(Qt.Key.Key_Z, CONTROL, widget=office.window.screens["people"].list.table)
    assert office.desk.ledger.digest() == before


def test_stopping_writes_nothing(office: Any, page: IntakePage) -> None:
    before = office.desk.ledger.digest()
    page.check(WORKBOOK)
    office.settle()
    page.take_in()
    page.stop()
    office.settle()
    assert "取消" in page.told.text() and office.desk.ledger.digest() == before
    assert page.go.isEnabled(), "it can be started again"


def test_stopping_while_the_file_is_read_weighs_nothing(office: Any, page: IntakePage, monkeypatch: pytest.MonkeyPatch) -> None:
    weighed = list[Any]()
    monkeypatch.setattr("gridapp.work.intake.weigh", lambda *told: weighed.append(told))
    page.check(WORKBOOK)
    page.stop()
    office.settle()
    assert "取消" in page.told.text() and not weighed and not page.go.isEnabled()


def test_the_bar_only_says_busy_while_nobody_knows_how_much_there_is(page: IntakePage) -> None:
    page._step(200, 5_000)
    assert (page.progress.value(), page.progress.maximum()) == (200, 5_000)
    page._step(0, 0)
    assert page.progress.minimum() == page.progress.maximum() == 0


def test_a_file_that_is_no_workbook_gets_a_sentence(office: Any, page: IntakePage, tmp_path: Path) -> None:
    (tmp_path / "名单.xlsx").write_bytes(b"not a workbook at all")
    page.check(tmp_path / "名单.xlsx")
    office.settle()
    assert "不是表格文件" in page.told.text() and not page.go.isEnabled() and not office.told


def test_a_workbook_that_brings_nothing_new_cannot_be_imported(office: Any, page: IntakePage) -> None:
    page.check(WORKBOOK)
    office.settle()
    page.take_in()
    office.settle()
    page.check(WORKBOOK)
    office.settle()
    assert "新建：0 人" in page.told.text() and not page.go.isEnabled()
