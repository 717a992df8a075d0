"""Where a ledger lives: an encrypted file of this PC, or the town's database; what is different about them is told here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import beside
from gridapp.ledger.clock import Wall, wall_ms
from gridapp.ledger.tables import FACT
from gridapp.records import Act
from gridapp.store.database import Damaged, engine, sorted_failures, while_wanted
from gridapp.store.files import Lock
from gridapp.store.refusals import WrongPassword
from gridapp.store.slots import Vault
from gridapp.store.tries import Tries
from gridapp.store.vault import Signer


class Home(Protocol):
    """What a ledger asks of the place it lives in."""

    #: how sentences name it
    path: Path
    #: for questions
    engine: sa.Engine
    #: for acts
    writer: sa.Engine
    #: whether other stations write here at the same time
    shared: bool

    @property
    def address(self) -> str:
        """How it is opened again: a file's path, or a database's address without a password."""

    def sorted(self) -> AbstractContextManager[None]:
        """Turn the database's failures into Trouble and Mistake with a sentence."""

    def while_wanted(self, wanted: Callable[[], bool]) -> AbstractContextManager[None]:
        """Questions this thread asks meanwhile may be broken off once `wanted()` is False. Raises Unwanted."""

    def signer(self, session: Session) -> Signer:
        """This station's signing key; made when there is none yet."""

    def secret(self, session: Session, name: str) -> str | None:
        """What this station keeps to itself under a name."""

    def keep_secret(self, session: Session, name: str, value: str) -> None: ...

    def change_password(self, old: str, new: str) -> None:
        """Open with `new` from now on. Raises WrongPassword, WeakPassword."""

    def check_password(self, password: str, officer: int | None = None) -> None:
        """Whether it is theirs who sits here. Raises WrongPassword, MustWait, PasswordOver."""

    def saved(self, act: UUID, at: datetime) -> None:
        """An act is safe on the disk."""

    def look_for_the_last(self, session: Session) -> None:
        """Raises ActsMissing when an act told as saved is not there."""

    def close(self) -> None: ...


class FileHome:
    """An encrypted file under a lock of this program's."""

    shared = False

    def __init__(self, path: Path, key: bytes, lock: Lock, wall: Wall = wall_ms) -> None:
        self.path, self._lock, self._wall = path, lock, wall
        self.turn(key)

    def turn(self, key: bytes) -> None:
        """Work with this key from now on."""
        self.key, self.engine = key, engine(self.path, key)
        self.writer: sa.Engine = self.engine.execution_options(sqlite_begin="IMMEDIATE")

    @property
    def address(self) -> str:
        return str(self.path)

    @contextmanager
    def sorted(self) -> Iterator[None]:
        """Damage met while working is marked beside the file: from then on no backup is taken and none is thinned."""
        try:
            with sorted_failures(self.path):
                yield
        except Damaged:
            beside.mark_damaged(self.path)
            raise

    def while_wanted(self, wanted: Callable[[], bool]) -> AbstractContextManager[None]:
        return while_wanted(wanted)

    def twin(self, path: Path) -> sa.Engine:
        """Another file under the same key: a copy of this one."""
        return engine(path, self.key)

    def signer(self, session: Session) -> Signer:
        from gridapp.ledger.journal import own_signer

        return own_signer(session)

    def secret(self, session: Session, name: str) -> str | None:
        found: str | None = session.scalar(sa.select(FACT.c.value).where(FACT.c.name == f"secret {name}"))
        return found

    def keep_secret(self, session: Session, name: str, value: str) -> None:
        session.execute(sa.delete(FACT).where(FACT.c.name == f"secret {name}"))
        session.execute(sa.insert(FACT).values(name=f"secret {name}", value=value))

    def change_password(self, old: str, new: str) -> None:
        with Tries(self.path, None, self._wall).counted():
            Vault.load(self.path).change_password(old, new)

    def check_password(self, password: str, officer: int | None = None) -> None:
        with Tries(self.path, officer, self._wall).counted():
            if Vault.load(self.path).unlock(password, officer).key != self.key:
                raise WrongPassword

    def saved(self, act: UUID, at: datetime) -> None:
        beside.write_tip(self.path, act, at)

    def look_for_the_last(self, session: Session) -> None:
        tip = beside.read_tip(self.path)
        if tip is not None and session.scalar(sa.select(Act.id).where(Act.id == tip.act)) is None:
            beside.set_aside(self.path)
            raise beside.ActsMissing(self.path, tip.at)

    def close(self) -> None:
        self.engine.dispose()
        self._lock.release()
