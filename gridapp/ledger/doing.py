"""Doing (操作): one transaction, one line of the story, one step of undo; and taking back, which is another act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.errors import Mark
from gridapp.fields.ids import new_id
from gridapp.ledger import capture, erasure, search, undo, viewing
from gridapp.ledger import entries as bytes_
from gridapp.ledger.admission import Admitted
from gridapp.ledger.capture import Taken
from gridapp.ledger.clock import day_of, moment_of
from gridapp.ledger.journal import SHIFT, Journal, Scope
from gridapp.ledger.meeting import Meeting
from gridapp.ledger.permits import HOUSE, PLAIN, Needs, Seat, needed
from gridapp.ledger.reader import Acting
from gridapp.ledger.resting import collector_rests
from gridapp.ledger.verbs import TAKEN_IN
from gridapp.ledger.watching import Watching
from gridapp.records import ENTITIES, Act, Dictionary
from gridapp.store.hub import again_if_busy

T = TypeVar("T")


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


class Doing(Meeting, Watching):
    """The part of a ledger that writes; `Ledger` is the whole."""

    #: the village a town works in at the moment; its own register and everything it holds, where that is none
    working: str | None = None

    @property
    def scope(self) -> str:
        """The register this ledger was begun with: 'v:330784108238'."""
        assert self._journal is not None
        return self._journal.home

    @property
    def device(self) -> bytes:
        """The public key of this station (32 bytes)."""
        assert self._journal is not None
        return self._journal.signer.public

    @property
    def today(self) -> Any:
        """The calendar day in China, by the ledger's clock."""
        return day_of(self._wall())

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

    def reversible(self) -> tuple[bool, bool]:
        """Whether whoever sits here may take back what `undo` and `redo` would; where there is nothing, asking says so. Raises NobodyHere."""
        with self._refusals_told(), self.home.sorted(), Session(self.home.engine) as session:
            seat = self._seated(session, Needs(frozenset({PLAIN})))
            return self._may(session, seat, undo.next_undo), self._may(session, seat, undo.next_redo)

    def _may(self, session: Session, seat: Seat, choose: Callable[[Session, bytes], Act]) -> bool:
        try:
            asked = undo.needs_of(session, choose(session, self.device))
        except (undo.NothingToUndo, undo.NothingToRedo):
            return True
        return seat == HOUSE or asked is not None and seat.may(asked.any_of)

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
