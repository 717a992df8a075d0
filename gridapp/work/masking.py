"""Masking (遮住): what leaves the ledger to be looked at carries words in the place of private values; revealing puts the values back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from gridapp.fields.field import Field, fields_of
from gridapp.fields.masked import Masked
from gridapp.records import Record

R = TypeVar("R", bound=Record)


def posted_name(name: str | None) -> str:
    """'张**' on a wall: the first character and a star for each other (domain.md 4.8: public boards)."""
    return f"{name[0]}{'*' * (len(name) - 1)}" if name else ""


def hides(field: Field, value: Any) -> bool:
    """Whether something of this value is masked (names are private and yet shown where one works with them)."""
    return field.private and value is not None and not isinstance(value, Masked) and field.kind.mask(value) != field.kind.show(value)


def masked(record: R) -> R:
    """A copy outside any session whose private values are `Masked`; the journal refuses to take it."""
    kept = {column.key: getattr(record, column.key) for column in record.__mapper__.column_attrs}
    told = {n: Masked(f.kind.mask(kept[n])) for n, f in fields_of(type(record)).items() if hides(f, kept[n])}
    return type(record)(**kept | told)


def hidden(record: Record) -> list[str]:
    """The fields of a copy that are masked."""
    return [name for name in fields_of(type(record)) if isinstance(getattr(record, name), Masked)]


def revealed(copy: R, values: Mapping[str, Any]) -> R:
    """The same copy with these values in the place of what stood for them."""
    kept = {column.key: getattr(copy, column.key) for column in copy.__mapper__.column_attrs}
    return type(copy)(**kept | {name: values[name] for name in hidden(copy) if name in values})
