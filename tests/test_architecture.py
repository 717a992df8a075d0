"""The house: imports only go down, and a few things are done in one place only (docs: architecture, house style)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: what the program is made of, and everything that is kept in order
PROGRAM = [*sorted(ROOT.glob("gridapp/**/*.py")), *sorted(ROOT.glob("ui/**/*.py")), *ROOT.glob("main.py")]
SOURCES = [*PROGRAM, ROOT / "dev.py", *sorted(ROOT.glob("tests/**/*.py"))]
LONGEST = 400

CRYPTO = {"cryptography", "argon2", "nacl", "pyrage"}
THREADS = {"threading", "_thread", "concurrent", "multiprocessing", "asyncio", "QThread", "QThreadPool", "QRunnable", "QtConcurrent"}
WRITES = {"insert", "update", "delete", "add", "add_all", "merge", "bulk_insert_mappings", "bulk_save_objects", "bulk_update_mappings"}
WRITERS = {"sa", "sqlalchemy", "session", "_session", "connection", "database", "db"}
#: modules the window must not have loaded when it is first painted (measured: 0.3 s against 1.5 s)
LATE = ("sqlalchemy", "alembic", "reportlab", "openpyxl", "xlsxwriter", "python_calamine", "pypdfium2", "PIL", "pypinyin", "paho", "serial")


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything a file imports: modules, and what is taken from them."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def importers(modules: set[str]) -> list[str]:
    """`file:line name` for every import in the program of one of these modules or classes."""
    return [f"{name(file)}:{line} {what}" for file in PROGRAM for line, what in imports(file)
            if what.partition(".")[0] in modules or what.rpartition(".")[2] in modules]


def outside(found: list[str], *allowed: str) -> list[str]:
    return [place for place in found if not place.startswith(allowed)]


def receiver(call: ast.Call) -> str:
    """The name a method is called on: 'session' in `self.session.add(…)`, '' for a plain function."""
    if not isinstance(call.func, ast.Attribute):
        return ""
    owner = call.func.value
    return owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")


def is_write(node: ast.AST) -> bool:
    """`sa.insert(…)`, `session.add(…)` and the like, or a statement in words."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in WRITES and receiver(node) in WRITERS
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(re.match(r"\s*(INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|DROP\s+TABLE)\s", node.value))
    return False


def catches_everything(node: ast.AST) -> bool:
    """`except:` or `except Exception:` that does not pass the failure on."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    everything = any(c is None or getattr(c, "id", "") in ("Exception", "BaseException") for c in caught)
    passed_on = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
    return everything and not passed_on


def nodes(found: Callable[[ast.AST], bool], files: list[Path]) -> list[str]:
    return [f"{name(file)}:{getattr(node, 'lineno', 0)}" for file in files for node in ast.walk(tree(file)) if found(node)]


def test_imports_only_go_down() -> None:
    """The contracts of setup.cfg: floors, no window below, no tables above, no circles."""
    lint = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_logo=True))"
    ran = subprocess.run([sys.executable, "-c", lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "4 kept, 0 broken" in ran.stdout


def test_types_hold() -> None:
    """`mypy --strict` is clean (about five seconds from nothing)."""
    ran = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_ledger_alone_writes() -> None:
    assert nodes(is_write, PROGRAM), "the search finds the ledger's own writes"
    assert outside(nodes(is_write, PROGRAM), "gridapp/ledger/") == []
    writers = [place for place in importers({"sqlalchemy"}) if place.rpartition(".")[2] in ("Session", "sessionmaker", "insert", "update", "delete")]
    assert outside(writers, "gridapp/ledger/") == []


def test_threads_live_in_one_file() -> None:
    assert outside(importers(THREADS), "ui/jobs.py") == []


def test_the_vault_alone_knows_the_ciphers() -> None:
    assert importers(CRYPTO)
    assert outside(importers(CRYPTO), "gridapp/store/vault.py", "gridapp/exchange/envelope.py") == []
    assert outside(importers({"sqlcipher3"}), "gridapp/store/") == []


def test_no_failure_is_swallowed() -> None:
    """Only the two doors that tell the officer may catch everything, and the windowless one that tells the script.

    And whoever plants bugs: however one shows itself, it was noticed.
    """
    everywhere = nodes(catches_everything, SOURCES)
    assert outside(everywhere, "ui/jobs.py", "ui/crash.py", "gridapp/__main__.py", "tests/faults/mutations.py") == []


@pytest.mark.parametrize("file", SOURCES, ids=name)
def test_a_file_is_short_and_says_what_it_is_about(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST
    assert not text.strip() or ast.get_docstring(tree(file)), "the first line says what the file is about"
    assert not re.search(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b|raise NotImplemented" r"Error", text)
    assert not re.search(r"(?<![\w.])/(?:work|home|farm|root)/[\w.]|/tmp/[\w-]{3,}|[A-Z]:\\Users", text), "a path of one machine"


def test_every_package_is_one() -> None:
    """A folder without __init__.py is skipped by import contracts and installers alike."""
    assert [name(file.parent) for file in PROGRAM if file.parent != ROOT and not (file.parent / "__init__.py").exists()
            and "migrations" not in file.parts] == []


def test_qt_does_not_eat_none(qapp: object) -> None:
    """PySide6 6.12.0 below Python 3.12 drops a reference to None with every void call and dies after some thousands."""
    from PySide6.QtCore import QCoreApplication

    before = sys.getrefcount(None)
    for _ in range(500):
        QCoreApplication.processEvents()
    assert sys.getrefcount(None) > before - 100


def test_a_box_that_waits_for_a_person_fails_the_test() -> None:
    from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox

    asking: list[Callable[..., object]] = [QMessageBox.question, QFileDialog.getOpenFileName, QDialog.exec]
    for ask in asking:
        with pytest.raises(AssertionError, match="waits for a person"):
            ask(None)


@pytest.mark.skipif(not (ROOT / "ui" / "window.py").exists(), reason="there is no main window yet")
def test_the_window_stands_before_the_heavy_libraries_are_loaded() -> None:
    look = "import sys, ui.window; print(*sorted(set(sys.argv[1:]) & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", look, *LATE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
