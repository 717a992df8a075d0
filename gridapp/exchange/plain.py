"""Plain CBOR, as parcels hold it: numbers, texts, bytes, lists and maps; one way to write each, nothing nested deeper than said."""

from __future__ import annotations

from typing import Any, NoReturn

import cbor2

#: tags cbor2 would turn into objects of its own (dates, patterns, messages, references in circles …): none belongs into a parcel
_TAGS = (0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799)


class Malformed(ValueError):
    """Bytes that are not of this format; who knows the file's name says so to the officer."""


class Excess(Malformed):
    """More of something than the format allows."""


def _refuse(*_given: Any) -> NoReturn:
    raise Malformed("a tag")


_REFUSING = dict.fromkeys(_TAGS, _refuse)


def loads(data: bytes, depth: int) -> Any:
    """What `data` holds, with at most `depth` levels of lists and maps (an empty one may lie one deeper).

    Raises Malformed, also for any other spelling than the shortest (RFC 8949 4.2.1), for a key twice and for bytes left over.

    Any: what is inside is looked at by who asked; a float or a simple value may still be there.
    """
    try:
        value = cbor2.loads(data, max_depth=depth, allow_indefinite=False, allow_duplicate_keys=False, semantic_decoders=_REFUSING,
                            tag_hook=_refuse)
        if dumps(value) != data:
            raise Malformed("another spelling")
    except (cbor2.CBORError, TypeError, RecursionError) as error:
        raise Malformed(str(error)) from error
    return value


def dumps(value: Any) -> bytes:
    """Deterministic CBOR. Any: the value is ours, or came out of `loads`."""
    return cbor2.dumps(value, canonical=True)
