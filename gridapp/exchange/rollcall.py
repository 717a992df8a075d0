"""The roll of stations at the town (点名): who handed over when, what of theirs waits and why, what is open in their villages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from gridapp.exchange import founding, incoming, joining, stations, waiting
from gridapp.exchange.refusals import Held as Reason
from gridapp.fields import codes
from gridapp.ledger import PLAIN, Admitted, Ledger, Reader, dealings, gated, looks
from gridapp.ledger.tables import SCOPE
from gridapp.records import ENTITIES, Station
from gridapp.records.stations import ACTIVE, ESCROW
from gridapp.texts import _
from gridapp.work import tasks
from gridapp.work.tasks import Standing

DAY_MS = 86_400_000


@dataclass(frozen=True)
class Line:
    """One station. `days` since it was last heard (None: never); `waits` are (reason, entries) of what it signed and is not taken in yet;
    `late` are the seals that wait only because it was stopped; `told` is what it says about ours; `questions` are open in its villages,
    `tasks` how far they are with what they were asked to do.
    """

    id: UUID
    name: str
    role: str
    state: str
    serial: int
    own: bool
    scopes: tuple[str, ...]
    heard_at: int | None
    days: int | None
    waits: tuple[tuple[Reason, int], ...]
    late: tuple[bytes, ...]
    told: tuple[str, ...]
    questions: int
    stopped_on: date | None
    note: str
    #: this is the town's own PC and its escrow key may not stand on paper
    unwritten: bool = False
    tasks: Standing = Standing()
    #: when its audit was last found cut back or replaced (恢复过的电脑), ms
    put_back: int | None = None
    #: what is read out to whoever imports the town's answer, until this station is heard
    digits: str = ""

    @property
    def active(self) -> bool:
        return self.state == ACTIVE

    @property
    def villages(self) -> list[str]:
        """The registers it works with; none for one of the whole town."""
        return villages_in(self.scopes)

    @property
    def waiting(self) -> int:
        """Entries that wait."""
        return sum(entries for _reason, entries in self.waits)


def place(scope: str) -> str:
    """A scope in words: '青后叶村', '古山镇', '古山镇的设置'."""
    named = codes.named(scope[2:])
    return _("{0}的设置").format(named) if scope.startswith("c:") else named


def villages_in(scopes: Iterable[str]) -> list[str]:
    """Those of some scopes that are one village's register, none that stand for many ('v:330784108')."""
    return [scope for scope in scopes if scope.startswith("v:") and len(scope) == len("v:330784108238")]


def _summed(told: Mapping[str, Standing], villages: Iterable[str]) -> Standing:
    found = [told.get(village, Standing()) for village in villages]
    return Standing(sum(s.open for s in found), sum(s.overdue for s in found), sum(s.done for s in found))


@gated(PLAIN)
def roll(ledger: Ledger) -> list[Line]:
    """Every station but the escrow key, those in use first, the longest unheard on top; this PC itself last of those in use."""
    peers = {p.device: p for p in ledger.look(dealings.peers)}
    held: dict[bytes, list[dealings.Held]] = {}
    for one in ledger.look(dealings.held):
        held.setdefault(one.device, []).append(one)
    opened, now = ledger.look(_open_by_scope), ledger.now_ms()
    unwritten = founding.lacks_paper(ledger)
    found = [_line(s, peers.get(device), held.get(device, ()), opened, now, device == ledger.device)
             for s in ledger.ask(stations.stations) if s.role != ESCROW and (device := bytes.fromhex(s.device or "")) is not None]
    set_ = ledger.look(lambda session: tasks.by_village(Reader(session, ledger.today, ledger.officer)))
    back = ledger.look(looks.put_back)
    of = {s.id: bytes.fromhex(s.device or "") for s in ledger.ask(stations.stations)}
    digits = joining.read_out(ledger)
    found = [replace(line, put_back=back.get(of[line.id]), unwritten=line.own and unwritten, tasks=_summed(set_, line.villages),
                     digits=digits.get(of[line.id].hex(), "") if line.active else "") for line in found]
    return sorted(found, key=lambda n: (not n.active, n.own, -1 if n.days is None else -n.days - 1, n.serial))


def _line(station: Station, peer: dealings.Peer | None, held: Iterable[dealings.Held], opened: Counter[str], now: int, own: bool) -> Line:
    waits, late, scopes = Counter[Reason](), list[bytes](), tuple((station.scopes or "").split())
    for one in held:
        waits[Reason(one.reason)] += len(incoming.unpacked(one).entries)
        if one.reason == Reason.REVOKED:
            late.append(one.id)
    villages = villages_in(scopes)
    return Line(station.id, station.name, station.role, station.state, station.serial or 0, own, scopes, peer.heard_at if peer else None,
                max(0, now - peer.heard_at) // DAY_MS if peer else None, tuple(sorted(waits.items())), tuple(late),
                _reports(peer), sum(opened[s] for s in villages), station.revoked_on, station.note or "")


def _reports(peer: dealings.Peer | None) -> tuple[str, ...]:
    """Why it could not take in some of ours, each reason once."""
    known = {r.value: r for r in Reason}
    return tuple(dict.fromkeys(known[code].text if code in known else code for code, _seal in (peer.told if peer else ())))


def _open_by_scope(session: dealings.Book) -> Counter[str]:
    """Open questions by the name of the scope, whichever village is being worked in."""
    found = Counter[str]()
    for entity in ENTITIES.values():
        asked = sa.select(SCOPE.c.name, sa.func.sum(entity.nconf)).join(SCOPE, SCOPE.c.no == entity.scope)
        for name, count in session.execute(asked.where(entity.nconf > 0).group_by(SCOPE.c.name)):
            found[name] += count
    return found


@gated(PLAIN)
def adopt(ledger: Ledger, station: UUID) -> Admitted:
    """Accept what came of a stopped station after all, and take it in at once. Raises Gone, StillActive, BadSeal."""
    late = next((line.late for line in roll(ledger) if line.id == station), ())
    ledger.do_in(f"c:{ledger.scope[2:]}", stations.adopt, station, late)
    return waiting.try_again(ledger)
