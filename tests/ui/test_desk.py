"""The desk and its worker: nothing of the ledger in the window's thread, the newest question wins, failures find their place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from shiboken6 import delete

from gridapp.errors import Mistake
from gridapp.fields import kinds
from ui import copying, desk
from ui.forms.editors import EDITORS, editor_for
from ui.jobs import Worker
from ui.lists.model import PAGE, Column, PagedModel
from ui.screens import SCREENS


def test_the_window_never_touches_the_ledger_itself(busy: Any) -> None:
    """Every statement runs in the worker's thread, whatever the officer does."""
    threads: set[str] = set()

    def heard(*_args: object) -> None:
        threads.add(threading.current_thread().name)

    sa.event.listen(busy.desk.ledger.home.engine, "before_cursor_execute", heard)
    for entry in SCREENS:
        screen = busy.show(entry.key)
        if hasattr(screen, "open_card") and screen.list.row is not None:
            screen.open_card(screen.list.row.id)
            busy.settle()
    QTest.keyClicks(busy.window.search, "zhang")
    busy.window.screens["people"].register()
    busy.desk.undo()
    busy.settle()
    assert threads == {"ledger"}


def test_the_newest_question_of_a_lane_wins(qtbot: Any) -> None:
    worker, go_on, heard = Worker(), threading.Event(), list[int]()
    worker.submit(go_on.wait)
    for number in range(5):
        worker.submit(lambda number=number: number, heard.append, lane="search")
    go_on.set()
    qtbot.waitUntil(lambda: worker.idle)
    worker.stop()
    assert heard == [4]


def test_what_waits_to_have_the_ledger_alone_goes_with_the_ledger(busy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "AGAIN_MS", 0)
    monkeypatch.setattr(copying.Copies, "idle", property(lambda _copies: False))
    asked = list[object]()
    busy.desk.alone(asked.append, asked.append, asked.append)
    with monkeypatch.context() as locked:
        locked.setattr(busy.desk, "ledger", None)
        for _round in range(3):
            QApplication.processEvents()
    assert asked == []


def test_a_refusal_is_told_a_bug_is_reported_and_work_goes_on(qtbot: Any) -> None:
    worker, told, crashed, done = Worker(), list[Any](), list[Any](), list[Any]()
    worker.crashed.connect(crashed.append)

    def refuse() -> None:
        raise Mistake("请改正。")

    worker.submit(refuse, done.append, told.append)
    worker.submit(lambda: 1 // 0, done.append, told.append)
    worker.submit(lambda: "fine", done.append, told.append)
    qtbot.waitUntil(lambda: worker.idle)
    worker.stop()
    assert [f.text for f in told] == ["请改正。"] and [type(c) for c in crashed] == [ZeroDivisionError] and done == ["fine"]


def test_an_answer_for_a_widget_that_is_gone_is_for_nobody(qtbot: Any) -> None:
    """Another look throws the screens away while they wait for answers."""
    worker, go_on, crashed, heard = Worker(), threading.Event(), list[Any](), list[str]()
    worker.crashed.connect(crashed.append)
    gone, stays = QLabel(), QLabel()
    qtbot.addWidget(stays)
    worker.submit(go_on.wait)
    for where in (gone, stays):
        worker.submit(lambda: "told", where.setText)
        worker.submit(lambda: "told", partial(QLabel.setText, where))
        worker.submit(lambda: "told", _told_to(where, heard))
    delete(gone)
    go_on.set()
    qtbot.waitUntil(lambda: worker.idle)
    worker.stop()
    assert stays.text() == "told" and crashed == [] and heard == ["told"]


def _told_to(where: QLabel, heard: list[str]) -> Callable[[str], None]:
    def told(text: str) -> None:
        where.setText(text)
        heard.append(text)

    return told


def test_long_work_reports_and_stops_at_its_next_step(qtbot: Any) -> None:
    worker, steps, ended = Worker(), list[tuple[int, int]](), list[bool]()
    reached, go_on = threading.Event(), threading.Event()

    def job(progress: Any) -> None:
        progress(1, 9)
        reached.set()
        go_on.wait()
        ended.append(progress(2, 9))

    ticket = worker.submit(job, steps=lambda done, total: steps.append((done, total)))
    qtbot.waitUntil(reached.is_set)
    qtbot.waitUntil(lambda: steps == [(1, 9)])
    ticket.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: worker.idle)
    worker.stop()
    assert ended == [False] and steps == [(1, 9)]


def test_closing_ends_long_work_at_its_next_step(qtbot: Any) -> None:
    worker, begun, answers = Worker(), threading.Event(), list[bool]()

    def job(progress: Any) -> None:
        begun.set()
        while progress(1, 2):
            pass
        answers.append(True)

    worker.submit(job, steps=lambda _done, _total: None)
    qtbot.waitUntil(begun.is_set)
    worker.stop()
    assert answers == [True]


def test_a_list_of_a_hundred_thousand_asks_for_the_pages_it_shows(qtbot: Any) -> None:
    asked: list[tuple[int, int]] = []

    def fetch(offset: int, limit: int, then: Any) -> None:
        asked.append((offset, limit))
        then([f"row {n}" for n in range(offset, offset + limit)])

    model = PagedModel([Column("行", str)])
    model.load(100_000, fetch)
    assert model.rowCount() == 100_000 and asked == []
    assert model.data(model.index(77_777, 0)) in ("…", "row 77777") and asked == [(77_777 // PAGE * PAGE, PAGE)]
    assert model.data(model.index(77_777, 0)) == "row 77777"
    for place in range(0, 100_000, PAGE):
        model.row_at(place)
    assert len(model._pages) <= 60


def every_kind() -> list[type[kinds.Kind]]:
    found, waiting = [], [kinds.Kind]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found.append(kind)
    return [k for k in found if k.__module__ == kinds.__name__ and k not in (kinds.Kind, kinds.Hundredths)]


@pytest.mark.parametrize("kind", every_kind(), ids=lambda k: k.__name__)
def test_every_kind_of_value_has_an_editor_that_keeps_what_stands_in_it(qtbot: Any, kind: type[kinds.Kind]) -> None:
    made = kind("sex") if kind is kinds.Code else kind("patrol_contents") if kind is kinds.Codes else kind()
    editor = editor_for(made)
    qtbot.addWidget(editor.widget)
    assert any(issubclass(kind, k) for k in EDITORS)
    editor.set_text("")
    assert editor.value() is None and editor.text() == ""


@pytest.mark.parametrize(("typed", "meant"), [("hz", "汉族"), ("01", "汉族"), ("汉", "汉族"), ("wwez", "维吾尔族"), ("wwe", "维吾尔族"), ("", "")])
def test_a_choice_is_typed_by_initials_code_or_words(qtbot: Any, typed: str, meant: str) -> None:
    editor = editor_for(kinds.Code("ethnic"))
    qtbot.addWidget(editor.widget)
    editor.widget.show()
    line = editor.widget.lineEdit()
    line.insert(typed)
    line.textEdited.emit(typed)
    QTest.keyClick(editor.target, Qt.Key.Key_Tab)
    editor._settle()
    assert editor.text() == meant


def test_the_search_box_answers_while_typing_and_opens_what_is_chosen(busy: Any) -> None:
    busy.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box = busy.window.search
    assert box.hasFocus()
    QTest.keyClicks(box, "pengbing")
    busy.settle()
    assert box.panel.isVisible() and "彭兵" in box.answers.item(1).text() and "*" in box.answers.item(1).text()
    QTest.keyClick(box, Qt.Key.Key_Return)
    busy.settle()
    people = busy.window.screens["people"]
    assert people.currentWidget() is people.page and people.card.record.name == "彭兵" and not box.panel.isVisible()
    QTest.keyClicks(box, "qqqq")
    busy.settle()
    assert "没有找到" in box.answers.item(0).text()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert not box.panel.isVisible()
