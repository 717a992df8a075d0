"""Record ids: random, ordered by time (UUIDv7), never made from a person's number."""

from __future__ import annotations

import os
import time
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


_LOW = (1 << 62) - 1
_last = 0


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562 5.7): 48 bits of milliseconds, 74 random bits; within a millisecond each is greater than the one before (6.2).

    So what one act writes keeps its order: two steps of a case on one day.
    """
    global _last
    stamp = int(time.time() * 1000) << 80
    noise = int.from_bytes(os.urandom(10), "big")
    value = stamp | (noise & ((1 << 80) - 1))
    value = (value & ~(0xF << 76)) | (7 << 76)
    value = (value & ~(3 << 62)) | (2 << 62)
    if value <= _last and value >> 80 == _last >> 80 and (_last & _LOW) + (1 << 32) < _LOW:
        value = _last + 1 + (noise & 0xFFFF_FFFF)
    _last = value
    return UUID(int=value)


#: digits of a code on paper, as a QR code writes them shortest and nobody mistakes one for another (Crockford)
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MARK, _LONG = "J", 26


def code_of(record_id: UUID) -> str:
    """What the QR code of a paper says of a record: 27 letters and digits, which the search box takes back."""
    return _MARK + "".join(_DIGITS[record_id.int >> 5 * place & 31] for place in reversed(range(_LONG)))


def id_of(code: str) -> UUID | None:
    """The record a scanned code means; None for whatever else was typed."""
    told = code.strip().upper()
    places = [_DIGITS.find(char) for char in told[1:]]
    if not told.startswith(_MARK) or len(places) != _LONG or min(places) < 0 or places[0] > 7:
        return None
    return UUID(int=sum(place << 5 * power for power, place in enumerate(reversed(places))))


class Guid(TypeDecorator[UUID]):
    """16 bytes in SQLite (CHAR(32) is 1.45 times bigger), the native uuid in PostgreSQL."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Uuid())
        return dialect.type_descriptor(LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> object:
        if value is None or dialect.name == "postgresql":
            return value
        return value.bytes

    def process_result_value(self, value: object, dialect: Dialect) -> UUID | None:
        if value is None or isinstance(value, UUID):
            return value
        return UUID(bytes=bytes(value))  # type: ignore[call-overload]
