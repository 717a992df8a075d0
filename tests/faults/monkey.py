"""Somebody who knows nothing sits at the real window in every role: keys, clicks and words drawn by lot; nothing may break or stand still.

Boxes, files and printers are faked; the same seed draws the same events. Which answer of the ledger comes between which two events is
left to the machine, as with real officers: a finding is told with the events before it.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

from gridapp.errors import Sorted
from gridapp.ledger import Ledger
from tests import ledgers
from tests.faults.rows import Row
from tests.faults.watchdog import STILL, Watchdog

ROLES = {"grid": "网格员", "chief": "网格长", "manage": "管理员", "audit": "审计员", "town": "镇工作人员"}
SEEDS, EVENTS, MOST, CONTROL = (1, 2, 3), 5_000, 20_000, 250
#: all is answered within so many seconds
PATIENCE = 30.0
#: seconds and seconds for an event after which a session that does not end is ended and tells where it stood
AT_MOST, EACH_EVENT = 80, 0.1
#: so many events are told with a finding
TOLD = 25
#: so many events at the first page before somebody signs in properly
OUTSIDE = 20
#: after so many events it is looked how many widgets and files there are
EACH = 250
#: what Qt says wherever there is no screen
OFFSCREEN = "This plugin does not support"
ROOT = Path(__file__).parents[2]


def password(role: str) -> str:
    return f"{ledgers.PASSWORD} {role}"


# ---------------------------------------------------------------- the stage

def set_up(folder: Path) -> None:
    """A town and a village that have met, and in the village somebody of every role; ledgers are copied from here."""
    from gridapp.work import officers
    from gridapp.work import village as villages
    from tests.exchange import handing
    from tests.exchange.paired import CONF, carry

    (folder / "stick").mkdir(parents=True)
    with handing.a_town(folder / "town.grid") as town, ledgers.begin(folder / "village.grid") as village:
        town.do_in(CONF, villages.sign_on, "陈镇")
        town.add_password(town.ask(villages.first_officer), ROLES["town"], password("town"))
        ledgers.a_little_village(village)
        handing.joined(town, village, folder)
        for number, role in enumerate(list(ROLES)[:-1], 1):
            if number > 1:
                number = village.do(officers.sign_up, f"某{ROLES[role]}", [role]).result
            village.add_password(number, ROLES[role], password(role))
        carry(village, town)
        handing.hand(village, None, folder / "stick")


# ---------------------------------------------------------------- somebody at the window

class Monkey:
    """One seed in one role: signs in, does what is drawn, and begins again wherever it locked itself out."""

    def __init__(self, role: str, seed: int, stage: Path, folder: Path, events: int) -> None:
        from tests.faults import hands

        self.role, self.stage, self.folder, self.left = role, stage, folder, events
        self.findings = dict[str, list[str]]()
        self.done, self.sessions, self.told, self.crowds = 0, 0, 0, list[int]()
        self._trail = deque[str](maxlen=TOLD)
        self._drawn: Iterator[hands.Event] = hands.drawn(seed, (password(role),) * 4)
        self._at, self._outside, self._over, self._anew, self._waiting = "", 0, False, False, 0.0
        self.window: Any = None
        self.dog = Watchdog()

    # -- what is heard

    def found(self, what: str) -> None:
        self.findings.setdefault(what, [*self._trail, f"seed: {self.done} events"])

    def failed(self, error: BaseException) -> None:
        steps = traceback.extract_tb(error.__traceback__)[-6:]
        self.found(f"{type(error).__name__}: {str(error)[:200]} in " + " > ".join(f"{Path(s.filename).name}:{s.lineno} {s.name}" for s in steps))

    def _tell(self, _failure: Sorted) -> None:
        self.told += 1

    # -- sitting down and getting up

    def sit_down(self) -> None:
        from gridapp.settings import Settings
        from tests.faults.hands import Hands
        from ui.desk import Desk
        from ui.jobs import Worker
        from ui.window import Window

        self.sessions += 1
        path = self.folder / "台账.grid"
        if self.sessions % 8 == 1 or self._anew:  # whatever was done to it, also to its passwords, is gone
            for old in self.folder.glob("台账.grid*"):
                shutil.rmtree(old) if old.is_dir() else old.unlink()
            self._anew = False
            ledgers.copy(self.stage / ("town.grid" if self.role == "town" else "village.grid"), path)
        worker = Worker()
        worker.crashed.connect(self.failed)
        self.desk = Desk(worker, self._tell)
        self.window = Window(self.desk, Settings(), path, self._at, self._locked)
        self.hands, self._over, self._outside = Hands(self.window), False, 0
        self.window.show()
        self.window.activateWindow()

    def sign_in(self) -> None:
        """Properly, as the officer does; a ledger nobody gets into any more is replaced."""
        self.get_up()
        self.sit_down()
        path = self.folder / "台账.grid"
        path.with_name(path.name + ".tries").unlink(missing_ok=True)
        try:
            ledger = Ledger.open(path, password(self.role))
        except Sorted:  # the password was changed by lot, or its account closed
            self._anew = True
            return
        ledger.sign_in(ledger.opened_as or 1)
        self.desk.ledger = ledger
        self.desk.copies.begin(ledger)
        self.window.start._opened(ledger)

    def get_up(self) -> None:
        """The window closes, as with Alt+F4."""
        if self.window is not None:
            self.window.close()
            self.desk.close()
            self.window.deleteLater()
            self.window = None

    def _locked(self, at: str) -> None:
        self._at, self._over = at, True

    # -- doing

    def step(self) -> None:
        """One event, or nothing while all is to be answered first."""
        self.dog.beat()
        if self._over or self.window is None or not self.window.isVisible():
            self.get_up()
            self.sit_down()
        elif not self.desk.worker.idle and self._waiting:
            if time.monotonic() < self._waiting:
                return
            self.found("nothing is answered any more")
        self._waiting = 0.0
        if self.desk.ledger is None:
            self._outside += 1
            if self._outside > OUTSIDE and self.desk.worker.idle:
                self.sign_in()
        event = next(self._drawn)
        self.left, self.done = self.left - 1, self.done + 1
        self._trail.append(f"({event.kind} …)")
        self._trail[-1] = self.hands.do(event)
        if event.kind == "wait":
            self._waiting = time.monotonic() + PATIENCE


# ---------------------------------------------------------------- a process of its own

def _no_boxes(monkey: Monkey, folder: Path) -> None:
    """Files are chosen by lot, boxes answered at once, nothing is printed, and a stick is plugged in now and then."""
    from gridapp import places
    from gridapp.exchange.carriers import sticks
    from gridapp.exchange.carriers.stick import Stick
    from ui import files, messages, printers

    turns = iter(range(1 << 30))
    broken = folder / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    read = (places.sample(), None, broken, folder / "没有.xlsx", monkey.stage / "village.grid")
    fakes: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
        (files, "to_read", lambda *_a, **_n: read[next(turns) % len(read)]),
        (files, "to_write", lambda _w, _t, name, *_a: (folder / "out" / f"{next(turns) % 5}{Path(name).suffix}") if next(turns) % 3 else None),
        (files, "to_folder", lambda *_a: (folder / "out", None, folder / "没有")[next(turns) % 3]),
        (messages, "tell", monkey._tell), (messages, "inform", lambda _text: None), (messages, "ask", lambda *_a: bool(next(turns) % 2)),
        (printers, "asked", lambda *_a: None),
        (sticks, "plugged_in", lambda *_a: [Stick(folder / "stick", "KINGSTON", 3 << 30, False, "exfat")] if next(turns) % 4 else []))
    for module, name, fake in fakes:
        setattr(module, name, fake)
    (folder / "out").mkdir()
    shutil.copytree(monkey.stage / "stick", folder / "stick")


def play(role: str, seed: int, stage: Path, folder: Path, events: int) -> dict[str, Any]:
    """In this process, which has a home of its own; what came of it."""
    from PySide6.QtCore import QTimer, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    from gridapp.settings import Settings
    from ui import app

    running = app.application(Settings())
    monkey = Monkey(role, seed, stage, folder, events)
    _no_boxes(monkey, folder)
    sys.excepthook = lambda _kind, error, _trace: monkey.failed(error)
    sys.unraisablehook = lambda told: monkey.failed(told.exc_value or RuntimeError("unraisable"))
    qInstallMessageHandler(lambda _kind, _context, text: None if text.startswith(OFFSCREEN) else monkey.found(f"Qt: {text}"))
    nones, files_open = sys.getrefcount(None), 0

    def step() -> None:
        """The next event is put on its way first: a menu that is opened waits in a loop of its own, and goes on with it."""
        nonlocal files_open
        if monkey.left <= 0:
            running.quit()
            return
        QTimer.singleShot(0, step)
        before = monkey.done
        monkey.step()
        if monkey.done > before and monkey.done % EACH == 0:
            monkey.crowds.append(len(QApplication.allWidgets()))
            files_open = max(files_open, _files())

    running.setQuitOnLastWindowClosed(False)
    QTimer.singleShot(0, step)
    while monkey.left > 0:  # locking ends the program: another one would begin
        running.exec()
    monkey.get_up()
    return {"events": monkey.done, "sessions": monkey.sessions, "findings": monkey.findings, "stills": monkey.dog.stills, "longest": monkey.dog.longest,
            "told": monkey.told, "nones": sys.getrefcount(None) - nones, "widgets": monkey.crowds, "files": files_open}


def _files() -> int:
    here = Path("/proc/self/fd")
    return sum(1 for _ in here.iterdir()) if here.exists() else 0


def _plant() -> None:
    """The control: a screen that breaks, and one that stands still."""
    from ui.window import Window

    whole, calls = Window.show_screen, count(1)

    def broken(window: Any, key: str) -> Any:
        turn = next(calls)
        if turn == 3:
            raise ZeroDivisionError("planted")
        if turn == 5:
            time.sleep(STILL + 0.4)
        return whole(window, key)

    Window.show_screen = broken  # type: ignore[method-assign]


def in_a_child(role: str, seed: int, stage: Path, events: int, *more: str) -> dict[str, Any]:
    """Somebody in a process and a home of their own; `--planted`: with faults that must be found."""
    with tempfile.TemporaryDirectory() as made:
        surroundings = {**os.environ, "GRIDAPP_HOME": str(Path(made) / "home"), "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "1", "QT_FONT_DPI": "96",
                        "QT_IM_MODULE": ""}
        ran = subprocess.run([sys.executable, "-X", "faulthandler", "-m", "tests.faults.monkey", role, str(seed), str(stage), made, str(events), *more],
                             capture_output=True, text=True, check=False, cwd=ROOT, env=surroundings)
    if ran.returncode:
        return {"events": 0, "findings": {f"ended with {ran.returncode}: {ran.stderr[-1500:]}": []}, "stills": []}
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return told


def wrongs(told: dict[str, Any]) -> list[str]:
    """What may not be."""
    return [*told["findings"], *(f"stood still: {stack}" for stack in told["stills"])]


def in_words(told: list[dict[str, Any]]) -> str:
    """The figures of some sessions, the worst of each."""
    widgets = max(max(t["widgets"], default=0) for t in told)
    return (f"{sum(t['sessions'] for t in told)} times signed in, {sum(t['told'] for t in told)} refusals told; longest still {max(t['longest'] for t in told):.1f} s; "
            f"references to None {min(t['nones'] for t in told):+,} at worst; at most {widgets:,} widgets and {max(t['files'] for t in told)} open files")


def run(seconds: float) -> list[Row]:
    """Every role with three seeds of 5,000 events; with further seeds up to 20,000 events while the seconds last. Two at a time."""
    end, rows = time.monotonic() + seconds, list[Row]()

    def one(seed: int) -> dict[str, Any] | None:
        return in_a_child(role, seed, stage, EVENTS) if seed in SEEDS or time.monotonic() < end else None

    with tempfile.TemporaryDirectory() as made, ThreadPoolExecutor(2) as two:
        stage = Path(made) / "stage"
        set_up(stage)
        for role in ROLES:
            told = [t for t in two.map(one, range(1, MOST // EVENTS + 1)) if t is not None]
            for what, trail in ((what, t["findings"].get(what, ())) for t in told for what in wrongs(t)):
                print(f"{role}: {what}\n    {' | '.join(trail)}", file=sys.stderr)
            whole = [t for t in told if t["events"]]
            rows.append(Row(f"random events on the real window as {ROLES[role]} ({role})", sum(t["events"] for t in told), sum(len(wrongs(t)) for t in told),
                            in_words(whole) if whole else "it did not run"))
        caught = wrongs(in_a_child("chief", 1, stage, CONTROL, "--planted"))
    missed = [what for what in ("ZeroDivisionError", "stood still") if not any(told.startswith(what) for told in caught)]
    return [*rows, Row("control: a screen that breaks and one that stands still are found", 2, len(missed), ", ".join(missed))]


def main() -> None:
    asked = argparse.ArgumentParser(prog="tests.faults.monkey")
    for name, kind in (("role", str), ("seed", int), ("stage", Path), ("folder", Path), ("events", int)):
        asked.add_argument(name, type=kind)
    asked.add_argument("--planted", action="store_true")
    told = asked.parse_args()
    faulthandler.dump_traceback_later(AT_MOST + told.events * EACH_EVENT, exit=True)  # whoever waits for it may be gone, and it would eat all memory
    if told.planted:
        _plant()
    print(json.dumps(play(told.role, told.seed, told.stage, told.folder, told.events), ensure_ascii=True), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
