"""Sets of names (成套名称) a code table may be given at one press: the four platforms as they were named until 2021 and after it.

They are shipped in resources/codes/presets as TABLE.SET.tsv. A town publishes one of them as an edition; a village that works alone chooses one
on its PC, which counts as long as no town has published any. Their codes all stand in the shipped table too: whatever was chosen where, every
record can be read everywhere.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gridapp import places
from gridapp.fields import codes
from gridapp.fields.codes import Editions


@cache
def files(table: str) -> dict[str, Path]:
    """The sets of a table, by name; the first is the usual one. {} where it has none."""
    found = sorted(places.resource("codes", "presets").glob(f"{table}.*.tsv"))
    return {path.stem.partition(".")[2]: path for path in found}


def names_in(table: str, chosen: str) -> list[str]:
    """The words of a set."""
    return [row.name for row in codes.rows_in(codes.told_in(files(table)[chosen].read_text("utf-8").splitlines()))]


def in_force(table: str) -> str:
    """The set whose words are offered just now; '' where it is none of them."""
    offered = [name for _code, name in codes.table(table).choices()]
    return next((one for one in files(table) if names_in(table, one) == offered), "")


def another(table: str) -> Path | None:
    """A set that is not in force; None where the table has no other."""
    now = in_force(table)
    return next((path for one, path in files(table).items() if one != now), None)


def choose(table: str, chosen: str) -> None:
    """On this PC, this set is offered as long as nothing is published; one that is not shipped (any more) is none."""
    path = files(table).get(chosen)
    codes.preferred.pop(table, None)
    if path is not None:
        codes.preferred[table] = Editions((path.read_text("utf-8"),))
