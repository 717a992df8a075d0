"""Why a column is kept and for how long (目的与保存期限): a table a county may change, one line per kind of record or column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from gridapp import places
from gridapp.errors import Mistake
from gridapp.fields.days import plus_months
from gridapp.texts import _

GONE, CLOSED, DONE, NEVER = "gone", "closed", "done", "never"
AFTER = frozenset({GONE, CLOSED, DONE, NEVER})
ALL = "*"


class BadRetentionFile(Mistake):
    """A line of the table of retention is none."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(_("保存期限表“{0}”第 {1} 行看不懂。年数应是 1 到 100 的整数，起算应是 {2} 之一。").format(name, line, "、".join(sorted(AFTER))))


@dataclass(frozen=True)
class Kept:
    """The purpose of a column (个人信息保护法 Art. 6), how many years it is kept after which day (Art. 19), and where that is written."""

    purpose: str
    years: int
    after: str
    basis: str

    def until(self, day: date) -> date:
        """The last day something that ended on `day` is kept: two years after 29 February is 28 February."""
        return plus_months(day, 12 * self.years)


@cache
def table(path: Path | None = None) -> dict[tuple[str, str], Kept]:
    """(entity, column or '*') → Kept; the shipped table by default. Raises BadRetentionFile."""
    path = path or places.resource("retention", "retention.tsv")
    lines = [(n, line) for n, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1) if line.strip() and not line.startswith("#")]
    return dict(_row(path.name, number, line.split("\t")) for number, line in lines[1:])


def _row(name: str, number: int, cells: list[str]) -> tuple[tuple[str, str], Kept]:
    try:
        entity, column, purpose, years, after, basis = cells
        kept = Kept(purpose, int(years), after, basis)
    except ValueError:
        raise BadRetentionFile(name, number) from None
    if not (entity and column and purpose and basis) or after not in AFTER or not 1 <= kept.years <= 100:
        raise BadRetentionFile(name, number)
    return (entity, column), kept


def kept(entity: str, column: str = ALL) -> Kept:
    """How a column of an entity is kept, as far as the shipped table says. Raises KeyError for an entity without a line."""
    told = table()
    return told.get((entity, column)) or told[entity, ALL]
