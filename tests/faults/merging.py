"""Merges that are cut off: killed at every statement and at any moment, or two at once; each stick is taken in whole or not at all.

`python -m tests.faults.merging statements|moments TIMES` prints what was wrong, by name; nothing when all is well.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.errors import Sorted
from gridapp.ledger import Ledger, dealings
from gridapp.ledger.admission import Admitted
from gridapp.ledger.entries import Seal
from gridapp.records import Person
from gridapp.work import invent, people
from tests import ledgers
from tests.faults.rows import Row
from tests.faults.stage import QUICK

PARCEL = bytes(range(16))
FIGURES = ("kills", "whole", "none")


class Case:
    """A ledger with work of its own, and a stick with new people, questions and an erasure for it."""

    def __init__(self, folder: Path, people_on_it: int) -> None:
        self.folder, self.number, giver_path = folder, 0, folder / "giver.grid"
        self.path = folder / "taker.grid"
        with ledgers.begin(giver_path) as giver, Ledger.create(
                self.path, ledgers.PASSWORD, "officer 1", giver.scope, wall=ledgers.Clock(), cost=ledgers.CHEAP) as taker:
            both, gone = ledgers.a_person(giver, phone="13800001111"), ledgers.a_person(giver, "欧阳某某", ledgers.NUMBERS[1])
            taker.admit(_seals(giver))
            taker.officer = 1
            taker.do(people.correct_person, both, phone="13800003333")
            giver.do(people.correct_person, both, phone="13800002222")
            giver.do(lambda act: act.erase(act.get(Person, gone), "个人信息保护法第四十七条"))
            giver.close_seals()
            giver.do(invent.invent, people_on_it, 1)
            self.stick = _seals(giver, [i for ids in taker.heads().values() for i in ids])
            self.before = _state(taker, self.stick)
        whole = self.copy()
        with ledgers.reopen(whole) as taker:
            taker.admit(self.stick, _book)
            self.after = _state(taker, self.stick)
        assert self.before != self.after

    def copy(self) -> Path:
        self.number += 1
        folder = self.folder / str(self.number)
        folder.mkdir()
        return ledgers.copy(self.path, folder / "a.grid")

    def wrongs(self, path: Path) -> list[str]:
        """What is wrong after a cut: the stick is in whole or not at all, and in the end it is."""
        try:
            with ledgers.reopen(path) as taker:
                state = _state(taker, self.stick)
                wrong = [f"verify: {fault}" for fault in taker.verify().faults]
                wrong += ["half of it was taken in"] * (state not in (self.before, self.after))
                taker.admit(self.stick, _book)
                wrong += ["it cannot be taken in afterwards"] * (_state(taker, self.stick) != self.after)
                wrong += [f"verify afterwards: {fault}" for fault in taker.verify().faults]
                return [*wrong, "whole" if state == self.after else "none"]
        except Sorted as failure:
            return [f"does not open: {type(failure).__name__}"]


def _seals(giver: Ledger, known: list[bytes] | None = None) -> list[Seal]:
    giver.close_seals()
    return list(giver.seals(giver.missing([giver.scope], known or []).sids))


def _book(session: Session, told: Admitted) -> None:
    """The line in the book of hand-overs, in the same transaction."""
    if told.taken:
        dealings.enter(session, dealings.Parcel(PARCEL, dealings.IN, bytes(32), "merged", 0, 0, {}, {},
                                                {no: (*told.sids[no], act.bytes) for no, act in told.acts.items()}))


def _state(taker: Ledger, stick: list[Seal]) -> tuple[Any, ...]:
    """Everything a merge changes: the rows, which seals are here, the act, the book, and what the search box finds."""
    acts = taker.ask(lambda read: [r.verb for r in read.rows(sa.text("SELECT verb FROM act ORDER BY seq"))])  # type: ignore[arg-type]
    return (taker.digest(), len(taker.has(s.id for s in stick)), acts, len(taker.look(dealings.parcels, dealings.IN)),
            [sorted(hit.label for hit in taker.search(text)) for text in ("欧阳某某", "13800002222")])


def _merge(case: Case, path: Path, at_statement: int, ready: int) -> None:
    """In a child: take the stick in, and be killed before a statement of that number."""
    with ledgers.reopen(path) as taker:
        left = [at_statement]

        def count(*_told: Any) -> None:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        if at_statement:
            sa.event.listen(taker.home.engine, "before_cursor_execute", count)
            sa.event.listen(taker.home.engine, "commit", count)
        os.write(ready, b"r")
        taker.admit(case.stick, _book)


def _killed(case: Case, path: Path, at_statement: int = 0, after: float | None = None) -> bool:
    """Whether the child was killed before it was done."""
    heard, ready = os.pipe()
    child = os.fork()
    if child == 0:
        ended = 2
        try:
            _merge(case, path, at_statement, ready)
            ended = 0
        finally:
            os._exit(ended)
    os.close(ready)
    if after is not None:
        os.read(heard, 1)
        select.select([], [], [], after)
        os.kill(child, signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    os.close(heard)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise AssertionError("the merge failed without being killed")
    return os.WIFSIGNALED(status)


def at_every_statement(folder: Path, seconds: float, every: int = 1) -> Counter[str]:
    """Killed before the first statement, the second … until the merge is through."""
    case, count, end, number = Case(folder, 3), Counter[str](), time.monotonic() + seconds, 1
    while time.monotonic() < end:
        path = case.copy()
        if not _killed(case, path, at_statement=number):
            count["through"] += 1
            break
        count["kills"] += 1
        count.update(case.wrongs(path))
        shutil.rmtree(path.parent)
        number += every
    return count


def at_any_moment(folder: Path, seconds: float, at_most: int = sys.maxsize) -> Counter[str]:
    """Killed from outside, wherever the merge of a bigger stick then is."""
    case, count, chance, end = Case(folder, 120), Counter[str](), random.Random(1), time.monotonic() + seconds
    path, start = case.copy(), time.monotonic()
    with ledgers.reopen(path) as taker:
        taker.admit(case.stick, _book)
    longest = (time.monotonic() - start) * 1.3
    while time.monotonic() < end and count["kills"] < at_most:
        path = case.copy()
        count["kills"] += 1
        _killed(case, path, after=chance.random() * longest)
        count.update(case.wrongs(path))
        shutil.rmtree(path.parent)
    return count


def two_at_once(folder: Path) -> list[str]:
    """Two threads take the same and another stick in at the same time: one after the other, as if in turn."""
    case = Case(folder, 40)
    third = folder / "third.grid"
    with Ledger.create(third, ledgers.PASSWORD, "officer 1", "v:330784108238", wall=ledgers.Clock(), cost=ledgers.CHEAP) as giver:
        ledgers.a_person(giver, "吴丽", ledgers.NUMBERS[2])
        other = _seals(giver)
    path = case.copy()
    with ledgers.reopen(path) as taker:
        with ThreadPoolExecutor(4) as at_once:
            ended = [at_once.submit(taker.admit, stick) for stick in (case.stick, other, case.stick, other)]
        failed = [error for told in ended if (error := told.exception()) is not None]
        missing = {s.id for s in (*case.stick, *other)} - taker.has(s.id for s in (*case.stick, *other))
        wrong = [f"failed: {error}" for error in failed] + ["something was not taken in"] * bool(missing)
        merges = taker.ask(lambda read: len(read.rows(sa.text("SELECT 1 FROM act WHERE verb = 'merge_parcel'"))))  # type: ignore[arg-type]
        return wrong + ["taken in twice"] * (merges != 3) + list(taker.verify().faults)


def run(seconds: float) -> list[Row]:
    """Rows: every statement, any moment, two at once."""
    if not hasattr(os, "fork"):
        return [Row("merges cut off: this system cannot fork", 0, 0)]
    with tempfile.TemporaryDirectory(dir=QUICK) as name:
        folders = [Path(name) / part for part in ("statements", "moments", "two")]
        for folder in folders:
            folder.mkdir()
        statements = at_every_statement(folders[0], seconds * 0.6)
        moments = at_any_moment(folders[1], seconds * 0.4)
        two = two_at_once(folders[2])
    return [_row("merge killed at every statement", statements), _row("merge killed at any moment", moments),
            Row("two threads take two sticks in at once", 4, len(two), "; ".join(two))]


def _row(what: str, count: Counter[str]) -> Row:
    wrong = {k: n for k, n in count.items() if k not in (*FIGURES, "through")}
    note = f"{count['none']} times nothing was taken in, {count['whole']} times all" + " (to the last statement)" * bool(count["through"])
    return Row(what, count["kills"], sum(wrong.values()), note + (f"; {wrong}" if wrong else ""))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=QUICK) as here:
        if sys.argv[1] == "statements":
            json.dump(at_every_statement(Path(here), 300, every=int(sys.argv[2])), sys.stdout)
        else:
            json.dump(at_any_moment(Path(here), 300, at_most=int(sys.argv[2])), sys.stdout)
