"""Finding the header row and what each column means, whatever title and notes stand above it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from gridapp.errors import Mistake
from gridapp.spreadsheet.reading import Cell, Sheet
from gridapp.spreadsheet.vocabulary import EITHER, NEEDED, PROOF, VOCABULARIES, headings
from gridapp.texts import _

LOOK_DOWN = 30


class NoKnownColumn(Mistake):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”里没有认得出的列。人员表至少要有“姓名”列和证件号码、房屋编号、住址之一，"
                           "房屋表要有“房屋编号”和“房屋坐落”列；表头可以不在第一行，列的顺序不限。").format(name))


@dataclass(frozen=True)
class Matched:
    """A sheet understood: its kind, where its header stands (Excel row), and which column holds which field."""

    sheet: Sheet
    kind: str
    header_row: int
    columns: dict[str, int]
    unknown: tuple[str, ...]

    @property
    def first_data(self) -> int:
        """Index into sheet.rows of the first row under the header."""
        return self.header_row - self.sheet.first_row + 1


def squash(heading: Cell) -> str:
    """A heading without blanks, line breaks, brackets and stars: '建筑面积(㎡)' = '建筑面积（㎡）'."""
    text = unicodedata.normalize("NFKC", heading) if isinstance(heading, str) else ""
    return re.sub(r"[\s*＊:：]+|\(.*?\)", "", text)


def words_of(kind: str) -> dict[str, str]:
    """Squashed heading → field; the earlier field keeps a heading that two of them claim."""
    words: dict[str, str] = {}
    for field, said in headings(kind).items():
        for heading in said:
            words.setdefault(squash(heading), field)
    return words


def match(sheet: Sheet, kind: str) -> Matched | None:
    """The best header row of the first thirty for this kind; None when the needed columns are nowhere."""
    words = words_of(kind)
    best: Matched | None = None
    for index, row in enumerate(sheet.rows[:LOOK_DOWN]):
        columns = _columns(row, words)
        if _is_header(columns, kind) and (best is None or len(columns) > len(best.columns)):
            taken = set(columns.values())
            unknown = tuple(str(c) for p, c in enumerate(row) if p not in taken and squash(c))
            best = Matched(sheet, kind, sheet.first_row + index, columns, unknown)
    return best


def _columns(row: list[Cell], words: dict[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, cell in enumerate(row):
        field = words.get(squash(cell)) if isinstance(cell, str) else None
        if field is not None:
            columns.setdefault(field, place)
    for field, other in EITHER.items():
        if field in columns and other not in columns:
            columns[other] = columns.pop(field)
    return columns


def _is_header(columns: dict[str, int], kind: str) -> bool:
    return all(n in columns for n in NEEDED[kind]) and any(n in columns for n in PROOF[kind])


def understand(name: str, sheets: list[Sheet]) -> list[Matched]:
    """Every sheet that is a register of people or houses. Raises NoKnownColumn when none is."""
    found = []
    for sheet in sheets:
        ways = [m for kind in VOCABULARIES if (m := match(sheet, kind)) is not None]
        if ways:
            found.append(max(ways, key=lambda m: len(m.columns)))
    if not found:
        raise NoKnownColumn(name)
    return found
