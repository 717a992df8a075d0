"""Nothing personal is ever on the disk in the clear: ledger, log, drafts, caches, temporary files, crash reports (issue 2)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gridapp import logs
from gridapp.ledger import Ledger
from tests.faults import secrets

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def after_a_kill(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder that holds all the program may write to, and everything it said, after a day of work ended by a kill."""
    disk, book = tmp_path_factory.mktemp("disk"), tmp_path_factory.mktemp("desk") / "导入.xlsx"
    secrets.workbook(book)
    own = {"GRIDAPP_HOME": "home", "TMPDIR": "tmp", "TEMP": "tmp", "TMP": "tmp", "SQLITE_TMPDIR": "tmp", "HOME": "user",
           "XDG_CACHE_HOME": "user/cache", "GRIDAPP_CACHE": "cache", "XDG_RUNTIME_DIR": "user"}
    for folder in {*own.values(), "ledger"}:
        (disk / folder).mkdir(parents=True, exist_ok=True)
    ran = subprocess.run([sys.executable, "-B", "-m", "tests.faults.secrets", str(disk / "ledger" / "台账.grid"), str(book)], text=True,
                         capture_output=True, check=False, cwd=ROOT, env=os.environ | {n: str(disk / f) for n, f in own.items()})
    assert "killed" in ran.stdout, ran.stderr
    return disk, ran.stdout + ran.stderr


def test_no_file_holds_a_name_a_number_or_a_place(after_a_kill: tuple[Path, str]) -> None:
    disk, _said = after_a_kill
    assert (disk / "ledger" / "台账.grid-wal").stat().st_size > 100_000, "the kill left no log: the search would prove less"
    log = (disk / "home" / "日志" / logs.NAME).read_text("utf-8").splitlines()
    assert len([line for line in log if " ERROR " in line]) == 8, "every failure left a line by each of the two doors"
    assert secrets.found_in(disk) == []


def test_no_failure_tells_a_value(after_a_kill: tuple[Path, str]) -> None:
    _disk, said = after_a_kill
    assert "SQL" in said and "程序内部错误" in said
    assert [secret for secret in secrets.SECRETS if secret in said and secret != "register_tenant"] == []


def test_a_secret_on_the_disk_would_be_found(tmp_path: Path) -> None:
    for number, coding in enumerate(secrets.CODINGS):
        (tmp_path / str(number)).write_bytes(b"x" * 999 + secrets.TENANT.encode(coding))
    assert len(secrets.found_in(tmp_path)) == len(secrets.CODINGS)


def test_what_the_database_sets_aside_stays_in_memory(ledger: Ledger) -> None:
    with ledger.home.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA temp_store").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
    assert ledger.home.engine.hide_parameters
