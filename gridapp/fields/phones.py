"""Telephone numbers: tidied, masked, remarked on, never refused (people have two, or none, or a shop's)."""

from __future__ import annotations

import re
import unicodedata

from gridapp.errors import Mark
from gridapp.texts import _

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0\d{2,3}-?)?\d{7,8}(-\d{1,5})?")


def tidy(raw: object) -> str:
    """Half width, without blanks inside a number; several numbers are parted by one blank (short ones by a stroke)."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, str) and raw.isascii() and _MOBILE.fullmatch(raw):
        return raw
    text = unicodedata.normalize("NFKC", str(raw or "")).strip().strip("'")
    text = re.sub(r"[^0-9\-+,，、;；/ ]", "", text)
    parts = [p for p in re.split(r"[,，、;；/]+", text) if p.strip()]
    numbers = [n for n in map(_one, parts) if n]
    return (" " if all(len(n) >= 7 for n in numbers) else "/").join(numbers)


def _one(part: str) -> str:
    bare = part.replace(" ", "").removeprefix("+86")
    if re.fullmatch(r"(86)?1[3-9](-?\d){9}", bare):
        return bare.replace("-", "").removeprefix("86")
    words = part.split()
    return " ".join(words) if all(len(w) >= 7 for w in words) else bare


def check(phone: str) -> tuple[Mark, ...]:
    """A warning when a number can be neither a mobile nor a landline."""
    odd = [p for p in phone.split() if not _MOBILE.fullmatch(p) and not _LANDLINE.fullmatch(p)]
    if not odd:
        return ()
    return (Mark("phone", "warn", "odd-phone", _("“{0}”不像手机号（11 位）或座机号，请核对。").format(mask(odd[0]))),)


def mask(phone: str) -> str:
    """First three and last four of every mobile; of a shorter number its end only, or nearly all of it would be seen."""
    return " ".join((p[:3] if len(p) >= 11 else "") + "****" + (p[-4:] if len(p) >= 8 else p[-2:]) for p in phone.split())
