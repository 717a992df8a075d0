"""The ledger: opens it, lets readers read, and tells the story of what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from gridapp import places
from gridapp.fields.field import fields_of
from gridapp.ledger import drafts, fold, history, proof, search, viewing
from gridapp.ledger.doing import Doing
from gridapp.ledger.history import ActLine, Step
from gridapp.ledger.opening import Opening
from gridapp.ledger.permits import LOOK, PLAIN, Needs, Permit, needed
from gridapp.ledger.reader import Reader
from gridapp.records import BY_NAME
from gridapp.store.vault import Signer

P = ParamSpec("P")
T = TypeVar("T")
#: the index does not know villages: so many times more answers are taken from it than are shown of one
MANY = 40
#: in a town's database others may publish a code table: how often one looks
HEED_MS = 60_000


class Ledger(Doing, Opening):
    """One open ledger: a file (`create`, `open`) or the town's database (`create_hub`, `join_hub`, `open_hub`). Close it in the end."""

    @property
    def path(self) -> Path:
        """The file, or what stands for it."""
        return self.home.path

    @property
    def place(self) -> Path | str:
        """What opens it again: the file, or the database's address without a password."""
        return places.place_of(self.home.address)

    def work_in(self, scope: str | None) -> None:
        """Look at, search and act in one village's register only (a town's ledger holds many); None: see all, act in the own one.

        Raises KeyError for a scope this ledger does not hold.
        """
        if scope is not None and scope not in self.scopes():
            raise KeyError(scope)
        self.working = scope

    @property
    def signer(self) -> Signer:
        """The key of this station, for what it signs beside seals: parcels and the request of pairing."""
        assert self._journal is not None
        return self._journal.signer

    def now_ms(self) -> int:
        """Milliseconds since 1970 by the ledger's clock."""
        return self._wall()

    def close(self) -> None:
        """Let go of the file; whoever sat here leaves."""
        self.sign_out()
        super().close()

    # -- reading ------------------------------------------------------------------------------------------

    @contextmanager
    def read(self, *permits: Permit) -> Iterator[Reader]:
        """A consistent view for whoever has one of `permits`; what it hands out is detached afterwards. Raises NotAllowed, NobodyHere."""
        with self._view(Needs(frozenset(permits or (PLAIN,)))) as read:
            yield read

    @contextmanager
    def _view(self, asked: Needs | None) -> Iterator[Reader]:
        if self.home.shared and self._wall() - self._codes_at >= HEED_MS:
            self.heed_codes()
        with self._refusals_told(), self.home.sorted(), Session(self.home.engine, expire_on_commit=False) as session:
            seat = self._seated(session, asked)
            viewing.limit(session, self.working, seat)
            read = Reader(session, self.today, self.officer)
            read._watch = self if self.guarded else None
            yield read
            session.expunge_all()

    def ask(self, question: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one question on a fresh view. Raises NotAllowed, NobodyHere, PasswordAgain, and what the question raises."""
        with self._view(needed(question)) as read:
            return question(read, *args, **kwargs)

    def while_wanted(self, wanted: Callable[[], bool]) -> AbstractContextManager[None]:
        """What this thread asks meanwhile is broken off once `wanted()` is False. Raises Unwanted."""
        return self.home.while_wanted(wanted)

    def search(self, text: str, limit: int = 20, alike: bool = False) -> list[search.Hit]:
        """What the search box finds, best first; `alike`: letters that sound alike will do (模糊音). Raises NotAllowed, NobodyHere."""
        with self._refusals_told(), self.home.sorted(), Session(self.home.engine) as session:
            seat = self._seated(session, Needs(frozenset({LOOK})))
            self.sought(text)
            viewing.limit(session, self.working, seat)
            narrow = self.working is not None or seat.grid is not None
            return search.search(session, text, limit * MANY if narrow else limit, alike)[:limit]

    def history(self, record_id: UUID, newest: int | None = None) -> list[Step]:
        """The story of one record, oldest step first, or so many of the newest. Raises NotAllowed, NobodyHere."""
        with self._refusals_told(), self.home.sorted(), Session(self.home.engine) as session:
            self._seated(session, Needs(frozenset({LOOK})))
            if (entity := history.entity_of(session, record_id)) in BY_NAME and any(f.private for f in fields_of(BY_NAME[str(entity)]).values()):
                self.opened(entity, record_id)
            return history.story(session, record_id, newest)

    def acts(self, limit: int = 50) -> list[ActLine]:
        """The newest acts first."""
        with self._refusals_told(), self.home.sorted(), Session(self.home.engine) as session:
            self._seated(session, Needs(frozenset({PLAIN})))
            return history.recent(session, limit)

    # -- drafts -------------------------------------------------------------------------------------------

    def keep_draft(self, form: str, values: Mapping[str, str], hand: tuple[str, int] | None = None) -> None:
        """Keep what is typed in a form, and in which field the cursor stands where; survives a crash, never leaves the encrypted file."""
        with self._writing() as (session, _journal):
            drafts.keep(session, form, values, self._wall(), hand)

    def drop_draft(self, form: str) -> None:
        with self._writing() as (session, _journal):
            drafts.drop(session, form)

    def drafts(self) -> list[drafts.Draft]:
        with self.home.sorted(), Session(self.home.engine) as session:
            return drafts.kept(session)

    # -- proving ------------------------------------------------------------------------------------------

    def digest(self, *scopes: str) -> str:
        """One hash of the whole state, or of some scopes', equal on two ledgers that hold the same."""
        with self.home.sorted(), Session(self.home.engine) as session:
            return fold.digest(fold.from_tables(session, scopes))

    def verify(self) -> proof.Report:
        """Check pages, hash chain, signatures, that the journal folds to the tables, links, and the audit of looking."""
        with self.home.sorted(), Session(self.home.engine) as session:
            return proof.examine(session)

    def rebuild(self) -> int:
        """Make all tables and the search index again from the journal; returns the number of records."""
        with self._writing() as (session, _journal):
            count = fold.rebuild(session)
            search.index_all(session)
            return count

    def close_seal(self) -> bytes | None:
        """Sign what was written in the own register since the last seal."""
        with self._writing() as (session, journal):
            return journal.close_seal(session, journal.lock(session, self.scope))
