"""Kinds of value: each knows how it is read from a keyboard or a cell, shown, masked, written into the journal and stored."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from uuid import UUID

from gridapp.errors import Mark, Mistake
from gridapp.fields import codes, days, idnumber, names, phones
from gridapp.fields.days import milliseconds, moment
from gridapp.fields.masked import STARS, mask_day, mask_text, refusal
from gridapp.texts import _

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

BEIJING = timezone(timedelta(hours=8))
Cbor = None | bool | int | str | bytes


class BadValue(Mistake):
    """What was typed cannot be this kind of value; `code` names the reason for reports."""

    code = "bad-value"

    def __init__(self, text: str, code: str = "bad-value") -> None:
        super().__init__(text)
        self.code = code


def plain_text(raw: object) -> str:
    """One line of text from a keyboard or a cell: NFC, no control or zero-width characters, 12.0 from Excel as 12."""
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = str(raw)
    if not text.isprintable():  # nearly all are: no such character in them
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs") or c in "\n\t")
    return unicodedata.normalize("NFC", text).strip()


@dataclass(frozen=True)
class Kind:
    """The faces of a value. `parse` returns None for nothing; it raises a Mistake with a sentence for nonsense."""

    def parse(self, raw: object) -> Any:
        return plain_text(raw) or None

    def show(self, value: Any) -> str:
        return "" if value is None else str(value)

    def mask(self, value: Any) -> str:
        return self.show(value)

    def remarks(self, value: Any) -> tuple[Mark, ...]:
        return ()

    def dump(self, value: Any) -> Cbor:
        return value  # type: ignore[no-any-return]

    def load(self, raw: Cbor) -> Any:
        return raw

    def column(self) -> TypeEngine[Any]:
        from sqlalchemy import Unicode

        return Unicode()


@dataclass(frozen=True)
class Text(Kind):
    """One line, at most `longest` characters (counted as people count, not in UTF-16 units)."""

    longest: int = 50

    def parse(self, raw: object) -> str | None:
        text = " ".join(plain_text(raw).split())
        if len(text) > self.longest:
            raise BadValue(_("最多 {0} 个字，现在是 {1} 个字，请缩短。").format(self.longest, len(text)), "too-long")
        return text or None

    def mask(self, value: str | None) -> str:
        return mask_text(value) if value else ""


@dataclass(frozen=True)
class LongText(Text):
    """Several lines."""

    longest: int = 2000

    def parse(self, raw: object) -> str | None:
        text = plain_text(raw)
        if len(text) > self.longest:
            raise BadValue(_("最多 {0} 个字，现在是 {1} 个字，请缩短。").format(self.longest, len(text)), "too-long")
        return text or None


@dataclass(frozen=True)
class Name(Kind):
    """A person's name: U+00B7 as the only dot, up to 50 characters, any Han character up to CJK Ext I."""

    def parse(self, raw: object) -> str | None:
        text = names.tidy(str(raw)) if raw is not None else ""
        for mark in names.check(text) if text else ():
            if mark.level == "block":
                raise BadValue(mark.text, mark.code)
        return text or None

    def remarks(self, value: str | None) -> tuple[Mark, ...]:
        return names.check(value) if value else ()

    def mask(self, value: str | None) -> str:
        return value or ""


@dataclass(frozen=True)
class IdNumber(Kind):
    """The number of an identity paper, normalised; whether it is right depends on the paper's kind (record rule)."""

    def parse(self, raw: object) -> str | None:
        return idnumber.normalise(raw) or None

    def mask(self, value: str | None) -> str:
        return idnumber.mask(value) if value else ""


@dataclass(frozen=True)
class Phone(Kind):
    """One or two telephone numbers; only remarked on, and refused where it is a masked one."""

    def parse(self, raw: object) -> str | None:
        if isinstance(raw, str) and not STARS.isdisjoint(raw):
            raise BadValue(refusal(), "masked")
        return phones.tidy(raw) or None

    def remarks(self, value: str | None) -> tuple[Mark, ...]:
        return phones.check(value) if value else ()

    def mask(self, value: str | None) -> str:
        return phones.mask(value) if value else ""


@dataclass(frozen=True)
class Code(Kind):
    """One code of a table; people and workbooks may give the code or its words."""

    table: str = ""

    def parse(self, raw: object) -> str | None:
        text = plain_text(raw)
        if not text:
            return None
        code = codes.table(self.table).find(text)
        if code is None:
            raise BadValue(_("“{0}”不在可选项里，请从列表中选择。").format(text), "unknown-code")
        return code

    def show(self, value: str | None) -> str:
        return codes.table(self.table).label(value) if value else ""


@dataclass(frozen=True)
class Codes(Kind):
    """Several codes of a table, kept sorted and joined by commas."""

    table: str = ""

    def choices(self) -> list[tuple[str, str]]:
        """(code, name) of everything that is offered."""
        return codes.table(self.table).choices()

    def label(self, code: str) -> str:
        return codes.table(self.table).label(code)

    def parse(self, raw: object) -> str | None:
        one = Code(self.table)
        text = re.sub(rf"{codes.NEW}\s+", codes.NEW, plain_text(raw))
        parts = [p for p in re.split(r"[,，、;；\s]+", text) if p]
        return ",".join(sorted({c for c in (one.parse(p) for p in parts) if c})) or None

    def show(self, value: str | None) -> str:
        return "、".join(map(self.label, value.split(","))) if value else ""


@dataclass(frozen=True)
class Place(Kind):
    """A county-level division code of GB/T 2260; retired and unknown ones are kept (domain.md 0.6)."""

    def parse(self, raw: object) -> str | None:
        text = plain_text(raw)
        if not text or re.fullmatch(r"[0-9]{6}", text):
            return text or None
        behind = re.fullmatch(r".+[（(](\d{6})[）)]", text)
        code = behind[1] if behind and codes.division(behind[1]) else codes.division_named(text)
        if code is None:
            raise BadValue(_("“{0}”不是六位的行政区划代码，也不是完整的地名。").format(text), "unknown-code")
        return code

    def show(self, value: str | None) -> str:
        return codes.division_shown(value) if value else ""


@dataclass(frozen=True)
class Day(Kind):
    """A calendar day, YYYY-MM-DD in the journal."""

    def parse(self, raw: object) -> date | None:
        return days.parse_day(raw)

    def show(self, value: date | None) -> str:
        return days.show_day(value) if value else ""

    def mask(self, value: date | None) -> str:
        return mask_day(value) if value else ""

    def dump(self, value: date | None) -> Cbor:
        return value.isoformat() if value else None

    def load(self, raw: Cbor) -> date | None:
        return date.fromisoformat(raw) if isinstance(raw, str) else None

    def column(self) -> TypeEngine[date]:
        from sqlalchemy import Date

        return Date()


@dataclass(frozen=True)
class Clock(Kind):
    """A time of day, HH:MM."""

    def parse(self, raw: object) -> str | None:
        text = plain_text(raw)
        return days.parse_clock(text) if text else None


@dataclass(frozen=True)
class Moment(Kind):
    """A point in time; aware, kept as UTC milliseconds, shown in Beijing time by whoever shows it."""

    def parse(self, raw: object) -> datetime | None:
        if not plain_text(raw):
            return None
        if isinstance(raw, datetime) and raw.tzinfo is not None:
            return raw
        raise BadValue(_("这里只能由程序填写时间。"))

    def show(self, value: datetime | None) -> str:
        return value.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M") if value else ""

    def dump(self, value: datetime | None) -> Cbor:
        return milliseconds(value) if value else None

    def load(self, raw: Cbor) -> datetime | None:
        return moment(raw) if isinstance(raw, int) else None

    def column(self) -> TypeEngine[Any]:
        from gridapp.fields.columns import Milliseconds

        return Milliseconds()


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number between two bounds."""

    least: int = 0
    most: int = 999_999

    def parse(self, raw: object) -> int | None:
        text = unicodedata.normalize("NFKC", plain_text(raw))
        if not text:
            return None
        if not re.fullmatch(r"-?\d{1,12}", text) or not self.least <= int(text) <= self.most:
            raise BadValue(_("请填 {0} 到 {1} 之间的整数。").format(self.least, self.most), "bad-number")
        return int(text)

    def column(self) -> TypeEngine[int]:
        from sqlalchemy import Integer

        return Integer()


@dataclass(frozen=True)
class Hundredths(Whole):
    """An amount with at most two decimals, kept in hundredths (分 of yuan, 0.01 ㎡): the journal knows no floats."""

    most: int = 9_999_999

    def parse(self, raw: object) -> int | None:
        if isinstance(raw, float) and abs(raw) < 10**8 and abs(raw - round(raw, 2)) < 1e-6:
            raw = round(raw, 2)  # 0.1 + 0.2 of a workbook is 0.30000000000000004
        text = unicodedata.normalize("NFKC", plain_text(raw))
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,7})(?:\.(\d{1,2})0*)?", text)
        value = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else -1
        if not self.least <= value <= self.most:
            raise BadValue(_("请填不超过 {0} 的数，最多两位小数。").format(self.show(self.most)), "bad-number")
        return value

    def show(self, value: int | None) -> str:
        if value is None:
            return ""
        whole, cents = divmod(value, 100)
        return f"{whole}.{cents:02d}".rstrip("0").rstrip(".") if cents else str(whole)


@dataclass(frozen=True)
class Money(Hundredths):
    """Yuan (元), kept in fen."""


@dataclass(frozen=True)
class Points(Hundredths):
    """Points of a score-card (分), or per cent; kept in hundredths."""


@dataclass(frozen=True)
class Area(Hundredths):
    """Square metres (㎡), kept in hundredths."""


YES, NO = frozenset("是 有 1 y yes true √ ✓ 对".split()), frozenset("否 无 没有 0 n no false × 没".split())


@dataclass(frozen=True)
class Yes(Kind):
    """Yes, no or not said; `words` are what is shown for the two."""

    words: tuple[str, str] = ("是", "否")

    def parse(self, raw: object) -> bool | None:
        if isinstance(raw, bool) or raw is None:
            return raw
        text = plain_text(raw).lower()
        if text in self.words:
            return text == self.words[0]
        if text in YES or text in NO:
            return text in YES
        if not text:
            return None
        raise BadValue(_("请填“{0}”或“{1}”。").format(*self.words), "unknown-code")

    def show(self, value: bool | None) -> str:
        return "" if value is None else self.words[0 if value else 1]

    def column(self) -> TypeEngine[bool]:
        from sqlalchemy import Boolean

        return Boolean()


@dataclass(frozen=True)
class Link(Kind):
    """Points at another record by its id; no database foreign key (a parcel may bring the child first)."""

    to: str = ""

    def parse(self, raw: object) -> UUID | None:
        if raw is None or isinstance(raw, UUID):
            return raw
        text = plain_text(raw)
        if not text:
            return None
        try:
            return UUID(text)
        except ValueError:
            raise BadValue(_("没有找到所指的记录，请重新选择。")) from None

    def dump(self, value: UUID | None) -> Cbor:
        return value.bytes if value else None

    def load(self, raw: Cbor) -> UUID | None:
        return UUID(bytes=raw) if isinstance(raw, bytes) else None

    def column(self) -> TypeEngine[UUID]:
        from gridapp.fields.ids import Guid

        return Guid()
