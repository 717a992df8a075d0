"""A paper with names and numbers masked (遮住的一份): for lists that hang on a wall; how a value is masked is told by gridapp.work.masking."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from gridapp.fields import idnumber, phones
from gridapp.fields.masked import mask_day, mask_text
from gridapp.printing.chunks import Chunked
from gridapp.work.masking import posted_name

How = Callable[[Any], object]
#: numbers of people and of mobiles, wherever they stand in a text
_NUMBER = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_SHORTEST = 2


def name(value: str) -> str:
    """'张*'."""
    return posted_name(value)


def number(value: str) -> str:
    """First six and last four of an ID number."""
    return idnumber.mask(value)


def phone(value: str) -> str:
    return phones.mask(value)


def text(value: str) -> str:
    """Of an address the beginning."""
    return mask_text(value) if value else ""


def day(value: date | None) -> object:
    """Of a day of birth the year."""
    return mask_day(value) if value else value


def people(value: str) -> str:
    """Names with their telephones, one below the other."""
    return "\n".join("　".join(posted_name(part) if not place else phones.mask(part) for place, part in enumerate(line.split("　")))
                     for line in value.split("\n")) if value else ""


def veiled(values: Any, how: Mapping[str, How], known: Iterable[str] = ()) -> Any:
    """The same values with what `how` names masked, in all parts of them; a name that is masked is masked in every other text beside it, and so
    are numbers and mobiles wherever they stand."""
    if isinstance(values, Chunked):
        return values.each(partial(veiled, how=how, known=tuple(known)))
    if isinstance(values, Sequence) and not isinstance(values, (str, bytes)):
        return [veiled(one, how, known) for one in values]
    if not is_dataclass(values) or isinstance(values, type):
        return values
    told = {f.name: getattr(values, f.name) for f in fields(values)}
    names = {*known, *(one for field, value in told.items() if value and how.get(field) in (name, people) for one in _names(value))}
    return replace(values, **{field: _masked(value, how.get(field), how, names) for field, value in told.items()})


def _names(value: str) -> list[str]:
    return [found for line in value.split("\n") if len(found := line.split("　")[0]) >= _SHORTEST]


def _masked(value: Any, here: How | None, how: Mapping[str, How], names: set[str]) -> Any:
    if here is not None:
        return here(value)
    if not isinstance(value, str):
        return veiled(value, how, names)
    for one in sorted(names, key=len, reverse=True):
        value = value.replace(one, posted_name(one))
    return _MOBILE.sub(lambda found: phones.mask(found.group()), _NUMBER.sub(lambda found: idnumber.mask(found.group()), value))
