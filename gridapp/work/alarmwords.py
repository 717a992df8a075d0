"""What a maker's words mean (告警的列名和写法): cells by the names in a code table, one alarm out of them; shared by files and messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from gridapp.fields import codes, days
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import BEIJING, BadValue
from gridapp.records import Alarm
from gridapp.texts import _
from gridapp.work.alarms import OTHER, Told

#: what a spreadsheet or a message holds in one place
Value = str | int | float | bool | date | datetime | None
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})", re.IGNORECASE)
#: seconds and milliseconds since 1970, from 2001 to 2286; days of a spreadsheet are far below
SECONDS, MILLISECONDS = range(10**9, 10**10), range(10**12, 10**13)
#: so many characters of what cannot be read are repeated
REPEATED = 30


def column_of(head: object) -> str | None:
    """What a column or key of this name holds: a code of alarm_column."""
    known, word = codes.table("alarm_column"), str(head).strip().lower()
    return known.find(word) or known.find(word.replace("_", "").replace("-", ""))


def told_of(cells: Mapping[str, Value]) -> Told:
    """One alarm from its values by code of alarm_column. Raises BadValue."""
    number, place = _text("number", cells), _text("place", cells)
    if not number and not place:
        raise BadValue(_("没有设备编号，也没有位置"))
    kinds, said, content = codes.table("alarm_kind"), _plain(cells.get("kind")), _plain(cells.get("content"))
    kind = kinds.find(said) if said else None
    if said and kind is None:
        kind, content = kinds.find(OTHER), "：".join(part for part in (said, content) if part)
    return Told(_moment(cells), number, kind, place, _text("content", {"content": content}), _text("serial", cells))


def _text(name: str, cells: Mapping[str, Value]) -> str | None:
    """What a cell says, as the alarm's field takes it. Raises BadValue."""
    found: str | None = fields_of(Alarm)[name].kind.parse(_plain(cells.get(name)) or "")
    return found


def _plain(cell: Value) -> str | None:
    """A number without the '.0' that spreadsheets add; half a character (a lone surrogate), and NUL, cannot be kept."""
    told = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip() if cell is not None else ""
    return told.encode(errors="replace").decode().replace("\0", "") or None


def _moment(cells: Mapping[str, Value]) -> datetime:
    """Day and time of day in Beijing time, from one column or two; without a time of day it cannot be told from the next. Raises BadValue."""
    at = cells.get("at")
    if isinstance(at, datetime):
        return at.replace(tzinfo=BEIJING)
    said = f"{_shown(at if at is not None else cells.get('day'))} {_shown(cells.get('clock'))}".strip()
    counted = _counted(said)
    if counted is not None:
        return counted
    clock = _CLOCK.search(said)
    day = _day(_CLOCK.sub("", said).replace("T", " ").strip()) if clock else None
    if clock is None or day is None or int(clock[1]) > 23 or int(clock[2]) > 59 or int(clock[3] or 0) > 59:
        raise BadValue(_("时间看不懂：“{0}”，应当像 2026-11-24 08:30").format(said[:REPEATED]))
    return datetime.combine(day, time(int(clock[1]), int(clock[2]), int(clock[3] or 0)), BEIJING)


def _day(said: str) -> date | None:
    try:
        return days.parse_day(said)
    except days.BadDay:
        return None


def _counted(said: str) -> datetime | None:
    """Seconds or milliseconds since 1970, or a time that names its zone, to the second as everything here; None for neither."""
    if said.isascii() and said.isdecimal() and len(said) in (10, 13):
        number = int(said)
        if number in SECONDS or number in MILLISECONDS:
            return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number if number in SECONDS else number // 1000)).astimezone(BEIJING)
    if _ZONED.fullmatch(said):
        try:
            return datetime.fromisoformat(said).astimezone(BEIJING).replace(microsecond=0)
        except (ValueError, OverflowError):
            return None
    return None


def _shown(cell: Value) -> str:
    return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat() if isinstance(cell, date) else _plain(cell) or ""
