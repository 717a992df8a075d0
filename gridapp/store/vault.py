"""The key vault: one random key opens the ledger; it lies wrapped in slots, one per password (later also sheet and town).

The only module that touches a crypto library (reliability.md K5). Suite INTL-1 = Argon2id, AES-256-GCM, Ed25519.
"""

from __future__ import annotations

import json
import os
import unicodedata
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gridapp.errors import Mistake, Trouble
from gridapp.store.files import write_whole
from gridapp.texts import _

SUITE = "INTL-1"
FORMAT = 1
KEY_BYTES = 32
#: reliability.md A1: floor t=3, m=64 MiB, p=4
ARGON2 = {"t": 3, "m": 65536, "p": 4}
SHORTEST = 8


class WrongPassword(Mistake):
    """No slot opens with this password."""

    def __init__(self) -> None:
        super().__init__(_("密码不对。请检查大小写和输入法后再试；数据没有受到影响。"))


class WeakPassword(Mistake):
    """Too short to protect the village."""

    def __init__(self) -> None:
        super().__init__(_("密码太短，至少 {0} 个字符。建议用一句好记的话。").format(SHORTEST))


class KeysMissing(Trouble):
    """The key file beside the ledger is gone or unreadable."""

    def __init__(self, path: Path) -> None:
        super().__init__(_("找不到或读不出密钥文件“{0}”。没有它，台账无法打开。请从备份中把它放回台账旁边，不要新建同名台账。").format(path.name))


@dataclass(frozen=True)
class Slot:
    """One way to the ledger's key; the suite and its parameters are stored, never assumed."""

    id: UUID
    kind: str
    label: str
    suite: str
    kdf: dict[str, Any]
    nonce: bytes
    wrapped: bytes

    def to_json(self) -> dict[str, Any]:
        kdf = self.kdf | {"salt": b64encode(self.kdf["salt"]).decode()}
        return {"id": str(self.id), "kind": self.kind, "label": self.label, "suite": self.suite, "kdf": kdf,
                "nonce": b64encode(self.nonce).decode(), "wrapped": b64encode(self.wrapped).decode()}

    @staticmethod
    def from_json(raw: dict[str, Any]) -> Slot:
        kdf = raw["kdf"] | {"salt": b64decode(raw["kdf"]["salt"])}
        return Slot(UUID(raw["id"]), raw["kind"], raw["label"], raw["suite"], kdf,
                    b64decode(raw["nonce"]), b64decode(raw["wrapped"]))


def _stretch(password: str, kdf: dict[str, Any]) -> bytes:
    secret = unicodedata.normalize("NFC", password).encode()
    return hash_secret_raw(secret, kdf["salt"], kdf["t"], kdf["m"], kdf["p"], KEY_BYTES, Type.ID)


def _bound(slot_id: UUID, kind: str, suite: str, ledger: UUID) -> bytes:
    return b"|".join([slot_id.bytes, kind.encode(), suite.encode(), ledger.bytes])


def _make_slot(key: bytes, ledger: UUID, password: str, label: str, cost: dict[str, int]) -> Slot:
    if len(password) < SHORTEST:
        raise WeakPassword
    slot_id, kdf, nonce = uuid4(), {"name": "argon2id", "salt": os.urandom(16)} | cost, os.urandom(12)
    wrapped = AESGCM(_stretch(password, kdf)).encrypt(nonce, key, _bound(slot_id, "password", SUITE, ledger))
    return Slot(slot_id, "password", label, SUITE, kdf, nonce, wrapped)


def _try_slot(slot: Slot, ledger: UUID, password: str) -> bytes | None:
    if slot.kind != "password" or slot.suite != SUITE:
        return None
    try:
        bound = _bound(slot.id, slot.kind, slot.suite, ledger)
        return AESGCM(_stretch(password, slot.kdf)).decrypt(slot.nonce, slot.wrapped, bound)
    except (InvalidTag, HashingError, KeyError, TypeError, ValueError):
        return None


class Vault:
    """The slots of one ledger, kept as JSON beside it in two copies (`.keys`, `.keys2`); losing both loses the ledger."""

    def __init__(self, path: Path, ledger: UUID, slots: list[Slot]) -> None:
        self.path, self.ledger, self.slots = path, ledger, slots

    @staticmethod
    def beside(database: Path) -> Path:
        return database.with_name(database.name + ".keys")

    @classmethod
    def create(cls, database: Path, password: str, label: str, cost: dict[str, int] | None = None) -> tuple[Vault, bytes]:
        """A new vault and the random 32-byte key it holds. Raises WeakPassword."""
        key, ledger = os.urandom(KEY_BYTES), uuid4()
        vault = cls(cls.beside(database), ledger, [_make_slot(key, ledger, password, label, cost or ARGON2)])
        vault.save()
        return vault, key

    @classmethod
    def load(cls, database: Path) -> Vault:
        """The vault beside `database`, from the first copy that can be read. Raises KeysMissing."""
        return cls.copies(database)[0]

    @classmethod
    def copies(cls, database: Path) -> list[Vault]:
        """What can be read of the two copies. Raises KeysMissing when neither can."""
        path, found = cls.beside(database), []
        for copy in (path, path.with_name(path.name + "2")):
            try:
                raw = json.loads(copy.read_text("utf-8"))
                found.append(cls(path, UUID(raw["ledger"]), [Slot.from_json(s) for s in raw["slots"]]))
            except (OSError, ValueError, KeyError, TypeError):
                continue
        if not found:
            raise KeysMissing(path)
        return found

    @classmethod
    def key_of(cls, database: Path, password: str) -> bytes:
        """The ledger's 32-byte key; a damaged slot in one copy does not make the password wrong. Raises KeysMissing, WrongPassword."""
        first, *others = cls.copies(database)
        for vault in (first, *(v for v in others if (v.ledger, v.slots) != (first.ledger, first.slots))):
            with suppress(WrongPassword):
                return vault.unlock(password)
        raise WrongPassword

    def save(self) -> None:
        raw = {"format": FORMAT, "ledger": str(self.ledger), "slots": [s.to_json() for s in self.slots]}
        data = json.dumps(raw, ensure_ascii=False, indent=1).encode()
        write_whole(self.path, data)
        write_whole(self.path.with_name(self.path.name + "2"), data)

    def unlock(self, password: str) -> bytes:
        """The ledger's 32-byte key. Raises WrongPassword."""
        for slot in self.slots:
            key = _try_slot(slot, self.ledger, password)
            if key is not None:
                return key
        raise WrongPassword

    def change_password(self, old: str, new: str) -> None:
        """Wrap the key anew for `new` in the slot that `old` opens; the ledger itself is not re-encrypted."""
        for place, slot in enumerate(self.slots):
            key = _try_slot(slot, self.ledger, old)
            if key is not None:
                cost = {name: slot.kdf[name] for name in ARGON2}
                self.slots[place] = _make_slot(key, self.ledger, new, slot.label, cost)
                self.save()
                return
        raise WrongPassword


class Signer:
    """A device's signing key (Ed25519); its 32-byte seed is kept inside the encrypted ledger."""

    def __init__(self, seed: bytes | None = None) -> None:
        self.seed = seed or os.urandom(KEY_BYTES)
        self._key = Ed25519PrivateKey.from_private_bytes(self.seed)
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` over `message` is of the device with this 32-byte public key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
