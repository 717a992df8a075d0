"""A bar-code scanner that types into the window, and people who type fast: told apart by the times of the keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.scanner import GAP_MS, LEAST, Scanner

HOUSE = "QHY0001"


def keys(window: QWidget, text: str, gaps: Callable[[int], int], *, enter: bool = True, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Send the keys of a text to the window as the system does, at the times `gaps` tells."""
    at = 1_000_000
    for place, char in enumerate(text + ("\r" if enter else "")):
        at += gaps(place)
        code = Qt.Key.Key_Return if char == "\r" else Qt.Key(ord(char.upper()))
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, code, modifier, char)
            event.setTimestamp(at)
            QApplication.sendEvent(window.windowHandle(), event)


class Bench(QWidget):
    """Fields of every kind, and a scanner that listens; Enter in the line is heard."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__()
        qtbot.addWidget(self)
        self.line, self.long, self.secret = QLineEdit("before"), QPlainTextEdit("before"), QLineEdit()
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        inside = QVBoxLayout(self)
        for field in (self.line, self.long, self.secret):
            inside.addWidget(field)
        self.found, self.entered, self.edited = list[str](), list[str](), list[str]()
        self.line.returnPressed.connect(lambda: self.entered.append(self.line.text()))
        self.line.textEdited.connect(self.edited.append)
        self.show()
        qtbot.waitExposed(self)
        self.activateWindow()
        self.scanner = Scanner(self)
        self.scanner.watch(self.windowHandle())
        self.scanner.scanned.connect(self.found.append)
        self.line.setFocus()


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


@pytest.mark.parametrize("gap", [0, 1, 8, 16, GAP_MS])
def test_what_a_scanner_types_is_heard_whole_and_taken_out_of_the_field(bench: Bench, gap: int) -> None:
    bench.line.setCursorPosition(3)
    keys(bench, "Q-330784/12", lambda _n: gap)
    assert bench.found == ["Q-330784/12"] and (bench.line.text(), bench.line.cursorPosition()) == ("before", 3)
    assert bench.entered == [] and bench.edited[-1] == "before", "whoever listens to the field hears that it is as before"


def test_what_was_selected_is_selected_again(bench: Bench) -> None:
    bench.line.selectAll()
    keys(bench, HOUSE, lambda _n: 5)
    assert bench.found == [HOUSE] and bench.line.selectedText() == "before"


def test_a_long_field_is_put_back_too(bench: Bench) -> None:
    bench.long.setFocus()
    keys(bench, HOUSE, lambda _n: 5)
    assert bench.found == [HOUSE] and bench.long.toPlainText() == "before"


@pytest.mark.parametrize("gaps", [lambda _n: 60, lambda _n: GAP_MS + 1, lambda n: 3 if n % 2 else 70, lambda n: 200 if n == len(HOUSE) else 5],
                         ids=["the fastest typist", "a little too slow", "keys rolled over in twos", "a burst, and Enter by hand"])
def test_ordinary_fast_typing_stays_in_its_field(bench: Bench, gaps: Callable[[int], int]) -> None:
    bench.line.clear()
    keys(bench, HOUSE, gaps)
    assert bench.found == [] and bench.entered == [HOUSE]


def test_a_few_keys_struck_at_once_are_no_scan(bench: Bench) -> None:
    bench.line.clear()
    keys(bench, "1" * (LEAST - 1), lambda _n: 2)
    assert bench.found == [] and bench.entered == ["1" * (LEAST - 1)]


def test_quick_keys_without_enter_stay(bench: Bench) -> None:
    keys(bench, HOUSE, lambda _n: 2, enter=False)
    assert bench.found == [] and bench.line.text() == "before" + HOUSE


def test_a_word_typed_by_hand_right_before_is_not_taken_for_a_part_of_it(bench: Bench) -> None:
    bench.line.clear()
    keys(bench, "ab" + HOUSE, lambda n: 80 if n <= 2 else 5)
    assert bench.found == [HOUSE] and bench.line.text() == "ab"


def test_a_password_that_a_program_types_is_never_looked_up(bench: Bench) -> None:
    bench.secret.setFocus()
    keys(bench, "correct horse", lambda _n: 2)
    assert bench.found == [] and bench.secret.text() == "correct horse"


def test_keys_held_with_control_are_no_scan(bench: Bench) -> None:
    keys(bench, "abcdefgh", lambda _n: 2, modifier=Qt.KeyboardModifier.ControlModifier)
    assert bench.found == []


@given(st.lists(st.integers(0, 300), min_size=3, max_size=20))
def test_it_is_a_scan_when_the_last_keys_came_quickly_and_only_then(waits: list[int]) -> None:
    """Against the rule in plain words: so many keys in a row, each soon after the one before, and Enter soon after the last."""
    scanner, found = Scanner(QApplication.instance() or QApplication([])), list[str]()
    scanner.scanned.connect(found.append)
    at = 1_000_000
    for place, wait in enumerate(waits):
        at += wait
        last = place == len(waits) - 1
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return if last else Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, "\r" if last else "1")
        event.setTimestamp(at)
        scanner.eventFilter(scanner, event)
    slow = [place for place, wait in enumerate(waits) if wait > GAP_MS and place] or [0]
    in_a_row = len(waits) - 1 - slow[-1]
    assert found == (["1" * in_a_row] if in_a_row >= LEAST and slow[-1] < len(waits) - 1 else [])
    scanner.deleteLater()


# ---------------------------------------------------------------- in the program

def scan(busy: Any, code: str) -> None:
    busy.window.activateWindow()
    keys(busy.window, code, lambda _n: 4)
    busy.settle()


def test_the_number_of_a_house_opens_it_from_a_field_of_a_form_and_the_form_is_kept(busy: Any) -> None:
    screen = busy.show("people")
    screen.register()
    busy.settle()
    form = screen.currentWidget().form
    for name in ("id_no", "room", "phone"):
        busy.show("people")
        form.focus(name)
        form.editor(name).target.setFocus()
        scan(busy, HOUSE)
        houses = busy.window.screens["houses"]
        assert houses.isVisible() and houses.card.record.house_no == HOUSE, name
        assert form.editor(name).text() == "" and busy.window.search.text() == "" and not busy.window.search.panel.isVisible()


def test_from_a_list_it_is_understood_too(busy: Any) -> None:
    busy.show("hazards")
    scan(busy, HOUSE)
    assert busy.window.screens["houses"].isVisible()


def test_the_number_of_a_paper_opens_what_it_is_about(busy: Any) -> None:
    from tests import ledgers

    busy.show("today")
    scan(busy, ledgers.NUMBERS[0])
    assert busy.window.screens["people"].isVisible() and busy.window.screens["people"].currentWidget() is busy.window.screens["people"].page


@pytest.mark.parametrize(("code", "said"), [("ZZ999999", ["没有找到"]), ("QHY000", ["房 2"])], ids=["nobody has it", "several have it"])
def test_what_is_not_one_thing_is_shown_in_the_search_box(busy: Any, code: str, said: list[str]) -> None:
    screen = busy.show("today")
    scan(busy, code)
    box = busy.window.search
    shown = [box.answers.item(n).text() for n in range(box.answers.count())]
    assert screen.isVisible() and box.text() == code and box.panel.isVisible()
    assert [text[:len(said[0])] for text in shown if text.startswith(said[0])] == said


def test_while_locked_or_before_a_ledger_is_open_nothing_is_looked_up(open_office: Callable[..., Any]) -> None:
    office = open_office()
    office.settle()
    office.window._scanned(HOUSE)
    assert office.desk.ledger is None
