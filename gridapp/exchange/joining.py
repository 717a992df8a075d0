"""Joining (加入) as people do it, with files: the request on a stick, the answer as the town's first parcel, both compared by digits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from gridapp.exchange import arriving, incoming, outgoing, pairing, parcel
from gridapp.exchange.arriving import NoKey
from gridapp.exchange.incoming import TakenIn
from gridapp.exchange.outgoing import HandedOver
from gridapp.exchange.pairing import Answer, Request
from gridapp.exchange.slips import BadAnswer
from gridapp.ledger import MANAGE, PLAIN, Ledger, dealings, gated
from gridapp.store.files import sorted_trouble, write_whole

#: name of the secret that keeps the digits of answers
READ_OUT = "read out"


@dataclass(frozen=True)
class Accepted:
    """What the town answered; the village compares `digits` before it believes."""

    request: Request
    answer: Answer
    handed: HandedOver


@gated(MANAGE)
def write_request(ledger: Ledger, target: Path, name: str, scope: str | None = None) -> Request:
    """The request of this PC as a file. Raises BadName, BadScope, CannotWrite, DiskFull."""
    raw = pairing.ask(ledger, name, scope)
    write_whole(target, raw)
    return pairing.read_request(raw)


def read(path: Path) -> Request:
    """A request file, to compare its digits before it is accepted. Raises NotARequest, RequestDamaged, NewerRequest, CannotWrite."""
    with sorted_trouble(path), path.open("rb") as file:
        return pairing.read_request(file.read(1 << 16))


@gated(MANAGE)
def accept(ledger: Ledger, request: Request, target: Path, role: str | None = None, *, replaces: UUID | None = None) -> Accepted:
    """Approve a request whose digits agreed, and write the answer with everything the new PC may hold.

    Raises what pairing.accept and outgoing.write_file raise.
    """
    answer = pairing.accept(ledger, request, role, replaces=replaces)
    ledger.keep_secret(READ_OUT, json.dumps(read_out(ledger) | {request.device.hex(): answer.digits}))
    ledger.hold_scopes([request.scope])
    to = next(r for r in outgoing.receivers(ledger) if r.device == request.device)
    return Accepted(request, answer, outgoing.write_file(ledger, to, target, answer.raw))


@gated(PLAIN)
def read_out(ledger: Ledger) -> dict[str, str]:
    """The digits of the answers nobody was heard after yet, by the device (hex) they are for: whoever imports one may ask for them again."""
    told: dict[str, str] = json.loads(ledger.secret(READ_OUT) or "{}")
    heard = {p.device.hex() for p in ledger.look(dealings.peers)}
    return {device: digits for device, digits in told.items() if device not in heard}


@gated(PLAIN)
def look(ledger: Ledger, path: Path) -> Answer:
    """The answer in a file, to compare the town's digits before it is believed. Raises what open_parcel raises, NoKey, BadAnswer."""
    secret = ledger.secret("age")
    if secret is None:
        raise NoKey
    with parcel.open_parcel([path], secret) as opened:
        if opened.manifest.answer is None:
            raise BadAnswer
        return pairing.read_answer(opened.manifest.answer)


@gated(MANAGE)
def finish(ledger: Ledger, path: Path, heard: str | None = None) -> TakenIn:
    """Believe the town from now on and take its first parcel in. Raises what `look`, pairing.finish and incoming.take_in raise."""
    pairing.finish(ledger, look(ledger, path).raw, heard)
    with arriving.receive(ledger, [path]) as received:
        return incoming.take_in(ledger, received)
