"""Inspections as they are asked for (检查记录): the list of them, those of one place, and one with every item answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields.checklists import ANSWERS, BAD, Item, unpack
from gridapp.ledger import LOOK, PLAIN, PRINT, Reader, needs
from gridapp.records import Hazard, House, Inspection, Photo, Site, Step
from gridapp.texts import N_, _
from gridapp.work import checklists
from gridapp.work.checklists import Checklist
from gridapp.work.hazardmoves import AT_ONCE
from gridapp.work.masking import masked


@dataclass(frozen=True)
class InspectionRow:
    """One line of the list of inspections; `bad` items were not in order, `hazards` it opened."""

    id: UUID
    day: date
    place: str
    address: str
    people: str
    checklist: str
    bad: int
    hazards: int
    nobody_home: bool
    on_paper: bool


ALL, WITH_BAD, NOBODY, ON_PAPER = "all", "bad", "nobody", "paper"
FILTERS = {ALL: N_("全部"), WITH_BAD: N_("有不合格"), NOBODY: N_("无人在家"), ON_PAPER: N_("按纸质表补录")}


def _condition(which: str) -> sa.ColumnElement[bool]:
    conditions: dict[str, sa.ColumnElement[bool]] = {
        ALL: sa.true(), WITH_BAD: Inspection.answers.contains(f"={BAD}"), NOBODY: Inspection.nobody_home.is_(True), ON_PAPER: Inspection.on_paper.is_(True)}
    return sa.and_(Inspection.deleted.is_not(True), conditions[which])


@needs(PLAIN)
def count_inspections(read: Reader) -> dict[str, int]:
    """How many inspections each filter shows."""
    sums = [sa.func.coalesce(sa.func.sum(sa.case((_condition(which), 1), else_=0)), 0) for which in FILTERS]
    [counted] = read.rows(sa.select(*sums).select_from(Inspection))
    return dict(zip(FILTERS, map(int, counted), strict=True))


def _hazards_of() -> sa.ScalarSelect[int]:
    return (sa.select(sa.func.count()).select_from(Hazard).where(Hazard.inspection == Inspection.id, Hazard.deleted.is_not(True))
            .correlate(Inspection).scalar_subquery())


def _rows(read: Reader, asked: sa.Select[*tuple[Any, ...]]) -> list[InspectionRow]:
    told = []
    for i, house_no, house_address, name, address, opened in read.rows(asked):
        answers, _notes = unpack(i.answers)
        told.append(InspectionRow(i.id, i.day, house_no or name or "", house_address or address or "", i.people or "", checklists.title_of(i.checklist),
                                  sum(answer == BAD for answer in answers.values()), opened, bool(i.nobody_home), bool(i.on_paper)))
    return told


def _asked() -> sa.Select[*tuple[Any, ...]]:
    return (sa.select(Inspection, House.house_no, House.address, Site.name, Site.address, _hazards_of().label("opened"))
            .outerjoin(House, House.id == Inspection.house).outerjoin(Site, Site.id == Inspection.site))


@needs(LOOK)
def list_inspections(read: Reader, which: str = ALL, offset: int = 0, limit: int = 200) -> list[InspectionRow]:
    """A page of inspections, newest first."""
    newest = (Inspection.day.desc(), Inspection.seq.desc())
    page = sa.select(Inspection.id).where(_condition(which)).order_by(*newest).offset(offset).limit(limit)  # places are looked up for a page alone
    return _rows(read, _asked().where(Inspection.id.in_(page.subquery().select())).order_by(*newest))


@needs(LOOK)
def inspections_at(read: Reader, *, house: UUID | None = None, site: UUID | None = None, limit: int = 20) -> list[InspectionRow]:
    """The newest inspections of one place."""
    link = Inspection.house == house if house is not None else Inspection.site == site
    return _rows(read, _asked().where(link, Inspection.deleted.is_not(True)).order_by(Inspection.day.desc(), Inspection.seq.desc()).limit(limit))


# ---------------------------------------------------------------- one inspection

@dataclass(frozen=True)
class Answered:
    """One item with its answer (None: it was left open), the note, and the hazard it opened."""

    item: Item
    answer: int | None
    note: str = ""
    hazard: UUID | None = None
    state: str = ""
    due_on: date | None = None
    #: it was put right while the inspectors were there
    at_once: bool = False

    @property
    def words(self) -> str:
        return _(ANSWERS[self.answer]) if self.answer in ANSWERS else ""


@dataclass(frozen=True)
class InspectionCard:
    """One inspection with its place and every item of the edition it was made with; records are detached, beside a list with numbers masked."""

    record: Inspection
    house: House | None
    site: Site | None
    checklist: Checklist
    answered: tuple[Answered, ...]
    photos: int

    @property
    def bad(self) -> tuple[Answered, ...]:
        return tuple(a for a in self.answered if a.answer == BAD)


@needs(LOOK)
def inspection_card(read: Reader, inspection_id: UUID) -> InspectionCard:
    """Everything about one inspection, numbers masked. Raises Gone."""
    told = whole_card(read, inspection_id)
    house, site = (masked(told.house) if told.house else None), (masked(told.site) if told.site else None)
    return InspectionCard(masked(told.record), house, site, told.checklist, told.answered, told.photos)


def _put_right_at_once(read: Reader, found: Sequence[Hazard]) -> set[UUID]:
    told = sa.select(Step.matter).where(Step.matter.in_([hazard.id for hazard in found]), Step.step == AT_ONCE, Step.deleted.is_not(True))
    return {matter for (matter,) in read.rows(told)} if found else set()


@needs(PRINT)
def whole_card(read: Reader, inspection_id: UUID) -> InspectionCard:
    """The same in full, as the papers print it. Raises Gone."""
    inspection = read.get(Inspection, inspection_id)
    answers, notes = unpack(inspection.answers)
    used = checklists.edition(read, inspection.checklist, inspection.edition, answers)
    found = read.records(sa.select(Hazard).where(Hazard.inspection == inspection_id, Hazard.deleted.is_not(True)).order_by(Hazard.seq))
    opened = {hazard.item: hazard for hazard in found}
    rest = [used.item(item) for item in answers if item not in {i.id for i in used.items}]
    at_once, answered = _put_right_at_once(read, found), []
    for item in (*used.items, *rest):
        hazard = opened.get(item.id)
        answered.append(Answered(item, answers.get(item.id), notes.get(item.id, ""), *((hazard.id, hazard.state, hazard.due_on, hazard.id in at_once) if hazard else ())))
    photos = read.scalar(sa.select(sa.func.count()).select_from(Photo).where(Photo.of == inspection_id, Photo.deleted.is_not(True)))
    return InspectionCard(inspection, read.find(House, inspection.house), read.find(Site, inspection.site), used, tuple(answered), photos)
