"""Campaigns (专项整治, 一月一主题): a theme, the houses and sites it asks to be checked, who checks which, and how far it is.

Nobody ticks anything off: a target is done when an inspection of it lies between the campaign's days, else excused for a reason, else open.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes
from gridapp.ledger import REVIEW, Acting, Reader, verb
from gridapp.records import Campaign, Grid, Hazard, House, Officer, Room, Site, Target
from gridapp.texts import N_, _
from gridapp.work import steps


class NoTargets(Mistake):
    """Nothing in the register is of that kind."""

    def __init__(self, words: str) -> None:
        super().__init__(_("没有符合“{0}”的房屋或场所。请放宽条件再试，没有建立专项。").format(words))


class ReasonNeeded(Mistake):
    """Something is left out without a word why."""

    def __init__(self) -> None:
        super().__init__(_("请写明为什么不再检查，例如“已拆除”。"))


class StillOpen(Mistake):
    """A campaign that was ended is no longer changed."""

    def __init__(self, title: str) -> None:
        super().__init__(_("“{0}”已经结束归档，不能再改。需要时请撤销“结束专项”。").format(title))


@dataclass(frozen=True)
class Choice:
    """Which houses and sites: rental houses (with at least so many rooms, with an open hazard), sites of some classes; of one grid or all."""

    houses: bool = True
    rooms: int | None = None
    hazard: bool = False
    classes: tuple[str, ...] = ()
    grid: UUID | None = None

    def words(self, grid: str = "") -> str:
        """'出租房屋（10 间以上，有未销号隐患）、沿街店铺；第一网格'."""
        told = [_("{0} 间以上").format(self.rooms) if self.rooms else "", _("有未销号隐患") if self.hazard else ""]
        limits = "，".join(one for one in told if one)
        kinds = [_("出租房屋") + (f"（{limits}）" if limits else "")] if self.houses else []
        kinds += [codes.table("site_class").label(code) for code in self.classes]
        return "、".join(kinds) + (f"；{grid}" if grid else "")


def _here(entity: type[House] | type[Site], grid: UUID | None) -> list[sa.ColumnElement[bool]]:
    return [entity.deleted.is_not(True), entity.closed_on.is_(None), entity.unmerged(), *([entity.grid == grid] if grid else [])]


def _houses(choice: Choice) -> sa.Select[*tuple[Any, ...]]:
    asked = sa.select(House.id, House.grid, House.address.label("name")).where(*_here(House, choice.grid))
    if choice.rooms:
        rooms = (sa.select(sa.func.count()).select_from(Room).where(Room.house == House.id, Room.deleted.is_not(True), Room.closed_on.is_(None))
                 .correlate(House).scalar_subquery())
        asked = asked.where(rooms >= choice.rooms)
    if choice.hazard:
        asked = asked.where(sa.exists().where(Hazard.house == House.id, Hazard.deleted.is_not(True), Hazard.state.not_in(steps.ended(Hazard))).correlate(House))
    return asked.order_by(House.address, House.id)


def _sites(choice: Choice) -> sa.Select[*tuple[Any, ...]]:
    return (sa.select(Site.id, Site.grid, Site.address.label("name")).where(*_here(Site, choice.grid), Site.kind.in_(choice.classes))
            .order_by(Site.address, Site.id))


@verb(N_("建立专项"), REVIEW)
def begin_campaign(act: Acting, choice: Choice, officers: Sequence[UUID] = (), **values: Any) -> UUID:
    """A campaign with its targets, split among the officers. Raises NoTargets, Refused.

    Whoever works in a grid gets that grid's targets; the others, and those of grids nobody has, are shared out in runs of neighbours.
    """
    grid = act.find(Grid, choice.grid)
    words = choice.words(grid.name if grid else "")
    found = [("house", row) for row in act.rows(_houses(choice))] if choice.houses else []
    found += [("site", row) for row in act.rows(_sites(choice))] if choice.classes else []
    if not found:
        raise NoTargets(words)
    campaign = act.add(Campaign(**values | {"choice": words}))
    for (kind, row), officer in zip(found, _shared_out([row.grid for _kind, row in found], _grids_of(act, officers), list(officers)), strict=True):
        act.add(Target(campaign=campaign.id, **{kind: row.id}, officer=officer, due_on=campaign.end))
    return campaign.id


def _grids_of(read: Reader, officers: Collection[UUID]) -> dict[UUID, UUID]:
    """Grid → the officer who works there."""
    asked = sa.select(Officer.grid, Officer.id).where(Officer.id.in_(officers), Officer.grid.is_not(None))
    return {row.grid: row.id for row in read.rows(asked)}


def _shared_out(grids: Sequence[UUID | None], by_grid: dict[UUID, UUID], officers: Sequence[UUID]) -> list[UUID | None]:
    """One officer for each target, in order."""
    free = [officer for officer in officers if officer not in by_grid.values()] or list(officers)
    others = sum(grid not in by_grid for grid in grids)
    size, given, told = -(-others // len(free)) if free and others else 1, 0, list[UUID | None]()
    for grid in grids:
        if grid is not None and grid in by_grid:
            told.append(by_grid[grid])
        else:
            told.append(free[given // size] if free else None)
            given += 1
    return told


def _open(act: Acting, campaign: UUID) -> Campaign:
    found = act.get(Campaign, campaign)
    if found.ended_on is not None:
        raise StillOpen(found.title)
    return found


@verb(N_("修改专项"), REVIEW)
def correct_campaign(act: Acting, campaign: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change what is said of a campaign. Raises Gone, Refused, ChangedMeanwhile, StillOpen."""
    return act.change(_open(act, campaign), seen=seen, **values).id


@verb(N_("加入专项"), REVIEW)
def add_targets(act: Acting, campaign: UUID, houses: Collection[UUID] = (), sites: Collection[UUID] = (), officer: UUID | None = None, due_on: date | None = None) -> int:
    """These houses and sites are to be checked in a campaign too, by `officer`, by its last day or before; how many came to it.

    What is a target of it already stays as it is. Raises Gone, StillOpen.
    """
    told, there = _open(act, campaign), act.rows(sa.select(Target.house, Target.site).where(Target.campaign == campaign, Target.deleted.is_not(True)))
    known = {place for row in there for place in row if place is not None}
    new = [*(("house", act.get(House, house)) for house in dict.fromkeys(houses) if house not in known),
           *(("site", act.get(Site, site)) for site in dict.fromkeys(sites) if site not in known)]
    for kind, place in new:
        act.add(Target(campaign=campaign, **{kind: place.id}, officer=officer, due_on=due_on or told.end))
    return len(new)


@verb(N_("免查任务对象"), REVIEW)
def excuse(act: Acting, target: UUID, reason: str) -> UUID:
    """A target that need not be checked (pulled down, closed …). Raises Gone, ReasonNeeded, StillOpen."""
    if not reason.strip():
        raise ReasonNeeded
    found = act.get(Target, target)
    _open(act, found.campaign)
    return act.change(found, excused=reason.strip()).id


@verb(N_("改派任务对象"), REVIEW)
def hand_to(act: Acting, target: UUID, officer: UUID) -> UUID:
    """Somebody else checks it. Raises Gone, StillOpen."""
    found = act.get(Target, target)
    _open(act, found.campaign)
    return act.change(found, officer=act.get(Officer, officer).id).id


@verb(N_("结束专项"), REVIEW)
def end_campaign(act: Acting, campaign: UUID, report: str) -> UUID:
    """Close a campaign with its report (总结). Raises Gone, Refused, StillOpen."""
    return act.change(_open(act, campaign), report=report, ended_on=act.today).id
