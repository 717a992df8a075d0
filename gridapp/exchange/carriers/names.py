"""Names of parcels on a carrier: `WSYNC/<shelf>/<parcel id>.wsb[.NNN]`; plain ASCII, no date, no place, nothing to guess from.

They are for finding only: whether a file is a parcel, and which, its content says. Random base32 avoids every name Windows reserves.
"""

from __future__ import annotations

import re
from base64 import b32decode, b32encode
from hashlib import blake2b
from typing import NamedTuple

FOLDER = "WSYNC"
PART = ".part"
#: bytes of a parcel's random id
ID_BYTES = 16
_NAME = re.compile(r"WSYNC/([0-9A-F]{8})/([A-Z2-7]{26})\.WSB(?:\.([0-9]{3}))?(\.PART)?", re.ASCII)
#: what FAT, exFAT, NTFS and the shell cannot bear in a name, or read as a way to another folder
_ODD = re.compile(r'[\x00-\x1f"*/:<>?\\|]|[. ]\Z')


class Named(NamedTuple):
    """What the name of a parcel tells: whose shelf, which parcel, which part (0: the only one), written to the end or not."""

    shelf: str
    parcel: bytes
    part: int
    half: bool


def shelf_of(recipient: str) -> str:
    """The folder of one recipient (an age string): 8 hex digits that tell a finder of the stick nothing."""
    return blake2b(recipient.encode(), digest_size=4).hexdigest().upper()


def name_of(recipient: str, parcel: bytes, part: int = 0) -> str:
    """The name of a parcel for `recipient`; `part` counts from 1 where there are several."""
    if len(parcel) != ID_BYTES or not 0 <= part < 1000:
        raise ValueError("a parcel has 16 bytes of id and at most 999 parts")
    ending = f".{part:03}" if part else ""
    return f"{FOLDER}/{shelf_of(recipient)}/{b32encode(parcel).decode().rstrip('=')}.wsb{ending}"


def named(name: str) -> Named | None:
    """What a name tells when it is of our own making (in any case of letters), else None."""
    match = _NAME.fullmatch(name.upper()) if name.isascii() else None
    if match is None:
        return None
    shelf, parcel, part, half = match.groups()
    return Named(shelf, b32decode(f"{parcel}======"), int(part or 0), half is not None)


def steps(name: str) -> tuple[str, ...]:
    """The folders and the file a name leads through, at most three. Raises ValueError for what could lead elsewhere."""
    found = tuple(name.split("/"))
    if not 1 <= len(found) <= 3 or any(not step or len(step) > 255 or _ODD.search(step) for step in found):
        raise ValueError("no name on a carrier")
    return found
