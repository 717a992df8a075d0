"""Rows of a matched sheet through the faces of their fields: values, and a mark for every cell that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from gridapp.errors import Mark, Mistake
from gridapp.fields.kinds import Code, Kind, Phone, Place, Yes, plain_text
from gridapp.spreadsheet.matching import Matched, squash, words_of
from gridapp.spreadsheet.reading import Cell
from gridapp.spreadsheet.vocabulary import NEEDED, SUMS, kinds_of
from gridapp.texts import _

GUARD = "'"
#: stands where bytes of a text file were no character of its encoding
LOST = "\ufffd"


@dataclass(frozen=True)
class RowRead:
    """One row: `values` by field name (parsed), `raw` as it stood in the sheet, `marks` of what was odd."""

    sheet: str
    row: int
    kind: str
    values: dict[str, Any]
    raw: dict[str, str]
    marks: tuple[Mark, ...]


def rows(matched: Matched) -> Iterator[RowRead]:
    """Every row that tells of a person or a house.

    Passed over: empty ones, sums, a second row of notes, and the header again (above every printed page). The first row of a hidden
    sheet carries a warning: nobody sees what stands there.
    """
    reader, words = _Cells(matched), words_of(matched.kind)
    hidden = matched.sheet.hidden
    for offset, cells in enumerate(matched.sheet.rows[matched.first_data:]):
        if not _tells(cells, matched, words) or offset == 0 and _is_notes(cells):
            continue
        row = reader.row(matched.header_row + 1 + offset, cells)
        yield replace(row, marks=(*row.marks, _hidden(matched.sheet.name))) if hidden else row
        hidden = False


def _hidden(sheet: str) -> Mark:
    return Mark(None, "warn", "hidden-sheet", _("从这一行起是隐藏的工作表“{0}”。如果不该导入，请先删去这个工作表。").format(sheet))


def _tells(cells: list[Cell], matched: Matched, words: dict[str, str]) -> bool:
    told = [c for c in cells if c not in (None, "")]
    if not told or any(isinstance(c, str) and plain_text(c).replace(" ", "").startswith(SUMS) for c in told[:3]):
        return False
    first = NEEDED[matched.kind][0]
    place = matched.columns[first]
    if place < len(cells) and words.get(squash(cells[place])) == first:
        return False
    filled = (p for p in matched.columns.values() if p < len(cells) and cells[p] not in (None, ""))
    return len(list(islice(filled, 2))) == 2


def _is_notes(cells: list[Cell]) -> bool:
    """A row under the header that explains the columns ('必填', '如 2026-01-01')."""
    texts = [c for c in cells if isinstance(c, str) and c.strip()]
    return bool(texts) and sum(any(w in t for w in ("必填", "选填", "填写", "格式", "如：", "例如")) for t in texts) * 2 > len(texts)


class _Cells:
    """Reads the cells of one sheet; most of them say what a cell above said, so each is parsed once."""

    def __init__(self, matched: Matched) -> None:
        kinds = kinds_of(matched.kind)
        self.sheet, self.kind = matched.sheet.name, matched.kind
        self.columns = [(name, place, kinds[name]) for name, place in matched.columns.items()]
        self.known: dict[tuple[str, type, Cell], tuple[str, Any]] = {}

    def row(self, number: int, cells: list[Cell]) -> RowRead:
        values: dict[str, Any] = {}
        raw: dict[str, str] = {}
        marks: list[Mark] = []
        for name, place, kind in self.columns:
            cell = cells[place] if place < len(cells) else None
            if cell is None or cell == "":
                continue
            key = name, type(cell), cell
            told = self.known.get(key)
            if told is None:
                told = self.known[key] = _shown(cell), _parsed(name, kind, cell)
            raw[name], value = told
            if type(value) is Mark:
                marks.append(value)
            else:
                values[name] = value
        return RowRead(self.sheet, number, self.kind, values, raw, tuple(marks))


def _parsed(name: str, kind: Kind, cell: Cell) -> Any:
    """The value of a cell, or the mark of what is wrong with it."""
    if isinstance(cell, str) and LOST in cell:
        return Mark(name, "block", "undecodable", _("“{0}”里有认不出的字节。请用 Excel 另存为 .xlsx 后再导入。").format(cell[:30]))
    try:
        return kind.parse(_unguarded(cell))
    except Mistake as mistake:
        return _mark(name, kind, mistake)


def _mark(name: str, kind: Kind, mistake: Mistake) -> Mark:
    """A code nobody knows and a masked telephone number are left out with a warning; anything else refuses the row."""
    code = str(getattr(mistake, "code", "bad-value"))
    level = "warn" if isinstance(kind, Code | Phone | Place | Yes) and name != "id_kind" else "block"
    return Mark(name, level, code, mistake.text)  # type: ignore[arg-type]


def _unguarded(cell: Cell) -> Cell:
    """Our own exports put an apostrophe before text that a spreadsheet would run as a formula; a register keeps days, no time of day."""
    if isinstance(cell, datetime):
        return cell.date()
    return cell[1:] if isinstance(cell, str) and cell[:1] == GUARD and cell[1:2] in "=+-@\t" else cell


def _shown(cell: Cell) -> str:
    cell = cell.date() if isinstance(cell, datetime) else cell
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and abs(cell) < 10**20 and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)
