"""What both checklists on paper (F06, F24) show of an inspection: its items line by line, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.fields import codes
from gridapp.fields.checklists import BAD, GOOD, ORDINARY, SEVERE
from gridapp.printing.layout import say
from gridapp.work.checkpapers import OnPaper

#: as the layout files word them
GREEN, YELLOW, RED = "绿（安全）", "黄（一般隐患）", "红（严重隐患）"
AT_ONCE, WITHIN, UP = "当场改正", "限期整改", "上报"
_UP_STATES = ("已上报", "挂牌")


@dataclass(frozen=True)
class Line:
    """One item: what to look at, the standard, what was found."""

    category: str = ""
    text: str = ""
    standard: str = ""
    result: str = ""
    note: str = ""


def lines(told: OnPaper) -> Sequence[Line]:
    """The items of an inspection, or of a list nobody filled in yet."""
    return [Line(a.item.category, a.item.text, a.item.standard, a.words, a.note) for a in told.answered]


def grade(told: OnPaper) -> str:
    """The grade this inspection found, by its own answers; nothing on a form to fill in, or where nobody was home."""
    given = {(a.item.severity, a.answer) for a in told.answered if a.answer}
    if not given:
        return ""
    return RED if (SEVERE, BAD) in given else YELLOW if (ORDINARY, BAD) in given else GREEN


def handled(told: OnPaper) -> Sequence[str]:
    """What was done about what was found, as far as the register tells."""
    states = {codes.table("hazard_state").label(a.state) for a in told.answered if a.hazard}
    return [*([AT_ONCE] if any(a.at_once for a in told.answered) else []), *([WITHIN] if until(told) else []), *([UP] if states & set(_UP_STATES) else [])]


def until(told: OnPaper) -> date | None:
    """The last day by which something is to be put right."""
    return max((a.due_on for a in told.answered if a.due_on), default=None)


def until_text(day: date | None) -> str:
    """'至2026年12月1日', or blanks to fill in by hand."""
    return "至" + say(day, "年月日")


def all_good(told: OnPaper) -> bool:
    """Whether something was looked at and all of it was in order."""
    answers = {a.answer for a in told.answered if a.answer}
    return GOOD in answers and BAD not in answers
