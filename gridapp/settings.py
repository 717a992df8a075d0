"""What this PC remembers: the last ledger, who signed in there, dark or light, type size, when to lock, where printers print; a damaged file is as good as none.

Nobody registered stands in it, only the officers who work on this PC: so that they need not type their names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gridapp import places
from gridapp.store.remembered import recall, remember

#: minutes without a key or the mouse after which the program locks: shortest, usual, longest (reliability.md A5)
LOCK_AFTER = (1, 5, 15)
#: so many names are offered
REMEMBERED = 12
#: a printer is put right by at most so many mm
FARTHEST = 20.0


@dataclass
class Settings:
    """The settings of this user on this PC."""

    ledger: str = ""
    dark: bool = False
    factor: float = 1.0
    lock_after: int = LOCK_AFTER[1]
    #: whether the search box takes letters that sound alike for each other (模糊音)
    alike: bool = True
    #: what the four platforms are called where no town has said it ('': the usual names; gridapp.fields.presets)
    platforms: str = ""
    #: whether copies that are neither filed nor served bear unit, officer and time across the page
    watermark: bool = True
    #: the ID-card reader of this PC: whether it is used, its port, how fast it speaks
    reader_on: bool = False
    reader_port: str = ""
    reader_baud: int = 115200
    #: a sound where a field is marked as wrong
    sound: bool = False
    #: kind of form → the fields that are carried on to the next one
    pins: dict[str, Any] = field(default_factory=dict)
    #: ledger → [number, name] of who signed in on this PC, newest first
    officers: dict[str, Any] = field(default_factory=dict)
    #: printer → mm further right and down than it prints by itself
    printers: dict[str, Any] = field(default_factory=dict)
    #: 'ledger officer list' → how an officer left a list: order, columns, saved filters (ui/lists/remembered.py)
    lists: dict[str, Any] = field(default_factory=dict)

    @staticmethod
    def path() -> Path:
        return places.data_dir() / "settings.json"

    @classmethod
    def load(cls) -> Settings:
        """What was saved; defaults for whatever is missing or of the wrong kind."""
        made = recall(cls(), cls.path())
        made.lock_after = min(max(made.lock_after, LOCK_AFTER[0]), LOCK_AFTER[2])
        return made

    def save(self) -> None:
        """Raises CannotWrite, DiskFull."""
        remember(self, self.path())

    # -- printers

    def offset(self, printer: str) -> tuple[float, float]:
        """How far everything is moved on a printer, in mm to the right and down."""
        told = self.printers.get(printer)
        if not isinstance(told, list) or len(told) != 2 or not all(type(one) in (int, float) for one in told):
            return 0.0, 0.0
        across, down = (min(max(float(one), -FARTHEST), FARTHEST) for one in told)
        return across, down

    def shift(self, printer: str, across: float, down: float) -> None:
        """A printer was put right."""
        self.printers[printer] = [across, down]

    # -- who signed in

    def seen(self, ledger: object) -> list[tuple[int, str]]:
        """Number and name of the officers who signed in to a ledger on this PC, newest first."""
        found = self.officers.get(str(ledger))
        return [(told[0], told[1]) for told in found if _is_officer(told)] if isinstance(found, list) else []

    def saw(self, ledger: object, number: int, name: str) -> None:
        """Somebody signed in."""
        others = [list(told) for told in self.seen(ledger) if told[0] != number]
        self.officers[str(ledger)] = [[number, name], *others][:REMEMBERED]

    def forget_officer(self, ledger: object, number: int) -> None:
        """Their account was closed: the name is offered no more."""
        self.officers[str(ledger)] = [list(told) for told in self.seen(ledger) if told[0] != number]


def _is_officer(told: object) -> bool:
    return isinstance(told, list) and len(told) == 2 and type(told[0]) is int and isinstance(told[1], str)
