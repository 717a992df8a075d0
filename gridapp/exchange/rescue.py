"""With the escrow key (应急密钥): parcels are opened whose receiver has lost its keys, and taken in by a town that was restored or founded anew.

A town founded anew has another root key, so it knows none of the PCs that wrote. Somebody looks at who they are and vouches for them once:
they get certificates, what they wrote comes in, and they are stopped again with that accepted. So it counts wherever it is handed on, and
nothing they sign later does. What the lost town said in its configuration counts no more and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from gridapp.errors import Mistake
from gridapp.exchange import incoming, pairing, parcel, stations
from gridapp.exchange.arriving import Received
from gridapp.exchange.certificates import BadCertificate, Certificate, NewerCertificate, covers, town_scopes
from gridapp.exchange.envelope import NoAddress, public_of
from gridapp.exchange.escrow import NotASheet
from gridapp.exchange.incoming import TakenIn
from gridapp.exchange.pairing import NoRoot
from gridapp.exchange.parcel import Opened
from gridapp.exchange.slips import BadAnswer, NewerAnswer, read_answer
from gridapp.exchange.trust import trusted_from
from gridapp.ledger import HAND, MANAGE, Ledger, gated
from gridapp.records.stations import REPLACED, TOWN, VILLAGE
from gridapp.texts import _


@dataclass(frozen=True)
class Author:
    """A PC that wrote in the parcels and that this town does not believe: its name and level if a parcel tells them, and how much it wrote."""

    device: bytes
    name: str
    role: str
    scopes: tuple[str, ...]
    entries: int


class Unvouched(Mistake):
    """Nothing was taken in: who wrote must be looked at first."""

    def __init__(self, authors: Sequence[Author]) -> None:
        told = "；".join(_("{0}（编号 {1}，{2} 项）").format(a.name, a.device.hex()[:12].upper(), a.entries) for a in authors)
        super().__init__(_("这些交接包打开了，里面有本镇还不认识的电脑写的内容：{0}。请核对确实是本镇各村和镇里原来的电脑，再加上“认可”做一次；没有接收任何内容。").format(told))
        self.authors = tuple(authors)


@dataclass(frozen=True)
class Rescued:
    """One parcel that was opened and taken in."""

    name: str
    taken: TakenIn


def parcels_in(paths: Iterable[Path]) -> list[list[Path]]:
    """The files of each parcel: those named, and all that lie in folders named. Raises what `parcel.look` raises for one that was named."""
    groups: dict[bytes, list[Path]] = {}
    for path in paths:
        for found in sorted(path.rglob("*.wsb*")) if path.is_dir() else [path]:
            if found.is_file():
                groups.setdefault(parcel.look(found).parcel, []).append(found)
    return list(groups.values())


@gated(MANAGE, HAND)
def open_escrow(ledger: Ledger, groups: Sequence[Sequence[Path]], secret: str, vouch: bool = False) -> list[Rescued]:
    """Take in parcels opened with the escrow key, the oldest first. Raises NoRoot, NotASheet, Unvouched, and what opening and taking in raise."""
    if not ledger.secret("root"):
        raise NoRoot
    try:
        public_of(secret)
    except NoAddress:
        raise NotASheet from None
    with _opened(groups, secret) as parcels:
        strangers = authors(ledger, parcels)
        if strangers and not vouch:
            raise Unvouched(strangers)
        note, conf = _("原镇级密钥丢失前的电脑，用应急密钥找回"), f"c:{ledger.scope[2:]}"
        try:
            for one in strangers:
                pairing.vouch(ledger, one.device, one.name, one.role, one.scopes, note)
            ledger.hold_scopes(sorted({line.scope for told in parcels for line in told.manifest.seals if _ours(ledger, line.scope)}))
            return [_taken(ledger, told) for told in parcels]
        finally:
            for station in ledger.ask(stations.active):  # those of a run that was killed, too
                if station.note == note:
                    ledger.do_in(conf, stations.revoke, station.id, REPLACED)


@contextmanager
def _opened(groups: Sequence[Sequence[Path]], secret: str) -> Iterator[list[Opened]]:
    with ExitStack() as stack:
        parcels = [stack.enter_context(parcel.open_parcel(paths, secret)) for paths in groups]
        yield sorted(parcels, key=lambda told: (told.manifest.made_at, told.parcel))


def _ours(ledger: Ledger, scope: str) -> bool:
    """Registers of this town and its own affairs; never the configuration of another root key."""
    return scope[:2] != "c:" and covers(town_scopes(ledger.scope[2:]), scope)


@gated(MANAGE)
def authors(ledger: Ledger, parcels: Sequence[Opened]) -> list[Author]:
    """Who must be vouched for: unknown here, or replaced before. One that was stopped as lost or stolen stays stopped."""
    known, told = pairing.trust_of(ledger).known, _certificates(parcels)
    replaced = {s.device for s in ledger.ask(stations.stations) if s.state == REPLACED}
    entries, scopes = dict[bytes, int](), dict[bytes, set[str]]()
    for line in (line for one in parcels for line in one.manifest.seals if _ours(ledger, line.scope)):
        if line.device != ledger.device and (line.device not in known or line.device.hex() in replaced):
            entries[line.device] = entries.get(line.device, 0) + line.n
            scopes.setdefault(line.device, set()).add(line.scope)
    return [_author(device, told.get(device), scopes[device], count) for device, count in entries.items()]


def _author(device: bytes, told: Certificate | None, scopes: set[str], entries: int) -> Author:
    name = told.name if told else _("原来的电脑{0}").format(device.hex()[:4].upper())
    return Author(device, name, TOWN if told and told.role == TOWN else VILLAGE, tuple(sorted(scopes)), entries)


def _certificates(parcels: Iterable[Opened]) -> dict[bytes, Certificate]:
    """What the parcels themselves say of who wrote: a name to be looked at by a person, no proof."""
    found = dict[bytes, Certificate]()
    for told in parcels:
        if told.manifest.answer is not None:
            try:
                answer = read_answer(told.manifest.answer)
            except (BadAnswer, NewerAnswer, BadCertificate, NewerCertificate):
                continue
            found |= {c.device: c for c in (answer.certificate, *answer.towns)} | trusted_from(told.seals(), answer.root)
    return found


def _taken(ledger: Ledger, told: Opened) -> Rescued:
    known = pairing.trust_of(ledger).known
    strange = {(line.scope, line.device) for line in told.manifest.seals if line.scope[:2] == "c:" and line.device != ledger.device
               and (line.device not in known or not known[line.device].certificate.may_write(line.scope))}
    sender = known.get(told.manifest.sender)
    return Rescued(sender.certificate.name if sender else told.name, incoming.take_in(ledger, Received(ledger, told, told.name, strange)))
