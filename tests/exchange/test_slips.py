"""The slips of pairing: a request and its answer are read as they were written, and an exchanged one shows other digits."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridapp.exchange import plain, slips
from gridapp.exchange.certificates import BadCertificate, Certificate, NewerCertificate, issue, town_scopes
from gridapp.exchange.slips import (
    Answer, AnswerForAnother, BadAnswer, DigitsDiffer, NewerAnswer, NewerRequest, NotARequest, Request, RequestDamaged)
from gridapp.records.stations import ESCROW, TOWN, VILLAGE
from gridapp.store.vault import Signer
from tests import founding
from tests.ledgers import NOON

ROOT, PC, TOWN_PC, STRANGER = (Signer(bytes([n]) * 32) for n in (1, 2, 3, 4))
AGE, TOWN_AGE, ESCROW_AGE = ("age1" + c * 58 for c in "qpz")
SCOPE, TOWN_CODE = "v:330784108238", "330784108"
NONCE = bytes(range(16))


def asked(pc: Signer = PC, name: str = "青后叶村一号机", nonce: bytes = NONCE, made_at: int = NOON) -> Request:
    return slips.write_request(pc, AGE, name, SCOPE, made_at, nonce)


def forged(body: Any, *, signer: Signer = PC, magic: bytes = slips.MAGIC, version: int = 1) -> bytes:
    """A request with whatever inside, signed and summed all the same."""
    raw = body if isinstance(body, bytes) else plain.dumps(body)
    whole = magic + bytes([version]) + raw + signer.sign(b"wsync-req-1" + raw)
    return whole + blake2b(whole, digest_size=16).digest()


def told(**other: Any) -> dict[int, Any]:
    usual = {"device": PC.public, "age": AGE, "name": "青后叶村一号机", "scope": SCOPE, "nonce": NONCE, "made_at": NOON}
    return dict(enumerate((usual | other).values(), 1))


def given_to(request: Request, root: Signer = ROOT, **other: Any) -> Certificate:
    usual = {"device": request.device, "age": request.age, "name": request.name, "role": VILLAGE, "scopes": (request.scope, f"c:{TOWN_CODE}"),
             "serial": 3, "issued": NOON}
    return issue(root, **usual | other)


def towns(root: Signer = ROOT) -> tuple[Certificate, Certificate]:
    """Of the town's own PC, and of the escrow key."""
    scopes = town_scopes(TOWN_CODE)
    return (issue(root, device=TOWN_PC.public, age=TOWN_AGE, name="古山镇", role=TOWN, scopes=scopes, serial=1, issued=NOON),
            issue(root, device=b"", age=ESCROW_AGE, name="应急密钥", role=ESCROW, scopes=(), serial=2, issued=NOON))


def answered(request: Request, root: Signer = ROOT) -> Answer:
    town, escrow = towns(root)
    return slips.write_answer(request.hash, given_to(request, root), root.public, [town], escrow)


# ---------------------------------------------------------------- digits

def test_digits_are_two_groups_of_six() -> None:
    assert re.fullmatch(r"\d{6} \d{6}", asked().digits)


def test_digits_are_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reckoned once by hand: hashlib.scrypt(b"request", salt=b"wsync-digits-1", n=32768, r=8, p=1, dklen=5), last twelve digits."""
    monkeypatch.setattr(slips, "_COST", founding.DEAR)
    assert slips.digits(b"request") == "933099 068333"


def test_small_numbers_keep_their_leading_zeros(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slips, "scrypt", lambda *_told, **_cost: (10**12 + 1_000_007).to_bytes(5))
    assert slips.digits(b"") == "000001 000007"


def test_a_request_exchanged_on_the_stick_shows_other_digits() -> None:
    mine = asked()
    others = [asked(pc=STRANGER), asked(name="青后叶村二号机"), asked(nonce=bytes(16)), asked(made_at=NOON + 1)]
    assert mine.digits not in {other.digits for other in others}
    assert slips.write_request(PC, AGE, "青后叶村一号机", SCOPE, NOON).digits != mine.digits, "every request has a nonce of its own"


def test_an_answer_exchanged_on_the_stick_shows_other_digits() -> None:
    mine = answered(asked())
    assert mine.digits != answered(asked(), STRANGER).digits, "another root key"
    assert mine.digits != answered(asked(nonce=bytes(16))).digits, "another request"
    assert mine.digits == answered(asked()).digits


@pytest.mark.parametrize("heard", ["123456 654321", "123456654321", " 123456  654321 ", "１２３４５６ ６５４３２１"])
def test_how_digits_are_typed_makes_no_difference(heard: str) -> None:
    slips.refuse_other_digits("123456 654321", heard)


@pytest.mark.parametrize("heard", ["", "123456", "123456 654322", "654321 123456"])
def test_other_digits_stop_the_pairing(heard: str) -> None:
    with pytest.raises(DigitsDiffer, match="不一致"):
        slips.refuse_other_digits("123456 654321", heard)


# ---------------------------------------------------------------- the request

def test_a_request_says_again_what_was_asked() -> None:
    mine = asked()
    assert slips.read_request(mine.raw) == mine
    assert (mine.device, mine.age, mine.name, mine.scope, mine.nonce, mine.made_at) == (
        PC.public, AGE, "青后叶村一号机", SCOPE, NONCE, NOON)
    assert mine.raw == forged(told()), "as the docstring says, byte for byte"


@given(st.integers(min_value=8), st.integers(1, 255))
def test_a_changed_byte_is_damage(place: int, change: int) -> None:
    raw = bytearray(asked().raw)
    raw[8 + place % (len(raw) - 8)] ^= change
    with pytest.raises(RequestDamaged):
        slips.read_request(bytes(raw))


def test_a_request_cut_anywhere_is_refused() -> None:
    raw = asked().raw
    for length in range(len(raw)):
        with pytest.raises(NotARequest if length < 4 else RequestDamaged):
            slips.read_request(raw[:length])


@settings(max_examples=50)
@given(st.binary(max_size=400).filter(lambda data: data[:4] != slips.MAGIC[:4]))
def test_any_other_file_is_no_request(data: bytes) -> None:
    """What begins as a request does is a damaged one, and told so (above)."""
    with pytest.raises(NotARequest, match="不是配对申请"):
        slips.read_request(data)


def test_a_request_sent_as_text_is_damage_and_no_stranger() -> None:
    with pytest.raises(RequestDamaged, match="再拷一次"):
        slips.read_request(asked().raw.replace(b"\r\n", b"\n", 1))


def test_too_long_a_file_is_no_request() -> None:
    with pytest.raises(NotARequest):
        slips.read_request(asked().raw + bytes(5000))


def test_a_newer_request_says_so() -> None:
    with pytest.raises(NewerRequest, match="先升级"):
        slips.read_request(forged({1: "something else"}, version=2))


def test_a_request_signed_by_another_device_is_refused() -> None:
    with pytest.raises(RequestDamaged):
        slips.read_request(forged(told(), signer=STRANGER))


@pytest.mark.parametrize("other", [
    {"device": PC.public[:-1]}, {"age": "AGE-SECRET-KEY-1" + "Q" * 50}, {"name": "青后叶村\u200b"}, {"name": ""}, {"name": b"x"},
    {"scope": "v:330784108"}, {"scope": "../c:330784108"}, {"nonce": b""}, {"made_at": -1}, {"made_at": 2**63}, {"made_at": True}, {"more": 1}], ids=str)
def test_what_no_request_says_is_refused_whoever_signed_it(other: dict[str, Any]) -> None:
    with pytest.raises(RequestDamaged):
        slips.read_request(forged(told(**other)))


@pytest.mark.parametrize("body", [b"", b"\x00", b"\xa0", b"\x81" * 3000, b"\xbf\xff", plain.dumps(told()) + b"\x00", plain.dumps(list(told().values()))],
                         ids=["nothing", "number", "empty", "deep", "open", "left over", "list"])
def test_one_request_has_one_form(body: bytes) -> None:
    with pytest.raises(RequestDamaged):
        slips.read_request(forged(body))


def test_a_request_that_says_nonsense_is_never_written() -> None:
    with pytest.raises(ValueError, match="no request may say this"):
        asked(name="\n")


# ---------------------------------------------------------------- the answer

def test_an_answer_says_again_what_was_answered() -> None:
    request = asked()
    mine = answered(request)
    assert slips.read_answer(mine.raw) == mine
    assert mine.certificate == given_to(request) and (mine.towns, mine.escrow) == ((towns()[0],), towns()[1])
    assert (mine.request, mine.root, mine.scopes) == (request.hash, ROOT.public, (f"c:{TOWN_CODE}", SCOPE))
    slips.refuse_other_request(mine, request)


@pytest.mark.parametrize("other", [
    lambda: asked(nonce=bytes(16)), lambda: asked(pc=STRANGER), lambda: asked(made_at=NOON - 1)], ids=["earlier", "another PC", "another time"])
def test_an_answer_counts_for_one_request_only(other: Callable[[], Request]) -> None:
    with pytest.raises(AnswerForAnother, match="不是给本机这次申请的"):
        slips.refuse_other_request(answered(asked()), other())


@pytest.mark.parametrize("other", [{"device": STRANGER.public}, {"age": TOWN_AGE}, {"scopes": ("v:330784108239",)}], ids=str)
def test_an_answer_with_a_certificate_for_other_keys_or_another_village_is_refused(other: dict[str, Any]) -> None:
    request = asked()
    town, escrow = towns()
    with pytest.raises(AnswerForAnother):
        slips.refuse_other_request(slips.write_answer(request.hash, given_to(request, **other), ROOT.public, [town], escrow), request)


def spoilt(**other: Any) -> bytes:
    request, (town, escrow) = asked(), towns()
    mine = given_to(request)
    usual = {"version": 1, "request": request.hash, "certificate": mine.raw, "root": ROOT.public, "towns": [town.raw],
             "scopes": list(mine.scopes), "escrow": escrow.raw}
    return plain.dumps(dict(enumerate((usual | other).values(), 1)))


def test_the_answer_written_by_hand_is_the_one_that_is_written() -> None:
    assert spoilt() == answered(asked()).raw


@pytest.mark.parametrize("other", [
    {"version": 0}, {"version": "1"}, {"request": b"short"}, {"towns": []}, {"towns": [1]}, {"towns": [towns()[1].raw]}, {"scopes": [SCOPE]},
    {"scopes": [[]]}, {"escrow": towns()[0].raw}, {"root": "text"}, {"more": 1}],
    ids=["version 0", "version text", "short hash", "no town", "town a number", "escrow as town", "scope too few", "scope a list", "town as escrow",
         "root text", "more"])
def test_what_no_answer_says_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer):
        slips.read_answer(spoilt(**other))


@pytest.mark.parametrize("other", [
    {"root": STRANGER.public}, {"root": b""}, {"certificate": given_to(asked(), STRANGER).raw}, {"towns": [towns(STRANGER)[0].raw]},
    {"escrow": towns(STRANGER)[1].raw}], ids=["root", "no root", "certificate", "town", "escrow"])
def test_every_key_in_an_answer_is_signed_by_the_root_whose_digits_are_compared(other: dict[str, Any]) -> None:
    with pytest.raises(BadCertificate):
        slips.read_answer(spoilt(**other))


@given(st.integers(min_value=0), st.integers(1, 255))
def test_a_changed_byte_in_an_answer_is_refused_or_shows_other_digits(place: int, change: int) -> None:
    mine = answered(asked())
    raw = bytearray(mine.raw)
    raw[place % len(raw)] ^= change
    try:
        other = slips.read_answer(bytes(raw))
    except (BadAnswer, BadCertificate, NewerAnswer, NewerCertificate):
        return
    assert (other.root, other.request) != (mine.root, mine.request), "what the digits hang on"
    assert other.root == mine.root, "and the certificates hang on the root"


def test_a_newer_answer_says_so() -> None:
    with pytest.raises(NewerAnswer, match="先升级"):
        slips.read_answer(plain.dumps({1: 2, 2: "something else"}))


@settings(max_examples=50)
@given(st.binary(max_size=400))
def test_rubbish_is_no_answer(data: bytes) -> None:
    with pytest.raises(BadAnswer):
        slips.read_answer(data)
