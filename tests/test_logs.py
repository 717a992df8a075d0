"""The log tells where something failed and never with whom; it stays small, and costs nobody their work (reliability.md L1)."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridapp import logs, places
from gridapp.work import backups, opening
from tests import ledgers

MARKER = "司徒美兰花 510185196707119619"


@pytest.fixture(autouse=True)
def _begun() -> Iterator[None]:
    logs.begin()
    yield
    logs.end()


def written() -> str:
    return logs.path().read_text("utf-8") if logs.path().exists() else ""


def fail_deep_down(value: str) -> None:
    try:
        int(value)
    except ValueError as error:
        raise LookupError(value) from error


def failure() -> BaseException:
    with pytest.raises(LookupError) as caught:
        fail_deep_down(MARKER)
    return caught.value


def test_a_failure_is_its_number_kind_and_place_alone(caplog: pytest.LogCaptureFixture) -> None:
    number = logs.failed(failure())
    assert re.fullmatch(r"\d{4}-\d{4}", number)
    (line,) = written().splitlines()
    assert f"E{number} builtins.LookupError(" in line and " <- builtins.ValueError(" in line
    assert "test_logs.py:" in line and "fail_deep_down" in line
    assert not any(part in line for part in MARKER.split())


def test_of_what_a_library_says_only_the_place_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("sqlalchemy.pool").error("could not bind %s", MARKER)
    assert "sqlalchemy.pool test_logs.py:" in written() and MARKER not in written() and "bind" not in written()


def test_of_what_qt_says_only_its_own_names_are_kept(caplog: pytest.LogCaptureFixture) -> None:
    logs.from_qt(logging.WARNING, "qt.text", f'QString::arg: Argument missing: JOHN SMITH <b>{MARKER}</b> in QLabel file:///a/John.png')
    assert "gridapp.qt qt qt.text QString::arg QLabel (" in written()
    assert not any(word in written() for word in ("JOHN", "John", *MARKER.split()))


def test_a_figure_that_could_be_a_number_of_somebody_is_left_out() -> None:
    logs.note("opened", ms=312, phone=13957950001)
    assert "opened ms=312 phone=…" in written()


def test_when_it_was_opened_and_backed_up_and_how_long_that_took(village_ledger: Path, tmp_path: Path, cheap_passwords: None) -> None:
    """What whoever looks after the PC asks first."""
    with opening.open_ledger(ledgers.copy(village_ledger, tmp_path / "台账.grid"), ledgers.PASSWORD) as opened:
        backups.take(opened, backups.ASKED)
    assert re.search(r" opened ms=\d+\n.* backed_up ms=\d+ kib=\d+\n", written()) and "台账" not in written()


def test_nobody_writes_a_second_line_into_the_log() -> None:
    logs.note("one\r\n2026 ERROR forged\u2028\x1b[2J")
    assert len(written().splitlines()) == 1 and "\\r\\n2026" in written() and "\\u2028" in written() and "\x1b" not in written()


def test_the_log_is_ten_files_of_a_mebibyte_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "SIZE", 2_000)
    logs.end()
    logs.begin()
    for count in range(400):
        logs.note("turn", count=count)
    files = sorted(places.log_dir().iterdir())
    assert len(files) == logs.FILES == 10 and max(f.stat().st_size for f in files) <= 2_000
    assert "count=399" in written()


def test_a_folder_that_is_not_there_any_more_is_made_again() -> None:
    logs.note("first")
    logs.end()
    os.remove(logs.path())
    places.log_dir().rmdir()
    logs.begin()
    logs.note("second")
    assert "second" in written()


def test_a_folder_that_takes_no_file_costs_the_line_alone(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    places.log_dir().rmdir()
    (places.data_dir() / "日志").write_text("a file where the folder should be", "utf-8")
    number = logs.failed(failure())
    assert re.fullmatch(r"\d{4}-\d{4}", number)
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="只有 Linux 有永远写不进去的 /dev/full")
def test_a_full_disk_costs_the_line_alone_and_the_next_one_is_written(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    logs.path().symlink_to("/dev/full")
    logs.failed(failure())
    logs.path().unlink()
    logs.note("room again")
    assert "room again" in written() and capfd.readouterr().err == ""


def test_a_failure_nobody_could_raise_is_logged_without_its_message(tmp_path: Path) -> None:
    """A finaliser that fails: Python prints it, message and all, unless somebody listens."""
    told = f"class Broken:\n    def __del__(self):\n        raise RuntimeError({MARKER!r})\n"
    code = f"from gridapp import logs\nlogs.begin()\nlogs.hear_the_unraisable()\n{told}Broken()\nprint(logs.path().read_text('utf-8'))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1],
                         env=os.environ | {"GRIDAPP_HOME": str(tmp_path), "PYTHONIOENCODING": "utf-8"}, encoding="utf-8")
    assert "RuntimeError(<string>:6 __del__)" in ran.stdout
    assert not any(part in ran.stdout + ran.stderr for part in MARKER.split())
