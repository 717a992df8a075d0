"""The envelope opens for whom it was closed and for nobody else; the lining gives back what was put in and shows nothing on the disk."""

from __future__ import annotations

import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridapp.exchange import envelope
from gridapp.exchange.envelope import PIECE, Chained, Lining, NoAddress, NotOurs, Torn
from tests.parcels import OTHERS, OURS


def closed(text: bytes, *addresses: str) -> bytes:
    target = BytesIO()
    envelope.encrypt(BytesIO(text), target, addresses or (OURS[1],))
    return target.getvalue()


def opened(data: bytes, secret: str = OURS[0]) -> bytes:
    target = BytesIO()
    envelope.decrypt(BytesIO(data), target, secret)
    return target.getvalue()


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 200_000])
def test_every_receiver_reads_it_and_its_length_is_known_before(size: int) -> None:
    text = os.urandom(size)
    data = closed(text, OURS[1], OTHERS[1])
    assert opened(data) == opened(data, OTHERS[0]) == text
    head = envelope.head_of(data)
    assert head is not None and len(data) == envelope.length_of(head, size)


def test_a_key_is_made_in_two_halves() -> None:
    secret, public = envelope.new_identity()
    assert envelope.public_of(secret) == public
    assert opened(closed(b"text", public), secret) == b"text"


def test_another_s_key_does_not_open_it() -> None:
    with pytest.raises(NotOurs):
        opened(closed(b"text"), OTHERS[0])


def test_every_flipped_bit_and_every_cut_is_noticed() -> None:
    data = closed(b"a text")
    for at in range(len(data)):
        with pytest.raises((Torn, NotOurs)):
            opened(data[:at])
        with pytest.raises((Torn, NotOurs)):
            opened(data[:at] + bytes((data[at] ^ 1 << at % 8,)) + data[at + 1:])


def test_a_spoilt_header_is_damage_and_not_another_s_key() -> None:
    data = closed(b"a text")
    at = data.index(b"\n--- ") + 5
    with pytest.raises(Torn):
        opened(data[:at] + (b"B" if data[at:at + 1] == b"A" else b"A") + data[at + 1:])
    with pytest.raises(Torn):
        opened(b"something else")


def test_what_is_added_is_noticed() -> None:
    with pytest.raises(Torn):
        opened(closed(b"a text") + b"x")


@pytest.mark.parametrize("text", ["", "age1", "AGE-SECRET-KEY-1", OURS[0], OURS[1][:-1], OURS[1] + "q", "ssh-ed25519 AAAA", "老王"])
def test_what_is_no_address_is_told(text: str) -> None:
    with pytest.raises(NoAddress):
        closed(b"", text)


def test_to_nobody_is_no_envelope() -> None:
    with pytest.raises(NoAddress):
        envelope.encrypt(BytesIO(), BytesIO(), [])


def test_what_is_no_secret_is_told() -> None:
    with pytest.raises(NoAddress):
        envelope.public_of(OURS[1])


class Broken(BytesIO):
    """A stick that is pulled."""

    def read(self, _size: int | None = -1) -> bytes:
        raise OSError(5, "pulled")

    def write(self, _data: Any) -> int:
        raise OSError(28, "full")


def test_a_failure_of_the_disk_is_told_as_itself() -> None:
    for source, target, number in ((Broken(), BytesIO(), 5), (BytesIO(b"x" * 200_000), Broken(), 28)):
        with pytest.raises(OSError) as told:
            envelope.encrypt(source, target, [OURS[1]])
        assert told.value.errno == number
    for source, target, number in ((Broken(), BytesIO(), 5), (BytesIO(closed(b"x" * 200_000)), Broken(), 28)):
        with pytest.raises(OSError) as told:
            envelope.decrypt(source, target, OURS[0])
        assert told.value.errno == number


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 3 * PIECE // 2), max_size=6), st.integers(0, 3), st.data())
def test_a_lining_gives_back_any_piece_of_it(sizes: list[int], in_memory: int, data: st.DataObject) -> None:
    with Lining(in_memory * PIECE) as lining:
        whole = b""
        for number, size in enumerate(sizes):
            piece = number.to_bytes(1, "big") * size
            assert lining.write(piece) == size
            whole += piece
        assert lining.size == len(whole)
        at, size = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, 2 * PIECE))
        assert lining.read_at(at, size) == whole[at:at + size]
        read = Chained(b"head", lining)
        assert read.read(2) + read.read() + read.read() == b"head" + whole


def test_nothing_readable_lies_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = list[Any]()
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: files.append((tmp_path / "lining").open("w+b", buffering=0)) or files[-1])
    with Lining(PIECE) as lining:
        lining.write("彭兵510185196707119619".encode() * (PIECE // 8))
        told = (tmp_path / "lining").read_bytes()
        assert len(told) >= PIECE and "彭兵".encode() not in told and b"510185" not in told
        (tmp_path / "lining").write_bytes(bytes((told[0] ^ 1,)) + told[1:])
        with pytest.raises(OSError, match="changed"):
            lining.read_at(PIECE, 10)
    assert files[0].closed
    assert lining.read_at(0, 10) == b""


def test_a_small_lining_touches_no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: pytest.fail("a file"))
    with Lining() as lining:
        lining.write(bytes(5 * PIECE + 3))
        assert lining.read_at(5 * PIECE, 10) == bytes(3)
