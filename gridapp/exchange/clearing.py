"""Room on a full stick: earlier parcels of ours for the same station may go, each new one holds what they held."""

from __future__ import annotations

from gridapp.exchange.carriers import Carrier, clear, named
from gridapp.exchange.outgoing import Receiver
from gridapp.ledger import HAND, Ledger, dealings, gated


@gated(HAND)
def old_bytes(ledger: Ledger, to: Receiver, carrier: Carrier) -> int:
    """How much room earlier parcels of ours for the same station take on a carrier: each new one holds what they held."""
    ours = _earlier(ledger, to)
    return sum(size for name, size in carrier.list() if (told := named(name)) is not None and told.parcel in ours)


@gated(HAND)
def clear_old(ledger: Ledger, to: Receiver, carrier: Carrier) -> int:
    """Take them off; bytes freed. Parcels for others, and of others, stay."""
    return clear(carrier, _earlier(ledger, to))


def _earlier(ledger: Ledger, to: Receiver) -> set[bytes]:
    return {p.id for p in ledger.look(dealings.parcels, dealings.OUT) if p.peer == to.device}
