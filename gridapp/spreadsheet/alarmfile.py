"""A file of alarms as makers of detectors export it (厂家告警文件): columns are known by their names in a code table, every line that cannot be read is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gridapp.errors import Mistake
from gridapp.fields.kinds import BadValue
from gridapp.spreadsheet.reading import Sheet, read
from gridapp.texts import _
from gridapp.work import alarmwords
from gridapp.work.alarms import Told

#: so many lines are looked at for the heads of the columns
HEAD_LINES = 10


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
                    told.append(alarmwords.told_of({name: cells[place] for name, place in columns.items() if place < len(cells)}))
                except BadValue as error:
                    refused.append((number, error.text))
    return AlarmFile(tuple(told), tuple(refused))


def _head(sheet: Sheet) -> tuple[int, Mapping[str, int]] | None:
    """The line of the heads and which column holds what."""
    for line, cells in enumerate(sheet.rows[:HEAD_LINES]):
        columns = dict[str, int]()
        for place, cell in enumerate(cells):
            name = alarmwords.column_of(cell) if cell not in (None, "") else None
            if name is not None:
                columns.setdefault(name, place)
        if {"at", "day"} & columns.keys() and {"number", "place"} & columns.keys():
            return line, columns
    return None
