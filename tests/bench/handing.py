"""Our own side of the bench: a parcel made, looked at and taken in, and what of that is cryptography."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from gridapp.exchange import envelope, parcel
from gridapp.exchange.opened import open_parcel
from gridapp.ledger import Ledger
from gridapp.ledger import entries as bytes_
from gridapp.ledger.entries import Seal
from gridapp.ledger.resting import collector_rests
from gridapp.store.vault import Signer, signed_by
from tests import ledgers
from tests.bench.figures import spent
from tests.bench.sample import SCOPE, Clocked, clocked

#: 64 bytes before the ciphertext, hash and mark after it (sync.md 4.2)
HEAD, TAIL = 64, 40


@dataclass(frozen=True)
class Stations:
    """Keys of a receiver and of the town's escrow, to whom every parcel is readable; and who signs."""

    secret: str
    recipients: tuple[str, ...]
    signer: Signer = field(default_factory=Signer)


def stations() -> Stations:
    secret, public = envelope.new_identity()
    return Stations(secret, (public, envelope.new_identity()[1]))


@dataclass(frozen=True)
class Made:
    """A parcel on the disk."""

    path: Path
    seconds: float
    size: int


def heads(ledger: Ledger) -> list[bytes]:
    """What a ledger holds of the village, its open seal closed."""
    ledger.close_seals()
    return ledger.heads([SCOPE])[SCOPE]


def make(ledger: Ledger, path: Path, known: Sequence[bytes], who: Stations, level: int = 3) -> Made:
    """Everything the receiver is not known to hold, from the ledger to the flushed file."""
    def pack() -> None:
        held = {SCOPE: heads(ledger)}
        parcel.write(path, ledger.seals(ledger.missing([SCOPE], known).sids), signer=who.signer, recipients=who.recipients, heads=held,
                     made_at=ledgers.NOON, level=level)

    return Made(path, spent(pack), path.stat().st_size)


@dataclass(frozen=True)
class Taken:
    """Taking a parcel in: from the file to flushed tables and journal, and the search index after it."""

    rows: Clocked
    index: Clocked

    @property
    def whole(self) -> float:
        """Seconds by the wall's clock."""
        return self.rows.wall + self.index.wall


def preview(ledger: Ledger, made: Made, who: Stations) -> float:
    """Seconds from the file to what would change; nothing is written."""
    return spent(lambda: ledger.weigh(opened(made, who)))


def take(ledger: Ledger, made: Made, who: Stations) -> Taken:
    """Damage looked for, opened, every hash and signature checked, folded, indexed."""
    index, catch_up = list[Clocked](), ledger.catch_up
    ledger.catch_up = lambda *told: index.append(clocked(lambda: catch_up(*told)))  # type: ignore[method-assign]

    def admit() -> None:
        with open_parcel([made.path], who.secret) as whole:
            ledger.admit(whole.seals())

    all_of_it, (later,) = clocked(admit), index
    del ledger.catch_up
    return Taken(Clocked(all_of_it.wall - later.wall, all_of_it.cpu - later.cpu), later)


@collector_rests()
def opened(made: Made, who: Stations) -> list[Seal]:
    """The seals of a parcel, all in memory."""
    with open_parcel([made.path], who.secret) as whole:
        return list(whole.seals())


# ---------------------------------------------------------------- what of it is cryptography

@dataclass(frozen=True)
class Costs:
    """Seconds for all of one parcel: hash over the file, age, signatures; salted hashes and chain of the entries; unpacking to entries."""

    file: float
    age: float
    signatures: float
    chain: float
    unpacking: float

    def cryptography(self) -> float:
        return self.file + self.age + self.signatures


def costs(made: Made, who: Stations) -> Costs:
    data = made.path.read_bytes()
    file = spent(lambda: blake2b(data[:-TAIL], digest_size=32).digest())
    age = spent(lambda: envelope.decrypt(io.BytesIO(data[HEAD:-TAIL]), io.BytesIO(), who.secret))
    seals = list[Seal]()
    unpacking = spent(lambda: seals.extend(opened(made, who)))
    signatures = spent(lambda: [signed_by(seal.head.device, seal.head.id(), seal.sig) for seal in seals])
    return Costs(file, age, signatures, spent(lambda: _chained(seals)), unpacking)


def _chained(seals: Sequence[Seal]) -> None:
    for seal in seals:
        assert bytes_.root_of(seal.entries) == seal.head.root
        assert all(bytes_.payload_hash(entry.payload) == entry.phash for entry in seal.entries if entry.payload is not None)
