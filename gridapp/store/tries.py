"""Wrong passwords: after five in a row a wait of 30 seconds, doubling to 15 minutes, kept beside the ledger; never for ever (A3).

Whoever can write in the folder can take the file away; who can do that can also guess at a copy of the key file. It is against
guessing at the screen. A clock set back makes the whole wait begin anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path
from collections.abc import Iterator

from gridapp.errors import Trouble
from gridapp.store.files import write_whole
from gridapp.store.refusals import MustWait, WrongPassword

FREE, FIRST_WAIT, LONGEST_WAIT = 5, 30_000, 900_000
ENDING = ".tries"


class Tries:
    """The wrong tries at one ledger by one officer (None: by whoever does not say); `wall` tells milliseconds since 1970."""

    def __init__(self, database: Path, officer: int | None, wall: Callable[[], int]) -> None:
        self._path, self._name, self._wall = database.with_name(database.name + ENDING), str(officer or ""), wall

    def wait(self) -> int:
        """Milliseconds until the next try is heard."""
        wrong, last = self._told()
        if wrong < FREE:
            return 0
        whole, passed = min(FIRST_WAIT << min(wrong - FREE, 16), LONGEST_WAIT), self._wall() - last
        if passed < 0:
            self._keep(wrong)
            return whole
        return max(0, whole - passed)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Around one try. Raises MustWait before it, and lets what it raises through; a right password makes all forgotten."""
        if wait := self.wait():
            raise MustWait(-(-wait // 1000))
        try:
            yield
        except WrongPassword:
            self._keep(self._told()[0] + 1)
            raise
        self._forget()

    def told(self) -> dict[str, list[int]]:
        """What was counted for everybody: {account: [wrong tries, milliseconds of the last]}."""
        return self._all()

    def _all(self) -> dict[str, list[int]]:
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return {n: t for n, t in found.items() if self._sound(t)} if isinstance(found, dict) else {}

    @staticmethod
    def _sound(told: object) -> bool:
        return isinstance(told, list) and len(told) == 2 and all(type(n) is int and n >= 0 for n in told)

    def _told(self) -> tuple[int, int]:
        wrong, last = self._all().get(self._name, [0, 0])
        return wrong, last

    def _keep(self, wrong: int) -> None:
        self._write(self._all() | {self._name: [wrong, self._wall()]})

    def _forget(self) -> None:
        told = self._all()
        if told.pop(self._name, None) is not None:
            self._write(told)

    def _write(self, told: dict[str, list[int]]) -> None:
        """A folder that takes no writing keeps nobody out."""
        with suppress(Trouble):
            write_whole(self._path, json.dumps(told).encode())
