"""Locking: time without a key or the mouse, sleep, and twelve hours end it; the ledger is closed, and nothing of it stays in memory (A5)."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gridapp.ledger import Ledger
from gridapp.settings import LOCK_AFTER, Settings
from gridapp.store.slots import Vault
from gridapp.work import people
from tests import ledgers, permissions
from ui import locking
from ui.locking import Watch

ROOT = Path(__file__).parents[2]
CANARY, PHONE = "司徒美兰花", "13957950003"
#: seconds until a program that does not answer has failed
PATIENCE = 60


class Clocks:
    """Time that goes by as the test says, awake or asleep."""

    def __init__(self) -> None:
        self.now, self.slept = 1000.0, 0.0

    def awake(self) -> float:
        return self.now - self.slept

    def elapsed(self) -> float:
        return self.now

    def pass_by(self, seconds: float, asleep: bool = False) -> None:
        self.now += seconds
        self.slept += seconds if asleep else 0


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def watch(clocks: Clocks, qapp: Any) -> Iterator[Any]:
    """A watch that counts how often it was due."""
    made = Watch(Settings(), None, clocks.awake, clocks.elapsed)
    made.times = 0  # type: ignore[attr-defined]

    def due() -> None:
        made.times += 1  # type: ignore[attr-defined]

    made.due.connect(due)
    made.begin()
    yield made
    made.end()


def look(watch: Any) -> int:
    watch.look()
    return int(watch.times)


def test_a5_five_minutes_without_a_touch(watch: Any, clocks: Clocks) -> None:
    clocks.pass_by(299)
    assert look(watch) == 0
    clocks.pass_by(1)
    assert look(watch) == 1


@pytest.mark.parametrize("kind", [QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel])
def test_a5_a_touch_begins_the_time_anew(watch: Any, clocks: Clocks, kind: QEvent.Type) -> None:
    clocks.pass_by(299)
    watch.eventFilter(watch, QEvent(kind))
    clocks.pass_by(299)
    assert look(watch) == 0
    watch.eventFilter(watch, QEvent(QEvent.Type.Paint))
    clocks.pass_by(1)
    assert look(watch) == 1, "painting is no touch"


@pytest.mark.parametrize(("minutes", "counted"), [(1, 1), (15, 15)])
def test_a5_the_time_is_chosen(clocks: Clocks, qapp: Any, minutes: int, counted: int) -> None:
    made, due = Watch(Settings(lock_after=minutes), None, clocks.awake, clocks.elapsed), list[int]()
    made.due.connect(lambda: due.append(1))
    made.begin()
    clocks.pass_by(counted * 60 - 1)
    made.look()
    assert due == []
    clocks.pass_by(1)
    made.look()
    made.end()
    assert due == [1]


@pytest.mark.parametrize(("kept", "counts"), [(0, 1), (-3, 1), (240, 15), (7, 7), ("never", 5)])
def test_a5_no_file_of_settings_makes_it_longer_than_a_quarter_of_an_hour(kept: object, counts: int) -> None:
    Settings.path().write_text(json.dumps({"lock_after": kept}), "utf-8")
    assert Settings.load().lock_after == counts and LOCK_AFTER == (1, 5, 15)


def test_a5_twelve_hours_are_the_longest(watch: Any, clocks: Clocks) -> None:
    for _minute in range(12 * 60 - 1):
        clocks.pass_by(60)
        watch.eventFilter(watch, QEvent(QEvent.Type.KeyPress))
    assert look(watch) == 0
    clocks.pass_by(60)
    watch.eventFilter(watch, QEvent(QEvent.Type.KeyPress))
    assert look(watch) == 1


def test_a5_a_pc_that_slept_is_locked_when_it_wakes(watch: Any, clocks: Clocks) -> None:
    clocks.pass_by(20)
    assert look(watch) == 0
    clocks.pass_by(20, asleep=True)
    assert look(watch) == 1


def test_a_key_in_the_window_is_a_touch(busy: Any) -> None:
    """The real window's events come to the real watch."""
    idle = busy.window.idle
    idle._touched = 0.0
    QTest.keyClick(busy.window.windowHandle(), Qt.Key.Key_F15)
    assert idle._touched > 0.0
    idle._touched = 0.0
    QTest.mouseMove(busy.window.windowHandle())
    QApplication.processEvents()
    assert idle._touched > 0.0


# ---------------------------------------------------------------- the window

@pytest.fixture
def locked(busy: Any) -> Any:
    """A window that notes where it would begin anew."""
    busy.began = list[str]()
    busy.window._anew = busy.began.append
    return busy


def wait_for(office: Any) -> None:
    office.qtbot.waitUntil(lambda: bool(office.began), timeout=10_000)


def test_a_form_half_filled_is_a_draft_and_the_ledger_is_closed(locked: Any) -> None:
    path, desk = locked.desk.ledger.path, locked.desk
    screen = locked.show("people")
    screen.register()
    locked.type(screen._new.form, phone="13957950003")
    QApplication.clipboard().setText("13957950003")
    locked.press(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    wait_for(locked)
    assert locked.began == ["people:resume"] and desk.ledger is None and QApplication.clipboard().text() == ""
    locked.closed = True
    with ledgers.reopen(path) as again:
        assert again.drafts()[0].values["phone"] == "13957950003"


def test_what_was_shown_is_gone_at_once_and_long_work_is_finished_first(locked: Any) -> None:
    steps = list[int]()

    def work(_ledger: Any, progress: Any) -> str:
        assert hold.wait(10)
        while len(steps) < 3:
            steps.append(1)
            assert progress(len(steps), 3), "nobody cancels it"
        return "done"

    hold, answers = threading.Event(), list[str]()
    locked.show("people")
    locked.desk.long(work, answers.append, lambda _done, _total: None)
    locked.window.lock()
    assert not locked.window.screens["people"].isVisible() and locked.window.isVisible() and not locked.began
    hold.set()
    wait_for(locked)
    assert answers == ["done"] and len(steps) == 3 and locked.began == ["people"]
    locked.closed = True


def test_no_key_opens_a_screen_behind_the_cover(locked: Any) -> None:
    """Neither while long work is finished nor when the ledger is closed already."""
    locked.show("people")
    locked.press(Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    hold, open_before = threading.Event(), set(locked.window.screens)
    assert len(open_before) == 3, "the key opens one as long as nobody locks"
    locked.desk.ask(lambda _read: hold.wait(10), then=lambda _done: None)
    locked.window.lock()
    for number in (Qt.Key.Key_4, Qt.Key.Key_5):
        QTest.keyClick(locked.window, number, Qt.KeyboardModifier.ControlModifier)
        hold.set()
        wait_for(locked)
    assert set(locked.window.screens) == open_before and not locked.crashed
    locked.closed = True


def test_the_screen_where_it_was_locked_comes_back_with_its_draft(open_office: Callable[..., Any], village: Ledger) -> None:
    path, before = village.path, open_office(village)
    before.show("people").register()
    before.type(before.window.screens["people"]._new.form, phone="13957950003")
    before.close()
    office = open_office(path=path)
    office.window._at = "people:resume"
    office.window.start.password.setText(ledgers.PASSWORD)
    office.window.start.open()
    office.settle()
    screen = office.window.screens["people"]
    assert screen.isVisible() and screen.filling and screen._new.form.slots["phone"].editor.target.text() == "13957950003"


def test_a_screen_one_may_not_use_does_not_come_back(open_office: Callable[..., Any], village: Ledger) -> None:
    village.sign_in(0)
    numbers = permissions.with_roles(village)
    office = open_office(path=village.path)
    office.window._at = "people"
    village.sign_in(numbers["manage"])
    office.desk.ledger = village
    office.window.start._opened(village)
    office.settle()
    assert "people" not in office.window.screens and not office.told


@pytest.mark.parametrize(("given", "at", "told"), [
    (["python", "main.py"], "people", ["main.py", "--at", "people"]),
    (["python", "main.py", "--ledger", "a.grid", "--at", "houses"], "people:resume", ["main.py", "--ledger", "a.grid", "--at", "people:resume"]),
    (["python", "main.py", "--at", "houses"], "", ["main.py"]),
])
def test_the_program_begins_as_it_was_begun(given: list[str], at: str, told: list[str]) -> None:
    assert locking.command(at, given) == [sys.executable, *told]


# ---------------------------------------------------------------- the memory

def memory_holds(pid: int, *wanted: bytes) -> list[int]:
    """How often each is found in what a process has in memory."""
    found = [0] * len(wanted)
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            first, last, may = re.match(r"(\w+)-(\w+) (\S+)", line).groups()  # type: ignore[union-attr]
            if not may.startswith("rw"):
                continue
            try:
                memory.seek(int(first, 16))
                piece = memory.read(int(last, 16) - int(first, 16))
            except OSError:  # what belongs to the kernel
                continue
            for at, text in enumerate(wanted):
                found[at] += piece.count(text)
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux shows a process's memory as a file")
def test_a5_after_locking_neither_key_nor_name_is_in_memory(village_ledger: Path, tmp_path: Path) -> None:
    path = ledgers.copy(village_ledger, tmp_path / "台账.grid")
    with ledgers.reopen(path) as opened:
        opened.do(people.correct_person, opened.search("彭兵")[0].id, name=CANARY)
    key = Vault.key_of(path, ledgers.PASSWORD)
    secrets = (key, key.hex().encode(), CANARY.encode(), CANARY.encode("utf-16-le"), PHONE.encode(), PHONE.encode("utf-16-le"))
    told = {**os.environ, "GRIDAPP_DUMPABLE": "1", "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-m", "tests.ui.driven", str(path)], cwd=ROOT, env=told, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None and child.stdout is not None

    def do(word: str, answer: str) -> str:
        child.stdin.write(f"{word}\n".encode())  # type: ignore[union-attr]
        child.stdin.flush()  # type: ignore[union-attr]
        return heard(answer)

    def heard(answer: str) -> str:
        assert select.select([child.stdout], [], [], PATIENCE)[0], f"no answer where '{answer}' was expected"
        line = child.stdout.readline().decode()  # type: ignore[union-attr]
        assert line.startswith(answer), line
        return line

    try:
        heard("ready")
        do("sign-in", "in today")
        do(f"show {PHONE}", "shown")
        before = memory_holds(child.pid, *secrets)
        assert max(before[:2]) > 0 and max(before[2:4]) > 0 and max(before[4:]) > 0, "the search finds what is there"
        assert "people:resume" in do("lock", "ready")
        assert memory_holds(child.pid, *secrets) == [0] * len(secrets)
        do("sign-in", "in people")
        assert do("tell", "form").split() == ["form", "True", PHONE], "the draft is back"
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()
