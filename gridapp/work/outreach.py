"""Outreach (宣传活动): a round of telling people, by 警格、网格、金融格 together; paper F17."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridapp.ledger import LOOK, PLAIN, REGISTER, Acting, Reader, needs, verb
from gridapp.records import Campaign, Officer, Outreach
from gridapp.texts import N_


@verb(N_("登记宣传活动"), REGISTER)
def log_outreach(act: Acting, **values: Any) -> UUID:
    """Log a round of outreach. Raises Refused."""
    who = act.scalar(sa.select(Officer.name).where(Officer.number == act.officer, Officer.deleted.is_not(True)))
    return act.add(Outreach(**{"recorder": who} | values)).id


@verb(N_("修改宣传活动"), REGISTER)
def correct_outreach(act: Acting, outreach: UUID, *, seen: bytes | None = None, **values: Any) -> UUID:
    """Change what is said of it. Raises Gone, Refused, ChangedMeanwhile."""
    return act.change(act.get(Outreach, outreach), seen=seen, **values).id


# ---------------------------------------------------------------- questions

YEAR, ALL = "year", "all"
FILTERS = {YEAR: N_("今年"), ALL: N_("全部")}


@dataclass(frozen=True)
class OutreachRow:
    """One line of the list."""

    id: UUID
    day: date
    place: str
    topic: str | None
    people: str
    audience: int | None
    leaflets: int | None


def _wanted(read: Reader, which: str) -> sa.ColumnElement[bool]:
    this_year = Outreach.day >= read.today.replace(month=1, day=1) if which == YEAR else sa.true()
    return sa.and_(Outreach.deleted.is_not(True), this_year)


@needs(PLAIN)
def count_outreach(read: Reader) -> dict[str, int]:
    """How many each filter shows."""
    return {w: read.scalar(sa.select(sa.func.count()).select_from(Outreach).where(_wanted(read, w))) for w in FILTERS}


@needs(LOOK)
def list_outreach(read: Reader, which: str = YEAR, offset: int = 0, limit: int = 200) -> list[OutreachRow]:
    """A page, newest first."""
    found = read.records(sa.select(Outreach).where(_wanted(read, which)).order_by(Outreach.day.desc(), Outreach.seq.desc()).offset(offset).limit(limit))
    return [OutreachRow(o.id, o.day, o.place or "", o.topic, o.people or "", o.audience, o.leaflets) for o in found]


@dataclass(frozen=True)
class OutreachCard:
    """One round with the campaign it was part of; the record is detached."""

    record: Outreach
    campaign: str


@needs(LOOK)
def outreach_card(read: Reader, outreach: UUID) -> OutreachCard:
    """Everything about one round. Raises Gone."""
    record = read.get(Outreach, outreach)
    campaign = read.find(Campaign, record.campaign)
    return OutreachCard(record, campaign.title if campaign else "")
