"""F34 走访计划: where one shift goes, in order, with the reasons, and room to write what was found there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.fields import codes
from gridapp.ledger import Reader
from gridapp.printing.papers.office import Wish, committee
from gridapp.records import Grid, Route
from gridapp.work import plans, rounds, village


@dataclass(frozen=True)
class Row:
    """One place."""

    label: str = ""
    address: str = ""
    grade: str = ""
    last: date | None = None
    why: str = ""


@dataclass(frozen=True)
class Plan:
    """The plan of one shift; `where` is the grid or the route it is limited to."""

    issuer: str = ""
    where: str = ""
    day: date | None = None
    rows: Sequence[Row] = ()
    label: str = ""


def gather(read: Reader, wish: Wish) -> Plan:
    """As many of the riskiest places as a shift goes to: of the grid or along the route that is named, else of all; or chosen ones, as one walks. Raises Gone."""
    home = village.desk(read).home("v:")
    if wish.records is not None:
        stops = rounds.walk_to(read, wish.records)
        rows = [Row(one.label, one.address.removeprefix(home), "", one.seen, "，".join(one.reasons)) for one in stops]
        return Plan(committee(read), f"走访单（{len(rows)} 处）", read.today, rows)
    grid, route = read.find(Grid, wish.record), read.find(Route, wish.record)
    if wish.record is not None and grid is None:
        read.get(Route, wish.record)
    told = plans.plan(read, limit=plans.in_one_shift(), grid=grid.id if grid else None, route=route.id if route else None)
    rows = [Row(one.label, one.address.removeprefix(home), codes.table("place_grade").label(one.grade), one.last, "，".join(one.reasons)) for one in told]
    return Plan(committee(read), grid.name if grid else route.name if route else "全村", read.today, rows)
