"""The book of hand-overs (往来记录): what went and came and whether it arrived, and where the hand-over to the town stands."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from gridapp.exchange import pairing, stations
from gridapp.exchange.outgoing import NotPaired, heard, receivers
from gridapp.ledger import PLAIN, Ledger, dealings, gated, undo
from gridapp.records.stations import TOWN
from gridapp.texts import _


@dataclass(frozen=True)
class Line:
    """One hand-over as the book shows it; `state` of one that went: written, partly, received — found out from what the other says.

    Of one that came: merged, undone.
    """

    parcel: dealings.Parcel
    station: str
    state: str


@gated(PLAIN)
def book(ledger: Ledger, limit: int = 200) -> list[Line]:
    """Hand-overs and takings-in, newest first."""
    names = {bytes.fromhex(s.device): s.name for s in ledger.ask(stations.stations) if s.device}
    answer = pairing.answered(ledger)
    names = {c.device: c.name for c in (answer.towns if answer else ())} | names
    known = heard(ledger)
    lines = []
    for parcel in ledger.look(dealings.parcels, None, limit):
        state = parcel.state
        if parcel.way == dealings.OUT:
            state = _arrived(ledger, parcel, known.get(parcel.peer, []))
        elif parcel.taken and not ledger.look(undo.any_stands, [UUID(bytes=act) for _first, _last, act in parcel.taken.values()]):
            state = "undone"
        lines.append(Line(parcel, names.get(parcel.peer, _("未知站点")), state))
    return lines


def _arrived(ledger: Ledger, parcel: dealings.Parcel, known: list[bytes]) -> str:
    sent = [head for ids in parcel.heads.values() for head in ids]
    got = sum(ledger.behind(head, known) for head in sent)
    return "received" if sent and got == len(sent) else "partly" if got else "written"


@dataclass(frozen=True)
class Standing:
    """Where the hand-over to the town stands: paired or not, entries it has not been heard to hold.

    `days` since the town was last heard, None before it has told of having anything we handed over: its answer at pairing is no receipt.
    `handed` is how many days ago something went to it for the first time, None when nothing did.
    """

    paired: bool
    town: str
    days: int | None
    waiting: int
    held: int
    clashes: int
    handed: int | None = None


@gated(PLAIN)
def standing(ledger: Ledger) -> Standing:
    """For the 今日 screen; reads only."""
    held = len(ledger.look(dealings.held))
    clashes = ledger.open_questions()
    try:
        towns = [r for r in receivers(ledger) if r.role == TOWN]
    except NotPaired:
        return Standing(False, "", None, 0, held, clashes)
    if not towns:
        return Standing(True, "", None, 0, held, clashes)
    out = [p for p in ledger.look(dealings.parcels, dealings.OUT) if p.peer in {t.device for t in towns}]
    peers = {p.device: p for p in ledger.look(dealings.peers)}
    last = max((peers[t.device] for t in towns if t.device in peers), key=lambda p: p.heard_at, default=None)
    known = heard(ledger)[last.device] if last else []
    scopes = [s for s in ledger.scopes() if towns[0].certificate.may_hold(s)]
    told = last is not None and any(_arrived(ledger, p, known) == "received" for p in reversed(out))
    return Standing(True, towns[0].name, _days_since(ledger, last.heard_at) if last is not None and told else None, ledger.unheard(scopes, known),
                    held, clashes, _days_since(ledger, out[-1].at) if out else None)


def _days_since(ledger: Ledger, ms: int) -> int:
    return max(0, (ledger.now_ms() - ms) // 86_400_000)
