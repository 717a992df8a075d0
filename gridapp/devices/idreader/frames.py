"""Frames of the reader's serial line: what may be asked, and answers found among whatever bytes come (GA 450; domain.md 7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import reduce
from operator import xor
from typing import Literal

PREAMBLE = bytes.fromhex("AAAAAA9669")
#: preamble and length, the state and the check byte an answer has at least, and the longest one that is asked for (a card: 1288)
HEAD, LEAST, MOST = len(PREAMBLE) + 2, 4, 0x0600


class Command(Enum):
    """All that is ever asked. Fingerprints (30 10) are not among it and never will be: they are biometric data (PIPL Art. 28)."""

    STATUS = b"\x11\xff"
    SAM_ID = b"\x12\xff"
    FIND = b"\x20\x01"
    SELECT = b"\x20\x02"
    READ = b"\x30\x01"
    READ_ADDED = b"\x30\x03"


@dataclass(frozen=True)
class Answer:
    """What the reader answered: its state (SW1 SW2 SW3) and what came with it; private, so it is never shown."""

    state: bytes
    data: bytes = field(repr=False)


def check(body: bytes) -> int:
    """The last byte of a frame: XOR of all between preamble and it."""
    return reduce(xor, body, 0)


def framed(body: bytes) -> bytes:
    """Preamble, length, body and check byte."""
    told = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + told + bytes([check(told)])


class Frames:
    """Takes bytes as they come and gives the whole answers among them; garbage before, between and inside is passed by."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        #: bytes that belonged to no answer, and answers whose check byte was wrong
        self.strays, self.spoilt = 0, 0

    @property
    def half(self) -> bool:
        """Whether an answer has begun and is not whole yet."""
        return self._waiting.startswith(PREAMBLE)

    def feed(self, came: bytes) -> list[Answer]:
        """The answers that are whole now."""
        self._waiting += came
        found = list[Answer]()
        while self._at_a_preamble() and (answer := self._whole()) is not False:
            if answer is not None:
                found.append(answer)
        return found

    def _at_a_preamble(self) -> bool:
        """Throw away what stands before the next preamble, or before what may become one; whether a head is whole."""
        at = self._waiting.find(PREAMBLE)
        if at < 0:
            at = next(n for n in range(max(0, len(self._waiting) - len(PREAMBLE) + 1), len(self._waiting) + 1) if PREAMBLE.startswith(self._waiting[n:]))
        self._drop(at)
        return len(self._waiting) >= HEAD

    def _whole(self) -> Answer | Literal[False] | None:
        """The answer at the front; None when it was none, False when more must come."""
        long = int.from_bytes(self._waiting[len(PREAMBLE):HEAD], "big")
        if not LEAST <= long <= MOST:
            self._drop(1)
            return None
        if len(self._waiting) < HEAD + long:
            return False
        told = bytes(self._waiting[len(PREAMBLE):HEAD + long])
        if check(told) != 0:  # the check byte itself is among them
            self.spoilt += 1
            self._drop(1)
            return None
        del self._waiting[:HEAD + long]
        return Answer(told[2:5], told[5:-1])

    def _drop(self, count: int) -> None:
        del self._waiting[:count]
        self.strays += count
