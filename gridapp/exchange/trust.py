"""Whom to believe: whether a seal (封) may be taken in, or waits and why; and whether a PC was restored or cloned. Pure decisions.

The order is fixed (sync.md 4.4): unknown device, revoked, scope, clock. What is believed hangs on the root key pinned at pairing: a
certificate speaks for itself wherever it is found, everything else of the configuration only if a town's station wrote it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from gridapp.exchange.certificates import BadCertificate, Certificate, NewerCertificate, check
from gridapp.exchange.refusals import Held
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Cbor
from gridapp.ledger.entries import ERASE, Entry, Seal, SealHead
from gridapp.records import Station
from gridapp.records.stations import ACTIVE, TOWN

#: a seal from further ahead than this waits: a poisoned clock must not become anybody's (sync.md 5.3)
AHEAD_MS = 48 * 3_600_000
#: records that only a town's station may write, and only in the configuration
CONFIGURATION = frozenset({Station.CODE})
#: whether the seal with the second id is one of the first or in the past of one
Within = Callable[[frozenset[bytes], bytes], bool]
_TAG = {name: told.tag for name, told in fields_of(Station).items()}


class Node(NamedTuple):
    """A seal in its graph."""

    id: bytes
    device: bytes
    parents: Sequence[bytes]


@dataclass(frozen=True)
class Known:
    """A station this ledger knows; once it is revoked, `accepted` and what they build on is all that counts of it.

    One whose approval was taken back (已撤销) counts as revoked with nothing accepted.
    """

    certificate: Certificate
    revoked: bool = False
    accepted: frozenset[bytes] = frozenset()


@dataclass(frozen=True)
class Trust:
    """What this ledger believes in: the town's root key, its own device, the scopes it holds, and stations as journal values by id."""

    root: bytes
    own: bytes
    held: frozenset[str]
    rows: Mapping[bytes, Mapping[int, Cbor]]
    #: by id and tag the hybrid clock of what stands there: older words in a parcel change nothing
    since: Mapping[bytes, Mapping[int, int]] = field(default_factory=dict)
    #: certificates that are in no record (yet): those of the town's answer, those a parcel carries
    loose: tuple[Certificate, ...] = ()

    @cached_property
    def known(self) -> Mapping[bytes, Known]:
        """Stations by device; of two certificates for one device the later one counts."""
        found = {c.device: Known(c) for c in sorted(self.loose, key=lambda c: c.serial)}
        for row in self.rows.values():
            certificate = _certificate(row, self.root)
            if certificate is None:
                continue
            other = found.get(certificate.device)
            if other is None or other.certificate.serial <= certificate.serial:
                withdrawn = bool(row.get(_TAG["deleted"]))
                accepted = frozenset[bytes]() if withdrawn else frozenset(ids_in(row.get(_TAG["accepted"])))
                found[certificate.device] = Known(certificate, withdrawn or row.get(_TAG["state"]) != ACTIVE, accepted)
        return found

    def judge(self, head: SealHead, entries: Iterable[Entry], wall_ms: int, within: Within) -> Held | None:
        """Why this seal must wait; None when its author may be believed. `wall_ms` is our own clock."""
        station = self.known.get(head.device)
        if station is None and head.device != self.own:
            return Held.UNKNOWN_DEVICE
        if station is not None and station.revoked and not within(station.accepted, head.id()):
            return Held.REVOKED
        if head.scope not in self.held or not self._may_write(station, head.scope, entries):
            return Held.SCOPE
        return Held.CLOCK if head.h1 >> 16 > wall_ms + AHEAD_MS else None

    def _may_write(self, station: Known | None, scope: str, entries: Iterable[Entry]) -> bool:
        """Own seals of the time before pairing (a restored backup brings them) count where a register may be."""
        if station is None:
            allowed, town = not scope.startswith("c:"), False
        else:
            allowed, town = station.certificate.may_write(scope), station.certificate.role == TOWN
        return allowed and (town or not any(e.kind == ERASE or e.ent in CONFIGURATION for e in entries))

    def told(self, seals: Sequence[Seal], wall_ms: int, within: Within) -> Trust:
        """With what the configuration seals of a parcel say, before they are taken in: a station that is new, one that is revoked.

        Twice, because a seal may be by a station that another of them revokes.
        """
        chosen = [s for s in seals if s.head.scope.startswith("c:")]
        base = replace(self, loose=(*self.loose, *self._carried(chosen)))
        trust = base
        for _round in range(2):
            believed = [s for s in chosen if trust.judge(s.head, s.entries, wall_ms, within) is None]
            trust = replace(base, rows=_overlaid(base, believed))
        return trust

    def _carried(self, seals: Iterable[Seal]) -> list[Certificate]:
        values = (v for seal in seals for e, v in zip(seal.entries, seal.values, strict=True) if e.ent == Station.CODE and v)
        return [c for v in values if (c := _certificate(v, self.root)) is not None]


def trusted_from(seals: Iterable[Seal], root: bytes) -> dict[bytes, Certificate]:
    """Certificates that configuration seals carry, by device: believed because the root key signed them, whoever brings them."""
    carried = Trust(root, b"", frozenset(), {})._carried(s for s in seals if s.head.scope.startswith("c:"))
    return {c.device: c for c in sorted(carried, key=lambda c: c.serial)}


def _certificate(row: Mapping[int, Cbor], root: bytes) -> Certificate | None:
    """The certificate in a station's row; None for none, a forged one, or one this program cannot read."""
    text = row.get(_TAG["certificate"])
    try:
        return check(bytes.fromhex(text), root) if isinstance(text, str) else None
    except (BadCertificate, NewerCertificate, ValueError):
        return None


def _overlaid(trust: Trust, seals: Iterable[Seal]) -> dict[bytes, Mapping[int, Cbor]]:
    """Rows as they will read when these seals are in: the later stamp wins, as in the fold."""
    written = sorted(((e.hlc, s.id, e.eid, v) for s in seals for e, v in zip(s.entries, s.values, strict=True)
                      if e.ent == Station.CODE and v is not None), key=lambda w: w[:2])
    told = dict(trust.rows)
    for hlc, _id, eid, values in written:
        since = trust.since.get(eid, {})
        told[eid] = {**told.get(eid, {}), **{tag: value for tag, value in values.items() if hlc > since.get(tag, -1)}}
    return told


def ids_in(text: Cbor) -> list[bytes]:
    """Seal ids as a station's record keeps them: hexadecimal, parted by blanks. What is none is left out."""
    words = text.split() if isinstance(text, str) else []
    return [bytes.fromhex(w) for w in words if len(w) == 64 and all(c in "0123456789abcdef" for c in w)]


# ---------------------------------------------------------------- graphs

def past_of(ids: Iterable[bytes], parents: Mapping[bytes, Sequence[bytes]]) -> set[bytes]:
    """These seals and everything they build on, as far as `parents` knows."""
    found, ahead = set[bytes](), list(ids)
    while ahead:
        one = ahead.pop()
        if one not in found:
            found.add(one)
            ahead += parents.get(one, ())
    return found


def within_of(seals: Sequence[Seal]) -> Within:
    """What judging asks of a graph, as far as these seals tell it."""
    parents = {s.id: tuple(s.head.parents) for s in seals}

    def within(accepted: frozenset[bytes], seal: bytes) -> bool:
        return seal in past_of(accepted, parents)

    return within


def last_of(device: bytes, seals: Sequence[Node]) -> list[bytes]:
    """The seals of a device that no later one of it builds on; `seals` is one whole scope, parents first. More than one: a branch."""
    last, covered = list[bytes](), set[bytes]()
    for seal in reversed(seals):
        if seal.device == device and seal.id not in covered:
            last.append(seal.id)
        if seal.device == device or seal.id in covered:
            covered |= set(seal.parents)
    return sorted(last)


def branches(device: bytes, seals: Iterable[Node]) -> list[frozenset[bytes]]:
    """Where a device went on from the same point twice: a restored backup, or a clone in use. Accepted, and told (W_BRANCH).

    `seals` is one whole scope, parents first. The seals of one PC follow each other, so each has its own number of own seals up to it;
    two with the same number cannot have known each other.
    """
    depth, found = dict[bytes, int](), dict[int, set[bytes]]()
    for seal in seals:
        depth[seal.id] = max((depth.get(p, 0) for p in seal.parents), default=0) + (seal.device == device)
        if seal.device == device:
            found.setdefault(depth[seal.id], set()).add(seal.id)
    return [frozenset(twins) for _depth, twins in sorted(found.items()) if len(twins) > 1]
