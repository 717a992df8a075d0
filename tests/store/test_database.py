"""The encrypted file: flushed and checked at every connect, unreadable without its key, failures sorted and told without values."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from gridapp.errors import Trouble, Unwanted
from gridapp.store import database
from gridapp.store.database import PRAGMAS, Damaged, engine, sorted_failures, while_wanted
from gridapp.store.files import CannotWrite, DiskFull, InUse
from tests.ledgers import NUMBERS

KEY, OTHER = bytes(range(32)), bytes(32)
SECRET = f"彭兵 {NUMBERS[0]}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with one secret in it, closed again."""
    made = engine(tmp_path / "台账.grid", KEY)
    with made.begin() as connection:
        connection.execute(sa.text("CREATE TABLE person (name TEXT UNIQUE)"))
        connection.execute(sa.text("INSERT INTO person VALUES (:name)"), {"name": SECRET})
    made.dispose()
    return tmp_path / "台账.grid"


@pytest.fixture
def opened(file: Path) -> Iterator[sa.Engine]:
    made = engine(file, KEY)
    yield made
    made.dispose()


def test_every_connection_is_flushed_and_careful(opened: sa.Engine) -> None:
    with opened.connect() as first, opened.connect() as second:
        for connection in (first, second):
            told = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
            assert told == {name: expected for name, (_wanted, expected) in PRAGMAS.items()}
    assert (PRAGMAS["journal_mode"][1], PRAGMAS["synchronous"][1], PRAGMAS["temp_store"][1]) == ("wal", 2, 2)


def test_a_connection_that_would_lose_work_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(database.PRAGMAS, "synchronous", ("NORMAL", 2))
    with pytest.raises(Trouble, match="synchronous=1"):
        engine(file, KEY).connect()


def test_a_writer_takes_the_file_at_once_and_a_reader_does_not(opened: sa.Engine) -> None:
    with opened.connect().execution_options(sqlite_begin="IMMEDIATE") as writer, opened.connect() as reader:
        writer.execute(sa.text("SELECT 1"))
        assert reader.execute(sa.text("SELECT name FROM person")).scalar() == SECRET
        rival = opened.connect().execution_options(sqlite_begin="IMMEDIATE")
        rival.connection.driver_connection.execute("PRAGMA busy_timeout = 1")  # type: ignore[union-attr]
        with rival, pytest.raises(sa.exc.OperationalError, match="locked"):
            rival.execute(sa.text("SELECT 1"))


@pytest.mark.parametrize("ending", ["", "-wal"])
def test_nothing_can_be_read_in_the_file(file: Path, ending: str) -> None:
    held = engine(file, KEY)
    with held.begin() as connection:
        connection.execute(sa.text("INSERT INTO person VALUES (:name)"), {"name": SECRET + "二"})
        content = file.with_name(file.name + ending)
    raw = content.read_bytes()
    held.dispose()
    assert len(raw) > 4000 and not raw.startswith(b"SQLite format")
    for encoding in ("utf-8", "utf-16-le", "gb18030"):
        assert SECRET.encode(encoding) not in raw and NUMBERS[0].encode(encoding) not in raw
    assert b"person" not in raw


def test_another_key_or_a_plain_file_is_damage(file: Path, tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="没有改动"), sorted_failures(file):
        engine(file, OTHER).connect()
    plain = tmp_path / "plain.db"
    with sqlite3.connect(plain) as other:
        other.execute("CREATE TABLE t (a)")
    other.close()
    with pytest.raises(Damaged), sorted_failures(plain):
        engine(plain, KEY).connect()


def test_one_flipped_byte_is_damage_never_an_answer(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    for page in range(4096, len(whole), 4096):
        whole[page + 2000] ^= 1
    file.write_bytes(whole)
    with pytest.raises(Damaged), sorted_failures(file), engine(file, KEY).connect() as connection:
        connection.execute(sa.text("SELECT * FROM person")).all()


@pytest.mark.parametrize("name", ["台账 一.grid", "100%.grid", "a?mode=ro.grid", "a#b.grid", "引号'“.grid"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    made = engine(tmp_path / name, KEY)
    with made.begin() as connection:
        connection.execute(sa.text("CREATE TABLE t (a)"))
    made.dispose()
    assert (tmp_path / name).stat().st_size > 0 and {p.name for p in tmp_path.iterdir()} == {name}


@pytest.mark.parametrize(("path", "address"), [
    (PurePosixPath("/srv/台账.grid"), "file:///srv/%E5%8F%B0%E8%B4%A6.grid"), (PureWindowsPath(r"D:\平安\a b.grid"), "file:///D:/%E5%B9%B3%E5%AE%89/a%20b.grid"),
    (PureWindowsPath(r"\\server\share\a.grid"), "file:////server/share/a.grid")])
def test_drives_and_shares_are_addressed_as_sqlite_wants(path: PurePosixPath | PureWindowsPath, address: str) -> None:
    assert database._address(path) == address


def test_a_failure_tells_no_values(opened: sa.Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError) as told, opened.begin() as connection:
        connection.execute(sa.text("INSERT INTO person VALUES (:name)"), {"name": SECRET})
    assert NUMBERS[0] not in f"{told.value} {told.value!r} {told.value.orig}" and "hidden" in str(told.value)


@pytest.mark.parametrize(("said", "failure"), [
    ("database or disk is full", DiskFull), ("unable to open database file", CannotWrite), ("attempt to write a readonly database", CannotWrite),
    ("disk I/O error", Trouble), ("database is locked", InUse)])
def test_what_the_database_says_becomes_a_sentence(tmp_path: Path, said: str, failure: type[Trouble]) -> None:
    with pytest.raises(failure) as told, sorted_failures(tmp_path / "a.grid"):
        raise sa.exc.OperationalError("SELECT", {}, sqlcipher.OperationalError(said))
    assert type(told.value) is failure and told.value.text.endswith("。") and said not in told.value.text


def test_our_own_bug_is_not_dressed_up_as_trouble(tmp_path: Path) -> None:
    with pytest.raises(sa.exc.OperationalError), sorted_failures(tmp_path / "a.grid"):
        raise sa.exc.OperationalError("SELECT", {}, sqlcipher.OperationalError("no such column: nmae"))


ENDLESS = sa.text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")


def test_a_question_nobody_waits_for_is_broken_off_and_the_next_is_answered(opened: sa.Engine, file: Path) -> None:
    wanted = [True, True, False]
    with pytest.raises(Unwanted), sorted_failures(file), while_wanted(lambda: wanted.pop(0)), opened.connect() as connection:
        connection.execute(ENDLESS)
    with opened.connect() as connection:
        assert connection.scalar(sa.text("SELECT 7")) == 7
    assert wanted == []
