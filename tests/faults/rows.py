"""What a family of faults came to, line by line, and the table of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """One kind of fault: how often it was tried, how often something was lost or wrong, and a figure worth telling."""

    what: str
    tried: int
    bad: int
    note: str = ""


def table(rows: Sequence[Row]) -> str:
    lines = [("fault", "tried", "bad", "note"), ("---",) * 4]
    lines += [(r.what, str(r.tried), str(r.bad), r.note) for r in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
