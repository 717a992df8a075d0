"""Formal talks (约谈) and listings (挂牌整治): what set them off, what must be put right, the report, the acceptance; paper F19.

Frame: 浙江省社会治安综合治理条例 Art. 28-29 (those are acts of the county); a town's own listing of a village is local practice (domain.md 4.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.fields import codes
from gridapp.ledger import LOOK, PLAIN, REVIEW, Acting, Reader, needs, verb
from gridapp.records import BY_NAME, Listing, Step
from gridapp.texts import N_
from gridapp.work import meetings, steps
from gridapp.work.meetings import Line

EXAMPLE = "拆除楼道隔断｜张浩｜2026-12-31"
#: kinds of records a talk can be set off by
CAUSES = ("hazard", "event", "dispute", "point")


@verb(N_("登记约谈挂牌"), REVIEW)
def open_listing(act: Acting, **values: Any) -> UUID:
    """A talk or a listing is set off (考核、警情、隐患). Raises Refused, BadLine, BadDueDay."""
    meetings.lines_of(values.get("measures"), EXAMPLE)
    record = Listing(**{"day": act.today} | values)
    steps.begin(act, record, who=record.by)
    return record.id


@verb(N_("修改约谈挂牌"), REVIEW)
def correct_listing(act: Acting, listing: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change what is said of it; its state changes by the steps below. Raises Gone, Refused, ChangedMeanwhile, BadLine, BadDueDay."""
    meetings.lines_of(values.get("measures"), EXAMPLE)
    return act.change(act.get(Listing, listing), seen=seen, **values).id


@verb(N_("约谈"), REVIEW)
def hold_talk(act: Acting, listing: UUID, who: str, note: str, day: date | None = None) -> UUID:
    """The talk was held. Raises Gone, WrongState, WrongDay, Missing."""
    steps.refuse_missing("约谈", {"约谈人": who, "约谈内容": note})
    return _take(act, listing, "约谈", day=day, who=who, note=note, by=who)


@verb(N_("下达整改"), REVIEW)
def order_rectification(act: Acting, listing: UUID, problems: str, measures: str, due_on: date | None) -> UUID:
    """What must be put right, and by when. Raises Gone, WrongState, Missing, BadLine, BadDueDay, Refused."""
    steps.refuse_missing("下达整改", {"存在问题": problems, "整改措施": measures, "整改期限": due_on})
    meetings.lines_of(measures, EXAMPLE)
    return _take(act, listing, "下达", due_on, problems=problems, measures=measures)


@verb(N_("签收整改"), REVIEW)
def sign_rectification(act: Acting, listing: UUID, who: str) -> UUID:
    """The unit has received it. Raises Gone, WrongState, Missing."""
    steps.refuse_missing("签收", {"签收人": who})
    return _take(act, listing, "签收", who=who)


@verb(N_("报送整改报告"), REVIEW)
def report_rectification(act: Acting, listing: UUID, text: str) -> UUID:
    """The unit reports. Raises Gone, WrongState, Missing."""
    steps.refuse_missing("报送整改报告", {"整改报告": text})
    return _take(act, listing, "报送整改报告", report=text)


@verb(N_("验收整改"), REVIEW)
def accept_rectification(act: Acting, listing: UUID, passed: bool, who: str, verdict: str) -> UUID:
    """Looked at on the spot: 达标摘牌, or 升级挂牌; two steps in one act where the inspection was not yet noted.

    Raises Gone, WrongState, Missing.
    """
    steps.refuse_missing("验收", {"验收人": who, "验收意见": verdict})
    record = act.get(Listing, listing)
    if steps.state_of(record) == "反馈":
        steps.take(act, record, "组织验收", who=who)
    steps.take(act, record, "达标" if passed else "不达标", who=who, note=verdict, accepted_by=who, accepted_on=act.today, verdict=verdict)
    return record.id


@verb(N_("再整改"), REVIEW)
def rectify_again(act: Acting, listing: UUID, due_on: date | None) -> UUID:
    """Listed higher and put right once more. Raises Gone, WrongState, Missing, Refused."""
    steps.refuse_missing("再整改", {"整改期限": due_on})
    return _take(act, listing, "再整改", due_on, accepted_on=None)


def _take(act: Acting, listing: UUID, step: str, due_on: date | None = None, **told: Any) -> UUID:
    """A step; a new day by which it must be put right stands on the step and on the record."""
    record = act.get(Listing, listing)
    steps.take(act, record, step, due_on=due_on, **told)
    if due_on is not None:
        act.change(record, due_on=due_on)
    return record.id


# ---------------------------------------------------------------- questions

OPEN, LATE, SHUT, ALL = "open", "late", "shut", "all"
FILTERS = {OPEN: N_("整治中"), LATE: N_("已超期"), SHUT: N_("已达标"), ALL: N_("全部")}


@dataclass(frozen=True)
class ListingRow:
    """One line of the list."""

    id: UUID
    day: date
    kind: str
    unit: str
    reason: str
    state: str
    due_on: date | None


def _wanted(read: Reader, which: str) -> sa.ColumnElement[bool]:
    shut = Listing.state.in_(steps.ended(Listing))
    told: dict[str, sa.ColumnElement[bool]] = {OPEN: ~shut, LATE: sa.and_(~shut, Listing.due_on < read.today), SHUT: shut, ALL: sa.true()}
    return sa.and_(Listing.deleted.is_not(True), told[which])


@needs(PLAIN)
def count_listings(read: Reader) -> dict[str, int]:
    """How many each filter shows."""
    return {w: read.scalar(sa.select(sa.func.count()).select_from(Listing).where(_wanted(read, w))) for w in FILTERS}


@needs(LOOK)
def list_listings(read: Reader, which: str = OPEN, offset: int = 0, limit: int = 200) -> list[ListingRow]:
    """A page, the most pressing first."""
    asked = sa.select(Listing).where(_wanted(read, which)).order_by(Listing.due_on.is_(None), Listing.due_on, Listing.seq.desc()).offset(offset).limit(limit)
    return [ListingRow(r.id, r.day, codes.table("listing_kind").label(r.kind), r.unit, r.reason, steps.state_of(r), r.due_on) for r in read.records(asked)]


@dataclass(frozen=True)
class ListingCard:
    """One talk or listing with its story, its measures and what set it off ((kind of record, words); None: nothing named)."""

    record: Listing
    state: str
    story: tuple[Step, ...]
    measures: tuple[Line, ...]
    cause: tuple[str, str] | None


@needs(LOOK)
def listing_card(read: Reader, listing: UUID) -> ListingCard:
    """Everything about one. Raises Gone."""
    record = read.get(Listing, listing)
    found = ((name, read.find(BY_NAME[name], record.about)) for name in CAUSES) if record.about else ()
    cause = next(((name, one.label()) for name, one in found if one is not None), None)
    return ListingCard(record, steps.state_of(record), steps.story(read, listing), meetings.lines_of(record.measures, EXAMPLE), cause)
