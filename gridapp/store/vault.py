"""The key vault: one random key opens the ledger; it lies wrapped in slots, one per password (later also sheet and town).

The only module that touches a crypto library (reliability.md K5). Suite INTL-1 = Argon2id, AES-256-GCM, Ed25519.
"""

from __future__ import annotations

import json
import os
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gridapp.errors import Mistake, Trouble
from gridapp.store.files import CannotWrite, DiskFull, write_whole
from gridapp.texts import _

SUITE = "INTL-1"
FORMAT = 1
KEY_BYTES = 32
#: reliability.md A1: floor t=3, m=64 MiB, p=4
ARGON2 = {"t": 3, "m": 65536, "p": 4}
#: a damaged or malicious file must not exhaust the machine (m in KiB: 2 GiB)
COSTLIEST = {"t": 64, "m": 2_097_152, "p": 64}
SHORTEST = 8
PASSWORD = "password"
NONCE_BYTES, TAG_BYTES = 12, 16


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


class NewerKeys(Mistake):
    """Written by a newer program."""

    def __init__(self) -> None:
        super().__init__(_("密钥文件由更新版本的程序写成，本程序打不开。请先升级程序；台账没有被改动。"))


@dataclass(frozen=True)
class Slot:
    """One way to the ledger's key, as it stands in the file: kinds and suites this program does not know are kept and skipped."""

    told: dict[str, Any]

    @classmethod
    def made(cls, key: bytes, ledger: UUID, password: str, label: str, cost: dict[str, int]) -> Slot:
        """Wrap `key` under a password; suite, costs and salt are stored, never assumed. Raises WeakPassword."""
        if len(_plain(password)) < SHORTEST:
            raise WeakPassword
        salt, nonce = os.urandom(16), os.urandom(NONCE_BYTES)
        told = {"id": str(uuid4()), "kind": PASSWORD, "label": label, "suite": SUITE,
                "kdf": {"name": "argon2id", "salt": _written(salt)} | cost}
        wrapped = AESGCM(_stretch(password, salt, **cost)).encrypt(nonce, key, _bound(told, ledger))
        return cls(told | {"nonce": _written(nonce), "wrapped": _written(wrapped)})

    @property
    def known(self) -> bool:
        """Whether a password of this program may open it."""
        return self.told.get("kind") == PASSWORD and self.told.get("suite") == SUITE

    @property
    def cost(self) -> dict[str, int]:
        """Argon2id's t, m and p. Raises ValueError, KeyError or TypeError for what would exhaust the machine or is no number."""
        cost = {name: self.told["kdf"][name] for name in ARGON2}
        if not all(type(n) is int and 1 <= n <= COSTLIEST[name] for name, n in cost.items()):
            raise ValueError("costs out of bounds")
        return cost

    def open(self, ledger: UUID, password: str) -> bytes | None:
        """The key, None when the password is another's, the slot another ledger's, or anything in it is damaged."""
        if not self.known:
            return None
        try:
            salt, nonce, wrapped = (b64decode(n, validate=True) for n in (self.told["kdf"]["salt"], self.told["nonce"], self.told["wrapped"]))
            return AESGCM(_stretch(password, salt, **self.cost)).decrypt(nonce, wrapped, _bound(self.told, ledger))
        except (InvalidTag, HashingError, KeyError, TypeError, ValueError):
            return None


def _plain(password: str) -> str:
    """The same password from every keyboard: NFC (reliability.md A2); blanks and widths are part of it."""
    return unicodedata.normalize("NFC", password)


def _written(data: bytes) -> str:
    return b64encode(data).decode()


def _stretch(password: str, salt: bytes, t: int, m: int, p: int) -> bytes:
    return hash_secret_raw(_plain(password).encode(errors="surrogatepass"), salt, t, m, p, KEY_BYTES, Type.ID)


def _bound(told: dict[str, Any], ledger: UUID) -> bytes:
    """What the wrapping is bound to: a slot moved to another ledger, or given to another officer, opens no more (K1)."""
    return json.dumps([told[n] for n in ("id", "kind", "label", "suite")] + [str(ledger)], ensure_ascii=True).encode()


def _sum(told: dict[str, Any]) -> str:
    whole = json.dumps({n: v for n, v in told.items() if n != "sum"}, sort_keys=True, ensure_ascii=True)
    return sha256(whole.encode()).hexdigest()


class Vault:
    """The slots of one ledger, kept as JSON beside it in two copies (`.keys`, `.keys2`); losing both loses the ledger."""

    def __init__(self, path: Path, told: dict[str, Any]) -> None:
        self.path, self._told = path, told
        self.ledger = UUID(told["ledger"])
        self.slots = [Slot(dict(slot)) for slot in told["slots"]]
        self.newer = bool(told["format"] > FORMAT)

    @staticmethod
    def beside(database: Path) -> Path:
        return database.with_name(database.name + ".keys")

    @classmethod
    def create(cls, database: Path, password: str, label: str, cost: dict[str, int] | None = None) -> tuple[Vault, bytes]:
        """A new vault and the random 32-byte key it holds. Raises WeakPassword."""
        key, ledger = os.urandom(KEY_BYTES), uuid4()
        slot = Slot.made(key, ledger, password, label, cost or ARGON2)
        vault = cls(cls.beside(database), {"format": FORMAT, "ledger": str(ledger), "slots": [slot.told]})
        vault.save()
        return vault, key

    @classmethod
    def load(cls, database: Path) -> Vault:
        """The vault beside `database`: the first copy that is whole, else the first that can be read. Raises KeysMissing."""
        return cls.copies(database)[0]

    @classmethod
    def copies(cls, database: Path) -> list[Vault]:
        """What can be read of the two copies, whole ones first. Raises KeysMissing when neither can."""
        path, found = cls.beside(database), list[Vault]()
        for copy in (path, path.with_name(path.name + "2")):
            try:
                found.append(cls(path, json.loads(copy.read_text("utf-8"))))
            except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
                continue
        if not found:
            raise KeysMissing(path)
        return sorted(found, key=lambda vault: not vault.whole)

    @property
    def whole(self) -> bool:
        """Whether every byte is as it was written."""
        return bool(self._told.get("sum") == _sum(self._told))

    @classmethod
    def key_of(cls, database: Path, password: str) -> bytes:
        """The ledger's 32-byte key; a damaged copy does not make the password wrong and is written anew.

        Raises KeysMissing, NewerKeys, WrongPassword.
        """
        copies = cls.copies(database)
        failure: Mistake = WrongPassword()
        for vault in copies[:1] if copies[0].whole else copies:
            try:
                key = vault.unlock(password)
            except (WrongPassword, NewerKeys) as told:
                failure = told
                continue
            vault._mend(copies)
            return key
        raise failure

    def _mend(self, copies: list[Vault]) -> None:
        """Both copies are as this one again, if the folder may be written."""
        if self.whole and [copy._told for copy in copies] != [self._told] * 2:
            with suppress(CannotWrite, DiskFull):
                self.save()

    def save(self) -> None:
        """Write both copies, the first one first: it is the one that counts. Raises CannotWrite, DiskFull."""
        self._told |= {"slots": [slot.told for slot in self.slots]}
        self._told["sum"] = _sum(self._told)
        data = json.dumps(self._told, ensure_ascii=False, indent=1).encode()
        write_whole(self.path, data)
        write_whole(self.path.with_name(self.path.name + "2"), data)

    def unlock(self, password: str) -> bytes:
        """The ledger's 32-byte key. Raises WrongPassword, NewerKeys when no slot is for this program."""
        return self._opened(password)[1]

    def _opened(self, password: str) -> tuple[int, bytes]:
        if self.newer or not any(slot.known for slot in self.slots):
            raise NewerKeys
        for place, slot in enumerate(self.slots):
            key = slot.open(self.ledger, password)
            if key is not None:
                return place, key
        raise WrongPassword

    def change_password(self, old: str, new: str) -> None:
        """Wrap the key anew for `new` in the slot that `old` opens; the ledger itself is not re-encrypted.

        Raises WrongPassword, WeakPassword, NewerKeys.
        """
        self.rewrapped(old, new)
        self.save()

    def rewrapped(self, old: str, new: str) -> dict[str, Any]:
        """The same without writing a file; what is to be kept is returned."""
        place, key = self._opened(old)
        slot = self.slots[place]
        self.slots[place] = Slot.made(key, self.ledger, new, slot.told["label"], slot.cost)
        self._told |= {"slots": [slot.told for slot in self.slots]}
        return self._told


def login_secret(password: str, role: str, cost: dict[str, int] | None = None) -> str:
    """What a role logs in to a server with: as dear to guess as the password in a slot, and no way back to it. Raises WeakPassword."""
    if len(_plain(password)) < SHORTEST:
        raise WeakPassword
    return _stretch(password, sha256(b"gridapp-login-1" + role.encode()).digest()[:16], **(cost or ARGON2)).hex()


def sealed(key: bytes, data: bytes, bound: bytes) -> bytes:
    """`data` in AES-256-GCM under a 32-byte key: nonce, ciphertext, tag; opens only together with the same `bound`."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, bound)


def unsealed(key: bytes, box: bytes, bound: bytes) -> bytes | None:
    """What `sealed` was given, None when a bit of it, the key or `bound` is another."""
    try:
        return AESGCM(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):
        return None


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


def server_papers(hosts: Sequence[str], days: int = 3650) -> tuple[str, str]:
    """A certificate a server of ours vouches for itself with, and its private key (both PEM): for these names and addresses."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, hosts[0][:64])])
    made = (x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256()))
    plain = serialization.NoEncryption()
    return (made.public_bytes(serialization.Encoding.PEM).decode(),
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode())


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
