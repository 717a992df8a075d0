"""What the town's root key signs is believed, byte for byte, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.exchange.certificates import BadCertificate, Certificate, NewerCertificate, check, covers, issue, town_scopes
from gridapp.records.stations import COUNTY, ESCROW, TOWN, VILLAGE
from gridapp.store.vault import Signer
from tests.ledgers import NOON

ROOT = Signer(b"\x01" * 32)
DEVICE = Signer(b"\x02" * 32).public
AGE = "age1" + "q" * 58
QHY, OTHER = "v:330784108238", "v:330784108239"
SIGNED = b"wsync-cert-1"


def issued(**told: Any) -> Certificate:
    usual = {"device": DEVICE, "age": AGE, "name": "青后叶村一号机", "role": VILLAGE, "scopes": (QHY, "c:330784108"), "serial": 1, "issued": NOON}
    return issue(ROOT, **usual | told)


def signed(body: Any, root: Signer = ROOT) -> bytes:
    """A certificate with whatever body, signed all the same."""
    raw = body if isinstance(body, bytes) else cbor2.dumps(body)
    return cbor2.dumps([raw, root.sign(SIGNED + raw)])


def body(**other: Any) -> list[Any]:
    told = {"version": 1, "device": DEVICE, "age": AGE, "name": "青后叶村一号机", "role": VILLAGE,
            "scopes": ["c:330784108", QHY], "serial": 1, "issued": NOON}
    return list((told | other).values())


def test_a_certificate_says_again_what_was_signed() -> None:
    told = issued()
    assert check(told.raw, ROOT.public) == told
    assert (told.device, told.age, told.name, told.role, told.serial, told.issued) == (DEVICE, AGE, "青后叶村一号机", VILLAGE, 1, NOON)
    assert told.scopes == ("c:330784108", QHY), "sorted, so that one certificate has one form"


def test_its_bytes_are_for_ever() -> None:
    """Written once by this program; a later one must read them."""
    golden = bytes.fromhex(GOLDEN)
    assert check(golden, ROOT.public) == issued() and issued().raw == golden


def test_the_body_written_by_hand_is_the_one_that_is_signed() -> None:
    assert signed(body()) == issued().raw


def test_a_certificate_of_another_town_is_refused() -> None:
    with pytest.raises(BadCertificate, match="不是本镇签发"):
        check(signed(body(), Signer(b"\x03" * 32)), ROOT.public)


@given(st.integers(min_value=0), st.integers(1, 255))
def test_no_byte_may_be_changed(place: int, change: int) -> None:
    raw = bytearray(issued().raw)
    raw[place % len(raw)] ^= change
    with pytest.raises(BadCertificate):
        check(bytes(raw), ROOT.public)


@given(st.binary(max_size=300))
def test_rubbish_is_no_certificate(data: bytes) -> None:
    with pytest.raises(BadCertificate):
        check(data, ROOT.public)


@pytest.mark.parametrize("length", [0, 1, 2, 40, 100, -1])
def test_a_cut_certificate_is_refused(length: int) -> None:
    with pytest.raises(BadCertificate):
        check(issued().raw[:length], ROOT.public)


def test_a_forged_level_is_refused() -> None:
    mine = cbor2.loads(issued().raw)
    with pytest.raises(BadCertificate):
        check(cbor2.dumps([cbor2.dumps(body(role=TOWN)), mine[1]]), ROOT.public)


def test_the_town_signs_other_things_too_and_they_are_no_certificates() -> None:
    raw = cbor2.dumps(body())
    with pytest.raises(BadCertificate):
        check(cbor2.dumps([raw, ROOT.sign(raw)]), ROOT.public)


@pytest.mark.parametrize("other", [
    {"device": DEVICE[:-1]}, {"device": b""}, {"device": DEVICE.hex()}, {"age": "age1"}, {"age": AGE.upper()}, {"age": AGE + "\n"}, {"name": ""},
    {"name": " 青后叶村"}, {"name": "青后叶村\u202e"}, {"name": "甲" * 51}, {"role": "province"}, {"role": 1}, {"role": ESCROW},
    {"scopes": [QHY, "c:330784108"]}, {"scopes": [QHY, QHY]}, {"scopes": ["v:33"]}, {"scopes": ["x:330784108238"]}, {"scopes": [QHY + "\n"]},
    {"scopes": ["v:３３０７８４"]}, {"scopes": QHY}, {"scopes": [1]}, {"serial": 0}, {"serial": -1}, {"serial": 2**63}, {"serial": True}, {"issued": -1},
    {"issued": 1.5}, {"version": 0}, {"version": "1"}, {"more": 1}], ids=str)
def test_what_no_certificate_says_is_refused_whoever_signed_it(other: dict[str, Any]) -> None:
    with pytest.raises(BadCertificate):
        check(signed(body(**other)), ROOT.public)


@pytest.mark.parametrize("spoil", [
    lambda raw: raw + b"\x00", lambda raw: raw.replace(b"\x01", b"\x18\x01", 1), lambda raw: b"\x9f" + raw[1:] + b"\xff",
    lambda raw: b"\xd9\xd9\xf7" + raw, lambda raw: b"\x81" * 5000 + raw, lambda raw: b"\x83" * 12 + raw, lambda raw: raw + b"\x00" * 9000],
    ids=["appended", "long number", "open list", "tagged", "deep", "wide", "huge"])
def test_one_certificate_has_one_form(spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(BadCertificate):
        check(signed(spoil(cbor2.dumps(body()))), ROOT.public)
    with pytest.raises(BadCertificate):
        check(spoil(issued().raw), ROOT.public)


def test_a_certificate_without_end_is_not_read_whoever_signed_it() -> None:
    most = [f"v:330784{n:06d}" for n in range(400)]
    assert len(check(signed(body(scopes=most)), ROOT.public).scopes) == 400
    with pytest.raises(BadCertificate):
        check(signed(body(scopes=[f"v:330784{n:06d}" for n in range(600)])), ROOT.public)


def test_of_a_newer_program_it_says_so_and_only_when_the_town_signed_it() -> None:
    newer = [2, DEVICE, "something else"]
    with pytest.raises(NewerCertificate, match="先升级程序"):
        check(signed(newer), ROOT.public)
    with pytest.raises(BadCertificate):
        check(signed(newer, Signer(b"\x03" * 32)), ROOT.public)


@pytest.mark.parametrize("told", [{"device": b""}, {"role": "province"}, {"scopes": ("v:33",)}, {"serial": 0}, {"name": "\n"}])
def test_nothing_else_is_ever_signed(told: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no certificate may say this"):
        issued(**told)


def test_escrow_has_no_device_and_holds_nothing() -> None:
    told = issued(device=b"", role=ESCROW, scopes=())
    assert check(told.raw, ROOT.public) == told
    assert not issued(device=b"", role=ESCROW, scopes=town_scopes("330784108")).may_hold(QHY)


@pytest.mark.parametrize(("scope", "holds", "writes"), [
    (QHY, True, True), ("c:330784108", True, False), (OTHER, False, False), ("t:330784108", False, False), ("c:330784109", False, False)])
def test_a_village_holds_its_register_and_the_configuration_and_writes_only_its_register(scope: str, holds: bool, writes: bool) -> None:
    assert (issued().may_hold(scope), issued().may_write(scope)) == (holds, writes)


@pytest.mark.parametrize(("scope", "holds"), [
    (QHY, True), (OTHER, True), ("c:330784108", True), ("t:330784108", True), ("v:330784109001", False), ("t:330784109", False),
    ("v:330784108", False), ("v:33078410823x", False), (QHY + "\n", False), ("", False)])
def test_a_town_holds_and_writes_all_of_its_own(scope: str, holds: bool) -> None:
    town = issued(role=TOWN, scopes=town_scopes("330784108"))
    assert town.may_hold(scope) == town.may_write(scope) == holds


def test_a_county_sees_every_town_and_configures_none() -> None:
    county = issued(role=COUNTY, scopes=("c:330784", "t:330784", "v:330784"))
    assert all(county.may_hold(s) for s in (QHY, "v:330784109001", "c:330784109", "t:330784108"))
    assert county.may_write(QHY) and not county.may_write("c:330784108") and not county.may_hold("v:330783108238")


def test_half_a_code_in_a_grant_covers_nothing() -> None:
    assert not covers(["v:3307841082", "v:", "v", ""], QHY)


GOLDEN = (
    "8258a8880158208139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394783e61676531717171717171717171717171717171"
    "7171717171717171717171717171717171717171717171717171717171717171717171717171717171717175e99d92e5908ee58fb6e69d91e4b880e5"
    "8fb7e69cba6776696c6c616765826b633a3333303738343130386e763a333330373834313038323338011b000001a20bb5e6005840285d04d30f4e24"
    "82558d24d76c317107e7c958602ee97ef796faba0fff915be7c8463d414862d6260c288d5f8eeafab7d0a3125cc1f2264e2f7bd9a77e9f9d0d")
