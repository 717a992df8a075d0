"""Power cuts: every change a call makes to the disk is recorded, and after each one the power is cut in all the ways a disk may leave things.

What is left is opened with the real program: it opens and proves whole, everything told as saved is there, and of what was under way all or nothing.
"""

from __future__ import annotations

import multiprocessing
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from gridapp.errors import Sorted
from tests.faults import disk, recording
from tests.faults.calls import CALLS, EVERY, Call
from tests.faults.recording import Kind, Op
from tests.faults.rows import Row
from tests.faults.stage import QUICK

#: (call, how) that are careless, in the program or in what the recorder keeps: each must be found out
CONTROLS = {
    ("acts", "OFF"): "nothing is flushed (synchronous=OFF)",
    ("acts", "NORMAL"): "acts are not flushed (synchronous=NORMAL)",
    ("password", "names"): "folders are not flushed after a renaming",
    ("photos", "names"): "folders are not flushed after a new name",
    ("careless", "FULL"): "a file is written over in its place",
}
#: how often what is left to chance is drawn
AGAIN = 1


@dataclass
class Recorded:
    """A call as it was performed once: the folder before, every change, and the states it told as saved, in order."""

    call: Call
    before: Path
    ops: list[Op]

    @property
    def told(self) -> list[str]:
        return [op.data.decode() for op in self.ops if op.kind == Kind.MARK]


def record(name: str, folder: Path, how: str = "FULL") -> Recorded:
    """Perform a call in a process of its own under the recorder; `folder` is empty."""
    call, before, work, log = EVERY[name], folder / "before", folder / "work", folder / "log"
    before.mkdir(parents=True)
    call.prepare(before)
    shutil.copytree(before, work)
    recording.preloaded(work, log, "tests.faults.calls", name, str(work), how)
    ops = [op for op in recording.read(log, work) if not (how == "names" and op.kind == Kind.SYNC_FOLDER)]
    shutil.rmtree(work)
    return Recorded(call, before, ops)


@dataclass(frozen=True)
class Cut:
    """The power was cut: after so many changes, in this way."""

    after: int
    way: tuple[str, str]
    seed: int


def cuts(recorded: Recorded, at_most: int, seed: int, again: int = 1) -> list[Cut]:
    """All of them in order (`again`: how often by chance), or so many drawn by lot."""
    every = [Cut(after, way, seed + turn) for after in range(1, len(recorded.ops) + 1) if recorded.ops[after - 1].kind != Kind.OPEN
             for turn in range(again) for way in disk.WAYS if not turn or {"torn", "some"} & {*way}]
    chosen = random.Random(seed).sample(every, at_most) if at_most < len(every) else every
    return sorted(chosen, key=lambda cut: cut.after)


def left(recorded: Recorded, chosen: list[Cut]) -> Iterator[tuple[Cut, int, dict[str, bytes | None]]]:
    """(cut, how many states had been told, the files it leaves), each different state once."""
    model, done, told, seen = disk.Disk(recorded.before), 0, 0, set[tuple[int, bytes]]()
    for cut in chosen:
        for op in recorded.ops[done:cut.after]:
            model.follow(op)
            told += op.kind == Kind.MARK
        done = cut.after
        found = model.as_left(*cut.way, random.Random(f"{cut}"))
        known = (told, disk.hash_of(found))
        if known not in seen:
            seen.add(known)
            yield cut, told, found


def wrong(recorded: Recorded, told: int, found: dict[str, bytes | None], folder: Path) -> str:
    """What is lost or wrong in these files; '' when all is well."""
    disk.lay(found, folder)
    try:
        state = recorded.call.look(folder)
    except Sorted as failure:
        return f"does not open: {type(failure).__name__}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if state in recorded.told[max(told - 1, 0):told + 1]:
        return ""
    if state in recorded.told:
        return "told as saved, and lost"
    return "half of it is there" if "|" in state else state[:80]


def prove(recorded: Recorded, at_most: int = sys.maxsize, seed: int = 1, again: int = 1) -> Counter[str]:
    """Cut, open, prove; 'states' counts the different ones."""
    count = Counter[str]()
    with tempfile.TemporaryDirectory(dir=QUICK) as here:
        for _cut, told, found in left(recorded, cuts(recorded, at_most, seed, again)):
            folder = Path(here) / str(count["states"])
            folder.mkdir()
            count["states"] += 1
            count[wrong(recorded, told, found, folder)] += 1
    return Counter({what: n for what, n in count.items() if what})


def of(name: str, how: str = "FULL", at_most: int = sys.maxsize, again: int = 1) -> tuple[Counter[str], int]:
    """(what was found, how many changes were recorded) of one call."""
    with tempfile.TemporaryDirectory(dir=QUICK) as here:
        recorded = record(name, Path(here) / "call", how)
        return prove(recorded, at_most, again=again), len(recorded.ops)


def run(_seconds: float) -> list[Row]:
    """A row for each call with every cut in every way, however long it takes (two at once), and the controls."""
    if lacking := recording.lacking():
        return [Row(f"power cuts: {lacking}", 0, 0)]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as two:
        asked = {name: two.submit(of, name, again=AGAIN) for name in CALLS}
        controls = {(name, how): two.submit(of, name, how, 400) for name, how in CONTROLS}
        rows = [_row(f"power cut: {CALLS[name].what}", *told.result()) for name, told in asked.items()]
        rows += [_control(CONTROLS[key], told.result()[0]) for key, told in controls.items()]
    return [*rows, Row("all power cuts but the controls", sum(row.tried for row in rows if row.what.startswith("power")), 0)]


def _row(what: str, count: Counter[str], changes: int) -> Row:
    states = count.pop("states")
    return Row(what, states, count.total(), f"{changes} changes" + (f"; {dict(count)}" if count else ""))


def _control(what: str, count: Counter[str]) -> Row:
    """Bad when nothing was found out."""
    states = count.pop("states")
    return Row(f"control: {what}", states, int(not count), f"{count.total()} states lost or damaged")
