"""Narrow disks: full, read-only, failing; run in a mount namespace of its own, where a small memory disk can be mounted by root.

`python -m tests.faults.narrow SCENARIO SEED COARSE` prints what was wrong, by name; nothing when all is well. Of what a disk may leave free every
`COARSE`th is tried: all of them by `dev.py faults`, every third in the suite.
"""

from __future__ import annotations

import errno
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from gridapp.errors import Trouble
from gridapp.ledger import Acting, Ledger
from gridapp.ledger.entries import Seal
from gridapp.store import vault
from gridapp.store.files import CannotWrite, DiskFull
from gridapp.work import invent, opening
from tests import compiled, ledgers
from tests.faults.rows import Row

ROOT = Path(__file__).parents[2]
ROOMY = 64 * 1024
#: KiB left free
TIGHT = (0, 1, 2, 4, 8, 12, 20, 40, 80, 160, 320)


def mount(folder: Path, kib: int, how: str = "") -> None:
    """A memory disk of this size on `folder`, or the one there made bigger, smaller or read-only."""
    told = f"size={kib}k,nr_inodes=100"
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"{how}{told}", "tmpfs", str(folder)], check=True, capture_output=True)


def fill(folder: Path, leave: int) -> Path:
    """Fill the disk until `leave` KiB are free."""
    ballast = folder / "ballast"
    free = os.statvfs(folder)
    with suppress(OSError), ballast.open("wb", buffering=0) as handle:
        for _ in range(free.f_bavail * free.f_frsize // 1024 - leave):
            handle.write(bytes(1024))
    return ballast


def people(count: int) -> Callable[[Acting, int], int]:
    def invented(act: Acting, seed: int) -> int:
        return invent.invent(act, count, seed)

    return invented


def _state(ledger: Ledger) -> tuple[str, list[Any]]:
    return ledger.digest(), ledger.acts()


def _refused(ledger: Ledger, count: int, seed: int, kind: type[Trouble]) -> str:
    """'' when the act was saved; 'told' when it was refused with the right sentence; else what was wrong."""
    try:
        ledger.do(people(count), seed)
    except Trouble as trouble:
        return "told" if isinstance(trouble, kind) else f"told as {type(trouble).__name__}"
    return ""


def fill_under(folder: Path, count: int, chance: random.Random, tight: tuple[int, ...]) -> Counter[str]:
    """Fill the disk under an open ledger, act until it is refused, make room, do the very same act again."""
    counted = Counter[str]()
    path = folder / "台账.grid"
    mount(folder, ROOMY)
    try:
        ledger = ledgers.begin(path)
        for leave in tight:
            ballast, said, seed = fill(folder, leave), "", 0
            while not said:
                seed, before = chance.randrange(10**9), _state(ledger)
                said = _refused(ledger, count, seed, DiskFull)
            counted["tried"] += 1
            counted[said] += said != "told"
            counted["an act that was refused left something"] += _state(ledger) != before
            ballast.unlink()
            counted["not usable after making room"] += _refused(ledger, count, seed, Trouble) != ""
            counted["not whole"] += ledger.verify().faults != ()
        after = ledger.digest()
        ledger.close()
        with ledgers.reopen(path) as again:
            counted["reopened differently"] += again.digest() != after
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
    return +counted


def act(folder: Path, chance: random.Random, coarse: int) -> Counter[str]:
    """The disk is full during a small act."""
    return fill_under(folder, 1, chance, TIGHT[::coarse])


def take_in(folder: Path, chance: random.Random, _coarse: int) -> Counter[str]:
    """The disk is full during an import of many rows."""
    return fill_under(folder, 200, chance, (0, 100, 400))


def merge(folder: Path, chance: random.Random, coarse: int) -> Counter[str]:
    """The disk is full while a stick is taken in: all of it is there or nothing, and the same stick again brings the rest."""
    counted, path = Counter[str](), folder / "台账.grid"
    mount(folder, ROOMY)
    try:
        with tempfile.TemporaryDirectory() as elsewhere, ledgers.begin(Path(elsewhere) / "a.grid") as giver, Ledger.create(
                path, ledgers.PASSWORD, "officer 1", giver.scope, wall=ledgers.Clock(), cost=ledgers.CHEAP) as taker:
            for leave in (0, 40, 160, 320, 640, 960)[::coarse]:
                ballast, said, before = fill(folder, leave), "", _state(taker)
                while not said:
                    giver.do(people(150), chance.randrange(10**9))
                    giver.close_seals()
                    stick, before = _missing(giver, taker), _state(taker)
                    try:
                        taker.admit(stick)
                    except DiskFull:
                        said = "told"
                here = len(taker.has(s.id for s in stick))
                counted["tried"] += 1
                counted["half of it was taken in"] += here not in (0, len(stick)) or (_state(taker) == before) is bool(here)
                ballast.unlink()
                taker.admit(stick)
                counted["not all there after making room"] += len(taker.has(s.id for s in stick)) != len(stick) or taker.digest() != giver.digest()
                counted["not whole"] += taker.verify().faults != ()
                counted["not found by searching"] += _names(giver) != _names(taker)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
    return +counted


def _missing(giver: Ledger, taker: Ledger) -> list[Seal]:
    known = [head for heads in taker.heads().values() for head in heads]
    return list(giver.seals(giver.missing([giver.scope], known).sids))


def _names(ledger: Ledger) -> Counter[str]:
    """Whom the search box finds by their telephone numbers' beginning."""
    return Counter(hit.label for hit in ledger.search("138", 10_000))


def create(folder: Path, chance: random.Random, coarse: int) -> Counter[str]:
    """A disk too small for a new ledger: a sentence, and no half ledger; on a bigger one it is made."""
    counted, kib = Counter[str](), 4
    vault.ARGON2.update(ledgers.CHEAP)
    while not counted["made"]:
        mount(folder, kib)
        try:
            opening.new_ledger(folder / "台账.grid", ledgers.PASSWORD, "330784108238", "第一网格", "王建国").close()
            counted["made"] += 1
        except DiskFull:
            counted["tried"] += 1
            counted["half a ledger is left"] += list(folder.iterdir()) != []
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        kib += 4 * chance.randint(1, 32) * coarse
    del counted["made"]
    return +counted


def read_only(folder: Path, _chance: random.Random, _coarse: int) -> Counter[str]:
    """A folder that takes no writing: neither opened nor begun, and told so."""
    counted = Counter[str]()
    mount(folder, 8192)
    ledgers.begin(folder / "a.grid").close()
    before = {f.name: f.read_bytes() for f in folder.iterdir()}
    mount(folder, 8192, "remount,ro,")
    for door in (lambda: ledgers.reopen(folder / "a.grid"), lambda: ledgers.begin(folder / "b.grid")):
        counted["tried"] += 1
        try:
            door().close()
            counted["opened"] += 1
        except CannotWrite as told:
            counted["another sentence"] += "只读" not in told.text
    counted["changed"] += {f.name: f.read_bytes() for f in folder.iterdir()} != before
    mount(folder, 8192, "remount,rw,")
    ledgers.reopen(folder / "a.grid").close()
    subprocess.run(["umount", "-l", str(folder)], check=True)
    return +counted


def failing(folder: Path, chance: random.Random, coarse: int) -> Counter[str]:
    """Writing fails beyond a point: a file-size limit stands for a bad drive, the point lies further each time."""
    counted = Counter[str]()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with ledgers.begin(folder / "台账.grid") as ledger:
        log = folder / "台账.grid-wal"
        for pages in range(0, 40, 3 * coarse):
            before, seed = _state(ledger), chance.randrange(10**9)
            start = log.stat().st_size if ledger.close_seal() else log.stat().st_size
            resource.setrlimit(resource.RLIMIT_FSIZE, (start + pages * 1024, resource.RLIM_INFINITY))
            try:
                said = _refused(ledger, 30, seed, Trouble)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            counted["tried"] += said == "told"
            counted[said] += said not in ("told", "")
            if said:
                counted["an act that was refused left something"] += _state(ledger) != before
                counted["not usable after the drive was mended"] += _refused(ledger, 30, seed, Trouble) != ""
        counted["not whole"] += ledger.verify().faults != ()
    return +counted


SCENARIOS: dict[str, Callable[[Path, random.Random, int], Counter[str]]] = {
    "act": act, "take-in": take_in, "merge": merge, "create": create, "read-only": read_only, "failing": failing}


def alone(scenario: str, seed: int = 1, coarse: int = 1) -> Counter[str] | str:
    """Run a scenario in a mount namespace of its own; a sentence where this system lets nobody mount."""
    try:
        able = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0
    except OSError as error:
        able = error.errno not in (errno.ENOENT, errno.EACCES)
    if not able:
        return "only root may mount a small disk of its own, and this system lets nobody else"
    ran = subprocess.run(["unshare", "-m", sys.executable, "-m", "tests.faults.narrow", scenario, str(seed), str(coarse)],
                         capture_output=True, text=True, check=False, cwd=ROOT)
    if ran.returncode:
        raise AssertionError(f"{scenario}: {ran.stderr}")
    return Counter(json.loads(ran.stdout))


def run(seconds: float) -> list[Row]:
    """Every scenario in turn, with other chances each time, until the time is over."""
    counts, end, seed = {name: Counter[str]() for name in SCENARIOS}, time.monotonic() + seconds, 0
    while seed == 0 or time.monotonic() < end:
        seed += 1
        for name in SCENARIOS:
            found = alone(name, seed)
            if isinstance(found, str):
                return [Row(f"narrow disks: {found}", 0, 0)]
            counts[name] += found
    return [Row(f"{name}: {(SCENARIOS[name].__doc__ or '').split(':')[0].rstrip('.')}", c["tried"], sum((c - Counter(tried=c["tried"])).values()),
                str(dict(c - Counter(tried=c["tried"])) or "")) for name, c in counts.items()]


if __name__ == "__main__":
    compiled.keep()
    with tempfile.TemporaryDirectory() as here:
        json.dump(SCENARIOS[sys.argv[1]](Path(here), random.Random(int(sys.argv[2])), int(sys.argv[3])), sys.stdout)
