"""Frames of the card reader: the vectors, whatever bytes come between, and that there is no way to ask for fingerprints."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from gridapp.devices.idreader.frames import MOST, Answer, Command, Frames, framed
from tests.devices.sam import SAID, VECTORS
from tests.devices.sam import framed as as_told
from tests.test_architecture import PROGRAM, tree

COMMANDS = {name: bytes.fromhex(told) for name, told in VECTORS["commands"].items()}
BODIES = st.binary(min_size=3, max_size=80)


def test_commands_are_those_of_the_protocol_and_fingerprints_are_none_of_them() -> None:
    assert {framed(c.value) for c in Command} == set(COMMANDS.values()) - {COMMANDS["read_base_fp"]}


def test_nothing_in_the_program_spells_the_command_for_fingerprints() -> None:
    """Neither as bytes nor as a number; the one that reads the text is found by the same look."""
    said = {node.value for file in PROGRAM for node in ast.walk(tree(file)) if isinstance(node, ast.Constant) and isinstance(node.value, bytes | int)}
    spelt = [value for value in said if isinstance(value, bytes)]
    assert any(b"\x30\x01" in value for value in spelt)
    assert not any(b"\x30\x10" in value for value in spelt) and 0x3010 not in said


def test_answers_of_the_protocol_are_read() -> None:
    frames = Frames()
    found = frames.feed(b"".join(SAID.values()))
    assert [a.state.hex() for a in found] == ["00009f", "000080", "000090", "000081", "000041"]
    assert (found[0].data, found[2].data) == (bytes(4), bytes(8)) and not frames.strays and not frames.half


def test_an_answer_is_whole_only_with_its_last_byte() -> None:
    frames, told = Frames(), SAID["find_ok"]
    assert [len(frames.feed(told[n:n + 1])) for n in range(len(told))] == [0] * (len(told) - 1) + [1]


def test_what_an_answer_holds_is_not_shown() -> None:
    assert "secret" not in repr(Answer(b"\x00\x00\x90", b"secret"))


def test_a_wrong_check_byte_is_counted_and_the_next_answer_is_read() -> None:
    frames, told = Frames(), SAID["find_ok"]
    found = frames.feed(told[:-1] + bytes([told[-1] ^ 1]) + SAID["find_none"])
    assert [a.state.hex() for a in found] == ["000080"] and frames.spoilt == 1 and frames.strays == len(told)


@given(st.lists(st.one_of(st.tuples(st.just(True), BODIES), st.tuples(st.just(False), st.binary(max_size=30).filter(lambda b: b"\xaa" not in b)))),
       st.lists(st.integers(1, 40), min_size=1))
def test_every_answer_is_found_whatever_stands_between_and_however_it_is_cut(parts: list[tuple[bool, bytes]], cuts: list[int]) -> None:
    stream = b"".join(as_told(body) if good else body for good, body in parts)
    frames, found, at = Frames(), list[Answer](), 0
    for n in range(len(stream) + 1):
        step = cuts[n % len(cuts)]
        found += frames.feed(stream[at:at + step])
        at += step
    assert [a.state + a.data for a in found] == [body for good, body in parts if good]


@given(st.lists(st.one_of(st.binary(max_size=64), st.sampled_from([b"\xaa\xaa\xaa\x96\x69", b"\xaa", b"\x00\x04", b"\x06\x00"])), max_size=60))
def test_random_bytes_neither_stop_it_nor_fill_the_memory_and_it_finds_its_way_back(chunks: list[bytes]) -> None:
    frames = Frames()
    for chunk in chunks:
        frames.feed(chunk)
        assert len(frames._waiting) <= MOST + 8 + len(chunk)
    good = as_told(b"\x00\x00\x9fhere")
    found = [a for _n in range(MOST // len(good) + 2) for a in frames.feed(good)]
    assert found and found[-1].data == b"here"
