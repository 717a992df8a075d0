"""One column of values as bytes, in the shortest of three ways, and read again with every value looked at (docs/parcel.md, "A column").

A plain CBOR list; or texts of one length, laid crosswise (dates, ID numbers and telephones compress by a third better so); or links told
as so many entries back to the one they point to, where that came in the same frame (2 bytes for 16 that do not compress).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import cbor2

from gridapp.exchange import plain
from gridapp.exchange.plain import Excess, Malformed
from gridapp.fields.kinds import Cbor
from gridapp.ledger.entries import PLAIN, WIDEST

#: bytes of one text or byte string; the longest field of today has 2,000 characters
LONGEST_VALUE = 1 << 20
#: first byte of a column that is no CBOR list
CROSSWISE, LINKS = 1, 2


def encode(column: Sequence[Cbor], places: Sequence[int], entry_of: Mapping[bytes, int]) -> bytes:
    """The bytes of a column; `places` are those of its entries in the frame, `entry_of` says which entry bore an id first."""
    kinds = set(map(type, column))
    if kinds == {str}:
        texts = [str(value) for value in column]
        width = len(texts[0])
        joined = "".join(texts)
        if 0 < width < 256 and joined.isascii() and set(map(len, texts)) == {width}:
            return bytes((CROSSWISE, width)) + "".join(joined[at::width] for at in range(width)).encode()
    if bytes in kinds and kinds <= {bytes, type(None)}:
        found = [entry_of.get(value) if type(value) is bytes else None for value in column]
        if any(at is not None for at in found):
            return bytes((LINKS,)) + cbor2.dumps([value if at is None else place - at
                                                  for value, place, at in zip(column, places, found, strict=True)])
    return cbor2.dumps(column)


def decode(data: bytes, places: Sequence[int], eids: Sequence[bytes]) -> list[Cbor]:
    """The values of a column of the entries at `places`. Raises Malformed, Excess."""
    count = len(places)
    if data[:1] == bytes((CROSSWISE,)):
        return _crosswise(data, count)
    if data[:1] == bytes((LINKS,)):
        return checked(_linked(members(data[1:], count), places, eids))
    return checked(members(data, count))


def _crosswise(data: bytes, count: int) -> list[Cbor]:
    width = data[1] if len(data) > 1 else 0
    if not width or len(data) != 2 + width * count or not data.isascii() or b"\0" in data[2:]:
        raise Malformed("texts of one length")
    text = data[2:].decode("ascii")
    return [text[at::count] for at in range(count)]


def _linked(told: list[Any], places: Sequence[int], eids: Sequence[bytes]) -> list[Any]:
    """Numbers of entries back, turned into the ids those entries have. Any: fresh from the decoder."""
    links = list[Any]()
    for value, place in zip(told, places, strict=True):
        if type(value) is int:
            at = place - value
            if not 0 <= at < len(eids):
                raise Malformed("a link out of the frame")
            value = eids[at]
        elif value is not None and type(value) is not bytes:
            raise Malformed("a link of another kind")
        links.append(value)
    return links


def members(data: bytes, count: int) -> list[Any]:
    """A list of `count` scalars; the number is looked at before anything is made. Any: the caller looks at the members."""
    if not data.startswith(_head(count)):
        raise Malformed("another number of members")
    told: list[Any] = plain.loads(data, 1)
    return told


def _head(count: int) -> bytes:
    """What a CBOR list of `count` members begins with (RFC 8949 3.1, major type 4)."""
    if count < 24:
        return bytes((0x80 | count,))
    width = 1 if count < 1 << 8 else 2 if count < 1 << 16 else 4
    return bytes((0x97 + width.bit_length(),)) + count.to_bytes(width, "big")


def numbers(data: bytes, count: int, low: int, top: int, *, steps: bool = False) -> list[int]:
    """A list of whole numbers within bounds; with `steps` each is told as how much more it is than the one before."""
    told = members(data, count)
    if not set(map(type, told)) <= {int}:
        raise Malformed("not a number")
    told = list(accumulate(told)) if steps else told
    if told and not low <= min(told) <= max(told) <= top:
        raise Malformed("a number out of bounds")
    return told


def checked(column: list[Any]) -> list[Cbor]:
    """The values, when each is one a journal may hold: no float, no list, text in NFC without NUL, nothing endless."""
    kinds = set(map(type, column))
    if not kinds <= set(PLAIN):
        raise Malformed("a value of another kind")
    if str in kinds:
        texts = [value for value in column if type(value) is str]
        joined = "\n".join(texts)
        if "\0" in joined or not (joined.isascii() or unicodedata.is_normalized("NFC", joined)):
            raise Malformed("text that is not NFC, or holds NUL")
        _short(texts)
    if bytes in kinds:
        _short([value for value in column if type(value) is bytes])
    if int in kinds:
        whole = [value for value in column if type(value) is int]
        if not -WIDEST <= min(whole) <= max(whole) < WIDEST:
            raise Malformed("a number of more than 64 bits")
    return column


def _short(values: Sequence[str | bytes]) -> None:
    if max(map(len, values)) > LONGEST_VALUE:
        raise Excess("a value")
