"""Numbers of notices (文号) where several PCs of a village give them out: blocks leased by the town, so that none is given twice.

A PC alone numbers on as it always did. One whose block is used up far from any network gives a provisional number (临…) and the final one
later. What stands on paper already given out is never changed by itself: two equal numbers are a task for somebody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from gridapp.errors import Mistake
from gridapp.ledger import HAND, LOOK, MANAGE, PLAIN, REVIEW, Acting, Reader, needs, verb
from gridapp.ledger.tables import SCOPE
from gridapp.ledger.writes import author, graph_of, scope_names, scope_no, scope_of
from gridapp.records import Hazard, Lease, Station, Village
from gridapp.records import stations as levels
from gridapp.texts import N_, _
from gridapp.work import notices, steps
from gridapp.work.notices import Numbered

#: how many numbers a lease has; a village serves some dozen notices a year
BLOCK = 50
#: from this month on the next year's first blocks are given out too
AHEAD = 12
_NUMBER = re.compile(r"第(\d{3,6})号")


class NotDoubled(Mistake):
    """The number is this hazard's own."""

    def __init__(self) -> None:
        super().__init__(_("这份通知书的文号没有和别的重复，不用更换。请刷新后再看。"))


def head(issuer: str, year: int) -> str:
    """'古青后叶隐改〔2026〕': what all numbers of a village and year begin with."""
    return f"{issuer}隐改〔{year}〕"


def final(issuer: str, year: int, number: int) -> str:
    """'古青后叶隐改〔2026〕第001号' (domain.md 4.6)."""
    return f"{head(issuer, year)}第{number:03d}号"


def series(scope: str, year: int) -> str:
    """What a lease is for."""
    return f"notice {scope} {year}"


# ---------------------------------------------------------------- giving a number out

@needs(PLAIN)
def next_notice_no(read: Reader) -> str:
    """The lowest number this station may give out and nobody has, else a provisional one.

    The lowest, not the one after the highest: an undo may free a number in the middle, and the row has no gaps.
    """
    return _next(read, read.today.year) or _provisional(read, read.today.year)


def _next(read: Reader, year: int) -> str | None:
    issuer, used = _issuer(read, scope_no(read)), _used(read, scope_no(read), year)
    free = (n for n in _own_numbers(read, year) if n not in used)
    number = next(free, None)
    return None if number is None else final(issuer, year, number)


def _own_numbers(read: Reader, year: int) -> Iterator[int]:
    """What this station may give out, in order: its leases, or all there are where it is alone or the town leases none."""
    scope, device = scope_of(read), author(read).hex()
    given = leases(read, series(scope, year))
    if not given and (len(_stations(read, scope)) < 2 or not leases(read, series(scope, 0)[:-1])):
        yield from count(1)
    for lease in given:
        if lease.device == device:
            yield from (n for n in range(lease.lo, lease.hi + 1) if _first_given(given, n) is lease)


def _first_given(given: list[Lease], number: int) -> Lease:
    """Two town PCs may lease the same number: it belongs to the older lease, everywhere."""
    return min((g for g in given if g.lo <= number <= g.hi), key=lambda g: g.id)


def _provisional(read: Reader, year: int) -> str:
    """'古青后叶隐改〔2026〕临2-01号': the number of the station's certificate keeps those of two PCs apart."""
    start = f"{head(_issuer(read, scope_no(read)), year)}{_mark(read)}"
    used = {r.notice_no for r in read.rows(sa.select(Hazard.notice_no).where(Hazard.notice_no.startswith(start, autoescape=True)))}
    return next(number for n in count(1) if (number := f"{start}{n:02d}号") not in used)


@needs(PLAIN)
def next_case_no(read: Reader, column: InstrumentedAttribute[str | None], word: str) -> str:
    """'古青后叶调〔2026〕第001号' for what is no notice: the lowest of the year nobody has, withdrawn ones too; several PCs of a village have a row each ('第2-001号').

    `column` holds the numbers given out, `word` says of what they are (调, 事, 访 …).
    """
    scope, device = scope_no(read), author(read).hex()
    several = _stations(read, scope_of(read))
    own = next((f"{s.serial}-" for s in several if s.device == device), f"{device[:4].upper()}-") if len(several) > 1 else ""
    start = f"{_issuer(read, scope)}{word}〔{read.today.year}〕第{own}"
    entity = column.class_
    used = {row[0] for row in read.rows(sa.select(column).where(entity.scope == scope, column.startswith(start, autoescape=True)))}
    return next(number for n in count(1) if (number := f"{start}{n:03d}号") not in used)


def _mark(read: Reader) -> str:
    device = author(read).hex()
    serial = next((s.serial for s in _stations(read, scope_of(read)) if s.device == device), None)
    return f"临{serial or device[:4].upper()}-"


def _issuer(read: Reader, scope: int) -> str:
    village = read.one(sa.select(Village).where(Village.deleted.is_not(True), Village.scope == scope))
    return (village.issuer or village.name) if village else ""


def _used(read: Reader, scope: int, year: int) -> set[int]:
    """Numbers of a village, issuer and year that stand on a notice, withdrawn ones too."""
    start = f"{head(_issuer(read, scope), year)}第"
    asked = sa.select(Hazard.notice_no).where(Hazard.scope == scope, Hazard.notice_no.startswith(start, autoescape=True))
    found = (_NUMBER.fullmatch(r.notice_no, len(start) - 1) for r in read.rows(asked))
    return {int(number[1]) for number in found if number}


def _configured(entity: type[Lease] | type[Station]) -> sa.ColumnElement[bool]:
    """Of the configuration only: a village could write such a record into its own register."""
    return sa.and_(entity.deleted.is_not(True), entity.scope.in_(sa.select(SCOPE.c.no).where(SCOPE.c.name.startswith("c:"))))


@needs(PLAIN)
def leases(read: Reader, beginning: str) -> list[Lease]:
    """What the town has leased of the series that begin so, the oldest first."""
    asked = sa.select(Lease).where(_configured(Lease), Lease.series.startswith(beginning, autoescape=True))
    return read.records(asked.order_by(Lease.lo, Lease.id))


def _stations(read: Reader, scope: str) -> list[Station]:
    """PCs in use that write in a village's register, by certificate."""
    asked = sa.select(Station).where(_configured(Station), Station.state == levels.ACTIVE, Station.role == levels.VILLAGE)
    return [s for s in read.records(asked.order_by(Station.serial, Station.id)) if scope in (s.scopes or "").split()]


# ---------------------------------------------------------------- leasing (the town, in its configuration)

@verb(N_("发放文号段"), MANAGE)
def lease_numbers(act: Acting, scope: str, device: bytes, year: int | None = None, size: int = BLOCK) -> UUID:
    """Give a station the next block of a village's numbers, after all that were given or used. Raises Refused."""
    year = year or act.today.year
    number = next((no for no, name in scope_names(act).items() if name == scope), -1)
    given = [lease.hi for lease in leases(act, series(scope, year))]
    lo = max([0, *given, *_used(act, number, year)]) + 1
    return act.add(Lease(series=series(scope, year), lo=lo, hi=lo + size - 1, device=device.hex())).id


@verb(N_("续发文号段"), HAND)
def renew_leases(act: Acting) -> list[UUID]:
    """Give every PC of villages with several a new block when half of its last one is used; next year's from December on.

    The PC certified first gets the first block, which begins where its own numbers ended. Done again it gives nothing.
    """
    years = [act.today.year] + ([act.today.year + 1] if act.today.month >= AHEAD else [])
    names, given = {name: no for no, name in scope_names(act).items() if name.startswith("v:")}, list[UUID]()
    for scope in sorted(names):
        stations = _stations(act, scope)
        for year in years if len(stations) > 1 else ():
            for station in stations:
                if station.device and _left(act, scope, names[scope], year, station.device) * 2 < BLOCK:
                    given.append(lease_numbers(act, scope, bytes.fromhex(station.device), year))
    return given


def _left(read: Reader, scope: str, number: int, year: int, device: str) -> int:
    used = _used(read, number, year)
    return sum(n not in used for lease in leases(read, series(scope, year)) if lease.device == device for n in range(lease.lo, lease.hi + 1))


# ---------------------------------------------------------------- what is to be put right

@dataclass(frozen=True)
class Renumbered:
    """A notice that got another number: the paper given out bears the old one and must be told or exchanged."""

    hazard: UUID
    label: str
    old: str
    new: str


def _give(act: Acting, notice: list[Hazard], new: str) -> Renumbered:
    """All hazards of a notice bear the new number, and their stories say so."""
    first, old = notice[0], notice[0].notice_no or ""
    for hazard in notice:
        act.change(hazard, notice_no=new)
        if steps.possible(hazard):
            steps.note(act, hazard, _("更换文号"), number=new, note=_("原文号 {0}").format(old))
    return Renumbered(first.id, first.label(), old, new)


@verb(N_("补编正式文号"), REVIEW)
def number_finally(act: Acting) -> list[Renumbered]:
    """Give this station's provisional numbers their final ones, as far as there are numbers again; returns which."""
    done = []
    for first in _provisional_ones(act):
        new = _final_for(act, first.notice_no or "")
        if new is not None:
            done.append(_give(act, notices.notice_of(act, first), new))
    return done


def _provisional_ones(read: Reader) -> list[Hazard]:
    """The first hazard of each notice of this station that bears a provisional number, in their order."""
    told = notices.numbered(read, sa.and_(Hazard.scope == scope_no(read), Hazard.notice_no.contains(f"〕{_mark(read)}", autoescape=True)))
    firsts = {one.notice: one.id for one in reversed(told)}
    return read.records(sa.select(Hazard).where(Hazard.scope == scope_no(read), Hazard.id.in_(firsts.values())).order_by(Hazard.notice_no, Hazard.seq))


def _final_for(read: Reader, old: str) -> str | None:
    year = re.search(r"〔(\d{4})〕", old)
    return _next(read, int(year[1])) if year else None


@dataclass(frozen=True)
class Provisional:
    """A notice of this station that waits for its final number; `ready`: the town has leased some again."""

    hazard: UUID
    label: str
    number: str
    ready: bool


@needs(LOOK)
def provisional(read: Reader) -> list[Provisional]:
    """What `number_finally` is for, whether it can be done already or not."""
    return [Provisional(h.id, h.label(), h.notice_no or "", _final_for(read, h.notice_no or "") is not None) for h in _provisional_ones(read)]


@dataclass(frozen=True)
class Doubled:
    """One number on several notices, each by its first hazard: the one numbered first keeps it, the others are a task each."""

    number: str
    keeps: tuple[UUID, str]
    others: tuple[tuple[UUID, str], ...]


@needs(LOOK)
def doubled(read: Reader) -> list[Doubled]:
    """Numbers given twice: by a restored or cloned PC, or before two PCs of a village knew of each other. Hazards of one notice share theirs."""
    where = sa.and_(Hazard.deleted.is_not(True), Hazard.notice_no.is_not(None))
    twice = sa.select(Hazard.notice_no).where(where).group_by(Hazard.scope, Hazard.notice_no).having(sa.func.count() > 1)
    found_twice = dict[tuple[int, str], dict[tuple[int, str, int, int], Numbered]]()
    for one in notices.numbered(read, Hazard.notice_no.in_(twice)):
        found_twice.setdefault((one.scope, one.number), {}).setdefault(one.notice, one)
    graph, told = graph_of(read), list[Doubled]()
    for (_scope, number), found in found_twice.items():
        first, *rest = sorted(found.values(), key=lambda one: graph.rank(one.stamp))
        if rest:
            told.append(Doubled(number, _named(read, first), tuple(_named(read, one) for one in rest)))
    return told


def _named(read: Reader, one: Numbered) -> tuple[UUID, str]:
    content: str | None = read.scalar(sa.select(Hazard.content).where(Hazard.id == one.id, Hazard.scope == one.scope))
    return one.id, content or ""


@verb(N_("更换重复的文号"), REVIEW)
def renumber(act: Acting, hazard_id: UUID) -> Renumbered:
    """Give a notice whose number another one keeps a number of its own. Raises Gone, NotDoubled."""
    hazard = act.get(Hazard, hazard_id)
    notice = notices.notice_of(act, hazard)
    away = {other for told in doubled(act) for other, _label in told.others}
    if away.isdisjoint(h.id for h in notice):
        raise NotDoubled
    return _give(act, notice, next_notice_no(act))
