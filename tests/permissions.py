"""Every function that is given the ledger, and what each role may do with it: found by looking, tried on a real ledger.

`python -m tests.permissions` writes docs/permissions.md; a test compares it with what the ledger does.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import gridapp
from gridapp.errors import Sorted
from gridapp.ledger import Acting, Ledger, Reader, needs
from gridapp.ledger.permits import ROLES, NotAllowed, in_words, needed
from gridapp.records import Officer
from tests import ledgers

ROOMS = ("work", "exchange", "printing", "spreadsheet")
#: papers are gathered for the press, and the press is asked
PRESSED = "gridapp.printing.papers."
DOC = Path(__file__).parents[1] / "docs" / "permissions.md"
GIVEN = {"Reader": Reader, "Acting": Acting, "Ledger": Ledger}


def modules() -> Iterator[ModuleType]:
    for room in ROOMS:
        package = importlib.import_module(f"gridapp.{room}")
        yield package
        for told in pkgutil.walk_packages(package.__path__, f"gridapp.{room}."):
            yield importlib.import_module(told.name)


def functions() -> list[Callable[..., Any]]:
    """Public functions whose first parameter is a view, an act or the ledger itself."""
    found = {}
    for module in modules():
        for name, function in vars(module).items():
            if name.startswith("_") or module.__name__.startswith(PRESSED) or not inspect.isfunction(function) or inspect.unwrap(function).__module__ != module.__name__:
                continue
            first = next(iter(inspect.signature(inspect.unwrap(function)).parameters.values()), None)
            if first is not None and first.annotation in GIVEN:
                found[f"{module.__name__.removeprefix('gridapp.')}.{name}"] = function
    return [found[name] for name in sorted(found)]


def name_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__.removeprefix('gridapp.')}.{function.__name__}"


def _try(ledger: Ledger, function: Callable[..., Any]) -> None:
    """Run it as its callers do, with an argument nobody takes: behind the gate it goes no further."""
    first = next(iter(inspect.signature(inspect.unwrap(function)).parameters.values())).annotation
    {"Reader": ledger.ask, "Acting": ledger.do, "Ledger": lambda f, **told: f(ledger, **told)}[first](function, nobody_takes_this=True)


def allowed(ledger: Ledger, function: Callable[..., Any]) -> bool:
    """Whether whoever is signed in gets past the gate."""
    try:
        _try(ledger, function)
    except NotAllowed:
        return False
    except (TypeError, AttributeError, Sorted):  # what lies behind the gate takes no such argument
        return True
    return True


@needs()
def _sign_up(act: Acting, number: int, role: str, grid: UUID | None = None) -> None:
    act.add(Officer(number=number, name=f"某{role}", role=role, grid=grid))


def with_roles(ledger: Ledger) -> dict[str, int]:
    """One officer of every role; their numbers."""
    numbers = {role: 100 + place for place, role in enumerate(ROLES)}
    for role, number in numbers.items():
        ledger.do(_sign_up, number, role)
    return numbers


def table(ledger: Ledger) -> list[str]:
    """The table as Markdown, cell by cell as the ledger decided."""
    numbers = with_roles(ledger)
    lines = ["| function 功能 | needs 需要 | " + " | ".join(role.title for role in ROLES.values()) + " |", "|---|---|" + "---|" * len(ROLES)]
    cells: dict[str, list[str]] = {name_of(f): [] for f in functions()}
    for number in numbers.values():
        for function in functions():
            ledger.sign_in(number)  # anew each time: the password is fresh, and some functions sign in whom they find
            cells[name_of(function)].append("✓" if allowed(ledger, function) else "")
    for function in functions():
        asked = needed(function)
        assert asked is not None, f"{name_of(function)} declares nothing"
        lines.append(f"| {name_of(function)} | {in_words(asked.any_of)}{'；再输密码' if asked.fresh else ''} | {' | '.join(cells[name_of(function)])} |")
    return lines


def written() -> str:
    with tempfile.TemporaryDirectory() as folder, ledgers.begin(Path(folder) / "台账.grid") as ledger:
        lines = table(ledger)
    return "\n".join([
        "# Who may do what (权限)", "",
        "Written by `python -m tests.permissions`: every function below was run through a real ledger in every role. What a function does not",
        "declare is refused; the one check stands in `gridapp/ledger/seating.py`. An account may hold several roles (only 审计员 stands alone).", "",
        *lines, ""])


if __name__ == "__main__":
    DOC.write_text(written(), "utf-8")
    print(f"{gridapp.__name__}: {len(functions())} functions × {len(ROLES)} roles")
