"""Days as people write them: 2026-03-22, 2024年3月31日, 2026.3.25, 20260512, Excel's day numbers, and short cuts."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from math import isfinite

from gridapp.errors import Mistake
from gridapp.texts import _

_WRITTEN = re.compile(r"(\d{4})\s*[-/.年,、_~·—–\s]\s*(\d{1,2})\s*[-/.月,、_~·—–\s]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
#: a day of this year: 1123, 11-23, 11月23日
_NO_YEAR = re.compile(r"(\d{2})(\d{2})|(\d{1,2})\s*[-/.月、\s]\s*(\d{1,2})\s*日?")
EXCEL_EPOCH = date(1899, 12, 30)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
#: day numbers of Excel from 1920 to 2100
SERIALS = range(7306, 73051)
#: nobody's register has a day outside these years: the year is mistyped
YEARS = range(1880, 2200)
WORDS = {"t": 0, "今天": 0, "今": 0, "昨天": -1, "昨": -1, "前天": -2, "明天": 1}


class BadDay(Mistake):
    """No such day."""

    code = "bad-date"

    def __init__(self, raw: object) -> None:
        super().__init__(_("“{0}”不是有效的日期。请写成 2026-03-22 这样。").format(str(raw).strip()[:30]))


def parse_day(raw: object, *, today: date | None = None) -> date | None:
    """A calendar day, None for nothing. Short cuts (t, 今天, -3, 昨天; 1123, 11-23 of this year) only when `today` is given. Raises BadDay."""
    if raw is None:
        return None
    if isinstance(raw, datetime | date):
        return _plausible(raw.date() if isinstance(raw, datetime) else raw, raw)
    if isinstance(raw, float | int) and not isinstance(raw, bool):
        return _serial(raw)
    text = unicodedata.normalize("NFKC", str(raw))
    if not text.isprintable():
        text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = text.strip().strip("'").strip()
    if not text:
        return None
    if today is not None:
        shift = _shift(text)
        if shift is not None:
            return today + timedelta(days=shift)
        text = _with_year(text, today)
    found = _WRITTEN.fullmatch(text) or _PACKED.fullmatch(text)
    if found is None:
        return _serial(float(text)) if re.fullmatch(r"\d{5}(\.0+)?", text) else _bad(raw)
    try:
        return _plausible(date(int(found[1]), int(found[2]), int(found[3])), raw)
    except ValueError:
        return _bad(raw)


def _plausible(day: date, raw: object) -> date:
    return day if day.year in YEARS else _bad(raw)


def _bad(raw: object) -> date:
    raise BadDay(raw)


def _shift(text: str) -> int | None:
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    return int(text) if re.fullmatch(r"[+-]\d{1,3}", text) else None


def _with_year(text: str, today: date) -> str:
    found = _NO_YEAR.fullmatch(text)
    month, day = (found[1] or found[3], found[2] or found[4]) if found else ("", "")
    return f"{today.year}-{month}-{day}" if found else text


def _serial(number: float) -> date:
    if not isfinite(number):
        return _bad(number)
    packed = _PACKED.fullmatch(str(int(number)))
    if packed:
        return parse_day(str(int(number))) or _bad(number)
    if int(number) not in SERIALS:
        return _bad(number)
    return EXCEL_EPOCH + timedelta(days=int(number))


def milliseconds(at: datetime) -> int:
    """Whole UTC milliseconds of an aware moment; floats would lose one now and then."""
    return (at - BEGINNING) // timedelta(milliseconds=1)


def moment(ms: int) -> datetime:
    """The aware moment of so many UTC milliseconds. Raises OverflowError beyond the year 9999."""
    return BEGINNING + timedelta(milliseconds=ms)


def plus_months(day: date, months: int) -> date:
    """The same day `months` later (earlier when negative), the last day of a shorter month: half a year after 31 August is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def show_day(day: date) -> str:
    return day.isoformat()


def parse_clock(raw: str) -> str:
    """'20:30' from 2030, 20:30, 20：30 or 20点30分. Raises BadClock."""
    text = unicodedata.normalize("NFKC", raw).strip().replace("点", ":").replace("时", ":").rstrip("分").rstrip(":")
    found = re.fullmatch(r"(\d{1,2})(?::?(\d{2}))?", text)
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if hour > 23 or minute > 59:
        raise BadClock(raw)
    return f"{hour:02d}:{minute:02d}"


class BadClock(Mistake):
    """No such time of day."""

    code = "bad-time"

    def __init__(self, raw: str) -> None:
        super().__init__(_("“{0}”不是有效的时间。请写成 20:30 这样。").format(raw.strip()[:20]))
