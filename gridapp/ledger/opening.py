"""Beginning and opening a ledger: an encrypted file on this PC, or the town's database."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Self

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.ledger import beside, codebook, fold, migrate, rotation, search
from gridapp.ledger.beside import AlreadyThere
from gridapp.ledger.clock import Wall, moment_of, wall_ms
from gridapp.ledger.home import FileHome, Home
from gridapp.ledger.journal import Journal
from gridapp.ledger.keyring import Keyring
from gridapp.ledger.meeting import OWED
from gridapp.ledger.tables import FACT
from gridapp.store.database import Damaged, NoLedger, NotALedger, sorted_failures
from gridapp.store.files import Lock, sorted_trouble
from gridapp.store.passwords import ADMINISTRATOR, is_due
from gridapp.store.slot import PASSWORD
from gridapp.store.slots import Opened, Vault
from gridapp.store.tries import Tries

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

#: number of the officer who acts while nobody is signed in yet
NOBODY = 0


class Opening(Keyring):
    """The part of a ledger that finds its place; `Ledger` is the whole."""

    def __init__(self, home: Home, wall: Wall = wall_ms) -> None:
        self.home, self._wall = home, wall
        self.officer = NOBODY
        self._journal: Journal | None = None
        self.tries: dict[str, list[int]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; nothing is pending, every act was flushed when it was told as saved."""
        self.home.close()

    @abstractmethod
    def catch_up(self) -> None:
        """Bring the search index up to what was taken in."""

    # -- a file

    @classmethod
    def create(cls, path: Path, password: str, label: str, scope: str, *, wall: Wall = wall_ms, cost: dict[str, int] | None = None,
               found: Callable[[Self], object] = lambda _new: None, officer: int | None = 1, words: Collection[str] = ()) -> Self:
        """A new ledger for the register `scope` ('v:330784108238'); `label` names the first key slot, `found` puts the first things in.

        `officer` is whose slot it is (None: the first officer's, whatever their number), `words` what the password may not be made of.
        It is made under another name and put in its place when it is whole: a kill leaves no half ledger.
        Raises AlreadyThere, WeakPassword, CannotWrite, DiskFull, InUse, and what `found` raises.
        """
        beside.refuse_if_there(path)
        lock, half = Lock(path.with_name(path.name + ".lock")), beside.half_of(path)
        try:
            beside.refuse_if_there(path)  # somebody may have been quicker
        except AlreadyThere:
            lock.release()
            raise
        try:
            beside.clear(half)
            with sorted_failures(path):
                vault, key = Vault.create(half, password, label, cost, officer, least=ADMINISTRATOR, words=words)
                begun = cls(FileHome(half, key, lock, wall), wall)
                try:
                    migrate.bring_up(begun.home.engine)
                    begun._begin_journal(scope)
                    found(begun)
                finally:
                    begun.home.engine.dispose()
                beside.put_in_place(half, path)
                ledger = cls(FileHome(path, key, lock, wall), wall)
                ledger.opened_as, ledger.slot_id = officer, vault.slots[0].id
                ledger._begin_journal(None)
                return ledger
        except BaseException:
            lock.release()
            beside.sweep(half)
            beside.sweep(path)
            raise

    @classmethod
    def open(cls, path: Path, password: str, officer: int | None = None, *, by: str = PASSWORD, wall: Wall = wall_ms,
             older: Callable[[Self], object] = lambda _ledger: None) -> Self:
        """Open an existing ledger with an officer's password (without `officer` all are tried), or `by` the sheet of paper or the town's key.

        `older` is called before a file of an older program is brought up (a backup).
        Raises NoLedger, NotALedger, KeysMissing, KeysChanged, NewerKeys, WrongPassword, PasswordOver, MustWait, Damaged, NewerLedger, InUse,
        ActsMissing, CannotWrite; by the others BadGroup, NotACode, ForeignSheet, ForeignTown.
        """
        with sorted_trouble(path):
            if not path.exists():
                raise NoLedger(path)
            if path.is_dir() or not Vault.beside(path).exists() and beside.plainly_other(path):
                raise NotALedger(path)
            if not path.stat().st_size:
                raise Damaged(path)
        Vault.load(path)
        lock = Lock(path.with_name(path.name + ".lock"))
        try:
            tries = Tries(path, officer, wall)
            wrong = tries.told()
            with tries.counted():
                vault, opened = Vault.enter(path, password, officer, by, moment_of(wall()))
            rotation.finish(vault, path, opened)
        except BaseException:
            lock.release()
            raise
        ledger = cls(FileHome(path, opened.key, lock, wall), wall)
        ledger._came_in(opened, vault.profile)
        ledger.tries = wrong
        try:
            with sorted_failures(path):
                if not migrate.is_begun(ledger.home.engine):
                    raise Damaged(path)
                if migrate.is_older(ledger.home.engine):
                    older(ledger)
                migrate.bring_up(ledger.home.engine)
                ledger._begin_journal(None)
                with Session(ledger.home.engine) as session:
                    ledger.home.look_for_the_last(session)
                return ledger
        except BaseException:
            ledger.close()
            raise

    def _came_in(self, opened: Opened, profile: str) -> None:
        slot = opened.slot
        self.opened_as, self.slot_id, self.opened_by = slot.officer, slot.id, slot.kind
        self.must_change = slot.once or slot.kind == PASSWORD and is_due(slot.made_at, moment_of(self._wall()), profile)

    # -- the town's database

    @classmethod
    def create_hub(cls, place: str | URL, password: str, label: str, scope: str, *, wall: Wall = wall_ms, certificate: Path | None = None,
                   cost: dict[str, int] | None = None, found: Callable[[Self], object] = lambda _new: None) -> Self:
        """Make the tables of a town in an empty database and begin its own register `scope` ('t:330784108') there.

        The role of `place` owns the tables from then on; `password` opens what this station keeps to itself, not the database.
        Raises NoHubAddress, WeakLine, AlreadyThere, WeakPassword, HubTrouble, and what `found` raises.
        """
        from gridapp.ledger import hubhome

        hubhome.begin(place, certificate)
        try:
            return cls._on_hub(hubhome.HubHome.joined(place, password, label, certificate, cost), wall, scope, found)
        except BaseException:
            hubhome.end(place, certificate)
            raise

    @classmethod
    def join_hub(cls, place: str | URL, password: str, label: str, *, wall: Wall = wall_ms, certificate: Path | None = None,
                 cost: dict[str, int] | None = None, own_login: bool = False) -> Self:
        """Open a town's database with a role that has not been here before: this station gets keys of its own under `password`.

        `own_login`: the password in `place` is good for this once only.
        Raises NoHubAddress, WeakLine, NoHub, AlreadyJoined, WeakPassword, NewerLedger, HubTrouble.
        """
        from gridapp.ledger.hubhome import HubHome

        return cls._on_hub(HubHome.joined(place, password, label, certificate, cost, own_login), wall)

    @classmethod
    def open_hub(cls, place: str | URL, password: str, *, wall: Wall = wall_ms, certificate: Path | None = None) -> Self:
        """Open a town's database. Raises NoHubAddress, WeakLine, NoHub, NotJoined, WrongPassword, NewerLedger, HubTrouble."""
        from gridapp.ledger.hubhome import HubHome

        return cls._on_hub(HubHome.opened(place, password, certificate), wall)

    @classmethod
    def _on_hub(cls, home: Home, wall: Wall, scope: str | None = None, found: Callable[[Self], object] = lambda _new: None) -> Self:
        ledger = cls(home, wall)
        try:
            with home.sorted():
                ledger._begin_journal(scope)
                found(ledger)
            return ledger
        except BaseException:
            ledger.close()
            raise

    def _begin_journal(self, scope: str | None) -> None:
        with Session(self.home.writer) as session, session.begin():
            if scope is not None:
                session.execute(FACT.insert().values(name="scope", value=scope))
            found = session.scalar(sa.select(FACT.c.value).where(FACT.c.name == "scope"))
            if found is None:
                raise Damaged(self.home.path)
            self._journal = Journal(found, self.home.signer(session), self._wall, self.home.shared)
            if scope is not None:
                self._journal.reload(session)
                self._journal.hold(session, scope)
            if fold.newly_known(session):
                fold.rebuild(session)
            search.keep_up(session)
            codebook.spread(session, found)
            owed = session.scalar(sa.select(sa.func.count()).select_from(FACT).where(FACT.c.name.startswith(OWED)))
        if owed:  # a kill came between a taking-in and its share of the index
            self.catch_up()
