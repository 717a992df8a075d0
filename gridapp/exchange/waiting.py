"""What waits in the ledger (暂存): told group by group with the reason, and tried again without a parcel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gridapp.exchange import incoming, pairing, stations
from gridapp.exchange.incoming import Waits
from gridapp.exchange.refusals import Held as Reason
from gridapp.exchange.trust import within_of
from gridapp.fields.ids import new_id
from gridapp.ledger import HAND, PLAIN, Admitted, Ledger, admission, dealings, gated
from gridapp.ledger.entries import Seal
from gridapp.texts import _


@dataclass(frozen=True)
class Group:
    """What waits for one reason, written by one station in one scope; `since` in ms."""

    reason: Reason
    station: str
    scope: str
    seals: int
    entries: int
    since: int


@gated(PLAIN)
def groups(ledger: Ledger) -> list[Group]:
    """Everything that waits, the oldest first."""
    found: dict[tuple[str, bytes, str], list[tuple[dealings.Held, int]]] = {}
    for held in ledger.look(dealings.held):
        found.setdefault((held.reason, held.device, held.scope), []).append((held, len(incoming.unpacked(held).entries)))
    names = {device: ledger.ask(stations.station_of, device) for _reason, device, _scope in found}
    return [Group(Reason(reason), _name(device, names[device]), scope, len(some), sum(n for _h, n in some), min(h.since for h, _n in some))
            for (reason, device, scope), some in found.items()]


def _name(device: bytes, station: object) -> str:
    name = getattr(station, "name", None)
    return name or _("未登记的电脑（编号 {0}）").format(device.hex()[:12].upper())


@gated(HAND)
def try_again(ledger: Ledger) -> Admitted:
    """Judge what waits anew (a clock was put right, the town has decided) and take in what may be; the rest goes on waiting.

    What comes in stands in the book as a taking-in of its own, so it can be undone. Raises BadSeal.
    """
    held = {h.id: h for h in ledger.look(dealings.held)}
    waits = list[Waits]()

    def book(session: dealings.Book, admitted: Admitted) -> None:
        dealings.let_go(session, [*admitted.taken, *admitted.known])
        dealings.hold(session, [replace(held[w.seal.id], reason=w.reason.value, missing=list(w.missing)) for w in waits])
        taken = {no: (*admitted.sids[no], act.bytes) for no, act in admitted.acts.items()}
        if taken:
            author = next(held[i].device for i in admitted.taken)
            dealings.enter(session, dealings.Parcel(new_id().bytes, dealings.IN, author, "merged", ledger.now_ms(), 0,
                                                    incoming._counts(admitted), {}, taken))

    admitted = ledger.admit(_judged(ledger, [incoming.unpacked(h) for h in held.values()], waits), book)
    incoming._tidy(ledger, admitted)
    return admitted


def _judged(ledger: Ledger, seals: list[Seal], waits: list[Waits]) -> Iterable[Seal]:
    trust, within = pairing.trust_of(ledger), within_of(seals)
    here = ledger.has({p for s in seals for p in s.head.parents})
    for seal in admission.in_order(seals):
        missing = [p for p in seal.head.parents if p not in here]
        reason = trust.judge(seal.head, seal.entries, ledger.now_ms(), within) or (Reason.GAP if missing else None)
        if reason is None:
            here.add(seal.id)
            yield seal
        else:
            waits.append(Waits(seal, reason, missing))
