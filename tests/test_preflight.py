"""A crash leaves no memory on the disk, whichever door was opened (reliability.md E3)."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Windows 和其他系统不写 core 文件，由系统的错误报告另行排除")
#: what a program says of itself when it ends: may its memory be read, and how big may a core be
SELF = ("import atexit, ctypes, resource; atexit.register(lambda: print('dumpable', ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), "
        "'core', *resource.getrlimit(resource.RLIMIT_CORE)))\n")


def run(code: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A Python program that may write a core as big as it likes, unless it forbids it to itself."""
    def allow() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False, preexec_fn=allow,
                          env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "GRIDAPP_HOME": str(folder / "home")} | more)


def cores(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if file.name != "home"]


DIE = f"import os; canary = 'the key of a ledger'; os.kill(os.getpid(), {int(signal.SIGSEGV)})"


def test_a_program_that_dies_leaves_no_core(tmp_path: Path) -> None:
    careless, careful = tmp_path / "careless", tmp_path / "careful"
    careless.mkdir()
    careful.mkdir()
    assert run(DIE, careless).returncode == -signal.SIGSEGV
    if not cores(careless):
        pytest.skip("这台电脑本来就不写 core 文件，测不出差别")
    assert run(f"from gridapp import preflight; preflight.leave_no_core(); {DIE}", careful).returncode == -signal.SIGSEGV
    assert cores(careful) == []


@pytest.mark.parametrize(("door", "words"), [("gridapp", "['gridapp', 'papers']"), ("main", "['main.py', '--until-painted']")])
def test_both_doors_forbid_it_to_themselves(door: str, words: str, tmp_path: Path) -> None:
    start = f"{SELF}import runpy, sys; sys.argv = {words}; runpy.run_module({door!r}, run_name='__main__')"
    ran = run(start, tmp_path)
    assert "dumpable 0 core 0 0" in ran.stdout, ran.stderr


def test_tests_may_look_into_the_memory_and_no_core_is_written_all_the_same(tmp_path: Path) -> None:
    ran = run(f"{SELF}from gridapp import preflight; preflight.leave_no_core()", tmp_path, GRIDAPP_DUMPABLE="1")
    assert "dumpable 1 core 0 0" in ran.stdout, ran.stderr


def test_windows_is_asked_to_make_no_dump(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a Windows that is played: which calls it would get."""
    import ctypes

    from gridapp import preflight

    calls: list[tuple[object, ...]] = []

    class Library:
        def __init__(self, name: str) -> None:
            self.name = name

        def __getattr__(self, call: str) -> object:
            return lambda *given: calls.append((self.name, call, getattr(given[0], "value", given[0])))

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "WinDLL", Library, raising=False)
    preflight.leave_no_core()
    assert calls == [("kernel32", "SetErrorMode", 3), ("wer", "WerAddExcludedApplication", sys.executable)]
