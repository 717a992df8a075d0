"""Entries go into columns and come back as they were; columns that are not what they say are refused before they cost anything."""

from __future__ import annotations

import struct
import tracemalloc
import unicodedata
from collections.abc import Callable
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridapp.exchange import cells, columns
from gridapp.exchange.plain import Excess, Malformed
from gridapp.fields.kinds import Cbor
from gridapp.ledger.entries import ERASE, WRITE, Entry, Seal, payload_hash, sealed_payload
from tests import parcels

TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12).map(lambda t: unicodedata.normalize("NFC", t))
VALUES: st.SearchStrategy[Cbor] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), TEXTS, st.binary(max_size=20), st.sampled_from(["2026-11-24", "1967-07-11"]),
    st.sampled_from([parcels.eid(n) for n in range(4)]))
ROWS = st.dictionaries(st.integers(0, 65_535) | st.integers(1, 4), VALUES, max_size=5)


@st.composite
def written(draw: st.DrawFn) -> tuple[list[Entry], list[dict[int, Cbor] | None]]:
    """Some entries of any kind, in any order of places and clocks, some of them erased."""
    entries, values = list[Entry](), list[dict[int, Cbor] | None]()
    for _entry in range(draw(st.integers(0, 12))):
        row, kind, erased = draw(ROWS), draw(st.sampled_from([WRITE, WRITE, ERASE, 7])), draw(st.integers(0, 9)) == 0
        payload, phash = sealed_payload(row, draw(st.binary(min_size=8, max_size=8)))
        entries.append(Entry(draw(st.integers(1, 2**31 - 1)), draw(st.integers(0, 2**63 - 1)), kind, draw(st.sampled_from([1, 10, 32_767])),
                             draw(st.integers(0, 65_535)), draw(st.integers(0, 2**31 - 1)), parcels.eid(draw(st.integers(0, 5))),
                             None if erased else payload, phash))
        values.append(dict(sorted(row.items())) if kind == WRITE and not erased else None)
    return entries, values


@settings(max_examples=300, deadline=None)
@given(written())
def test_what_was_written_comes_back(told: tuple[list[Entry], list[dict[int, Cbor] | None]]) -> None:
    entries, values = columns.decode(columns.encode(*told))
    assert (entries, values) == told
    assert [repr(v) for v in values] == [repr(v) for v in told[1]], "True is not 1, and the tags keep their order"
    assert all(entry.payload is None or payload_hash(entry.payload) == entry.phash for entry in entries)


def both(seal: Seal) -> bytes:
    return columns.encode(seal.entries, seal.values)


def test_the_same_entries_give_the_same_bytes() -> None:
    assert both(parcels.many(500)) == both(parcels.many(500))


def test_more_shapes_than_a_byte_can_name_are_written_row_by_row() -> None:
    """A workbook with holes anywhere: 600 people, each with other fields filled in."""
    rows = [[(WRITE, 10, parcels.eid(n), {tag: n for tag in range(1, 12) if n >> tag - 1 & 1})] for n in range(1, 601)]
    seal = parcels.seal([*rows, *rows[-20:]])
    raw = both(seal)
    assert columns.decode(raw) == (list(seal.entries), list(seal.values))
    which = columns._split(raw)[1][4]
    assert which.count(columns.ROW_WISE) == 600 - columns.MOST_SHAPES, "those used more often have columns"


def test_a_link_to_what_came_in_the_same_frame_costs_next_to_nothing() -> None:
    ids = [parcels.eid(n * 7919) for n in range(1000)]
    near = parcels.seal([[(WRITE, 10, e, {1: "a"}), (WRITE, 14, parcels.eid(10**7 + n), {1: e})] for n, e in enumerate(ids)])
    far = parcels.seal([[(WRITE, 10, e, {1: "a"}), (WRITE, 14, parcels.eid(10**7 + n), {1: b"\xff" + e[1:]})] for n, e in enumerate(ids)])
    assert len(both(far)) - len(both(near)) > 15 * 1000


def test_a_person_takes_55_bytes_and_an_edit_25(tmp_path: Any) -> None:
    """Signed and encrypted, in the file; the numbers of the bench are measured on more and on better invented people."""
    people = parcels.write(tmp_path / "a.wsb", [parcels.many(5000, 1000)])
    edits = parcels.seal([[(WRITE, 1, parcels.eid(10**6 + at), {1: "correct_person", 2: at}),
                           *[(WRITE, 10, parcels.eid((at * 40 + n) * 7919), {6: f"139{(at * 40 + n) * 7919 % 10**8:08d}"}) for n in range(40)]]
                          for at in range(125)])
    assert people.bytes <= 55 * 5000
    assert parcels.write(tmp_path / "b.wsb", [edits]).bytes <= 25 * 5000


def frame(place: int, data: bytes, n: int | None = None, **others: bytes) -> bytes:
    """A good frame of three entries of one shape, with one column put in the place of another."""
    seal = parcels.seal([[(WRITE, 10, parcels.eid(k), {1: f"{k}", 2: k, 3: f"长{k}" * (k + 1)}) for k in range(3)]])
    told = columns._split(both(seal))[1]
    for at, other in {place: data, **{int(name[1:]): column for name, column in others.items()}}.items():
        told[at] = other
    return struct.pack(">II", 3 if n is None else n, len(told)) + b"".join(struct.pack(">I", len(c)) + c for c in told)


LISTED = cbor2.dumps
BAD: dict[str, tuple[Callable[[], bytes], type[Malformed]]] = {
    "nothing": (lambda: b"", Malformed),
    "too many entries": (lambda: frame(0, b"", 2_000_001), Excess),
    "too many columns": (lambda: struct.pack(">II", 0, 1 << 20), Excess),
    "too few columns": (lambda: struct.pack(">II", 0, 0), Malformed),
    "a column longer than the frame": (lambda: struct.pack(">II", 0, 12) + struct.pack(">I", 1 << 31), Malformed),
    "bytes left over": (lambda: frame(0, LISTED([1, 1, 1])) + b"\0", Malformed),
    "another number of entries": (lambda: frame(0, LISTED([1, 1, 1]), 4), Malformed),
    "ids missing": (lambda: frame(2, bytes(47)), Malformed),
    "salts missing": (lambda: frame(3, bytes(16)), Malformed),
    "a place too few": (lambda: frame(0, LISTED([1, 1])), Malformed),
    "a place that is text": (lambda: frame(0, LISTED([1, "1", 1])), Malformed),
    "a place that is true": (lambda: frame(0, LISTED([True, 1, 1])), Malformed),
    "place nought": (lambda: frame(0, LISTED([0, 1, 1])), Malformed),
    "a place of 33 bits": (lambda: frame(0, LISTED([1, 1, 2**32])), Malformed),
    "a clock before time": (lambda: frame(1, LISTED([-1, 1, 1])), Malformed),
    "a clock of 64 bits": (lambda: frame(1, LISTED([2**63, 0, 0])), Malformed),
    "a big number as a tag": (lambda: frame(1, b"\x83\xc2\x41\x01\x00\x00"), Malformed),
    "an act too long": (lambda: frame(6, LISTED([65_536, 0, 0])), Malformed),
    "an officer below nought": (lambda: frame(7, LISTED([-1, 1, 1])), Malformed),
    "a shape nobody told": (lambda: frame(4, b"\0\0\1", c12=LISTED(["0", "1"]), c13=LISTED([0, 1]), c14=LISTED(["a", "b"])), Malformed),
    "a shape twice": (lambda: frame(5, LISTED([[0, 10, [1, 2, 3]], [0, 11, []], [0, 11, []]])), Malformed),
    "tags out of order": (lambda: frame(5, LISTED([[0, 10, [2, 1, 3]]])), Malformed),
    "a tag twice": (lambda: frame(5, LISTED([[0, 10, [1, 1, 2]]])), Malformed),
    "a tag that is text": (lambda: frame(5, LISTED([[0, 10, [1, "2", 3]]])), Malformed),
    "a tag below nought": (lambda: frame(5, LISTED([[0, 10, [-1, 2, 3]]])), Malformed),
    "a kind of two bytes": (lambda: frame(5, LISTED([[256, 10, [1, 2, 3]]])), Malformed),
    "an entity of two bytes": (lambda: frame(5, LISTED([[0, 32_768, [1, 2, 3]]])), Malformed),
    "more tags than columns": (lambda: frame(5, LISTED([[0, 10, [1, 2, 3, 4]]])), Malformed),
    "255 shapes": (lambda: frame(5, LISTED([[0, n, [1, 2, 3]] for n in range(255)])), Excess),
    "shapes without end": (lambda: frame(5, LISTED([0] * 300_000)), Excess),
    "no shape": (lambda: frame(5, LISTED([[0, 10]])), Malformed),
    "values missing": (lambda: frame(13, LISTED([1, 2])), Malformed),
    "values left over": (lambda: frame(13, LISTED([1, 2, 3]) + b"\0"), Malformed),
    "a float": (lambda: frame(13, LISTED([1.5, 2, 3])), Malformed),
    "undefined": (lambda: frame(13, b"\x83\xf7\x01\x02"), Malformed),
    "a list": (lambda: frame(13, LISTED([[], 2, 3])), Malformed),
    "a map": (lambda: frame(13, LISTED([{1: 1}, 2, 3])), Malformed),
    "nested 10,000 deep": (lambda: frame(13, b"\x83" + b"\x81" * 10_000 + b"\0\0\0"), Malformed),
    "a date of CBOR": (lambda: frame(13, b"\x83\xc1\x00\x00\x00"), Malformed),
    "an unknown tag of CBOR": (lambda: frame(13, b"\x83\xd9\x99\x99\x00\x00\x00"), Malformed),
    "a pattern": (lambda: frame(13, b"\x83\xd8\x23\x61a\x00\x00"), Malformed),
    "a list without end": (lambda: frame(13, b"\x9f\x00\x00\x00\xff"), Malformed),
    "a number in a longer spelling": (lambda: frame(13, b"\x83\x18\x01\x02\x03"), Malformed),
    "a length in a longer spelling": (lambda: frame(13, b"\x98\x03\x01\x02\x03"), Malformed),
    "a number of 65 bits": (lambda: frame(13, LISTED([2**63, 2, 3])), Malformed),
    "broken UTF-8": (lambda: frame(14, b"\x83\x62\xff\xfe\x61a\x61b"), Malformed),
    "a lone surrogate": (lambda: frame(14, b"\x83\x63\xed\xa0\x80\x61a\x61b"), Malformed),
    "NUL in a text": (lambda: frame(14, LISTED(["a\0", "b", "cc"])), Malformed),
    "text that is not NFC": (lambda: frame(14, LISTED(["e\u0301", "b", "cc"])), Malformed),
    "a text of 2 MiB": (lambda: frame(14, LISTED(["x" * (2 << 20), "b", "cc"])), Excess),
    "bytes of 2 MiB": (lambda: frame(14, LISTED([b"x" * (2 << 20), b"b", b"cc"])), Excess),
    "crosswise, too short": (lambda: frame(12, b"\1\1ab"), Malformed),
    "crosswise, of no length": (lambda: frame(12, b"\1\0"), Malformed),
    "crosswise, nothing": (lambda: frame(12, b"\1"), Malformed),
    "crosswise, not ASCII": (lambda: frame(12, b"\1\1ab\xe9"), Malformed),
    "crosswise, NUL": (lambda: frame(12, b"\1\1ab\0"), Malformed),
    "a link before the frame": (lambda: frame(13, b"\2" + LISTED([1, 1, 1])), Malformed),
    "a link behind the frame": (lambda: frame(13, b"\2" + LISTED([0, 0, -1])), Malformed),
    "a link that is text": (lambda: frame(13, b"\2" + LISTED([0, 0, "a"])), Malformed),
    "another way of writing": (lambda: frame(13, b"\3" + LISTED([0, 0, 0])), Malformed),
    "a row that is not there": (lambda: frame(4, b"\0\0\xfe"), Malformed),
    "hashes of nobody": (lambda: frame(8, bytes(32)), Malformed),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_frame_is_refused_and_costs_little(name: str) -> None:
    make, expected = BAD[name]
    raw = make()
    tracemalloc.start()
    try:
        with pytest.raises(expected):
            columns.decode(raw)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 * len(raw) + (1 << 20)


def test_the_frame_they_were_made_from_is_good() -> None:
    assert len(columns.decode(frame(13, LISTED([1, 2, 3])))[0]) == 3


@pytest.mark.parametrize("body", [
    b"\xa2\x01\x02\x01\x03", b"\xa2\x02\x00\x01\x00", b"\xa1\x18\x01\x00", b"\xa1\x01\x18\x01", b"\xbf\x01\x00\xff", b"\x80", b"\xa1\x61a\x00", b"\xa1\x20\x00",
    b"\xa1\x01\x80", b"\xa1\x01\xf9\x00\x00", b"\xa0\x00", b"\xa1\xf5\x00"], ids=[
    "a key twice", "keys out of order", "a longer key", "a longer number", "without end", "no map", "a key of text", "a key below nought", "a list", "a float",
    "left over", "a key that is true"])
def test_a_row_is_looked_at_like_a_column(body: bytes) -> None:
    with pytest.raises(Malformed):
        columns._bodies(cbor2.dumps([body]), 1)


def test_a_good_row_is_taken() -> None:
    assert columns._bodies(cbor2.dumps([b"\xa2\x01\x02\x02\xf6"]), 1) == [(b"\xa2\x01\x02\x02\xf6", {1: 2, 2: None})]


def test_a_list_that_says_another_number_is_not_even_read() -> None:
    """16 MB of empty lists would be a gigabyte of objects."""
    told = b"\x9a\x00\xff\xff\xff" + b"\x80" * 0xFFFFFF
    tracemalloc.start()
    try:
        with pytest.raises(Malformed):
            cells.decode(told, range(3), [])
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("count", [0, 1, 23, 24, 255, 256, 65_535, 65_536])
def test_the_head_of_a_list_is_that_of_the_library(count: int) -> None:
    assert cells.members(cbor2.dumps([0] * count), count) == [0] * count


def test_a_kind_has_one_byte_and_an_entity_fifteen_bits() -> None:
    assert columns._pairs(cbor2.dumps([255, 32_767]), 1) == [(255, 32_767)]
    for kind, ent in ((256, 1), (0, 32_768)):
        with pytest.raises(Malformed):
            columns._pairs(cbor2.dumps([kind, ent]), 1)
