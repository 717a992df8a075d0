"""The line to a reader: opened by the name of its port, one question and its answer at a time. pyserial is loaded when it is first needed."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gridapp.devices.idreader.failures import Garbled, NoReader, PortForbidden, PortTaken, Silent, Spoilt, Unplugged
from gridapp.devices.idreader.frames import Answer, Command, Frames, framed

if TYPE_CHECKING:
    from serial import Serial

BAUD = 115200
#: what readers are set to, the usual one first
BAUDS = (BAUD, 57600, 38400, 19200, 9600)
#: seconds after which it is looked whether the line is still wanted, until a reader counts as silent, and until a card must be read
SLICE, SECONDS, CARD_SECONDS = 0.1, 1.0, 4.0
_TAKEN = (errno.EBUSY, errno.EAGAIN)


class Left(Exception):
    """Nobody wants the answer any more."""


@dataclass(frozen=True)
class Port:
    """A serial port of this PC, and what to call it."""

    name: str
    words: str


def ports() -> list[Port]:
    """The ports there are, those on USB first."""
    from serial.tools import list_ports

    found = sorted(list_ports.comports(), key=lambda p: (p.vid is None, p.device))
    return [Port(p.device, " ".join(dict.fromkeys(w for w in (p.device, p.manufacturer, p.product or p.description) if w and w != "n/a"))) for p in found]


class Line:
    """One open port. Every failure of the system becomes one of ours."""

    def __init__(self, port: str, serial: Serial, wanted: Callable[[], bool]) -> None:
        self._port, self._serial, self._wanted = port, serial, wanted

    def close(self) -> None:
        try:
            self._serial.close()
        except OSError:  # a port that went away cannot be closed any better
            return

    def ask(self, command: Command) -> Answer:
        """Ask once and wait. Raises Silent, Garbled, Spoilt, Unplugged; Left when nobody wants the answer any more."""
        frames = Frames()
        until = time.monotonic() + (CARD_SECONDS if command is Command.READ else SECONDS)
        try:
            self._serial.read(self._serial.in_waiting)  # an answer that came too late is none to this question
            self._serial.write(framed(command.value))
            while time.monotonic() < until:
                if not self._wanted():
                    raise Left
                answers = frames.feed(self._serial.read(max(1, self._serial.in_waiting)))
                if answers:
                    return answers[0]
                if frames.spoilt:
                    raise Spoilt(self._port)
        except OSError as error:  # pyserial's own failures are OSErrors; its reset_input_buffer has others, so it is not used
            raise Unplugged(self._port) from error
        raise Spoilt(self._port) if frames.half else Garbled(self._port) if frames.strays else Silent(self._port)


def opened(port: str, baud: int, wanted: Callable[[], bool] = lambda: True) -> Line:
    """A line to the reader; `wanted` is asked while it waits. Raises NoReader, PortTaken, PortForbidden."""
    from serial import Serial

    if not port:
        raise NoReader("—")
    try:
        return Line(port, Serial(port, baud, timeout=SLICE, write_timeout=SECONDS, exclusive=True), wanted)
    except (OSError, ValueError) as error:  # a SerialException is an OSError; a ValueError: no such speed
        raise _why_not(error)(port) from error


def _why_not(error: Any) -> type[NoReader] | type[PortTaken] | type[PortForbidden]:
    number = getattr(error, "errno", None)
    if number in _TAKEN or "exclusively lock" in str(error) or "PermissionError" in str(error):  # Windows says so of a port that is in use
        return PortTaken
    return PortForbidden if number in (errno.EACCES, errno.EPERM) else NoReader
