"""dev.py: one command sets up what is missing, and says in a sentence what it may not do itself."""

from __future__ import annotations

import ast
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import dev
from gridapp import preflight

ROOT = Path(dev.__file__).parent


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small copy of the tree for dev.py to work on."""
    (tmp_path / "setup.cfg").write_bytes((ROOT / "setup.cfg").read_bytes())
    (tmp_path / "constraints.txt").write_text("click==8.1\n")
    (tmp_path / ".venv").mkdir()
    for name, path in (("ROOT", tmp_path), ("VENV", tmp_path / ".venv"), ("WHEELHOUSE", tmp_path / "wheelhouse"),
                       ("PINS", tmp_path / "constraints.txt")):
        monkeypatch.setattr(dev, name, path)
    return tmp_path


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands dev.py would run; all succeed, none is run."""
    heard: list[list[str]] = []

    def hear(command: list[str], **_named: object) -> int:
        heard.append(command)
        return 0

    monkeypatch.setattr(subprocess, "call", hear)
    return heard


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command dev.py would become; setting up and changing folder are left out."""
    became: list[list[str]] = []
    monkeypatch.setattr(dev, "hand_over", became.append)
    monkeypatch.setattr(dev, "set_up", lambda kind: became.append([kind]))
    monkeypatch.setattr(os, "chdir", lambda folder: became.append(["cd", str(folder)]))
    return became


def lacking(*libraries: str) -> Callable[..., list[str]]:
    return lambda _wanted: list(libraries)


@pytest.mark.parametrize(("machine", "glibc", "expected"), [
    ("x86_64", (2, 36), "constraints.txt"),
    ("x86_64", (2, 34), "constraints.txt"),
    ("x86_64", (2, 31), "constraints-old-x86_64.txt"),
    ("aarch64", (2, 39), "constraints.txt"),
    ("aarch64", (2, 36), "constraints-old-aarch64.txt"),
    ("loongarch64", (2, 28), "constraints.txt"),
    ("x86_64", (), "constraints.txt"),
])
def test_an_old_c_library_gets_an_older_qt(machine: str, glibc: tuple[int, ...], expected: str) -> None:
    assert dev.constraints(machine, glibc) == ROOT / expected
    assert (ROOT / expected).exists()


def test_every_pin_file_names_every_requirement_once_and_a_qt_that_spares_none() -> None:
    wanted = {re.split(r"[<>=; \[]", line)[0].lower() for line in dev.requirements()}
    assert {"pyside6-essentials", "sqlcipher3", "pytest"} <= wanted
    for file in sorted(ROOT.glob("constraints*.txt")):
        pinned = [line.partition(" ;")[0] for line in file.read_text().splitlines() if not line.startswith("#")]
        names = [line.partition("==")[0].lower() for line in pinned]
        assert wanted <= set(names)
        assert len(names) == len(set(names))
        qt = next(line for line in pinned if line.startswith("pyside6-essentials==")).partition("==")[2]
        assert tuple(map(int, qt.split(".")[:2])) < (6, 12)


def test_the_c_library_is_read_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.31"))
    assert dev.glibc() == (2, 31)
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert dev.glibc() == ()


def test_the_stamp_changes_with_pins_and_metadata(tree: Path) -> None:
    first = dev.stamp()
    assert dev.stamp() == first
    (tree / "constraints.txt").write_text("click==8.2\n")
    second = dev.stamp()
    (tree / "setup.cfg").write_text("[metadata]\n")
    assert len({first, second, dev.stamp()}) == 3


def test_a_second_start_looks_at_nothing_but_the_stamp(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(dev, "mend_system", lambda kind: done.append(kind))
    monkeypatch.setattr(dev, "make_venv", lambda stamped: done.append(f"venv {stamped}"))
    dev.set_up("offscreen")
    dev.set_up("offscreen")
    assert done == ["offscreen", "venv False"]
    dev.set_up("screen")
    assert done[2:] == ["screen"], "packages are there already, only the screen's libraries are looked for"
    (tree / "constraints.txt").write_text("click==8.2\n")
    dev.set_up("screen")
    assert done[3:] == ["screen", "venv True"]


def test_a_set_up_that_was_cut_off_is_begun_anew(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bool] = []

    def cut_off(stamped: bool) -> None:
        told.append(stamped)
        assert list((tree / ".venv").glob("ready-*")) == []
        raise KeyboardInterrupt

    monkeypatch.setattr(dev, "mend_system", lambda _kind: None)
    monkeypatch.setattr(dev, "make_venv", cut_off)
    (tree / ".venv" / "ready-screen").write_text("of other pins")
    for _time in range(2):
        with pytest.raises(KeyboardInterrupt):
            dev.set_up("offscreen")
    assert told == [True, False]


def test_an_environment_that_cannot_be_written_is_a_sentence(
        tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import venv

    def refuse(*_given: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(venv.EnvBuilder, "create", refuse)
    with pytest.raises(SystemExit) as left:
        dev.make_venv(stamped=False)
    assert left.value.code == 3
    assert "请关闭正在运行的程序，检查磁盘空间和文件夹权限" in capsys.readouterr().err


def test_a_folder_whose_name_is_no_utf_8_has_a_stamp(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "VENV", tree / os.fsdecode("网格".encode("gb18030")))
    assert len(dev.stamp()) == 64


def test_packages_come_from_the_wheelhouse_when_there_is_one(tree: Path) -> None:
    assert dev.source() == []
    (tree / "wheelhouse").mkdir()
    assert dev.source() == ["--no-index", "--find-links", str(tree / "wheelhouse")]


def test_the_environment_gets_pinned_packages_and_sees_the_tree(
        tree: Path, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    import venv

    site = tree / ".venv" / ("Lib/site-packages" if dev.WINDOWS else "lib/python3/site-packages")
    site.mkdir(parents=True)
    monkeypatch.setattr(venv.EnvBuilder, "create", lambda self, folder: None)
    dev.make_venv(stamped=False)
    assert calls[0][1:4] == ["-m", "pip", "install"]
    assert calls[0][calls[0].index("-c") + 1] == str(tree / "constraints.txt")
    assert "sqlcipher3==0.6.4" in calls[0]
    link = (site / "gridapp-tree.pth").read_text().strip()
    assert (site / link).resolve() == tree.resolve()


def test_without_a_network_it_says_what_to_do(
        tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import venv

    monkeypatch.setattr(venv.EnvBuilder, "create", lambda self, folder: None)
    monkeypatch.setattr(subprocess, "call", lambda *_args, **_named: 1)
    with pytest.raises(SystemExit) as left:
        dev.make_venv(stamped=False)
    assert left.value.code == 3
    assert "wheelhouse" in capsys.readouterr().err


def test_root_lets_apt_install_just_what_is_missing(calls: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [["libGL.so.1", "libglib-2.0.so.0", "libgthread-2.0.so.0"], []]
    monkeypatch.setattr(preflight, "missing", lambda _wanted: answers.pop(0))
    monkeypatch.setattr(dev, "root_prefix", lambda: ["sudo", "-n"])
    dev.mend_system("offscreen")
    assert calls[0][-1] == "update"
    assert calls[1][:2] == ["sudo", "-n"]
    assert calls[1][-2:] == ["libgl1", "libglib2.0-0"]


def test_nobody_special_is_told_the_exact_line(
        calls: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(preflight, "missing", lacking("libGL.so.1"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(dev, "root_prefix", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(SystemExit) as left:
        dev.mend_system("offscreen")
    assert left.value.code == 3
    assert f"apt-get install -y --no-install-recommends libgl1 python3.{sys.version_info[1]}-venv\n" in capsys.readouterr().err
    assert calls == []


def test_only_those_who_need_it_are_told_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert preflight.apt_line(["a", "b"]) == "sudo apt-get update && sudo apt-get install -y --no-install-recommends a b"
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert preflight.apt_line(["a", "b"]) == "apt-get update && apt-get install -y --no-install-recommends a b"


@pytest.mark.parametrize("coding", ["cp1252", "cp936", "utf-8"])
@pytest.mark.parametrize(("words", "code"), [(["dev.py"], 2), (["-m", "gridapp", "--help"], 0), (["-m", "gridapp", "\U0002c2c7"], 2)])
def test_a_terminal_that_lacks_the_characters_ends_nothing(words: list[str], code: int, coding: str) -> None:
    ran = subprocess.run([sys.executable, *words], cwd=ROOT, env=os.environ | {"PYTHONIOENCODING": coding}, capture_output=True)
    said = (ran.stdout + ran.stderr).decode(coding)
    assert "Traceback" not in said
    assert ran.returncode == code
    assert any(word in said for word in ("命令", "\\u547d\\u4ee4", "\U0002c2c7", "\\U0002c2c7"))


def test_a_linux_without_apt_is_told_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    said = preflight.sentence(["libGL.so.1"], ["libgl1"])
    assert said.endswith("libGL.so.1")
    assert "apt" not in said


def test_a_library_that_is_not_there_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert preflight.missing(["libnobody-has-this.so.9"]) == ["libnobody-has-this.so.9"]
    monkeypatch.setattr(sys, "platform", "win32")
    assert preflight.missing(["libnobody-has-this.so.9"]) == []


def test_the_program_leaves_with_a_sentence_before_qt_dies(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(preflight, "missing", lambda wanted: sorted({"libxcb-cursor.so.0"} & set(wanted)))
    monkeypatch.setattr(shutil, "which", lambda name: name if name == "apt-get" else None)
    preflight.require("screen")  # the tests' platform is offscreen: nothing of the screen is needed
    monkeypatch.delenv("QT_QPA_PLATFORM")
    with pytest.raises(SystemExit) as left:
        preflight.require("screen")
    assert left.value.code == 3
    assert "libxcb-cursor0" in capsys.readouterr().err


def test_every_library_has_its_package() -> None:
    everything = preflight.NEEDS["screen"]
    assert preflight.packages(everything) == list(dict.fromkeys(everything.values()))


@pytest.mark.parametrize(("system", "variables", "expected"), [
    ("win32", {}, True),
    ("linux", {}, False),
    ("linux", {"DISPLAY": ""}, False),
    ("linux", {"DISPLAY": ":4242"}, False),  # set, but nobody answers there
    ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
])
def test_a_screen_is_one_that_lets_us_in(
        system: str, variables: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    assert preflight.has_screen() is expected


def test_run_without_a_screen_is_the_demonstration(handed: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "has_screen", lambda: False)
    monkeypatch.delenv("QT_QPA_PLATFORM")
    dev.main(["run"])
    assert handed == [["offscreen"], [str(dev.PYTHON), str(ROOT / "main.py"), "--demo"]]
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


def test_run_with_a_screen_is_the_program(handed: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "has_screen", lambda: True)
    dev.main(["run", "台账.grid"])
    assert handed == [["screen"], [str(dev.PYTHON), str(ROOT / "main.py"), "台账.grid"]]


def test_the_windowless_door_keeps_the_users_folder_and_arguments(handed: list[list[str]]) -> None:
    dev.main(["gridapp", "--ledger", "a b.grid", "verify"])
    assert handed == [["nothing"], [str(dev.PYTHON), "-m", "gridapp", "--ledger", "a b.grid", "verify"]]


def test_tests_run_in_the_tree(handed: list[list[str]]) -> None:
    dev.main(["test", "-x"])
    assert handed == [["offscreen"], ["cd", str(ROOT)], [str(dev.PYTHON), "-m", "pytest", "-x"]]


def test_all_of_them_run_on_two_cores(handed: list[list[str]]) -> None:
    dev.main(["test"])
    assert handed[-1] == [str(dev.PYTHON), "-m", "pytest", "-n", "2", "--dist", "worksteal"]


def test_measuring_adds_what_it_compares_with_once(tree: Path, calls: list[list[str]], handed: list[list[str]]) -> None:
    for _time in range(2):
        dev.main(["bench", "exchange"])
    assert [call[-1].partition("==")[0] for call in calls] == ["apsw-sqlite3mc", "pygeodiff", "typst", "fpdf2"]
    assert handed[3:] == [["offscreen"], ["cd", str(tree)], [str(dev.PYTHON), "-m", "tests.bench", "exchange"]]


def test_measuring_goes_on_without_a_peer_that_cannot_be_had(
        tree: Path, handed: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(subprocess, "call", lambda command, **_named: int("geodiff" in command[-1]))
    dev.main(["bench"])
    assert "pygeodiff==2.3.2" in capsys.readouterr().err
    assert handed[-1] == [str(dev.PYTHON), "-m", "tests.bench"]
    assert not (tree / ".venv" / "ready-bench").exists()


@pytest.mark.parametrize("arguments", [[], ["fly"]])
def test_an_unknown_verb_gets_the_list(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        dev.main(arguments)
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert all(verb in said for verb in dev.VERBS)


def test_an_old_python_can_read_it() -> None:
    for file in ("dev.py", "gridapp/preflight.py", "gridapp/__init__.py"):
        ast.parse((ROOT / file).read_text(encoding="utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize("version", [(3, 9, 2), (3, 15, 0)])
def test_a_python_that_does_not_fit_hands_over_to_one_that_does(
        version: tuple[int, int, int], calls: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def become(command: list[str]) -> None:
        raise SystemExit(" ".join(command[:1]))

    monkeypatch.setattr(dev, "hand_over", become)
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in ("python3.12", "python3.11") else None)
    with pytest.raises(SystemExit) as left:
        dev.main(["test"])
    assert left.value.code == "/usr/bin/python3.12"
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit) as left:
        dev.main(["test"])
    assert left.value.code == 3
    assert "需要 Python 3.11 到 3.1" in capsys.readouterr().err


@pytest.mark.parametrize(("pins", "newest"), [("constraints.txt", 14), ("constraints-old-x86_64.txt", 13), ("constraints-old-aarch64.txt", 13)])
def test_the_pinned_qt_says_which_python_fits(pins: str, newest: int) -> None:
    """PySide6 6.9 ends at Python 3.13, 6.11 at 3.14 (their Requires-Python)."""
    assert (dev.fitting(ROOT / pins)[0], dev.fitting(ROOT / pins)[-1]) == (11, newest)
