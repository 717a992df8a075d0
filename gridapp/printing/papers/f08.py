"""F08 巡查（巡夜）记录簿: all patrols of a period, what was found and what was done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gridapp.ledger import Reader
from gridapp.printing.layout import say
from gridapp.printing.papers.office import Wish, committee, picked, words
from gridapp.work import patrols

NOTHING = "未发现问题"


@dataclass(frozen=True)
class Row:
    """One patrol; codes already as words; several findings are numbered."""

    day: date | None = None
    weather: str = ""
    period: str = ""
    people: str = ""
    route: str = ""
    found: str = ""
    handled: str = ""
    recorder: str = ""

    @property
    def label(self) -> str:
        return f"{self.day or ''} {self.period}".strip()


@dataclass(frozen=True)
class Book:
    """The book of a village; `period` in words."""

    issuer: str = ""
    period: str = "　　　　年　　月"
    rows: Sequence[Row] = ()
    label: str = ""


def gather(read: Reader, wish: Wish) -> Book:
    """The patrols of a period (those of this month when none is told), or some of them."""
    if wish.records is not None:
        return Book(committee(read), picked(wish.records), [_row(line) for line in patrols.patrol_book(read, read.today, read.today, wish.records)])
    until = wish.until or read.today
    since = wish.since or until.replace(day=1)
    return Book(committee(read), _period(since, until), [_row(line) for line in patrols.patrol_book(read, since, until)])


def _period(since: date, until: date) -> str:
    """2026年11月 for days of one month, begun on its first day; else both days."""
    if since.day == 1 and (since.year, since.month) == (until.year, until.month):
        return f"{since.year}年{since.month}月"
    return f"{say(since, '年月日')}至{say(until, '年月日')}"


def _row(line: patrols.BookLine) -> Row:
    patrol, findings = line.record, line.findings
    return Row(
        day=patrol.day,
        weather=words("weather", patrol.weather),
        period="—".join(filter(None, (patrol.start, patrol.end))),
        people=patrol.people or "",
        route=patrol.route or "",
        found=_numbered([f"{one.place}：{one.problem}" if one.place else one.problem for one in findings]) or NOTHING,
        handled=_numbered([words("handling", one.handling) or ("转为隐患" if one.hazard else "") for one in findings]),
        recorder=line.recorder,
    )


def _numbered(texts: Sequence[str]) -> str:
    """One text as it is, several numbered, each on a line of its own; nothing where all are empty."""
    if not any(texts):
        return ""
    return texts[0] if len(texts) == 1 else "\n".join(f"{number}．{text}" for number, text in enumerate(texts, 1))
