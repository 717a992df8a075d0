"""The two slips of pairing (配对) as bytes: the request (申请) of a PC, and the town's answer (回复); each has digits to compare.

Request file:

    0    8   magic 89 57 53 51 0D 0A 1A 0A       8  1  version = 1
    9    n   deterministic CBOR {1: device public key, 2: age public key, 3: name, 4: scope wanted, 5: nonce (16), 6: made at (ms)}
    9+n  64  Ed25519 by the device over "wsync-req-1" ‖ CBOR       73+n  16  BLAKE2b-128 of everything before

The answer travels in the town's first parcel (manifest key 17): deterministic CBOR {1: version, 2: BLAKE2b-256 of the request file,
3: certificate, 4: root public key, 5: [certificates of the town's stations], 6: [scopes], 7: certificate of the escrow key}.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b, scrypt
from typing import Any

from gridapp.errors import Mistake
from gridapp.exchange import plain
from gridapp.exchange.certificates import Certificate, check, covers, is_age, is_name, is_scope, read, shaped
from gridapp.exchange.plain import Malformed
from gridapp.ledger.entries import WIDEST
from gridapp.records.stations import ESCROW, TOWN
from gridapp.store.vault import Signer, signed_by
from gridapp.texts import _

VERSION = 1
MAGIC = b"\x89WSQ\r\n\x1a\n"
LONGEST_REQUEST, LONGEST_ANSWER = 4096, 65_536
_SIGNED, _SALT = b"wsync-req-1", b"wsync-digits-1"
#: measured 0.07 s: trying requests until all twelve digits agree takes a core 2,000 years (six digits would fall in 19 hours)
_COST = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 2**20}


class NotARequest(Mistake):
    """Another kind of file."""

    def __init__(self) -> None:
        super().__init__(_("这个文件不是配对申请。请在要加入的电脑上点“申请配对”，把生成的申请文件拷过来。"))


class RequestDamaged(Mistake):
    """A request whose bytes are not those that were written."""

    def __init__(self) -> None:
        super().__init__(_("配对申请文件已损坏或没有拷完。请在那台电脑上重新生成一份，再拷一次。"))


class NewerRequest(Mistake):
    """Written by a later program."""

    def __init__(self) -> None:
        super().__init__(_("配对申请是更新版本的程序生成的，本程序看不懂。请先升级镇里的程序，申请文件请保留。"))


class BadAnswer(Mistake):
    """No answer to a request, or damaged, or not signed by the town it names."""

    def __init__(self) -> None:
        super().__init__(_("镇里的回复不完整或已被改动，没有采用，台账没有改动。请向镇里重新要一份回复文件。"))


class NewerAnswer(Mistake):
    """Written by a later program."""

    def __init__(self) -> None:
        super().__init__(_("镇里的回复是更新版本的程序生成的，本程序看不懂。请先升级本机的程序，回复文件请保留。"))


class NotAsked(Mistake):
    """This PC has asked for nothing."""

    def __init__(self) -> None:
        super().__init__(_("本机还没有申请配对。请先点“申请配对”，把申请文件交给镇里，再导入镇里的回复。"))


class AnswerForAnother(Mistake):
    """The answer to another PC's request, or to an earlier one of this PC."""

    def __init__(self) -> None:
        super().__init__(_("这份回复不是给本机这次申请的，可能拿错了U盘，或者后来又重新申请过。请把本机最近一次的申请交给镇里，用镇里对它的回复。"))


class DigitsDiffer(Mistake):
    """What was read out is not what stands here: a wrong file, or somebody exchanged it on the way."""

    def __init__(self) -> None:
        super().__init__(_("核对的数字不一致，配对没有完成。请再核对一遍；仍不一致说明文件拿错或被调换过，请不要继续，直接打电话联系镇里。"))


@dataclass(frozen=True)
class Request:
    """What a PC asks for. `raw` is the whole file."""

    device: bytes
    age: str
    name: str
    scope: str
    nonce: bytes
    made_at: int
    raw: bytes

    @property
    def hash(self) -> bytes:
        return blake2b(self.raw, digest_size=32).digest()

    @property
    def digits(self) -> str:
        """What both sides compare before the town says yes."""
        return digits(self.raw)


@dataclass(frozen=True)
class Answer:
    """What the town says yes to. `raw` goes into the parcel; all its certificates are signed by `root`."""

    request: bytes
    certificate: Certificate
    root: bytes
    towns: tuple[Certificate, ...]
    scopes: tuple[str, ...]
    escrow: Certificate
    raw: bytes

    @property
    def digits(self) -> str:
        """What both sides compare before the PC believes the town: they hang on the root key and on the request."""
        return digits(self.root + self.request)


def digits(told: bytes) -> str:
    """Two groups of six digits, '123456 654321': the first 40 bits of scrypt(N=2¹⁵, r=8, p=1) as a number, of which the last twelve
    decimal digits are shown with leading zeros. (2⁴⁰ is a tenth more than 10¹²: the lowest tenth comes up twice as often, no matter.)
    """
    number = int.from_bytes(scrypt(told, salt=_SALT, dklen=5, **_COST)) % 10**12
    return f"{number // 10**6:06d} {number % 10**6:06d}"


def refuse_other_digits(shown: str, heard: str) -> None:
    """Compare what stands here with what was read out or typed; blanks and full-width digits are no difference. Raises DigitsDiffer."""
    if "".join(unicodedata.normalize("NFKC", heard).split()) != shown.replace(" ", ""):
        raise DigitsDiffer


# ---------------------------------------------------------------- the request

def write_request(signer: Signer, age: str, name: str, scope: str, made_at: int, nonce: bytes | None = None) -> Request:
    """A fresh request by this device. Raises ValueError for what no request may say (our bug)."""
    told = Request(signer.public, age, name, scope, nonce or os.urandom(16), made_at, b"")
    if not _sound(told):
        raise ValueError("no request may say this")
    body = plain.dumps({1: told.device, 2: age, 3: name, 4: scope, 5: told.nonce, 6: made_at})
    whole = MAGIC + bytes([VERSION]) + body + signer.sign(_SIGNED + body)
    return read_request(whole + _sum(whole))


def read_request(data: bytes) -> Request:
    """The request in a file. Raises NotARequest, RequestDamaged, NewerRequest."""
    if data[:4] != MAGIC[:4] or len(data) > LONGEST_REQUEST:
        raise NotARequest
    if data[:8] != MAGIC or len(data) < 9 + 64 + 16 or _sum(data[:-16]) != data[-16:]:
        raise RequestDamaged
    if data[8] > VERSION:
        raise NewerRequest
    body, signature = data[9:-80], data[-80:-16]
    try:
        device, age, name, scope, nonce, made_at = _values(read(body, LONGEST_REQUEST), bytes, str, str, str, bytes, int)
    except Malformed as bad:
        raise RequestDamaged from bad
    told = Request(device, age, name, scope, nonce, made_at, data)
    if data[8] != VERSION or not _sound(told) or not signed_by(device, _SIGNED + body, signature):
        raise RequestDamaged
    return told


def _sum(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()


def _sound(told: Request) -> bool:
    return (len(told.device) == 32 and is_age(told.age) and is_name(told.name) and is_scope(told.scope)
            and len(told.nonce) == 16 and 0 <= told.made_at < WIDEST)


def _values(told: Any, *types: type) -> list[Any]:
    """The values of a map with the keys 1, 2, 3 … of exactly these types. Raises Malformed."""
    if not isinstance(told, dict) or list(told) != list(range(1, len(types) + 1)):
        raise Malformed("another shape")
    return shaped(list(told.values()), *types)


# ---------------------------------------------------------------- the answer

def write_answer(request: bytes, certificate: Certificate, root: bytes, towns: Sequence[Certificate], escrow: Certificate) -> Answer:
    """The town's answer to the request with this hash; the scopes are those of the certificate."""
    told = {1: VERSION, 2: request, 3: certificate.raw, 4: root, 5: [t.raw for t in towns], 6: list(certificate.scopes), 7: escrow.raw}
    return read_answer(plain.dumps(told))


def read_answer(data: bytes) -> Answer:
    """The answer in a parcel; every certificate in it is checked against the root it names (whose digits a person compares).

    Raises BadAnswer, NewerAnswer, BadCertificate, NewerCertificate.
    """
    try:
        told = read(data, LONGEST_ANSWER)
        if isinstance(told, dict) and type(told.get(1)) is int and told[1] > VERSION:
            raise NewerAnswer
        version, request, certificate, root, towns, scopes, escrow = _values(told, int, bytes, bytes, bytes, list, list, bytes)
        shaped(towns, *[bytes] * len(towns))
    except Malformed as bad:
        raise BadAnswer from bad
    found = Answer(request, check(certificate, root), root, tuple(check(t, root) for t in towns), tuple(scopes), check(escrow, root), data)
    if (version != VERSION or len(request) != 32 or found.scopes != found.certificate.scopes or found.escrow.role != ESCROW
            or not towns or any(t.role != TOWN for t in found.towns)):
        raise BadAnswer
    return found


def refuse_other_request(answer: Answer, request: Request) -> None:
    """An answer counts for one request only: same file, same keys, and the scope that was asked for. Raises AnswerForAnother."""
    given = answer.certificate
    if (answer.request, given.device, given.age) != (request.hash, request.device, request.age) or not covers(given.scopes, request.scope):
        raise AnswerForAnother
