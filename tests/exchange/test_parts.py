"""A part tells without any key whether it is whole; parts are put together only when all of them are there and of one parcel."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from gridapp.exchange import parcel, parts
from gridapp.exchange.parts import AROUND, HEADER, Header, Writing, gather, look
from gridapp.exchange.refusals import CannotRead, Damaged, NewerFormat, NotAParcel, PartMissing, PartOfAnother, Refused, Truncated
from tests import parcels
from tests.parcels import forge


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiny") / "a.wsb"
    parcels.write(path)
    return path


@pytest.fixture
def three(tmp_path: Path) -> list[Path]:
    return list(parcels.write(tmp_path / "a.wsb", parcels.lived(), part_bytes=1024).paths)


def test_a_whole_part_is_told(tiny: Path, three: list[Path]) -> None:
    header = look(tiny)
    assert (header.part, header.parts, header.length) == (1, 1, tiny.stat().st_size - parts.AROUND)
    assert [(look(path).part, look(path).parts) for path in three] == [(1, 3), (2, 3), (3, 3)]
    assert len({look(path).parcel for path in three}) == 1
    assert [path.stat().st_size <= 1024 for path in three] == [True] * 3


def test_any_flipped_bit_is_told_and_never_taken_for_a_newer_program(tiny: Path, tmp_path: Path) -> None:
    data = tiny.read_bytes()
    for at in range(len(data)):  # every bit of head and tail, one of each byte between (all of them: dev.py faults parcels)
        for bit in range(8) if at < HEADER or at >= len(data) - (AROUND - HEADER) else (at % 8,):
            path = tmp_path / "flipped.wsb"
            path.write_bytes(data[:at] + bytes((data[at] ^ 1 << bit,)) + data[at + 1:])
            with pytest.raises((NotAParcel, Truncated, Damaged)):
                look(path)


def test_cut_at_any_length_it_is_not_whole(tiny: Path, tmp_path: Path) -> None:
    data = tiny.read_bytes()
    for size in range(len(data)):
        path = tmp_path / "cut.wsb"
        path.write_bytes(data[:size])
        with pytest.raises(Truncated if size else NotAParcel):
            look(path)


SPOILT: dict[str, tuple[Callable[[bytes], bytes], type[Refused]]] = {
    "something appended": (lambda d: d + b"\0", Damaged),
    "sent as text": (lambda d: d.replace(b"\r\n", b"\n"), NotAParcel),
    "7 bits": (lambda d: bytes(b & 0x7F for b in d), NotAParcel),
    "an archive": (lambda d: b"PK\3\4" + d, NotAParcel),
    "zeros where the stick gave nothing": (lambda d: d[:100] + bytes(len(d) - 100), Damaged),
    "all zeros": (lambda d: bytes(len(d)), NotAParcel),
    "a newer container": (lambda _: _newer(8), NewerFormat),
    "another suite": (lambda _: _newer(9), NewerFormat),
    "part nought": (lambda _: forge.outside(b"x", part=0), Damaged),
    "part 3 of 2": (lambda _: forge.outside(b"x", part=3, parts=2), Damaged),
    "more than the file holds": (lambda _: forge.outside(b"x", length=2**63), Truncated),
    "something where zeros belong": (lambda _: _header(40, 1), Damaged),
}


def _header(at: int, value: int) -> bytes:
    head = bytearray(Header(forge.PARCEL, 1, 1, 1).pack())
    head[at] = value
    return bytes(head) + b"x" + forge.hashed(bytes(head) + b"x") + parts.TAIL


def _newer(at: int) -> bytes:
    return _header(at, 2)


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_file_gets_its_sentence(name: str, tiny: Path, tmp_path: Path) -> None:
    spoil, expected = SPOILT[name]
    path = tmp_path / "spoilt.wsb"
    path.write_bytes(spoil(tiny.read_bytes()))
    with pytest.raises(expected, match="spoilt.wsb"):
        look(path)


@pytest.mark.parametrize("name", ["A.WSB", "a (2).wsb", "a.wsb.part", "a.txt", "交接.wsb", "a"])
def test_its_name_does_not_matter(name: str, tiny: Path, tmp_path: Path) -> None:
    shutil.copy(tiny, tmp_path / name)
    assert look(tmp_path / name) == look(tiny)


def test_what_cannot_be_read_is_trouble(tmp_path: Path) -> None:
    with pytest.raises(CannotRead):
        look(tmp_path / "gone.wsb")
    with pytest.raises(CannotRead):
        look(tmp_path)


def test_parts_in_any_order_and_one_of_them_twice_are_one_parcel(three: list[Path], tmp_path: Path) -> None:
    again = tmp_path / "again.wsb"
    shutil.copy(three[1], again)
    assert [header.part for _path, header in gather([three[2], again, three[0], three[1]])] == [1, 2, 3]


def test_a_missing_part_is_named(three: list[Path]) -> None:
    with pytest.raises(PartMissing, match="共 3 个分卷，还缺第 2 个") as told:
        gather([three[0], three[2]])
    assert told.value.missing == [2]


def test_parts_of_two_parcels_are_not_mixed(three: list[Path], tmp_path: Path) -> None:
    others = parcels.write(tmp_path / "b.wsb", parcels.lived(), part_bytes=1024).paths
    with pytest.raises(PartOfAnother, match=others[1].name):
        gather([three[0], others[1], three[2]])


def test_two_different_parts_of_one_number_are_not_both_right(three: list[Path], tmp_path: Path) -> None:
    header = look(three[1])
    forged = tmp_path / "forged.wsb"
    forged.write_bytes(forge.outside(bytes(header.length), parcel=header.parcel, part=2, parts=3))
    with pytest.raises(PartOfAnother, match=r"forged\.wsb"):
        gather([*three, forged])


def test_one_damaged_part_is_the_one_that_is_named(three: list[Path]) -> None:
    three[1].write_bytes(three[1].read_bytes()[:-1])
    with pytest.raises(Truncated, match=three[1].name):
        gather(three)


@pytest.mark.parametrize(("size", "room"), [(1, 110), (1000, 150), (70_000, 30_000), (200_000, 1 << 20)])
def test_parts_are_as_long_as_was_foreseen(size: int, room: int, tmp_path: Path) -> None:
    written = parcels.write(tmp_path / "a.wsb", answer=bytes(size), part_bytes=room)
    assert [path.stat().st_size for path in written.paths] == list(written.sizes)
    assert max(written.sizes) <= room and len(written.paths) == -(-(written.bytes - parts.AROUND * len(written.sizes)) // (room - parts.AROUND))
    with parcel.open_parcel(written.paths, parcels.OURS[0]) as opened:
        assert opened.manifest.answer == bytes(size)


def test_an_envelope_of_another_length_than_foreseen_is_our_bug() -> None:
    head = b"age-encryption.org/v1\n-> X25519 a\nb\n--- c\n"
    for plain, rest in ((1, 200), (1000, 33)):
        writing = Writing(bytes(16), plain, lambda _part, _parts: BytesIO())
        with pytest.raises(ValueError, match="longer|shorter"):
            writing.write(head + bytes(rest))
            writing.finish()


def test_parts_have_room_for_something() -> None:
    with pytest.raises(ValueError, match="too small"):
        Writing(bytes(16), 1, lambda _part, _parts: BytesIO(), parts.AROUND)
