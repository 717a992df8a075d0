"""The key file beside a ledger (`.keys`, and the same again in `.keys2`): a list of slots under one mark.

Only who has the ledger's key can make the mark: what somebody puts in by hand is refused before anything is sealed to it, and two slots
changed about are noticed. While the ledger gets a new key the file holds both lists (`next`). The sum is for accidents, the mark for intent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from uuid import UUID

from gridapp.store import vault
from gridapp.store.files import write_whole
from gridapp.store.refusals import KeysChanged, KeysMissing, KeysTurning, NewerKeys
from gridapp.store.slot import Slot, written

FORMAT = 2
_LABEL = b"gridapp-slots-1"


def _canonical(told: Any) -> bytes:
    return json.dumps(told, sort_keys=True, ensure_ascii=True).encode()


def _sum(told: dict[str, Any]) -> str:
    return sha256(_canonical({n: v for n, v in told.items() if n != "sum"})).hexdigest()


class KeyFile:
    """What stands in the file; losing both copies loses the ledger."""

    def __init__(self, path: Path, told: dict[str, Any]) -> None:
        self.path, self._told = path, told
        self.ledger = UUID(told["ledger"])
        self.newer, self.old = bool(told["format"] > FORMAT), told["format"] == 1
        self.slots = [Slot(dict(slot)) for slot in told["slots"]]
        if self.old:  # it has no mark: what is sealed to somebody did not stand in it
            self.slots = [slot for slot in self.slots if not slot.public]
        pending = told.get("next")
        self.coming = None if pending is None else [Slot(dict(slot)) for slot in pending["slots"]]

    @staticmethod
    def beside(database: Path) -> Path:
        return database.with_name(database.name + ".keys")

    # -- the two copies

    @classmethod
    def load(cls, database: Path) -> Self:
        """The vault beside `database`: the first copy that is whole, else the first that can be read. Raises KeysMissing."""
        return cls.copies(database)[0]

    @classmethod
    def copies(cls, database: Path) -> list[Self]:
        """What can be read of the two copies, whole ones first. Raises KeysMissing when neither can."""
        path, found = cls.beside(database), list[Self]()
        for copy in (path, path.with_name(path.name + "2")):
            try:
                found.append(cls(path, json.loads(copy.read_text("utf-8"))))
            except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
                continue
        if not found:
            raise KeysMissing(path)
        return sorted(found, key=lambda copy: not copy.whole)

    @property
    def whole(self) -> bool:
        """Whether every byte is as it was written."""
        return bool(self._told.get("sum") == _sum(self._told))

    def save(self) -> None:
        """Write both copies, the first one first: it is the one that counts. Raises CannotWrite, DiskFull."""
        self._told |= {"slots": [slot.told for slot in self.slots]}
        self._told["sum"] = _sum(self._told)
        self._write()

    def _write(self) -> None:
        data = json.dumps(self._told, ensure_ascii=False, indent=1).encode()
        write_whole(self.path, data)
        write_whole(self.path.with_name(self.path.name + "2"), data)

    # -- the mark over the whole list

    def _mark(self, key: bytes, slots: Iterable[Slot], turn: int) -> str:
        told = [FORMAT, str(self.ledger), self._told.get("cost"), self._told.get("profile"), turn, [slot.told for slot in slots]]
        return written(vault.vouched(key, _LABEL, _canonical(told)))

    def _vouch(self, key: bytes) -> None:
        self._told |= {"format": FORMAT, "cost": self.cost, "turn": self._turn, "slots": [slot.told for slot in self.slots]}
        self._told["mark"] = self._mark(key, self.slots, self._turn)
        self.old = False

    def _refuse_foreign(self, key: bytes, slots: list[Slot], mark: Any, turn: int) -> None:
        if not vault.alike(str(mark).encode(), self._mark(key, slots, turn).encode()):
            raise KeysChanged

    @property
    def _turn(self) -> int:
        turn = self._told.get("turn", 0)
        return turn if type(turn) is int else 0

    def _found(self, slot_id: str) -> Slot:
        try:
            return next(s for s in self.slots if s.id == slot_id)
        except StopIteration:
            raise KeyError(slot_id) from None

    def _ours(self, key: bytes) -> None:
        """Raises KeysTurning, NewerKeys, KeysChanged."""
        if self.coming is not None:
            raise KeysTurning
        if self.newer:
            raise NewerKeys
        if not self.old:
            self._refuse_foreign(key, self.slots, self._told.get("mark"), self._turn)

    # -- what it says without opening

    @property
    def cost(self) -> dict[str, int]:
        """What a slot of this ledger costs; the floor where that is not told."""
        try:
            return Slot({"kdf": self._told["cost"]}).cost
        except (KeyError, TypeError, ValueError):
            return dict(vault.ARGON2)

    @property
    def profile(self) -> str:
        """Which rules passwords follow (passwords.py)."""
        return str(self._told.get("profile") or "")

    def ways(self) -> list[Slot]:
        """All slots this program knows, as a list to show: what they hold opens nothing by itself."""
        return [slot for slot in self.slots if slot.known]

    @property
    def told(self) -> dict[str, Any]:
        """All of it, for whoever keeps it elsewhere than in a file."""
        return self._told
