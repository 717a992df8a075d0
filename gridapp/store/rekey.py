"""Another key for an encrypted file: all pages are written anew in one transaction, so that either the old key opens it or the new one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from gridapp.store import database
from gridapp.store.database import Damaged, sorted_failures


def opens_with(path: Path, key: bytes) -> bool:
    """Whether this is the file's key. Raises CannotWrite, DiskFull, InUse for what is no matter of keys."""
    try:
        with sorted_failures(path), closing(database._open(path, key)):
            return True
    except Damaged:
        return False


def rekey(path: Path, old: bytes, new: bytes) -> None:
    """Encrypt the file for `new`. Nobody else may have it open. Raises Damaged, DiskFull, CannotWrite, InUse."""
    with sorted_failures(path), closing(database._open(path, old)) as connection:
        _log_taken_in(connection)
        _turned(connection, new)
        _log_taken_in(connection)


def _turned(connection: Any, new: bytes) -> None:
    """All pages in one transaction of the write-ahead log (measured: kill before, in or after it, one of the two keys opens the file)."""
    connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"").fetchall()


def _log_taken_in(connection: Any) -> None:
    """Nothing is left in the write-ahead log, and none of its pages under the old key."""
    if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        raise sqlcipher.OperationalError("database is locked")
