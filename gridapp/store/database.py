"""The encrypted database file: SQLCipher under SQLAlchemy, write-ahead log, every commit flushed to the disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlcipher3 import dbapi2 as sqlcipher

from gridapp.errors import Mistake, Sorted, Trouble, Unwanted
from gridapp.store.files import CannotWrite, DiskFull, InUse
from gridapp.texts import _

#: asked for and read back at every connect; WAL+NORMAL loses told-saved work (storage.md 5)
PRAGMAS: dict[str, tuple[str, object]] = {
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "temp_store": ("MEMORY", 2),
    "trusted_schema": ("OFF", 0),
    "cell_size_check": ("ON", 1),
    "secure_delete": ("ON", 1),
    "journal_size_limit": ("67108864", 67108864),
}
CACHE_KIB = 16 * 1024
#: steps of SQLite's machine (some milliseconds) after which a question looks whether its answer is still wanted
LOOK_EVERY = 100_000
#: whether the answer this thread is after is still wanted
_wanted: ContextVar[Callable[[], bool] | None] = ContextVar("wanted", default=None)
LEAST_ROOM = 128 * 1024


class NotALedger(Mistake):
    """The file is something else."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("“{0}”不是平安网格的台账文件。请选择正确的文件。").format(path.name))


class NoLedger(Mistake):
    """There is no such file."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("没有找到台账“{0}”。请检查位置，或新建一个台账。").format(path))


class Damaged(Trouble):
    """The file cannot be read with its key: bad sector, half a copy, tampering."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("台账“{0}”已损坏，程序没有改动它。请保留这个文件，用最近的备份恢复，并联系维护人员。").format(path.name))


@contextmanager
def while_wanted(wanted: Callable[[], bool]) -> Iterator[None]:
    """What this thread asks of a file meanwhile is broken off once `wanted()` is False; then Unwanted is raised (where `sorted_failures` stands round it)."""
    before = _wanted.set(wanted)
    try:
        yield
    finally:
        _wanted.reset(before)


def _break_off() -> bool:
    """What SQLite asks in between: whether to stop."""
    wanted = _wanted.get()
    return wanted is not None and not wanted()


def _open(path: Path, key: bytes) -> Any:
    connection = sqlcipher.connect(f"{_address(path)}?mode={'rw' if path.exists() else 'rwc'}", uri=True, isolation_level=None,
                                   check_same_thread=False, timeout=10, cached_statements=256)
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        for name, (wanted, _expected) in PRAGMAS.items():
            connection.execute(f"PRAGMA {name} = {wanted}").fetchall()
        _check_pragmas(connection)
        connection.set_progress_handler(_break_off, LOOK_EVERY)
    except BaseException:
        connection.close()
        raise
    return connection


def _address(path: PurePath) -> str:
    """file:///home/…, file:///C:/…, and file:////server/share/… for a folder of another PC (two strokes would name a host)."""
    whole = (path.resolve() if isinstance(path, Path) else path).as_posix()
    return f"file://{'' if whole.startswith('/') else '/'}{quote(whole, safe='/:')}"


def _check_pragmas(connection: Any) -> None:
    """reliability.md D1: a connection without FULL flushing would tell officers 'saved' and lose it."""
    for name, (_wanted, expected) in PRAGMAS.items():
        got = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if got != expected:
            raise Trouble(_("这台电脑不能安全地保存台账（{0}）。请联系维护人员。").format(f"{name}={got}"))


@contextmanager
def sorted_failures(path: Path) -> Iterator[None]:
    """Turn what the database says about disk and damage into Trouble with a sentence, and a question broken off into Unwanted."""
    try:
        yield
    except (sqlcipher.DatabaseError, sa.exc.DBAPIError) as error:
        raise _sorted(getattr(error, "orig", None) or error, path) or error from error


def _no_room(folder: Path) -> bool:
    """Where the index of the log cannot grow on a full disk, SQLite does not say "full"."""
    try:
        return shutil.disk_usage(folder).free < LEAST_ROOM
    except OSError:
        return False


def _sorted(error: BaseException, path: Path) -> Sorted | None:
    said = str(error)
    if said == "interrupted":
        return Unwanted()
    if "full" in said:
        return DiskFull()
    if "unable to open" in said or "readonly" in said or "read-only" in said:
        return CannotWrite(path)
    if "disk I/O error" in said:
        if _no_room(path.parent):
            return DiskFull()
        return Trouble(_("读写台账时磁盘出错：可能是U盘被拔出或磁盘故障。请检查后重新打开台账，已提示保存的内容都在。"))
    if "locked" in said:
        return InUse()
    if type(error) is sqlcipher.DatabaseError:  # the driver's class for damage (SQLITE_CORRUPT, SQLITE_NOTADB) and nothing else we meet
        return Damaged(path)
    return None


def engine(path: Path, key: bytes) -> sa.Engine:
    """An engine on the encrypted file; writers use `execution_options(sqlite_begin="IMMEDIATE")`.

    `hide_parameters`: otherwise SQLAlchemy puts ID numbers into exception texts (reliability.md finding 6).
    """
    made = sa.create_engine("sqlite://", module=sqlcipher, creator=lambda: _open(path, key), hide_parameters=True,
                            poolclass=sa.pool.QueuePool, pool_size=4, max_overflow=2)

    @sa.event.listens_for(made, "begin")
    def _begin(connection: sa.Connection) -> None:
        how = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {how}")

    return made


def page_faults(connection: sa.Connection) -> list[str]:
    """What the file's own checks find: seals of its pages, its trees, its links.

    The check of the cipher reads the file past its log: where a power cut tore pages that the log holds whole, they are brought home first,
    outside of any transaction and so by a connection of its own.
    """
    found = _asked(connection, "cipher_integrity_check")
    if found:
        with closing(connection.engine.raw_connection()) as driver:
            driver.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
        found = _asked(connection, "cipher_integrity_check")
    return [*found, *_asked(connection, "integrity_check"), *_asked(connection, "foreign_key_check")]


def _asked(connection: sa.Connection, name: str) -> list[str]:
    return [f"{name}: {row[0]}" for row in connection.exec_driver_sql(f"PRAGMA {name}") if row[0] != "ok"]
