"""Who may come to the town's postbox, and how often."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from hmac import compare_digest
from http import HTTPStatus

#: requests a second of one address, how many it may save up, and what a wrong token costs
RATE, BURST, WRONG = 20.0, 200.0, 40.0


@dataclass(frozen=True)
class Pass:
    """What lets a station in: its token (at least 32 random characters), and the shelves it may read and clear; None: all."""

    token: str
    shelves: frozenset[str] | None = None

    def reads(self, shelf: str) -> bool:
        return self.shelves is None or shelf in self.shelves


class Refused(Exception):
    """A request that gets a status and nothing else."""

    def __init__(self, status: HTTPStatus, **headers: object) -> None:
        super().__init__(status)
        self.status, self.headers = status, headers


class Patience:
    """How much each address may still ask: a bucket that fills again with time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._left = clock, dict[str, tuple[float, float]]()

    def asks(self, who: str, price: float = 1.0) -> bool:
        """Whether it may; the price is paid either way."""
        now = self._clock()
        left, then = self._left.get(who, (BURST, now))
        left = min(BURST, left + (now - then) * RATE) - price
        if len(self._left) > 10_000:
            self._left.clear()
        self._left[who] = (max(left, -BURST), now)
        return left >= 0


class Gate:
    """Who has which pass."""

    def __init__(self, passes: Sequence[Pass]) -> None:
        self._passes = [(_digest(each.token), each) for each in passes]

    def let_in(self, token: str) -> Pass | None:
        """The pass of a token; every one is looked at, so that the time it takes tells nothing."""
        told, found = _digest(token), None
        for digest, each in self._passes:
            if compare_digest(digest, told):
                found = each
        return found


def _digest(token: str) -> bytes:
    return blake2b(token.encode(errors="surrogatepass"), digest_size=32).digest()
