"""Meetings (会议: 季度例会): who met, about what, and what was decided, of whom and by when; paper F18."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields.days import BadDay
from gridapp.fields.kinds import Day
from gridapp.ledger import LOOK, PLAIN, REGISTER, Acting, Reader, needs, verb
from gridapp.records import Meeting
from gridapp.texts import N_, _


class BadLine(Mistake):
    """A line of decisions or measures nobody could read later."""

    def __init__(self, number: int, example: str) -> None:
        super().__init__(_("第 {0} 行看不懂。一行写一项，各部分用“｜”隔开，例如“{1}”。").format(number, example))


class BadDueDay(Mistake):
    """A line whose day is none."""

    def __init__(self, number: int, told: str) -> None:
        super().__init__(_("第 {0} 行的时限“{1}”不是日期，没有保存。请写成 2026-12-31 这样；没有时限就空着。").format(number, told))


@dataclass(frozen=True)
class Line:
    """One thing decided: what, who does it, by when, how far it is."""

    what: str
    who: str = ""
    due_on: date | None = None
    done: str = ""


EXAMPLE = "全村烟感安装到位｜王建国｜2026-12-31"


def lines_of(text: str | None, example: str = EXAMPLE) -> tuple[Line, ...]:
    """'事项｜责任人｜时限｜完成情况' a line; the last three may be left out. Raises BadLine, BadDueDay."""
    return tuple(_line(number, told, example) for number, told in enumerate((text or "").splitlines(), 1) if told.strip())


def _line(number: int, told: str, example: str) -> Line:
    parts = [part.strip() for part in told.replace("|", "｜").split("｜")]
    if not parts[0] or len(parts) > 4:
        raise BadLine(number, example)
    what, who, due, done = parts + [""] * (4 - len(parts))
    try:
        return Line(what, who, Day().parse(due), done)
    except BadDay:
        raise BadDueDay(number, due) from None


@verb(N_("登记会议"), REGISTER)
def log_meeting(act: Acting, **values: Any) -> UUID:
    """Log a meeting. Raises Refused, BadLine, BadDueDay."""
    lines_of(values.get("decisions"))
    return act.add(Meeting(**values)).id


@verb(N_("修改会议"), REGISTER)
def correct_meeting(act: Acting, meeting: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change what is said of a meeting. Raises Gone, Refused, ChangedMeanwhile, BadLine, BadDueDay."""
    lines_of(values.get("decisions"))
    return act.change(act.get(Meeting, meeting), seen=seen, **values).id


# ---------------------------------------------------------------- questions

YEAR, ALL = "year", "all"
FILTERS = {YEAR: N_("今年"), ALL: N_("全部")}


@dataclass(frozen=True)
class MeetingRow:
    """One line of the list; `late` counts decisions past their day that are not said to be done."""

    id: UUID
    day: date
    kind: str | None
    topics: str
    chair: str
    decisions: int
    late: int


def late(lines: Iterable[Line], today: date) -> int:
    """How many are past their day and not done."""
    return sum(one.due_on is not None and one.due_on < today and not one.done for one in lines)


def _wanted(read: Reader, which: str) -> sa.ColumnElement[bool]:
    this_year = Meeting.day >= read.today.replace(month=1, day=1) if which == YEAR else sa.true()
    return sa.and_(Meeting.deleted.is_not(True), this_year)


@needs(PLAIN)
def count_meetings(read: Reader) -> dict[str, int]:
    """How many each filter shows."""
    return {w: read.scalar(sa.select(sa.func.count()).select_from(Meeting).where(_wanted(read, w))) for w in FILTERS}


@needs(LOOK)
def list_meetings(read: Reader, which: str = YEAR, offset: int = 0, limit: int = 200) -> list[MeetingRow]:
    """A page, newest first."""
    found = read.records(sa.select(Meeting).where(_wanted(read, which)).order_by(Meeting.day.desc(), Meeting.seq.desc()).offset(offset).limit(limit))
    return [MeetingRow(m.id, m.day, m.kind, m.topics, m.chair or "", len(told := lines_of(m.decisions)), late(told, read.today)) for m in found]


@dataclass(frozen=True)
class MeetingCard:
    """One meeting with its decisions line by line; the record is detached."""

    record: Meeting
    decisions: tuple[Line, ...]
    late: int


@needs(LOOK)
def meeting_card(read: Reader, meeting: UUID) -> MeetingCard:
    """Everything about one meeting. Raises Gone."""
    record = read.get(Meeting, meeting)
    told = lines_of(record.decisions)
    return MeetingCard(record, told, late(told, read.today))
