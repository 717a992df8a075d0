"""The tray (收件盘): what lies on a stick or folder for this station, opened one after another, and in words what cannot be opened."""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from gridapp.exchange import arriving
from gridapp.exchange.carriers import Carrier
from gridapp.exchange.carriers.carrier import Progress, tell
from gridapp.exchange.arriving import Received
from gridapp.exchange.refusals import NotForUs, Refused
from gridapp.ledger import PLAIN, Ledger, gated


class Tray(AbstractContextManager["Tray"]):
    """Parcels ready to be looked at (close the tray in the end), sentences about refused ones, and how many are for others or known."""

    def __init__(self) -> None:
        self.ready: list[Received] = []
        self.refused: list[str] = []
        self.others, self.known = 0, 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look at and nothing to say but counts."""
        return not self.ready and not self.refused

    def close(self) -> None:
        """Forget what was copied from the carrier; twice does no harm."""
        while self.ready:
            self.ready.pop().close()

    def drop(self) -> None:
        """Lay the first parcel aside: taken in, or not wanted now (it stays on the stick)."""
        self.ready.pop(0).close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self.close()


@gated(PLAIN)
def look(ledger: Ledger, carrier: Carrier, progress: Progress | None = None) -> Tray:
    """Open everything on a carrier that is new for this station. Raises NoKey, the Trouble of the carrier, Stopped."""
    tray = Tray()
    try:
        arrivals = arriving.find(ledger, carrier)
        tray.known = sum(a.known for a in arrivals)
        new = [a for a in arrivals if not a.known]
        for done, arrival in enumerate(new):
            tell(progress, done, len(new))
            try:
                tray.ready.append(arriving.receive_from(ledger, carrier, arrival))
            except NotForUs:
                tray.others += 1
            except Refused as refused:
                tray.refused.append(refused.text)
    except BaseException:
        tray.close()
        raise
    return tray
