"""A file of alarms as makers of detectors export it (厂家告警文件): columns are known by their names in a code table, every line that cannot be read is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from gridapp.errors import Mistake
from gridapp.fields import codes, days
from gridapp.fields.kinds import BEIJING, BadValue
from gridapp.spreadsheet.reading import Cell, Sheet, read
from gridapp.texts import _
from gridapp.work.alarms import Told

#: so many lines are looked at for the heads of the columns
HEAD_LINES = 10
OTHER = "其他"
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


class NoAlarms(Mistake):
    """A file without the columns of alarms."""

    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”里没有找到告警的列，没有收进任何内容。表头要有时间（如“告警时间”）和“设备编号”或“安装位置”；列名不同的，请先把表头改成这样。").format(name))


@dataclass(frozen=True)
class AlarmFile:
    """What was read, and the lines that were not: (line as the spreadsheet numbers it, why)."""

    told: tuple[Told, ...]
    refused: tuple[tuple[int, str], ...]


def read_alarms(path: Path) -> AlarmFile:
    """All sheets of a file. Raises NoAlarms and the Mistakes of `reading.read`."""
    found = [(sheet, head) for sheet in read(path) if (head := _head(sheet)) is not None]
    if not found:
        raise NoAlarms(path.name)
    told, refused = list[Told](), list[tuple[int, str]]()
    for sheet, (line, columns) in found:
        for number, cells in enumerate(sheet.rows[line + 1:], sheet.first_row + line + 1):
            if any(cell not in (None, "") for cell in cells):
                try:
                    told.append(_told({name: cells[place] for name, place in columns.items() if place < len(cells)}))
                except BadValue as error:
                    refused.append((number, error.text))
    return AlarmFile(tuple(told), tuple(refused))


def _head(sheet: Sheet) -> tuple[int, Mapping[str, int]] | None:
    """The line of the heads and which column holds what."""
    known = codes.table("alarm_column")
    for line, cells in enumerate(sheet.rows[:HEAD_LINES]):
        columns = dict[str, int]()
        for place, cell in enumerate(cells):
            name = known.find(str(cell).strip().lower()) if cell not in (None, "") else None
            if name is not None:
                columns.setdefault(name, place)
        if {"at", "day"} & columns.keys() and {"number", "place"} & columns.keys():
            return line, columns
    return None


def _told(cells: Mapping[str, Cell]) -> Told:
    """One line. Raises BadValue."""
    number, place = _text(cells.get("number")), _text(cells.get("place"))
    if not number and not place:
        raise BadValue(_("没有设备编号，也没有位置"))
    kinds, said, content = codes.table("alarm_kind"), _text(cells.get("kind")), _text(cells.get("content"))
    kind = kinds.find(said) if said else None
    if said and kind is None:
        kind, content = kinds.find(OTHER), "：".join(part for part in (said, content) if part)
    return Told(_moment(cells), number, kind, place, content, _text(cells.get("serial")))


def _text(cell: Cell) -> str | None:
    """What a cell says; a number without the '.0' that spreadsheets add."""
    told = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip() if cell is not None else ""
    return told or None


def _moment(cells: Mapping[str, Cell]) -> datetime:
    """Day and time of day in Beijing time, from one column or two; without a time of day it cannot be told from the next. Raises BadValue."""
    at = cells.get("at")
    if isinstance(at, datetime):
        return at.replace(tzinfo=BEIJING)
    said = f"{_shown(at if at is not None else cells.get('day'))} {_shown(cells.get('clock'))}"
    clock = _CLOCK.search(said)
    day = days.parse_day(_CLOCK.sub("", said).replace("T", " ").strip()) if clock else None
    if clock is None or day is None or int(clock[1]) > 23 or int(clock[2]) > 59 or int(clock[3] or 0) > 59:
        raise BadValue(_("时间看不懂：“{0}”，应当像 2026-11-24 08:30").format(said.strip()))
    return datetime.combine(day, time(int(clock[1]), int(clock[2]), int(clock[3] or 0)), BEIJING)


def _shown(cell: Cell) -> str:
    return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat() if isinstance(cell, date) else str(cell) if cell is not None else ""

