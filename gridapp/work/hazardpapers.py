"""What the papers of hazards say (隐患表单): a notice with all on it, a recheck with what was looked at, the book of a period with its totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from gridapp.ledger import PRINT, Reader, needs
from gridapp.records import Hazard, House, Site, Step, Village
from gridapp.work.hazardlists import CANCELLED, CLOSED, TO_RECHECK, state, together
from gridapp.work.hazardmoves import FAILED, PASSED


@dataclass(frozen=True)
class OnPaper:
    """A hazard in full, with all hazards of its notice, its house or site and the village that serves the notice; records are detached."""

    record: Hazard
    items: tuple[Hazard, ...]
    house: House | None
    site: Site | None
    village: Village | None

    @property
    def address(self) -> str:
        return (self.house.address if self.house else self.site.address if self.site else self.record.place) or ""

    @property
    def keeper(self) -> str:
        """Who is told: as the notice says, else whoever owns or keeps the place."""
        return self.record.responsible or (self.house.owner_name if self.house else self.site.keeper if self.site else None) or ""

    @property
    def phone(self) -> str:
        return self.record.phone or (self.house.owner_phone if self.house else self.site.phone if self.site else None) or ""

    def told(self, hazard: Hazard) -> str:
        """One item in words, with its place where that is not the address."""
        return hazard.content if not hazard.place or hazard.place == self.address else f"{hazard.place}：{hazard.content}"


@needs(PRINT)
def hazard_on_paper(read: Reader, hazard_id: UUID) -> OnPaper:
    """A hazard in full, as the notice prints it. Raises Gone."""
    hazard = read.get(Hazard, hazard_id)
    items = tuple(together(read, hazard)) if hazard.notice_no else (hazard,)
    village = read.one(sa.select(Village).where(Village.deleted.is_not(True), Village.scope == hazard.scope))
    return OnPaper(hazard, items, read.find(House, hazard.house), read.find(Site, hazard.site), village)


@dataclass(frozen=True)
class Looked:
    """One hazard that was looked at again, and what was found."""

    hazard: Hazard
    line: Step

    @property
    def passed(self) -> bool:
        return self.line.step == PASSED


@dataclass(frozen=True)
class Recheck:
    """One recheck: its number, day and who made it, and what was looked at, in the order it was found."""

    on: OnPaper
    number: str
    day: date
    by: str
    items: tuple[Looked, ...]

    @property
    def until(self) -> date | None:
        """The new date for what is not put right."""
        return next((item.line.due_on for item in self.items if not item.passed), None)


@needs(PRINT)
def recheck_on_paper(read: Reader, hazard_id: UUID | None = None) -> Recheck | None:
    """The last recheck of a hazard, or of all; None when there was none yet. Raises Gone."""
    asked = sa.select(Step).where(Step.machine == "hazard", Step.step.in_((PASSED, FAILED)), Step.number.is_not(None), Step.deleted.is_not(True))
    if hazard_id is not None:
        asked = asked.where(Step.matter == read.get(Hazard, hazard_id).id)
    last = read.one(asked.order_by(Step.day.desc(), Step.id.desc()))
    if last is None:
        return None
    same = sa.and_(Step.number == last.number, Step.day == last.day, Step.scope == last.scope, Step.deleted.is_not(True))
    lines = {line.matter: line for line in read.records(sa.select(Step).where(Step.step.in_((PASSED, FAILED)), same).order_by(Step.id))}
    seen = read.records(sa.select(Hazard).where(Hazard.id.in_(lines), Hazard.deleted.is_not(True)).order_by(Hazard.seq))
    first = hazard_id or next((h.id for h in seen), last.matter)
    return Recheck(hazard_on_paper(read, first), last.number or "", last.day, last.who or "", tuple(Looked(h, lines[h.id]) for h in seen))


@dataclass(frozen=True)
class BookRow:
    """A line of the book of hazards: what was found, what its place is called and where that is, who keeps it; the state as its code."""

    notice_no: str
    found_on: date
    content: str
    kind: str | None
    degree: str | None
    due_on: date | None
    rechecked_on: date | None
    state: str
    place: str
    address: str
    keeper: str


@dataclass(frozen=True)
class Totals:
    """How many were found in the period, put right and closed until today."""

    found: int
    mended: int
    closed: int

    @property
    def rate(self) -> str:
        """Per cent put right, to one place; nothing of nothing."""
        return f"{100 * self.mended / self.found:.1f}".removesuffix(".0") if self.found else ""


def _within(since: date, until: date) -> sa.ColumnElement[bool]:
    return sa.and_(Hazard.deleted.is_not(True), Hazard.found_on.between(since, until))


def _first(*columns: sa.ColumnElement[Any] | InstrumentedAttribute[Any]) -> sa.ColumnElement[str]:
    """The first of these that says anything."""
    return sa.func.coalesce(*(sa.func.nullif(column, "") for column in columns), "")


@needs(PRINT)
def book_rows(read: Reader, since: date, until: date, only: Sequence[UUID] | None = None) -> list[BookRow]:
    """Every hazard found in a period, or only these, whenever they were found, in the order of the days."""
    told = (_first(House.house_no, Site.name), _first(House.address, Site.address, Hazard.place), _first(Hazard.responsible, House.owner_name, Site.keeper))
    asked = (sa.select(_first(Hazard.notice_no), Hazard.found_on, Hazard.content, Hazard.kind, Hazard.degree, Hazard.due_on, Hazard.rechecked_on, Hazard.state, *told)
             .outerjoin(House, sa.and_(House.id == Hazard.house, House.scope == Hazard.scope))
             .outerjoin(Site, sa.and_(Site.id == Hazard.site, Site.scope == Hazard.scope))
             .where(_within(since, until) if only is None else sa.and_(Hazard.deleted.is_not(True), Hazard.id.in_(only))).order_by(Hazard.found_on, Hazard.seq))
    return [BookRow(*row) for row in read.rows(asked)]


@needs(PRINT)
def totals(read: Reader, since: date, until: date) -> Totals:
    """Of the hazards found in a period: all, those said or seen to be put right, those closed. False alarms are none of them."""
    done, told = Hazard.state == state(CLOSED), Hazard.state.in_([state(CLOSED), state(TO_RECHECK)])
    sums = [sa.func.coalesce(sa.func.sum(sa.case((which, 1), else_=0)), 0) for which in (Hazard.state != state(CANCELLED), told, done)]
    [counted] = read.rows(sa.select(*sums).select_from(Hazard).where(_within(since, until)))
    return Totals(*map(int, counted))
