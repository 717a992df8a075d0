"""A station in a random history: a real ledger, and beside it what the test itself knows of it. Whatever the ledger does is foretold."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import cbor2
import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Cbor
from gridapp.ledger import Done, Ledger, dealings, fold, proof
from gridapp.ledger import entries as bytes_
from gridapp.ledger.admission import Admitted, BadSeal
from gridapp.ledger.entries import Seal
from gridapp.ledger.tables import ENTRY, SCOPE, SEAL
from gridapp.ledger.undo import AlreadyUndone, ChangedSince, NothingLeft, NothingToRedo, NothingToUndo
from gridapp.records import Act, Person
from tests import ledgers
from tests.faults.knowledge import Acted, Knowledge, bits
from tests.faults.oracle import Oracle, Told, Write

#: what a raw birth says beside the values given
BORN = {1: "111", 2: ledgers.NUMBERS[0], 3: "彭兵"}
Values = dict[int, Cbor]
PERSONS = cast(sa.Table, Person.__table__)


class Station:
    """One PC of the village or the town."""

    def __init__(self, ledger: Ledger, wall: Callable[[], int], oracle: Oracle) -> None:
        self.ledger, self.wall, self.oracle, self.told = ledger, wall, oracle, Knowledge()
        self.path, self.scopes, self.ledger.officer = ledger.path, ledger.scopes(), 1
        self.ledger._wall = wall
        self._aside()

    def _aside(self) -> None:
        """Nobody holds the file open now, and nobody remembers what was in it."""
        journal = self.ledger._journal
        assert journal is not None
        self.ledger.home.engine.dispose()
        journal.wall = self.wall
        journal.forget()

    def rows(self, scope: str) -> dict[bytes, Any]:
        """What its records must say by the oracle."""
        return self.oracle.rows(self.told.known, scope)

    # -- acting

    def do(self, scope: str, verb: Callable[..., Any], expected: dict[bytes, Values], *args: Any, erases: bool = False, **named: Any) -> None:
        """An act that must write exactly this."""
        done = self.ledger.do_in(scope, verb, *args, **named)
        assert (done.act is not None) == bool(expected), "an act is told where nothing was written, or the other way round"
        self._heard(scope, expected, erases, done.act)

    def takes_back(self, door: Callable[[], Done[UUID]], chosen: UUID | None = None) -> None:
        """Undo or redo, and foresee what is written, or that it is refused."""
        try:
            done = door()
        except ChangedSince:
            assert chosen not in self.told.acts or self._back(self.told.acts[chosen]) is None, "refused to take back what nobody changed since"
            return
        except NothingLeft:
            assert chosen is not None and not self._back(self.told.acts[chosen]), "refused to take back what is there"
            return
        except (AlreadyUndone, NothingToUndo, NothingToRedo):
            return
        act = self.told.acts.get(done.result)
        assert chosen is not None or self.oracle.acts[done.result] == self.ledger.device, "took back a colleague's work"
        expected = self._back(act) if act is not None else {}
        assert expected is not None, "took back what was changed since"
        self._heard(act.scope if act else self.scopes[0], expected if act else None, False, done.act)

    def _back(self, act: Acted) -> dict[bytes, Values] | None:
        """What taking an act back must write; None where somebody wrote on top of it.

        What came in and lost against ours is overruled by ours once more, so that the question it asked is closed.
        """
        order, now = self.told.order[act.scope], self.rows(act.scope)
        before, back = self.oracle.shown(order[:act.first]), dict[bytes, Values]()
        for record, written in self.oracle.shown(order[act.first:act.last]).items():
            if record not in now or not written:
                continue
            stood, told = before.get(record), now[record]
            back[record] = {100: True} if stood is None else {}
            for tag, value in written.items():
                ours = told.values.get(tag)
                if ours != value and value not in [lost for _stamp, _seal, lost in told.losers.get(tag, ())]:
                    return None
                if stood is not None:
                    back[record][tag] = stood.get(tag) if ours == value else ours
        return back

    def _heard(self, scope: str, expected: dict[bytes, Values] | None, erases: bool, act: UUID | None) -> None:
        """Look up what was written, and that it is what was foretold; None where the act is that of a copy of this file."""
        first, left = len(self.told.order.setdefault(scope, [])), dict(expected or {})
        latest = max((w.stamp for w in self.oracle.those(self.told.known, scope)), default=0)
        for sid, _pos, hlc, kind, ent, eid, payload in self._new_entries(scope):
            self._opened_seal(scope, sid)
            assert hlc > latest and hlc >= self.wall() << 16, "stamped before what its author knew"
            if ent == Act.CODE:
                continue
            assert kind == (bytes_.ERASE if erases else bytes_.WRITE)
            values = {} if erases else bytes_.decode(payload)
            assert expected is None or left.pop(eid) == values, "wrote something else than the officer said"
            write = self.oracle.wrote(scope, eid, values, self.told.known, hlc, erases)
            self.told.open[scope][2].append(write)
            self._learnt(scope, [write])
        assert not left, "something was not written"
        if act is not None:
            self.told.acts[act] = Acted(scope, first, len(self.told.order[scope]))
            self.oracle.acts[act] = self.ledger.device
        self._closed()
        self.agrees()

    def _learnt(self, scope: str, writes: Iterable[Write]) -> None:
        order = self.told.order.setdefault(scope, [])
        for write in writes:
            self.told.known |= 1 << write.number
            order.append(write.number)

    def _new_entries(self, scope: str) -> list[Any]:
        last = self.told.last.get(scope, (0, 0))
        with Session(self.ledger.home.engine) as session:
            number = session.scalar(sa.select(SCOPE.c.no).where(SCOPE.c.name == scope))
            assert number is not None
            c = ENTRY.c
            found = session.execute(sa.select(c.sid, c.pos, c.hlc, c.kind, c.ent, c.eid, c.payload).where(
                c.sid >= number << 32, c.sid < number + 1 << 32, sa.tuple_(c.sid, c.pos) > sa.tuple_(*map(sa.literal, last))).order_by(c.sid, c.pos)).all()
        if found:
            self.told.last[scope] = (found[-1].sid, found[-1].pos)
        return [tuple(row) for row in found]

    def _opened_seal(self, scope: str, sid: int) -> None:
        if scope not in self.told.open or self.told.open[scope][0] != sid:
            assert scope not in self.told.open, "a second seal is open"
            self.told.open[scope] = (sid, self.oracle.heads(self.told.seals, scope), [])

    def close_seals(self) -> None:
        self.ledger.close_seals()
        self._closed()
        assert not self.told.open, "a seal stays open"

    def _closed(self) -> None:
        """Note the seals that are closed by now."""
        with Session(self.ledger.home.engine) as session:
            for scope, (sid, parents, writes) in list(self.told.open.items()):
                row = session.execute(sa.select(SEAL.c.id, SEAL.c.parents).where(SEAL.c.sid == sid)).one()
                if row.id is None:
                    continue
                assert set(cbor2.loads(row.parents)) == parents, "a seal does not build on all that was there"
                del self.told.open[scope]
                same = self.oracle.seals.get(row.id)
                if same is not None:  # closed by a copy of this file as well: the same writes under two numbers
                    self.told.known = self.told.known & ~bits(w.number for w in writes) | bits(w.number for w in same.writes)
                    order = self.told.order.get(scope, [])
                    order[:] = [{w.number: s.number for w, s in zip(writes, same.writes, strict=True)}.get(n, n) for n in order]
                self.oracle.closed(row.id, scope, parents, writes)
                self.told.seals.add(row.id)

    # -- meeting

    def gives(self, scopes: Sequence[str], known: Iterable[bytes]) -> list[Seal]:
        """What is given to somebody who is known to hold these seals: all he lacks, parents first, and nothing else."""
        self.close_seals()
        held = [s for s in known if s in self.told.seals]
        past = frozenset[bytes]().union(*(self.oracle.seals[s].past for s in held))
        seals = list(self.ledger.seals(self.ledger.missing(scopes, known).sids))
        wanted = {s for s in self.told.seals if self.oracle.seals[s].scope in scopes} - past
        assert {s.id for s in seals} == wanted and len(seals) == len(wanted), "gives too little or too much"
        given = set[bytes]()
        for seal in seals:
            assert not self.oracle.seals[seal.id].parents & wanted - given, "a child before its parent"
            given.add(seal.id)
        return seals

    def takes(self, seals: Sequence[Seal], look_first: bool = False) -> Admitted:
        """Take seals in: exactly those whose past is here or comes with them."""
        own = [s for s in seals if s.head.scope in self.scopes]
        if look_first:
            self.close_seals()
        weighed = self.ledger.weigh(own) if look_first else None
        told = self.ledger.admit(seals, self._book)
        self._closed()
        assert not {s.head.scope for s in own} & self.told.open.keys(), "what is open stands beside what came in"
        new, gaps, known = self._foretold(own)
        assert (set(told.taken), set(told.gaps), set(told.known)) == (set(new), gaps, known), "took in something else than could be"
        self.told.seals |= set(new)
        first = {self.oracle.seals[s].scope: 0 for s in new}
        first = {scope: len(self.told.order.setdefault(scope, [])) for scope in first}
        for seal in told.taken:
            self._learnt(self.oracle.seals[seal].scope, self.oracle.seals[seal].writes)
        for scope in first:
            self._marked(scope, told, first[scope])
        if weighed is not None:
            self._as_weighed(weighed, told)
        self.agrees()
        return told

    def _foretold(self, seals: Sequence[Seal]) -> tuple[list[bytes], set[bytes], set[bytes]]:
        """(taken, waiting for their parents, known before), by ids."""
        here, new, waiting = set(self.told.seals), list[bytes](), {s.id for s in seals}
        known = waiting & here
        waiting -= known
        while fit := sorted(s for s in waiting if self.oracle.seals[s].parents <= here):
            new += fit
            here |= set(fit)
            waiting -= set(fit)
        return new, waiting, known

    def _marked(self, scope: str, told: Admitted, first: int) -> None:
        """After what came stands the act of taking it in; nothing in the configuration, nor where only acts came."""
        entries = self._new_entries(scope)
        own = [e for e in entries if e[4] == Act.CODE and UUID(bytes=e[5]) in told.acts.values()]
        expected = not scope.startswith("c:") and any(ent != Act.CODE for ent, _id in told.touched)
        assert len(own) == expected and (not own or own[0] == entries[-1])
        for sid, _pos, hlc, *_rest in own:
            self._opened_seal(scope, sid)
            assert hlc > max((w.stamp for w in self.oracle.those(self.told.known, scope)), default=0), "the clock was not raised"
            self.oracle.acts[UUID(bytes=own[0][5])] = self.ledger.device
            self.told.acts[UUID(bytes=own[0][5])] = Acted(scope, first, len(self.told.order.get(scope, ())))
        self._closed()

    def _as_weighed(self, weighed: Any, told: Admitted) -> None:
        assert (weighed.told.taken, weighed.told.gaps, weighed.told.clashes) == (told.taken, told.gaps, told.clashes), "weighed differently"
        with Session(self.ledger.home.engine) as session:
            numbers = {row.no: row.name for row in session.execute(sa.select(SCOPE))}
        for seen in (s for s in weighed.seen if s.key[1] == Person.CODE):
            row = self.rows(numbers[seen.key[0]])[seen.key[2]]
            assert {t: v for t, v in seen.then.values.items() if v is not None} == row.values, "the preview told something else"

    def _book(self, session: Session, told: Admitted) -> None:
        if told.taken:
            taken = {no: (*told.sids[no], act.bytes) for no, act in told.acts.items()}
            dealings.enter(session, dealings.Parcel(told.taken[0][:16], dealings.IN, self.ledger.device, "merged", 0, 0, {}, {}, taken))

    def refuses(self, sticks: Sequence[Sequence[Seal]]) -> None:
        """Something in each is not as its author signed it: all of it stays outside."""
        before = self.ledger.digest(), self.ledger.heads()
        for seals in sticks:
            try:
                self.ledger.admit(seals, self._book)
                raise AssertionError("took in what nobody signed")
            except BadSeal:
                pass
        assert (self.ledger.digest(), self.ledger.heads()) == before, "something of a refused stick was taken in"

    # -- copies of the file

    def copied(self, folder: Path) -> Knowledge:
        """Copy the closed file, as somebody does who makes a backup."""
        self._aside()
        folder.mkdir()
        shutil.copy(self.path, folder / self.path.name)
        return self.told.copy()

    def put_back(self, folder: Path, told: Knowledge) -> None:
        """Put an old copy in the place of today's file and go on with it."""
        self._aside()
        shutil.copy(folder / self.path.name, self.path)
        self.told = told.copy()
        for scope, (sid, parents, writes) in self.told.open.items():
            self.told.open[scope] = (sid, parents, self._again(scope, writes))

    def _again(self, scope: str, writes: list[Write]) -> list[Write]:
        """What was written into a seal that both copies of the file will close: the same writes in two seals."""
        made, order = list[Write](), self.told.order[scope] if writes else []
        for write in writes:
            twin = copy(write)
            twin.number, twin.known, twin.seal = len(self.oracle.writes), write.known & ~bits(w.number for w in writes) | bits(w.number for w in made), b""
            self.oracle.writes.append(twin)
            order[order.index(write.number)] = twin.number
            made.append(twin)
        self.told.known = self.told.known & ~bits(w.number for w in writes) | bits(w.number for w in made)
        return made

    # -- proving

    def prove(self, thoroughly: bool = False) -> None:
        """Its tables say what the oracle says, its heads are the right ones, its journal is whole and tells the same again."""
        for scope in self.scopes:
            assert self.shown(scope) == self.rows(scope), "the tables say something else than what was written"
            assert set(self.ledger.heads([scope])[scope]) == self.oracle.heads(self.told.seals, scope), "its heads are wrong"
        if thoroughly:
            before = self.ledger.digest()
            self.ledger.rebuild()
            assert self.ledger.digest() == before and self.ledger.verify().faults == ()
            return
        with Session(self.ledger.home.engine) as session:
            assert list(proof.journal_faults(session)) == []
            assert fold.from_journal(session) == list(fold.from_tables(session)), "the journal tells something else than the tables"

    def agrees(self) -> None:
        """What it shows is what the oracle says, between two steps. Not asked where somebody was erased: who was given only what is
        left of him has him neither here nor erased until the erasure arrives.
        """
        if not any(write.erases for write in self.oracle.writes):
            for scope in self.scopes:
                assert self.shown(scope) == self.rows(scope), "the tables say something else than what was written so far"

    def shown(self, scope: str) -> dict[bytes, Any]:
        with Session(self.ledger.home.engine) as session:
            seals = {row.sid: row.id or b"" for row in session.execute(sa.select(SEAL.c.sid, SEAL.c.id))}
            found = dict[bytes, Told]()
            for row in session.execute(sa.select(PERSONS).join(SCOPE, SCOPE.c.no == PERSONS.c.scope).where(SCOPE.c.name == scope)).mappings():
                values = {f.tag: f.kind.dump(row[name]) for name, f in fields_of(Person).items() if row[name] is not None}
                losers = {t: [(h[0], seals[h[1]], h[2]) for h in hs] for t, hs in cbor2.loads(row["ver"])[2].items()}
                found[row["id"].bytes] = Told(dict(sorted(values.items())), losers, row["nconf"])
            return found
