"""Rows of a workbook as reading hands them over, weighed and taken in."""

from __future__ import annotations

from typing import Any

from gridapp.errors import Mark
from gridapp.ledger import Ledger
from gridapp.spreadsheet import RowRead
from gridapp.work import intake

_places = iter(range(2, 1_000_000))


def a_row(*marks: Mark, kind: str = "person", **values: Any) -> RowRead:
    """A row; a value of None is a cell that stands empty."""
    told = {n: v for n, v in values.items() if v is not None}
    return RowRead("表", next(_places), kind, told, {n: str(v) for n, v in told.items()}, marks)


def a_house_row(house_no: str = "QHY0001", **values: Any) -> RowRead:
    return a_row(kind="house", **{"house_no": house_no, "address": "永康市古山镇青后叶村祠堂路1号", "owner_name": "张浩"} | values)


def dry(ledger: Ledger, *rows: RowRead) -> intake.Plan:
    return ledger.ask(intake.weigh, rows)


def take(ledger: Ledger, *rows: RowRead) -> intake.Plan:
    """Weigh and take in; the plan."""
    plan = dry(ledger, *rows)
    ledger.do(intake.take_in, plan)
    return plan


def codes(plan: intake.Plan) -> list[list[str]]:
    """For every row, why it is refused, or what is doubtful about it."""
    return [[m.code for m in w.marks if m.level == ("block" if w.outcome == "refused" else "warn")] for w in plan.rows]
