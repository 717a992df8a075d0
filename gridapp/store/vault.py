"""The crypto suite: everything that stretches, seals, signs or vouches. Suite INTL-1 = Argon2id, AES-256-GCM, X25519 (age), Ed25519.

With exchange/envelope.py the only module that touches a crypto library (reliability.md K5).
"""

from __future__ import annotations

import hmac
import os
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from time import perf_counter

import pyrage
from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SUITE = "INTL-1"
KEY_BYTES = 32
#: reliability.md A1: three passes over 64 MiB, four lanes (RFC 9106, the profile for little memory)
FLOOR = {"t": 3, "m": 65536, "p": 4}
#: what stretching costs where nobody says
ARGON2 = dict(FLOOR)
#: a damaged or malicious file must not exhaust the machine (m in KiB: 2 GiB)
COSTLIEST = {"t": 64, "m": 2_097_152, "p": 64}
#: a new slot may cost so much on the PC it is made on: seconds, KiB
AIM, MOST_MEMORY = 0.75, 262_144
NONCE_BYTES, TAG_BYTES = 12, 16


def plain(password: str) -> str:
    """The same password from every keyboard: NFC (reliability.md A2); blanks and widths are part of it."""
    return unicodedata.normalize("NFC", password)


def stretch(password: str, salt: bytes, t: int, m: int, p: int) -> bytes:
    """32 bytes that are dear to guess. Raises ValueError for costs or salts that are none."""
    try:
        return hash_secret_raw(plain(password).encode(errors="surrogatepass"), salt, t, m, p, KEY_BYTES, Type.ID)
    except HashingError as error:
        raise ValueError("costs that cannot be paid") from error


def fitting() -> dict[str, int]:
    """What a slot made on this PC costs: 0.5 to 1 s, never less than the floor, never more than 256 MiB; measured by one stretch.

    Where somebody put other costs in place of the floor, those.
    """
    if ARGON2 != FLOOR:
        return dict(ARGON2)
    begun = perf_counter()
    stretch("how long does it take here", bytes(16), **FLOOR)
    return scaled(perf_counter() - begun)


def scaled(seconds: float) -> dict[str, int]:
    """The costs for a PC where the floor takes so long: more memory first, then more passes."""
    times = max(1.0, AIM / max(seconds, 1e-6))
    memory = min(MOST_MEMORY, int(FLOOR["m"] * times) // 1024 * 1024)
    passes = int(FLOOR["t"] * times * FLOOR["m"] / memory)
    return FLOOR | {"m": memory, "t": min(COSTLIEST["t"], max(FLOOR["t"], passes))}


def paid(cost: Mapping[str, int]) -> int:
    """How dear a guess is: passes times memory."""
    return cost["t"] * cost["m"]


def login_secret(password: str, role: str, cost: dict[str, int] | None = None) -> str:
    """What a role logs in to a server with: as dear to guess as the password in a slot, and no way back to it."""
    return stretch(password, sha256(b"gridapp-login-1" + role.encode()).digest()[:16], **(cost or ARGON2)).hex()


def new_pair() -> tuple[str, str]:
    """A new pair of keys to seal to: (secret, public), both in age's spelling."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def sealed_to(public: str, data: bytes) -> bytes:
    """A few bytes only the secret half can read. Raises ValueError for what is no public key."""
    try:
        return bytes(pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(public)]))
    except pyrage.RecipientError as error:
        raise ValueError("no public key") from error


def opened_with(secret: str, box: bytes) -> bytes | None:
    """What was sealed to the public half, None when it was sealed to another, or a bit of it is another."""
    try:
        return bytes(pyrage.decrypt(box, [pyrage.x25519.Identity.from_str(secret)]))
    except (pyrage.DecryptError, pyrage.IdentityError):
        return None


def vouched(key: bytes, label: bytes, data: bytes) -> bytes:
    """The mark (HMAC-SHA-256) that only who has `key` can put on `data`; each use has a label of its own."""
    return hmac.digest(hmac.digest(key, label, "sha256"), data, "sha256")


def alike(one: bytes, other: bytes) -> bool:
    """Compared without telling by time where they differ."""
    return hmac.compare_digest(one, other)


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
