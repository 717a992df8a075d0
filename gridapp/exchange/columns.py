"""Entries as columns: what is alike lies side by side and is told once (docs/parcel.md, "A frame").

Places, clocks, ids and salts each have a column; the values lie by shape — kind, entity and tags written — one column for each tag.
Every column has its length before it and is read by itself, so that nothing small can ask for much: a list is only decoded when it
says as many members as there are entries. Payloads are rebuilt in their one deterministic form and hashed here; the decoded values are
handed on, so that nobody decodes them twice.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import chain, repeat
from typing import Any

import cbor2

from gridapp.exchange import cells, plain
from gridapp.exchange.plain import Excess, Malformed
from gridapp.fields.kinds import Cbor
from gridapp.ledger import entries as bytes_
from gridapp.ledger.entries import MOST_TXB, WRITE, Entry

Values = dict[int, Cbor] | None
Shape = tuple[int, int, tuple[int, ...]]

MOST_ENTRIES = 2_000_000
MOST_SHAPES = 254
MOST_TAGS = 255
#: places of the shape column that are no shape
ROW_WISE, ERASED = 254, 255
#: what the tables of the ledger can keep (signed columns of 16, 32 and 64 bits)
TOP_ENT, TOP_32, TOP_64 = (1 << 15) - 1, (1 << 31) - 1, (1 << 63) - 1

_FRAME, _COLUMN = struct.Struct(">II"), struct.Struct(">I")
#: pos, hlc, eids, salts, shape of each, shapes, txb, officer, erased hashes, erased kinds, row-wise kinds, row-wise bodies
_FIXED = 12


def encode(entries: Sequence[Entry], values: Sequence[Values]) -> bytes:
    """The frame of these entries; `values` are their decoded payloads (an entry that is no WRITE is decoded here)."""
    rows = [bytes_.decode(entry.payload) if row is None and entry.payload is not None else row
            for entry, row in zip(entries, values, strict=True)]
    told = [None if row is None else (entry.kind, entry.ent, tuple(row)) for entry, row in zip(entries, rows, strict=True)]
    shapes = _places(told)
    which = bytes(ERASED if shape is None else shapes.get(shape, ROW_WISE) for shape in told)
    erased, row_wise = ([entry for entry, place in zip(entries, which, strict=True) if place == odd] for odd in (ERASED, ROW_WISE))
    bodies = [bytes_.encode(row) for row, place in zip(rows, which, strict=True) if place == ROW_WISE and row is not None]
    eids = b"".join(entry.eid for entry in entries)
    columns = [
        cbor2.dumps(_steps(entry.pos for entry in entries)), cbor2.dumps(_steps(entry.hlc for entry in entries)),
        b"".join(eids[byte::16] for byte in range(16)),
        b"".join(entry.payload[:8] for entry in entries if entry.payload is not None), which,
        cbor2.dumps([[kind, ent, list(tags)] for kind, ent, tags in shapes]),
        cbor2.dumps(_steps(entry.txb for entry in entries)), cbor2.dumps([entry.officer for entry in entries]),
        b"".join(entry.phash for entry in erased), cbor2.dumps(_kinds(erased)), cbor2.dumps(_kinds(row_wise)), cbor2.dumps(bodies),
        *_value_columns(entries, rows, which, len(shapes))]
    return _FRAME.pack(len(entries), len(columns)) + b"".join(part for c in columns for part in (_COLUMN.pack(len(c)), c))


def _value_columns(entries: Sequence[Entry], rows: Sequence[Values], which: bytes, shapes: int) -> Iterator[bytes]:
    """For each shape, for each of its tags, the values of its entries."""
    places = _where(which)
    first = {entry.eid: at for at, entry in reversed(list(enumerate(entries)))}
    for mine in places[:shapes]:
        for column in zip(*((rows[at] or {}).values() for at in mine), strict=True):
            yield cells.encode(column, mine, first)


def _where(which: bytes) -> list[list[int]]:
    """For each shape there could be, which entries have it."""
    places: list[list[int]] = [[] for _shape in range(MOST_SHAPES)]
    for at, place in enumerate(which):
        if place < MOST_SHAPES:
            places[place].append(at)
    return places


def _places(told: Iterable[Shape | None]) -> dict[Shape, int]:
    """The place of each shape, most used first: those too many for one byte are written row by row."""
    counted = Counter(shape for shape in told if shape is not None and len(shape[2]) <= MOST_TAGS)
    return {shape: place for place, (shape, _times) in enumerate(counted.most_common(MOST_SHAPES))}


def _steps(numbers: Iterable[int]) -> list[int]:
    """The first number, then how much each is more than the one before: mostly ones, which compress to nothing."""
    before, steps = 0, list[int]()
    for number in numbers:
        steps.append(number - before)
        before = number
    return steps


def _kinds(entries: Iterable[Entry]) -> list[int]:
    return list(chain.from_iterable((entry.kind, entry.ent) for entry in entries))


def decode(raw: bytes) -> tuple[list[Entry], list[Values]]:
    """The entries of a frame with their decoded values. Raises Malformed, Excess for more than a frame may hold."""
    n, columns = _split(raw)
    which, shapes = columns[4], _shapes(columns[5])
    _fit(n, columns, shapes)
    eids = [columns[2][at::n] for at in range(n)]
    rows = _rows(shapes, which, columns[_FIXED:], eids)
    lone = iter(zip(_pairs(columns[9], which.count(ERASED)), _slices(columns[8], 32), strict=True))
    odd = iter(zip(_pairs(columns[10], which.count(ROW_WISE)), _bodies(columns[11], which.count(ROW_WISE)), strict=True))
    heads = zip(which, cells.numbers(columns[0], n, 1, TOP_32, steps=True), cells.numbers(columns[1], n, 0, TOP_64, steps=True),
                cells.numbers(columns[6], n, 0, MOST_TXB, steps=True), cells.numbers(columns[7], n, 0, TOP_32), eids, strict=True)
    salts, dumps, made = _slices(columns[3], 8), cbor2.dumps, tuple.__new__  # the class itself takes twice the time
    entries, values = list[Entry](), list[Values]()
    for place, pos, hlc, txb, officer, eid in heads:
        if place == ERASED:
            (kind, ent), phash = next(lone)
            entries.append(Entry(pos, hlc, kind, ent, txb, officer, eid, None, phash))
            values.append(None)
            continue
        if place == ROW_WISE:
            (kind, ent), (body, told) = next(odd)
        else:
            kind, ent, tags = shapes[place]
            told = dict(zip(tags, next(rows[place]), strict=True))
            body = dumps(told)
        salt = next(salts)
        phash = blake2b(body, key=salt, digest_size=32).digest()
        entries.append(made(Entry, (pos, hlc, kind, ent, txb, officer, eid, salt + body, phash)))
        values.append(told if kind == WRITE else None)
    return entries, values


def _fit(n: int, columns: Sequence[bytes], shapes: Sequence[Shape]) -> None:
    """As many bytes and columns as there must be; lists are looked at when they are read."""
    erased = columns[4].count(ERASED)
    if [len(columns[at]) for at in (2, 3, 4, 8)] != [16 * n, 8 * (n - erased), n, 32 * erased]:
        raise Malformed("columns of different lengths")
    if len(columns) != _FIXED + sum(len(tags) for _kind, _ent, tags in shapes):
        raise Malformed("another number of columns than the shapes have")


def _split(raw: bytes) -> tuple[int, list[bytes]]:
    """How many entries, and the bytes of each column."""
    if len(raw) < _FRAME.size:
        raise Malformed("too short")
    n, count = _FRAME.unpack_from(raw)
    if n > MOST_ENTRIES or count > _FIXED + MOST_SHAPES * MOST_TAGS:
        raise Excess("entries or columns")
    at, columns = _FRAME.size, list[bytes]()
    for _column in range(count):
        begin = at + _COLUMN.size
        if begin > len(raw):
            raise Malformed("a column is missing")
        at = begin + _COLUMN.unpack_from(raw, at)[0]
        columns.append(raw[begin:at])
    if at != len(raw) or count < _FIXED:
        raise Malformed("columns do not fill the frame")
    return n, columns


def _pairs(data: bytes, count: int) -> list[tuple[int, int]]:
    """(kind, entity) of so many entries."""
    told = cells.numbers(data, 2 * count, 0, TOP_ENT)
    if count and max(told[::2]) > 255:
        raise Malformed("a kind out of bounds")
    return list(zip(told[::2], told[1::2], strict=True))


def _shapes(data: bytes) -> list[Shape]:
    if len(data) > MOST_SHAPES * (MOST_TAGS * 3 + 16):
        raise Excess("shapes")
    told = plain.loads(data, 3)
    if type(told) is not list or len(told) > MOST_SHAPES:
        raise Excess("shapes")
    shapes = [_shape(one) for one in told]
    if len(set(shapes)) != len(shapes):
        raise Malformed("a shape twice")
    return shapes


def _shape(told: Any) -> Shape:
    """Any: fresh from the decoder."""
    if type(told) is not list or len(told) != 3 or type(told[2]) is not list or len(told[2]) > MOST_TAGS:
        raise Malformed("a shape of another form")
    kind, ent, tags = told
    if {type(number) for number in (kind, ent, *tags)} != {int} or not (0 <= kind <= 255 and 0 <= ent <= TOP_ENT):
        raise Malformed("a shape out of bounds")
    if not all(0 <= tag <= MOST_TXB for tag in tags) or any(later <= tag for tag, later in zip(tags, tags[1:], strict=False)):
        raise Malformed("tags out of order")
    return kind, ent, tuple(tags)


def _rows(shapes: Sequence[Shape], which: bytes, columns: Iterable[bytes], eids: Sequence[bytes]) -> list[Iterator[tuple[Cbor, ...]]]:
    """For each shape the values of its entries, entry by entry."""
    places = _where(which)
    if any(places[len(shapes):]):
        raise Malformed("a shape that is not there")
    told = iter(columns)
    return [zip(*[cells.decode(next(told), mine, eids) for _tag in tags], strict=True) if tags else repeat((), len(mine))
            for (_kind, _ent, tags), mine in zip(shapes, places, strict=False)]


def _bodies(data: bytes, count: int) -> list[tuple[bytes, dict[int, Cbor]]]:
    """Payload bodies written row by row, with what they hold."""
    told = cells.members(data, count)
    if not set(map(type, told)) <= {bytes}:
        raise Malformed("a body that is no bytes")
    return [(body, _body(body)) for body in told]


def _body(data: bytes) -> dict[int, Cbor]:
    told = plain.loads(data, 1)
    if type(told) is not dict or not all(type(tag) is int and 0 <= tag <= MOST_TXB for tag in told):
        raise Malformed("a body that is no map of tags")
    cells.checked(list(told.values()))
    return told


def _slices(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at:at + size] for at in range(0, len(data), size))
