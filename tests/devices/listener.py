"""A process that books what a server sends and acknowledges nothing: `python -m tests.devices.listener LEDGER`; it waits to be killed."""

from __future__ import annotations

import sys
from pathlib import Path

from gridapp.devices.subscriber import Came, State, Subscriber
from gridapp.ledger.clock import wall_ms
from gridapp.work import alarmletters, subscriptions
from tests import ledgers


def main(path: Path) -> None:
    """Says `booked` when the first letter is on the disk."""
    ledger = ledgers.reopen(path, wall_ms)
    told = subscriptions.listening(ledger)
    assert told is not None

    def tell(news: State | Came) -> None:
        if isinstance(news, Came):
            alarmletters.book(ledger, [news.letter])
            print("booked", flush=True)

    Subscriber(told, tell).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
