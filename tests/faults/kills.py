"""Kills: a process at work is killed at any moment; every act it was told as saved is there, the ledger is whole, drafts are kept.

Also states of a power cut: the files as they stand at any moment (the process is held still), with the end of the log cut off or zeroed.
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
from pathlib import Path

from gridapp.errors import Sorted
from gridapp.work import village
from tests import ledgers
from tests.faults.life import Told, live, wrongs
from tests.faults.rows import Row

#: a fresh ledger after so many kills, so that proving it stays cheap
ROUNDS = 8
LONGEST = 0.25
FRAME_HEAD, WAL_HEAD, PAGE = 24, 32, 4096
#: spoils the last act told as saved, too: it may be missing then, but never in silence
LYING = ("last act cut off", "last act zeroed")
#: what is counted that is no wrong
FIGURES = ("whole", "kills", "acts", "held", "states", "told as missing", "drafts gone")


class Worker:
    """A child that lives on a ledger until it is killed; forked, so that a kill costs milliseconds and not a start."""

    def __init__(self, path: Path, seed: int) -> None:
        self.read, write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.read)
            _work(path, seed, write)
        os.close(write)
        self.told, self._rest = Told(), b""

    def listen(self, seconds: float | None, until_first: bool = False) -> bool:
        """Hear what is told for so long, or until the child is gone (None); False at its end."""
        until = None if seconds is None else time.monotonic() + seconds
        while until is None or time.monotonic() < until:
            left = None if until is None else max(0.0, until - time.monotonic())
            if not select.select([self.read], [], [], left)[0]:
                break
            heard = os.read(self.read, 65536)
            if not heard:
                return False
            *lines, self._rest = (self._rest + heard).split(b"\n")
            for line in lines:
                self.told.hear(line.decode())
            if until_first and lines:
                break
        return True

    def work_a_while(self, chance: random.Random) -> None:
        """Mostly from the first thing told as saved on; now and then the moment falls into opening."""
        if chance.random() < 0.8:
            self.listen(10, until_first=True)
        self.listen(chance.random() * LONGEST)

    def hold(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)
        os.waitpid(self.pid, os.WUNTRACED)

    def let_go(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.listen(None)
        os.waitpid(self.pid, 0)
        os.close(self.read)


def _work(path: Path, seed: int, out: int) -> None:
    try:
        with ledgers.reopen(path, wall=lambda: int(time.time() * 1000)) as ledger:
            for line in live(ledger, random.Random(seed)):
                os.write(out, f"{line}\n".encode())
    finally:
        os._exit(1)


def fresh(folder: Path, name: str) -> Path:
    """A founded ledger, copied from one that is made once."""
    first = folder / "first.grid"
    if not first.exists():
        ledgers.begin(first).close()
    (folder / name).mkdir()
    return ledgers.copy(first, folder / name / "a.grid")


def kill_often(folder: Path, seconds: float, at_most: int = sys.maxsize) -> Counter[str]:
    """Kill, prove, go on with the same ledger; returns how many kills and acts, and every wrong by name."""
    count, chance, end = Counter[str](), random.Random(seconds), time.monotonic() + seconds
    while time.monotonic() < end and count["kills"] < at_most:
        path, told = fresh(folder, f"kills{count['kills']}"), Told()
        for _round in range(min(ROUNDS, at_most - count["kills"])):
            worker = Worker(path, chance.randrange(10**9))
            worker.told.draft = told.draft
            worker.work_a_while(chance)
            worker.kill()
            count["kills"] += 1
            count["acts"] += len(worker.told.acts)
            count.update(wrongs(path, _joined(path, told, worker.told)))
            told = _found(path, worker.told)
    return count


def _joined(path: Path, before: Told, now: Told) -> Told:
    told = Told()
    told.acts, told.draft = before.acts + now.acts, now.draft
    return told


def _found(path: Path, told: Told) -> Told:
    """What the ledger holds now: an act that was saved but not told before the kill counts from here on."""
    import sqlalchemy as sa

    from gridapp.records import Act

    with ledgers.reopen(path) as ledger:
        now = Told()
        now.acts = ledger.ask(lambda read: [r.id for r in read.rows(sa.select(Act.id).order_by(Act.seq).offset(1))])
        now.draft = max((int(d.values["n"]) for d in ledger.drafts()), default=0)
        return now


def kill_while_beginning(folder: Path, seconds: float, at_most: int = sys.maxsize) -> Counter[str]:
    """Kill a process that makes a new ledger: afterwards there is a whole one or none, and in its place one can be made."""
    count, chance, end = Counter[str](), random.Random(seconds), time.monotonic() + seconds
    longest = 0.4
    while time.monotonic() < end and count["kills"] < at_most:
        path = folder / f"begun{count['kills']}" / "a.grid"
        path.parent.mkdir()
        pid = os.fork()
        if pid == 0:
            try:
                ledgers.found(path).close()
            finally:
                os._exit(1)
        select.select([], [], [], chance.random() * longest)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        count["kills"] += 1
        count["whole"] += path.exists()
        count.update(_half(path))
    return count


def _half(path: Path) -> list[str]:
    try:
        with ledgers.reopen(path) if path.exists() else ledgers.found(path) as ledger:
            return ["no village in it"] * (not ledger.ask(village.desk).village) + [*ledger.verify().faults]
    except Sorted as failure:
        return [f"neither opens nor can be begun: {type(failure).__name__}"]


def cut_power(folder: Path, seconds: float) -> Counter[str]:
    """Hold a worker still at any moment, copy its files, spoil what was not yet told as saved, and prove the copy."""
    count, chance, end = Counter[str](), random.Random(seconds), time.monotonic() + seconds
    while time.monotonic() < end:
        path = fresh(folder, f"power{count['held']}")
        worker = Worker(path, chance.randrange(10**9))
        worker.work_a_while(chance)
        worker.hold()
        worker.listen(0)
        told = worker.told
        for spoil in ("as it stands", "end cut off", "end zeroed", "end mixed", *LYING):
            copied = folder / f"copy{count['states']}" / "a.grid"
            copied.parent.mkdir()
            for ending in ("", "-wal", "-shm", ".keys", ".keys2", ".tip"):
                if path.with_name(path.name + ending).exists():
                    shutil.copy(path.with_name(path.name + ending), copied.with_name(copied.name + ending))
            _spoil(copied.with_name("a.grid-wal"), spoil, chance)
            count["states"] += 1
            found = wrongs(copied, told, exact=False)
            if spoil in LYING and found in (["does not open: ActsMissing"], ["a draft is lost"]):
                count["told as missing" if "Acts" in found[0] else "drafts gone"] += 1
            else:
                count.update(found)
            shutil.rmtree(copied.parent)
        count["held"] += 1
        count["acts"] += len(told.acts)
        worker.let_go()
        worker.kill()
    return count


def _spoil(log: Path, how: str, chance: random.Random) -> None:
    """Spoil what comes after the last whole transaction of the log; where the drive lied about flushing, the last two as well."""
    if how == "as it stands" or not log.exists():
        return
    ends, size = _commits(log), log.stat().st_size
    start = ends[-3 if how in LYING and len(ends) > 2 else -1]
    if start >= size:
        return
    with log.open("r+b") as handle:
        if "cut off" in how:
            handle.truncate(chance.randint(start, size - 1))
            return
        for _ in range(3):
            place = chance.randint(start, size - 1)
            handle.seek(place)
            handle.write(bytes(min(512, size - place)) if "zeroed" in how else chance.randbytes(min(512, size - place)))


def _commits(log: Path) -> list[int]:
    """Where the transactions of the log end: frames of this log (same salt) that carry a commit; its head counts as one."""
    data = log.read_bytes()
    salt, ends, place = data[16:24], [min(WAL_HEAD, len(data))], WAL_HEAD
    while place + FRAME_HEAD + PAGE <= len(data) and data[place + 8:place + 16] == salt:
        commits = data[place + 4:place + 8] != bytes(4)
        place += FRAME_HEAD + PAGE
        ends += [place] * commits
    return ends


def control(folder: Path) -> Counter[str]:
    """The proof itself must be able to fail: a ledger put back to yesterday is found out, by its tip and without it."""
    count, told, path = Counter[str](), Told(), fresh(folder, "control")
    with ledgers.reopen(path) as ledger:
        ledgers.a_person(ledger)
    ledgers.copy(path, folder / "yesterday.grid")
    with ledgers.reopen(path) as ledger:
        ledgers.a_person(ledger, "吴丽", ledgers.NUMBERS[1])
        told.acts = [line.id for line in reversed(ledger.acts()[:2])]
    ledgers.copy(folder / "yesterday.grid", path)
    for expected in ("does not open: ActsMissing", "an act is lost"):
        count["found out"] += expected in wrongs(path, told)
    return count


def run(seconds: float) -> list[Row]:
    """Rows: kills, held states, and the control."""
    if not hasattr(os, "fork"):
        return [Row("kills: this system cannot fork", 0, 0)]
    with tempfile.TemporaryDirectory() as folder:
        killed = kill_often(Path(folder), seconds * 0.4)
        held = cut_power(Path(folder), seconds * 0.4)
        begun = kill_while_beginning(Path(folder), seconds * 0.2)
        controlled = control(Path(folder))
    return [_row("SIGKILL at any moment", killed, "kills"), _row("power cut: files at any moment, unpromised end of the log spoiled", held, "states"),
            _row("SIGKILL while a ledger is begun: a whole one or none", begun, "kills"),
            Row("control: yesterday's file in the place of today's is found out", 2, 2 - controlled["found out"])]


def _row(what: str, count: Counter[str], tried: str) -> Row:
    wrong = {k: n for k, n in count.items() if k not in FIGURES}
    missing = f"; lying drive: {count['told as missing']} times told that an act is missing" if count["states"] else ""
    return Row(what, count[tried], sum(wrong.values()), f"{count['acts']} acts told as saved{missing}" * (not count["whole"]) + f"{count['whole']} whole" * bool(count["whole"]) + (f"; {wrong}" if wrong else ""))


if __name__ == "__main__":
    door = {"work": kill_often, "begin": kill_while_beginning}[sys.argv[1]]
    with tempfile.TemporaryDirectory() as here:
        json.dump(door(Path(here), 60, at_most=int(sys.argv[2])), sys.stdout)
