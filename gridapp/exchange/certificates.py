"""Certificates (证书): what the town's root key says of a station: its keys, name, level and scopes (sync.md 4.5).

One certificate is deterministic CBOR of [body, signature]; the body is that of [version, device public key, age public key,
name, role, scopes, serial, issued (ms)] and the signature (Ed25519) is over "wsync-cert-1" ‖ body.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from gridapp.errors import Mistake
from gridapp.exchange import plain
from gridapp.exchange.plain import Malformed
from gridapp.fields.kinds import BadValue, Text
from gridapp.ledger.entries import WIDEST
from gridapp.records.stations import COUNTY, ESCROW, TOWN, VILLAGE
from gridapp.store.vault import Signer, signed_by
from gridapp.texts import _

VERSION = 1
#: longer is no certificate of ours (35 villages listed one by one take 700 bytes)
LONGEST = 8192
ROLES = (VILLAGE, TOWN, COUNTY, ESCROW)
_SIGNED = b"wsync-cert-1"
#: a whole scope, or the beginning of the codes of many: v:330784108 is every village of the town, v:330784 of the county
_SCOPE = re.compile(r"v:(\d{12}|\d{9}|\d{6})|[ct]:(\d{9}|\d{6})", re.ASCII)
_WHOLE = re.compile(r"v:\d{12}|[ct]:\d{9}", re.ASCII)
_AGE = re.compile(r"age1[0-9a-z]{20,110}", re.ASCII)


class BadCertificate(Mistake):
    """Damaged, forged, or of another town."""

    def __init__(self) -> None:
        super().__init__(_("这份证书不是本镇签发的，或者已经损坏，没有采用。请向镇里重新要一份回复文件。"))


class NewerCertificate(Mistake):
    """Signed by the town, in a form this program does not know."""

    def __init__(self) -> None:
        super().__init__(_("镇里用的是更新版本的程序，本程序看不懂它的证书。请先升级程序，再试一次；台账没有被改动。"))


def is_scope(text: str) -> bool:
    """Whether this names one scope: `v:` and 12 digits, `c:` or `t:` and 9."""
    return _WHOLE.fullmatch(text) is not None


def covers(granted: Iterable[str], scope: str) -> bool:
    """Whether one of the granted scopes is `scope` or the beginning of its code; what is no scope is covered by nothing."""
    return is_scope(scope) and any(_SCOPE.fullmatch(g) and scope.startswith(g) for g in granted)


def town_scopes(town: str) -> tuple[str, str, str]:
    """What a town (nine digits) holds: configuration, its own affairs, and every village of it."""
    return f"c:{town}", f"t:{town}", f"v:{town}"


def is_age(text: str) -> bool:
    """Whether this looks like an age public key."""
    return _AGE.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether a clerk can read it as it stands: one line, nothing invisible, no blanks at the ends."""
    try:
        return Text(50).parse(text) == text
    except BadValue:
        return False


@dataclass(frozen=True)
class Certificate:
    """What the town vouches for. `raw` is the certificate as it travels; escrow has no device (empty)."""

    device: bytes
    age: str
    name: str
    role: str
    scopes: tuple[str, ...]
    serial: int
    issued: int
    raw: bytes = b""

    def may_hold(self, scope: str) -> bool:
        """Whether seals of this scope may be given to this station."""
        return self.role != ESCROW and covers(self.scopes, scope)

    def may_write(self, scope: str) -> bool:
        """Whether seals this station signs in this scope count; only a town writes the configuration."""
        return self.may_hold(scope) and (self.role == TOWN or not scope.startswith("c:"))


def _sound(told: Certificate) -> bool:
    """The shape every certificate has, whoever signed it."""
    return (len(told.device) == (0 if told.role == ESCROW else 32) and is_age(told.age) and is_name(told.name) and told.role in ROLES
            and all(_SCOPE.fullmatch(s) for s in told.scopes) and list(told.scopes) == sorted(set(told.scopes))
            and 0 < told.serial < WIDEST and 0 <= told.issued < WIDEST)


def issue(root: Signer, *, device: bytes, age: str, name: str, role: str, scopes: Collection[str], serial: int, issued: int) -> Certificate:
    """A certificate signed by the town's root key; `issued` in ms. Raises ValueError for what no certificate may say (our bug)."""
    told = Certificate(device, age, name, role, tuple(sorted(set(scopes))), serial, issued)
    if not _sound(told):
        raise ValueError("no certificate may say this")
    body = plain.dumps([VERSION, device, age, name, role, list(told.scopes), serial, issued])
    raw = plain.dumps([body, root.sign(_SIGNED + body)])
    return check(raw, root.public)


def read(data: bytes, longest: int) -> Any:
    """What short plain CBOR says. Raises Malformed."""
    if len(data) > longest:
        raise Malformed("too long")
    return plain.loads(data, 4)


def shaped(told: Any, *types: type) -> list[Any]:
    """A list of exactly these types. Raises Malformed."""
    if not isinstance(told, list) or [type(one) for one in told] != list(types):
        raise Malformed("another shape")
    return told


def check(raw: bytes, root: bytes) -> Certificate:
    """The certificate, if the key `root` signed it. Raises BadCertificate, NewerCertificate."""
    try:
        body, signature = shaped(read(raw, LONGEST), bytes, bytes)
        if not signed_by(root, _SIGNED + body, signature):
            raise BadCertificate
        told = read(body, LONGEST)
        if isinstance(told, list) and told and type(told[0]) is int and told[0] > VERSION:
            raise NewerCertificate
        version, device, age, name, role, scopes, serial, issued = shaped(told, int, bytes, str, str, str, list, int, int)
        found = Certificate(device, age, name, role, tuple(shaped(scopes, *[str] * len(scopes))), serial, issued, raw)
    except Malformed as bad:
        raise BadCertificate from bad
    if version != VERSION or not _sound(found):
        raise BadCertificate
    return found
