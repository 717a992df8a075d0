"""The ledger: lets readers read and verbs act, and tells the story of what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp import places
from gridapp.errors import Mark
from gridapp.fields.field import fields_of
from gridapp.fields.ids import new_id
from gridapp.ledger import capture, drafts, erasure, fold, history, proof, search, undo, viewing
from gridapp.ledger import entries as bytes_
from gridapp.ledger.admission import Admitted
from gridapp.ledger.capture import Taken
from gridapp.ledger.clock import day_of, moment_of
from gridapp.ledger.history import ActLine, Step
from gridapp.ledger.journal import SHIFT, Journal, Scope
from gridapp.ledger.meeting import Meeting
from gridapp.ledger.opening import Opening
from gridapp.ledger.permits import LOOK, PLAIN, Needs, Permit, needed
from gridapp.ledger.reader import Acting, Reader
from gridapp.ledger.resting import collector_rests
from gridapp.ledger.verbs import TAKEN_IN
from gridapp.ledger.watching import Watching
from gridapp.records import BY_NAME, ENTITIES, Act, Dictionary
from gridapp.store.hub import again_if_busy
from gridapp.store.vault import Signer

P = ParamSpec("P")
T = TypeVar("T")
#: the index does not know villages: so many times more answers are taken from it than are shown of one
MANY = 40
#: in a town's database others may publish a code table: how often one looks
HEED_MS = 60_000


@dataclass(frozen=True)
class Done(Generic[T]):
    """What an act came to: the verb's result, the records it touched as (entity, id), warnings, and the act's id."""

    result: T
    touched: frozenset[tuple[str, UUID]]
    marks: tuple[Mark, ...]
    act: UUID | None


def _to_keep(given: Any) -> Any:
    """What can be gone through once only as a list: an act may have to be done again (HubBusy)."""
    return list(given) if isinstance(given, Iterator) else given


class Ledger(Meeting, Watching, Opening):
    """One open ledger: a file (`create`, `open`) or the town's database (`create_hub`, `join_hub`, `open_hub`). Close it in the end."""

    @property
    def path(self) -> Path:
        """The file, or what stands for it."""
        return self.home.path

    @property
    def place(self) -> Path | str:
        """What opens it again: the file, or the database's address without a password."""
        return places.place_of(self.home.address)

    @property
    def scope(self) -> str:
        """The register this ledger was begun with: 'v:330784108238'."""
        assert self._journal is not None
        return self._journal.home

    #: the village a town works in at the moment; its own register and everything it holds, where that is none
    working: str | None = None

    def work_in(self, scope: str | None) -> None:
        """Look at, search and act in one village's register only (a town's ledger holds many); None: see all, act in the own one.

        Raises KeyError for a scope this ledger does not hold.
        """
        if scope is not None and scope not in self.scopes():
            raise KeyError(scope)
        self.working = scope

    @property
    def device(self) -> bytes:
        """The public key of this station (32 bytes)."""
        assert self._journal is not None
        return self._journal.signer.public

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

    @property
    def today(self) -> Any:
        """The calendar day in China, by the ledger's clock."""
        return day_of(self._wall())

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

    def search(self, text: str, limit: int = 20) -> list[search.Hit]:
        """What the search box finds, best first. Raises NotAllowed, NobodyHere."""
        with self._refusals_told(), self.home.sorted(), Session(self.home.engine) as session:
            seat = self._seated(session, Needs(frozenset({LOOK})))
            self.sought(text)
            viewing.limit(session, self.working, seat)
            narrow = self.working is not None or seat.grid is not None
            return search.search(session, text, limit * MANY if narrow else limit)[:limit]

    def history(self, record_id: UUID) -> list[Step]:
        """The story of one record, oldest step first. Raises NotAllowed, NobodyHere."""
        with self._refusals_told(), self.home.sorted(), Session(self.home.engine) as session:
            self._seated(session, Needs(frozenset({LOOK})))
            if (entity := history.entity_of(session, record_id)) in BY_NAME and any(f.private for f in fields_of(BY_NAME[str(entity)]).values()):
                self.opened(entity, record_id)
            return history.story(session, record_id)

    def acts(self, limit: int = 50) -> list[ActLine]:
        """The newest acts first."""
        with self._refusals_told(), self.home.sorted(), Session(self.home.engine) as session:
            self._seated(session, Needs(frozenset({PLAIN})))
            return history.recent(session, limit)

    # -- acting -------------------------------------------------------------------------------------------

    def do(self, verb: Callable[..., T], *args: Any, **kwargs: Any) -> Done[T]:
        """Let the officer do something: one transaction, one line of the story, one step of undo; all of it or nothing.

        Raises NotAllowed, NobodyHere, PasswordAgain, and what the verb raises.
        """
        return self.do_in(self.working or self.scope, verb, *args, **kwargs)

    def do_in(self, scope: str, verb: Callable[..., T], *args: Any, **kwargs: Any) -> Done[T]:
        """The same in another scope this ledger holds (a village's register at the town, the configuration)."""
        args, kwargs = tuple(_to_keep(a) for a in args), {name: _to_keep(a) for name, a in kwargs.items()}

        def run() -> tuple[Acting, list[Any]]:
            with self._act(getattr(verb, "__name__", "act"), scope, needed(verb)) as (act, done):
                done.append(verb(act, *args, **kwargs))
            return act, done

        return self._told(*again_if_busy(run))

    def undo(self, act_id: UUID | None = None) -> Done[UUID]:
        """Take an act back, the newest one of this station by default. Raises NothingToUndo, AlreadyUndone, ChangedSince, UsedSince."""
        return self._reverse("undo", lambda s: undo.chosen_undo(s, act_id) if act_id else undo.next_undo(s, self.device))

    def redo(self) -> Done[UUID]:
        """Do again what was undone last. Raises NothingToRedo."""
        return self._reverse("redo", lambda s: undo.next_redo(s, self.device))

    def _reverse(self, name: str, choose: Callable[[Session], Act]) -> Done[UUID]:
        with self.home.sorted(), Session(self.home.engine) as session:
            chosen = choose(session)
            scope, asked = undo.scope_of(session, chosen), undo.needs_of(session, chosen)

        def run() -> tuple[Acting, list[Any]]:
            with self._act(name, scope, asked) as (act, done):
                undone = choose(act._session)
                undo.take_back(act._session, act._taken, undone)
                act.undoes = undone.id
                done.append(undone.id)
            return act, done

        return self._told(*again_if_busy(run))

    @contextmanager
    def _act(self, name: str, scope: str, asked: Needs | None) -> Iterator[tuple[Acting, list[Any]]]:
        done = list[Any]()
        with self._refusals_told(), collector_rests(), self._writing() as (session, journal):
            seat = self._seated(session, asked)
            capture.listen(session)
            viewing.limit(session, scope if scope.startswith("v:") else None, seat, acting=True)
            place = journal.lock(session, scope)
            taken = Taken(place, journal.ready(session, place), self.officer, journal.shared)
            session.info["taken"] = taken
            act = Acting(session, self.today, self.officer, taken)
            yield act, done
            session.flush()
            at = moment_of(self._wall())
            if taken.entries:
                self._finish(session, journal, act, name, at)
            elif journal.shared:
                journal.close_seal(session, place)  # an empty one left open would not know what others write next
        if act.act_id is not None:
            self.home.saved(act.act_id, at)

    @contextmanager
    def _writing(self) -> Iterator[tuple[Session, Journal]]:
        """One transaction that writes: all of it reaches the disk or none, and the journal's memory follows."""
        assert self._journal is not None
        journal = self._journal
        with self.home.sorted(), Session(self.home.writer, expire_on_commit=False) as session:
            try:
                session.connection()
                journal.recall(session)
                yield session, journal
                session.commit()
            except BaseException:
                journal.forget()
                session.rollback()
                raise
            session.expunge_all()

    def _finish(self, session: Session, journal: Journal, act: Acting, name: str, at: datetime) -> None:
        taken = act._taken
        act.act_id = self._line(session, taken, name, at, undoes=act.undoes)
        journal.append(session, taken.scope, [taken.head, *taken.entries])
        erasures = [(taken.scope.no, entry, taken.sid) for entry in taken.entries if entry.kind == bytes_.ERASE]
        erasure.wipe(session, erasure.note(session, erasures), SHIFT)
        search.index(session, taken.touched, act.on_indexed)

    def _line(self, session: Session, taken: Taken, name: str, at: datetime, undoes: UUID | None = None) -> UUID:
        """The act's own line of the story; its entry becomes the head of what was taken."""
        told: dict[str, Any] = {"id": new_id(), "verb": name, "officer": self.officer, "undoes": undoes, "at": at,
                "touched": len(taken.entries)}
        taken.head = taken.entry(0, Act, told["id"], capture.birth_values(Act, told))
        row = told | {"ver": capture.first_ver(taken.stamp(0)), "nconf": 0, "scope": taken.scope.no}
        seq = taken.seq()
        session.execute(sa.insert(cast(sa.Table, Act.__table__)).execution_options(journalled=True),
                        row if seq is None else row | {"seq": seq})
        return cast(UUID, told["id"])

    def _mark(self, session: Session, journal: Journal, told: Admitted) -> None:
        at = moment_of(self._wall())
        if all(ent == Act.CODE for ent, _id in told.touched):
            return  # what others took in: a line for it would be news for them, and theirs for us, for ever
        for scope in [s for s in journal.scopes.values() if s.no in told.sids and self._writes_in(s)]:
            taken = Taken(scope, journal.ready(session, scope), self.officer, journal.shared)
            told.acts[scope.no] = self._line(session, taken, TAKEN_IN, at)
            journal.append(session, scope, [taken.head])

    def _writes_in(self, scope: Scope) -> bool:
        """A village station writes nothing into the configuration."""
        return scope.name[:2] != "c:"

    def _told(self, act: Acting, done: list[Any]) -> Done[Any]:
        if any(code == Dictionary.CODE for code, _id in act._taken.touched):
            self.heed_codes()
        touched = frozenset((ENTITIES[code].__tablename__, eid) for code, eid in act._taken.touched)
        return Done(done[0], touched, tuple(act.marks), act.act_id)

    # -- drafts -------------------------------------------------------------------------------------------

    def keep_draft(self, form: str, values: Mapping[str, str]) -> None:
        """Keep what is typed in a form; survives a crash, never leaves the encrypted file."""
        with self._writing() as (session, _journal):
            drafts.keep(session, form, values, self._wall())

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
