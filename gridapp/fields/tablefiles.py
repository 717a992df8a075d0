"""Where the shipped code tables (代码表) and checklists (检查表) lie: resources/codes and resources/checklists."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gridapp import places

#: checklists are code tables of this beginning: what an officer looks at, one line an item; a town may publish new ones beside those shipped
CHECKLIST = "checklist_"
#: the number of a shipped edition of a checklist that is newer than the first one, so that it is none of a town's
LATER_SHIPPED = 900_001
#: tables of places have readers of their own
PLACES = ("divisions", "towns", "villages")


def checklist_editions(name: str) -> dict[int, Path]:
    """The shipped editions of a checklist by number: rental.tsv is 0, rental.900001.tsv a later one; {} where none is shipped."""
    stem, folder = name.removeprefix(CHECKLIST), places.resource("checklists")
    parts = {path: path.stem.partition(".") for path in folder.glob("*.tsv")}
    return {int(number or 0): path for path, (head, _dot, number) in parts.items() if head == stem}


@cache
def path_of(name: str) -> Path | None:
    """The file of a table, of a checklist the newest; None where no such checklist is shipped."""
    if not name.startswith(CHECKLIST):
        return places.resource("codes", f"{name}.tsv")
    editions = checklist_editions(name)
    return editions[max(editions)] if editions else None


@cache
def names() -> tuple[str, ...]:
    """Every table of codes and names, and every checklist, in order."""
    found = [path.stem for path in places.resource("codes").glob("*.tsv") if path.stem not in PLACES]
    return tuple(sorted({*found, *(CHECKLIST + path.stem.partition(".")[0] for path in places.resource("checklists").glob("*.tsv"))}))
