"""Everything the program can do is made to fail on somebody's data, and nobody's data is told: log, terminal, boxes, files (reliability.md L1)."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType
from typing import Any, NoReturn
from uuid import UUID

import click
import pytest
import sqlalchemy as sa

import gridapp.exchange
import gridapp.work
from gridapp import __main__ as door
from gridapp import logs, places
from gridapp.door.base import Door
from gridapp.ledger import Ledger
from gridapp.ledger.verbs import VERBS
from tests import ledgers
from ui import crash, messages

MARKER = "司徒美兰花"
SECRETS = (MARKER, ledgers.NUMBERS[0], "13957950003")
TOLD = f"{MARKER} {ledgers.NUMBERS[0]} 13957950003"


class Poison:
    """Somebody's data that nothing can be done with: whatever is tried fails with a message that tells it."""

    def _refuse(self, *_given: Any) -> NoReturn:
        raise RuntimeError(TOLD)

    __bool__ = __call__ = __contains__ = __enter__ = __eq__ = __float__ = __format__ = __fspath__ = __ge__ = __getitem__ = _refuse
    __gt__ = __hash__ = __index__ = __int__ = __iter__ = __le__ = __len__ = __lt__ = __next__ = __str__ = __bytes__ = _refuse  # type: ignore[assignment]

    def __getattr__(self, name: str) -> NoReturn:
        raise RuntimeError(TOLD)

    def __repr__(self) -> str:
        return TOLD


def services() -> Iterator[FunctionType]:
    """Every public function of what officers do and hand over that looks at a ledger or acts on it."""
    for package in (gridapp.work, gridapp.exchange):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for name, function in vars(module).items():
                if isinstance(function, FunctionType) and not name.startswith("_") and function.__module__ == found.name and _way(function):
                    yield function


def _way(function: FunctionType) -> str:
    """How a service is called: 'Acting', 'Reader' or 'Ledger', by its first parameter; '' for what is none."""
    first = next(iter(inspect.signature(function).parameters.values()), None)
    told = str(first.annotation).rpartition(".")[2] if first is not None else ""
    return told if told in ("Acting", "Reader", "Ledger") else ""


def call(ledger: Ledger, function: FunctionType) -> Any:
    """One service with somebody's data for everything it must be told."""
    asked = list(inspect.signature(function).parameters.values())[1:]
    given = [Poison() for p in asked if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty]
    named = {p.name: Poison() for p in asked if p.kind is p.KEYWORD_ONLY and p.default is p.empty}
    if _way(function) == "Ledger":
        answer = function(ledger, *given, **named)
        return list(answer) if isinstance(answer, Iterator) else answer
    run: Callable[..., Any] = ledger.do if _way(function) == "Acting" else ledger.ask
    return run(function, *given, **named)


def fails(office: Any, function: FunctionType) -> bool:
    """Whether a service called from the window's worker fails (as our bug, or with a sentence)."""
    before = len(office.crashed) + len(office.told)
    office.desk.call(lambda opened: call(opened, function))
    office.qtbot.waitUntil(lambda: office.desk.worker.idle, timeout=20_000)
    return len(office.crashed) + len(office.told) > before


@contextmanager
def failing_database(ledger: Ledger) -> Iterator[None]:
    """Every statement fails with a message that tells somebody's data."""
    def fail(*_given: object) -> NoReturn:
        raise RuntimeError(TOLD)

    sa.event.listen(ledger.home.engine, "before_cursor_execute", fail)
    yield
    sa.event.remove(ledger.home.engine, "before_cursor_execute", fail)


def on_the_disk() -> list[str]:
    """Files of this user's data folder, and secrets of ours in any of them."""
    return [f"{secret} in {file.name}" for file in places.data_dir().rglob("*") if file.is_file()
            for secret in SECRETS if secret.encode() in file.read_bytes()]


def test_no_service_that_fails_tells_a_value(open_office: Callable[..., Any], ledger: Ledger, capfd: pytest.CaptureFixture[str],
                                             monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    boxes = list[str]()
    monkeypatch.setattr(messages, "inform", boxes.append)
    logs.begin()
    office = open_office(ledger)
    office.desk.worker.crashed.connect(crash.caught)
    every = list(services())
    unharmed = [f for f in every if not fails(office, f)]
    with failing_database(ledger):
        unharmed = [f for f in unharmed if not fails(office, f)]
    assert [f.__name__ for f in unharmed] == [], "everything failed, on what it was told or on the database"
    failed = len(office.crashed)
    office.crashed.clear()
    said = capfd.readouterr()
    assert {f.__name__ for f in every} >= set(VERBS) - {"undo", "redo", "merge_parcel"}, "every verb was among them"
    assert failed == len(boxes) == logs.path().read_text("utf-8").count(" ERROR ") > len(every) // 2
    shown = [*boxes, *(told.text for told in office.told), said.out, said.err]
    assert [text for text in shown for secret in SECRETS if secret in text] == []
    assert on_the_disk() == []
    office.told.clear()


def test_no_verb_of_the_door_that_fails_tells_a_value(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
                                                      caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_given: object) -> NoReturn:
        raise RuntimeError(TOLD)

    monkeypatch.setattr(Door, "password", fail)
    monkeypatch.setattr(Door, "open", fail)
    logs.begin()
    file = tmp_path / "a.txt"
    file.write_text("x", "utf-8")
    failures = 0
    for name, command in door.door.commands.items():
        words = [word for asked in command.params for word in _filled(asked, file)]
        try:
            door.main(["--ledger", str(tmp_path / "a.grid"), "--password-file", str(file), name, *words])
        except RuntimeError as error:
            failures += 1
            door._crashed(type(error), error, error.__traceback__)
    said = capfd.readouterr()
    assert failures > 0.75 * len(door.door.commands), said.err
    assert said.err.count("错误编号") == failures == logs.path().read_text("utf-8").count(" ERROR ")
    assert [secret for secret in SECRETS if secret in said.out + said.err] == [] and on_the_disk() == []


def _filled(asked: click.Parameter, file: Path) -> list[str]:
    """Something acceptable for what a verb of the door must be told."""
    if not asked.required:
        return []
    value = str(UUID(int=7)) if asked.name == "id" else str(asked.type.choices[0]) if isinstance(asked.type, click.Choice) else "7" if "int" in asked.type.name else str(file)
    return [asked.opts[0], value] if isinstance(asked, click.Option) else [value]
