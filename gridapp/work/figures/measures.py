"""How a figure is counted: records of one base that meet a condition, a share of them, or one count held against another; all of it SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from gridapp.fields import limits
from gridapp.fields.workdays import Calendar
from gridapp.records import Record
from gridapp.work.figures.windows import Window

Clause = sa.ColumnElement[bool]


@dataclass(frozen=True)
class Asked:
    """What a condition may ask for: the window, today, and the working days."""

    window: Window
    today: date
    calendar: Calendar = field(default_factory=Calendar.load, compare=False)

    def back(self, days: int) -> date:
        """So many days before the day things are told by."""
        return self.day - timedelta(days)

    @property
    def day(self) -> date:
        """The day by which what *is* is told: the last of the window, today while it runs."""
        return min(self.window.last, self.today)

    @cached_property
    def limits(self) -> dict[str, limits.Limit]:
        return limits.load()

    def within(self, column: Any) -> Clause:
        """A day that lies in the window."""
        found: Clause = column.between(self.window.first, self.window.last)
        return found

    def in_time(self, rule: str, begins: Any, done: Any) -> tuple[Clause, Clause]:
        """(done within the limit of this rule, done or its limit is over): the limit is counted in working days from each day of the window."""
        latest: dict[int, list[date]] = {}
        over = list[date]()
        for place in range(self.window.days):
            day = self.window.first + timedelta(place)
            until = self.limits[rule].until(day, self.calendar)
            latest.setdefault((until - day).days, []).append(day)
            if until < self.today:
                over.append(day)
        ends = sa.case(*((begins.in_(days), _plus(begins, count)) for count, days in latest.items()))
        last = max(over, default=None)
        return sa.and_(done.is_not(None), done <= ends), sa.or_(done.is_not(None), begins <= last if last else sa.false())


def _plus(column: Any, days: int) -> Any:
    """The day so many days later, in SQLite and in PostgreSQL."""
    return _Plus(column, sa.literal(days, sa.Integer()))


class _Plus(FunctionElement[date]):
    """A day and a number of days."""

    type = sa.Date()
    inherit_cache = True


@compiles(_Plus, "sqlite")
def _plus_in_the_file(element: _Plus, compiler: SQLCompiler, **told: Any) -> str:
    day, count = element.clauses
    return f"date({compiler.process(day, **told)}, {compiler.process(count, **told)} || ' days')"


@compiles(_Plus, "postgresql")
def _plus_on_the_hub(element: _Plus, compiler: SQLCompiler, **told: Any) -> str:
    day, count = element.clauses
    return f"({compiler.process(day, **told)} + {compiler.process(count, **told)})"


@dataclass(frozen=True)
class Base:
    """Records of one kind as figures look at them: what is joined, which count at all, what tells their grid and what a list shows of them.

    `placed` joins what `grid` and `place` stand in, and no more: for a mere count it is left out (228 ms of 275 for a year's 58,000 stays).
    """

    entity: type[Record]
    label: Any
    day: Any
    place: Any = None
    grid: Any = None
    where: tuple[Clause, ...] = ()
    joined: Callable[[Any], Any] = lambda asked: asked
    placed: Callable[[Any], Any] = lambda asked: asked


@dataclass(frozen=True)
class Count:
    """How many records of a base meet a condition; or the sum of a column over them, or how many different things they are about."""

    base: Base
    when: Callable[[Asked], Clause]
    adds: Callable[[Asked], Any] | None = None
    differs: Any = None

    def measure(self, asked: Asked) -> Any:
        if self.adds is not None:
            return sa.func.coalesce(sa.func.sum(self.adds(asked)), 0)
        return sa.func.count(sa.distinct(self.differs)) if self.differs is not None else sa.func.count()


@dataclass(frozen=True)
class Share:
    """How many of those counted are `good`; with `adds`, the share of one sum in another."""

    whole: Count
    good: Callable[[Asked], Clause] = lambda _asked: sa.true()
    adds: Callable[[Asked], Any] | None = None

    def measure(self, asked: Asked) -> Any:
        good = sa.case((self.good(asked), 1 if self.adds is None else self.adds(asked)), else_=0)
        return sa.func.coalesce(sa.func.sum(good), 0)


@dataclass(frozen=True)
class Ratio:
    """One count held against another of another base."""

    part: Count
    whole: Count


Measure = Count | Share | Ratio


@dataclass(frozen=True)
class Value:
    """What was counted: the part, and the whole where it is a rate; `per` hundred or thousand."""

    part: int
    whole: int | None = None
    per: int = 100

    @property
    def exact(self) -> Fraction | None:
        """The figure; None for a rate of nothing."""
        if self.whole is None:
            return Fraction(self.part)
        return Fraction(self.part * self.per, self.whole) if self.whole else None

    @property
    def shown(self) -> str:
        """'1,204', '96.5'; '—' for a rate of nothing. Never rounded up to all: 99.96 of a hundred is not all."""
        exact = self.exact
        if exact is None:
            return "—"
        if self.whole is None:
            return f"{self.part:,}"
        tenths = int(exact * 10) if exact < self.per and exact * 10 + Fraction(1, 2) >= self.per * 10 else int(exact * 10 + Fraction(1, 2))
        whole, tenth = divmod(tenths, 10)
        return f"{whole:,}.{tenth}" if tenth else f"{whole:,}"


@dataclass(frozen=True)
class Figure:
    """One number: its name, what it counts in words, and how. `good` says which way it should go."""

    key: str
    title: str
    words: str
    unit: str
    measure: Measure
    group: str
    good: Literal["up", "down", ""] = ""
    per: int = 100
    #: what is, and not what was: no window changes it
    standing: bool = False

    @property
    def rate(self) -> bool:
        """Whether it is one count held against another."""
        return not isinstance(self.measure, Count)
