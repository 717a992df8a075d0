"""Mutations: bugs are planted one by one, and random meetings must notice each; one that nobody notices is a hole in the histories."""

from __future__ import annotations

import inspect
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType

from tests.faults import meetings
from tests.faults.bugs import BUGS, Bug
from tests.faults.rows import Row
from tests.faults.stage import QUICK, Stage

#: how many histories may look for a bug, and for one that does no harm
MOST, HARMLESS = 90, 9


@contextmanager
def planted(bug: Bug) -> Iterator[None]:
    """The function does the wrong thing for a while, whoever holds it."""
    function = bug.where
    assert isinstance(function, FunctionType)
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(bug.right) == 1, f"{bug.name}: what was right is not there once"
    told = source.replace(bug.right, bug.wrong)
    made = dict[str, FunctionType]()
    exec(compile(told, f"<{bug.name}>", "exec"), dict(vars(sys.modules[function.__module__])), made)
    before = function.__code__
    function.__code__ = made[function.__name__].__code__
    try:
        yield
    finally:
        function.__code__ = before


def caught(stage: Stage, bug: Bug, most: int) -> tuple[int, str]:
    """(how many histories it took, what was noticed); the last is empty when nobody noticed."""
    kinds = stage.kinds()
    with planted(bug):
        for count in range(1, most + 1):
            try:
                meetings.live(stage, kinds[count % len(kinds)], count)
            except Exception as noticed:  # whatever goes wrong is noticed
                return count, str(noticed).partition("; steps")[0].partition("\n")[0][:160]
    return most, ""


def run(_seconds: float) -> list[Row]:
    """One row for each bug, however long it takes; one that survives is bad, unless no history can tell it from what is right."""
    rows = list[Row]()
    with tempfile.TemporaryDirectory(dir=QUICK) as folder, Stage(Path(folder)) as stage:
        for bug in BUGS:
            count, noticed = caught(stage, bug, HARMLESS if bug.harmless else MOST)
            told = f"caught: {noticed}" if noticed else f"survived: {bug.harmless or 'nobody noticed'}"
            rows.append(Row(f"planted: {bug.name}", count, int(bool(noticed) == bool(bug.harmless)), told))
    return rows
