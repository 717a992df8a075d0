"""Taking seals of others in (合并): looked at as bytes, placed in the graph, folded into the tables; all of it in one transaction, or nothing.

Whether their author may be believed is decided before (gridapp.exchange.trust). What is checked here needs no opinion: positions, stamps,
whole acts, hashes, the author's signature, and that everything a seal builds on is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from gridapp.errors import Mistake
from gridapp.fields.kinds import Cbor
from gridapp.ledger import bulk, erasure, fold
from gridapp.ledger import entries as bytes_
from gridapp.ledger.entries import Entry, Seal
from gridapp.ledger.graph import Graph
from gridapp.ledger.journal import SHIFT, Journal, Scope
from gridapp.ledger.registers import ENDINGS, Registers
from gridapp.ledger.tables import DEVICE, ENTRY, SEAL
from gridapp.records import ENTITIES
from gridapp.store.vault import signed_by
from gridapp.texts import _


class BadSeal(Mistake):
    """A seal that is not what its author signed, or breaks the rules of the journal: the whole file is refused (E_SIGNATURE, E_FORMAT)."""

    def __init__(self, what: str) -> None:
        super().__init__(_("交接包里的一段记录不符合签名或格式（{0}），整包没有接收，台账没有改动。请对方重新生成，并告诉镇里。").format(what))
        self.what = what


@dataclass
class Admitted:
    """What came of some seals: taken, known before, and those whose parents are missing ({seal id: ids it waits for})."""

    taken: list[bytes] = field(default_factory=list)
    known: list[bytes] = field(default_factory=list)
    gaps: dict[bytes, list[bytes]] = field(default_factory=dict)
    #: first and last seal number by number of the scope
    sids: dict[int, tuple[int, int]] = field(default_factory=dict)
    touched: dict[tuple[int, UUID], None] = field(default_factory=dict)
    #: the act of taking in, by number of the scope
    acts: dict[int, UUID] = field(default_factory=dict)
    entries: int = 0
    clashes: int = 0

    def add(self, more: Admitted) -> None:
        """And what came of the next ones."""
        self.taken += more.taken
        self.known += more.known
        self.gaps = {s: missing for s, missing in (self.gaps | more.gaps).items() if s not in more.taken}
        for no, (first, last) in more.sids.items():
            self.sids[no] = (self.sids.get(no, (first, last))[0], last)
        self.touched |= more.touched
        self.entries += more.entries
        self.clashes += more.clashes


def examine(seal: Seal) -> None:
    """Raises BadSeal when the seal is not well formed in itself or not signed by its device (sync.md 4.1)."""
    head, last, place = seal.head, 0, bytes_.MOST_TXB
    if not head.n or len(seal.entries) != head.n:
        raise BadSeal(_("条数不符"))
    for number, entry in enumerate(seal.entries, 1):
        if entry.pos != number or entry.hlc <= last:
            raise BadSeal(_("次序不对"))
        if entry.txb not in (0, min(place + 1, bytes_.MOST_TXB)) or number == 1 and entry.txb:
            raise BadSeal(_("操作不完整"))
        last, place = entry.hlc, entry.txb
    if (seal.entries[0].hlc, last) != (head.h0, head.h1) or bytes_.root_of(seal.entries) != head.root:
        raise BadSeal(_("哈希链不符"))
    if not signed_by(head.device, seal.id, seal.sig):
        raise BadSeal(_("签名不符"))


def in_order(seals: Sequence[Seal]) -> list[Seal]:
    """Parents before children, whatever order they came in."""
    by_id, done, ordered = {s.id: s for s in seals}, set[bytes](), list[Seal]()
    for seal in seals:
        stack = [seal]
        while stack:
            top = stack[-1]
            waits = [by_id[p] for p in top.head.parents if p in by_id and p not in done]
            if waits and top.id not in done:
                stack.extend(waits)
                continue
            stack.pop()
            if top.id not in done:
                done.add(top.id)
                ordered.append(top)
    return ordered


def ends(session: Session, ids: Iterable[bytes]) -> dict[bytes, int]:
    """The last stamp of those closed seals that are here, by id."""
    wanted, found = list(set(ids)), dict[bytes, int]()
    for start in range(0, len(wanted), bulk.SOME):
        found |= {row.id: row.h1 for row in session.execute(
            sa.select(SEAL.c.id, SEAL.c.h1).where(SEAL.c.id.in_(wanted[start:start + bulk.SOME])))}
    return found


def sift(session: Session, seals: Sequence[Seal]) -> tuple[list[Seal], Admitted]:
    """Those that can be taken in, parents first, and what is said of the others. Raises BadSeal."""
    told, fit = Admitted(), list[Seal]()
    here = ends(session, [i for s in seals for i in (s.id, *s.head.parents)])
    for seal in in_order(seals):
        if seal.id in here:
            told.known.append(seal.id)
            continue
        examine(seal)
        missing = [p for p in seal.head.parents if p not in here]
        if missing:
            told.gaps[seal.id] = missing
            continue
        if any(here[p] >= seal.head.h0 for p in seal.head.parents):
            raise BadSeal(_("时间倒退"))
        here[seal.id] = seal.head.h1
        fit.append(seal)
    return fit, told


Placed = list[tuple[Scope, int, Seal]]


def admit(session: Session, journal: Journal, seals: Sequence[Seal]) -> Admitted:
    """Take in what can be taken in: entries stored, tables folded. Own open seals must be closed. Raises BadSeal."""
    fit, told = sift(session, seals)
    graph = Graph(session)
    new = _place(session, journal, fit, graph, told, store=True)
    bulk.insert(session, ENTRY, ("sid", *Entry._fields), [(sid, *entry) for _scope, sid, seal in new for entry in seal.entries])
    erased = erasure.note(session, [(scope.no, e, sid) for scope, sid, seal in new for e in seal.entries if e.kind == bytes_.ERASE])
    mentioned = ((scope.no, e.ent, e.eid) for scope, _sid, seal in new for e in seal.entries)
    gone = erased | erasure.among(session, mentioned)
    writes, all_known = _writes(new, gone)
    folding, before = _folded(session, graph, writes, whole=False)
    by_number = {scope.no: scope for scope in journal.scopes.values()}
    rows = [folding.row(key) for key in folding.rows]
    fold.put(session, [(row, _numbered(by_number[row.key[0]], journal.shared)) for row in rows if row.key not in before],
             [row for row in rows if row.key in before], before)
    told.clashes = sum(row.nconf > before[row.key].clashes(graph) if row.key in before else bool(row.nconf) for row in rows)
    told.touched = {(ent, UUID(bytes=eid)): None for _no, ent, eid in folding.rows}
    erasure.wipe(session, gone, SHIFT)
    if not all_known:
        fold.note_unknown(session)
    for scope in {scope.no: scope for scope, _sid, _seal in new}.values():
        journal.keep(session, scope)
    return told


def _numbered(scope: Scope, numbered: bool) -> int | None:
    if not numbered:
        return None
    scope.seq += 1
    return scope.seq


def _place(session: Session, journal: Journal, fit: Sequence[Seal], graph: Graph, told: Admitted, store: bool) -> Placed:
    """Give every seal its place in the graph and its number."""
    new: Placed = []
    for scope in journal.scopes.values():
        scope.places.clear()
    if store:
        _know(session, {seal.head.device for seal in fit})
    for seal in fit:
        scope = journal.scopes[seal.head.scope]
        sid = journal.link_in(session, scope, seal, graph, store)
        told.sids[scope.no] = (told.sids.get(scope.no, (sid, sid))[0], sid)
        told.taken.append(seal.id)
        told.entries += len(seal.entries)
        new.append((scope, sid, seal))
    return new


def _know(session: Session, devices: set[bytes]) -> None:
    """Devices whose seals are here: somebody vouched for them when they were taken in."""
    new = devices - set(session.scalars(sa.select(DEVICE.c.dev)))
    if new:
        session.execute(sa.insert(DEVICE), [{"dev": device, "name": ""} for device in sorted(new)])


Write = tuple[fold.Key, tuple[int, int], dict[int, Cbor]]


def _writes(new: Placed, gone: set[fold.Key]) -> tuple[list[Write], bool]:
    """What is written to records that were not erased, as far as this program knows the words; and whether it knows them all."""
    writes, all_known = list[Write](), True
    for scope, sid, seal in new:
        no = scope.no
        for (_pos, hlc, _kind, ent, _txb, _officer, eid, *_payload), values in zip(seal.entries, seal.values, strict=True):
            if ent not in ENTITIES:
                all_known = False
            elif values is not None and (key := (no, ent, eid)) not in gone:
                told = fold.readable(ent, values)
                all_known = all_known and told is values
                writes.append((key, (hlc, sid), told))
    return writes, all_known


def _folded(session: Session, graph: Graph, writes: Sequence[Write], whole: bool) -> tuple[fold.Fold, dict[fold.Key, Registers]]:
    """(what the touched records say afterwards, and those that were here before as they were); both `whole`, or of what is written only."""
    folding, before = fold.Fold(graph), _before(session, writes, whole)
    for key, registers in before.items():
        folding.rows[key] = registers.copy()
    graph.look_up(set().union(*(registers.seals() for registers in before.values())))
    for key, stamp, values in writes:
        folding.write(key, stamp, values)
    return folding, before


def _before(session: Session, writes: Sequence[Write], whole: bool) -> dict[fold.Key, Registers]:
    """The records that are written to and are here already."""
    touched: dict[tuple[int, int], tuple[dict[bytes, None], set[int], set[bytes]]] = {}
    for (no, ent, eid), _stamp, values in writes:
        ids, tags, ended = touched.setdefault((no, ent), ({}, set(), set()))
        ids[eid] = None
        tags.update(values)
        if not values.keys().isdisjoint(ENDINGS):
            ended.add(eid)
    before: dict[fold.Key, Registers] = {}
    for (no, ent), (ids, tags, ended) in touched.items():
        found = (fold.kept(session, ENTITIES[ent], no, map(_uuid, ids)) if whole
                 else fold.partly(session, ENTITIES[ent], no, ids.keys(), tags, ended))
        before |= {(no, ent, eid): registers for eid, registers in found.items()}
    return before


def _uuid(eid: bytes) -> UUID:
    return UUID(bytes=eid)


# ---------------------------------------------------------------- looking before

@dataclass(frozen=True)
class Seen:
    """One record of a parcel before it is taken in: what it says now and what it would say; `now` is None for a new one."""

    key: fold.Key
    now: Registers | None
    then: Registers
    #: the tag that ended it, where somebody who did not know went on editing it, which nobody here could see before
    ended: int | None = None


@dataclass
class Weighed:
    """What taking some seals in would do."""

    told: Admitted
    seen: list[Seen]
    erased: int = 0


def weigh(session: Session, journal: Journal, seals: Sequence[Seal]) -> Weighed:
    """The same as `admit`, in memory: nothing is written, nobody is kept waiting. `journal` is one of its own. Raises BadSeal."""
    fit, told = sift(session, seals)
    graph = Graph(session)
    new = _place(session, journal, fit, graph, told, store=False)
    erased = {(scope.no, e.ent, e.eid) for scope, _sid, seal in new for e in seal.entries if e.kind == bytes_.ERASE}
    mentioned = ((scope.no, e.ent, e.eid) for scope, _sid, seal in new for e in seal.entries)
    writes, _all_known = _writes(new, erased | erasure.among(session, mentioned))
    folding, before = _folded(session, graph, writes, whole=True)
    seen = [_seen(graph, key, before.get(key), folding.registers(key)) for key in folding.rows]
    told.clashes = sum(s.then.clashes(graph) > (s.now.clashes(graph) if s.now else 0) for s in seen)
    return Weighed(told, seen, len(erased))


def _seen(graph: Graph, key: fold.Key, now: Registers | None, then: Registers) -> Seen:
    ended = then.edited_after_ending(graph)
    return Seen(key, now, then, ended if now is None or now.edited_after_ending(graph) is None else None)
