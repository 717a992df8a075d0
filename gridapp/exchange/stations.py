"""Stations (站点) as the town decides about them: approve, stop, replace; all of it in the configuration scope, so it travels like data."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import cbor2
import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.exchange.certificates import Certificate
from gridapp.exchange.trust import Node, ids_in, last_of
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Cbor
from gridapp.ledger import MANAGE, PLAIN, Acting, Reader, needs, verb
from gridapp.ledger.registers import Registers
from gridapp.ledger.tables import SCOPE, SEAL
from gridapp.records import Station
from gridapp.records.stations import ACTIVE, ESCROW, REPLACED, REVOKED
from gridapp.texts import N_, _


class StoppedAlready(Mistake):
    """Nothing is left to stop."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”已经停用，不用再停。它停用后交来的记录在“暂存”里，可以逐条认可。").format(name))


class StillActive(Mistake):
    """What comes from it is taken in anyway."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”正在使用，它的记录会照常导入，不需要另外认可。").format(name))


# ---------------------------------------------------------------- verbs

@verb(N_("批准站点"), MANAGE)
def certify(act: Acting, certificate: Certificate, note: str | None = None) -> UUID:
    """Write down what the root key signed; a device that is known already (also a stopped one) gets its new certificate. Raises Refused."""
    told: dict[str, Any] = {
        "name": certificate.name, "role": certificate.role, "device": certificate.device.hex() or None, "age": certificate.age,
        "scopes": " ".join(certificate.scopes) or None, "serial": certificate.serial, "certificate": certificate.raw.hex(),
        "state": ACTIVE, "revoked_on": None, "accepted": None, "note": note}
    known = escrow(act) if certificate.role == ESCROW else station_of(act, certificate.device)
    return act.change(known, **told).id if known else act.add(Station(**told)).id


@verb(N_("停用站点"), MANAGE)
def revoke(act: Acting, station: UUID, state: str = REVOKED, note: str | None = None) -> UUID:
    """Stop believing a station: what of it is here now stays accepted, what it signed later waits everywhere. `state`: revoked, lost.

    Raises Gone, StoppedAlready.
    """
    found = act.get(Station, station)
    if found.state != ACTIVE:
        raise StoppedAlready(found.name)
    _stop(act, found, state, note)
    return found.id


@verb(N_("换新电脑"), MANAGE)
def replace(act: Acting, old: UUID, certificate: Certificate, note: str | None = None) -> UUID:
    """Approve a new PC in the place of an old one (also of one reported lost before); returns the new station. Raises Gone, Refused."""
    found = act.get(Station, old)
    if found.state == ACTIVE:
        _stop(act, found, REPLACED, note)
    return certify(act, certificate, note)


@verb(N_("认可停用后的记录"), MANAGE)
def adopt(act: Acting, station: UUID, seals: Collection[bytes]) -> UUID:
    """Accept seals of a stopped station that came after all (a stick found later), and all they build on. Raises Gone, StillActive."""
    found = act.get(Station, station)
    if found.state == ACTIVE:
        raise StillActive(found.name)
    act.change(found, accepted=_written({*ids_in(found.accepted), *seals}))
    return found.id


def _stop(act: Acting, station: Station, state: str, note: str | None) -> None:
    accepted = last_seals(act, bytes.fromhex(station.device)) if station.device else []
    act.change(station, state=state, revoked_on=act.today, accepted=_written(accepted), note=note or station.note)


def _written(ids: Collection[bytes]) -> str | None:
    return " ".join(sorted(i.hex() for i in ids)) or None


# ---------------------------------------------------------------- questions

def _asked() -> sa.Select[Station]:
    """Stations of the configuration only: a village could write such a record into its own register."""
    return sa.select(Station).join(SCOPE, SCOPE.c.no == Station.scope).where(SCOPE.c.name.startswith("c:"))


@needs(PLAIN)
def stations(read: Reader, role: str | None = None) -> list[Station]:
    """Every station, stopped ones too, by certificate number; of one level if `role` is given."""
    asked = _asked().where(Station.deleted.is_not(True)).order_by(Station.serial, Station.id)
    return read.records(asked.where(Station.role == role) if role else asked)


@needs(PLAIN)
def active(read: Reader, role: str | None = None) -> list[Station]:
    """Those in use."""
    return [s for s in stations(read, role) if s.state == ACTIVE]


@needs(PLAIN)
def station_of(read: Reader, device: bytes) -> Station | None:
    """The station with this device key, stopped or not."""
    return read.one(_asked().where(Station.device == device.hex(), Station.deleted.is_not(True)).order_by(Station.serial.desc()))


@needs(PLAIN)
def escrow(read: Reader) -> Station | None:
    """The town's escrow key (应急密钥), to which every parcel is encrypted too; its other half lies on paper in a safe."""
    found = active(read, ESCROW)
    return found[-1] if found else None


@needs(PLAIN)
def next_serial(read: Reader) -> int:
    """The number of the next certificate; none is given twice, not even after an approval was taken back."""
    return max((s.serial or 0 for s in read.records(_asked())), default=0) + 1


Rows = dict[bytes, dict[int, Cbor]]
Since = dict[bytes, dict[int, int]]


@needs(PLAIN)
def journal_values(read: Reader) -> tuple[Rows, Since]:
    """What the configuration says about stations, withdrawn ones too, as the journal has it: {id: {tag: value}}, {id: {tag: hybrid clock}}.

    Where town PCs disagree whether a station is stopped, it is, until a person decides.
    """
    known, rows, since = fields_of(Station), Rows(), Since()
    for station in read.records(_asked()):
        values = {f.tag: f.kind.dump(getattr(station, n)) for n, f in known.items() if getattr(station, n) is not None}
        told = Registers.of(station.ver or b"", values)
        since[station.id.bytes] = {tag: stamp[0] for tag in values.keys() | told.over.keys() if (stamp := told.stamp(tag))}
        stopped = [value for _hlc, _sid, value in told.heads.get(known["state"].tag, ()) if value != ACTIVE]
        rows[station.id.bytes] = values | {known["state"].tag: stopped[0]} if stopped else values
    return rows, since


@needs(PLAIN)
def last_seals(read: Reader, device: bytes) -> list[bytes]:
    """The newest seals of a device that are here, in every scope."""
    return [seal for scope in nodes(read, device).values() for seal in last_of(device, scope)]


@needs(PLAIN)
def nodes(read: Reader, device: bytes) -> dict[str, Sequence[Node]]:
    """The graph of every scope in which a device has signed, parents first."""
    wrote = sa.select(SEAL.c.scope).where(SEAL.c.dev == device)
    asked = sa.select(SEAL.c.scope, SEAL.c.id, SEAL.c.dev, SEAL.c.parents).where(SEAL.c.id.is_not(None), SEAL.c.scope.in_(wrote))
    found = dict[str, list[Node]]()
    for scope, seal, dev, parents in read.rows(asked.order_by(SEAL.c.scope, SEAL.c.sid)):
        found.setdefault(scope, []).append(Node(seal, dev, cbor2.loads(parents)))
    return dict(found)
