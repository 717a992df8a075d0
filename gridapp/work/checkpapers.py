"""What the checklists on paper (F06, F24) print: an inspection in full, or the list of a place with nothing filled in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import PRINT, Reader, needs
from gridapp.ledger.reader import Gone
from gridapp.records import House, Inspection, Room, Site, Tenancy
from gridapp.work import checklists, houses, inspected
from gridapp.work.checklists import Checklist
from gridapp.work.inspected import Answered


@dataclass(frozen=True)
class OnPaper:
    """A place in full with the items of a list, answered where there was an inspection; all None for a form without a place."""

    inspection: Inspection | None
    house: House | None
    site: Site | None
    checklist: Checklist
    answered: tuple[Answered, ...]
    rooms: int | None = None
    people: int | None = None


@needs(PRINT)
def on_paper(read: Reader, record: UUID | None = None, house_no: str | None = None, *, rental_only: bool = False) -> OnPaper:
    """One inspection; a house or a site with its list to be filled in by hand; the latest inspection when nothing is named, else an empty form.

    `rental_only`: of houses. Raises Gone, NoSuchHouse, NoChecklist, NoSuchChecklist.
    """
    if house_no is not None:
        return _empty(read, house=houses.by_number(read, house_no))
    named = record or _latest(read, rental_only)
    if named is None:
        return _empty(read)
    if (inspection := read.find(Inspection, named)) is not None:
        card = inspected.whole_card(read, inspection.id)
        return OnPaper(card.record, card.house, card.site, card.checklist, card.answered, *_lived_in(read, card.house))
    house, site = read.find(House, named), read.find(Site, named)
    if house is None and (site is None or rental_only):
        raise Gone
    return _empty(read, house, site)


def _latest(read: Reader, rental_only: bool) -> UUID | None:
    where = [Inspection.house.is_not(None)] if rental_only else []
    found: UUID | None = read.scalar(sa.select(Inspection.id).where(Inspection.deleted.is_not(True), *where)
                                     .order_by(Inspection.day.desc(), Inspection.seq.desc()).limit(1))
    return found


def _empty(read: Reader, house: House | None = None, site: Site | None = None) -> OnPaper:
    used = checklists.in_force(read, checklists.of_class(site.kind) if site is not None else checklists.RENTAL)
    return OnPaper(None, house, site, used, tuple(Answered(item, None) for item in used.items), *_lived_in(read, house))


def _lived_in(read: Reader, house: House | None) -> tuple[int, int] | tuple[()]:
    """How many rooms a house has and how many people live there."""
    if house is None:
        return ()
    there = sa.select(Room.id).where(Room.house == house.id, Room.deleted.is_not(True))
    living = sa.select(sa.func.count()).select_from(Tenancy).where(Tenancy.room.in_(there), Tenancy.end.is_(None), Tenancy.deleted.is_not(True))
    return read.scalar(sa.select(sa.func.count()).select_from(there.subquery())), read.scalar(living)
