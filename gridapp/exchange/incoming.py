"""Taking in (接收): an opened parcel (arriving.py) is looked at before anything is written, and merged as one act.

What may not be taken in yet waits in the ledger with its reason (暂存), not on the stick, and is tried again with every parcel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from gridapp.errors import Mistake
from gridapp.exchange import columns, pictures, plain, stations
from gridapp.exchange.arriving import Received, trust_with
from gridapp.exchange.manifest import SealLine, line_of
from gridapp.exchange.refusals import Held as Reason
from gridapp.exchange.refusals import Noted
from gridapp.exchange.trust import branches, within_of
from gridapp.ledger import HAND, LOOK, PLAIN, REVIEW, Admitted, Ledger, Weighed, admission, dealings, gated, looks
from gridapp.ledger.dealings import Held, Parcel, Peer
from gridapp.ledger.entries import Seal, root_of
from gridapp.records import Act, Lease
from gridapp.store.hub import again_if_busy
from gridapp.texts import _
from gridapp.work import merging

#: acts after a taking-in among which its tidying is looked for
MOST_AFTER = 50
#: a parcel of more entries is counted, not shown record by record (a first parcel of a whole town)
MOST_SHOWN = 200_000
#: what the program keeps for itself: acts, and which document numbers a PC may give out
UNTOLD = (Act.CODE, Lease.CODE)


class NothingMerged(Mistake):
    """Undoing where nothing was taken in, or it was undone already."""

    def __init__(self) -> None:
        super().__init__(_("没有可以撤销的接收：最近一次接收已经撤销过，或者还没有接收过交接包。"))


class Waits(NamedTuple):
    """A seal that must wait: why, and for which parents."""

    seal: Seal
    reason: Reason
    missing: Sequence[bytes]


@dataclass(frozen=True)
class Preview:
    """What taking a parcel in would do; `weighed` is None for one too big to be shown record by record."""

    sender: str
    made_at: int
    entries: int
    weighed: Weighed | None
    held: tuple[tuple[Reason, str, int], ...]
    photos: int
    notes: tuple[str, ...]
    replay: bool
    #: whose write an entry is, by its stamp and record: device and number of the officer
    by: Mapping[tuple[int, bytes], tuple[bytes, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class TakenIn:
    """What came of it: see Admitted; photos kept and still wanted; what waits; records that rules decided about (exact twins merged)."""

    parcel: bytes
    admitted: Admitted
    held: int
    photos: int
    wanted: int
    notes: tuple[str, ...]
    tidied: int = 0


# ---------------------------------------------------------------- judging

@gated(PLAIN)
def judge(ledger: Ledger, received: Received, judged: list[Waits]) -> Iterator[Seal]:
    """Yield the seals that may be taken in, parents first, waiting ones of earlier parcels among them; the others go into `judged`.

    Waiting ones are tried before and after: what comes may build on them, or bring what they waited for.
    """
    trust = trust_with(ledger, received.opened)
    within = within_of(list(received.seals())) if any(k.revoked for k in trust.known.values()) else within_of(())
    waiting = admission.in_order([unpacked(h) for h in ledger.look(dealings.held)])
    here = ledger.has({p for line in received.lines for p in line.parents} | {p for s in waiting for p in s.head.parents})
    tried: dict[bytes, Waits] = {}
    for seal in chain(waiting, received.seals(), waiting):
        if seal.id in here:
            continue
        missing = [p for p in seal.head.parents if p not in here]
        reason = trust.judge(seal.head, seal.entries, ledger.now_ms(), within) or (Reason.GAP if missing else None)
        if reason is None:
            here.add(seal.id)
            tried.pop(seal.id, None)
            yield seal
        else:
            tried[seal.id] = Waits(seal, reason, missing)
    judged.extend(tried.values())


def packed(seal: Seal) -> bytes:
    """A seal as it waits in the ledger."""
    return plain.dumps([SealLine.of(seal).told(), columns.encode(seal.entries, seal.values)])


def unpacked(held: Held) -> Seal:
    """And back again."""
    told = plain.loads(held.body, 8)
    entries, values = columns.decode(told[1])
    line = line_of(told[0])
    return Seal(line.head(root_of(entries)), line.sig, entries, values)


@gated(LOOK, HAND)
def preview(ledger: Ledger, received: Received) -> Preview:
    """Look before taking in; nothing is written. Raises BadSeal and what reading the parcel raises."""
    told, waits, seals, weighed = received.opened.manifest, list[Waits](), list[Seal](), None
    if told.entries <= MOST_SHOWN:
        seals = list(judge(ledger, received, waits))
        weighed = ledger.weigh(seals)
    held = dict[Reason, int]()
    for one in waits:
        held[one.reason] = held.get(one.reason, 0) + len(one.seal.entries)
    return Preview(received.name, told.made_at, told.entries, weighed, tuple((r, r.text, n) for r, n in held.items()), len(told.photos),
                   _notes(received.replay, crowded=not pictures.fit(ledger, received.opened)), received.replay, {(e.hlc, e.eid): (s.head.device, e.officer) for s in seals for e in s.entries})


def _notes(replay: bool, forked: Sequence[str] = (), crowded: bool = False, put_back: Sequence[str] = ()) -> tuple[str, ...]:
    return (*(f"{name}：{Noted.PUT_BACK.text}" for name in put_back), *((Noted.NO_ROOM.text,) if crowded else ()), *((Noted.REPLAY.text,) if replay else ()), *((f"{'、'.join(forked)}：{Noted.BRANCH.text}",) if forked else ()))


# ---------------------------------------------------------------- taking in

@gated(HAND)
def take_in(ledger: Ledger, received: Received) -> TakenIn:
    """Merge a parcel: one transaction, one act; what may not be taken in yet is kept waiting. Raises BadSeal and what reading raises."""
    told, now, waits, replay, put_back = received.opened.manifest, ledger.now_ms(), list[Waits](), received.replay, list[str]()

    def book(session: dealings.Book, admitted: Admitted) -> None:
        dealings.heard(session, Peer(told.sender, {s: list(ids) for s, ids in told.heads.items()}, now, min(told.made_at, now),
                                     list(told.reports), list(told.wanted)))
        dealings.let_go(session, [*admitted.taken, *admitted.known])
        dealings.hold(session, [_held(one, told.parcel, now) for one in waits])
        taken = {no: (*admitted.sids[no], act.bytes) for no, act in admitted.acts.items()}
        if looks.hear(session, told.sender, told.looks, told.made_at, now):
            put_back.append(received.name)
            ledger.write_look(session, looks.PEER_RESTORED, why=received.name)
        if taken or not replay:
            dealings.enter(session, Parcel(told.parcel, dealings.IN, told.sender, "merged", now, received.opened.size,
                                           _counts(admitted), {s: list(ids) for s, ids in told.heads.items()}, taken))

    may_come = {line.scope for line in received.lines} | {h.scope for h in ledger.look(dealings.held)}

    def merge() -> Admitted:
        waits.clear()
        put_back.clear()
        return ledger.admit(judge(ledger, received, waits), book, may_come)

    admitted = again_if_busy(merge)
    tidied = _tidy(ledger, admitted)
    crowded = not pictures.fit(ledger, received.opened)
    photos, wanted = pictures.take(ledger, received.opened)
    forked = branched(ledger, _authors(received)) if admitted.taken else []
    return TakenIn(told.parcel, admitted, len(ledger.look(dealings.held)), photos, wanted, _notes(replay, forked, crowded, put_back), tidied)


def _held(one: Waits, parcel_id: bytes, now: int) -> Held:
    head = one.seal.head
    return Held(one.seal.id, head.scope, head.device, one.reason.value, list(one.missing), packed(one.seal), parcel_id, now)


def _counts(admitted: Admitted) -> dict[str, int]:
    return {"seals": len(admitted.taken), "entries": admitted.entries, "records": records_in(admitted), "clashes": admitted.clashes}


def records_in(admitted: Admitted) -> int:
    """How many records came or changed, as the preview counts them."""
    return sum(code not in UNTOLD for code, _id in admitted.touched)


def _authors(received: Received) -> set[bytes]:
    return {line.device for line in received.opened.manifest.seals}


def _tidy(ledger: Ledger, admitted: Admitted) -> int:
    """What rules decide without a person: exact twins, and what came for a record that was merged away. Returns how many records."""
    numbers = set(admitted.sids)
    held = [name for name in ledger.scopes() if name.startswith("v:")]
    return sum(len(ledger.do_in(name, merging.tidy).touched) for name in held if ledger.number_of(name) in numbers)


@gated(PLAIN)
def branched(ledger: Ledger, devices: Iterable[bytes]) -> list[str]:
    """Names of stations that went on from one point twice: restored from a backup, or cloned (W_BRANCH). Accepted, and told."""
    found = []
    for device in sorted(devices):
        if any(branches(device, scope) for scope in ledger.ask(stations.nodes, device).values()):
            station = ledger.ask(stations.station_of, device)
            found.append(station.name if station else device.hex()[:12].upper())
    return found


def _came_later(one: Parcel, other: Parcel) -> bool:
    """By the numbers their seals got, where they brought some for one village: clocks stand still, or are set back."""
    both = one.taken.keys() & other.taken.keys()
    return any(one.taken[no][1] > other.taken[no][1] for no in both) if both else one.at > other.at


@gated(REVIEW)
def undo_merge(ledger: Ledger) -> Parcel:
    """Take the newest taking-in back as one act; possible until the next one. Raises NothingMerged, ChangedSince, UsedSince."""
    came = [p for p in ledger.look(dealings.parcels, dealings.IN) if p.taken]
    newest = reduce(lambda best, p: p if _came_later(p, best) else best, came) if came else None
    if newest is None or newest.state != "merged":
        raise NothingMerged
    merges = [UUID(bytes=act) for _first, _last, act in newest.taken.values()]
    for line in ledger.acts(MOST_AFTER):
        if line.id in merges:
            break
        if line.verb == merging.tidy.__name__ and line.standing:  # what rules did with what came goes first
            ledger.undo(line.id)
    for act in merges:
        ledger.undo(act)
    undone = replace(newest, state="undone")
    ledger.note(dealings.enter, undone)
    return undone
