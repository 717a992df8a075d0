"""Sites (场所): register one, correct it, close and reopen it; lists by class, grid and grade; a site with what was found there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.errors import Mistake
from gridapp.fields import codes, phones
from gridapp.ledger import LOOK, PLAIN, REGISTER, REVIEW, Acting, Reader, needs, verb
from gridapp.records import Grid, Hazard, Photo, Site
from gridapp.texts import N_, _
from gridapp.work import grades, inspected, ordering, steps, village
from gridapp.work.grades import GRADES, Graded, Standing
from gridapp.work.inspected import InspectionRow
from gridapp.work.masking import masked

#: the class whose houses need an appraisal before they are let (浙江省房屋使用安全管理条例 Art. 15(五))
SELF_BUILT = "自建房"
DANGEROUS = "D级"


class SiteThere(Mistake):
    """The same name at the same address, perhaps closed."""

    def __init__(self, name: str, address: str) -> None:
        super().__init__(_("“{0}”（{1}）已经登记过了。请打开已有的那一处；已注销的可以取消注销。").format(name, address))


@verb(N_("登记场所"), REGISTER)
def register_site(act: Acting, **values: Any) -> UUID:
    """Register a site. Raises SiteThere, Refused."""
    site = Site(**{"registered_on": act.today, "grid": village.own_grid(act)} | values)
    _refuse_twin(act, site.name, site.address)
    return act.add(site).id


@verb(N_("修改场所"), REGISTER)
def correct_site(act: Acting, site_id: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change fields of a site. Raises Gone, SiteThere, Refused, ChangedMeanwhile."""
    site = act.get(Site, site_id)
    if {"name", "address"} & values.keys():
        _refuse_twin(act, values.get("name", site.name), values.get("address", site.address), but=site_id)
    return act.change(site, seen=seen, **values).id


def _refuse_twin(act: Acting, name: str | None, address: str | None, but: UUID | None = None) -> None:
    with act.every_grid():
        twins = act.records(sa.select(Site).where(Site.name == name, Site.address == address, Site.deleted.is_not(True))) if name and address else []
    if any(twin.id != but for twin in twins):
        raise SiteThere(name or "", address or "")


@verb(N_("注销场所"), REVIEW)
def close_site(act: Acting, site_id: UUID, day: date, why: str, note: str | None = None) -> UUID:
    """Close (注销) a site that is no more; its open hazards stay until they are dealt with. Raises Gone, Refused."""
    return act.change(act.get(Site, site_id), closed_on=day, closed_why=why, closed_note=note).id


@verb(N_("取消注销场所"), REVIEW)
def reopen_site(act: Acting, site_id: UUID) -> UUID:
    """Take a closing back (取消注销). Raises Gone."""
    return act.change(act.get(Site, site_id), closed_on=None, closed_why=None, closed_note=None).id


# ---------------------------------------------------------------- questions

@dataclass(frozen=True)
class SiteRow:
    """One line of the list of sites; `mark` is what the appraisal says against it, '' for nothing."""

    id: UUID
    kind: str
    name: str
    address: str
    keeper: str
    phone: str
    grade: str
    last: date | None
    next: date
    mark: str
    closed: bool


OPEN, RED, YELLOW, DUE, FOCUS, MARKED, CLOSED, ALL = "open", "red", "yellow", "due", "focus", "marked", "closed", "all"
FILTERS = {OPEN: N_("在用"), RED: N_("红"), YELLOW: N_("黄"), DUE: N_("该走访"), FOCUS: N_("两房一店"), MARKED: N_("房屋鉴定"), CLOSED: N_("已注销"),
           ALL: N_("全部")}


def _unappraised() -> sa.ColumnElement[bool]:
    return sa.and_(Site.kind == codes.table("site_class").find(SELF_BUILT), Site.let.is_(True), Site.appraisal.is_(None))


def _marked() -> sa.ColumnElement[bool]:
    return sa.or_(Site.appraisal == codes.table("appraisal").find(DANGEROUS), _unappraised())


def _how_marked() -> sa.ColumnElement[int]:
    """The place of `mark_of`, the gravest last."""
    return sa.case((sa.and_(_marked(), ~_unappraised(), Site.let.is_(True)), 3), (sa.and_(_marked(), ~_unappraised()), 2), (_marked(), 1), else_=0)


def mark_of(site: Any) -> str:
    """What its appraisal says against a site: a dangerous house, or a self-built one let without an appraisal (Art. 15(五), 33); '' for nothing."""
    if site.appraisal is not None and site.appraisal == codes.table("appraisal").find(DANGEROUS):
        return _("D级危房出租") if site.let else _("D级危房")
    if site.appraisal is None and site.let and site.kind == codes.table("site_class").find(SELF_BUILT):
        return _("出租未鉴定")
    return ""


#: filters that ask for the grade
_BY_GRADE = (RED, YELLOW, DUE)


def _conditions(which: str) -> sa.ColumnElement[bool]:
    is_open = Site.closed_on.is_(None)
    conditions: dict[str, sa.ColumnElement[bool]] = {
        OPEN: is_open, FOCUS: sa.and_(is_open, Site.kind.in_(grades.focus_kinds())), MARKED: sa.and_(is_open, _marked()), CLOSED: Site.closed_on.is_not(None),
        ALL: sa.true()}
    return conditions[which]


def _by_grade(told: Graded, which: str, today: date) -> sa.ColumnElement[bool]:
    return told.due(today) if which == DUE else told.rank == GRADES.index(which)


def _narrowed(kind: str | None, grid: UUID | None) -> list[sa.ColumnElement[bool]]:
    return [Site.deleted.is_not(True), *([Site.kind == kind] if kind else []), *([Site.grid == grid] if grid else [])]


@needs(PLAIN)
def count_sites(read: Reader, kind: str | None = None, grid: UUID | None = None) -> dict[str, int]:
    """How many sites each filter shows, of one class and grid or of all."""
    def counted(conditions: dict[str, sa.ColumnElement[bool]], asked: sa.Select[*tuple[Any, ...]]) -> dict[str, int]:
        [row] = read.rows(asked.with_only_columns(*[sa.func.coalesce(sa.func.sum(sa.case((c, 1), else_=0)), 0) for c in conditions.values()],
                                                  maintain_column_froms=True))
        return dict(zip(conditions, map(int, row), strict=True))

    narrowed, told = _narrowed(kind, grid), grades.graded(Site, *_narrowed(kind, grid))
    plain = counted({w: _conditions(w) for w in FILTERS if w not in _BY_GRADE}, sa.select(Site.seq).where(*narrowed))
    by_grade = counted({w: _by_grade(told, w, read.today) for w in _BY_GRADE}, sa.select(told.rows.c.id))
    return {w: (plain | by_grade)[w] for w in FILTERS}


#: what the list is sorted by
KEYS: ordering.Keys = {"name": (Site.name,), "kind": (ordering.by_code("site_class", Site.kind),), "address": (Site.address,), "grade": (partial(grades.rank, Site),), "last": (grades.last_visit(Site),),
                       "mark": (Site.closed_on.is_not(None), partial(_how_marked))}


def _order(sort: str) -> list[Any]:
    return ordering.order(sort, KEYS, (Site.kind, Site.name, Site.seq), Site.seq)


def _wanted(read: Reader, which: str, kind: str | None, grid: UUID | None) -> list[sa.ColumnElement[bool]]:
    narrowed = _narrowed(kind, grid)
    if which not in _BY_GRADE:
        return [*narrowed, _conditions(which)]
    told = grades.graded(Site, *narrowed)
    return [*narrowed, Site.id.in_(sa.select(told.rows.c.id).where(_by_grade(told, which, read.today)))]


@needs(LOOK)
def list_sites(read: Reader, which: str = OPEN, offset: int = 0, limit: int = 200, kind: str | None = None, grid: UUID | None = None,
               sort: str = "", seqs: Sequence[int] | None = None) -> list[SiteRow]:
    """A page of sites by class and name, or sorted; `seqs` are the row numbers of a page far down."""
    asked = sa.select(Site, grades.rank(Site), grades.last_visit(Site), Site.seq).where(*_wanted(read, which, kind, grid))
    rows = ordering.page(asked, read, Site.seq, _order(sort), offset, limit, seqs, apart=True)
    return [SiteRow(s.id, s.kind, s.name, s.address, s.keeper or "", phones.mask(s.phone or ""), GRADES[number], last,
                    grades.next_visit(GRADES[number], last, read.today), mark_of(s), s.closed_on is not None) for s, number, last, _seq in rows]


@needs(LOOK)
def arrange_sites(read: Reader, which: str = OPEN, sort: str = "", kind: str | None = None, grid: UUID | None = None) -> str:
    """How the whole list stands (see ordering.arranged)."""
    return ordering.arranged(sa.select(Site).where(*_wanted(read, which, kind, grid)), read, Site.seq, _order(sort))


@dataclass(frozen=True)
class OpenHazard:
    """A hazard of the place that is not closed."""

    id: UUID
    found_on: date
    content: str
    degree: str | None
    state: str
    due_on: date | None


@dataclass(frozen=True)
class SiteCard:
    """A site with how it stands, its open hazards, its newest inspections and how many photos there are; `record` is a copy with numbers masked."""

    record: Site
    standing: Standing
    hazards: tuple[OpenHazard, ...]
    inspections: tuple[InspectionRow, ...]
    photos: int
    grid: str


@needs(LOOK)
def site_card(read: Reader, site_id: UUID) -> SiteCard:
    """Everything about one site. Raises Gone."""
    site = read.get(Site, site_id)
    read.opened(site)
    open_ones = tuple(open_hazards(read, Hazard.site == site_id))
    photos = read.scalar(sa.select(sa.func.count()).select_from(Photo).where(Photo.of == site_id, Photo.deleted.is_not(True)))
    grid = read.find(Grid, site.grid)
    return SiteCard(masked(site), grades.standing(read, Site, site_id), open_ones, tuple(inspected.inspections_at(read, site=site_id)), photos,
                    grid.name if grid else "")


@needs(LOOK)
def open_hazards(read: Reader, where: sa.ColumnElement[bool]) -> list[OpenHazard]:
    """Hazards at a place that are not closed, the gravest and oldest first."""
    degree = codes.table("hazard_degree").find
    asked = (sa.select(Hazard.id, Hazard.found_on, Hazard.content, Hazard.degree, Hazard.state, Hazard.due_on)
             .where(where, Hazard.deleted.is_not(True), Hazard.state.not_in(steps.ended(Hazard)))
             .order_by(sa.case((Hazard.degree == degree("严重"), 0), (Hazard.degree == degree("一般"), 1), else_=2), Hazard.due_on.is_(None),
                       Hazard.due_on, Hazard.seq))
    return [OpenHazard(*row) for row in read.rows(asked)]


@needs(LOOK)
def sites_matching(read: Reader, text: str, limit: int = 20) -> list[tuple[UUID, str]]:
    """(site id, 'name address') for the picker: parts of name or address."""
    words = [sa.or_(Site.name.icontains(w, autoescape=True), Site.address.icontains(w, autoescape=True)) for w in text.split()]
    asked = (sa.select(Site.id, Site.name, Site.address).where(sa.true(), *words, Site.deleted.is_not(True), Site.closed_on.is_(None))
             .order_by(Site.name, Site.seq).limit(limit))
    return [(s.id, f"{s.name} {s.address}") for s in read.rows(asked)]
