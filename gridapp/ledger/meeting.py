"""What a ledger does when it meets another: says what it holds, gives what is missing there, looks at what comes, takes it in."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import cbor2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.fields.ids import new_id
from gridapp.ledger import admission, bulk, codebook, search
from gridapp.ledger import entries as bytes_
from gridapp.ledger.admission import Admitted, Weighed
from gridapp.ledger.entries import Entry, Seal, SealHead
from gridapp.ledger.findable import WATCHED
from gridapp.ledger.home import Home
from gridapp.ledger.journal import SHIFT, Journal, entries_of
from gridapp.ledger.resting import collector_rests
from gridapp.ledger.tables import ENTRY, FACT, SCOPE, SEAL
from gridapp.records import ENTITIES, Dictionary
from gridapp.store.hub import again_if_busy

P = ParamSpec("P")
T = TypeVar("T")


#: entries taken in at a time
A_LOT = 50_000
#: facts of this name say that the search index lacks what was taken in
OWED = "unindexed "


@dataclass(frozen=True)
class Lot:
    """Seals another ledger has not been heard to hold, parents first: their numbers, and how many entries they have."""

    sids: list[int]
    entries: int


class Meeting(ABC):
    """The half of a ledger that deals with others; `Ledger` is the other half."""

    home: Home
    _journal: Journal | None
    #: when the code tables were last looked at, by the ledger's clock
    _codes_at = 0

    @abstractmethod
    def _writing(self) -> AbstractContextManager[tuple[Session, Journal]]:
        """One transaction that writes."""

    # -- what it holds

    def scopes(self) -> list[str]:
        """Names of the scopes this ledger holds, its own register first."""
        with self.home.sorted(), Session(self.home.engine) as session:
            return list(session.scalars(sa.select(SCOPE.c.name).order_by(SCOPE.c.no)))

    def hold_scopes(self, names: Iterable[str]) -> None:
        """Begin to hold scopes (after pairing); those held already stay as they are."""
        wanted = list(names)

        def hold() -> None:
            with self._writing() as (session, journal):
                for name in wanted:
                    journal.hold(session, name)

        again_if_busy(hold)

    def close_seals(self) -> None:
        """Sign what was written since the last seals; before every hand-over and every taking-in."""
        if self.home.shared:
            return  # every act closed its own
        with self._writing() as (session, journal):
            for name in sorted(journal.scopes):
                journal.close_seal(session, journal.lock(session, name))

    def heads(self, scopes: Iterable[str] | None = None) -> dict[str, list[bytes]]:
        """{scope: ids of the closed seals nothing follows}: what this ledger holds, told in a few bytes."""
        with self.home.sorted(), Session(self.home.engine) as session:
            wanted = None if scopes is None else set(scopes)
            return {row.name: cbor2.loads(row.heads) for row in session.execute(sa.select(SCOPE).order_by(SCOPE.c.no))
                    if wanted is None or row.name in wanted}

    def has(self, ids: Iterable[bytes]) -> set[bytes]:
        """Which of these closed seals are here."""
        with self.home.sorted(), Session(self.home.engine) as session:
            return set(admission.ends(session, ids))

    def behind(self, older: bytes, newer: Iterable[bytes]) -> bool:
        """Whether a seal is one of `newer` or in the past of one of them; False for what is not here."""
        with self.home.sorted(), Session(self.home.engine) as session:
            assert self._journal is not None
            places = {p.id: (sid >> SHIFT, p) for sid, p in self._journal.parents(session, [older, *newer])}
            if older not in places:
                return False
            scope, place = places[older]
            return any(places[n][1].holds(place) for n in newer if n in places and places[n][0] == scope)

    # -- giving

    def missing(self, scopes: Iterable[str], known: Iterable[bytes]) -> Lot:
        """Closed seals of these scopes that are not in the past of what the other is known to hold. Ids we do not know say nothing."""
        with self.home.sorted(), Session(self.home.engine) as session:
            assert self._journal is not None
            wanted, have = list(scopes), dict[str, dict[int, int]]()
            for sid, place in self._journal.parents(session, list(known)):
                name = session.scalar(sa.select(SEAL.c.scope).where(SEAL.c.sid == sid))
                past = have.setdefault(str(name), {})
                for chain, pos in place.past.items():
                    past[chain] = max(past.get(chain, 0), pos)
            sids, count = list[int](), 0
            for name in wanted:
                past = have.get(name, {})
                where = [SEAL.c.scope == name, SEAL.c.id.is_not(None), *(
                    sa.or_(SEAL.c.chain != chain, SEAL.c.pos > pos) for chain, pos in past.items())]
                for row in session.execute(sa.select(SEAL.c.sid, SEAL.c.n).where(*where).order_by(SEAL.c.sid)):
                    sids.append(row.sid)
                    count += row.n
            return Lot(sids, count)

    def unheard(self, scopes: Iterable[str], known: Iterable[bytes]) -> int:
        """How many entries another has not been heard to hold, those of open seals too."""
        names = list(scopes)
        lot = self.missing(names, known)
        with self.home.sorted(), Session(self.home.engine) as session:
            loose = session.scalar(sa.select(sa.func.sum(SEAL.c.n)).where(SEAL.c.id.is_(None), SEAL.c.scope.in_(names)))
        return lot.entries + int(loose or 0)

    def number_of(self, name: str) -> int | None:
        """The number of a scope this ledger holds."""
        with self.home.sorted(), Session(self.home.engine) as session:
            return session.scalar(sa.select(SCOPE.c.no).where(SCOPE.c.name == name))

    def scopes_of(self, sids: Iterable[int]) -> list[str]:
        """Names of the scopes these seals belong to."""
        with self.home.sorted(), Session(self.home.engine) as session:
            return list(session.scalars(sa.select(SCOPE.c.name).where(SCOPE.c.no.in_({sid >> SHIFT for sid in sids})).order_by(SCOPE.c.no)))

    def touched_by(self, sids: Sequence[int]) -> dict[int, int]:
        """{entity code: how many records} some seals write about."""
        found: dict[int, set[bytes]] = {}
        with self.home.sorted(), Session(self.home.engine) as session:
            for start in range(0, len(sids), bulk.SOME):
                for ent, eid in session.execute(sa.select(ENTRY.c.ent, ENTRY.c.eid).distinct().where(ENTRY.c.sid.in_(sids[start:start + bulk.SOME]))):
                    found.setdefault(ent, set()).add(eid)
        return {ent: len(ids) for ent, ids in sorted(found.items())}

    def written(self, ent: int, sids: Sequence[int]) -> list[bytes]:
        """Ids of the records of one entity that some seals write about."""
        found = dict[bytes, None]()
        with self.home.sorted(), Session(self.home.engine) as session:
            for start in range(0, len(sids), bulk.SOME):
                found |= dict.fromkeys(session.scalars(
                    sa.select(ENTRY.c.eid).distinct().where(ENTRY.c.sid.in_(sids[start:start + bulk.SOME]), ENTRY.c.ent == ent)))
        return list(found)

    def open_questions(self) -> int:
        """How many records wait for a person to decide (冲突)."""
        with self.home.sorted(), Session(self.home.engine) as session:
            return sum(session.scalar(sa.select(sa.func.count()).select_from(entity).where(entity.nconf > 0)) or 0 for entity in ENTITIES.values())

    def seals(self, sids: Sequence[int]) -> Iterator[Seal]:
        """The seals with their entries, one after another."""
        with self.home.sorted(), Session(self.home.engine) as session:
            for start in range(0, len(sids), bulk.SOME):
                some = sids[start:start + bulk.SOME]
                heads = {row.sid: row for row in session.execute(sa.select(SEAL).where(SEAL.c.sid.in_(some)))}
                for sid in some:
                    entries = [entry for _sid, entry in entries_of(session, ENTRY.c.sid == sid)]
                    yield Seal(_head(heads[sid]), heads[sid].sig, entries, [_values(entry) for entry in entries])

    # -- taking

    def weigh(self, seals: Sequence[Seal]) -> Weighed:
        """What taking these in would do; nothing is written and nobody is kept waiting. Raises BadSeal."""
        with collector_rests(), self.home.sorted(), Session(self.home.engine) as session:
            assert self._journal is not None
            own = Journal(self._journal.home, self._journal.signer, self._journal.wall)
            own.reload(session)
            return admission.weigh(session, own, seals)

    def admit(self, seals: Iterable[Seal], note: Callable[[Session, Admitted], None] = lambda _session, _told: None,
              scopes: Iterable[str] | None = None) -> Admitted:
        """Take seals in, parents first, in one transaction: all that can be, or nothing. `note` may write its own lines into it.

        They are gone through some ten thousand entries at a time, so a first parcel may be of any size. Every scope something came into
        and this station writes in gets an act of its own, which undo takes back. `scopes` are those the seals may belong to (None: any): nobody
        who writes in another is kept waiting. Raises BadSeal; what `note` and `seals` raise.
        """
        whole, among = Admitted(), None if scopes is None or not self.home.shared else set(scopes)
        with collector_rests(), self._writing() as (session, journal):
            locked = sorted(journal.scopes.keys() if among is None else among & journal.scopes.keys())
            for name in locked:
                journal.close_seal(session, journal.lock(session, name))
            for some in _by_the_lot(seals):
                whole.add(admission.admit(session, journal, [s for s in some if s.head.scope in locked]))
            self._mark(session, journal, whole)
            if whole.touched:
                owed = json.dumps(list(whole.sids.values()))
                session.execute(sa.insert(FACT).values(name=f"{OWED}{new_id().hex}", value=owed))
            note(session, whole)
        if any(ent == Dictionary.CODE for ent, _id in whole.touched):
            self.heed_codes()
        self.catch_up()  # also what an earlier taking-in owes, whose disk was full just then
        return whole

    @abstractmethod
    def _mark(self, session: Session, journal: Journal, told: Admitted) -> None:
        """Write the acts of a taking-in."""

    def catch_up(self, done: Callable[[int], None] = lambda _records: None) -> None:
        """Bring the search index up to what was taken in; done at opening where a kill came between. What another is at already is left to it."""
        asked = sa.select(FACT.c.name, FACT.c.value).where(FACT.c.name.startswith(OWED)).order_by(FACT.c.name).with_for_update(skip_locked=True)

        def write() -> None:
            with collector_rests(), self._writing() as (session, journal):
                owed = [(name, json.loads(told)) for name, told in session.execute(asked).all()]
                numbers = {first >> SHIFT for _name, told in owed for first, _last in told}
                for name in sorted(s.name for s in journal.scopes.values() if s.no in numbers):
                    journal.lock(session, name)  # nobody must index the same record meanwhile
                for name, told in owed:
                    search.index(session, _to_index(session, told), done)
                    session.execute(sa.delete(FACT).where(FACT.c.name == name))

        again_if_busy(write)

    def heed_codes(self) -> None:
        """The code tables that are here count from now on."""
        assert self._journal is not None
        self.look(codebook.spread, self._journal.home)
        self._codes_at = self._journal.wall()

    # -- books

    def note(self, write: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one of `dealings`' writing functions."""

        def run() -> T:
            with self._writing() as (session, _journal):
                return write(session, *args, **kwargs)

        return again_if_busy(run)

    def look(self, read: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one of `dealings`' reading functions."""
        with self.home.sorted(), Session(self.home.engine) as session:
            return read(session, *args, **kwargs)

    def secret(self, name: str) -> str | None:
        """What this station keeps to itself, inside the encrypted ledger."""
        with self.home.sorted(), Session(self.home.engine) as session:
            return self.home.secret(session, name)

    def keep_secret(self, name: str, value: str) -> None:
        def keep() -> None:
            with self._writing() as (session, _journal):
                self.home.keep_secret(session, name, value)

        again_if_busy(keep)


def _to_index(session: Session, runs: Iterable[Sequence[int]]) -> dict[tuple[int, UUID], None]:
    """(entity code, id) of the records in some runs of seals, once each, of which something is written that is searched."""
    touched = dict[tuple[int, UUID], None]()
    for first, last in runs:
        asked = sa.select(ENTRY.c.ent, ENTRY.c.eid, ENTRY.c.kind, ENTRY.c.payload).where(
            ENTRY.c.sid.between(first, last), ENTRY.c.ent.in_(WATCHED)).execution_options(yield_per=2000)
        for ent, eid, kind, payload in session.execute(asked):
            if kind != bytes_.WRITE or payload is None or not WATCHED[ent].isdisjoint(bytes_.decode(payload)):
                touched[ent, UUID(bytes=eid)] = None
    return touched


def _by_the_lot(seals: Iterable[Seal]) -> Iterator[list[Seal]]:
    some, entries = list[Seal](), 0
    for seal in seals:
        some.append(seal)
        entries += len(seal.entries)
        if entries >= A_LOT:
            yield some
            some, entries = [], 0
    if some:
        yield some


def _head(row: Any) -> SealHead:
    return SealHead(row.scope, row.dev, cbor2.loads(row.parents), [(s, i) for s, i in cbor2.loads(row.seen)],
                    row.n, row.h0, row.h1, row.root, row.schema)


def _values(entry: Entry) -> Any:
    return bytes_.decode(entry.payload) if entry.kind == bytes_.WRITE and entry.payload is not None else None
