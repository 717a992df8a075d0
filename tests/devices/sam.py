"""A card reader (SAM module) on a real pseudo-terminal, from the protocol's tables alone: cards are laid on it, and everything that goes wrong can."""

from __future__ import annotations

import json
import os
import select
import termios
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import reduce
from operator import xor
from pathlib import Path
from typing import Any

import pytest

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "cards" / "sam_vectors.json").read_text("utf-8"))
SAID: dict[str, bytes] = {name: bytes.fromhex(told) for name, told in VECTORS["responses"].items()}
ASKED: dict[bytes, str] = {bytes.fromhex(told): name for name, told in VECTORS["commands"].items()}
#: year, serial and the rest of a module's number, little-endian: 05.03-20080101-0000000123-0000000456
SAM_ID = bytes.fromhex("05000300") + (20080101).to_bytes(4, "little") + (123).to_bytes(4, "little") + (456).to_bytes(4, "little")
PHOTO = bytes(range(256)) * 4
PATIENCE = 20
GARBAGE = bytes.fromhex("00FF1357AAAA96AA69C3")


def framed(body: bytes) -> bytes:
    told = (len(body) + 1).to_bytes(2, "big") + body
    return bytes.fromhex("AAAAAA9669") + told + bytes([reduce(xor, told)])


def text_of(kind: str = "resident", **said: str) -> bytes:
    """The 256 bytes of a card of the vectors, some of it said otherwise."""
    text = bytearray(bytes.fromhex(VECTORS["card_text_hex"][kind]).ljust(256, b"\x20"))
    for name, told in said.items():
        at, long = VECTORS["layouts"][kind][name]
        text[at:at + long] = told.encode("utf-16-le")[:long].ljust(long, b"\x00") if "\0" in told else (told.encode("utf-16-le") + b"\x20\x00" * long)[:long]
    return bytes(text)


class Sam:
    """Answers in a thread of its own. `card` is what lies there; `fault` what goes wrong, by name of a way in `_spoil`."""

    def __init__(self, *, keeps_finding: bool = True) -> None:
        self.card: bytes | None = None
        self.added, self.fault, self.at, self.state = b"", "", "read_base", ""
        #: a module finds a card that still lies there again, or only after it was lifted
        self._keeps_finding, self._found = keeps_finding, False
        self.commands, self._late = list[bytes](), b""
        self._master, slave = os.openpty()
        tty.setraw(slave)
        self._slave, self.port = slave, os.ttyname(slave)
        self._ended, self._heard = threading.Event(), threading.Condition()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def asked(self) -> list[str]:
        return [ASKED.get(command, command.hex()) for command in self.commands]

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for a question after which this is so."""
        with self._heard:
            assert self._heard.wait_for(true, PATIENCE)

    def lay(self, card: bytes | None) -> None:
        """Put a card there, or lift it."""
        self.card, self._found = card, False

    def unplug(self) -> None:
        """Pull it out while nothing is under way."""
        self._ended.set()
        self._thread.join(PATIENCE)
        os.close(self._master)

    def end(self) -> None:
        self._ended.set()
        self._thread.join(PATIENCE)
        for end in (self._master, self._slave):
            with suppress(OSError):
                os.close(end)

    def _run(self) -> None:
        waiting = b""
        while not self._ended.is_set():
            if not select.select([self._master], [], [], 0.01)[0]:
                continue
            try:
                waiting += os.read(self._master, 4096)
            except OSError:  # nobody has the line open
                self._ended.wait(0.01)
                continue
            while len(waiting) >= 10:
                command, waiting = waiting[:10], waiting[10:]
                with self._heard:
                    self.commands.append(command)
                    self._heard.notify_all()
                self._say(command)

    def _say(self, command: bytes) -> None:
        name = ASKED.get(command, "")
        told = self._answer(name)
        if termios.tcgetattr(self._slave)[4] != termios.B115200:
            told = GARBAGE * 2
        elif self.fault and name == self.at:
            told = self._spoil(told)
        if told:
            with suppress(OSError):
                os.write(self._master, told)

    def _answer(self, name: str) -> bytes:
        if name == "status":
            return framed(b"\x00\x00\x90")
        if name == "read_sam_id":
            return framed(b"\x00\x00\x90" + SAM_ID)
        if name == "find_card":
            found = self.card is not None and (self._keeps_finding or not self._found)
            return SAID["find_ok" if found else "find_none"]
        if self.card is None:
            return SAID["select_fail" if name == "select_card" else "read_fail"]
        if name == "select_card":
            return SAID["select_ok"]
        if name == "read_base":
            self._found = True
            return framed(b"\x00\x00\x90\x01\x00\x04\x00" + self.card + PHOTO)
        return framed(b"\x00\x00\x90" + self.added) if self.added else framed(b"\x00\x00\x91")

    def say_late(self) -> None:
        """What was kept back is said now; it has arrived when this returns."""
        os.write(self._master, self._late)
        assert select.select([self._slave], [], [], PATIENCE)[0]

    def _spoil(self, told: bytes) -> bytes:
        if self.fault == "late":
            self._late = told
            return b""
        if self.fault == "unplugged":
            os.write(self._master, told[:20])
            os.close(self._master)
            self._ended.set()
            return b""
        return {"silent": b"", "half": told[:20], "garbage": GARBAGE, "checksum": told[:-1] + bytes([told[-1] ^ 1]), "taken": SAID["read_fail"],
                "after garbage": GARBAGE + told, "state": framed(bytes.fromhex(self.state)), "empty": framed(b"\x00\x00\x90\x00\x00\x00\x00")}[self.fault]


@pytest.fixture
def sam() -> Iterator[Sam]:
    made = Sam()
    yield made
    made.end()


@pytest.fixture
def make_sam() -> Iterator[Callable[..., Sam]]:
    """Makes readers, and ends them all."""
    made = list[Sam]()

    def make(**told: Any) -> Sam:
        made.append(Sam(**told))
        return made[-1]

    yield make
    for one in made:
        one.end()
