"""One way to the ledger's key: a password, the sheet of paper, or the town's key; each is a slot of the key file.

A slot is a pair of keys (age). The ledger's key is sealed to the public half; the secret half is wrapped under what the officer types, or
lies with the town. So the ledger gets a new key without anybody typing a password. Slots of format 1 wrap the ledger's key itself.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from gridapp.store import vault
from gridapp.store.vault import ARGON2, COSTLIEST, KEY_BYTES, SUITE

PASSWORD, SHEET, TOWN = "password", "sheet", "town"
KINDS = (PASSWORD, SHEET, TOWN)
#: what the wrapping is bound to: a slot given to another officer, made lasting, or moved to another ledger opens no more (K1)
_BOUND = ("id", "kind", "label", "suite", "officer", "once", "least", "made", "public")
_BOUND_1 = ("id", "kind", "label", "suite")


def written(data: bytes) -> str:
    """Bytes as they stand in the file."""
    return b64encode(data).decode()


@dataclass(frozen=True)
class Slot:
    """A slot as it stands in the file: kinds and suites this program does not know are kept and skipped."""

    told: dict[str, Any]

    @classmethod
    def made(cls, key: bytes, ledger: UUID, secret: str, label: str, cost: dict[str, int], *, kind: str = PASSWORD,
             officer: int | None = None, once: datetime | None = None, least: int = 0, now: datetime | None = None) -> Slot:
        """A slot that opens with `secret`. Suite, costs and salt are stored, never assumed; `once`: good once, until that moment."""
        own, public = vault.new_pair()
        salt = os.urandom(16)
        told = _begun(kind, label, public, now) | {"officer": officer, "once": once.astimezone(UTC).isoformat() if once else None, "least": least,
                                                   "kdf": {"name": "argon2id", "salt": written(salt)} | cost}
        box = vault.sealed(vault.stretch(secret, salt, **cost), own.encode(), _bound(told, ledger))
        return cls(told | {"wrapped": written(box)})._sealed(key, ledger)

    @classmethod
    def for_town(cls, key: bytes, ledger: UUID, public: str, now: datetime | None = None) -> Slot:
        """A slot the town opens with the secret half of `public`. Raises ValueError for what is no public key."""
        return cls(_begun(TOWN, TOWN, public, now))._sealed(key, ledger)

    def _sealed(self, key: bytes, ledger: UUID) -> Slot:
        inside = json.dumps({"key": key.hex(), "slot": self.id, "ledger": str(ledger)}).encode()
        return Slot(self.told | {"sealed": written(vault.sealed_to(self.told["public"], inside))})

    def resealed(self, key: bytes, ledger: UUID) -> Slot | None:
        """The same way to another key; None where only who knows the secret could make it (format 1, newer programs)."""
        return self._sealed(key, ledger) if self.known and self.public else None

    # -- what it says

    @property
    def id(self) -> str:
        return str(self.told.get("id"))

    @property
    def kind(self) -> str:
        return str(self.told.get("kind"))

    @property
    def label(self) -> str:
        return str(self.told.get("label", ""))

    @property
    def officer(self) -> int | None:
        """Whose it is; None: the ledger's first officer (format 1), or nobody's (sheet, town)."""
        number = self.told.get("officer")
        return number if type(number) is int else None

    @property
    def least(self) -> int:
        """The shortest password that may follow (passwords.py)."""
        least = self.told.get("least")
        return least if type(least) is int else 0

    @property
    def public(self) -> str | None:
        """What the ledger's key is sealed to; None in a slot of format 1."""
        public = self.told.get("public")
        return public if isinstance(public, str) else None

    @property
    def made_at(self) -> datetime | None:
        return _moment(self.told.get("made"))

    @property
    def once(self) -> bool:
        """Whether it is good once only."""
        return self.told.get("once") is not None

    def over(self, now: datetime) -> bool:
        """Good once, and that was, or its time is up."""
        until = _moment(self.told.get("once"))
        return self.once and (bool(self.told.get("used")) or until is None or now > until)

    def used(self, now: datetime) -> Slot:
        return Slot(self.told | {"used": now.astimezone(UTC).isoformat()})

    @property
    def known(self) -> bool:
        """Whether this program may open it."""
        return self.kind in KINDS and self.told.get("suite") == SUITE

    @property
    def cost(self) -> dict[str, int]:
        """Argon2id's t, m and p. Raises ValueError, KeyError or TypeError for what would exhaust the machine or is no number."""
        cost = {name: self.told["kdf"][name] for name in ARGON2}
        if not all(type(n) is int and 1 <= n <= COSTLIEST[name] for name, n in cost.items()):
            raise ValueError("costs out of bounds")
        return cost

    # -- opening

    def secret_of(self, ledger: UUID, typed: str) -> str | None:
        """The secret half, None when what was typed is another's, the slot another ledger's, or anything in it is damaged."""
        box = self._unwrapped(ledger, typed, "wrapped", _bound)
        return None if box is None else box.decode("ascii", "replace")

    def old_key(self, ledger: UUID, typed: str) -> bytes | None:
        """The ledger's key from a slot of format 1."""
        return self._unwrapped(ledger, typed, "nonce", _bound_1)

    def _unwrapped(self, ledger: UUID, typed: str, first: str, bound: Any) -> bytes | None:
        try:
            box = b"".join(b64decode(self.told[part], validate=True) for part in dict.fromkeys((first, "wrapped")))
            salt = b64decode(self.told["kdf"]["salt"], validate=True)
            return vault.unsealed(vault.stretch(typed, salt, **self.cost), box, bound(self.told, ledger))
        except (KeyError, TypeError, ValueError):
            return None

    def key_with(self, ledger: UUID, secret: str) -> bytes | None:
        """The ledger's key, opened with the secret half."""
        try:
            box = vault.opened_with(secret, b64decode(self.told["sealed"], validate=True))
            told = json.loads(box or b"null")
            key = bytes.fromhex(told["key"])
            return key if (told["slot"], told["ledger"], len(key)) == (self.id, str(ledger), KEY_BYTES) else None
        except (KeyError, TypeError, ValueError):
            return None


def _begun(kind: str, label: str, public: str, now: datetime | None) -> dict[str, Any]:
    return {"id": str(uuid4()), "kind": kind, "label": label, "suite": SUITE, "made": (now or datetime.now(UTC)).astimezone(UTC).isoformat(),
            "public": public}


def _moment(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def _bound(told: dict[str, Any], ledger: UUID) -> bytes:
    return json.dumps([[name, told.get(name)] for name in _BOUND] + [str(ledger)], ensure_ascii=True).encode()


def _bound_1(told: dict[str, Any], ledger: UUID) -> bytes:
    return json.dumps([told[name] for name in _BOUND_1] + [str(ledger)], ensure_ascii=True).encode()
