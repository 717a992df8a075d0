"""The n-th change fails: a disk that is full for ever, or an I/O error once, at the first change of a call, the second … until it is through.

`python -m tests.faults.injecting CALL FOLDER EVERY full|error …`, with the library of pcut.c preloaded, prints what was wrong, by name.
"""

from __future__ import annotations

import errno
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gridapp.errors import Sorted, Trouble
from tests import compiled, ledgers
from tests.faults import recording
from tests.faults.calls import CALLS, CARELESS, EVERY, LEDGER, Call, numbers, state
from tests.faults.recording import Preloaded
from tests.faults.rows import Row
from tests.faults.stage import QUICK

#: how -> (what the system says, whether for ever), and how it is told in the table
HOWS: dict[str, tuple[int, bool, str]] = {"full": (errno.ENOSPC, True, "the disk is full from the n-th change on"),
                                          "error": (errno.EIO, False, "the n-th change fails with an I/O error, once")}
#: the calls that can simply be done again -> every how manyth change fails, so that it takes minutes
AGAIN = {"act": 1, "small import": 1, "merge": 3, "begin": 3, "password": 1, "photos": 1} | {name: 3 for name in CALLS if name.startswith("migrate")}
OPEN = "save acts in a ledger that stays open"


def at_every_change(call: Call, folder: Path, arm: Callable[[int], None], library: Preloaded, every: int) -> Counter[str]:
    """A fresh copy for each change that fails; looked at afterwards, and then the same is done again."""
    count, before, number = Counter[str](), folder / "before", 1
    before.mkdir()
    call.prepare(before)
    whole = list[str]()
    call.perform(shutil.copytree(before, folder / "whole"), whole.append)
    while True:
        work, told = shutil.copytree(before, folder / str(number)), list[str]()
        arm(number)
        failure = _failure(lambda: call.perform(work, told.append))  # noqa: B023
        fired = library.fired
        arm(0)
        if not fired:
            return count
        count["points"] += 1
        count[failure] += failure not in ("", "told")
        found = _looked(call, shutil.copytree(work, folder / "looked"))
        count[_judged(found, told, whole)] += 1
        if failure and _shape(found) != _shape(whole[-1]):
            count["not usable afterwards"] += _failure(lambda: call.perform(work, told.append)) != ""  # noqa: B023
        count["not there in the end"] += _shape(_looked(call, work)) != _shape(whole[-1])
        for done in (work, folder / "looked"):
            shutil.rmtree(done)
        number += every


def _failure(perform: Callable[[], object]) -> str:
    """'' when nothing was noticed, 'told' for a sentence; whatever else comes ends everything."""
    try:
        perform()
    except Sorted as told:
        return "told" if told.text.endswith("。") else "no whole sentence"
    return ""


def _shape(found: str) -> str:
    return found.partition("|")[0]


def _looked(call: Call, folder: Path) -> str:
    try:
        return call.look(folder)
    except Sorted as failure:
        return f"does not open: {type(failure).__name__}"


def _judged(found: str, told: list[str], whole: list[str]) -> str:
    """'' when what is there is what was told last, or (saved, but the telling failed) what comes next."""
    if found in told[-1:] or _shape(found) in {_shape(state) for state in (whole[len(told):] or whole[-1:])[:1]}:
        return ""
    return "told as saved, and lost, or half of it there" if "|" in found else found[:80]


def while_open(folder: Path, arm: Callable[[int], None], library: Preloaded, every: int) -> Counter[str]:
    """One ledger stays open through all the failures; after each, the very same act is done again."""
    count, number, people = Counter[str](), 1, iter(numbers(5000))
    with ledgers.begin(folder / LEDGER) as ledger:
        while True:
            before, id_no = state(ledger), next(people)
            arm(number)
            failure = _failure(lambda: ledgers.a_person(ledger, "吴丽", id_no))  # noqa: B023
            fired = library.fired
            arm(0)
            if not fired:
                count["not whole"] += ledger.verify().faults != ()
                return +count
            count["points"] += 1
            count[failure] += failure not in ("", "told")
            if failure:
                count["an act that was refused left something"] += state(ledger) != before
                try:
                    ledgers.a_person(ledger, "吴丽", id_no)
                except Trouble as trouble:
                    count[f"not usable afterwards: {type(trouble).__name__}"] += 1
            number += every


def inject(name: str, hows: Sequence[str], every: int = 1) -> Counter[str]:
    """All of one call in a process of its own; 'points' counts the changes that failed."""
    with tempfile.TemporaryDirectory(dir=QUICK) as here:
        watched = Path(here) / "watched"
        watched.mkdir()
        told = recording.preloaded(watched, None, "tests.faults.injecting", name, str(watched), str(every), *hows)
    return Counter(json.loads(told))


def run(_seconds: float) -> list[Row]:
    """A row for each call and way to fail, to the last change, however long it takes; and the control."""
    if lacking := recording.lacking():
        return [Row(f"changes that fail: {lacking}", 0, 0)]
    with ThreadPoolExecutor(2) as two:
        asked = {(how, name): two.submit(inject, name, [how], every) for how in HOWS for name, every in ({OPEN: 1} | AGAIN).items()}
        rows = [_row(f"{HOWS[how][2]}: {CALLS[name].what if name in CALLS else OPEN}", told.result()) for (how, name), told in asked.items()]
    control = inject("careless", [*HOWS])
    points = control.pop("points")
    return [*rows, Row(CARELESS.what, points, int(not control), f"{control.total()} times something was wrong")]


def _row(what: str, count: Counter[str]) -> Row:
    return Row(what, count.pop("points"), count.total(), str(dict(count)) if count else "")


def _main() -> None:
    name, folder, every, library = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), Preloaded()
    count = Counter[str](points=0)
    for how in sys.argv[4:]:
        error, for_ever, _what = HOWS[how]
        (folder / how).mkdir()

        def arm(number: int, error: int = error, for_ever: bool = for_ever) -> None:
            library.arm(number, error, for_ever=for_ever)

        count += while_open(folder / how, arm, library, every) if name == OPEN else at_every_change(EVERY[name], folder / how, arm, library, every)
    json.dump({what: n for what, n in count.items() if what}, sys.stdout)


if __name__ == "__main__":
    compiled.keep()
    _main()
