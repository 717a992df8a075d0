"""The log (运行日志): where and when something went wrong, and never with whom. What a failure says may hold a name; its kind and place do not.

One file in the data folder, ten of 1 MiB at most (reliability.md L1). A line can be made of nothing but times, kinds, places in the program and
small figures, so nothing needs to be searched for secrets afterwards. A disk that is full or read-only costs the line, not the work.
"""

from __future__ import annotations

import logging
import logging.handlers
import os
import re
import secrets
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from gridapp import places

NAME = "平安网格.log"
SIZE, FILES = 1 << 20, 10
#: longer numbers than this may be somebody's (a telephone number has eleven digits)
BIGGEST = 10**8
DEEPEST = 8
#: all that is kept of what Qt says: anything else may be somebody's
_QT_WORDS = re.compile(r"\b(?:Q[A-Z]\w*(?:::~?\w+)*|[a-z]\w*::\w+)")
_log = logging.getLogger("gridapp")
_log.setLevel(logging.INFO)


class _Line(logging.Formatter):
    """Of our own lines the text; of everybody else's only the place: a library's message may hold what it was given."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        own = getattr(record, "clean", False)
        text = record.getMessage() if own else f"{Path(record.pathname).name}:{record.lineno}"
        return escaped(f"{moment} {record.levelname} {record.process} {record.name} {text}")


class _Quiet(logging.handlers.RotatingFileHandler):
    """Writes a line if it can; nobody is told when it cannot, and a handler's own failure prints no line of what it was given."""

    def handleError(self, record: logging.LogRecord) -> None:
        if self.stream is not None:
            with suppress(OSError):
                self.stream.close()
        self.stream = None  # opened again with the next line

    def _open(self) -> Any:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()


_handler: _Quiet | None = None


def escaped(text: str) -> str:
    """One line: breaks and control characters are shown, so that nobody can write a second line into the log."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def path() -> Path:
    """The file that is written to now."""
    return places.log_dir() / NAME


def begin() -> None:
    """Write to this user's data folder from now on; a second time it moves there where the folder is another one."""
    global _handler
    wanted = os.path.abspath(path())
    if _handler is not None and _handler.baseFilename == wanted:
        return
    end()
    logging.raiseExceptions = False  # else a failing handler prints the message it could not write
    _handler = _Quiet(wanted, maxBytes=SIZE, backupCount=FILES - 1, encoding="utf-8", delay=True, errors="backslashreplace")
    _handler.setFormatter(_Line())
    logging.getLogger().addHandler(_handler)


def end() -> None:
    """Let go of the file."""
    global _handler
    if _handler is not None:
        logging.getLogger().removeHandler(_handler)
        _handler.close()
        _handler = None


def hear_the_unraisable() -> None:
    """A failure while something is thrown away is otherwise printed, message and all."""
    def hook(told: sys.UnraisableHookArgs) -> None:
        failed(told.exc_value, told.exc_traceback)

    sys.unraisablehook = hook


def note(event: str, **figures: int | float) -> None:
    """Something happened: `event` is a fixed word of the program's, figures are small (counts, milliseconds)."""
    _write(logging.INFO, " ".join([event, *(f"{name}={_small(value)}" for name, value in figures.items())]))


def _small(value: int | float) -> str:
    return f"{value:g}" if isinstance(value, int | float) and abs(value) < BIGGEST else "…"


def failed(error: BaseException | None, trace: TracebackType | None = None) -> str:
    """Write kind and places of a failure nobody sorted; returns the number an officer can read out over the telephone."""
    number = f"{secrets.randbelow(10_000):04d}-{secrets.randbelow(10_000):04d}"
    told = " <- ".join(_told(error, trace)) if error is not None else "?"
    _write(logging.ERROR, f"E{number} {told}")
    return number


def _told(error: BaseException, trace: TracebackType | None) -> Iterator[str]:
    """Kind and places of a failure and of those it came from: never a message, a value or a line of source."""
    depth, following = 0, trace or error.__traceback__
    one: BaseException | None = error
    while one is not None and depth < DEEPEST:
        yield f"{type(one).__module__}.{type(one).__qualname__}({places_of(following)})"
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        depth, following = depth + 1, one.__traceback__ if one is not None else None


def places_of(trace: TracebackType | None) -> str:
    """`file.py:12 function` of each step, the innermost last."""
    steps = traceback.StackSummary.extract(traceback.walk_tb(trace), lookup_lines=False, capture_locals=False)
    return " > ".join(f"{Path(step.filename).name}:{step.lineno} {step.name}" for step in steps)


def from_qt(level: int, category: str, message: str) -> None:
    """What Qt has to say: the names of its classes and functions; the rest may be a text of somebody's or a file name."""
    _write(level, f"qt {category} {' '.join(_QT_WORDS.findall(message)) or '-'} ({len(message)})", "gridapp.qt")


def _write(level: int, text: str, name: str = "gridapp") -> None:
    logging.getLogger(name).log(level, "%s", text, extra={"clean": True})
