"""Waits for cards: find, select, read once; the same card again only after it was lifted.

Whoever calls `run` gives it a thread; the line is used in there alone, `stop` only leaves word. The photo of a card (WLT, which only the makers' own
programs can unpack) goes with the answer it came in: nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from gridapp.devices.idreader import cards
from gridapp.devices.idreader.cards import Card
from gridapp.devices.idreader.failures import CardMistake, CardRefused, CardTaken, NothingOnCard, OtherCard, ReaderBroken, ReaderTrouble, Silent, Spoilt
from gridapp.devices.idreader.frames import Answer, Command
from gridapp.devices.idreader.line import Left, Line, opened
from gridapp.texts import _

#: seconds between two looks, and until the line is opened again after it failed
LOOK, AGAIN = 0.3, 2.0
#: so many looks in a row see no card: it was lifted (one alone may be a bad contact)
LIFTED = 2
GOOD, FOUND, NONE, NOTHING = b"\x00\x00\x90", b"\x00\x00\x9f", b"\x00\x00\x80", b"\x00\x00\x91"
#: states of the reader: our question came spoilt; the card, or nobody, can be believed; it is another kind; the reader itself is ill
_SPOILT, _REFUSED, _OTHER = (b"\x00\x00\x10", b"\x00\x00\x11"), tuple(bytes([0, 0, n]) for n in (0x31, 0x32, 0x33, 0x47)), (b"\x00\x00\x40",)
_BROKEN = tuple(bytes([0, 0, n]) for n in (0x21, 0x23, 0x24, 0x60, 0x66))
#: before the text of a card: how long text and photo are
LENGTHS = 4


@dataclass(frozen=True)
class State:
    """How the reader stands: `on`, or why not."""

    on: bool
    words: str = ""


@dataclass(frozen=True)
class Failed:
    """A card that lies there could not be read, in one sentence."""

    words: str


@dataclass(frozen=True)
class Wanted:
    """The reader of this PC: its port, and how fast it speaks."""

    port: str
    baud: int


def _good(answer: Answer, port: str, otherwise: type[CardMistake] = CardTaken) -> bytes:
    """What came with it. Raises what the state of the answer means."""
    if answer.state == GOOD:
        return answer.data
    if answer.state in _SPOILT:
        raise Spoilt(port)
    if answer.state in _BROKEN:
        raise ReaderBroken(port)
    raise (CardRefused if answer.state in _REFUSED else OtherCard if answer.state in _OTHER else NothingOnCard if answer.state == NOTHING else otherwise)


def read_card(line: Line, port: str) -> Card:
    """Select and read the card that was found. Raises CardMistake, ReaderTrouble, Left."""
    _good(line.ask(Command.SELECT), port)
    data = _good(line.ask(Command.READ), port)
    text = int.from_bytes(data[:2], "big")
    if len(data) < LENGTHS + text or text < cards.TEXT:
        raise NothingOnCard
    return cards.read(data[LENGTHS:LENGTHS + text], _added(line))


def _added(line: Line) -> bytes:
    """The address of somebody who moved after the card was made; most cards have none, and some readers do not know the question."""
    try:
        answer = line.ask(Command.READ_ADDED)
    except Silent:
        return b""
    return answer.data if answer.state == GOOD else b""


class Watching:
    """What lies on the reader, from one look to the next."""

    def __init__(self, line: Line, port: str) -> None:
        self._line, self._port = line, port
        self._known, self._empty = "", LIFTED

    def look(self) -> Card | None:
        """A card that was laid there since; None: nothing new. Raises CardMistake, ReaderTrouble, Left."""
        answer = self._line.ask(Command.FIND)
        if answer.state == NONE:
            self._empty += 1
            self._known = self._known if self._empty < LIFTED else ""
            return None
        if answer.state != FOUND:
            _good(answer, self._port)
        if self._known and not self._empty:
            return None  # it still lies there
        card = read_card(self._line, self._port)
        before, self._known, self._empty = self._known, card.id_no, 0
        return None if card.id_no == before else card


class Reader:
    """One reader, until `stop`."""

    def __init__(self, wanted: Wanted, tell: Callable[[State | Failed | Card], Any], *, look: float = LOOK, again: float = AGAIN) -> None:
        """`tell` is called in the thread of `run`."""
        self._wanted, self._tell, self._look, self._again = wanted, tell, look, again
        self._word: SimpleQueue[bool] = SimpleQueue()
        self._ended = False

    def stop(self) -> None:
        """Leave, from any thread; `run` ends within a tenth of a second."""
        self._ended = True
        self._word.put(True)

    def run(self) -> None:
        """Open the line, wait for cards, and open it again when it failed, until somebody says stop."""
        while not self._ended:
            try:
                self._watch()
            except Left:
                return
            except ReaderTrouble as trouble:
                self._tell(State(False, trouble.text))
                self._pause(self._again)

    def _watch(self) -> None:
        port = self._wanted.port
        line = opened(port, self._wanted.baud, lambda: not self._ended)
        try:
            _good(line.ask(Command.STATUS), port)
            self._tell(State(True))
            watching, said = Watching(line, port), ""
            while not self._ended:
                said = self._once(watching, said)
                self._pause(self._look)
        finally:
            line.close()

    def _once(self, watching: Watching, said: str) -> str:
        """One look; a card that lies there unread is told of once, not at every look."""
        try:
            card = watching.look()
        except (CardMistake, Spoilt) as failure:
            if failure.text != said:
                self._tell(Failed(failure.text))
            return failure.text
        if card is not None:
            self._tell(card)
        return ""

    def _pause(self, seconds: float) -> None:
        try:
            self._word.get(timeout=seconds)
        except Empty:
            return


def sam_id(data: bytes) -> str:
    """The reader's number as the makers print it: '05.03-20080101-0000000123-0000000456'."""
    first, second = int.from_bytes(data[0:2], "little"), int.from_bytes(data[2:4], "little")
    day, serial, rest = (int.from_bytes(data[at:at + 4], "little") for at in (4, 8, 12))
    return f"{first:02d}.{second:02d}-{day:08d}-{serial:010d}-{rest:010d}"


def try_out(wanted: Wanted) -> str:
    """Ask the reader who it is and whether a card lies there; one sentence. No card is read."""
    try:
        line = opened(wanted.port, wanted.baud)
        try:
            number = _good(line.ask(Command.SAM_ID), wanted.port)
            if len(number) < 16:
                raise Silent(wanted.port)
            lies = line.ask(Command.FIND).state == FOUND
        finally:
            line.close()
    except (ReaderTrouble, CardMistake) as failure:
        return failure.text
    return (_("✓ 读卡器正常，编号 {0}，上面放着卡。") if lies else _("✓ 读卡器正常，编号 {0}，上面没有卡。")).format(sam_id(number))
