"""Finding the header row and what each column means, whatever title and notes stand above it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from gridapp.errors import Mistake
from gridapp.spreadsheet.reading import Cell, Sheet
from gridapp.spreadsheet.vocabulary import NEEDED, VOCABULARIES
from gridapp.texts import _

LOOK_DOWN = 30


class NoKnownColumn(Mistake):
    def __init__(self, name: str) -> None:
        super().__init__(_("“{0}”里没有认得出的列。人员表至少要有“姓名”列，房屋表要有“房屋编号”和“房屋坐落”列；"
                           "表头可以不在第一行，列的顺序不限。").format(name))


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
    text = unicodedata.normalize("NFKC", str(heading)) if isinstance(heading, str) else ""
    return re.sub(r"[\s*＊:：]+|\(.*?\)", "", text)


def match(sheet: Sheet, kind: str, vocabulary: Mapping[str, tuple[str, ...]]) -> Matched | None:
    """The best header row of the first thirty for this vocabulary; None when the needed columns are nowhere."""
    words = {squash(h): field for field, headings in vocabulary.items() for h in headings}
    best: Matched | None = None
    for index, row in enumerate(sheet.rows[:LOOK_DOWN]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(row):
            field = words.get(squash(cell))
            if field is not None:
                columns.setdefault(field, place)
        if all(n in columns for n in NEEDED[kind]) and (best is None or len(columns) > len(best.columns)):
            taken = set(columns.values())
            unknown = tuple(str(c) for p, c in enumerate(row) if p not in taken and squash(c))
            best = Matched(sheet, kind, sheet.first_row + index, columns, unknown)
    return best


def understand(name: str, sheets: list[Sheet]) -> list[Matched]:
    """Every sheet that is a register of people or houses. Raises NoKnownColumn when none is."""
    found = []
    for sheet in sheets:
        ways = [m for k, v in VOCABULARIES.items() if (m := match(sheet, k, v)) is not None]
        if ways:
            found.append(max(ways, key=lambda m: len(m.columns)))
    if not found:
        raise NoKnownColumn(name)
    return found
