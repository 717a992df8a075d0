"""A town and village PCs with real ledgers, paired as people do it, and seals carried between them without a parcel."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gridapp.exchange import pairing
from gridapp.exchange.refusals import Held
from gridapp.exchange.trust import Within, past_of
from gridapp.ledger import Ledger
from gridapp.ledger.entries import Seal
from gridapp.work import village
from tests import ledgers

TOWN_CODE, SCOPE = "330784108", "v:330784108238"
CONF, TOWN_SCOPE = f"c:{TOWN_CODE}", f"t:{TOWN_CODE}"


def empty_town(path: Path, ms: int = ledgers.NOON) -> Ledger:
    """A ledger of 古山镇 without keys."""
    return Ledger.create(path, ledgers.PASSWORD, "officer 1", TOWN_SCOPE, wall=ledgers.Clock(ms), cost=ledgers.CHEAP)


def a_village(path: Path, scope: str = SCOPE) -> Ledger:
    """A village PC that has not met the town."""
    made = Ledger.create(path, ledgers.PASSWORD, "officer 1", scope, wall=ledgers.Clock(), cost=ledgers.CHEAP)
    made.do(village.found_village, scope[2:], "第一网格", "王建国", "青后叶村")
    return made


def pair(town: Ledger, pc: Ledger, name: str = "青后叶村一号机") -> pairing.Answer:
    """Both digits compared, the answer taken."""
    answer = pairing.accept(town, pairing.read_request(pairing.ask(pc, name)))
    return pairing.finish(pc, answer.raw, answer.digits)


def seals_of(ledger: Ledger, scopes: Iterable[str] | None = None) -> list[Seal]:
    """Everything it holds in some scopes, closed and parents first."""
    ledger.close_seals()
    return list(ledger.seals(ledger.missing(scopes or ledger.scopes(), []).sids))


def within(*seals: Seal) -> Within:
    parents = {s.id: s.head.parents for s in seals}
    return lambda ids, seal: seal in past_of(ids, parents)


def carry(source: Ledger, target: Ledger, scopes: Iterable[str] | None = None) -> dict[bytes, Held]:
    """What `target` believes of the seals of `source` is taken in; returns why others wait."""
    seals = seals_of(source, scopes or target.scopes())
    known = within(*seals, *seals_of(target))
    trust = pairing.trust_of(target).told(seals, target.now_ms(), known)
    why = {s.id: trust.judge(s.head, s.entries, target.now_ms(), known) for s in seals}
    target.admit([s for s in seals if why[s.id] is None])
    return {seal: reason for seal, reason in why.items() if reason is not None}
