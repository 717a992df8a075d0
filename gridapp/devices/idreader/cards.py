"""What a card says: four layouts of 256 bytes of text (居民身份证, J 港澳台居民居住证, I and Y 外国人永久居留身份证 of 2017 and 2023)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date

from gridapp.devices.idreader.failures import NothingOnCard, OtherCard
from gridapp.fields import codes, idnumber

TEXT = 256
#: where the letter of the kind stands
LETTER_AT = 248
#: nationality by the head of a number of somebody from Hong Kong, Macao or Taiwan
REGIONS = {"810000": "HKG", "820000": "MAC", "830000": "TWN"}
#: what is asked of a card: name → (offset, length) in bytes
Layout = dict[str, tuple[int, int]]
_DAYS: Layout = {"since": (188, 16), "until": (204, 16)}
_CHINESE: Layout = {"name": (0, 30), "sex": (30, 2), "birth": (36, 16), "id_no": (122, 36), **_DAYS}


@dataclass(frozen=True)
class Kind:
    """One kind of card: its kind of paper (GA/T 517) and what stands where."""

    id_kind: str
    layout: Layout


KINDS = {
    " ": Kind(idnumber.RESIDENT, {**_CHINESE, "ethnic": (32, 4), "address": (52, 70)}),
    "J": Kind(idnumber.HMT_RESIDENT, {**_CHINESE, "address": (52, 70)}),
    "I": Kind(idnumber.FOREIGN_PR, {"foreign_name": (0, 120), "sex": (120, 2), "id_no": (122, 30), "nationality": (152, 6), "name": (158, 30), **_DAYS,
                                    "birth": (220, 16)}),
    "Y": Kind(idnumber.FOREIGN_PR, {**_CHINESE, "foreign_name": (52, 70), "foreign_more": (220, 22), "nationality": (242, 6)}),
}


@dataclass(frozen=True)
class Card:
    """What is filled in from a card; all of it is somebody's own, so nothing of it is ever shown in a report. The photo is not taken over."""

    id_kind: str
    id_no: str = field(repr=False)
    name: str = field(repr=False)
    sex: str | None = field(repr=False)
    birth: date | None = field(repr=False)
    ethnic: str | None = field(repr=False, default=None)
    address: str = field(repr=False, default="")
    foreign_name: str = field(repr=False, default="")
    nationality: str | None = field(repr=False, default=None)
    #: the last day it is good; None: for ever, or not said
    until: date | None = field(repr=False, default=None)

    def expired(self, today: date) -> bool:
        return self.until is not None and self.until < today


def read(text: bytes, added: bytes = b"") -> Card:
    """The card of these 256 bytes; `added`: the newer address on it. Raises NothingOnCard, OtherCard."""
    if len(text) < TEXT:
        raise NothingOnCard
    kind = KINDS.get(_plain(text[LETTER_AT:LETTER_AT + 2]) or " ")
    if kind is None:
        raise OtherCard
    said = {name: _plain(text[at:at + long]) for name, (at, long) in kind.layout.items()}
    try:
        number = idnumber.normalise(said["id_no"])
    except idnumber.BadNumber:
        number = ""
    if not number:
        raise NothingOnCard
    return Card(kind.id_kind, number, said["name"], _code("sex", said["sex"]), _day(said["birth"]), _code("ethnic", said.get("ethnic", "")),
                _plain(added) or said.get("address", ""), said.get("foreign_name", "") + said.get("foreign_more", ""),
                _code("country", said.get("nationality", "")) or (REGIONS.get(number[:6]) if kind.id_kind == idnumber.HMT_RESIDENT else None),
                _day(said["until"]))


def private_characters(text: str) -> list[str]:
    """Characters for private use, which mean something else or nothing on another PC: each with its code, '\ue863' as 'U+E863'."""
    return [f"U+{ord(c):04X}" for c in dict.fromkeys(text) if unicodedata.category(c) == "Co"]


def _plain(raw: bytes) -> str:
    """UTF-16 with surrogate pairs; without U+0000, the blanks around, and halves of a pair that was cut."""
    return raw.decode("utf-16-le", "ignore").replace("\0", "").strip()


def _code(table: str, code: str) -> str | None:
    """A code this program knows, or nothing."""
    return code if code and any(code == row.code for row in codes.table(table).rows) else None


def _day(text: str) -> date | None:
    """'20270101'; None for 长期 and for what is no day."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if len(text) == 8 and text.isascii() and text.isdigit() else None
    except ValueError:
        return None
