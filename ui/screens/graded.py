"""The grade of a place in words and colour, and its last and next visit: the same in every list that shows places."""

from __future__ import annotations

from datetime import date
from typing import Any

from gridapp.fields import codes
from gridapp.texts import _
from ui.lists.facts import Row
from ui.lists.model import Column
from ui.screens.pages import days_word


def grade(told: str) -> Row:
    """('红', 'red'): words of the code table place_grade, and the colour."""
    return codes.table("place_grade").label(told), told


def next_visit(day: date, today: date) -> Row:
    """Words and colour of the day of the next visit."""
    left = (day - today).days
    return (str(day), "") if left > 7 else days_word(left)


def grade_column(key: str = "") -> Column:
    return Column(_("等级"), lambda r: grade(r.grade)[0], 76, pill=lambda r: r.grade, key=key)


def last_column(rank: int = 2, key: str = "") -> Column:
    return Column(_("上次检查"), lambda r: str(r.last or _("没有")), 112, rank=rank, key=key)


def standing_rows(standing: Any, today: date) -> list[Row]:
    """How a place stands, for its card."""
    return [(_("上次检查"), str(standing.last or _("没有"))), (_("下次走访"), f"{standing.next}  {days_word((standing.next - today).days)[0]}"),
            (_("未销号隐患"), _("{0} 处").format(standing.open) if standing.open else _("没有"))]


def inspection_lines(told: Any) -> list[Row]:
    """Inspections of a place, a line each."""
    return [(str(row.day), inspection_words(row)) for row in told]


def inspection_words(row: Any) -> str:
    """'不合格 2 项，登记隐患 2 处'."""
    if row.nobody_home:
        return _("无人在家")
    words = _("不合格 {0} 项").format(row.bad) if row.bad else _("全部合格")
    return words + (_("，登记隐患 {0} 处").format(row.hazards) if row.hazards else "") + (_("（纸质补录）") if row.on_paper else "")


def hazard_lines(told: Any) -> list[Row]:
    """Open hazards of a place, a line each."""
    return [("  ".join(filter(None, (codes.table("hazard_degree").label(h.degree or ""), codes.table("hazard_state").label(h.state)))), h.content)
            for h in told]
