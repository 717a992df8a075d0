"""The town's emergency key as a way into a village's ledger (镇应急): sealed to the escrow key of the configuration, whose other half is on paper."""

from __future__ import annotations

from gridapp.errors import Mistake
from gridapp.exchange import pairing, stations
from gridapp.ledger import MANAGE, Ledger, gated
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
