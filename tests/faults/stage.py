"""The stage of the meetings: which stations there are, their ledgers as they were in the beginning, and the world of one history."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from gridapp.ledger import Ledger
from gridapp.ledger.clock import Wall
from gridapp.ledger.entries import Seal
from tests import ledgers
from tests.faults.clerks import Clerk, Office
from tests.faults.knowledge import Knowledge
from tests.faults.oracle import Oracle
from tests.faults.stations import Station
from tests.postgres import Server

A, B, TOWN, RULES = "v:330784108238", "v:330784108239", "t:330784108", "c:330784108"
#: kind of world -> what each station holds, its own register first; two with one letter run on copies of one file, or are clerks of one hub
WORLDS: dict[str, Sequence[tuple[str, tuple[str, ...]]]] = {
    "one village": (("a", (A,)), ("b", (A,)), ("c", (A,)), ("d", (A,)), ("town", (TOWN, A))),
    "copies": (("a", (A,)), ("a", (A,)), ("b", (A,)), ("c", (A,)), ("town", (TOWN, A))),
    "a hub": (("a", (A,)), ("b", (A,)), ("hub", (TOWN, A)), ("hub", (TOWN, A))),
    "villages": (("a", (A, RULES)), ("b", (A, RULES)), ("c", (B, RULES)), ("town", (TOWN, A, B, RULES)), ("hall", (TOWN, A, B, RULES))),
}
HOUR = 3_600_000
#: a disk that need not be waited for, where there is one
QUICK = "/dev/shm" if Path("/dev/shm").is_dir() else None


@dataclass
class Stick:
    """Seals on their way, once read from the giver's ledger."""

    scopes: tuple[str, ...]
    seals: list[Seal]


@dataclass
class World:
    """The stations, the sticks in drawers, the old copies, and the time."""

    chance: random.Random
    stations: list[Station]
    folder: Path
    oracle: Oracle
    now: list[int]
    #: how many milliseconds may pass between two steps
    pace: tuple[int, ...]
    drawer: list[Stick] = field(default_factory=list)
    copies: list[tuple[Station, Path, Knowledge]] = field(default_factory=list)
    #: heads somebody once told, as others remember them
    heard: dict[int, list[bytes]] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    made: int = 0

    def files(self) -> list[Station]:
        """Those whose file can be copied away and put back."""
        return [s for s in self.stations if not isinstance(s, Clerk)]

    def two(self) -> tuple[Station, Station]:
        one, other = self.chance.sample(self.stations, 2)
        return one, other


class Stage:
    """The ledgers every history plays on: opened once, put back to their beginning for the next (opening anew costs more than a history)."""

    def __init__(self, folder: Path, server: Server | None = None) -> None:
        self.folder, self._open, self._server, self._office = folder, dict[tuple[str, int], Ledger](), server, ExitStack()
        self._hub: Office | None = None

    def kinds(self) -> list[str]:
        """The worlds this stage has all it needs for."""
        return [kind for kind, stations in WORLDS.items() if self._server or "hub" not in dict(stations)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for ledger in self._open.values():
            ledger.close()
        self._office.close()

    def begun(self, kind: str, seed: int) -> World:
        """A world for one history."""
        chance, oracle, now, stations = random.Random(f"{kind} {seed}"), Oracle(), [ledgers.NOON], list[Station]()
        alike = chance.random() < 0.4  # clocks that agree, and acts at one moment: stamps are equal then
        for number in range(len(WORLDS[kind])):
            off = 0 if alike else chance.choice((0, -HOUR, HOUR, chance.randint(-HOUR, HOUR)))
            wall: Wall = lambda off=off: now[0] + off  # type: ignore[misc]  # noqa: E731
            if WORLDS[kind][number][0] == "hub":
                stations.append(self._clerk(kind, number, wall, oracle, stations))
                continue
            station = Station(self._ledger(kind, number), wall, oracle)
            station.put_back(self._first(kind, number), Knowledge())
            stations.append(station)
        shutil.rmtree(self.folder / "now", ignore_errors=True)
        (self.folder / "now").mkdir()
        return World(chance, stations, self.folder / "now", oracle, now, (0, 0, 0, 1) if alike else (0, 1, 1000, 90_000))

    def _clerk(self, kind: str, number: int, wall: Wall, oracle: Oracle, before: list[Station]) -> Station:
        clerks = [n for n, (name, _scopes) in enumerate(WORLDS[kind]) if name == "hub"]
        if self._hub is None:
            assert self._server is not None
            self._hub = self._office.enter_context(Office(self._server, WORLDS[kind][number][1], len(clerks)))
        if number == clerks[0]:
            self._hub.empty()
        made = Clerk(self._hub.clerks[number - clerks[0]], wall, oracle)
        if number != clerks[0]:
            made.knows_with(before[clerks[0]])
        return made

    def _first(self, kind: str, number: int) -> Path:
        """Where the file of a station lies as it was in the beginning; two with one name are copies of one file."""
        name, scopes = WORLDS[kind][number]
        folder = self.folder / "first" / f"{kind} {name}"
        if not folder.exists():
            with Ledger.create(folder / "a.grid", ledgers.PASSWORD, "officer 1", scopes[0], wall=ledgers.Clock(), cost=ledgers.CHEAP) as made:
                made.hold_scopes(scopes)
        return folder

    def _ledger(self, kind: str, number: int) -> Ledger:
        if (kind, number) not in self._open:
            folder = self.folder / f"{kind} {number}"
            folder.mkdir()
            path = ledgers.copy(self._first(kind, number) / "a.grid", folder / "a.grid")
            self._open[kind, number] = Ledger.open(path, ledgers.PASSWORD)
        return self._open[kind, number]
