"""Numbers of identity papers: put right what was typed, check it, and read sex, birth and home county from it.

Sources: GB 11643-1999 (18 digits), GB/T 2260 (places), domain.md section 3 (each rule with its source).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import starmap
from operator import mul

from gridapp.errors import Mark, Mistake
from gridapp.fields import codes
from gridapp.fields.masked import STARS, refusal
from gridapp.texts import _

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
RESIDENT, HMT_RESIDENT, FOREIGN_PR, PASSPORT, HM_PERMIT, TW_PERMIT, NO_PAPER = (
    "111", "991", "553", "414", "516", "511", "999")
HMT_PLACES = ("810000", "820000", "830000")
#: 15 digits say 19yy; read so, a number made up for somebody born after 1999 (they were no longer given out) shows a very old holder
OLDEST_FIFTEEN = 110
MALE, FEMALE = "1", "2"
#: blanks, controls, zero-width characters, hyphens: they are no part of a number
_DROPPED = ("Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Pd")
_QUOTES = "'‘’`"
#: typed for the X at the end: Greek, Cyrillic, the sign of multiplication
_CROSSES = str.maketrans("ΧχХх×", "XXXXX")
#: a power of ten needs its point or its plus, a passport may be 1E12345
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+\d{1,3}|\d\.\d+E\d{1,3}")


class BadNumber(Mistake):
    """The number cannot be right; `code` is id-as-number, scientific, check-digit or bad-id."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Facts:
    """What a number tells. `upgraded` is the 18-digit form of a 15-digit one; `division` the county code at issue."""

    number: str
    kind: str
    sex: str | None
    birth: date | None
    division: str | None
    division_name: str
    marks: tuple[Mark, ...]
    upgraded: str | None = None


def _excel_number() -> BadNumber:
    return BadNumber("id-as-number", _("Excel 把证件号码当作数字保存，最后几位已经丢失。请把单元格改为“文本”，照证件重新填写。"))


def normalise(raw: object) -> str:
    """The number as it stands on the paper: half width, upper case, without blanks, hyphens and Excel's apostrophe.

    Raises BadNumber('id-as-number') for a cell that is a number of more than 15 digits, ('scientific') for 3.30784E+17, ('masked') for
    one with stars.
    """
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        if abs(raw) >= 10**15:
            raise _excel_number()
        raw = str(int(raw)) if float(raw).is_integer() else str(raw)
    if raw is None:
        return ""
    text = str(raw)
    if text.isascii() and text.isalnum():  # as nearly all are, and it takes a tenth of the time
        text = text.upper()
    else:
        if not STARS.isdisjoint(text):
            raise BadNumber("masked", refusal())
        text = "".join(_plain(c) for c in unicodedata.normalize("NFKC", text))
    text = unicodedata.normalize("NFKC", text.lstrip(_QUOTES))
    if _SCIENTIFIC.fullmatch(text):
        raise BadNumber("scientific", _("证件号码变成了“{0}”这样的科学计数，后面的数字已经丢失。请照证件重新填写。").format(str(raw).strip()[:30]))
    if re.fullmatch(r"\d{16,}\.0+", text):
        raise _excel_number()
    return text.translate(_CROSSES) if re.fullmatch(r"\d{17}\D", text) else text


def _plain(char: str) -> str:
    """One character of a number: ASCII digit, upper-case letter, or what it was; nothing for blanks and hyphens."""
    if unicodedata.category(char) in _DROPPED or char.isspace() or char == "\u2212":
        return ""
    digit = unicodedata.decimal(char, None)
    return str(digit) if digit is not None else char.upper() if char.isascii() else char


def check_digit(body: str) -> str:
    """The 18th character for 17 digits (GB 11643: weighted sum mod 11)."""
    return CHECKS[sum(starmap(mul, zip(map(int, body), WEIGHTS, strict=True))) % 11]


def long_form(number: str) -> str:
    """One key for a paper: a 15-digit number as the 17 digits its 18-digit form begins with, that form without its check digit."""
    if number.isascii() and number.isdigit() and len(number) == 15:
        return number[:6] + "19" + number[6:]
    return number[:17] if len(number) == 18 and number[:17].isdigit() else number


def spellings(number: str) -> Iterator[str]:
    """What a register may hold for the same paper: the number, the 15 digits it grew from, the 18 digits it grew to."""
    yield number
    if len(number) == 18 and number[6:8] == "19":
        yield number[:6] + number[8:17]
    body = long_form(number)
    if len(number) == 15 and len(body) == 17:
        yield body + check_digit(body)


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def age(birth: date, today: date) -> int:
    """Completed years (周岁)."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def mask(number: str) -> str:
    """First six and last four, stars between; short numbers show their ends only."""
    if len(number) >= 15:
        return number[:6] + "*" * (len(number) - 10) + number[-4:]
    return number[:1] + "*" * max(0, len(number) - 3) + number[-2:] if len(number) > 3 else "*" * len(number)


def guess_kind(number: str) -> str:
    """The kind of paper a number looks like."""
    for pattern, kind in FORMS:
        if re.fullmatch(pattern, number):
            return kind
    return RESIDENT


FORMS = (
    (r"8[123]0000\d{11}[\dX]", HMT_RESIDENT),
    (r"9\d{16}[\dX]", FOREIGN_PR),
    (r"\d{17}[\dX]|\d{15}", RESIDENT),
    (r"[A-Z]{3}\d{12}", FOREIGN_PR),
    (r"[HM]\d{8}(\d{2})?", HM_PERMIT),
    (r"\d{8}|\d{10}[A-Z\d]{0,2}", TW_PERMIT),
    (r"[A-Z]{1,2}[A-Z\d]?\d{6,8}", PASSPORT),
)


@lru_cache(maxsize=16)  # a record's rules and what fills its empty fields ask of the same number one after the other
def examine(number: str, id_kind: str = RESIDENT, *, today: date) -> Facts:
    """Check a normalised number against its kind of paper and tell what it says.

    Raises BadNumber. An unknown or retired place is a note, never an error (domain.md 0.6).
    """
    if not number:
        if id_kind == NO_PAPER:
            return Facts("", id_kind, None, None, None, "", ())
        text = _("没有填写证件号码。请补录，或把证件种类改为“无证件”。")
        return Facts("", id_kind, None, None, None, "", (Mark("id_no", "warn", "no-id", text),))
    return _RULES.get(id_kind, _other)(number, id_kind, today)


def _resident(number: str, kind: str, today: date) -> Facts:
    if re.fullmatch(r"\d{15}", number):
        return _fifteen(number, kind, today)
    if re.fullmatch(r"9\d{16}[\dX]", number):
        told = _foreigner(number, FOREIGN_PR, today)
        return replace(told, marks=(*told.marks, _other_paper(_("外国人永久居留身份证"))))
    _eighteen(number)
    marks = (_other_paper(_("港澳台居民居住证")),) if number[:6] in HMT_PLACES else ()
    return _told(number, kind, today, number[6:14], number[16], marks)


def _other_paper(name: str) -> Mark:
    return Mark("id_kind", "note", "other-paper", _("这个号码像是“{0}”的号码，请核对证件种类。").format(name))


def _eighteen(number: str) -> None:
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise BadNumber("bad-id", _("居民身份证号码应为 18 位数字（最后一位可以是 X），现在是 {0} 位。请照证件核对。").format(len(number)))
    if check_digit(number[:17]) != number[17]:
        if number.endswith("000"):
            raise _excel_number()
        raise BadNumber("check-digit", _("证件号码校验不通过，有一位填错了。请照证件逐位核对。"))


def _fifteen(number: str, kind: str, today: date) -> Facts:
    """15 digits: born 19yy, no check digit, no document since 2013; kept for history only."""
    body = number[:6] + "19" + number[6:]
    born = _day(body[6:14])
    if born is not None and age(born, today) > OLDEST_FIFTEEN:
        raise BadNumber("bad-id", _("按 15 位号码算已经 {0} 岁，号码不可能对（2000 年以后出生的人没有 15 位号码）。请照证件核对。").format(
            age(born, today)))
    mark = Mark("id_no", "warn", "15-digit", _("这是 15 位的老号码，2013 年起已停用。请尽量补录 18 位号码。"))
    facts = _told(number, kind, today, body[6:14], body[16], (mark,))
    return replace(facts, upgraded=body + check_digit(body))


def _told(number: str, kind: str, today: date, born: str, sex: str, marks: tuple[Mark, ...]) -> Facts:
    birth = _day(born)
    if birth is None or birth > today or birth.year < 1880:
        raise BadNumber("bad-id", _("证件号码里的出生日期 {0} 不是真实的日期。请照证件核对。").format(born))
    place, name, notes = _place(number[:6])
    return Facts(number, kind, MALE if int(sex) % 2 else FEMALE, birth, place, name, marks + notes)


def _place(code: str) -> tuple[str, str, tuple[Mark, ...]]:
    found = codes.division(code)
    if found is None:
        return code, "", (Mark("id_no", "note", "unknown-place", _("号码前六位 {0} 不在地区表里，请看证件核对。").format(code)),)
    if found.status != "current":
        return code, found.name, (Mark("id_no", "note", "retired-place", _("发证时的地区“{0}”现已变更。").format(found.name)),)
    return code, found.name, ()


def _hmt(number: str, kind: str, today: date) -> Facts:
    """港澳台居民居住证: 810000, 820000 or 830000 in front, the same check digit."""
    _eighteen(number)
    if number[:6] not in HMT_PLACES:
        raise BadNumber("bad-id", _("港澳台居民居住证号码应以 810000、820000 或 830000 开头。请照证件核对。"))
    return _told(number, kind, today, number[6:14], number[16], ())


def _foreigner(number: str, kind: str, today: date) -> Facts:
    """Foreign permanent resident cards: 2023 (9, 18 digits) and 2017 (three letters, twelve digits, check 7-3-1)."""
    if re.fullmatch(r"9\d{16}[\dX]", number):
        _eighteen(number)
        return _born(number, kind, today, _day(number[6:14]))
    if re.fullmatch(r"[A-Z]{3}\d{12}", number):
        values = [int(c, 36) for c in number[:14]]
        if sum(v * w for v, w in zip(values, (7, 3, 1) * 5, strict=False)) % 10 != int(number[14]):
            raise BadNumber("check-digit", _("永久居留证号码校验不通过，有一位填错了。请照证件逐位核对。"))
        young, old = _day(f"20{number[7:13]}"), _day(f"19{number[7:13]}")
        return _born(number, kind, today, young if young is not None and young <= today else old)
    raise BadNumber("bad-id", _("外国人永久居留证号码应为 9 开头的 18 位，或 3 个字母加 12 位数字。请照证件核对。"))


def _born(number: str, kind: str, today: date, birth: date | None) -> Facts:
    if birth is None or birth > today:
        raise BadNumber("bad-id", _("证件号码里的出生日期不是真实的日期。请照证件核对。"))
    return Facts(number, kind, None, birth, None, "", ())


def _formed(pattern: str, sentence: Callable[[], str]) -> Callable[[str, str, date], Facts]:
    def rule(number: str, kind: str, today: date) -> Facts:
        if not re.fullmatch(pattern, number):
            raise BadNumber("bad-id", sentence())
        return Facts(number, kind, None, None, None, "", ())

    return rule


_other = _formed(r"[0-9A-Z./()·\-]{2,30}", lambda: _("证件号码只能有字母和数字，2 到 30 位。请照证件核对。"))
_RULES: dict[str, Callable[[str, str, date], Facts]] = {
    "111": _resident, "112": _resident, "113": _resident, HMT_RESIDENT: _hmt, FOREIGN_PR: _foreigner,
    PASSPORT: _formed(r"[0-9A-Z]{5,20}", lambda: _("护照号码应为 5 到 20 位字母和数字。请照护照核对。")),
    HM_PERMIT: _formed(r"[HM]\d{8}(\d{2})?", lambda: _("港澳居民来往内地通行证号码应为 H 或 M 加 8 位数字。请照证件核对。")),
    TW_PERMIT: _formed(r"\d{8}|\d{10}[0-9A-Z]{0,2}", lambda: _("台湾居民来往大陆通行证号码应为 8 位数字。请照证件核对。")),
}
