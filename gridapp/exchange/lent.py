"""The town's emergency key as a way into a village's ledger (镇应急): sealed to the escrow key of the configuration, whose other half is on paper."""

from __future__ import annotations

from pathlib import Path

from gridapp.errors import Mistake
from gridapp.exchange import escrow, pairing, stations
from gridapp.ledger import MANAGE, Ledger, gated
from gridapp.store.slot import TOWN
from gridapp.store.slots import Vault
from gridapp.texts import _
from gridapp.work import recovery


class NoTownYet(Mistake):
    """Nobody's key to seal it to."""

    def __init__(self) -> None:
        super().__init__(_("这台电脑还没有和镇里配对，没有镇里的应急密钥。请先到“交接”配对。"))


@gated(MANAGE, fresh=True)
def lend(ledger: Ledger) -> None:
    """From now on the paper in the town's safe opens this ledger; recovery.without_town takes that back. Raises NoTownYet, CannotWrite, DiskFull."""
    spare, told = ledger.ask(stations.escrow), pairing.answered(ledger)
    recipient = spare.age if spare else told.escrow.age if told and told.escrow else None
    if not recipient:
        raise NoTownYet
    recovery.let_town(ledger, recipient)


def enter(path: Path, typed: str, new: str) -> Ledger:
    """With the lines of the town's paper the village's administrator gets a new password and is signed in; it stands in the audit.

    Raises BadLine, NotASheet, ForeignTown, WeakPassword, NobodyHere, and what Ledger.open raises.
    """
    return recovery.enter_by(path, escrow.off_paper(typed), new, TOWN)


def is_lent(path: Path) -> bool:
    """Whether the town's paper opens this ledger; the key file tells it to anybody. Raises KeysMissing."""
    return any(slot.kind == TOWN for slot in Vault.load(path).ways())
