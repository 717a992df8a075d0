"""How far campaigns are (专项进度): by target, grid, officer and village, counted anew each time from the inspections that were made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import LOOK, PLAIN, Reader, needs
from gridapp.ledger.writes import scope_names
from gridapp.records import Campaign, Grid, House, Inspection, Officer, Site, Target
from gridapp.texts import N_, _
from gridapp.work import figures


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


def _targets(*where: sa.ColumnElement[bool]) -> list[sa.ColumnElement[bool]]:
    return [Target.deleted.is_not(True), Campaign.deleted.is_not(True), *where]


#: where a target lies
_GRID = sa.func.coalesce(House.grid, Site.grid)


def _by(read: Reader, keys: Sequence[Any], *where: sa.ColumnElement[bool]) -> dict[tuple[Any, ...], Progress]:
    """How far the targets of each (key, …) are, in one question; of no keys: all together, under ()."""
    asked = sa.select(*(key.label(f"key{n}") for n, key in enumerate(keys)), _standing(read.today).label("standing")).select_from(Target).join(
        Campaign, Campaign.id == Target.campaign).where(*_targets(*where))
    if any(key is _GRID for key in keys):
        asked = asked.outerjoin(House, House.id == Target.house).outerjoin(Site, Site.id == Target.site)
    told = asked.subquery()
    found: dict[tuple[Any, ...], list[tuple[str, int]]] = {}
    for *of, standing, many in read.rows(sa.select(*told.c, sa.func.count().label("n")).group_by(*told.c)):
        found.setdefault(tuple(of), []).append((standing, many))
    return {of: _progress(counts) for of, counts in found.items()}


@needs(PLAIN)
def progress(read: Reader, campaign: UUID) -> Progress:
    """How far one campaign is."""
    return _by(read, (), Target.campaign == campaign).get((), Progress())


@needs(PLAIN)
def by_grid(read: Reader, campaign: UUID) -> list[tuple[str, Progress]]:
    """(grid, how far), in the order of the grids; what lies in no grid last."""
    found = {grid: told for (grid,), told in _by(read, (_GRID,), Target.campaign == campaign).items()}
    names = {g.id: g.name for g in read.records(sa.select(Grid).where(Grid.deleted.is_not(True)).order_by(Grid.seq))}
    return [*((name, found[grid]) for grid, name in names.items() if grid in found), *((_("未分网格"), one) for key, one in found.items() if key not in names)]


@needs(PLAIN)
def by_officer(read: Reader, campaign: UUID) -> list[tuple[str, Progress]]:
    """(name, how far); targets of nobody last."""
    return _by_officers(read, [campaign])[campaign]


def _by_officers(read: Reader, campaigns: Iterable[UUID]) -> dict[UUID, list[tuple[str, Progress]]]:
    """The same of several campaigns in two questions."""
    by_campaign = {one: dict[UUID | None, Progress]() for one in campaigns}
    for (campaign, who), told in _by(read, (Target.campaign, Target.officer), Target.campaign.in_(list(by_campaign))).items():
        by_campaign[campaign][who] = told
    whose = {who for by in by_campaign.values() for who in by if who}
    names = {o.id: o.name for o in read.records(sa.select(Officer).where(Officer.id.in_(whose)).order_by(Officer.seq))}
    return {campaign: _of_officers(by, names) for campaign, by in by_campaign.items()}


def _of_officers(found: Mapping[UUID | None, Progress], names: Mapping[UUID, str]) -> list[tuple[str, Progress]]:
    return [*((name, found[who]) for who, name in names.items() if who in found), *((_("未分派"), one) for key, one in found.items() if key not in names)]


@needs(LOOK)
def shares(read: Reader, campaign: UUID | None = None) -> list[tuple[Campaign, list[tuple[str, Progress]]]]:
    """(campaign, its shares by officer) of one, or of all under way in the order of their list; the records are detached. Raises Gone."""
    asked = sa.select(Campaign).where(_campaigns(RUNNING)).order_by(*_SOONEST)
    found = [read.get(Campaign, campaign)] if campaign else read.records(asked)
    told = _by_officers(read, [one.id for one in found])
    return [(one, told[one.id]) for one in found]


# ---------------------------------------------------------------- by village

@dataclass(frozen=True)
class Share:
    """How far one village ('v:…') is with a theme; `campaigns` is how many it has of it. Equals share a place."""

    id: str
    name: str
    place: int
    campaigns: int
    progress: Progress

    @property
    def begun(self) -> bool:
        """Whether it has anything to check; a village without targets is not done with all of them."""
        return self.progress.total > 0


def together(shares: Iterable[Share]) -> Progress:
    """How far several villages are as one."""
    told = [(one.progress.total, one.progress.done, one.progress.excused, one.progress.late, one.progress.open) for one in shares]
    return Progress(*(sum(column) for column in zip(*told, strict=True))) if told else Progress()


def _kin(read: Reader, campaign: UUID) -> sa.ColumnElement[bool]:
    """Campaigns of one theme (of one title where it has none) whose days overlap: what the villages of a town do together. Raises Gone."""
    told = read.get(Campaign, campaign)
    same = Campaign.theme == told.theme if told.theme else sa.and_(Campaign.theme.is_(None), Campaign.title == told.title)
    return sa.and_(same, Campaign.start <= told.end, Campaign.end >= told.start)


def _of(read: Reader, campaign: UUID, village: str) -> list[sa.ColumnElement[bool]]:
    """The targets of one campaign; with a village all of the theme there. Raises Gone."""
    if not village:
        return [Target.campaign == campaign]
    return [_kin(read, campaign), Target.scope.in_([no for no, name in scope_names(read).items() if name == village])]


@needs(PLAIN)
def by_village(read: Reader, campaign: UUID) -> list[Share]:
    """Every village that is looked at with how far it is in the theme of this campaign, the furthest first, whoever has not begun last.

    A village is counted as a whole, whatever grid its officer works in. Raises Gone.
    """
    kin, names = _kin(read, campaign), scope_names(read)
    with read.every_grid():
        far = {names.get(no, ""): told for (no,), told in _by(read, (Target.scope,), kin).items()}
    many = dict(read.rows(sa.select(Campaign.scope, sa.func.count()).where(Campaign.deleted.is_not(True), kin).group_by(Campaign.scope)))
    begun = {names.get(no, ""): int(count) for no, count in many.items()}
    shares = [far[village].per_cent if village in far else -1 for village in figures.villages(read)]
    found = [Share(village, name, 1 + sum(other > share for other in shares), begun.get(village, 0), far.get(village, Progress()))
             for (village, name), share in zip(figures.villages(read).items(), shares, strict=True)]
    return sorted(found, key=lambda one: (one.place, one.progress.late))


# ---------------------------------------------------------------- lists

RUNNING, ENDED, EVERY = "running", "ended", "every"
#: the one that ends first on top of those under way
_SOONEST = (Campaign.ended_on.desc(), Campaign.end, Campaign.seq)
CAMPAIGNS = {RUNNING: N_("进行中"), ENDED: N_("已结束"), EVERY: N_("全部")}


@dataclass(frozen=True)
class CampaignRow:
    """One line of the list of campaigns; `village` is the name of its scope."""

    id: UUID
    title: str
    theme: str | None
    start: date
    end: date
    leader: str
    progress: Progress
    ended: bool
    village: str = ""


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
    far, names = _by(read, (Target.campaign,), Target.campaign.in_([c.id for c in found])), scope_names(read)
    return [CampaignRow(c.id, c.title, c.theme, c.start, c.end, c.leader or "", far.get((c.id,), Progress()), c.ended_on is not None, names.get(c.scope, ""))
            for c in found]


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
def targets(read: Reader, which: str = OPEN, offset: int = 0, limit: int = 200, *, campaign: UUID, village: str = "") -> list[TargetRow]:
    """A page of a campaign's targets by place, or of all of its theme in one village; OPEN has the late ones too. Raises Gone."""
    standing = _standing(read.today)
    wanted = {ALL: sa.true(), OPEN: standing.in_([OPEN, LATE])}.get(which, standing == which)
    return _rows(read, sa.and_(*_targets(*_of(read, campaign, village)), wanted), offset, limit)


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
def count_targets(read: Reader, *, campaign: UUID, village: str = "") -> dict[str, int]:
    """How many targets of a campaign, or of its theme in one village, each filter shows. Raises Gone."""
    far = _by(read, (), *_of(read, campaign, village)).get((), Progress())
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
