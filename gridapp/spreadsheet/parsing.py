"""Rows of a matched sheet through the faces of their fields: values, and a mark for every cell that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from gridapp.errors import Mark, Mistake
from gridapp.fields.field import fields_of
from gridapp.fields.kinds import Code, Kind, Text, Yes, plain_text
from gridapp.records import House, Person, Room, Tenancy
from gridapp.spreadsheet.matching import Matched
from gridapp.spreadsheet.reading import Cell
from gridapp.spreadsheet.vocabulary import SUMS

GUARD = "'"


@dataclass(frozen=True)
class RowRead:
    """One row: `values` by field name (parsed), `raw` as it stood in the sheet, `marks` of what was odd."""

    sheet: str
    row: int
    kind: str
    values: dict[str, Any]
    raw: dict[str, str]
    marks: tuple[Mark, ...]


def kinds_of(kind: str) -> dict[str, Kind]:
    """The kind of value of every column of such a sheet."""
    house = {n: f.kind for n, f in fields_of(House).items()}
    if kind == "house":
        return house
    person = {n: f.kind for n, f in fields_of(Person).items()}
    stay = {n: f.kind for n, f in fields_of(Tenancy).items() if n not in person}
    return {"address": Text(200), "house_no": house["house_no"], "room_no": fields_of(Room)["room_no"].kind} | stay | person


def rows(matched: Matched) -> Iterator[RowRead]:
    """Every row that tells of a person or a house; empty ones, sums and a second row of notes are passed over."""
    kinds = kinds_of(matched.kind)
    labels = [(name, place, kinds[name]) for name, place in matched.columns.items()]
    for offset, cells in enumerate(matched.sheet.rows[matched.first_data:]):
        number = matched.header_row + 1 + offset
        if _tells(cells, matched.columns) and not (offset == 0 and _is_notes(cells, matched)):
            yield _row(matched, number, cells, labels)


def _tells(cells: list[Cell], columns: dict[str, int]) -> bool:
    told = [c for c in cells if c not in (None, "")]
    if not told or any(isinstance(c, str) and plain_text(c).replace(" ", "").startswith(SUMS) for c in told[:3]):
        return False
    known = [place for place in columns.values() if place < len(cells) and cells[place] not in (None, "")]
    return len(known) > 1


def _is_notes(cells: list[Cell], matched: Matched) -> bool:
    """A row under the header that explains the columns ('必填', '如 2026-01-01')."""
    texts = [c for c in cells if isinstance(c, str) and c.strip()]
    return bool(texts) and sum(any(w in t for w in ("必填", "选填", "填写", "格式", "如：", "例如")) for t in texts) * 2 > len(texts)


def _row(matched: Matched, number: int, cells: list[Cell], labels: list[tuple[str, int, Kind]]) -> RowRead:
    values: dict[str, Any] = {}
    raw: dict[str, str] = {}
    marks: list[Mark] = []
    for name, place, kind in labels:
        cell = cells[place] if place < len(cells) else None
        if cell in (None, ""):
            continue
        raw[name] = _shown(cell)
        try:
            values[name] = kind.parse(_unguarded(cell))
        except Mistake as mistake:
            marks.append(_mark(name, kind, mistake))
    return RowRead(matched.sheet.name, number, matched.kind, values, raw, tuple(marks))


def _mark(name: str, kind: Kind, mistake: Mistake) -> Mark:
    """A code nobody knows is left out with a note; anything else refuses the row."""
    code = str(getattr(mistake, "code", "bad-value"))
    level = "note" if isinstance(kind, Code | Yes) and name != "id_kind" else "block"
    return Mark(name, level, code, mistake.text)  # type: ignore[arg-type]


def _unguarded(cell: Cell) -> Cell:
    """Our own exports put an apostrophe before text that a spreadsheet would run as a formula."""
    return cell[1:] if isinstance(cell, str) and cell[:1] == GUARD and cell[1:2] in "=+-@\t" else cell


def _shown(cell: Cell) -> str:
    if isinstance(cell, float) and abs(cell) < 10**15 and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)
