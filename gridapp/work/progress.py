"""How far campaigns are (专项进度): by target, grid and officer, counted anew each time from the inspections that were made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import LOOK, PLAIN, Reader, needs
from gridapp.records import Campaign, Grid, House, Inspection, Officer, Site, Target
from gridapp.texts import N_, _


def _made() -> sa.ColumnElement[bool]:
    """An inspection of the target lies between the days of its campaign; nobody at home is none."""
    def at(place: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        return sa.exists(sa.select(Inspection.seq).where(
            place, Inspection.day.between(Campaign.start, Campaign.end), Inspection.deleted.is_not(True), Inspection.nobody_home.is_not(True))
            .correlate(Target, Campaign))

    return sa.or_(at(Inspection.house == Target.house), at(Inspection.site == Target.site))  # each one look into an index


DONE, EXCUSED, LATE, OPEN, ALL = "done", "excused", "late", "open", "all"
FILTERS = {OPEN: N_("未完成"), LATE: N_("已超期"), DONE: N_("已完成"), EXCUSED: N_("免查"), ALL: N_("全部")}


def _standing(today: date) -> sa.ColumnElement[str]:
    return sa.case((Target.excused.is_not(None), EXCUSED), (_made(), DONE), (sa.func.coalesce(Target.due_on, Campaign.end) < today, LATE), else_=OPEN)


@dataclass(frozen=True)
class Progress:
    """How many targets there are, done, excused, late and open (not yet late)."""

    total: int = 0
    done: int = 0
    excused: int = 0
    late: int = 0
    open: int = 0

    @property
    def per_cent(self) -> int:
        """Of those that need a check; 100 where none does."""
        asked = self.total - self.excused
        return 100 * self.done // asked if asked else 100


def _progress(counts: Iterable[tuple[str, int]]) -> Progress:
    told = dict(counts)
    return Progress(sum(told.values()), told.get(DONE, 0), told.get(EXCUSED, 0), told.get(LATE, 0), told.get(OPEN, 0))


def _targets(campaigns: Iterable[UUID]) -> list[sa.ColumnElement[bool]]:
    return [Target.deleted.is_not(True), Campaign.deleted.is_not(True), Target.campaign.in_(list(campaigns))]


#: where a target lies
_GRID = sa.func.coalesce(House.grid, Site.grid)


def _by(read: Reader, key: Any, campaigns: Iterable[UUID]) -> dict[UUID, dict[Any, Progress]]:
    """{campaign: {key: how far}} of some campaigns in one question."""
    asked = sa.select(Target.campaign, key.label("key"), _standing(read.today).label("standing")).select_from(Target).join(
        Campaign, Campaign.id == Target.campaign).where(*_targets(campaigns))
    if key is _GRID:
        asked = asked.outerjoin(House, House.id == Target.house).outerjoin(Site, Site.id == Target.site)
    told = asked.subquery()
    found: dict[tuple[UUID, Any], list[tuple[str, int]]] = {}
    for row in read.rows(sa.select(*told.c, sa.func.count().label("n")).group_by(*told.c)):
        found.setdefault((row.campaign, row.key), []).append((row.standing, row.n))
    by_campaign: dict[UUID, dict[Any, Progress]] = {}
    for (campaign, kept), counts in found.items():
        by_campaign.setdefault(campaign, {})[kept] = _progress(counts)
    return by_campaign


@needs(PLAIN)
def progress(read: Reader, campaign: UUID) -> Progress:
    """How far one campaign is."""
    return _by(read, sa.null(), [campaign]).get(campaign, {}).get(None, Progress())


@needs(PLAIN)
def by_grid(read: Reader, campaign: UUID) -> list[tuple[str, Progress]]:
    """(grid, how far), in the order of the grids; what lies in no grid last."""
    found = _by(read, _GRID, [campaign]).get(campaign, {})
    names = {g.id: g.name for g in read.records(sa.select(Grid).where(Grid.deleted.is_not(True)).order_by(Grid.seq))}
    return [*((name, found[grid]) for grid, name in names.items() if grid in found), *((_("未分网格"), one) for key, one in found.items() if key not in names)]


@needs(PLAIN)
def by_officer(read: Reader, campaign: UUID) -> list[tuple[str, Progress]]:
    """(name, how far); targets of nobody last."""
    return _by_officers(read, [campaign])[campaign]


def _by_officers(read: Reader, campaigns: Iterable[UUID]) -> dict[UUID, list[tuple[str, Progress]]]:
    """The same of several campaigns in two questions."""
    campaigns = list(campaigns)
    found = _by(read, Target.officer, campaigns)
    whose = {who for by in found.values() for who in by if who}
    names = {o.id: o.name for o in read.records(sa.select(Officer).where(Officer.id.in_(whose)).order_by(Officer.seq))}
    return {one: _of_officers(found.get(one, {}), names) for one in campaigns}


def _of_officers(found: Mapping[UUID | None, Progress], names: Mapping[UUID, str]) -> list[tuple[str, Progress]]:
    return [*((name, found[who]) for who, name in names.items() if who in found), *((_("未分派"), one) for key, one in found.items() if key not in names)]


@needs(LOOK)
def shares(read: Reader, campaign: UUID | None = None) -> list[tuple[Campaign, list[tuple[str, Progress]]]]:
    """(campaign, its shares by officer) of one, or of all under way in the order of their list; the records are detached. Raises Gone."""
    asked = sa.select(Campaign).where(_campaigns(RUNNING)).order_by(*_SOONEST)
    found = [read.get(Campaign, campaign)] if campaign else read.records(asked)
    told = _by_officers(read, [one.id for one in found])
    return [(one, told[one.id]) for one in found]


RUNNING, ENDED, EVERY = "running", "ended", "every"
#: the one that ends first on top of those under way
_SOONEST = (Campaign.ended_on.desc(), Campaign.end, Campaign.seq)
CAMPAIGNS = {RUNNING: N_("进行中"), ENDED: N_("已结束"), EVERY: N_("全部")}


@dataclass(frozen=True)
class CampaignRow:
    """One line of the list of campaigns."""

    id: UUID
    title: str
    theme: str | None
    start: date
    end: date
    leader: str
    progress: Progress
    ended: bool


def _campaigns(which: str) -> sa.ColumnElement[bool]:
    told: dict[str, sa.ColumnElement[bool]] = {RUNNING: Campaign.ended_on.is_(None), ENDED: Campaign.ended_on.is_not(None), EVERY: sa.true()}
    return sa.and_(Campaign.deleted.is_not(True), told[which])


@needs(PLAIN)
def count_campaigns(read: Reader) -> dict[str, int]:
    """How many campaigns each filter shows."""
    return {w: read.scalar(sa.select(sa.func.count()).select_from(Campaign).where(_campaigns(w))) for w in CAMPAIGNS}


@needs(PLAIN)
def list_campaigns(read: Reader, which: str = RUNNING, offset: int = 0, limit: int = 200) -> list[CampaignRow]:
    """A page of campaigns, the one that ends first on top of those under way."""
    found = read.records(sa.select(Campaign).where(_campaigns(which)).order_by(*_SOONEST).offset(offset).limit(limit))
    far = _by(read, sa.null(), [c.id for c in found])
    return [CampaignRow(c.id, c.title, c.theme, c.start, c.end, c.leader or "", far.get(c.id, {}).get(None, Progress()), c.ended_on is not None) for c in found]


@needs(PLAIN)
def count_late_targets(read: Reader) -> int:
    """Targets of all campaigns under way whose day is past."""
    asked = sa.select(sa.func.count()).select_from(Target).join(Campaign, Campaign.id == Target.campaign)
    return int(read.scalar(asked.where(Target.deleted.is_not(True), _campaigns(RUNNING), _standing(read.today) == LATE)))


@dataclass(frozen=True)
class TargetRow:
    """One target of a campaign with where it stands."""

    id: UUID
    house: UUID | None
    site: UUID | None
    name: str
    place: str
    grid: str
    officer: str
    due_on: date | None
    standing: str
    excused: str


@needs(LOOK)
def targets(read: Reader, which: str = OPEN, offset: int = 0, limit: int = 200, *, campaign: UUID) -> list[TargetRow]:
    """A page of a campaign's targets by place; OPEN has the late ones too."""
    standing = _standing(read.today)
    wanted = {ALL: sa.true(), OPEN: standing.in_([OPEN, LATE])}.get(which, standing == which)
    return _rows(read, sa.and_(*_targets([campaign]), wanted), offset, limit)


def _rows(read: Reader, wanted: sa.ColumnElement[bool], offset: int = 0, limit: int = 200) -> list[TargetRow]:
    asked = (sa.select(Target, House.house_no, House.address, Site.name, Site.address.label("at"), Grid.name.label("grid"), Officer.name.label("who"),
                       _standing(read.today).label("standing"))
             .join(Campaign, Campaign.id == Target.campaign).outerjoin(House, House.id == Target.house).outerjoin(Site, Site.id == Target.site)
             .outerjoin(Grid, Grid.id == sa.func.coalesce(House.grid, Site.grid)).outerjoin(Officer, Officer.id == Target.officer)
             .where(wanted).order_by(sa.func.coalesce(House.address, Site.address), Target.seq).offset(offset).limit(limit))
    return [TargetRow(t.id, t.house, t.site, number or name or "", address or at or "", grid or "", who or "", t.due_on, where, t.excused or "")
            for t, number, address, name, at, grid, who, where in read.rows(asked)]


@dataclass(frozen=True)
class CampaignCard:
    """A campaign, how far it is as a whole, by grid and by officer; the record is detached."""

    record: Campaign
    progress: Progress
    grids: tuple[tuple[str, Progress], ...]
    officers: tuple[tuple[str, Progress], ...]
    open: tuple[TargetRow, ...]


@needs(LOOK)
def campaign_card(read: Reader, campaign: UUID) -> CampaignCard:
    """Everything about one campaign, its first open targets among it. Raises Gone."""
    record = read.get(Campaign, campaign)
    return CampaignCard(record, progress(read, campaign), tuple(by_grid(read, campaign)), tuple(by_officer(read, campaign)),
                        tuple(targets(read, OPEN, 0, 50, campaign=campaign)))


@needs(PLAIN)
def count_targets(read: Reader, *, campaign: UUID) -> dict[str, int]:
    """How many targets of a campaign each filter shows."""
    far = progress(read, campaign)
    return {OPEN: far.open + far.late, LATE: far.late, DONE: far.done, EXCUSED: far.excused, ALL: far.total}


@dataclass(frozen=True)
class TargetCard:
    """One target with the campaign it is of; the record is detached."""

    record: Target
    row: TargetRow
    campaign: Campaign


@needs(LOOK)
def target_card(read: Reader, target: UUID) -> TargetCard:
    """Everything about one target. Raises Gone."""
    record = read.get(Target, target)
    return TargetCard(record, _rows(read, Target.id == target)[0], read.get(Campaign, record.campaign))
