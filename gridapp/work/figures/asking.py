"""Asking for figures: the number itself, by village or by grid in one question, and the records behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields.kinds import BEIJING
from gridapp.fields.workdays import Calendar
from gridapp.ledger import LOOK, PLAIN, Reader, needs
from gridapp.ledger.writes import scope_names
from gridapp.records import Grid, Village
from gridapp.work.figures import of_cases, of_people, of_safety
from gridapp.work.figures.measures import Asked, Base, Count, Figure, Ratio, Share, Value
from gridapp.work.figures.windows import Window

FIGURES: dict[str, Figure] = {figure.key: figure for part in (of_people, of_safety, of_cases) for figure in part.FIGURES}
SCOPE, GRID = "scope", "grid"
COUNTED, LACKING, EVERY = "counted", "lacking", "every"


def _asked(read: Reader, window: Window, calendar: Calendar | None) -> Asked:
    return Asked(window, read.today) if calendar is None else Asked(window, read.today, calendar)


def _grouped(base: Base, by: str | None) -> Any:
    """What a figure is parted by. Villages are sorted afterwards (+ 0 keeps the index of them out): read village by village, the stays of each are
    all over their index, and of 1,600,000 people that takes 4.6 s instead of 1.9.
    """
    if by is None:
        return None
    return base.entity.scope + 0 if by == SCOPE else base.grid if base.grid is not None else sa.null()


def _from(base: Base, *columns: Any, placed: bool = False) -> sa.Select[Any]:
    told: sa.Select[Any] = base.joined(sa.select(*columns).select_from(base.entity))
    asked: sa.Select[Any] = (base.placed(told) if placed else told).where(*base.where)
    return asked


def _rows(read: Reader, measure: Count | Share, asked: Asked, by: str | None) -> dict[Any, tuple[int, int]]:
    """{village number, grid or None: (part, whole)}; of a count the two are the same."""
    whole = measure.whole if isinstance(measure, Share) else measure
    group = _grouped(whole.base, by)
    columns = [measure.measure(asked), whole.measure(asked)]
    told = _from(whole.base, *columns, *([] if group is None else [group.label("of")]), placed=by == GRID).where(whole.when(asked))
    if group is not None:
        told = told.group_by(sa.text('"of"'))
    return {row[2] if group is not None else None: (int(row[0]), int(row[1])) for row in read.rows(told)}


def _values(read: Reader, figure: Figure, asked: Asked, by: str | None) -> dict[Any, Value]:
    measure = figure.measure
    if isinstance(measure, Ratio):
        parts, wholes = _rows(read, measure.part, asked, by), _rows(read, measure.whole, asked, by)
        return {key: Value(parts.get(key, (0, 0))[0], wholes.get(key, (0, 0))[0], figure.per) for key in parts.keys() | wholes.keys()}
    rows = _rows(read, measure, asked, by)
    return {key: Value(part, whole if isinstance(measure, Share) else None, figure.per) for key, (part, whole) in rows.items()}


@needs(PLAIN)
def count(read: Reader, key: str, window: Window, calendar: Calendar | None = None) -> Value:
    """One figure of everything that is looked at. Raises KeyError."""
    figure = FIGURES[key]
    nothing = Value(0, 0 if figure.rate else None, figure.per)
    return _values(read, figure, _asked(read, window, calendar), None).get(None, nothing)


@needs(PLAIN)
def by_village(read: Reader, key: str, window: Window, calendar: Calendar | None = None) -> dict[str, Value]:
    """{'v:330784108238': figure} of every village that has any record of it, in one question. Raises KeyError."""
    names = scope_names(read)
    return {names[no]: value for no, value in _values(read, FIGURES[key], _asked(read, window, calendar), SCOPE).items() if no in names}


@needs(PLAIN)
def by_grid(read: Reader, key: str, window: Window, calendar: Calendar | None = None) -> dict[UUID | None, Value]:
    """{grid: figure}; None stands for what lies in no grid. Raises KeyError."""
    return dict(_values(read, FIGURES[key], _asked(read, window, calendar), GRID))


@needs(PLAIN)
def villages(read: Reader) -> dict[str, str]:
    """{'v:330784108238': '青后叶村'} of the villages that are looked at: all of a town's, or the one that is worked in."""
    names = scope_names(read)
    rows = read.rows(sa.select(Village.scope, Village.name).where(Village.deleted.is_not(True)).order_by(Village.code, Village.seq))
    return {names[no]: name for no, name in rows if names.get(no, "").startswith("v:")}


@needs(PLAIN)
def many_villages(read: Reader) -> bool:
    """Whether several villages are looked at: a whole town, and not one village of it."""
    return len(villages(read)) > 1


@needs(PLAIN)
def places(read: Reader) -> dict[Any, str]:
    """What figures are parted by: the villages of a town by their scopes, else the grids of the village by their ids."""
    return dict(villages(read)) if many_villages(read) else dict(grids(read))


@needs(PLAIN)
def by_place(read: Reader, key: str, window: Window) -> dict[Any, Value]:
    """A figure village by village in a town, grid by grid in a village. Raises KeyError."""
    return dict(by_village(read, key, window)) if many_villages(read) else dict(by_grid(read, key, window))


@dataclass(frozen=True)
class Line:
    """One figure with what it was in the window before; None where no window changes it."""

    key: str
    now: Value
    before: Value | None


@needs(PLAIN)
def table(read: Reader, window: Window, keys: Iterable[str] | None = None) -> list[Line]:
    """Every figure (or these) of a window beside the one before."""
    return [Line(key, count(read, key, window), None if FIGURES[key].standing else count(read, key, window.before)) for key in keys or FIGURES]


@needs(PLAIN)
def trend(read: Reader, key: str, window: Window, many: int = 6) -> list[tuple[Window, Value]]:
    """A figure in this window and those before it, the oldest first. Raises KeyError."""
    some = [window]
    while len(some) < many:
        some.append(some[-1].before)
    return [(one, count(read, key, one)) for one in reversed(some)]


@needs(PLAIN)
def grids(read: Reader) -> dict[UUID, str]:
    """The grids that are looked at by their ids."""
    return {row.id: row.name for row in read.rows(sa.select(Grid.id, Grid.name).where(Grid.deleted.is_not(True)).order_by(Grid.name, Grid.seq))}


# ---------------------------------------------------------------- behind a number

@dataclass(frozen=True)
class Behind:
    """One record behind a figure."""

    entity: str
    id: UUID
    day: date | None
    label: str
    place: str
    village: str


def _chosen(figure: Figure, asked: Asked, which: str) -> tuple[Base, list[Any]]:
    measure = figure.measure
    if isinstance(measure, Count):
        return measure.base, [measure.when(asked)]
    if isinstance(measure, Ratio):
        count_ = measure.whole if which == EVERY else measure.part
        return count_.base, [count_.when(asked)]
    good = measure.good(asked)
    more = {COUNTED: [good], LACKING: [sa.not_(sa.func.coalesce(good, sa.false()))], EVERY: []}[which]
    return measure.whole.base, [measure.whole.when(asked), *more]


def _behind(read: Reader, key: str, window: Window, which: str, village: str | None, grid: UUID | None) -> tuple[Base, list[Any]]:
    base, where = _chosen(FIGURES[key], _asked(read, window, None), which)
    if village is not None:
        where.append(base.entity.scope.in_([no for no, name in scope_names(read).items() if name == village]))
    if grid is not None:
        where.append((base.grid if base.grid is not None else sa.null()) == grid)
    return base, where


@needs(PLAIN)
def count_behind(read: Reader, key: str, window: Window, which: str = COUNTED, village: str | None = None, grid: UUID | None = None) -> int:
    """How many records stand behind a figure. Raises KeyError."""
    base, where = _behind(read, key, window, which, village, grid)
    return int(read.scalar(_from(base, sa.func.count(), placed=grid is not None).where(*where)) or 0)


@needs(LOOK)
def behind(read: Reader, key: str, window: Window, offset: int = 0, limit: int = 200, which: str = COUNTED, village: str | None = None,
           grid: UUID | None = None) -> list[Behind]:
    """A page of the records behind a figure, the newest first: those counted, of a rate also those it lacks, or all it looks at. Raises KeyError."""
    base, where = _behind(read, key, window, which, village, grid)
    place = base.place if base.place is not None else sa.null()
    newest = (sa.text('"day" IS NULL'), sa.text('"day" DESC'), base.entity.seq.desc())
    page = (_from(base, base.entity.seq, base.day.label("day"), placed=True).where(*where).order_by(*newest).offset(offset).limit(limit)).subquery()
    asked = (_from(base, base.entity.id, base.day.label("day"), base.label.label("label"), place.label("place"), base.entity.scope, placed=True)
             .where(base.entity.seq.in_(sa.select(page.c.seq))).order_by(*newest))  # where somebody lives is looked up for a page alone
    names, entity = scope_names(read), base.entity.__tablename__
    return [Behind(entity, row.id, _day(row.day), row.label or "", row.place or "", names.get(row.scope, "")) for row in read.rows(asked)]


def _day(value: date | datetime | None) -> date | None:
    return value.astimezone(BEIJING).date() if isinstance(value, datetime) else value
