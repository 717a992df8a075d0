"""Handing over (交出): what the other has not been heard to hold goes into one parcel; nothing is ever marked as sent.

A lost stick needs no action: the next parcel holds it again. What arrived is known by what the other says it holds, in its next parcel.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from gridapp.errors import Mistake
from gridapp.exchange import incoming, pairing, pictures, stations
from gridapp.exchange.carriers import Carrier, Settled, name_of
from gridapp.exchange.carriers.carrier import Progress
from gridapp.exchange.carriers.folder import BESIDE
from gridapp.exchange.certificates import Certificate, check
from gridapp.exchange.manifest import MOST_SEALS
from gridapp.exchange.parcel import Written, write
from gridapp.ledger import HAND, PLAIN, Ledger, dealings, gated, looks
from gridapp.ledger.meeting import Lot
from gridapp.records import ENTITIES, Station
from gridapp.records.stations import TOWN, VILLAGE
from gridapp.texts import _
from gridapp.work import numbers

#: bytes of an entry in a parcel, about (measured: dev.py bench exchange)
PER_ENTRY = 40
SMALLEST = 2_000


class NotPaired(Mistake):
    """Nobody to hand over to."""

    def __init__(self) -> None:
        super().__init__(_("本机还没有和镇里配对，不知道交给谁。请先在“交接”里申请配对，拿到镇里的回复后再交接。"))


class NoSuchStation(Mistake):
    """A name no station has."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(_("没有叫“{0}”的站点。可以交给：{1}。").format(name, "、".join(known) or _("（暂无）")))


class TooMuch(Mistake):
    """More seals than one parcel may hold."""

    def __init__(self) -> None:
        super().__init__(_("要交的内容太多，一个交接包装不下。请联系维护人员分次交接。"))


@dataclass(frozen=True)
class Receiver:
    """A station one may hand over to."""

    device: bytes
    age: str
    name: str
    role: str
    certificate: Certificate


@dataclass(frozen=True)
class Plan:
    """What would go: scopes, seals by number, how many records of each kind, photos and about how many bytes."""

    to: Receiver
    scopes: tuple[str, ...]
    lot: Lot
    counts: Mapping[str, int]
    photos: tuple[bytes, ...]
    photo_bytes: int
    bytes: int

    @property
    def empty(self) -> bool:
        """Only the receipt would go: the other holds everything already."""
        return not self.lot.sids and not self.photos


@dataclass(frozen=True)
class HandedOver:
    """What went and where it lies; `photos_left` wait for the next stick."""

    plan: Plan
    written: Written
    names: tuple[str, ...]
    settled: Settled
    photos_left: int = 0
    parcel: bytes = field(default=b"")


@gated(PLAIN)
def receivers(ledger: Ledger) -> list[Receiver]:
    """Stations in use other than this one, towns first. Raises NotPaired."""
    root = ledger.secret("town")
    if not root:
        raise NotPaired
    found = [_receiver(s, bytes.fromhex(root)) for s in ledger.ask(stations.active) if s.device and s.device != ledger.device.hex()]
    answer = pairing.answered(ledger)
    told = {r.device for r in found}
    found += [Receiver(c.device, c.age, c.name, c.role, c) for c in (answer.towns if answer else ()) if c.device not in told]
    return sorted(found, key=lambda r: (r.role != TOWN, r.name))


def _receiver(station: Station, root: bytes) -> Receiver:
    told = check(bytes.fromhex(station.certificate or ""), root)
    return Receiver(told.device, told.age, told.name, told.role, told)


@gated(PLAIN)
def receiver(ledger: Ledger, name: str | None = None) -> Receiver:
    """The station of that name; the town where none is given. Raises NotPaired, NoSuchStation."""
    known = receivers(ledger)
    found = [r for r in known if r.name == name] if name else known
    if not found:
        raise NoSuchStation(name or "", [r.name for r in known])
    return found[0]


@gated(HAND)
def plan(ledger: Ledger, to: Receiver, known: Iterable[bytes] | None = None) -> Plan:
    """What `to` lacks. `known` are heads it is known to hold; by default what it was last heard to hold."""
    _renew_leases(ledger)
    ledger.close_seals()
    scopes = tuple(sorted((s for s in ledger.scopes() if to.certificate.may_hold(s)), key=lambda s: (s[:2] != "c:", s)))
    if known is None:
        known = heard(ledger).get(to.device, [])
    lot = ledger.missing(scopes, known)
    counts = {ENTITIES[ent].__tablename__: count for ent, count in ledger.touched_by(lot.sids).items() if ent in ENTITIES}
    photos = pictures.to_send(ledger, lot.sids, to.device)
    size = sum(photos.values())
    return Plan(to, scopes, lot, counts, tuple(photos), size, SMALLEST + PER_ENTRY * lot.entries + size)


def _renew_leases(ledger: Ledger) -> None:
    """A town gives out document numbers (文号) before the villages run out of them."""
    conf = [s for s in ledger.scopes() if s.startswith("c:")]
    if ledger.secret("root") and conf:
        ledger.do_in(conf[0], numbers.renew_leases)


@gated(PLAIN)
def heard(ledger: Ledger) -> dict[bytes, list[bytes]]:
    """{device: seals it was heard to hold}. Of one that only waits here (暂存), what it builds on: a name we do not know says nothing."""
    told = {p.device: [i for ids in p.heads.values() for i in ids] for p in ledger.look(dealings.peers)}
    waiting = {h.id: incoming.unpacked(h).head.parents for h in ledger.look(dealings.held)} if told else {}
    return {device: _known_of(ids, waiting) for device, ids in told.items()}


def _known_of(ids: Iterable[bytes], waiting: Mapping[bytes, Iterable[bytes]]) -> list[bytes]:
    found, todo = dict[bytes, None](), list(ids)
    while todo:
        seal = todo.pop()
        if seal not in found:
            found[seal] = None
            todo += waiting.get(seal, ())
    return list(found)


@gated(HAND)
def hand_over(ledger: Ledger, to: Receiver, carrier: Carrier, *, with_photos: bool = True, answer: bytes | None = None,
              progress: Progress | None = None) -> HandedOver:
    """Write what `to` lacks onto a carrier, read it back, and enter it in the book. Data goes first: photos only where there is room.

    Raises NotPaired, TooMuch, and the Trouble of the carrier; nothing is entered then.
    """
    told = plan(ledger, to)
    if len(told.lot.sids) > MOST_SEALS:
        raise TooMuch
    photos = _that_fit(told, carrier) if with_photos else ()
    with tempfile.TemporaryDirectory(prefix="gridapp-") as folder:
        written = _written(ledger, told, Path(folder) / "parcel", photos, answer, lambda count: _tick(progress, count, len(told.lot.sids)))
        names = tuple(name_of(to.age, written.parcel, k if len(written.paths) > 1 else 0) for k in range(1, len(written.paths) + 1))
        try:
            for name, path in zip(names, written.paths, strict=True):
                carrier.put(name, path, progress)
        except BaseException:
            for name in names:
                with suppress(Exception):
                    carrier.delete(name)
            raise
        settled = carrier.settle()
    _enter(ledger, told, written)
    return HandedOver(told, written, names, settled, len(told.photos) - len(photos), written.parcel)


class _OfAll:
    """A carrier that is settled once, after the last parcel: a stick must not be let go after the first."""

    def __init__(self, carrier: Carrier) -> None:
        self.list, self.open_read, self.put, self.delete, self.free_space = (
            carrier.list, carrier.open_read, carrier.put, carrier.delete, carrier.free_space)

    def settle(self) -> Settled:
        return Settled(False, "")


@gated(HAND)
def hand_over_all(ledger: Ledger, carrier: Carrier, *, with_photos: bool = True, told: Callable[[HandedOver], None] = lambda _done: None) -> Settled:
    """A parcel for every village's station onto one carrier: corrections, configuration, or nothing but the receipt; `told` hears of each.

    Raises what `hand_over` raises, NoSuchStation where there is no village; those told of before lie there whole.
    """
    villages = [r for r in receivers(ledger) if r.role == VILLAGE]
    if not villages:
        raise NoSuchStation(_("村"), [])
    for to in villages:
        told(hand_over(ledger, to, _OfAll(carrier), with_photos=with_photos))
    return carrier.settle()


@gated(HAND)
def write_file(ledger: Ledger, to: Receiver, target: Path, answer: bytes | None = None) -> HandedOver:
    """The same into a file of one's choosing (the answer to a pairing request). Raises CannotWrite, DiskFull."""
    told = plan(ledger, to)
    written = _written(ledger, told, target, told.photos, answer, lambda _count: None)
    _enter(ledger, told, written)
    return HandedOver(told, written, tuple(p.name for p in written.paths), Settled(True, ""), 0, written.parcel)


def _tick(progress: Progress | None, done: int, total: int) -> None:
    from gridapp.exchange.carriers.carrier import tell

    tell(progress, done, total)


def _that_fit(told: Plan, carrier: Carrier) -> tuple[bytes, ...]:
    """All photos, or none where the stick is small: data now, photos with the next stick."""
    free = carrier.free_space()
    return told.photos if free is None or free > (told.bytes * 11) // 10 + BESIDE else ()


def _written(ledger: Ledger, told: Plan, target: Path, photos: Iterable[bytes], answer: bytes | None, progress: Callable[[int], None]) -> Written:
    ledger.looked(looks.HANDED_OVER, why=told.to.name)
    trust = pairing.trust_of(ledger)
    spare = ledger.ask(stations.escrow)
    told_escrow = pairing.answered(ledger)
    escrow = spare.age if spare else told_escrow.escrow.age if told_escrow else None
    towns = [k.certificate.age for k in trust.known.values() if k.certificate.role == TOWN and not k.revoked and told.to.role == TOWN]
    held = [(h.reason, h.id) for h in ledger.look(dealings.held) if h.scope in told.scopes]
    return write(target, ledger.seals(told.lot.sids), signer=ledger.signer, recipients=sorted({told.to.age, *towns, *([escrow] if escrow else [])}),
                 heads=ledger.heads(told.scopes), made_at=ledger.now_ms(), photos=pictures.read(ledger, photos),
                 wanted=pictures.wanted(ledger), reports=held[:1000], witness=ledger.now_ms() if ledger.scope[:2] == "t:" else None,
                 answer=answer, snapshot=bool(answer), looks=ledger.look(looks.marks, ledger.device), progress=progress)


def _enter(ledger: Ledger, told: Plan, written: Written) -> None:
    ledger.note(dealings.enter, dealings.Parcel(
        written.parcel, dealings.OUT, told.to.device, "written", ledger.now_ms(), written.bytes,
        {**told.counts, "seals": written.seals, "photos": written.photos}, ledger.heads(ledger.scopes_of(told.lot.sids))))
