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
    lines += [(r[0], str(r[1]), str(r[2]), str(r[3]) if len(r) > 3 else "") for r in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
