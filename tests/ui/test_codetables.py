"""代码表 in the window: a town publishes from a file it has looked at; forms that stand already offer what is new and keep what is unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from gridapp.exchange import publishing
from gridapp.fields import codes, editions
from gridapp.fields.codes import Editions
from gridapp.fields.kinds import Code, Codes
from gridapp.ledger import Ledger
from tests.exchange import handing
from ui import files
from ui.forms.choices import CodeEditor, CodesEditor

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Ledger]:
    with handing.a_town(tmp_path / "town.grid") as made:
        yield made


@pytest.fixture
def office(open_office: Callable[..., Any], town: Ledger) -> Any:
    return open_office(town)


def test_a_table_is_exported_changed_and_published(office: Any, town: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "reason.tsv"
    monkeypatch.setattr(files, "to_write", lambda *_told: file)
    monkeypatch.setattr(files, "to_read", lambda *_told: file)
    screen = office.show("codes")
    screen.list.select("reason")
    office.press(Qt.Key.Key_F4, widget=screen.list.table)
    file.write_text(file.read_text("utf-8-sig") + "77\t直播带货\t\t\n", "utf-8")
    office.press(Qt.Key.Key_N, CONTROL)
    page = screen.currentWidget()
    assert "新增：77 直播带货" in page.form.slots["note"].mark.text()
    office.type(page.form, note="按县里通知")
    office.press(Qt.Key.Key_S, CONTROL)
    assert screen.currentWidget() is screen.list and codes.table("reason").label("77") == "直播带货" and not office.told
    assert screen.rows[0].id == "reason" and screen.rows[0].note == "按县里通知"
    screen.open_card("reason")
    office.settle()
    assert screen.currentWidget() is screen.page


def test_the_other_set_of_names_is_published_by_one_key(office: Any) -> None:
    screen = office.show("codes")
    for table in ("reason", "platform"):
        screen.list.select(table)
        office.settle()
        office.press(Qt.Key.Key_F6, widget=screen.list.table)
        assert (screen.currentWidget() is screen.list) == (table == "reason"), "a table without another set has nothing to publish"
    assert "停用：01 综治工作" in screen.currentWidget().form.slots["note"].mark.text()
    office.press(Qt.Key.Key_S, CONTROL)
    assert [words for _code, words in codes.table("platform").choices()] == ["党建统领", "经济生态", "平安法治", "公共服务"] and not office.told


def test_a_file_with_faults_is_refused_with_all_of_them(office: Any, tmp_path: Path) -> None:
    (tmp_path / "sex.tsv").write_text("code\tname\n1\t\n2!\t女\n", "utf-8")
    screen = office.show("codes")
    screen.read_file(tmp_path / "sex.tsv")
    office.settle()
    told = office.told.pop().text
    assert "第 2 行" in told and "第 3 行" in told and screen.currentWidget() is screen.list


def test_a_form_that_stands_already_offers_what_is_new(qtbot: Any) -> None:
    editor = CodeEditor(Code("weather"))
    qtbot.addWidget(editor.widget)
    editor.set_value("01")
    codes.receive({"weather": Editions((editions.text_of(codes.shipped("weather")) + "20\t冰雹\t\t\n",))})
    assert editor.box.findText("冰雹") < 0
    editor.widget.show()
    assert editor.box.findText("冰雹") > 0 and editor.value() == "01"


@pytest.mark.parametrize(("editor", "value"), [(CodeEditor, "77"), (CodesEditor, "01,77")])
def test_a_code_this_pc_does_not_know_stays_in_the_form(qtbot: Any, editor: Any, value: str) -> None:
    made = editor(Code("weather") if editor is CodeEditor else Codes("patrol_contents"))
    qtbot.addWidget(made.widget)
    made.set_value(value)
    assert made.value() == value
    made.set_value("01")
    assert made.value() == "01"


def test_a_village_looks_but_does_not_publish(busy: Any) -> None:
    screen = busy.show("codes")
    busy.press(Qt.Key.Key_N, CONTROL)
    assert screen.currentWidget() is screen.list and len(screen.rows) == len(codes.names())
    assert busy.desk.ledger.ask(publishing.newest, "reason") == 0
